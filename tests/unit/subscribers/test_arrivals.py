"""Coming, pausing, going and coming back."""

from __future__ import annotations

from datetime import datetime

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
    stranger = Subscriber(chat_id=7)
    first = await arrivals.welcome(use_cases, stranger, "en", now)
    again = await arrivals.welcome(use_cases, stranger, "en", now)
    assert first.id == again.id != NEW
    assert store.subscribers[first.id].language == "en"


@pytest.mark.parametrize("state", SubscriberState)
async def test_welcome_ends_a_pause_and_an_absence(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime, state: SubscriberState
) -> None:
    await store.set_state(anna.id, state)
    known = await store.subscriber(7)
    assert known
    welcomed = await arrivals.welcome(use_cases, known, "ru", now)
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
