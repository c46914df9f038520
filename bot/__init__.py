"""Glavnoe: the most important news on your topics, once.

The journey of an article, from a newspaper to a phone:

    collect:  sources.due | web.fetch | parsing.feed | unknown only: web.fetch | parsing.page (pool) | stories.assign
              | topics.label | importance.score | summaries.write | one commit: article, story, topics, dispatches
    deliver:  expand dispatches (INSERT … SELECT, chunks) | claim | outbox.decide | telegram.send | settle
    converse: update | handler | use case | reply   (acknowledged after it is committed)

`journey` turns the collect wheel, `delivery` the deliver one; the stages they run are pure functions of values.
`handlers` hold the conversation, `storage` what is remembered, `app` puts it all together.
"""
