"""Updates come until they are handled or parked: one that is poison costs only itself, and a stop takes under 10 s."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.demo.faults import Fault, hang, too_many_requests
from bot.demo.people import Person
from bot.model import Subscriber
from bot.telegram import updates
from storage import Store
from tests.journey.conftest import World, primed, pushes, start
from tests.journey.lives import Lives

OLD = "Правительство обсудило новый закон о рыбалке"
SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
SETTLES_WITHIN = 10.0
"""Seconds from SIGTERM to the end of the process, as service managers grant."""

UNREADABLE = [
    {"message": {"message_id": "soon", "date": 1, "chat": {"id": 7, "type": "private"}, "text": "/start"}},
    {"message": {"message_id": 5}},
    {"message": None},
    {"message": "a text"},
    {"message": [1, 2, 3]},
    {"callback_query": {"id": "1", "from": {"id": "x"}, "data": "\x00"}},
    {"hologram": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}},
    {},
]
"""As an older or newer server might send them, or a broken one."""


class Poison:
    """A step of the conversation that goes wrong for one chat."""

    def __init__(self, chat_id: int) -> None:
        self.chat_id = chat_id
        self.tries = 0
        self.tried = asyncio.Event()
        self.antidote = asyncio.Event()

    def into(self, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
        healthy = Store.subscriber

        async def subscriber(store: Store, chat_id: int, thread_id: int = 0) -> Subscriber | None:
            if chat_id == self.chat_id and not self.antidote.is_set():
                self.tries += 1
                self.tried.set()
                if how == "raises":
                    raise RuntimeError("poison")
                await self.antidote.wait()
            return await healthy(store, chat_id, thread_id)

        monkeypatch.setattr(Store, "subscriber", subscriber)


async def answered(world: World, *people: Person) -> None:
    await world.telegram.wait_until(lambda: all(person.received for person in people), timeout=15)


async def test_an_update_is_confirmed_only_when_it_is_handled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, boris = world.telegram.person(7, "Анна"), world.telegram.person(8, "Борис")
    poison = Poison(anna.chat_id)
    poison.into(monkeypatch, "waits")
    await anna.says("/start")
    await boris.says("/start")
    async with world.bot():
        await answered(world, boris)
        assert world.telegram.world.updates.pending == 2
        poison.antidote.set()
        await answered(world, anna)
    assert world.telegram.world.updates.pending == 0
    assert len(anna.received) == len(boris.received) == 1


@pytest.mark.parametrize("raw", UNREADABLE, ids=str)
async def test_an_update_that_cannot_be_read_is_parked(world: World, raw: dict[str, Any]) -> None:
    anna, boris = world.telegram.person(7, "Анна"), world.telegram.person(8, "Борис")
    await anna.says("/start")
    number = world.telegram.world.updates.add_raw(raw)
    await boris.says("/start")
    with capture_logs() as logs:
        async with world.bot():
            await answered(world, anna, boris)
        async with world.bot():
            await primed(world)
    assert world.telegram.world.updates.pending == 0
    assert [line["update_id"] for line in logs if line["event"] == "updates.parked"] == [number]


@pytest.mark.parametrize("how", ["raises", "hangs"])
async def test_an_update_that_breaks_a_handler_is_parked(
    world: World, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "HANDLER_SECONDS", 2)
    anna, boris = world.telegram.person(7, "Анна"), world.telegram.person(8, "Борис")
    poison = Poison(anna.chat_id)
    poison.into(monkeypatch, how)
    await anna.says("/start")
    await boris.says("/start")
    with capture_logs() as logs:
        async with world.bot():
            await answered(world, boris)
            await boris.says("/topics")
            await world.telegram.wait_until(lambda: len(boris.received) == 2, timeout=15)
        async with world.bot():
            await primed(world)
    assert poison.tries == 1
    assert world.telegram.world.updates.pending == 0
    seen = Counter(line["event"] for line in logs)
    assert seen["updates.parked"] + seen["conversation.failed"] == 1


@pytest.mark.parametrize(
    ("fault", "method"),
    [
        (hang(), None),
        (hang(), "sendMessage"),
        (too_many_requests(30), "sendMessage"),
        (too_many_requests(30), None),
    ],
    ids=["Telegram hangs", "messages hang", "messages flood", "everything floods"],
)
async def test_sigterm_settles_within_ten_seconds(world: World, lives: Lives, fault: Fault, method: str | None) -> None:
    world.kiosk.full_text = True
    world.kiosk.publish(OLD)
    anna, boris = world.telegram.person(7, "Анна"), world.telegram.person(8, "Борис")
    life = await lives.begin(world.folder, world.values())
    await start(world, anna, "сирия")
    await primed(world)
    world.telegram.faults.inject(fault, method=method, times=None)
    await boris.says("/start")
    world.kiosk.publish(SYRIA)
    await world.telegram.wait_for(lambda call: call.chat_id == 7 and call.fault is not None, timeout=15)
    stopped_at = time.monotonic()
    life.terminate()
    assert await life.end() == 0, life.log.read_text()
    assert time.monotonic() - stopped_at < SETTLES_WITHIN
    world.telegram.faults.clear()
    second = await lives.begin(world.folder, world.values(), later=timedelta(minutes=1))  # after the flood's wait
    await world.telegram.wait_until(lambda: pushes(anna, SYRIA) and boris.received, timeout=15)
    await second.stop()
    assert len(pushes(anna, SYRIA)) == 1
