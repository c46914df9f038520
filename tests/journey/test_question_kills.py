"""A real process, killed by -9 at any step of asking who has gone silent: they are asked, and at most once more."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.demo.telegram import StandIn
from bot.model import Subscriber
from bot.telegram.digest import question
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import World, primed, start
from tests.journey.lives import Lives
from tests.journey.records import rows

READER, STRANGER = 101, 102
LONG_AGO = datetime.now(UTC) - timedelta(days=15)
LATER = timedelta(minutes=7)
"""After it the dead life's turn at asking is over."""
STEPS = ("store.claim_silent", "messenger.ask", "store.settle_silent")
PLACES = tuple(f"{step}:{when}" for step in STEPS for when in ("before", "after"))
ASKED_BUT_UNWRITTEN = frozenset({"messenger.ask:after", "store.settle_silent:before"})


@pytest.mark.parametrize("place", PLACES)
async def test_a_kill_at_any_step_of_asking_repeats_the_question_once_at_most(
    place: str, lives: Lives, tmp_path: Path
) -> None:
    async with Kiosk() as kiosk, StandIn() as telegram:
        kiosk.publish("Правительство обсудило новый закон о рыбалке")
        world = World(kiosk, telegram, tmp_path)
        life = await lives.begin(world.folder, world.values())
        await start(world, telegram.person(READER, "Анна"), "сирия")
        await primed(world)
        await life.stop()
        gone_silent(world.database)

        first = await lives.begin(world.folder, world.values(), kill_at=place)
        assert await first.end() == -SIGKILL, first.log.read_text()
        second = await lives.begin(world.folder, world.values(), later=LATER)
        stranger = telegram.person(STRANGER, "Глеб")
        await stranger.says("/help")
        await telegram.wait_until(lambda: bool(stranger.received), timeout=15)
        await asked(world.database)
        await second.stop()

        assert 1 <= questions(world) <= (2 if place in ASKED_BUT_UNWRITTEN else 1)


def gone_silent(database: Path) -> None:
    """The reader gave no sign of life since LONG_AGO."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE subscribers SET seen_at = ?", [int(LONG_AGO.timestamp() * 1_000_000)])


async def asked(database: Path, within: float = 15) -> None:
    """Returns when it's written down that the reader was asked. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not rows(database, "SELECT 1 FROM subscribers WHERE asked_at IS NOT NULL"):  # noqa: ASYNC110 - as in records
            await asyncio.sleep(0.02)


def questions(world: World) -> int:
    """How often the reader was asked."""
    text, _ = question(Subscriber(chat_id=READER))
    calls = world.telegram.journal.calls
    return sum(call.chat_id == READER and call.took_effect and call.text == text for call in calls)
