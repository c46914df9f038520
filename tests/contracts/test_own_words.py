"""Topics of one's own words in the store: one for all who ask for the same, drafts, and what the news carry."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import make_url, text, update

from bot.model import Draft, Evidence, Level, Subscriber, Topic
from bot.topics import parse
from bot.upkeep import join_equal_topics
from storage import Store, open_store
from storage.engine import connect
from storage.migrations import _config
from storage.schema import topics

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def asked(words: str) -> Topic:
    query = parse(words)
    return Topic(query=str(query), key=query.digest)


async def forget_keys(store: Store) -> None:
    """As an older version has stored them."""
    async with store.write() as connection:
        await connection.execute(update(topics).values(key=None))


# --- one topic ---


async def test_queries_that_ask_for_the_same_are_one_topic_called_as_it_was_first_written(store: Store) -> None:
    first = await store.topic(asked("Сирии бои"))

    for words in ("бои Сирия", "«сирия»  бой", "СИРИЯ БОИ БОЯ"):
        assert await store.topic(asked(words)) == first
    assert first.query == "сирии бои"
    assert await store.topic(asked("сирия | бои")) != first


async def test_writers_at_once_make_one_topic(store: Store) -> None:
    words = ("женева париж", "париж женева", "Парижу Женевы", "женеве париже")

    found = await asyncio.gather(*(store.topic(asked(each)) for each in words))

    assert len({topic.id for topic in found}) == 1


async def test_a_query_whose_key_has_changed_with_the_dictionary_is_found_as_written(store: Store) -> None:
    old = await store.topic(Topic(query="женева", key="of another dictionary"))

    assert await store.topic(asked("женева")) == old


# --- topics of older versions ---


async def test_equal_topics_of_an_older_version_become_one_and_nobody_loses_theirs(newsroom: Any) -> None:
    store = newsroom.store
    kept, joined, other = [await store.topic(Topic(query=words)) for words in ("сирии бои", "бои сирия", "футбол")]
    readers = [await newsroom.reader(chat) for chat in (1, 2, 3)]
    for reader, topic, level in (
        (readers[0], kept, Level.MAJOR),
        (readers[1], joined, Level.BREAKING),
        (readers[2], joined, Level.NOTABLE),
        (readers[2], kept, Level.MAJOR),
        (readers[2], other, Level.ROUTINE),
    ):
        await store.follow(reader.id, topic.id, level, NOON)

    await join_equal_topics(store)
    await join_equal_topics(store)

    followed = [
        {each.topic.query: each.level for each in await store.subscriptions(reader.id) if each.topic.query}
        for reader in readers
    ]
    assert followed == [
        {"сирии бои": Level.MAJOR},
        {"сирии бои": Level.BREAKING},
        {"сирии бои": Level.MAJOR, "футбол": Level.ROUTINE},
    ]
    assert await store.topic_by_id(joined.id) is None
    assert await store.topic(asked("бои Сирии")) == kept


async def test_what_was_still_to_be_told_of_a_topic_that_becomes_part_of_another_is_told_once(newsroom: Any) -> None:
    store = newsroom.store
    kept, joined = [await store.topic(Topic(query=words)) for words in ("сирии бои", "бои сирия")]
    newsroom.topics |= {"kept": kept.id, "joined": joined.id}
    first, second = await newsroom.reader(1, "kept"), await newsroom.reader(2, "joined")
    story = await newsroom.publish("1", "kept", "joined")
    (dispatch,) = [each for each in await store.open_dispatches(9) if each.topic_id == kept.id]
    await store.expand(dispatch, 1000, NOON)

    await join_equal_topics(store)
    await newsroom.expand()

    assert sorted(due.subscriber.id for due in await newsroom.claim()) == [first.id, second.id]
    assert await newsroom.told(story, second) is not None


async def test_a_query_that_cannot_be_read_any_more_stops_nothing(store: Store) -> None:
    await store.topic(Topic(query="(женева"))
    await join_equal_topics(store)
    assert await store.topics_without_key(10) == ()


@pytest.fixture
async def old_postgresql_url(postgres_server: Any) -> AsyncIterator[str]:
    async with postgres_server.database(f"old_{uuid.uuid4().hex}") as url:
        yield url


@pytest.fixture
def old_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"old_{request.param}_url")
    return url


async def test_an_old_database_is_brought_up_to_date(old_url: str) -> None:
    """As the second migration left it, with two topics that ask for the same."""
    old = connect(make_url(old_url))
    async with old.write() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "0002"))
        for statement in (
            "INSERT INTO topics (id, query) VALUES (1, 'женева вена'), (2, 'вена женева')",
            "INSERT INTO subscribers (id, chat_id, thread_id, chat_kind, language, time_zone, paused, gone, created_at)"
            " VALUES (1, 5, 0, 'private', 'ru', 'Europe/Moscow', false, false, :now)",
            "INSERT INTO subscriptions (topic_id, subscriber_id, level, sound, created_at)"
            " VALUES (2, 1, 2, false, :now)",
        ):
            now = 0 if "sqlite" in old_url else NOON
            await connection.execute(text(statement), {"now": now} if ":now" in statement else {})
    await old.close()

    store = await open_store(old_url)
    await join_equal_topics(store)

    reader = await store.subscriber(5)
    assert reader is not None
    (subscription,) = await store.subscriptions(reader.id)
    assert (subscription.topic.id, subscription.level, subscription.sound) == (1, Level.MAJOR, False)
    assert await store.own_topics(0, 10) == (Topic(id=1, query="женева вена"),)
    await store.close()


# --- one topic in place of another ---


async def test_a_topic_takes_anothers_place_with_its_settings(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    old, new = await store.topic(asked("женева")), await store.topic(asked("вена"))
    await store.follow(reader.id, old.id, Level.BREAKING, NOON)
    await store.set_sound(reader.id, old.id, sound=False)
    await store.set_muted(reader.id, old.id, NOON + DAY)
    (before,) = [each for each in await store.subscriptions(reader.id) if each.topic == old]

    assert await store.refollow(reader.id, old.id, new.id) is True
    assert await store.refollow(reader.id, old.id, new.id) is False

    (after,) = [each for each in await store.subscriptions(reader.id) if each.topic.query]
    assert after == replace(before, topic=new)
    assert await store.refollow(reader.id, new.id, new.id, Level.MAJOR) is True
    assert len(await store.subscriptions(reader.id)) == 2


async def test_a_topic_that_is_followed_already_stays_as_it_is_when_it_takes_anothers_place(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    old, new = await store.topic(asked("женева")), await store.topic(asked("вена"))
    for topic, level in ((old, Level.BREAKING), (new, Level.NOTABLE)):
        await store.follow(reader.id, topic.id, level, NOON)

    assert await store.refollow(reader.id, old.id, new.id) is True

    own = [(each.topic, each.level) for each in await store.subscriptions(reader.id) if each.topic.query]
    assert own == [(new, Level.NOTABLE)]


# --- drafts ---


async def test_a_draft_is_its_chats_alone_and_goes_after_a_day(store: Store) -> None:
    given = [Draft(chat_id=5, thread_id=7, query="женева", replaces=3), Draft(chat_id=5, thread_id=7, question=12)]

    words, question = await store.add_drafts(given, NOON)

    assert await store.draft(5, 7, words) == replace(given[0], id=words)
    assert await store.asked_for(5, 7, 12) == replace(given[1], id=question)
    for chat, thread in ((5, 0), (6, 7)):
        assert await store.draft(chat, thread, words) is None
        assert await store.asked_for(chat, thread, 12) is None
    assert await store.asked_for(5, 7, 13) is None
    assert await store.tidy(NOON + DAY, 100) == 0
    assert await store.tidy(NOON + 2 * DAY, 100) == 2
    assert await store.draft(5, 7, words) is None


async def test_forgetting_a_subscriber_forgets_the_drafts_of_the_chat(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)
    mine, others = await store.add_drafts([Draft(chat_id=5, query="а"), Draft(chat_id=6, query="б")], NOON)

    await store.forget(reader.id)

    assert await store.draft(5, 0, mine) is None
    assert await store.draft(6, 0, others) is not None


# --- what the news carry ---


async def test_sections_authors_and_sources_are_counted_by_story(newsroom: Any) -> None:
    store = newsroom.store
    story = await newsroom.publish("1", section="Политика", author="Сергей Шевцов")
    await newsroom.publish("2", story=story, section="Политика")
    await newsroom.publish("3", section="Политика", author="")
    await newsroom.publish("4", section="Спорт", seen_at=NOON - DAY)

    assert await store.carried("section", NOON - 2 * DAY) == {"Политика": 2, "Спорт": 1}
    assert list(await store.carried("section", NOON - 2 * DAY)) == ["Политика", "Спорт"]
    assert await store.carried("section", NOON - timedelta(hours=1)) == {"Политика": 2}
    assert await store.carried("author", NOON - 2 * DAY) == {"Сергей Шевцов": 1}
    assert await store.carried("source", NOON - 2 * DAY) == {"Труд": 3}


async def test_stories_are_read_in_the_order_they_are_asked_for(newsroom: Any) -> None:
    first, second = await newsroom.publish("1"), await newsroom.publish("2")

    found = await newsroom.store.stories_by_id([second, 10**9, first])

    assert [story.title for story in found] == ["Статья 2", "Статья 1"]
    assert await newsroom.store.stories_by_id([]) == ()


async def test_the_order_of_sections_is_kept(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)
    assert reader.sections == ()

    await store.set_preferences(replace(reader, sections=("Политика", "Доброе дело")))

    found = await store.subscriber(5)
    assert found is not None
    assert found.sections == ("Политика", "Доброе дело")


async def test_evidence_of_a_topic_that_became_part_of_another_is_kept(newsroom: Any) -> None:
    store = newsroom.store
    kept, joined = [await store.topic(Topic(query=words)) for words in ("сирии бои", "бои сирия")]
    story = await newsroom.publish("1")
    await store.label({story: Evidence(joined.id, 1.0)}, NOON)

    await join_equal_topics(store)

    assert [each.id for each in await store.latest((kept.id,), 5)] == [story]


async def test_the_last_question_is_known_until_words_come(newsroom: Any) -> None:
    store = newsroom.store
    asked = Draft(chat_id=5, thread_id=7, question=12, replaces=3)
    (question,) = await store.add_drafts([asked], NOON)
    assert await store.asked_last(5, 7, NOON) == replace(asked, id=question)
    assert await store.asked_last(5, 7, NOON + DAY) is None
    assert await store.asked_last(5, 0, NOON) is None
    await store.add_drafts([Draft(chat_id=5, thread_id=7, query="женева")], NOON)
    assert await store.asked_last(5, 7, NOON) is None
