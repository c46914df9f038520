"""A full disk, a locked or read-only database, a clock that goes back: one clear line, no loss, recovery by itself."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from structlog.testing import capture_logs

import bot.delivery
import bot.journey
import storage.engine
from bot.demo.faults import hang, too_many_requests
from bot.demo.people import Person
from bot.errors import StorageError
from tests.journey.conftest import World, primed, pushes, start
from tests.journey.lives import Lives
from tests.journey.records import rows, settled

OLD = "Правительство обсудило новый закон о рыбалке"
SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
AGAIN = "Сирийская армия отвела танки от Хомса"
HOUR = timedelta(hours=1)
LATER = "SELECT count(*) FROM notifications WHERE state = 'due' AND lease_owner IS NULL AND reason IS NOT NULL"
DISK = 4 * 2**20
READERS = range(101, 109)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes less: a store that fails is looked at again, a locked one is given up."""
    monkeypatch.setattr(bot.journey, "STORE_RETRY", 0.2)
    monkeypatch.setattr(bot.delivery, "IDLE", 0.2)
    for name in ("_WRITER_PRAGMAS", "_READER_PRAGMAS"):
        pragmas = [each for each in getattr(storage.engine, name) if "busy_timeout" not in each]
        monkeypatch.setattr(storage.engine, name, ("PRAGMA busy_timeout = 300", *pragmas))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a disk of its own can only be mounted by root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S603, S607 - the system's own


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)  # noqa: S603, S607 - the system's own


@pytest.fixture
async def people(world: World) -> list[Person]:
    world.kiosk.full_text = True
    world.kiosk.publish(OLD)
    return [world.telegram.person(chat_id, "Читатель") for chat_id in READERS]


async def gathered(world: World, people: list[Person]) -> None:
    for person in people:
        await start(world, person, "сирия")
    await primed(world)


async def told(world: World, people: list[Person], title: str) -> None:
    await world.telegram.wait_until(lambda: all(pushes(person, title) for person in people), timeout=20)


@asynccontextmanager
async def full(world: World) -> AsyncIterator[None]:
    filler = world.folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


@asynccontextmanager
async def locked(world: World) -> AsyncIterator[None]:
    other = sqlite3.connect(world.database, isolation_level=None, timeout=10, check_same_thread=False)
    with closing(other):
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield


LISTENERS: list[Callable[[Connection], None]] = []


@pytest.fixture(autouse=True)
def _no_listener_outlives_its_test() -> Iterator[None]:
    yield
    while LISTENERS:
        event.remove(Engine, "begin", LISTENERS.pop())


@asynccontextmanager
async def read_only(_: World) -> AsyncIterator[None]:
    """Refused by SQLite itself; files and disks do not stop those who have them open, nor root."""
    refused = True

    def refuse(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA query_only = {int(refused)}")

    event.listen(Engine, "begin", refuse)
    LISTENERS.append(refuse)
    yield
    refused = False  # each connection learns it when it begins next


TROUBLES = {
    "the disk is full": full,
    "another program keeps the database locked": locked,
    "the database is read-only": read_only,
}


async def said(logs: list[MutableMapping[str, Any]], words: str) -> None:
    """Returns when a log line tells of it."""
    async with asyncio.timeout(15):
        while not any(words in f"{line['event']} {line.get('error')}" for line in logs):  # noqa: ASYNC110 - a log sets no event
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("while_", ["collecting", "settling"])
async def test_while_nothing_can_be_written_nothing_is_lost_or_told_twice(
    world: World, people: list[Person], trouble: str, while_: str, disk: Path
) -> None:
    world.folder = disk
    with capture_logs() as logs:
        async with world.bot():
            await gathered(world, people)
            if while_ == "settling":
                world.kiosk.publish(SYRIA)
                await world.telegram.wait_until(lambda: any(pushes(person, SYRIA) for person in people), timeout=15)
            async with TROUBLES[trouble](world):
                world.kiosk.publish(SYRIA if while_ == "collecting" else AGAIN)
                await said(logs, trouble)
            await told(world, people, SYRIA)
            if while_ == "settling":
                await told(world, people, AGAIN)
            await settled(world.database)
    assert {len(pushes(person, SYRIA)) for person in people} == {1}
    assert not [line for line in logs if line.get("exc_info")]


async def test_a_read_only_disk_is_said_in_one_line_at_the_start(
    world: World, people: list[Person], disk: Path
) -> None:
    world.settings["database_url"] = f"sqlite+aiosqlite:///{disk}/glavnoe.db"
    async with world.bot():
        await gathered(world, people)
    mount("-o", "remount,ro", str(disk))
    with pytest.raises(StorageError) as refused:
        await world.serve(asyncio.Event())
    assert str(refused.value) == f"database {disk}/glavnoe.db: the file can't be opened: is its folder writable?"
    mount("-o", "remount,rw", str(disk))
    world.kiosk.publish(SYRIA)
    async with world.bot():
        await told(world, people, SYRIA)


async def waiting(world: World, count: int) -> None:
    """Returns when so many notifications are written down as to be tried again later."""
    async with asyncio.timeout(10):
        while rows(world.database, LATER) != [(count,)]:  # noqa: ASYNC110 - a database sets no event
            await asyncio.sleep(0.02)


@dataclass
class Watch:
    """A clock that can be set."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def test_a_clock_that_goes_back_an_hour_delays_no_news(world: World, people: list[Person]) -> None:
    watch = Watch()
    world.settings["poll_interval"] = 1
    async with world.bot(clock=watch):
        await gathered(world, people)
        await asyncio.sleep(0.3)  # between two polls: none of them may write the new time by chance
        watch.ahead = -HOUR
        world.kiosk.publish(SYRIA, at=watch())
        await told(world, people, SYRIA)
        await settled(world.database)
    world.kiosk.publish(AGAIN, at=watch())
    async with world.bot(clock=watch):
        await told(world, people, AGAIN)
        await settled(world.database)
    assert {len(pushes(person, title)) for person in people for title in (SYRIA, AGAIN)} == {1}


async def test_what_waits_when_the_clock_goes_back_is_told_soon(world: World, people: list[Person]) -> None:
    watch = Watch()
    async with world.bot(clock=watch):
        await gathered(world, people)
        world.telegram.faults.inject(too_many_requests(3), method="sendMessage", chat_id=people[0].chat_id)
        world.kiosk.publish(SYRIA)
        await waiting(world, 1)
        watch.ahead = -HOUR
        await told(world, people, SYRIA)


async def test_what_a_dead_process_had_claimed_is_free_in_time_though_the_clock_went_back(
    world: World, people: list[Person], lives: Lives
) -> None:
    life = await lives.begin(world.folder, world.values())
    await gathered(world, people)
    world.telegram.faults.inject(hang(), method="sendMessage", times=None)
    world.kiosk.publish(SYRIA)
    await world.telegram.wait_for(lambda call: call.fault is not None, timeout=15)
    life.kill()
    await life.end()
    world.telegram.faults.clear()
    watch = Watch(-HOUR)
    with capture_logs() as logs:
        async with world.bot(clock=watch):
            await said(logs, "clock.went_back")
            watch.ahead += timedelta(minutes=2)  # a lease is over
            await told(world, people, SYRIA)
