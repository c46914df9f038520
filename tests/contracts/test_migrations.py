"""The migrations lead to the schema that the code is written against, on either engine."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url, text

from bot.errors import StorageError
from storage import migrations, open_store
from storage.engine import connect
from storage.schema import metadata

POSTGRES_CATALOG = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""

OLD_ROWS = (
    "INSERT INTO subscribers (id, chat_id, thread_id, chat_kind, language, time_zone, paused, gone, created_at)"
    " SELECT 1, 5, 0, 'private', 'ru', 'Europe/Moscow', false, false, {now}",
    "INSERT INTO stories (id, opened_at, last_at, published_at, score, peak_score, level, reasons)"
    " SELECT 1, {now}, {now}, {now}, 1, 1, 0, '[]'",
    "INSERT INTO notifications (story_id, subscriber_id, kind, edition, topic_id, state, priority, created_at, due_at,"
    " unknown_outcomes) SELECT 1, 1, 'follow_up', 1, 1, 'due', 3, {now}, {now}, 0",
    "INSERT INTO notifications (story_id, subscriber_id, kind, edition, topic_id, state, priority, created_at, due_at,"
    " unknown_outcomes) SELECT 1, 1, 'push', 0, 1, 'sent', 3, {now}, {now}, 0",
)


def catalog(connection: Connection) -> list[Any]:
    """What the engine itself says of its tables, indexes and constraints, in no particular order."""
    if connection.dialect.name == "postgresql":
        found = [tuple(row) for row in connection.execute(text(POSTGRES_CATALOG))]
    else:
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        found = [sorted(filter(None, map(str.strip, re.split(r",|\n", row.sql)))) for row in rows]
    return sorted((each for each in found if "alembic" not in str(each)), key=str)


def differences(connection: Connection) -> list[Any]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


@pytest.fixture
async def empty_postgresql_url(postgres_server: Any) -> AsyncIterator[str]:
    async with postgres_server.database(f"empty_{uuid.uuid4().hex}") as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'new' / 'glavnoe.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


async def test_an_empty_database_gets_the_schema_the_code_describes(empty_url: str) -> None:
    store = await open_store(empty_url)
    async with store.write() as connection:
        migrated = await connection.run_sync(catalog)
        assert await connection.run_sync(differences) == []
        await connection.execute(text("DROP TABLE alembic_version"))
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
        described = await connection.run_sync(catalog)
    await store.close()

    assert migrated == described
    assert len(migrated) > len(metadata.tables)


async def test_an_older_database_keeps_what_it_holds(empty_url: str) -> None:
    database = connect(make_url(empty_url))
    async with database.write() as connection:
        await connection.run_sync(lambda there: command.upgrade(migrations._config(there), "0003"))
        for row in OLD_ROWS:
            now = "1764000000000000" if connection.dialect.name == "sqlite" else "now()"
            await connection.execute(text(row.format(now=now)))
    await database.close()

    store = await open_store(empty_url)

    async with store.write() as connection:
        if connection.dialect.name == "sqlite":
            assert (await connection.execute(text("PRAGMA integrity_check"))).all() == [("ok",)]
        states = await connection.scalars(text("SELECT state FROM notifications ORDER BY kind"))
        assert states.all() == ["due", "sent"]
    await store.forget(1)
    async with store.read() as connection:
        assert (await connection.scalars(text("SELECT state FROM notifications"))).all() == []
    await store.close()


async def test_opening_again_changes_nothing(empty_url: str) -> None:
    store = await open_store(empty_url)
    topics = await store.register_topics(["main"])
    await store.close()

    store = await open_store(empty_url)

    assert await store.register_topics(["main"]) == topics
    await store.close()


async def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    stores = await asyncio.gather(*(open_store(empty_url) for _ in range(4)))

    ids = [await store.register_topics(["main"]) for store in stores]

    assert ids == [ids[0]] * 4
    await asyncio.gather(*(store.close() for store in stores))


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    database = connect(make_url(empty_url))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE leases (in_the_way INTEGER)"))  # the last table of the migration

    with pytest.raises(StorageError, match="leases"):
        await open_store(empty_url)

    async with database.read() as connection:
        found = await connection.run_sync(catalog)
    assert len(found) == 1
    await database.close()


async def test_a_database_of_a_newer_version_is_left_alone(empty_url: str) -> None:
    store = await open_store(empty_url)
    async with store.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()

    with pytest.raises(StorageError, match=r"^the database was written by a newer version .*9999\)$"):
        await open_store(empty_url)
