"""One store a test, on SQLite always and on PostgreSQL where a server answers (REQUIRE_POSTGRES=1: it must).

Migrating is done once a worker: a SQLite test gets a copy of a migrated file, a PostgreSQL test the worker's own
database, emptied. `newsroom` is a store with a source and topics, and makes stories and readers in one line each.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.model import (
    Article,
    Due,
    Evidence,
    Importance,
    Level,
    NotificationState,
    Publication,
    Reason,
    Settlement,
    Source,
    Subscriber,
)
from storage import Store, open_store
from storage.schema import metadata

POSTGRES = make_url(os.environ.get("TEST_POSTGRES_URL", "postgresql+asyncpg://postgres@127.0.0.1/test"))


class PostgresServer:
    """A server on which tests make databases of their own."""

    async def administer(self, statement: str) -> None:
        dsn = POSTGRES.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(dsn, timeout=5)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[str]:
        """The URL of an empty database, dropped at the end."""
        await self.administer(f'CREATE DATABASE "{name}"')
        await self.administer(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        yield POSTGRES.set(database=name).render_as_string(hide_password=False)
        await self.administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
async def postgres_server() -> PostgresServer:
    server = PostgresServer()
    try:
        await server.administer("SELECT 1")
    except (OSError, asyncpg.PostgresError) as error:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            raise
        pytest.skip(f"no PostgreSQL at {POSTGRES.render_as_string()}: {error}")
    return server


@pytest.fixture(scope="session")
async def postgres_url(postgres_server: PostgresServer, worker_id: str) -> AsyncIterator[str]:
    async with postgres_server.database(f"glavnoe_{worker_id}_{os.getpid()}") as url:
        yield url


@pytest.fixture(scope="session")
async def shared_postgresql_store(postgres_url: str) -> AsyncIterator[Store]:
    store = await open_store(postgres_url)
    yield store
    await store.close()


@pytest.fixture
async def postgresql_store(shared_postgresql_store: Store) -> Store:
    async with shared_postgresql_store.write() as connection:
        for table in reversed(metadata.sorted_tables):  # far quicker than TRUNCATE on tables this small
            await connection.execute(table.delete())
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


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)


@dataclass
class Newsroom:
    """A store with the source «Труд» and the topics main and syria; it is always noon here unless said otherwise."""

    store: Store
    source: Source
    topics: Mapping[str, int]
    numbers: Iterable[int]

    def publication(
        self,
        key: str | None = None,
        *topics: str,
        story: int = 0,
        level: Level = Level.MAJOR,
        score: float = 50.0,
        silent: bool = False,
        continues: int | None = None,
        **article: Any,
    ) -> Publication:
        key = key or str(next(iter(self.numbers)))
        fields = {"title": f"Статья {key}", "published_at": NOON, "seen_at": NOON, "source_id": self.source.id}
        return Publication(
            article=Article(key=key, url=f"https://www.trud.ru/article/{key}", story_id=story, **fields | article),
            importance=Importance(score=score, level=level, because=(Reason("score", {"n": score}),)),
            evidence=tuple(Evidence(self.topics[slug], 1.0, (Reason("word", {"word": slug}),)) for slug in topics),
            summary=f"Кратко {key}",
            silent=silent,
            continues=continues,
        )

    async def publish(self, key: str | None = None, *topics: str, now: datetime = NOON, **options: Any) -> int:
        stored = await self.store.publish(self.publication(key, *topics or ("main",), **options), now)
        assert stored is not None
        return stored.story_id

    async def second_source(self) -> Source:
        other = Source(name="ТАСС", url="https://tass.ru/rss", language="ru", owner="tass", country="RU")
        return (await self.store.register_sources([self.source, other], NOON))[1]

    async def reader(
        self, chat_id: int = 0, *topics: str, level: Level = Level.ROUTINE, thread_id: int = 0
    ) -> Subscriber:
        chat_id = chat_id or 1000 + next(iter(self.numbers))
        reader = await self.store.add_subscriber(Subscriber(chat_id=chat_id, thread_id=thread_id), NOON)
        for slug in topics or ("main",):
            await self.store.follow(reader.id, self.topics[slug], level, NOON)
        return reader

    async def expand(self, now: datetime = NOON) -> None:
        while dispatches := await self.store.open_dispatches(1):
            await self.store.expand(dispatches[0], 1000, now)

    async def claim(self, owner: str = "one", limit: int = 100, now: datetime = NOON) -> tuple[Due, ...]:
        return await self.store.claim(owner, limit, now, LEASE)

    async def told(self, story_id: int, reader: Subscriber, now: datetime = NOON) -> NotificationState | None:
        """What became of the story for the reader."""
        explanation = await self.store.explain(reader.id, story_id)
        assert explanation is not None
        return explanation.notification.state if explanation.notification else None

    async def settle(
        self, due: Due, owner: str = "one", gone: bool = False, moved_to: int | None = None, **to: Any
    ) -> None:
        notification = replace(due.notification, **to)
        await self.store.settle(owner, [Settlement(notification=notification, gone=gone, chat_id=moved_to)])

    async def send_all(self) -> None:
        """Everything due now is sent."""
        await self.expand()
        while claimed := await self.claim():
            for due in claimed:
                await self.settle(due, state=NotificationState.SENT, message_id=1)


@pytest.fixture
async def newsroom(store: Store) -> Newsroom:
    trud = Source(name="Труд", url="https://www.trud.ru/rss", language="ru", owner="trud", country="RU")
    (source,) = await store.register_sources([trud], NOON)
    return Newsroom(store, source, await store.register_topics(["main", "syria"]), count(1))
