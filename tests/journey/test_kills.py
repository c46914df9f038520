"""A kill between any two steps of collect and deliver loses nothing and repeats only what was in flight.

Real store, real stages, real HTTP from the newspaper; only Telegram is a fake at its port, so that every single call
at a port can be the last one of a process. The next process starts two minutes later, when leases have run out.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery
from bot.errors import ParseError
from bot.journey import Journey
from bot.model import Level, Page, Response, Source, Subscriber, Topic
from bot.sources import load
from bot.topics import BUILT_IN
from bot.web import HttpWeb
from storage import Store, open_store
from tests.fakes.kill import KilledError, Lifeline
from tests.fakes.kiosk import Kiosk
from tests.fakes.messenger import Phones

READERS = (101, 102, 103)
OLD = "Правительство обсудило бюджет на будущий год"
NEWS = ("В Алеппо начались переговоры о прекращении огня в Сирии", "Сирийская армия отвела танки от Хомса")
IMMORTAL = 10**9
MOST_CALLS = 40
"""More than a process makes at its ports from its start until everybody is told; beyond, it lives through."""


class NoPages:
    """The feed says all: no page is read."""

    async def read(self, response: Response, source: Source) -> Page:
        raise ParseError("no page")


@dataclass(slots=True)
class Process:
    """One life of the bot's collect and deliver wheels on a database."""

    store: Store
    web: HttpWeb
    kiosk: Kiosk
    phones: Phones
    life: Lifeline
    started: timedelta
    """After the first process: by then the leases of the one before have run out."""

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.started

    async def collect(self) -> None:
        store = self.life.around(self.store)
        journey = Journey(
            store=store,
            web=self.life.around(self.web),
            pages=NoPages(),
            clock=self.clock,
            sources=await store.register_sources(load(self.kiosk.source(), "test"), self.clock()),
            topic_ids=await store.register_topics(BUILT_IN),
            owner=f"started {self.started}",
            interval=timedelta(seconds=1),
        )
        await journey.prepare()
        await journey.turn()

    async def deliver(self) -> None:
        delivery = Delivery(
            store=self.life.around(self.store),
            messenger=self.life.around(self.phones),
            clock=self.clock,
            owner=f"started {self.started}",
        )
        running = asyncio.create_task(delivery.run())
        try:
            async with asyncio.timeout(10):
                while not (running.done() or await self._is_quiet()):  # noqa: ASYNC110 - the store sets no event
                    await asyncio.sleep(0.005)
        finally:
            delivery.stop()
            await running

    async def _is_quiet(self) -> bool:
        return not await self.store.open_dispatches(1) and await self.store.next_due_at() is None

    async def live(self) -> None:
        """Collect and deliver, until everything is done or the process is killed."""
        try:
            await self.collect()
            await self.deliver()
        except BaseException as error:
            if not (self.life.dead and _is_kill(error)):
                raise


def _is_kill(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_is_kill(one) for one in error.exceptions)
    return isinstance(error, KilledError)


@pytest.fixture(scope="module")
async def web() -> AsyncIterator[HttpWeb]:
    async with HttpWeb(contact_url=None, allow_private_hosts=True) as web:
        yield web


@pytest.fixture(scope="module")
async def kiosk() -> AsyncIterator[Kiosk]:
    async with Kiosk(full_text=True) as kiosk:
        kiosk.publish(OLD)
        yield kiosk


@pytest.fixture(scope="module")
async def before_the_news(web: HttpWeb, kiosk: Kiosk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of a bot that has read the newspaper once and has its readers; then the news is printed."""
    file = tmp_path_factory.mktemp("kills") / "glavnoe.db"
    store = await open_store(f"sqlite+aiosqlite:///{file}")
    await Process(store, web, kiosk, Phones(), Lifeline(IMMORTAL, after=True), timedelta(0)).live()
    syria = await store.topic(Topic(slug="syria"))
    for chat_id in READERS:
        reader = await store.add_subscriber(Subscriber(chat_id=chat_id), datetime.now(UTC))
        await store.follow(reader.id, syria.id, Level.ROUTINE, datetime.now(UTC))
    await store.close()
    for title in NEWS:
        kiosk.publish(title)
    return file


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("last_call", range(1, MOST_CALLS + 1))
async def test_a_kill_at_any_step_loses_nothing(
    last_call: int, after: bool, before_the_news: Path, web: HttpWeb, kiosk: Kiosk, tmp_path: Path
) -> None:
    database = shutil.copy(before_the_news, tmp_path / "glavnoe.db")
    phones = Phones()
    store = await open_store(f"sqlite+aiosqlite:///{database}")
    try:
        await Process(store, web, kiosk, phones, Lifeline(last_call, after), timedelta(minutes=2)).live()
        in_flight = sum(phones.arrived.values()) - _written_down(database)
        await Process(store, web, kiosk, phones, Lifeline(IMMORTAL, after), timedelta(minutes=4)).live()
    finally:
        await store.close()
    assert set(phones.arrived) == {(reader, title) for reader in READERS for title in NEWS}
    assert sum(phones.arrived.values()) - len(phones.arrived) <= in_flight


def _written_down(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        (sent,) = connection.execute("SELECT count(*) FROM notifications WHERE state = 'sent'").fetchone()
    return int(sent)
