"""Stories: are the pairs people annotated as one event found, and how fast is it?

    python bench/stories.py [PAIRS.jsonl]

Three ways: each pair alone in an empty index (cold); each pair in an index that holds all other articles (warm); all
articles as one stream. Published for comparison, same language and task: headline alone F1 .72, TF-IDF .78 to .80.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.language import Document, analyse
from bot.model import Article
from bot.stories import StoryIndex

PAIRS = Path(__file__).parents[1].parent / "shared/data/story_pairs_dev.jsonl"
NOW = datetime(2020, 5, 25, 12, tzinfo=UTC)
RECENT = 10_000

Read = tuple[Article, Document]


def read_articles(pairs: Iterable[dict[str, Any]]) -> dict[str, Read]:
    """Every distinct article of the pairs by URL, ids from 1, all of one time."""
    found: dict[str, Read] = {}
    for raw in (pair[side] for pair in pairs for side in ("first", "second")):
        if raw["url"] not in found:
            article = Article(
                id=len(found) + 1,
                source_id=1,
                key=raw["url"],
                url=raw["url"],
                title=raw["title"],
                text=raw["text"],
                published_at=NOW,
                seen_at=NOW,
            )
            found[raw["url"]] = (article, analyse(article))
    return found


def add(index: StoryIndex, read: Read, story: int | None = None) -> int:
    """Add an article to a story of its own, or to that one; the story's id."""
    article, document = read
    story_id = story or article.id
    index.add(replace(article, story_id=story_id), document)
    return story_id


def alone(first: Read, second: Read, _: dict[str, Read]) -> bool:
    index = StoryIndex()
    story = add(index, first)
    return index.find(*second) == story


def among_others(first: Read, second: Read, articles: dict[str, Read]) -> bool:
    """The others are a day older than the window, so that they count for the rarity of words only."""
    index = StoryIndex()
    for article, document in articles.values():
        if article.id not in {first[0].id, second[0].id}:
            add(index, (replace(article, published_at=NOW - timedelta(days=4)), document))
    story = add(index, first)
    return index.find(*second) == story


def stream(pairs: list[dict[str, Any]], articles: dict[str, Read]) -> list[bool]:
    """All articles in turn; for each pair, whether its two came into one story."""
    index, stories = StoryIndex(), {}
    for url, read in articles.items():
        stories[url] = add(index, read, index.find(*read))
    return [stories[pair["first"]["url"]] == stories[pair["second"]["url"]] for pair in pairs]


def print_quality(name: str, found: list[bool], same: list[bool]) -> None:
    both = sum(f and s for f, s in zip(found, same, strict=True))
    precision, recall = both / max(sum(found), 1), both / max(sum(same), 1)
    f1 = 2 * both / max(sum(found) + sum(same), 1)
    print(f"{name:<6} F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}  ({len(same)} pairs)")


def print_speed(articles: dict[str, Read]) -> None:
    """`find` against many recent articles, made by mixing halves of real texts, a third of them of one event each."""
    rng = random.Random(5)
    reads = list(articles.values())
    index = StoryIndex()
    for number in range(1, RECENT + 1):
        (article, one), (_, other) = rng.choice(reads), rng.choice(reads)
        mixed = replace(one, body=one.body[: len(one.body) // 2] + other.body[len(other.body) // 2 :])
        add(index, (replace(article, id=number, url=f"{article.url}#{number}"), mixed), number // 3 + 1)
    took = [seconds(lambda read=read: index.find(*read)) for read in reads for _ in range(3)]
    print(
        f"speed  {1000 * statistics.median(took):.2f} ms median, {1000 * statistics.quantiles(took, n=100)[98]:.2f} ms"
        f" 99th percentile, an article against {RECENT} recent ones"
    )


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    articles = read_articles(pairs)
    same = [bool(pair["same"]) for pair in pairs]
    for name, way in (("cold", alone), ("warm", among_others)):
        found = [way(articles[pair["first"]["url"]], articles[pair["second"]["url"]], articles) for pair in pairs]
        print_quality(name, found, same)
    print_quality("stream", stream(pairs, articles), same)
    print_speed(articles)


if __name__ == "__main__":
    main()
