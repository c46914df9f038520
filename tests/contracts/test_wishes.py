"""How a subscriber wants to be told, as it is stored and as a claim brings it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.model import (
    DigestKind,
    DigestPlan,
    Evidence,
    Level,
    NotificationState,
    QuietHours,
    Subscriber,
    SubscriberState,
    Topic,
)
from storage import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MISSING = 10**9
DUE, SENT, HELD, SKIPPED = (NotificationState(name) for name in ("due", "sent", "held", "skipped"))
PAUSED, ACTIVE, GONE = SubscriberState.PAUSED, SubscriberState.ACTIVE, SubscriberState.GONE
DAILY = DigestPlan(DigestKind.DAILY, time(8, 30))
WEEKLY = DigestPlan(DigestKind.WEEKLY, time(19), weekday=6)
WISHES = {
    "language": "en",
    "time_zone": "Asia/Omsk",
    "quiet": QuietHours(time(23), time(7, 45), breaking_passes=False),
    "daily_cap": 5,
    "sound_from": Level.MAJOR,
    "digest_only": True,
    "catch_up": False,
}


# --- preferences ---


async def test_preferences_are_kept_as_they_are(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)

    await store.set_preferences(replace(reader, **WISHES))
    wished = await store.subscriber(5)
    await store.set_preferences(reader)

    assert wished == replace(reader, **WISHES)
    assert await store.subscriber(5) == reader


async def test_a_new_subscriber_may_come_with_preferences(store: Store) -> None:
    stored = await store.add_subscriber(Subscriber(chat_id=5, **WISHES), NOON)

    assert {name: getattr(stored, name) for name in WISHES} == WISHES
    assert (stored.created_at, stored.seen_at, stored.asked_at) == (NOON, NOON, None)


@pytest.mark.parametrize("quiet", [QuietHours(time(0), time(0)), QuietHours(time(22, 1), time(0)), None])
async def test_quiet_hours_are_any_minutes_of_the_day(store: Store, quiet: QuietHours | None) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5, quiet=quiet), NOON)

    assert reader.quiet == quiet


async def test_a_pause_may_end_by_itself(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader(5)
    await store.set_state(reader.id, PAUSED, NOON + HOUR)
    await newsroom.publish()
    await newsroom.expand()

    (before,) = await newsroom.claim()
    await store.release("one")
    (after,) = await newsroom.claim(now=NOON + HOUR)

    assert (before.subscriber.state, before.subscriber.paused_until) == (PAUSED, NOON + HOUR)
    assert (after.subscriber.state, after.subscriber.paused_until) == (ACTIVE, None)
    assert (await store.subscriber(5)).paused_until == NOON + HOUR


async def test_a_pause_without_an_end_replaces_one_with_an_end(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)
    await store.set_state(reader.id, PAUSED, NOON + HOUR)

    await store.set_state(reader.id, GONE)
    await store.set_chat_state(5, ACTIVE)
    assert (await store.subscriber(5)).paused_until == NOON + HOUR
    await store.set_state(reader.id, PAUSED)
    assert (await store.subscriber(5)).paused_until is None
    assert (await store.subscriber(5)).state == PAUSED


async def test_a_sign_of_life_is_noted(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)

    await store.note_seen(reader.id, NOON + HOUR)

    assert (await store.subscriber(5)).seen_at == NOON + HOUR


# --- digests planned ---


async def test_a_plan_of_each_kind_is_kept(store: Store) -> None:
    reader = await store.add_subscriber(Subscriber(chat_id=5), NOON)

    for plan in (DAILY, WEEKLY, replace(DAILY, at=time(9))):
        await store.plan_digest(reader.id, plan, NOON + HOUR)
    planned = (await store.subscriber(5)).digests
    await store.end_digest(reader.id, DigestKind.DAILY)
    await store.end_digest(reader.id, DigestKind.MORNING)

    assert planned == (replace(DAILY, at=time(9)), WEEKLY)
    assert (await store.subscriber(5)).digests == (WEEKLY,)


# --- muting ---


async def test_a_subscription_is_muted_for_a_time(newsroom: Any) -> None:
    reader, main = await newsroom.reader(), newsroom.topics["main"]

    await newsroom.store.set_muted(reader.id, main, NOON + HOUR)
    (muted,) = await newsroom.store.subscriptions(reader.id)
    await newsroom.store.set_muted(reader.id, main, None)

    assert muted.muted_until == NOON + HOUR
    assert (await newsroom.store.subscriptions(reader.id))[0].muted_until is None


async def test_a_claim_says_whether_the_story_is_muted(newsroom: Any) -> None:
    store, (muting, other) = newsroom.store, [await newsroom.reader(), await newsroom.reader()]
    story = await newsroom.publish()
    await newsroom.expand()
    for _ in range(2):
        await store.mute_story(muting.id, story, NOON)

    claimed = {due.subscriber.id: due.story_muted for due in await newsroom.claim()}
    await store.release("one")
    await store.unmute_story(muting.id, story)

    assert claimed == {muting.id: True, other.id: False}
    assert [due.story_muted for due in await newsroom.claim()] == [False, False]


async def test_muting_a_story_that_is_not_there_is_fine(newsroom: Any) -> None:
    reader = await newsroom.reader()

    await newsroom.store.mute_story(reader.id, MISSING, NOON)
    await newsroom.store.unmute_story(reader.id, MISSING)


async def test_why_says_whether_the_story_is_muted(newsroom: Any) -> None:
    store, (muting, other) = newsroom.store, [await newsroom.reader(), await newsroom.reader()]
    story = await newsroom.publish()
    await store.mute_story(muting.id, story, NOON)

    assert (await store.explain(muting.id, story)).muted
    assert not (await store.explain(other.id, story)).muted


# --- what else a claim brings ---


async def test_a_claim_counts_what_was_sent_since_local_midnight(newsroom: Any) -> None:
    """In Omsk (six hours ahead of UTC) it's midnight at 18:00."""
    reader = await newsroom.reader(5)
    await newsroom.store.set_preferences(replace(reader, daily_cap=3, time_zone="Asia/Omsk"))
    midnight = NOON.replace(hour=18) - timedelta(days=1)
    sent = [midnight - HOUR, midnight, midnight + HOUR]
    for number, at in enumerate(sent):
        await newsroom.publish(level=Level.BREAKING if number == 2 else Level.MAJOR)
        await newsroom.expand(at)
        (due,) = await newsroom.claim(now=at)
        await newsroom.settle(due, state=SENT, due_at=at)
    await newsroom.publish()
    await newsroom.expand()

    (due,) = await newsroom.claim()

    assert due.sent_today == 1  # the first was yesterday, the last breaking


async def test_a_time_zone_that_this_machine_does_not_know_counts_as_utc(newsroom: Any) -> None:
    readers = [await newsroom.reader() for _ in range(3)]
    for reader, zone in zip(readers, ("Mars/Olympus", "", "Europe"), strict=True):
        await newsroom.store.set_preferences(replace(reader, daily_cap=3, time_zone=zone))
    for at in (NOON.replace(hour=0) - timedelta(minutes=1), NOON.replace(hour=0)):
        await newsroom.publish()
        await newsroom.expand(at)
        for due in await newsroom.claim(now=at):
            await newsroom.settle(due, state=SENT, due_at=at)
    await newsroom.publish()
    await newsroom.expand()

    assert [due.sent_today for due in await newsroom.claim()] == [1, 1, 1]


@pytest.mark.parametrize("end", ["unfollowed", "muted", "raised"])
async def test_who_no_longer_wants_the_topic_is_told_under_another_of_theirs(newsroom: Any, end: str) -> None:
    store, main = newsroom.store, newsroom.topics["main"]
    reader = await newsroom.reader(5, "main", "syria")
    story = await newsroom.publish("1", "main", "syria", level=Level.MAJOR)
    await newsroom.expand()
    (first,) = await newsroom.claim()
    await store.release("one")
    if end == "unfollowed":
        await store.unfollow(reader.id, first.topic.id)
    elif end == "muted":
        await store.set_muted(reader.id, first.topic.id, NOON + HOUR)
    else:
        await store.set_level(reader.id, first.topic.id, Level.BREAKING)

    (due,) = await newsroom.claim()

    other = newsroom.topics["syria"] if first.topic.id == main else main
    assert (due.topic.id, due.subscription.topic.id, due.notification.topic_id) == (other, other, other)
    assert (await store.explain(reader.id, story)).topic.id == other


@pytest.mark.parametrize("why", ["level", "muted", "not of the story"])
async def test_another_topic_must_want_the_story_too(newsroom: Any, why: str) -> None:
    store, syria = newsroom.store, newsroom.topics["syria"]
    reader = await newsroom.reader(5, "main", "syria")
    await newsroom.publish("1", "main", *([] if why == "not of the story" else ["syria"]), level=Level.MAJOR)
    if why == "level":
        await store.set_level(reader.id, syria, Level.BREAKING)
    if why == "muted":
        await store.set_muted(reader.id, syria, NOON + HOUR)
    await newsroom.expand()
    await store.unfollow(reader.id, newsroom.topics["main"])

    (due,) = await newsroom.claim()

    assert due.topic.slug == "main" or due.subscription.muted_until is not None
    assert due.subscription is None or due.topic.slug == "syria"


async def test_words_that_were_deleted_leave_the_story_to_another_topic(newsroom: Any) -> None:
    store = newsroom.store
    newsroom.topics["words"] = (await store.topic(Topic(query="слова"))).id
    leaving, former = await newsroom.reader(5, "words"), await newsroom.reader(6, "words")
    await newsroom.publish("1", "words")
    await newsroom.expand()
    await newsroom.publish("2", "main", story=(await newsroom.claim())[0].story.id)
    await store.release("one")
    await store.follow(former.id, newsroom.topics["main"], Level.ROUTINE, NOON)
    await store.unfollow(former.id, newsroom.topics["words"])

    await store.forget(leaving.id)

    assert [due.topic.slug for due in await newsroom.claim()] == ["main"]


# --- a first issue ---


async def test_a_first_issue_holds_the_best_that_was_not_told(newsroom: Any) -> None:
    store = newsroom.store
    old = await newsroom.publish(now=NOON - 30 * HOUR)
    low, best, told, muted, minor = [
        await newsroom.publish(level=level, score=score, silent=True)
        for level, score in (
            (Level.MAJOR, 50),
            (Level.MAJOR, 70),
            (Level.BREAKING, 90),
            (Level.BREAKING, 95),
            (Level.NOTABLE, 30),
        )
    ]
    reader = await newsroom.reader(5, "main", "syria", level=Level.MAJOR)
    await store.mark_shown(reader.id, newsroom.topics["main"], told, NOON)
    await store.mute_story(reader.id, muted, NOON)

    assert await store.hold_recent(reader.id, NOON - 24 * HOUR, 1, NOON) == 1
    assert await newsroom.told(best, reader) == HELD
    assert await newsroom.told(low, reader) is None
    assert await store.hold_recent(reader.id, NOON - 24 * HOUR, 10, NOON) == 1

    found = [await newsroom.told(story, reader) for story in (low, told, muted, minor, old)]
    assert found == [HELD, NotificationState.SHOWN, None, None, None]
    assert (await store.explain(reader.id, best)).notification.reason.kind == "first_issue"


async def test_a_first_issue_takes_what_was_skipped_and_leaves_what_is_due(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader(5)
    skipped = await newsroom.publish()
    await newsroom.expand()
    (due,) = await newsroom.claim()
    await newsroom.settle(due, state=SKIPPED)
    waiting = await newsroom.publish()
    await newsroom.expand()

    assert await store.hold_recent(reader.id, NOON - HOUR, 10, NOON) == 1

    assert [await newsroom.told(story, reader) for story in (skipped, waiting)] == [HELD, DUE]


async def test_a_first_issue_names_each_story_once_whatever_topics_it_has(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader(5, "main", "syria")
    story = await newsroom.publish("1", "main", silent=True)
    await store.label({story: Evidence(newsroom.topics["syria"], 1.0)}, NOON)
    await store.set_muted(reader.id, newsroom.topics["main"], NOON + HOUR)

    assert await store.hold_recent(reader.id, NOON - HOUR, 10, NOON) == 1

    assert (await store.explain(reader.id, story)).topic.slug == "syria"
