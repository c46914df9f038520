"""Whatever is cancelled, wherever it is just then, happens whole or not at all, and the store goes on at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import StorageError
from bot.model import Level, NotificationState, Settlement, Subscriber
from storage import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT_ONCE = 2
"""Seconds; a lock that was left behind would keep the next writer waiting for five."""

Work = Callable[[], Coroutine[Any, Any, Any]]


async def cancelled_at(work: Coroutine[Any, Any, Any], turn: int) -> bool:
    """Start it, let the loop turn so often, cancel it, wait for its end; whether it had not ended before."""
    task = asyncio.create_task(work)
    for _ in range(turn):
        await asyncio.sleep(0)
    was_cancelled = task.cancel()
    await asyncio.wait([task], timeout=AT_ONCE)
    assert task.done()
    return was_cancelled


async def cancelled_after(work: Coroutine[Any, Any, Any], milliseconds: float) -> bool:
    """The same by the clock: the driver's thread or the server is at work meanwhile."""
    task = asyncio.create_task(work)
    await asyncio.sleep(milliseconds / 1000)
    was_cancelled = task.cancel()
    await asyncio.wait([task], timeout=AT_ONCE)
    assert task.done()
    return was_cancelled


async def at_every_await(store: Store, work: Work) -> int:
    """Cancel the work at its first await, its second and so on, then ever later; how often it was cancelled."""
    cancelled = 0
    for moment in range(40):
        at = cancelled_at(work(), moment) if moment < 16 else cancelled_after(work(), (moment - 16) / 3)
        cancelled += await at
        async with asyncio.timeout(AT_ONCE):
            await store.write_check()
    return cancelled


async def under_way(store: Store) -> None:
    while not store.under_way:  # noqa: ASYNC110 - the store sets no event
        await asyncio.sleep(0)


async def test_publishing(newsroom: Any) -> None:
    cancelled = await at_every_await(newsroom.store, lambda: newsroom.publish(None, "main", "syria"))

    stories = await newsroom.store.latest([newsroom.topics["main"]], 1000)
    archived = await newsroom.store.archive(NOON.replace(year=2000), 1000)
    dispatches = await newsroom.store.open_dispatches(1000)
    assert len(stories) == len(archived) == len(dispatches) / 2
    assert cancelled > 2


async def test_claiming(newsroom: Any) -> None:
    await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand()

    async def claim() -> None:
        await newsroom.claim("one")

    cancelled = await at_every_await(newsroom.store, claim)
    await newsroom.store.release("one")

    assert len(await newsroom.claim("two")) == 1
    assert cancelled > 2


async def test_settling(newsroom: Any) -> None:
    readers = [await newsroom.reader() for _ in range(3)]
    story = await newsroom.publish()
    await newsroom.expand()
    claimed = await newsroom.claim("one")

    async def settle() -> None:
        await newsroom.store.settle("one", [Settlement(notification=due.notification) for due in claimed])
        await newsroom.claim("one")

    await at_every_await(newsroom.store, settle)
    await newsroom.store.release("one")
    await newsroom.send_all()

    assert [await newsroom.told(story, reader) for reader in readers] == [NotificationState.SENT] * 3


async def test_following(newsroom: Any) -> None:
    chats = iter(range(1, 10_000))

    async def follow() -> None:
        reader = await newsroom.store.add_subscriber(Subscriber(chat_id=next(chats)), NOON)
        await newsroom.store.follow(reader.id, newsroom.topics["main"], Level.MAJOR, NOON)

    assert await at_every_await(newsroom.store, follow) > 2


async def test_many_at_once(newsroom: Any) -> None:
    """As when a task group is torn down: some hold the connection, some wait for it."""
    for turn in range(20):
        tasks = [asyncio.create_task(newsroom.publish()) for _ in range(6)]
        for _ in range(turn):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=AT_ONCE)
        assert all(task.done() for task in tasks)
        async with asyncio.timeout(AT_ONCE):
            await newsroom.store.write_check()


async def test_who_is_cancelled_while_waiting_for_a_turn_waits_no_longer(sqlite_store: Store) -> None:
    async with sqlite_store.write():
        waiting = asyncio.create_task(sqlite_store.write_check())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait([waiting], timeout=AT_ONCE)

        assert waiting.cancelled()


async def test_a_time_limit_on_the_wait_is_a_time_limit(sqlite_store: Store) -> None:
    async with sqlite_store.write():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await sqlite_store.write_check()


async def test_cancelling_again_and_again_changes_nothing(newsroom: Any) -> None:
    task = asyncio.create_task(newsroom.publish("1"))
    for _ in range(40):
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with asyncio.timeout(AT_ONCE):
        await newsroom.store.write_check()


async def test_a_failure_that_nobody_waits_for_any_more_is_let_go(newsroom: Any) -> None:
    failing = asyncio.create_task(newsroom.store.follow(10**9, newsroom.topics["main"], Level.MAJOR, NOON))
    await under_way(newsroom.store)
    failing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await failing
    with pytest.raises(StorageError):
        await newsroom.store.follow(10**9, newsroom.topics["main"], Level.MAJOR, NOON)


async def test_closing_waits_for_what_is_under_way(newsroom: Any) -> None:
    store = newsroom.store
    publishing = asyncio.create_task(newsroom.publish("1"))
    await under_way(store)

    await store.close()

    assert publishing.done()
    assert len(await store.archive(NOON.replace(year=2000), 10)) == 1  # a pool that was emptied fills anew
