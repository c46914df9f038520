"""What looking before following costs: `python bench/preview.py` prints time and the longest hold of the loop.

A database of 20,000 articles seen within 7 days, on disk: those of ../shared/data/topics_dev.jsonl with a text (not
part of the project), their sentences drawn anew from a fixed seed so that no two are alike. Queries: one that finds
nothing (better spellings are looked for), a rare, a usual and a broad one, and a change from one to another; each as a
subscriber's first. Exits 1 when a figure is above its limit, 2 when the data is not there.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import insert

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.language.lemmas import forget  # noqa: E402 - runs from a checkout without being installed
from bot.model import Source  # noqa: E402
from bot.subscribers import UseCases  # noqa: E402
from bot.subscribers.archive import look_up, try_out  # noqa: E402
from bot.topics import parse  # noqa: E402
from storage import Store, open_store  # noqa: E402
from storage.schema import articles, stories  # noqa: E402

DATA: Final = ROOT.parent / "shared" / "data" / "topics_dev.jsonl"
ARTICLES: Final = 20_000
BATCH: Final = 1000
NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
SPAN: Final = timedelta(days=7)
QUERIES: Final = {
    "nothing": ("жинева перговоры",),
    "rare": ('"восточный Алеппо"',),
    "usual": ("россия путин",),
    "broad": ("год | россия | сирия",),
    "changed": ("сирия переговоры", "сирия"),
}
LIMITS: Final = {"CPU": 4.0, "hold": 500.0}
"""Seconds of the dearest query; milliseconds, of which a busy machine's other work is most."""


_TICK: Final = 0.02
"""Seconds between two looks at the loop: seldom enough to cost nothing."""


async def main() -> int:
    if not DATA.exists():
        print(f"{DATA} is not there", file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        store = await open_store(f"sqlite+aiosqlite:///{Path(folder, 'preview.db')}")
        await _fill(store)
        use_cases = UseCases(store=store, topic_ids={}, source_names={1: "Труд"})
        figures = [await _measured(use_cases, name, queries) for name, queries in QUERIES.items()]
        await store.close()
    return int(any(cpu > LIMITS["CPU"] or hold > LIMITS["hold"] for cpu, hold in figures))


async def _measured(use_cases: UseCases, name: str, queries: tuple[str, ...]) -> tuple[float, float]:
    """CPU seconds and the longest hold of the loop, in milliseconds; prints them."""
    forget()
    holds: list[float] = []
    watch = asyncio.create_task(_watched(holds))
    cpu, began = time.process_time(), time.perf_counter()
    first, *_ = await try_out(use_cases, [parse(query) for query in queries], NOW)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    watch.cancel()
    hold = 1000 * max(holds)
    print(f"preview, {name}: {cpu:.2f} s CPU, {wall:.2f} s, longest hold {hold:.0f} ms; {first.stories} stories")
    began_cpu = time.process_time()
    search, _ = await look_up(use_cases, parse(queries[0]), 6, NOW)
    print(f"search, {name}: {time.process_time() - began_cpu:.2f} s CPU; {len(search.stories)} stories")
    return cpu, hold


async def _watched(holds: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_TICK)
        holds.append(time.perf_counter() - began - _TICK)


async def _fill(store: Store) -> None:
    source = Source(name="Труд", url="http://trud.example/rss", language="ru", owner="trud", country="RU")
    await store.register_sources([source], NOW)
    rows = _rows()
    async with store.write() as connection:
        for _ in range(ARTICLES // BATCH):
            batch = [next(rows) for _ in range(BATCH)]
            await connection.execute(insert(stories), [story for story, _ in batch])
            await connection.execute(insert(articles), [article for _, article in batch])


def _rows() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Of a story and its article."""
    items = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    texts = [item["text"].split(". ") for item in items if item["text"]]
    draw = random.Random(1)
    for number in range(1, ARTICLES + 1):
        at = NOW - SPAN * number / (ARTICLES + 1)
        sentences = [*draw.choice(texts), *draw.choice(texts)]
        draw.shuffle(sentences)
        yield (
            {
                "id": number,
                "opened_at": at,
                "last_at": at,
                "published_at": at,
                "score": 1.0,
                "peak_score": 1.0,
                "level": draw.choice((0, 0, 0, 0, 1, 1, 2)),
                "reasons": [],
                "headline_id": number,
            },
            {
                "id": number,
                "source_id": 1,
                "key": str(number),
                "story_id": number,
                "url": f"http://trud.example/{number}",
                "title": draw.choice(items)["title"],
                "lead": sentences[0],
                "body": ". ".join(sentences)[:2500],
                "summary": "",
                "section": "Политика",
                "author": "Ирина Суслова",
                "language": "ru",
                "marks": [],
                "published_at": at,
                "seen_at": at,
            },
        )


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
