"""What is too old goes in small steps, and a failing store only puts that off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.upkeep import STEP, Upkeep

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Attic:
    """A store with so many old rows; it may fail at first."""

    def __init__(self, rows: int, *, fails: bool = False) -> None:
        self.rows = rows
        self.fails = fails
        self.steps = 0
        self.empty = asyncio.Event()

    async def tidy(self, now: datetime, limit: int) -> int:
        self.steps += 1
        if self.fails:
            self.empty.set()
            raise StorageError("the disk is full")
        gone = min(limit, self.rows)
        self.rows -= gone
        if not gone:
            self.empty.set()
        return gone


async def _one_round(attic: Attic) -> None:
    upkeep = Upkeep(attic, clock=lambda: NOW)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(upkeep.run())
        await attic.empty.wait()
        upkeep.stop()


async def test_everything_old_goes_in_steps() -> None:
    attic = Attic(STEP + 1)
    with capture_logs() as logs:
        await _one_round(attic)
    assert (attic.rows, attic.steps) == (0, 3)
    assert [line["rows"] for line in logs] == [STEP + 1]


async def test_where_there_is_nothing_old_nothing_is_said() -> None:
    with capture_logs() as logs:
        await _one_round(Attic(0))
    assert logs == []


async def test_a_failing_store_is_one_line() -> None:
    with capture_logs() as logs:
        await _one_round(Attic(0, fails=True))
    assert [line["event"] for line in logs] == ["upkeep.store_failed"]
