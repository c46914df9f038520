"""What the conversation may rely on about subscribers and what they follow."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import StorageError
from bot.model import Evidence, Level, NotificationState, Reason, Subscriber, SubscriberState, Topic
from storage import Store
from storage.schema import notifications

MISSING = 10**9
"""An id that nothing has."""
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACTIVE, PAUSED, GONE = SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.GONE


# --- subscribers ---


async def test_a_subscriber_is_a_chat_and_thread(store: Store) -> None:
    given = Subscriber(
        chat_id=-(2**52), thread_id=7, chat_kind="supergroup", language="en", time_zone="Asia/Omsk", state=PAUSED
    )

    stored = await store.add_subscriber(given, NOON)

    assert stored == await store.subscriber(given.chat_id, 7)
    assert stored.id > 0
    assert (stored.chat_kind, stored.language, stored.time_zone) == ("supergroup", "en", "Asia/Omsk")
    assert (stored.state, stored.created_at) == (PAUSED, NOON)
    assert await store.subscriber(given.chat_id) is None


async def test_adding_a_subscriber_twice_keeps_the_first_unchanged(store: Store) -> None:
    first = await store.add_subscriber(Subscriber(chat_id=5, language="en"), NOON)

    again = await store.add_subscriber(Subscriber(chat_id=5, language="ru", state=PAUSED), NOON + HOUR)

    assert again == first


async def test_a_forgotten_subscribers_id_is_never_used_again(store: Store) -> None:
    first = await store.add_subscriber(Subscriber(chat_id=5), NOON)
    await store.forget(first.id)

    second = await store.add_subscriber(Subscriber(chat_id=6), NOON)

    assert second.id > first.id


async def test_state_and_language_are_set(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)

    for state in (PAUSED, GONE, ACTIVE):
        await store.set_state(reader.id, state)
        assert (await store.subscriber(5)).state == state
    await store.set_preferences(replace(reader, language="en"))

    assert (await store.subscriber(5)).language == "en"


async def test_a_chat_that_blocks_takes_all_its_threads_along_and_brings_them_back(store: Store) -> None:
    for thread_id in (0, 7):
        await store.add_subscriber(Subscriber(chat_id=5, thread_id=thread_id), NOON)
    await store.add_subscriber(Subscriber(chat_id=6), NOON)

    await store.set_chat_state(5, GONE)
    states = [
        (await store.subscriber(5)).state,
        (await store.subscriber(5, 7)).state,
        (await store.subscriber(6)).state,
    ]
    await store.set_chat_state(5, ACTIVE)

    assert states == [GONE, GONE, ACTIVE]
    assert [(await store.subscriber(5)).state, (await store.subscriber(5, 7)).state] == [ACTIVE, ACTIVE]


async def test_unblocking_never_ends_a_pause_of_their_own(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)
    await store.set_state(reader.id, PAUSED)

    await store.set_chat_state(5, ACTIVE)
    assert (await store.subscriber(5)).state == PAUSED
    await store.set_chat_state(5, GONE)
    assert (await store.subscriber(5)).state == GONE
    await store.set_chat_state(5, ACTIVE)
    assert (await store.subscriber(5)).state == PAUSED
    await store.set_state(reader.id, ACTIVE)
    assert (await store.subscriber(5)).state == ACTIVE


async def test_a_chat_moves_with_every_thread(store: Store) -> None:
    whole = await store.add_subscriber(Subscriber(chat_id=-5, chat_kind="group"), NOON)
    thread = await store.add_subscriber(Subscriber(chat_id=-5, thread_id=7), NOON)

    await store.move_chat(-5, -1005)
    await store.move_chat(-5, -1005)
    await store.move_chat(-1005, -1005)

    assert (await store.subscriber(-1005)).id == whole.id
    assert (await store.subscriber(-1005)).chat_kind == "supergroup"
    assert (await store.subscriber(-1005, 7)).id == thread.id
    assert await store.subscriber(-5) is None


async def test_a_chat_that_moves_where_one_is_already_keeps_its_settings_and_both_ones_topics(newsroom: Any) -> None:
    store = newsroom.store
    group = await newsroom.reader(-5, "main", level=Level.BREAKING)
    await newsroom.reader(-1005, "main", "syria", level=Level.NOTABLE)
    await store.set_preferences(replace(group, language="en"))
    await store.set_state(group.id, GONE)
    story = await newsroom.publish("1", "syria")
    await newsroom.send_all()

    await store.move_chat(-5, -1005)

    joined = await store.subscriber(-1005)
    levels = {each.topic.slug: each.level for each in await store.subscriptions(joined.id)}
    assert (joined.id, joined.language, joined.state) == (group.id, "en", ACTIVE)
    assert levels == {"main": Level.BREAKING, "syria": Level.NOTABLE}
    assert await newsroom.told(story, joined) == NotificationState.SENT


# --- topics and subscriptions ---


async def test_a_query_is_one_topic_whoever_follows_it(store: Store) -> None:
    ids = await store.register_topics(["syria"])

    topic = await store.topic(Topic(query="женева"))

    assert topic == await store.topic(Topic(query="женева")) == await store.topic_by_id(topic.id)
    assert await store.topic(Topic(slug="syria")) == Topic(id=ids["syria"], slug="syria")
    assert await store.topic_by_id(topic.id + 1) is None


async def test_a_built_in_topic_that_was_never_registered_is_an_error(store: Store) -> None:
    with pytest.raises(LookupError, match="atlantis"):
        await store.topic(Topic(slug="atlantis"))


async def test_following_twice_changes_nothing(newsroom: Any) -> None:
    store, main = newsroom.store, newsroom.topics["main"]
    reader = await newsroom.reader(0, "syria")

    assert await store.follow(reader.id, main, Level.MAJOR, NOON) is True
    assert await store.follow(reader.id, main, Level.ROUTINE, NOON + HOUR) is False

    subscription = next(each for each in await store.subscriptions(reader.id) if each.topic.slug == "main")
    assert (subscription.level, subscription.created_at, subscription.sound) == (Level.MAJOR, NOON, True)
    assert subscription.muted_until is None


async def test_unfollowing_says_whether_there_was_anything_to_end(newsroom: Any) -> None:
    reader = await newsroom.reader(0, "main")

    assert await newsroom.store.unfollow(reader.id, newsroom.topics["main"]) is True
    assert await newsroom.store.unfollow(reader.id, newsroom.topics["main"]) is False
    assert await newsroom.store.subscriptions(reader.id) == ()


async def test_level_and_sound_are_set_for_one_topic_of_one_subscriber(newsroom: Any) -> None:
    store, main = newsroom.store, newsroom.topics["main"]
    reader, other = await newsroom.reader(0, "main", "syria"), await newsroom.reader(0, "main")
    before = await store.subscriptions(other.id)

    await store.set_level(reader.id, main, Level.BREAKING)
    await store.set_sound(reader.id, main, sound=False)

    found = {each.topic.slug: (each.level, each.sound) for each in await store.subscriptions(reader.id)}
    assert found == {"main": (Level.BREAKING, False), "syria": (Level.ROUTINE, True)}
    assert await store.subscriptions(other.id) == before


async def test_built_in_topics_are_listed_before_own_ones_oldest_first(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.store.add_subscriber(Subscriber(chat_id=5), NOON)
    own = [await store.topic(Topic(query=query)) for query in ("один", "два")]
    order = [own[1].id, newsroom.topics["syria"], own[0].id, newsroom.topics["main"]]
    for number, topic_id in enumerate(order):
        await store.follow(reader.id, topic_id, Level.ROUTINE, NOON + number * HOUR)

    listed = [each.topic.slug or each.topic.query for each in await store.subscriptions(reader.id)]

    assert listed == ["syria", "main", "два", "один"]


async def test_nothing_hangs_in_the_air(newsroom: Any) -> None:
    reader = await newsroom.reader()

    with pytest.raises(StorageError):
        await newsroom.store.follow(reader.id, MISSING, Level.ROUTINE, NOON)
    with pytest.raises(StorageError):
        await newsroom.store.follow(MISSING, newsroom.topics["main"], Level.ROUTINE, NOON)
    with pytest.raises(StorageError):
        await newsroom.store.mark_shown(reader.id, newsroom.topics["main"], MISSING, NOON)
    assert await newsroom.store.subscriber(reader.chat_id) == reader


# --- forget ---


async def test_forgetting_takes_everything_that_is_theirs_and_nothing_else(newsroom: Any) -> None:
    store = newsroom.store
    own, shared = await store.topic(Topic(query="моё")), await store.topic(Topic(query="общее"))
    leaving, staying = await newsroom.reader(5), await newsroom.reader(6)
    for reader, topic in ((leaving, own), (leaving, shared), (staying, shared)):
        await store.follow(reader.id, topic.id, Level.ROUTINE, NOON)
    story = await newsroom.publish()
    await store.label({story: Evidence(own.id, 1.0)}, NOON)
    await newsroom.send_all()

    await store.forget(leaving.id)

    assert await store.subscriber(5) is None
    assert await store.subscriptions(leaving.id) == ()
    assert await store.explain(leaving.id, None) is None
    assert await store.topic_by_id(own.id) is None
    assert await store.own_topics(0, 10) == (shared,)
    assert len(await store.subscriptions(staying.id)) == 2
    assert await newsroom.told(story, staying) == NotificationState.SENT
    assert set(await store.register_topics(["main", "syria"])) == set(newsroom.topics)


async def test_nothing_is_left_of_what_was_told_or_was_about_to_be(newsroom: Any) -> None:
    leaving = await newsroom.reader()
    await newsroom.publish("told")
    await newsroom.send_all()
    await newsroom.publish("due")
    await newsroom.expand()
    await newsroom.publish("under way")

    await asyncio.gather(newsroom.expand(), newsroom.store.forget(leaving.id))

    async with newsroom.store.read() as connection:
        theirs = select(notifications).where(notifications.c.subscriber_id == leaving.id)
        assert (await connection.execute(theirs)).all() == []


async def test_what_is_due_under_words_that_were_forgotten_is_skipped(newsroom: Any) -> None:
    store = newsroom.store
    words = await store.topic(Topic(query="слова"))
    newsroom.topics["words"] = words.id
    leaving, former = await newsroom.reader(5, "words"), await newsroom.reader(6, "words")
    story = await newsroom.publish("1", "words")
    await newsroom.expand()
    await store.unfollow(former.id, words.id)

    await store.forget(leaving.id)

    assert await newsroom.claim() == ()
    skipped = await store.explain(former.id, story)
    assert (skipped.notification.state, skipped.notification.reason) == (
        NotificationState.SKIPPED,
        Reason("unfollowed"),
    )
    assert skipped.topic is None


async def test_forgetting_somebody_unknown_is_fine(store: Store) -> None:
    await store.forget(MISSING)
