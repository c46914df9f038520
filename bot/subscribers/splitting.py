"""The publisher takes an article out of a story that it doesn't belong to."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot import language, topics
from bot.model import Evidence, Part, Topic
from bot.subscribers.use_cases import Publisher


async def split(publisher: Publisher, story_id: int, article_id: int, now: datetime) -> bool:
    """Let the article have a story of its own, of those of the story's topics that are its own, too.

    False if it isn't one that can be taken out: it has gone meanwhile, or the story is told in its words.
    """
    parts = await publisher.store.parts(story_id)
    for part in parts.articles if parts else ():
        if parts is not None and part.article.id == article_id and not part.tells:
            evidence = await asyncio.to_thread(_evidence, part, parts.topics)
            return await publisher.store.split(article_id, evidence, now) is not None
    return False


def _evidence(part: Part, of_story: tuple[Topic, ...]) -> tuple[Evidence, ...]:
    """What the article alone says of the story's topics: the others are other articles'."""
    document = language.analyse(part.article, part.source)
    built_in = topics.label(document, {topic.slug: topic.id for topic in of_story if topic.slug is not None})
    own = topics.Matcher()
    for topic in of_story:
        if topic.query is not None:
            own.add(topic.id, topics.parse(topic.query))
    return built_in + own.label(document)
