"""What reading a feed costs: feedparser against bot.parsing, CPU milliseconds per 50 items.

`python bench/parsing.py [FEED]`; the default feed is 100 real items with pictures (see the README of its folder).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import feedparser  # noqa: E402 — the project's root has to be found first

from bot.model import Response, Source  # noqa: E402
from bot.parsing import read_feed  # noqa: E402
from bot.parsing.urls import canonical_url  # noqa: E402

FEED = ROOT.parent / "shared" / "data" / "feeds" / "tutby-2019-12-30.xml"
ROUNDS = 15


def cpu(work: Callable[[], int]) -> tuple[float, int]:
    """The least CPU seconds of several rounds, and what the work returned."""
    best, result = float("inf"), 0
    for _ in range(ROUNDS):
        started = time.process_time()
        result = work()
        best = min(best, time.process_time() - started)
    return best, result


def main() -> None:
    """Prints one line a parser."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FEED
    body = path.read_bytes()
    source = Source(name="bench", url="https://example.org/", language="ru", owner="bench", country="RU")
    response = Response(url="https://example.org/rss", status=200, body=body)
    now = datetime.now(UTC)

    def ours() -> int:
        canonical_url.cache_clear()
        return len(read_feed(response, source, now).items)

    def theirs() -> int:
        return len(feedparser.parse(BytesIO(body)).entries)

    print(f"{path.name}: {len(body) / 1000:.0f} kB, least CPU of {ROUNDS} rounds")
    for name, work in (("feedparser alone (no cleaning)", theirs), ("bot.parsing.read_feed (clean items)", ours)):
        seconds, items = cpu(work)
        print(f"{name:<36} {seconds * 1000 * 50 / items:6.2f} ms CPU per 50 items  ({items} items)")


if __name__ == "__main__":
    main()
