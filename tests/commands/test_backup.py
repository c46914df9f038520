# ruff: noqa: ASYNC240 - nobody waits beside a test that looks at its files
"""`backup` and `restore`: a copy made while the bot runs, and put back; nothing is half done."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model import Subscriber
from storage import Store, open_store
from tests.commands.conftest import CommandBeside

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DATABASE = Path("data/glavnoe.db")
BEFORE = Path("data/glavnoe.db.replaced")


@pytest.fixture
async def store(_alone: None) -> AsyncIterator[Store]:
    """The default database, open as by a running bot."""
    store = await open_store(f"sqlite+aiosqlite:///{DATABASE}")
    yield store
    await store.close()


async def readers(database: Path = DATABASE) -> list[int]:
    with closing(sqlite3.connect(database)) as connection:
        return [chat for (chat,) in connection.execute("SELECT chat_id FROM subscribers ORDER BY chat_id")]


async def test_a_backup_of_a_running_bot_is_one_file_with_everything(store: Store, run_beside: CommandBeside) -> None:
    await store.add_subscriber(Subscriber(chat_id=7), NOW)
    ended = await run_beside("backup", "copies/today.db")
    assert (ended.code, ended.err) == (0, "")
    assert await readers(Path("copies/today.db")) == [7]
    assert [path.name for path in Path("copies").iterdir()] == ["today.db"]


async def test_a_restored_backup_takes_the_databases_place_and_keeps_that(
    store: Store, run_beside: CommandBeside
) -> None:
    await store.add_subscriber(Subscriber(chat_id=7), NOW)
    await run_beside("backup", "copy.db")
    await store.add_subscriber(Subscriber(chat_id=8), NOW)
    await store.close()

    ended = await run_beside("restore", "copy.db")

    assert (ended.code, ended.err) == (0, "")
    assert str(BEFORE) in ended.out
    assert (await readers(), await readers(BEFORE)) == ([7], [7, 8])
    assert sorted(path.name for path in DATABASE.parent.iterdir()) == ["glavnoe.db", "glavnoe.db.replaced"]


async def test_an_empty_place_is_restored_to(store: Store, run_beside: CommandBeside) -> None:
    await store.add_subscriber(Subscriber(chat_id=7), NOW)
    await run_beside("backup", "copy.db")
    await store.close()
    shutil.rmtree("data")
    ended = await run_beside("restore", "copy.db")
    assert (ended.code, await readers()) == (0, [7])


async def test_nothing_is_restored_while_the_bot_runs(store: Store, run_beside: CommandBeside) -> None:
    await store.add_subscriber(Subscriber(chat_id=7), NOW)
    await run_beside("backup", "copy.db")
    await store.add_subscriber(Subscriber(chat_id=8), NOW)
    ended = await run_beside("restore", "copy.db")
    assert ended.code == 1
    assert "stop the bot first" in ended.complaint
    assert not BEFORE.exists()
    assert await readers() == [7, 8]
    await store.add_subscriber(Subscriber(chat_id=9), NOW)  # and it goes on


async def test_what_is_no_backup_is_one_line_and_changes_nothing(store: Store, run_beside: CommandBeside) -> None:
    await store.close()
    Path("text.db").write_text("no database at all, but long enough to be looked at as one" * 20)
    with closing(sqlite3.connect("other.db")) as other:
        other.execute("CREATE TABLE cats (name TEXT)")
    with closing(sqlite3.connect("newer.db")) as newer, closing(sqlite3.connect(DATABASE)) as ours:
        ours.backup(newer)
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    before = DATABASE.read_bytes()
    said = {}
    for name in ("missing.db", "text.db", "other.db", "newer.db"):
        ended = await run_beside("restore", name)
        assert (ended.code, ended.out) == (1, "")
        said[name] = ended.complaint
    assert "no such file" in said["missing.db"]
    assert "not a database" in said["text.db"]
    assert "no backup" in said["other.db"]
    assert "newer version" in said["newer.db"]
    assert DATABASE.read_bytes() == before
    assert [path.name for path in DATABASE.parent.iterdir()] == ["glavnoe.db"]


async def test_a_backup_overwrites_nothing(store: Store, run_beside: CommandBeside) -> None:
    Path("copy.db").write_text("mine")
    ended = await run_beside("backup", "copy.db")
    assert "is there already" in ended.complaint
    assert Path("copy.db").read_text() == "mine"


async def test_without_a_database_there_is_nothing_to_copy(run_beside: CommandBeside) -> None:
    ended = await run_beside("backup", "copy.db")
    assert "there is none yet" in ended.complaint
    assert not Path("copy.db").exists()


async def test_postgresql_has_tools_of_its_own(run_beside: CommandBeside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1/none")
    assert "pg_dump" in (await run_beside("backup", "copy.db")).complaint
    assert "pg_restore" in (await run_beside("restore", "copy.db")).complaint
