"""Retention: what goes and when, what stays, and that nothing is told again for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.model import Evidence, Importance, Level, NotificationState, Topic
from storage import Store
from storage.schema import metadata

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENT, HELD, DUE = NotificationState.SENT, NotificationState.HELD, NotificationState.DUE


async def count(store: Store, table: str) -> int:
    async with store.read() as connection:
        found: int = (await connection.execute(select(func.count()).select_from(metadata.tables[table]))).scalar_one()
        return found


async def tidy_up(store: Store, now: datetime, limit: int = 100) -> int:
    deleted = 0
    while step := await store.tidy(now, limit):
        deleted += step
    return deleted


async def told_story(newsroom: Any, *topics: str, **options: Any) -> int:
    story: int = await newsroom.publish(None, *(topics or ("main",)), **options)
    await newsroom.send_all()
    return story


async def test_what_was_settled_goes_after_thirty_days_and_not_before(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    story = await told_story(newsroom)

    assert await tidy_up(store, NOON + 30 * DAY) == 0
    assert await newsroom.told(story, reader) == SENT
    assert await tidy_up(store, NOON + 30 * DAY + HOUR) == 2  # the notification and its dispatch

    assert await newsroom.told(story, reader) is None
    assert [await count(store, table) for table in ("stories", "articles")] == [1, 1]


async def test_what_was_held_goes_too_but_what_is_due_is_decided(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    held, due = await newsroom.publish("1", level=Level.BREAKING), await newsroom.publish("2")
    await newsroom.expand()
    await newsroom.settle((await newsroom.claim(limit=1))[0], state=HELD)

    await tidy_up(store, NOON + 200 * DAY)

    assert await newsroom.told(due, reader) == DUE
    assert await store.explain(reader.id, held) is None


async def test_a_story_that_is_open_keeps_who_was_told_of_it_however_old_that_is(newsroom: Any) -> None:
    """Told in an answer long ago by a clock that was wrong: the story's own age decides."""
    store, reader = newsroom.store, await newsroom.reader()
    story = await newsroom.publish(now=NOON, silent=True)
    await store.mark_shown(reader.id, newsroom.topics["main"], story, NOON - 40 * DAY)

    await tidy_up(store, NOON + 7 * DAY)
    await store.rescore(story, Importance(score=95, level=Level.BREAKING), NOON + 7 * DAY)
    await newsroom.expand(NOON + 7 * DAY)

    assert await newsroom.claim(now=NOON + 7 * DAY) == ()


async def test_nobody_is_told_again_whenever_it_is_tidied_while_a_story_grows(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader(0, "main", "syria")
    story = await told_story(newsroom, "main", level=Level.NOTABLE)

    for days in range(1, 8):
        await tidy_up(store, NOON + days * DAY)
        await newsroom.publish(None, "main", "syria", story=story, level=Level.BREAKING, now=NOON + days * DAY)
        await newsroom.expand(NOON + days * DAY)
        assert await newsroom.claim(now=NOON + days * DAY) == ()

    assert await newsroom.told(story, reader) == SENT


async def test_articles_go_after_ninety_days_with_their_story_and_all_that_is_its(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    story = await told_story(newsroom, "main", "syria")
    await newsroom.publish("later", "main", story=story, now=NOON + 5 * DAY)
    await store.mute_story(reader.id, story, NOON)

    await tidy_up(store, NOON + 95 * DAY)
    assert await count(store, "articles") == 2  # the later one is not that old
    await tidy_up(store, NOON + 95 * DAY + HOUR)

    tables = ("articles", "stories", "story_topics", "dispatches", "notifications", "muted_stories")
    assert [await count(store, table) for table in tables] == [0] * 6
    assert await store.subscriber(reader.chat_id) == reader


async def test_an_article_that_is_still_listed_when_it_was_deleted_is_no_news(newsroom: Any) -> None:
    store = newsroom.store
    await newsroom.reader()
    await newsroom.publish("old")
    await newsroom.send_all()
    later = NOON + 91 * DAY

    await tidy_up(store, later)

    assert await count(store, "articles") == 0
    assert await store.unknown_keys(newsroom.source.id, ["old", "new"]) == {"new"}
    assert await store.publish(newsroom.publication("old", "main"), later) is None
    assert await count(store, "stories") == 0
    other = await newsroom.second_source()
    assert await store.unknown_keys(other.id, ["old"]) == {"old"}


async def test_a_story_that_is_waited_for_stays(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    story = await newsroom.publish()
    await newsroom.expand()

    await tidy_up(store, NOON + 200 * DAY)

    assert await newsroom.told(story, reader) == DUE
    assert len(await newsroom.claim(now=NOON + 200 * DAY)) == 1


async def test_it_goes_in_steps(newsroom: Any) -> None:
    store = newsroom.store
    for _ in range(7):
        await newsroom.reader()
    await told_story(newsroom)
    await told_story(newsroom)

    steps = [await store.tidy(NOON + 31 * DAY, 5) for _ in range(5)]

    assert steps == [5, 5, 4, 2, 0]


# --- words of one's own ---


async def test_words_that_nobody_follows_go_after_a_day(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    words = await store.topic(Topic(query="женева"))
    await store.follow(reader.id, words.id, Level.ROUTINE, NOON)
    stories = [await newsroom.publish() for _ in range(5)]
    await store.label({story: Evidence(words.id, 1.0) for story in stories}, NOON)
    await store.unfollow(reader.id, words.id)

    await tidy_up(store, NOON, 2)
    await tidy_up(store, NOON + DAY, 2)
    assert await store.topic_by_id(words.id) == words
    await tidy_up(store, NOON + DAY + HOUR, 2)

    assert await store.topic_by_id(words.id) is None
    assert await count(store, "story_topics") == 5
    assert set(await store.register_topics(["main", "syria"])) == {"main", "syria"}


async def test_words_that_somebody_follows_again_stay(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    words = await store.topic(Topic(query="женева"))
    await tidy_up(store, NOON)
    await store.follow(reader.id, words.id, Level.ROUTINE, NOON)

    await tidy_up(store, NOON + 5 * DAY)
    await store.unfollow(reader.id, words.id)
    await tidy_up(store, NOON + 5 * DAY)

    assert await store.topic_by_id(words.id) == words


async def test_days_on_which_was_paid_go_after_thirty(newsroom: Any) -> None:
    for day in (date(2026, 10, 1), date(2026, 11, 22)):
        await newsroom.store.take_paid(day, 1, 10)

    await tidy_up(newsroom.store, NOON)

    assert await count(newsroom.store, "paid_days") == 1


async def test_an_empty_store_needs_nothing(store: Store) -> None:
    assert await store.tidy(NOON, 100) == 0
