"""Fan-out on SQLite: how soon is the first reader told, who has to wait for it, and does it cost more with the years?

    python bench/fanout.py [--quick] [--folder FOLDER]

Three trials. The price of one article for a thousand readers, publish to settle, in a small store and in one that
holds a million subscribers, ten million settled notifications and a million articles. Then one story for the million,
expanded as the bot does it while it claims, settles and somebody else writes. Then that story becomes part of another,
which reaches a higher level and is expanded, too: nobody is to get it again. Rows are made up by the database itself;
everything measured goes through the store. --quick takes a tenth of everything. Needs about 6 GB in FOLDER.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.delivery import CHUNK, LEASE
from bot.model import (
    NEW,
    Article,
    Due,
    Evidence,
    Importance,
    Level,
    NotificationState,
    Poll,
    PollKind,
    Publication,
    Settlement,
    Source,
)
from storage import Store, open_store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
HOUR_US = 3_600_000_000
BATCH = 32
"""Notifications claimed at once, as delivery does at 29 messages a second."""
LARGE_BATCH = 250
"""The same at 990 a second."""
READERS = 1000
"""Of the article whose price is measured."""
ROUNDS = 21


@dataclass(frozen=True)
class Size:
    subscribers: int
    settled: int
    articles: int


FULL = Size(1_000_000, 10_000_000, 1_000_000)
QUICK = Size(100_000, 1_000_000, 100_000)
SMALL = Size(READERS, 0, 0)


@dataclass(frozen=True)
class Desk:
    """A store with a source and two topics: everybody follows the one, a thousand the other."""

    store: Store
    source: Source
    everybody: int
    few: int

    async def publish(
        self, key: str, topic_id: int, level: Level = Level.MAJOR, story: int = NEW, merges: tuple[int, ...] = ()
    ) -> int:
        """The story's id."""
        article = Article(
            source_id=self.source.id,
            key=key,
            url=f"https://paper.example/{key}",
            title="В Женеве начались переговоры",
            text="Делегации встретились в среду. " * 40,
            published_at=NOW,
            seen_at=NOW,
            story_id=story,
        )
        publication = Publication(
            article=article,
            importance=Importance(score=60.0, level=level),
            evidence=(Evidence(topic_id, 1.0),),
            summary="Делегации встретились в среду.",
            merges=merges,
        )
        stored = await self.store.publish(publication, NOW)
        assert stored is not None
        return stored.story_id


# --- a store of a size ---------------------------------------------------------------------------------------------

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})"
SUBSCRIBERS = """INSERT INTO subscribers
    (id, chat_id, thread_id, chat_kind, language, time_zone, paused, gone, created_at, seen_at)
    SELECT i, i, 0, 'private', 'ru', 'Europe/Moscow', 0, 0, {now}, {now} FROM n"""
SUBSCRIPTIONS = "INSERT INTO subscriptions SELECT {topic}, i, 2, 1, NULL, {now} FROM n"
STORIES = """INSERT INTO stories (opened_at, last_at, published_at, score, peak_score, level, reasons)
    SELECT at, at, at, 40, 40, 2, '[]' FROM (SELECT {now} - ({n} - i) * {step} AS at FROM n)"""
ARTICLES = """INSERT INTO articles (source_id, key, story_id, url, title, lead, body, summary, language, marks,
    published_at, seen_at) SELECT 1, 'old' || i, i, 'https://paper.example/old' || i, 'Заголовок ' || i, '',
    printf('%.200c', 'x'), 'Кратко.', 'ru', '[]', {now} - ({n} - i) * {step}, {now} - ({n} - i) * {step} FROM n"""
LABELS = "INSERT INTO story_topics SELECT i, {topic}, 1.0, '[]' FROM n"
SETTLED = """INSERT INTO notifications
    (story_id, subscriber_id, kind, edition, topic_id, state, priority, created_at, due_at, unknown_outcomes)
    SELECT {story}, i, 'push', 0, {topic}, 'sent', 1, {at}, {at}, 0 FROM n"""


async def make(path: Path, size: Size) -> Desk:
    store = await open_store(f"sqlite+aiosqlite:///{path}")
    paper = Source(name="Газета", url="https://paper.example/rss", language="ru", owner="paper", country="RU")
    (source,) = await store.register_sources([paper], NOW)
    topics = await store.register_topics(["everybody", "few"])
    desk = Desk(store, source, topics["everybody"], topics["few"])
    # In a process of its own: the memory that this one needed at the most is a figure.
    filling = multiprocessing.get_context("spawn").Process(target=_fill, args=(path, size, desk.everybody, desk.few))
    filling.start()
    await asyncio.to_thread(filling.join)
    return desk


def _fill(path: Path, size: Size, everybody: int, few: int) -> None:
    with sqlite3.connect(path, isolation_level=None) as database:
        database.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; PRAGMA foreign_keys = OFF")
        indexes = _without_indexes(database)
        stories = max(size.articles, size.settled // max(1, size.subscribers))
        step = 60 * 24 * HOUR_US // max(1, stories)  # over the last sixty days

        def run(statement: str, n: int, **values: int) -> None:
            if n:
                database.execute(f"{COUNT} {statement}".format(n=n, now=NOW_US, step=step, **values))

        run(SUBSCRIBERS, size.subscribers)
        run(SUBSCRIPTIONS, size.subscribers, topic=everybody)
        run(SUBSCRIPTIONS, READERS, topic=few)
        run(STORIES, stories)
        run(ARTICLES, size.articles)
        run(LABELS, stories, topic=everybody)
        for number in range(size.settled // max(1, size.subscribers)):
            at = NOW_US - (number + 1) * 8 * HOUR_US
            run(SETTLED, size.subscribers, topic=everybody, story=number + 1, at=at)
        for statement in indexes:
            database.execute(statement)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _without_indexes(database: sqlite3.Connection) -> list[str]:
    """Drops them, which makes filling fast; the statements that make them again."""
    found = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for name, _sql in found:
        database.execute(f"DROP INDEX {name}")
    return [sql for _name, sql in found]


# --- one story for everybody ---------------------------------------------------------------------------------------


async def one_for_all(desk: Desk, older: int) -> dict[str, float]:
    """And then it becomes part of the older story."""
    before = _memory_mb()
    big = await desk.publish("big", desk.everybody)
    start = time.perf_counter()
    done = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        expanding = group.create_task(_expand(desk.store, start, done))
        telling = group.create_task(_tell(desk.store, start, done))
        writing = group.create_task(_write(desk, done))
    first, told = telling.result()
    waits = writing.result()
    return {
        "first notification claimed, ms after the commit": first * 1000,
        "expansion, s": expanding.result(),
        "told and settled meanwhile": told,
        "another writer waits, ms, longest": max(waits) * 1000,
        "another writer waits, ms, median": statistics.median(waits) * 1000,
        "other writes meanwhile": len(waits),
        "memory, MB at the most": _memory_mb(),
        "memory, MB before": before,
        **await _merge(desk, big, older),
    }


async def _merge(desk: Desk, absorbed: int, kept: int) -> dict[str, float]:
    done, due_before = asyncio.Event(), (await desk.store.status(NOW)).notifications[NotificationState.DUE]
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(_write(desk, done))
        start = time.perf_counter()
        await desk.publish("both", desk.everybody, Level.BREAKING, kept, (absorbed,))
        merged = time.perf_counter() - start
        expanded = await _expand(desk.store, time.perf_counter(), done)
    assert await desk.store.merged_into([absorbed]) == {absorbed: kept}
    due = (await desk.store.status(NOW)).notifications[NotificationState.DUE]
    return {
        "merging it into another, ms": merged * 1000,
        "expansion of that one at a higher level, s": expanded,
        "another writer waits meanwhile, ms, longest": max(writing.result()) * 1000,
        "more notifications due than before": due - due_before,
    }


async def _expand(store: Store, start: float, done: asyncio.Event) -> float:
    while dispatches := await store.open_dispatches(1):
        await store.expand(dispatches[0], CHUNK, NOW)
    done.set()
    return time.perf_counter() - start


async def _tell(store: Store, start: float, done: asyncio.Event) -> tuple[float, int]:
    first, told = 0.0, 0
    while not done.is_set():
        claimed = await store.claim("bench", BATCH, NOW, LEASE)
        if claimed and not first:
            first = time.perf_counter() - start
        await _settle(store, claimed)
        told += len(claimed)
        await asyncio.sleep(0.002 if not claimed else BATCH / 29)
    return first, told


async def _write(desk: Desk, done: asyncio.Event) -> list[float]:
    """Somebody else's small write, a hundred times a second."""
    waits = []
    poll = Poll(source_id=desk.source.id, kind=PollKind.FEED, url=desk.source.url, next_at=NOW)
    while not done.is_set():
        start = time.perf_counter()
        await desk.store.save_poll(poll)
        waits.append(time.perf_counter() - start)
        await asyncio.sleep(0.01)
    return waits


async def _settle(store: Store, claimed: tuple[Due, ...]) -> None:
    sent = [
        Settlement(notification=replace(due.notification, state=NotificationState.SENT, message_id=1))
        for due in claimed
    ]
    await store.settle("bench", sent)


def _memory_mb() -> float:
    """This process's peak."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- the price of one article --------------------------------------------------------------------------------------


async def price(desk: Desk, key: str) -> float:
    """Seconds from publishing for a thousand readers to the last settlement."""
    start = time.perf_counter()
    await desk.publish(key, desk.few)
    await _expand(desk.store, start, asyncio.Event())
    while claimed := await desk.store.claim("bench", LARGE_BATCH, NOW, LEASE):
        await _settle(desk.store, claimed)
    return time.perf_counter() - start


async def prices(small: Desk, large: Desk) -> dict[str, float]:
    """In turn, so that whatever else the machine does hits both."""
    for number in range(3):
        await price(small, f"warm {number}")
        await price(large, f"warm {number}")
    pairs = [(await price(small, f"new {number}"), await price(large, f"new {number}")) for number in range(ROUNDS)]
    cheap, dear = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return {
        "an article for 1,000 readers, small store, ms": cheap * 1000,
        "the same, large store, ms": dear * 1000,
        "more, %": (dear / cheap - 1) * 100,
    }


async def bench(size: Size, folder: Path) -> None:
    start = time.perf_counter()
    small, large = await make(folder / "small.db", SMALL), await make(folder / "large.db", size)
    print(f"{size.subscribers:,} subscribers, {size.settled:,} settled notifications, {size.articles:,} articles")
    print(f"made in {time.perf_counter() - start:.0f} s, {(folder / 'large.db').stat().st_size / 1e9:.1f} GB")
    older = await large.publish("older", large.few)
    for trial in (prices(small, large), one_for_all(large, older)):
        for name, value in (await trial).items():
            print(f"{name}: {value:,.1f}", flush=True)
    for desk in (small, large):
        await desk.store.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description="Fan-out on SQLite")
    arguments.add_argument("--quick", action="store_true", help="a tenth of everything")
    arguments.add_argument("--folder", type=Path, help="where the databases are made")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder, ignore_cleanup_errors=True) as folder:
        asyncio.run(bench(QUICK if given.quick else FULL, Path(folder)))


if __name__ == "__main__":
    main()
