"""Digests, preferences and silences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.model import DigestKind, DigestPlan, Level, NotificationState, QuietHours, Subscriber
from bot.subscribers import UseCases, digests, menu, preferences
from tests.fakes.memory_store import MemoryStore
from tests.unit.subscribers.conftest import Tell

DAILY = DigestPlan(DigestKind.DAILY, time(18))
WEEKLY = DigestPlan(DigestKind.WEEKLY, time(10), weekday=5)


@pytest.fixture
async def reader(store: MemoryStore, anna: Subscriber, now: datetime) -> Subscriber:
    """Anna, who follows Syria: every story."""
    await store.follow(anna.id, store.topic_ids["syria"], Level.ROUTINE, now)
    return anna


async def test_the_first_daily_issue_comes_the_same_day_with_what_the_last_day_brought(
    use_cases: UseCases, store: MemoryStore, reader: Subscriber, now: datetime, tell: Tell
) -> None:
    fresh = [tell("Алеппо", "syria", hours=2), tell("Хомс", "syria", hours=23)]
    tell("Старое", "syria", hours=25)
    tell("Чужое", hours=1)
    planned = await digests.plan(use_cases, reader, DAILY, now)
    assert planned
    assert (planned.first, planned.held) == (True, 2)
    assert planned.next_at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 18:00 in Moscow; now it is 15:00 there
    assert store.issues == {(reader.id, DigestKind.DAILY): planned.next_at}
    held = {story for (_, story), one in store.notifications.items() if one.state is NotificationState.HELD}
    assert held == {story.id for story in fresh}


async def test_the_first_weekly_letter_looks_back_a_week_and_comes_at_once_when_its_hour_is_past(
    use_cases: UseCases, reader: Subscriber, now: datetime, tell: Tell
) -> None:
    tell("Алеппо", "syria", hours=150)
    tell("Старое", "syria", hours=170)
    planned = await digests.plan(use_cases, reader, WEEKLY, now)
    assert planned
    assert (planned.next_at, planned.held) == (now, 1)


async def test_planning_the_same_again_moves_nothing(
    use_cases: UseCases, store: MemoryStore, reader: Subscriber, now: datetime
) -> None:
    planned = await digests.plan(use_cases, reader, WEEKLY, now)
    assert planned
    assert await digests.plan(use_cases, planned.subscriber, WEEKLY, now + timedelta(seconds=1)) is None
    assert store.issues == {(reader.id, DigestKind.WEEKLY): now}


async def test_another_hour_brings_no_second_first_issue(
    use_cases: UseCases, store: MemoryStore, reader: Subscriber, now: datetime, tell: Tell
) -> None:
    planned = await digests.plan(use_cases, reader, DAILY, now)
    assert planned
    tell("Алеппо", "syria")
    moved = await digests.plan(use_cases, planned.subscriber, replace(DAILY, at=time(9)), now)
    assert moved
    assert (moved.first, moved.held) == (False, 0)
    assert moved.next_at == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert moved.subscriber.digests == (replace(DAILY, at=time(9)),)


async def test_stopping_one_leaves_the_other(
    use_cases: UseCases, store: MemoryStore, reader: Subscriber, now: datetime
) -> None:
    for plan in (DAILY, WEEKLY):
        planned = await digests.plan(use_cases, store.subscribers[reader.id], plan, now)
        assert planned
    stopped = await digests.stop(use_cases, store.subscribers[reader.id], DigestKind.DAILY, now)
    assert stopped.digests == store.subscribers[reader.id].digests == (WEEKLY,)


async def test_the_morning_digest_is_stopped_by_a_preference(
    use_cases: UseCases, store: MemoryStore, reader: Subscriber, now: datetime
) -> None:
    assert not (await digests.stop(use_cases, reader, DigestKind.MORNING, now)).catch_up
    assert not store.subscribers[reader.id].catch_up


async def test_preferences_of_a_stranger_make_them_a_subscriber(
    use_cases: UseCases, store: MemoryStore, now: datetime
) -> None:
    wanted = Subscriber(chat_id=99, language="en", daily_cap=3, quiet=QuietHours(time(23), time(7)))
    kept = await preferences.keep(use_cases, wanted, now)
    assert store.subscribers[kept.id] == replace(kept, created_at=now, seen_at=now)


async def test_digests_keep_their_local_hour_in_another_zone(
    use_cases: UseCases, store: MemoryStore, reader: Subscriber, now: datetime
) -> None:
    planned = await digests.plan(use_cases, reader, DAILY, now)
    assert planned
    moved = await preferences.set_zone(use_cases, planned.subscriber, "Asia/Vladivostok", now)
    assert moved.time_zone == store.subscribers[reader.id].time_zone == "Asia/Vladivostok"
    assert store.issues[reader.id, DigestKind.DAILY] == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def test_a_story_is_muted_and_heard_of_again(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime, tell: Tell
) -> None:
    story = tell("Алеппо", "syria")
    for _ in range(2):
        assert await preferences.mute_story(use_cases, anna, story.id, True, now)
    assert store.muted_stories == {(anna.id, story.id)}
    assert await preferences.mute_story(use_cases, anna, story.id, False, now)
    assert not store.muted_stories
    assert not await preferences.mute_story(use_cases, anna, 123456, True, now)


async def test_a_topic_is_muted_for_a_time_and_only_if_it_is_followed(
    use_cases: UseCases, store: MemoryStore, reader: Subscriber, now: datetime
) -> None:
    until = now + timedelta(days=1)
    syria, ukraine = store.topic_ids["syria"], store.topic_ids["ukraine"]
    card = await menu.mute(use_cases, reader, syria, until, now)
    assert card
    assert card.subscription.muted_until == until
    assert await menu.mute(use_cases, reader, ukraine, until, now) is None
    again = await menu.mute(use_cases, reader, syria, None, now)
    assert again
    assert again.subscription.muted_until is None
