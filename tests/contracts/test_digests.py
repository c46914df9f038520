"""Digests: planned, claimed with what they fold, settled."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.model import (
    DigestDue,
    DigestKind,
    DigestPlan,
    DigestSettlement,
    Level,
    NotificationState,
    Reason,
    Settlement,
    Subscriber,
    SubscriberState,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAILY = DigestPlan(DigestKind.DAILY, time(12))
WEEKLY = DigestPlan(DigestKind.WEEKLY, time(12), weekday=0)
SENT, HELD = NotificationState.SENT, NotificationState.HELD


async def claim(newsroom: Any, owner: str = "one", now: datetime = NOON, limit: int = 10) -> tuple[DigestDue, ...]:
    found: tuple[DigestDue, ...] = await newsroom.store.claim_digests(owner, limit, now, MINUTE)
    return found


async def settle(newsroom: Any, due: DigestDue, owner: str = "one", tell: bool = True, **values: Any) -> None:
    told = tuple(replace(entry.notification, state=SENT, message_id=7) for entry in due.entries if tell)
    values = {"next_at": None, "told": told} | values
    settlement = DigestSettlement(kind=due.kind, subscriber_id=due.subscriber.id, **values)
    await newsroom.store.settle_digests(owner, [settlement])


async def hold(newsroom: Any, reader: Subscriber, count: int = 1, **options: Any) -> list[int]:
    """Stories that are held for the reader."""
    stories = [await newsroom.publish(None, "main", silent=True, **options) for _ in range(count)]
    await newsroom.store.hold_recent(reader.id, NOON - DAY, 1000, NOON)
    return stories


async def test_a_digest_brings_the_subscriber_and_what_is_held_best_first(newsroom: Any) -> None:
    reader = await newsroom.reader(5)
    (low,) = await hold(newsroom, reader, level=Level.MAJOR, score=40, section="Политика")
    (top,) = await hold(newsroom, reader, level=Level.BREAKING, score=30)
    (high,) = await hold(newsroom, reader, level=Level.MAJOR, score=60)
    await newsroom.publish("more", story=low, section="Экономика", silent=True)
    await newsroom.store.plan_digest(reader.id, DAILY, NOON)

    (due,) = await claim(newsroom)

    assert (due.kind, due.due_at, due.unknown_outcomes) == (DigestKind.DAILY, NOON, 0)
    assert due.subscriber == await newsroom.store.subscriber(5)
    assert due.subscriber.digests == (DAILY,)
    assert [entry.story.id for entry in due.entries] == [top, high, low]
    assert [entry.section for entry in due.entries] == [None, None, "Политика"]
    assert {entry.notification.state for entry in due.entries} == {HELD}
    assert {entry.topic.slug for entry in due.entries} == {"main"}


async def test_a_digest_folds_at_most_two_hundred(newsroom: Any) -> None:
    reader = await newsroom.reader()
    await hold(newsroom, reader, 203, score=10)
    (best,) = await hold(newsroom, reader, score=99)
    await newsroom.store.plan_digest(reader.id, DAILY, NOON)

    (due,) = await claim(newsroom)

    assert len(due.entries) == 200
    assert due.entries[0].story.id == best


async def test_the_longest_waiting_is_claimed_first_and_nothing_before_its_time(newsroom: Any) -> None:
    readers = [await newsroom.reader() for _ in range(3)]
    for reader, at in zip(readers, (NOON, NOON - HOUR, NOON + HOUR), strict=True):
        await newsroom.store.plan_digest(reader.id, DAILY, at)

    assert [due.subscriber.id for due in await claim(newsroom, limit=1)] == [readers[1].id]
    assert [due.subscriber.id for due in await claim(newsroom)] == [readers[0].id]
    assert await claim(newsroom) == ()


async def test_one_owner_has_it_until_the_lease_runs_out_or_is_freed(newsroom: Any) -> None:
    await newsroom.store.plan_digest((await newsroom.reader()).id, DAILY, NOON)
    assert len(await claim(newsroom)) == 1

    assert await claim(newsroom, "two") == ()
    assert len(await claim(newsroom, "two", NOON + MINUTE)) == 1
    await newsroom.store.release("two")
    assert len(await claim(newsroom, "one", NOON + MINUTE)) == 1


async def test_of_one_subscriber_at_most_one_digest_is_under_way(newsroom: Any) -> None:
    reader = await newsroom.reader()
    (story,) = await hold(newsroom, reader)
    for plan in (DAILY, WEEKLY):
        await newsroom.store.plan_digest(reader.id, plan, NOON)

    (first,) = await claim(newsroom)
    assert await claim(newsroom, "two") == ()
    await settle(newsroom, first, next_at=NOON + DAY)
    (second,) = await claim(newsroom, "two")

    assert {first.kind, second.kind} == {DigestKind.DAILY, DigestKind.WEEKLY}
    assert [entry.story.id for entry in first.entries] == [story]
    assert second.entries == ()


async def test_owners_that_claim_at_once_never_share_a_subscriber(newsroom: Any) -> None:
    readers = [await newsroom.reader() for _ in range(8)]
    for reader in readers:
        for plan in (DAILY, WEEKLY):
            await newsroom.store.plan_digest(reader.id, plan, NOON)

    claims = await asyncio.gather(*(claim(newsroom, f"owner {number}", limit=4) for number in range(6)))

    ids = [due.subscriber.id for batch in claims for due in batch]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("why", ["unfollowed", "muted", "raised", "story muted"])
async def test_what_is_no_longer_wanted_stays_held(newsroom: Any, why: str) -> None:
    store, main = newsroom.store, newsroom.topics["main"]
    reader = await newsroom.reader()
    (story,) = await hold(newsroom, reader, level=Level.MAJOR)
    await store.plan_digest(reader.id, DAILY, NOON)
    if why == "unfollowed":
        await store.unfollow(reader.id, main)
    elif why == "muted":
        await store.set_muted(reader.id, main, NOON + HOUR)
    elif why == "raised":
        await store.set_level(reader.id, main, Level.BREAKING)
    else:
        await store.mute_story(reader.id, story, NOON)

    (due,) = await claim(newsroom)

    assert due.entries == ()
    assert await newsroom.told(story, reader) == HELD


async def test_what_was_told_is_settled_and_the_next_issue_planned(newsroom: Any) -> None:
    reader = await newsroom.reader()
    stories = await hold(newsroom, reader, 2)
    await newsroom.store.plan_digest(reader.id, DAILY, NOON)
    (due,) = await claim(newsroom)

    await settle(newsroom, due, next_at=NOON + DAY)

    assert [await newsroom.told(story, reader) for story in stories] == [SENT, SENT]
    assert (await newsroom.store.explain(reader.id, stories[0])).notification.message_id == 7
    assert await claim(newsroom, now=NOON + DAY - MINUTE) == ()
    (again,) = await claim(newsroom, now=NOON + DAY)
    assert again.entries == ()


async def test_an_outcome_that_is_unknown_is_counted(newsroom: Any) -> None:
    reader = await newsroom.reader()
    await hold(newsroom, reader)
    await newsroom.store.plan_digest(reader.id, DAILY, NOON)
    (due,) = await claim(newsroom)

    await settle(newsroom, due, tell=False, next_at=NOON + MINUTE, unknown_outcomes=1)

    (again,) = await claim(newsroom, now=NOON + MINUTE)
    assert (again.unknown_outcomes, len(again.entries)) == (1, 1)


async def test_settling_writes_nothing_where_the_lease_was_lost(newsroom: Any) -> None:
    reader = await newsroom.reader()
    (story,) = await hold(newsroom, reader)
    await newsroom.store.plan_digest(reader.id, DAILY, NOON)
    (late,) = await claim(newsroom)
    await claim(newsroom, "two", NOON + MINUTE)

    await settle(newsroom, late, gone=True)
    await newsroom.store.settle_digests("one", [])

    assert await newsroom.told(story, reader) == HELD
    assert (await newsroom.store.subscriber(reader.chat_id)).state == SubscriberState.ACTIVE


@pytest.mark.parametrize("change", ["dropped", "planned anew"])
async def test_a_plan_that_changes_while_an_issue_is_under_way_stands_and_what_was_told_is_told(
    newsroom: Any, change: str
) -> None:
    reader = await newsroom.reader()
    (story,) = await hold(newsroom, reader)
    await newsroom.store.plan_digest(reader.id, DAILY, NOON)
    (due,) = await claim(newsroom)
    if change == "dropped":
        await newsroom.store.end_digest(reader.id, DigestKind.DAILY)
    else:
        await newsroom.store.plan_digest(reader.id, replace(DAILY, at=time(18)), NOON + 6 * HOUR)

    await settle(newsroom, due, next_at=NOON + DAY)

    assert await newsroom.told(story, reader) == SENT
    at = await claim(newsroom, now=NOON + 6 * HOUR)
    assert [each.due_at for each in at] == ([] if change == "dropped" else [NOON + 6 * HOUR])
    assert len(await claim(newsroom, now=NOON + 2 * DAY)) == (0 if change == "dropped" else 1)


async def test_who_is_gone_or_moved_takes_the_subscriber_along(newsroom: Any) -> None:
    gone, moved = await newsroom.reader(5), await newsroom.reader(-6)
    for reader in (gone, moved):
        await newsroom.store.plan_digest(reader.id, DAILY, NOON)
    story = await newsroom.publish()
    await newsroom.expand()
    one, two = sorted(await claim(newsroom), key=lambda due: due.subscriber.id)

    await settle(newsroom, one, gone=True, next_at=NOON + DAY)
    await settle(newsroom, two, chat_id=-1006, next_at=NOON)

    assert (await newsroom.store.subscriber(5)).state == SubscriberState.GONE
    assert await newsroom.told(story, gone) == NotificationState.SKIPPED
    assert (await newsroom.store.subscriber(-1006)).id == moved.id
    assert [due.subscriber.chat_id for due in await claim(newsroom)] == [-1006]


# --- quiet hours end ---


async def held_by_quiet_hours(newsroom: Any, until: datetime) -> None:
    await newsroom.publish()
    await newsroom.expand()
    for due in await newsroom.claim():
        held = replace(due.notification, state=HELD, reason=Reason("quiet"))
        await newsroom.store.settle("one", [Settlement(notification=held, catch_up_at=until)])


async def test_what_quiet_hours_held_is_due_in_the_morning_at_the_earlier_time(newsroom: Any) -> None:
    reader = await newsroom.reader()
    for until in (NOON + 2 * HOUR, NOON + HOUR, NOON + 3 * HOUR):
        await held_by_quiet_hours(newsroom, until)

    assert await claim(newsroom, now=NOON + HOUR - MINUTE) == ()
    (due,) = await claim(newsroom, now=NOON + HOUR)

    assert (due.kind, due.due_at, len(due.entries)) == (DigestKind.MORNING, NOON + HOUR, 3)
    assert (await newsroom.store.subscriber(reader.chat_id)).digests == ()
    await settle(newsroom, due)
    assert await claim(newsroom, now=NOON + DAY) == ()


async def test_what_is_held_while_the_morning_digest_is_under_way_brings_another(newsroom: Any) -> None:
    await newsroom.reader()
    await held_by_quiet_hours(newsroom, NOON)
    (due,) = await claim(newsroom)
    await held_by_quiet_hours(newsroom, NOON + DAY)

    await settle(newsroom, due)

    assert await claim(newsroom) == ()
    (again,) = await claim(newsroom, now=NOON + DAY)
    assert len(again.entries) == 1


async def test_who_was_forgotten_meanwhile_holds_nobody_up(newsroom: Any) -> None:
    leaving, staying = await newsroom.reader(5), await newsroom.reader(6)
    story = await newsroom.publish()
    await newsroom.expand()
    claimed = await newsroom.claim()
    await newsroom.store.forget(leaving.id)

    held = [Settlement(notification=replace(due.notification, state=HELD), catch_up_at=NOON + HOUR) for due in claimed]
    await newsroom.store.settle("one", held)

    assert await newsroom.told(story, staying) == HELD
    assert len(await claim(newsroom, now=NOON + HOUR)) == 1


async def test_two_chats_that_become_one_have_the_plans_of_both(newsroom: Any) -> None:
    store = newsroom.store
    group, supergroup = await newsroom.reader(-5), await newsroom.reader(-1005)
    await store.plan_digest(group.id, DAILY, NOON)
    await store.plan_digest(supergroup.id, replace(DAILY, at=time(1)), NOON)
    await store.plan_digest(supergroup.id, WEEKLY, NOON)

    await store.move_chat(-5, -1005)

    assert (await store.subscriber(-1005)).digests == (DAILY, WEEKLY)
