"""Upkeep: what is too old goes, a little at a time, so that the store never keeps anybody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot import topics
from bot.errors import QueryError, StorageError
from bot.model import Topic
from bot.ports import Clock, MaintenanceStore

EVERY: Final = 3600.0
"""Seconds between rounds; an hour's news is a few steps' work."""
STEP: Final = 1000
"""Rows a transaction: about 20 ms on SQLite."""
BREATH: Final = 0.2
"""Seconds between steps: nine tenths of the store's time are left to the others."""

KEYED: Final = 500
"""Topics that get their keys in one transaction."""
LOOK: Final = 1.0
"""Seconds between looks at the clock."""
JUMP: Final = timedelta(minutes=1)
"""A clock that goes back by less is being adjusted, which delays nothing for long."""

log = structlog.get_logger()


@dataclass(slots=True)
class Upkeep:
    """The wheel that tidies: `run()` until `stop()`."""

    store: MaintenanceStore
    clock: Clock
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """A round now and then one every hour; a store that fails is one log line, and the next round goes on."""
        while not self._stopping.is_set():
            try:
                await self._round()
            except StorageError as error:
                log.error("upkeep.store_failed", error=str(error))
            await self._rest(EVERY)

    async def _round(self) -> None:
        gone = 0
        while not self._stopping.is_set() and (step := await self.store.tidy(self.clock(), STEP)):
            gone += step
            await self._rest(BREATH)
        if gone:
            log.info("upkeep.tidied", rows=gone)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


async def join_equal_topics(store: MaintenanceStore) -> None:
    """Topics that an older version stored become one where they ask for the same. Once, at start; then it's a look."""
    while page := await store.topics_without_key(KEYED):
        await store.give_keys(await asyncio.to_thread(_keys, page))
        log.info("upkeep.topics_keyed", topics=len(page))


def _keys(page: Sequence[Topic]) -> dict[int, str]:
    return {topic.id: _key(topic.query or "") for topic in page}


def _key(query: str) -> str:
    try:
        return topics.parse(query).digest
    except QueryError:  # of a language that this version doesn't speak any more
        return f"?{query}"


@dataclass(slots=True)
class ClockWatch:
    """The wheel that looks at the clock: `run()` until `stop()`.

    A clock is set back when it had been wrong; what it wrote while it was ahead must not wait until it's there again.
    """

    store: MaintenanceStore
    clock: Clock
    corrected: Callable[[], None] = lambda: None
    """Called when something may have fallen due by it."""
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Put right what an earlier run's clock has left, then what this one's does."""
        latest = None
        while not self._stopping.is_set():
            now = self.clock()
            if latest is None or latest - now > JUMP:
                latest = now if await self._corrected(now) else latest
            else:
                latest = max(latest, now)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK)

    async def _corrected(self, now: datetime) -> bool:
        """False if the store failed, so that it's tried again."""
        try:
            was_ahead = await self.store.rewind(now)
        except StorageError as error:
            log.error("clock.store_failed", error=str(error))
            return False
        if was_ahead:
            log.warning("clock.went_back", hint="what was written while it was ahead is due now")
            self.corrected()
        return True
