"""Who gave no sign of life for long, and the publisher's figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.model import (
    DigestKind,
    DigestPlan,
    FailingPoll,
    Level,
    NotificationState,
    Poll,
    PollKind,
    SilenceSettlement,
    Subscriber,
    SubscriberState,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = NOON + 14 * DAY
WEEKLY = DigestPlan(DigestKind.WEEKLY, time(12), weekday=0)
DAILY = DigestPlan(DigestKind.DAILY, time(12))
PAUSED, GONE = SubscriberState.PAUSED, SubscriberState.GONE


async def silent(newsroom: Any, owner: str = "one", now: datetime = LATER, limit: int = 10) -> list[int]:
    claimed = await newsroom.store.claim_silent(
        owner, limit, now, MINUTE, seen_before=now - 14 * DAY, asked_before=now - 7 * DAY
    )
    return [subscriber.id for subscriber in claimed]


async def settle(newsroom: Any, reader: Subscriber, **values: Any) -> bool:
    values = {"seen_at": NOON, "asked_at": LATER} | values
    done: bool = await newsroom.store.settle_silent(SilenceSettlement(subscriber_id=reader.id, **values))
    return done


async def test_the_longest_silent_come_first(newsroom: Any) -> None:
    first, second, third = [await newsroom.reader() for _ in range(3)]
    await newsroom.store.note_seen(first.id, NOON + 2 * HOUR)
    await newsroom.store.note_seen(third.id, NOON + HOUR)

    assert await silent(newsroom, limit=2, now=LATER + DAY) == [second.id, third.id]
    assert await silent(newsroom, now=LATER - MINUTE) == []
    assert await silent(newsroom, now=LATER + HOUR) == [second.id, third.id]


async def test_who_is_not_to_be_asked_is_left_out(newsroom: Any) -> None:
    store = newsroom.store
    asked, group, paused, back, gone, weekly, both = [
        await store.add_subscriber(Subscriber(chat_id=n, chat_kind="group" if n == 2 else "private"), NOON)
        for n in range(1, 8)
    ]
    await store.add_subscriber(Subscriber(chat_id=100), NOON)  # follows nothing
    for reader in (asked, group, paused, back, gone, weekly, both):
        await store.follow(reader.id, newsroom.topics["main"], Level.MAJOR, NOON)
    await settle(newsroom, asked)
    await store.set_state(paused.id, PAUSED)
    await store.set_state(back.id, PAUSED, NOON + DAY)
    await store.set_state(gone.id, GONE)
    for reader in (weekly, both):
        await store.set_preferences(replace(reader, digest_only=True))
        await store.plan_digest(reader.id, WEEKLY, LATER)
    await store.plan_digest(both.id, DAILY, LATER)

    assert await silent(newsroom) == [back.id, both.id]
    assert await silent(newsroom, now=LATER + 7 * DAY) == [asked.id, back.id, both.id]


async def test_one_owner_asks_at_a_time(newsroom: Any) -> None:
    reader = await newsroom.reader()

    assert await silent(newsroom, "one") == [reader.id]
    assert await silent(newsroom, "two") == []
    await newsroom.store.release("one")
    assert await silent(newsroom, "two") == [reader.id]
    assert await silent(newsroom, "one", now=LATER + MINUTE) == [reader.id]


async def test_who_was_asked_is_asked_no_more_until_a_sign_of_life(newsroom: Any) -> None:
    reader = await newsroom.reader(5)

    assert await settle(newsroom, reader) is True
    assert (await newsroom.store.subscriber(5)).asked_at == LATER
    assert await silent(newsroom) == []
    await newsroom.store.note_seen(reader.id, LATER)
    assert (await newsroom.store.subscriber(5)).asked_at is None


async def test_a_sign_of_life_meanwhile_makes_the_settlement_void(newsroom: Any) -> None:
    reader = await newsroom.reader(5)
    await newsroom.store.note_seen(reader.id, NOON + HOUR)
    before = await newsroom.store.subscriber(5)

    assert await settle(newsroom, reader, weekly=WEEKLY, next_at=LATER, gone=True) is False

    assert await newsroom.store.subscriber(5) == before


async def test_who_stays_silent_gets_the_weekly_letter_alone(newsroom: Any) -> None:
    reader = await newsroom.reader(5)
    await newsroom.store.plan_digest(reader.id, DAILY, LATER)

    assert await settle(newsroom, reader, weekly=WEEKLY, next_at=LATER + DAY) is True

    found = await newsroom.store.subscriber(5)
    assert (found.digest_only, found.digests) == (True, (WEEKLY,))
    due = await newsroom.store.claim_digests("one", 10, LATER + DAY, MINUTE)
    assert [(each.kind, each.due_at) for each in due] == [(DigestKind.WEEKLY, LATER + DAY)]


async def test_who_cannot_be_asked_is_gone(newsroom: Any) -> None:
    reader = await newsroom.reader(5)

    await settle(newsroom, reader, gone=True)

    assert (await newsroom.store.subscriber(5)).state == GONE


# --- the publisher's figures ---


@pytest.mark.parametrize("count", [0, 2])
async def test_the_status_counts_what_is_open(newsroom: Any, count: int) -> None:
    store = newsroom.store
    states = [NotificationState.HELD, NotificationState.UNKNOWN, NotificationState.PARKED, NotificationState.SENT]
    for number in range(count):
        _active, paused, gone = [await newsroom.reader() for _ in range(3)]
        await store.set_state(paused.id, PAUSED, NOON + HOUR)
        await store.set_state(gone.id, GONE)
        for state in states:
            await newsroom.publish()
            await newsroom.expand(NOON + number * HOUR)
            for due in await newsroom.claim(now=NOON + DAY):
                await newsroom.settle(due, state=state)
    if count:
        await newsroom.publish()
        await newsroom.expand(NOON + HOUR)
        await newsroom.publish()
        await newsroom.expand(NOON)

    status = await store.status(NOON + HOUR / 2)

    found = [status.notifications.get(state, 0) for state in (*states[:3], NotificationState.DUE)]
    # The first two readers got four stories alone, then all four of them another four; two are due to each of them.
    assert found == ([0] * 4 if not count else [6, 6, 6, 8])
    assert status.oldest_due_at == (NOON if count else None)
    assert [status.subscribers.get(state, 0) for state in SubscriberState] == [count, count, count]
    assert (await store.status(NOON + 2 * HOUR)).subscribers.get(PAUSED, 0) == 0


async def test_the_status_names_the_addresses_that_fail(newsroom: Any) -> None:
    store = newsroom.store
    other = await newsroom.second_source()
    for source_id, url, failures in (
        (newsroom.source.id, "https://a", 2),
        (other.id, "https://b", 5),
        (other.id, "https://c", 0),
    ):
        error = "no answer" if failures else None
        await store.save_poll(
            Poll(
                source_id=source_id,
                kind=PollKind.FEED,
                url=url,
                next_at=NOON,
                asked_at=NOON - failures * HOUR,
                failures=failures,
                error=error,
                succeeded_at=NOON - DAY,
            )
        )

    status = await store.status(NOON)
    await store.register_sources([newsroom.source], NOON)

    assert status.polled_at == NOON
    assert status.failing == (
        FailingPoll(source="ТАСС", url="https://b", failures=5, error="no answer", succeeded_at=NOON - DAY),
        FailingPoll(source="Труд", url="https://a", failures=2, error="no answer", succeeded_at=NOON - DAY),
    )
    assert [each.source for each in (await store.status(NOON)).failing] == ["Труд"]
