"""One store a test, on SQLite always and on PostgreSQL where a server answers (REQUIRE_POSTGRES=1: it must).

Migrating is done once a worker: a SQLite test gets a copy of a migrated file, a PostgreSQL test the worker's own
database, emptied.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url, text

from storage import Store, open_store
from storage.schema import metadata

POSTGRES = make_url(os.environ.get("TEST_POSTGRES_URL", "postgresql+asyncpg://postgres@127.0.0.1/test"))


async def administer(statement: str) -> None:
    dsn = POSTGRES.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def postgres_url(worker_id: str) -> AsyncIterator[str]:
    """Of an empty database that is this worker's alone, and goes with it."""
    name = f"glavnoe_{worker_id}_{os.getpid()}"
    try:
        await administer(f'CREATE DATABASE "{name}"')
    except (OSError, asyncpg.PostgresError, asyncio.TimeoutError) as error:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            raise
        pytest.skip(f"no PostgreSQL at {POSTGRES.render_as_string()}: {error}")
    await administer(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    yield POSTGRES.set(database=name).render_as_string(hide_password=False)
    await administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
async def shared_postgresql_store(postgres_url: str) -> AsyncIterator[Store]:
    store = await open_store(postgres_url)
    yield store
    await store.close()


@pytest.fixture
async def postgresql_store(shared_postgresql_store: Store) -> Store:
    tables = ", ".join(f'"{table}"' for table in metadata.tables)
    async with shared_postgresql_store.write() as connection:
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    return shared_postgresql_store


@pytest.fixture(scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    await (await open_store(f"sqlite+aiosqlite:///{path}")).close()
    return path


@pytest.fixture
async def sqlite_store(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Store]:
    path = shutil.copy(migrated_file, tmp_path / "store.db")
    store = await open_store(f"sqlite+aiosqlite:///{path}")
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found
