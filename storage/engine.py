"""Opening a database, and the two ways to use it: `read` and `write`.

SQLite allows one writer at a time: the writer engine has a single connection, so writers of this process queue for it
in turn, and each transaction begins with BEGIN IMMEDIATE, so that one never fails half way because another process got
in between. Readers have connections of their own and see the last commit without waiting.

A cancellation must not reach a driver: aiosqlite's thread would go on and begin, or commit, what SQLAlchemy has given
up, and a connection with an open transaction would be left behind, which locks the database. So `whole` runs a store
method in a task of its own, which is cancelled while it waits for its turn and never between its turn and its end.

Two PostgreSQL transactions may come to wait for each other's rows; the server then ends one of them, and `whole` runs
that store method again. So a method's transactions may each be begun anew: what it is given is read, never used up.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StorageError
from storage.errors import DATABASE_ERRORS, lost_a_race, place, storage_error

SQLITE: Final = "sqlite+aiosqlite"
POSTGRESQL: Final = "postgresql+asyncpg"

_OPTIONS: Final = {SQLITE: frozenset[str](), POSTGRESQL: frozenset({"host", "port", "ssl"})}
"""What may stand after the question mark: https://magicstack.github.io/asyncpg/current/api/index.html#connection"""

P = ParamSpec("P")
T = TypeVar("T")

_READERS: Final = 4
"""Connections that read, each a thread on SQLite."""
_WRITERS: Final = 4
"""Connections that write on PostgreSQL; on SQLite there is one."""
_PATIENCE_S: Final = 30
"""How long a transaction waits for its turn."""
_RACES: Final = 5
"""How often a store method is run that loses against others."""
_PRAGMAS: Final = (
    # ms to wait while another process writes (a backup, a second copy of the bot). With the wait for what is under way
    # it stays below the 10 s that a handler has.
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    # FULL, not NORMAL: NORMAL survives a kill, but a power cut takes the last commits back, and with them that a
    # message was sent (it would be sent again) or that «Готово» was answered. It costs one fsync a transaction.
    "PRAGMA synchronous = FULL",
)
_WRITER_PRAGMAS: Final = (
    *_PRAGMAS,
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_size_limit = 67108864",
    # KiB. A chunk of a fan-out changes some 2 MB of pages, as much as SQLite's own default holds; with room for them
    # nothing is written twice before the commit.
    "PRAGMA cache_size = -16384",
)
_READER_PRAGMAS: Final = (*_PRAGMAS, "PRAGMA query_only = ON")


@dataclass(frozen=True, slots=True)
class Door:
    """One way into a database, with as many turns as it has connections: the pool itself is never waited for."""

    engine: AsyncEngine
    turns: asyncio.Semaphore


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Every failure comes out as StorageError, after which it can be used as before."""

    url: URL
    reader: Door
    writer: Door
    under_way: set[asyncio.Task[Any]] = field(default_factory=set, compare=False, repr=False)
    """Tasks that have a connection."""

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
    async def _transaction(self, door: Door) -> AsyncIterator[AsyncConnection]:
        async with self._turn(door):
            try:
                async with door.engine.begin() as connection:
                    yield connection
            except DATABASE_ERRORS as error:
                raise storage_error(self.url, error) from error

    @asynccontextmanager
    async def _turn(self, door: Door) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await door.turns.acquire()
        except TimeoutError as error:
            raise StorageError(f"database {place(self.url)}: all its connections are busy") from error
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a coroutine runs in a task
        self.under_way.add(task)
        try:
            yield
        finally:
            self.under_way.discard(task)
            door.turns.release()

    async def close(self) -> None:
        """Waits for what is under way."""
        if self.under_way:
            await asyncio.wait(self.under_way)
        await self.reader.engine.dispose()
        await self.writer.engine.dispose()


def whole(
    method: Callable[Concatenate[Database, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[Database, P], Coroutine[Any, Any, T]]:
    """The store method, never cut in two: a cancellation takes effect before its transaction or after it."""

    async def again(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        tries = 0
        while True:
            tries += 1
            try:
                return await method(db, *args, **kwargs)
            except StorageError as error:
                if tries == _RACES or not lost_a_race(error):
                    raise

    @wraps(method)
    async def run(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        task = asyncio.create_task(again(db, *args, **kwargs), name=method.__name__)
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            await _ended(db, task)
            raise
        return task.result()

    return run


async def _ended(db: Database, task: asyncio.Task[Any]) -> None:
    """Whatever comes of it, nobody waits for it any more; further cancellations change nothing."""
    while not task.done():
        if task not in db.under_way:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])
    if not task.cancelled():
        task.exception()


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
    """Engines for `url`, not used yet, except that a SQLite file is made, with its folder. Raises StorageError."""
    if url.drivername == POSTGRESQL:
        engine = _engine(url, pool_size=_READERS + _WRITERS, max_overflow=0, connect_args={"timeout": 10})
        return Database(url, _door(engine, _READERS), _door(engine, _WRITERS))
    _make_folder(url)
    _try_file(url)
    modes = {"isolation_level": None}  # sqlite3 begins no transactions of its own; ours are begun below
    reader = _engine(url, pool_size=_READERS, max_overflow=0, connect_args=modes)
    writer = _engine(url, pool_size=1, max_overflow=0, connect_args=modes)
    _prepare_sqlite(reader, _READER_PRAGMAS, "BEGIN")
    _prepare_sqlite(writer, _WRITER_PRAGMAS, "BEGIN IMMEDIATE")
    return Database(url, _door(reader, _READERS), _door(writer, 1))


def _door(engine: AsyncEngine, connections: int) -> Door:
    return Door(engine, asyncio.Semaphore(connections))


def _engine(url: URL, **options: Any) -> AsyncEngine:
    return create_async_engine(url, hide_parameters=True, pool_timeout=_PATIENCE_S, **options)


def _make_folder(url: URL) -> None:
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"database {place(url)}: its folder can't be made: {error.strerror}") from error


def _try_file(url: URL) -> None:
    """Raises StorageError. aiosqlite's thread outlives a failure to open, and complains if the loop is gone then."""
    try:
        sqlite3.connect(url.database or "").close()
    except sqlite3.Error as error:
        raise storage_error(url, error) from error


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
