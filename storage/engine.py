"""Opening a database, and the two ways to use it: `read` and `write`.

SQLite allows one writer at a time: the writer engine has a single connection, so writers of this process queue for it
in turn, and each transaction begins with BEGIN IMMEDIATE, so that one never fails half way because another process got
in between. Readers have connections of their own and see the last commit without waiting.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StorageError
from storage.errors import DATABASE_ERRORS, place, storage_error

SQLITE: Final = "sqlite+aiosqlite"
POSTGRESQL: Final = "postgresql+asyncpg"

_OPTIONS: Final = {SQLITE: frozenset[str](), POSTGRESQL: frozenset({"host", "port", "ssl"})}
"""What may stand after the question mark: https://magicstack.github.io/asyncpg/current/api/index.html#connection"""

_CONNECTIONS: Final = 4
"""Readers on SQLite, each a thread; PostgreSQL gets twice as many, for readers and writers."""
_PATIENCE_S: Final = 30
"""How long a transaction waits for a free connection."""
_PRAGMAS: Final = (
    "PRAGMA busy_timeout = 10000",  # ms to wait while another process writes (a backup, a second copy of the bot)
    "PRAGMA foreign_keys = ON",
    # FULL, not NORMAL: NORMAL survives a kill, but a power cut takes the last commits back, and with them that a
    # message was sent (it would be sent again) or that «Готово» was answered. It costs one fsync a transaction.
    "PRAGMA synchronous = FULL",
)
_WRITER_PRAGMAS: Final = (*_PRAGMAS, "PRAGMA journal_mode = WAL", "PRAGMA journal_size_limit = 67108864")
_READER_PRAGMAS: Final = (*_PRAGMAS, "PRAGMA query_only = ON")


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Every failure comes out as StorageError, after which it can be used as before."""

    url: URL
    reader: AsyncEngine
    writer: AsyncEngine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One snapshot on SQLite; on PostgreSQL each statement sees what's committed before it."""
        async with self._transaction(self.reader) as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back if anything is raised inside."""
        async with self._transaction(self.writer) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        try:
            async with engine.begin() as connection:
                yield connection
        except DATABASE_ERRORS as error:
            raise storage_error(self.url, error) from error

    async def close(self) -> None:
        await self.reader.dispose()
        await self.writer.dispose()


def parse_url(text: str) -> URL:
    """The URL, if it's of an engine we know. The text itself is never repeated: it may hold a password."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StorageError(f"the database URL can't be read: write {SQLITE}:///FILE or {POSTGRESQL}://…") from None
    if url.drivername not in {SQLITE, POSTGRESQL}:
        raise StorageError(f"the database URL begins with {url.drivername}: write {SQLITE}:///FILE or {POSTGRESQL}://…")
    if url.drivername == SQLITE and url.database in {None, "", ":memory:"}:
        raise StorageError(f"the database URL names no file: write {SQLITE}:///FILE")
    if unknown := sorted(set(url.query) - _OPTIONS[url.drivername]):
        known = ", ".join(sorted(_OPTIONS[url.drivername])) or "none"
        raise StorageError(f"the database URL has an option that isn't known: {unknown[0]} (known: {known})")
    return url


def connect(url: URL) -> Database:
    """Engines for `url`, whose file or server isn't touched yet, except that a SQLite file's folder is made."""
    if url.drivername == POSTGRESQL:
        engine = _engine(url, pool_size=2 * _CONNECTIONS, max_overflow=0, connect_args={"timeout": 10})
        return Database(url, engine, engine)
    _make_folder(url)
    modes = {"isolation_level": None}  # sqlite3 begins no transactions of its own; ours are begun below
    reader = _engine(url, pool_size=_CONNECTIONS, max_overflow=0, connect_args=modes)
    writer = _engine(url, pool_size=1, max_overflow=0, connect_args=modes)
    _prepare_sqlite(reader, _READER_PRAGMAS, "BEGIN")
    _prepare_sqlite(writer, _WRITER_PRAGMAS, "BEGIN IMMEDIATE")
    return Database(url, reader, writer)


def _engine(url: URL, **options: Any) -> AsyncEngine:
    return create_async_engine(url, hide_parameters=True, pool_timeout=_PATIENCE_S, **options)


def _make_folder(url: URL) -> None:
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"database {place(url)}: its folder can't be made: {error.strerror}") from error


def _prepare_sqlite(engine: AsyncEngine, pragmas: tuple[str, ...], begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
