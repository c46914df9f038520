"""The publisher takes an article out of a story: it's one of its own, told when there is more, and stays apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.model import Evidence, Importance, Level, NotificationState, Reason, Topic
from tests.contracts.conftest import NOON

HOUR = timedelta(hours=1)
MISSING = 10**9


async def story_of_two(newsroom: Any, *topics: str, **options: Any) -> tuple[int, int]:
    """A story, and the id of its second article."""
    story = await newsroom.publish("1", *topics, **options)
    second = await newsroom.store.publish(newsroom.publication("2", *topics or ("main",), story=story), NOON)
    return story, second.id


def evidence(newsroom: Any, *slugs: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(newsroom.topics[slug], 1.0, (Reason("word", {"word": slug}),)) for slug in slugs)


async def split(newsroom: Any, article_id: int, *slugs: str) -> Any:
    return await newsroom.store.split(article_id, evidence(newsroom, *slugs or ("main",)), NOON)


async def test_parts_are_the_articles_that_stand_and_the_topics(newsroom: Any) -> None:
    tass = await newsroom.second_source()
    own = await newsroom.store.topic(Topic(query="женева"))
    story = await newsroom.publish("1", "main", "syria")
    await newsroom.publish("2", story=story, source_id=tass.id, text="Тело")
    await newsroom.store.label({story: Evidence(own.id, 1.0)}, NOON)

    parts = await newsroom.store.parts(story)

    assert [(part.article.key, part.source, part.tells) for part in parts.articles] == [
        ("1", "Труд", True),
        ("2", "ТАСС", False),
    ]
    assert parts.articles[1].article.text == "Тело"
    assert {topic.slug or topic.query for topic in parts.topics} == {"main", "syria", "женева"}
    assert await newsroom.store.parts(MISSING) is None
    await newsroom.store.withdraw(story, NOON)
    assert await newsroom.store.parts(story) is None


async def test_an_article_taken_out_has_a_story_of_its_own(newsroom: Any) -> None:
    story, article = await story_of_two(newsroom, "main", "syria")

    own = await split(newsroom, article, "syria")

    assert [part.article.key for part in (await newsroom.store.parts(story)).articles] == ["1"]
    (part,) = (await newsroom.store.parts(own)).articles
    assert (part.article.id, part.tells) == (article, True)
    syria = await newsroom.store.latest([newsroom.topics["syria"]], 10)
    assert [told.id for told in syria] == [own, story]
    assert [told.id for told in await newsroom.store.latest([newsroom.topics["main"]], 10)] == [story]
    assert await newsroom.publish("3", story=own) == own


async def test_the_article_that_tells_the_story_stays_and_so_does_what_is_not_there(newsroom: Any) -> None:
    story, article = await story_of_two(newsroom)
    (first, _) = (await newsroom.store.parts(story)).articles

    assert await split(newsroom, first.article.id) is None
    assert await split(newsroom, MISSING) is None
    own = await split(newsroom, article)
    assert await split(newsroom, article) is None
    assert own is not None


async def test_nobody_is_told_because_of_a_split(newsroom: Any) -> None:
    told, untold = await newsroom.reader(), await newsroom.reader(0, "main", level=Level.BREAKING)
    story, article = await story_of_two(newsroom)
    await newsroom.send_all()

    own = await split(newsroom, article)
    await newsroom.store.rescore(own, Importance(score=99, level=Level.BREAKING, because=()), NOON)

    assert await newsroom.store.open_dispatches(10) == ()
    assert await newsroom.told(story, told) == NotificationState.SENT
    assert await newsroom.told(own, told) is await newsroom.told(own, untold) is None


async def test_what_joins_it_later_is_news_again(newsroom: Any) -> None:
    reader = await newsroom.reader()
    story, article = await story_of_two(newsroom)
    await newsroom.send_all()
    own = await split(newsroom, article)

    await newsroom.publish("3", story=own, silent=True)
    assert await newsroom.store.open_dispatches(10) == ()
    await newsroom.publish("4", story=own, level=Level.NOTABLE)
    await newsroom.expand()

    assert await newsroom.told(own, reader) == NotificationState.DUE
    assert await newsroom.told(story, reader) == NotificationState.SENT
    await newsroom.store.rescore(own, Importance(score=99, level=Level.BREAKING, because=()), NOON)
    assert [dispatch.level for dispatch in await newsroom.store.open_dispatches(10)] == [Level.BREAKING]


async def test_collect_learns_of_every_split_once_and_of_all_after_a_restart(newsroom: Any) -> None:
    story, article = await story_of_two(newsroom)
    assert await newsroom.store.splits_since(0) == ()
    own = await split(newsroom, article)

    (made,) = await newsroom.store.splits_since(0)

    assert (made.article_id, made.story_id, made.from_story_id) == (article, own, story)
    assert await newsroom.store.splits_since(made.number) == ()


async def test_they_never_become_one_again_not_even_by_way_of_others(newsroom: Any) -> None:
    story, article = await story_of_two(newsroom)
    other = await newsroom.publish("3")
    own = await split(newsroom, article)

    for number, merges in enumerate(((own,), (other,), (own,))):
        joining = newsroom.publication(f"joins {number}", story=story)
        await newsroom.store.publish(replace(joining, merges=merges), NOON)

    assert await newsroom.store.merged_into([story, other, own]) == {other: story}
    third = await newsroom.publish("4")
    joining = newsroom.publication("joins own", story=own)
    await newsroom.store.publish(replace(joining, merges=(third,)), NOON)
    for kept, absorbed in ((story, third), (story, own)):
        joining = newsroom.publication(f"joins {absorbed} at last", story=kept)
        await newsroom.store.publish(replace(joining, merges=(absorbed,)), NOON)
    assert await newsroom.store.merged_into([story, other, own, third]) == {other: story, third: own}
    (made,) = await newsroom.store.splits_since(0)
    assert (made.story_id, made.from_story_id) == (own, story)


async def test_a_part_of_a_merged_story_can_be_taken_out_by_its_old_id(newsroom: Any) -> None:
    kept, absorbed = await newsroom.publish("1"), await newsroom.publish("2")
    await newsroom.store.publish(replace(newsroom.publication("3", story=kept), merges=(absorbed,)), NOON)

    parts = await newsroom.store.parts(absorbed)
    assert [part.article.key for part in parts.articles] == ["1", "2", "3"]
    own = await split(newsroom, parts.articles[1].article.id)

    assert own not in {kept, absorbed}
    (made,) = await newsroom.store.splits_since(0)
    assert made.from_story_id == kept


async def test_a_split_goes_with_its_stories(newsroom: Any) -> None:
    _, article = await story_of_two(newsroom)
    await split(newsroom, article)

    while await newsroom.store.tidy(NOON + timedelta(days=91), 1000):
        pass

    assert await newsroom.store.splits_since(0) == ()
    assert await newsroom.store.archive(NOON - HOUR, 10) == ()
