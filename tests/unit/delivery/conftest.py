"""The deliver wheel over a real store, with phones in memory and a clock that is set by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import Delivery
from bot.errors import StorageError
from bot.model import (
    Article,
    Evidence,
    Importance,
    Level,
    Notification,
    Publication,
    Source,
    Subscriber,
)
from storage import Store, open_store
from tests.fakes.messenger import Phones

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, twelve o'clock in Moscow."""


class Watched:
    """The store itself; it notes which claims last found nothing, and fails on order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.claimed: set[str] = set()
        self.found_nothing: set[str] = set()
        self.failures: dict[str, int] = {}
        """How often the method is still to fail."""

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            if self.failures.get(name, 0) > 0:
                self.failures[name] -= 1
                raise StorageError("the disk is full")
            result = await method(*args, **kwargs)
            if name.startswith("claim"):
                self.claimed.add(name)
                (self.found_nothing.discard if result else self.found_nothing.add)(name)
            return result

        return call


@dataclass
class Office:
    """A newspaper that prints stories at `now`, and the delivery of them."""

    store: Store
    source: Source
    syria: int
    now: datetime = NOON
    phones: Phones = field(default_factory=Phones)
    numbers: count[int] = field(default_factory=lambda: count(1))

    async def reader(self, chat_id: int, **preferences: Any) -> Subscriber:
        reader = await self.store.add_subscriber(Subscriber(chat_id=chat_id), self.now)
        reader = replace(reader, **preferences)
        await self.store.set_preferences(reader)
        await self.store.follow(reader.id, self.syria, Level.ROUTINE, self.now)
        return reader

    async def print(self, title: str, level: Level = Level.MAJOR, section: str = "Политика") -> int:
        number = next(self.numbers)
        article = Article(
            source_id=self.source.id,
            key=str(number),
            url=f"https://www.trud.ru/article/{number}",
            title=title,
            published_at=self.now,
            seen_at=self.now,
            section=section,
        )
        publication = Publication(
            article=article,
            importance=Importance(score=50, level=level),
            evidence=(Evidence(self.syria, 1.0),),
            summary="",
        )
        stored = await self.store.publish(publication, self.now)
        assert stored is not None
        return stored.story_id

    async def expand(self) -> None:
        while dispatches := await self.store.open_dispatches(1):
            await self.store.expand(dispatches[0], 1000, self.now)

    def wheel(self, messenger: Any = None, store: Any = None) -> Delivery:
        return Delivery(
            store=store or self.store,
            messenger=messenger or self.phones,
            clock=lambda: self.now,
            owner=f"wheel {next(self.numbers)}",
        )

    def watched(self) -> Watched:
        return Watched(self.store)

    async def deliver(self, at: datetime | None = None, messenger: Any = None, patient: bool = True) -> None:
        """Deliver until there is nothing left to do at that time; not patient: of the silent, only look once."""
        self.now = at or self.now
        store = self.watched()
        claims = {"claim", "claim_digests", "claim_silent"}

        async def is_done() -> bool:
            if await self.store.open_dispatches(1):
                return False
            due_at = await self.store.next_due_at()
            at_rest = due_at is None or due_at > self.now
            wanted = claims if patient else claims - {"claim_silent"}
            return at_rest and wanted <= store.found_nothing and claims <= store.claimed

        await self.turn(self.wheel(messenger, store), is_done)

    async def turn(self, wheel: Delivery, is_done: Callable[[], Any]) -> None:
        running = asyncio.create_task(wheel.run())
        try:
            async with asyncio.timeout(20):
                while not await is_done():  # noqa: ASYNC110 - the store sets no event
                    await asyncio.sleep(0.005)
        finally:
            wheel.stop()
            await running

    async def told(self, reader: Subscriber, story_id: int) -> Notification:
        explanation = await self.store.explain(reader.id, story_id)
        assert explanation is not None
        assert explanation.notification is not None
        return explanation.notification

    async def again(self, reader: Subscriber) -> Subscriber:
        """As the store has them now."""
        stored = await self.store.subscriber(reader.chat_id)
        assert stored is not None
        return stored


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path}/glavnoe.db")
    trud = Source(name="Труд", url="https://www.trud.ru/rss", language="ru", owner="trud", country="RU")
    (source,) = await store.register_sources([trud], NOON - timedelta(days=1))
    topics = await store.register_topics(["main", "syria"])
    yield Office(store, source, topics["syria"])
    await store.close()
