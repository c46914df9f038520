"""Coming, pausing, going and coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import NEW, Subscriber, SubscriberState
from bot.subscribers import UseCases, arrivals
from tests.fakes.memory_store import MemoryStore


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ru", "ru"),
        ("uk", "ru"),
        ("be", "ru"),
        ("kk", "ru"),
        ("RU-by", "ru"),
        ("en", "en"),
        ("pt-br", "en"),
        (None, "en"),
    ],
)
def test_the_language_is_taken_from_the_telegram_client(code: str | None, language: str) -> None:
    assert arrivals.language_for(code) == language


async def test_a_newcomer_is_created_once(use_cases: UseCases, store: MemoryStore, now: datetime) -> None:
    stranger = Subscriber(chat_id=7, language="en")
    first = await arrivals.welcome(use_cases, stranger, now)
    again = await arrivals.welcome(use_cases, stranger, now)
    assert first.id == again.id != NEW
    assert store.subscribers[first.id].language == "en"


@pytest.mark.parametrize("state", SubscriberState)
async def test_welcome_ends_a_pause_and_an_absence(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime, state: SubscriberState
) -> None:
    await store.set_state(anna.id, state)
    known = await store.subscriber(7)
    assert known
    welcomed = await arrivals.welcome(use_cases, known, now)
    assert welcomed.state is SubscriberState.ACTIVE
    assert store.subscribers[anna.id].state is SubscriberState.ACTIVE


async def test_unblocking_does_not_end_a_pause_of_their_own(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime
) -> None:
    await arrivals.pause(use_cases, anna, now)
    await arrivals.returned(use_cases, anna.chat_id)
    assert store.subscribers[anna.id].state is SubscriberState.PAUSED
    await arrivals.resume(use_cases, anna, now)
    assert store.subscribers[anna.id].state is SubscriberState.ACTIVE


async def test_blocking_and_unblocking(use_cases: UseCases, store: MemoryStore, anna: Subscriber) -> None:
    await arrivals.left(use_cases, anna.chat_id)
    assert store.subscribers[anna.id].state is SubscriberState.GONE
    await arrivals.returned(use_cases, anna.chat_id)
    assert store.subscribers[anna.id].state is SubscriberState.ACTIVE


async def test_forgetting_leaves_nothing_and_a_stranger_has_nothing_to_forget(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber
) -> None:
    await arrivals.forget(use_cases, anna)
    await arrivals.forget(use_cases, Subscriber(chat_id=99))
    assert not store.subscribers


async def test_a_group_that_became_a_supergroup_keeps_its_threads(
    use_cases: UseCases, store: MemoryStore, now: datetime
) -> None:
    for thread in (0, 5):
        await store.add_subscriber(Subscriber(chat_id=-1, thread_id=thread), now)
    await arrivals.moved(use_cases, -1, -1001)
    assert {(one.chat_id, one.thread_id) for one in store.subscribers.values()} == {(-1001, 0), (-1001, 5)}


async def test_a_pause_ends_when_it_was_said_to(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime
) -> None:
    until = now + timedelta(hours=3)
    assert (await arrivals.pause(use_cases, anna, now, until)).paused_until == until
    assert store.subscribers[anna.id].paused_until == until
    assert (await arrivals.pause(use_cases, anna, now)).paused_until is None
    assert store.subscribers[anna.id].paused_until is None


@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("Europe/Moscow", (23, 19, 0), (24, 6, 0)),  # at ten in the evening: tomorrow
        ("Europe/Moscow", (23, 22, 0), (24, 6, 0)),  # at one in the night: the same day
        ("Europe/Moscow", (24, 4, 0), (25, 6, 0)),  # at seven: this morning they have already
        ("Asia/Kathmandu", (23, 19, 0), (24, 3, 15)),
    ],
)
def test_until_the_morning_is_the_one_that_comes(
    anna: Subscriber, zone: str, now: tuple[int, int, int], morning: tuple[int, int, int]
) -> None:
    anna = replace(anna, time_zone=zone)
    at = arrivals.next_morning(anna, datetime(2026, 11, *now, tzinfo=UTC))
    assert at == datetime(2026, 11, *morning, tzinfo=UTC)


def test_the_morning_after_a_change_of_clocks_is_at_nine_as_well(anna: Subscriber) -> None:
    anna = replace(anna, time_zone="Europe/Berlin")
    at = arrivals.next_morning(anna, datetime(2026, 10, 24, 20, 0, tzinfo=UTC))
    assert at == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)  # summer time has ended: nine is eight by Greenwich


async def test_signs_of_life_are_written_down_once_an_hour(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime
) -> None:
    for minutes in (0, 1, 59, 61, 62, 140):
        known = await store.subscriber(7)
        assert known
        await arrivals.seen(use_cases, known, now + timedelta(minutes=minutes))
    assert store.signs_of_life == 2


async def test_an_answer_to_the_question_counts_at_once(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime
) -> None:
    asked = replace(anna, asked_at=now - timedelta(minutes=2))
    store.subscribers[anna.id] = asked
    answered = await arrivals.seen(use_cases, asked, now)
    assert answered.asked_at is None
    assert store.subscribers[anna.id].asked_at is None


async def test_a_stranger_gives_no_sign_of_life(use_cases: UseCases, store: MemoryStore, now: datetime) -> None:
    await arrivals.seen(use_cases, Subscriber(chat_id=99), now)
    assert not store.signs_of_life
