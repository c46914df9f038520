"""What only SQLite needs: its file modes, its locks, and what happens when the disk gives out."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StorageError
from bot.model import Subscriber
from storage import Store, open_store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def pragma(store: Store, name: str, *, writer: bool = False) -> object:
    async with store.write() if writer else store.read() as connection:
        return await connection.scalar(text(f"PRAGMA {name}"))


async def test_commits_are_synced_to_a_write_ahead_log(store: Store) -> None:
    assert await pragma(store, "journal_mode", writer=True) == "wal"
    assert await pragma(store, "synchronous", writer=True) == 2
    assert [await pragma(store, "foreign_keys", writer=writer) for writer in (True, False)] == [1, 1]


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(StorageError, match="read-only"):
        async with store.read() as connection:
            await connection.execute(text("DELETE FROM topics"))


async def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    async with store.write() as connection:
        await connection.execute(text("INSERT INTO topics (slug) VALUES ('main')"))

        assert await asyncio.wait_for(store.topic_by_id(1), 2) is None

    assert await store.topic_by_id(1) is not None


async def test_two_processes_share_one_file(database_url: str) -> None:
    one, two = await open_store(database_url), await open_store(database_url)

    await asyncio.gather(
        *(store.add_subscriber(Subscriber(chat_id=chat), NOON) for chat in range(30) for store in (one, two))
    )

    found = [await store.subscriber(chat) for chat in range(30) for store in (one, two)]
    assert len({subscriber.id for subscriber in found if subscriber}) == 30
    await one.close()
    await two.close()


async def test_a_lock_that_another_program_keeps_is_named_and_outlived(database_file: Path, store: Store) -> None:
    async with store.write() as connection:  # waiting the usual ten seconds would be a slow test
        await connection.execute(text("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(database_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError) as caught:
        await store.add_subscriber(Subscriber(chat_id=5), NOON)
    other.execute("ROLLBACK")
    other.close()

    assert str(caught.value) == f"database {database_file}: another program keeps the database locked"
    assert (await store.add_subscriber(Subscriber(chat_id=5), NOON)).id == 1


async def fill(store: Store) -> None:
    for chat in range(2, 2000):
        await store.add_subscriber(Subscriber(chat_id=chat, time_zone="x" * 2000), NOON)


async def test_a_full_disk_loses_nothing_and_is_outlived(database_file: Path, store: Store) -> None:
    first = await store.add_subscriber(Subscriber(chat_id=1), NOON)
    async with store.write() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    with pytest.raises(StorageError) as caught:
        await fill(store)

    assert str(caught.value) == f"database {database_file}: the disk is full"
    assert await store.subscriber(1) == first
    async with store.write() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert (await store.add_subscriber(Subscriber(chat_id=5000), NOON)).id > first.id


async def test_a_database_that_becomes_read_only_is_named_and_outlived(database_file: Path, store: Store) -> None:
    async with store.write() as connection:
        await connection.execute(text("PRAGMA query_only = ON"))

    with pytest.raises(StorageError) as caught:
        await store.write_check()
    await store.writer.engine.dispose()  # the next connection can write again

    assert str(caught.value) == f"database {database_file}: the database is read-only"
    await store.write_check()


async def test_a_disk_that_fails_is_named_and_outlived_without_reopening(database_file: Path, store: Store) -> None:
    first = await store.add_subscriber(Subscriber(chat_id=1), NOON)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = database_file.with_name(f"{database_file.name}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (log + 100_000, limits[1]))  # bytes, of any file of this process
    try:
        with pytest.raises(StorageError) as caught:
            await fill(store)
        with pytest.raises(StorageError, match="the disk"):
            await store.add_subscriber(Subscriber(chat_id=3000, time_zone="x" * 200_000), NOON)
        assert await store.subscriber(1) == first
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert str(caught.value).startswith(f"database {database_file}: the disk ")
    assert (await store.add_subscriber(Subscriber(chat_id=5000), NOON)).id > first.id


async def test_a_database_that_was_read_only_for_a_while_needs_no_reopening(store: Store) -> None:
    async with store.write() as connection:
        await connection.execute(text("PRAGMA query_only = ON"))
    for _ in range(3):
        with pytest.raises(StorageError, match="read-only"):
            await store.add_subscriber(Subscriber(chat_id=5), NOON)
    raw = await store.writer.engine.raw_connection()
    assert raw.driver_connection is not None
    await (await raw.driver_connection.execute("PRAGMA query_only = OFF")).close()
    raw.close()

    assert (await store.add_subscriber(Subscriber(chat_id=5), NOON)).id == 1


async def test_many_who_wait_for_a_lock_all_get_through_when_it_ends(database_file: Path, store: Store) -> None:
    other = sqlite3.connect(database_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = [asyncio.create_task(store.add_subscriber(Subscriber(chat_id=chat), NOON)) for chat in range(1, 6)]
    await asyncio.sleep(0.05)
    other.execute("ROLLBACK")
    other.close()

    stored = await asyncio.gather(*waiting)

    assert len({each.id for each in stored}) == 5


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from bot.model import Subscriber
from storage import open_store

async def main():
    store = await open_store(sys.argv[1])
    for chat in range(1, 100000):
        await store.add_subscriber(Subscriber(chat_id=chat), datetime.now(UTC))
        print(chat, flush=True)

asyncio.run(main())
"""


async def test_what_was_said_to_be_stored_survives_a_kill(database_url: str) -> None:
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, database_url, stdout=asyncio.subprocess.PIPE, env=os.environ
    )
    assert writer.stdout is not None
    lines = [await writer.stdout.readline() for _ in range(25)]
    writer.send_signal(signal.SIGKILL)
    lines += (await writer.stdout.read()).splitlines()
    await writer.wait()

    store = await open_store(database_url)
    told = max(int(line) for line in lines)
    found = [await store.subscriber(chat) for chat in range(1, told + 1)]
    await store.close()

    assert told >= 25
    assert None not in found
