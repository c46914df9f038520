"""What matching costs: `python bench/matching.py` prints time and memory for 100,000 distinct queries of 1 M users.

Articles: those of ../shared/data/topics_dev.jsonl with a text, cut or repeated to 200 words (not part of the project).
Queries: made from a fixed seed as people write them, out of every second article, and matched with the others. Words
are drawn by Zipf's law: first the names that those articles hold, then their nouns among the dictionary's names and
nouns and names that no dictionary knows; one to three of them, phrases (half of them out of articles), alternatives,
exclusions, fields. So most queries match few articles. Beside ours stand two loops: over users, looking for each one's
first word as part of the text (as other bots do), and over our own queries one by one.
Exits 1 when a figure is above its limit, 2 when the data is not there.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.errors import QueryError  # noqa: E402 - runs from a checkout without being installed
from bot.language import Document, analyse, fold, tokens  # noqa: E402
from bot.language.lemmas import analyser, forget  # noqa: E402
from bot.model import Article  # noqa: E402
from bot.topics import Matcher, Query, parse  # noqa: E402
from bot.topics.common import STOP_WORDS  # noqa: E402
from bot.topics.matcher import holds  # noqa: E402
from bot.topics.passages import Text  # noqa: E402

DATA: Final = ROOT.parent / "shared" / "data" / "topics_dev.jsonl"
USERS: Final = 1_000_000
QUERIES: Final = 100_000
VOCABULARY: Final = 60_000
WORDS: Final = 200
"""Of an article."""
SECTIONS: Final = ("Политика", "Экономика", "Происшествия", "Культура", "Спорт", "Здоровье")
LIMITS: Final = {
    "analyse, warm": 0.7,
    "analyse, cold": 5.0,
    "match": 1.0,
    "memory": 50.0,
}
"""Milliseconds an article of 200 words (median), megabytes beyond the queries."""


def read_articles() -> list[Article]:
    """Articles of exactly 200 words of text."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    items = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    long = [item for item in items if len(item["text"].split()) >= WORDS // 2]
    return [
        Article(
            source_id=1, key=str(item["id"]), url="", title=item["title"] or "",
            text=" ".join((item["text"].split() * 2)[:WORDS]),
            section=SECTIONS[number % len(SECTIONS)], author="Олег Шевцов", published_at=now, seen_at=now,
        )
        for number, item in enumerate(long)
    ]  # fmt: skip


def vocabulary(documents: Sequence[Document], rng: random.Random) -> list[str]:
    """Words people ask for, the most asked for first."""
    held = Counter(lemma for document in documents for lemma in sorted({token.lemma for token in document.body}))
    known = {word: set(tag.grammemes) for word, tag in _dictionary()}
    names = {word for word, grammemes in known.items() if grammemes & {"Surn", "Geox", "Orgn", "Name"}}
    nouns = {word for word, grammemes in known.items() if "NOUN" in grammemes} - names
    written = [word for word, _ in held.most_common()]
    rest = rng.sample(sorted(names), 28_000) + rng.sample(sorted(nouns), 10_000)
    rest += [word for word in written if word in nouns] + [_made_up(rng) for _ in range(22_000)]
    rng.shuffle(rest)
    return list(dict.fromkeys(fold(word) for word in [w for w in written if w in names] + rest))[:VOCABULARY]


def _dictionary() -> Iterator[tuple[str, Any]]:
    """Every dictionary form that pymorphy3 knows, with its tag."""
    for word, tag, normal, *_ in analyser().dictionary.iter_known_words():
        if word == normal:
            yield word, tag


def _made_up(rng: random.Random) -> str:
    syllables = ["ха", "джа", "бал", "мер", "тур", "ко", "вель", "ша", "рид", "нус", "гар", "эль", "бо", "ким", "лю"]
    endings = ["енко", "ов", "ский", "дзе", "ан", "ади", "сон", "ра", "ия", "ич", "штейн", "у"]
    return "".join(rng.choices(syllables, k=rng.randint(2, 3))) + rng.choice(endings)


def queries(words: Sequence[str], documents: Sequence[Document], rng: random.Random) -> Iterator[Query]:
    """Endless queries of users; the frequent ones come again and again."""
    weights = list(accumulate(1 / rank for rank in range(300, len(words) + 300)))
    pairs = [
        f"{first.text} {second.text}"
        for document in documents
        for passage in (document.title, document.body)
        for first, second in pairwise(passage)
        if STOP_WORDS.isdisjoint({first.lemma, second.lemma})
    ]

    def draw(count: int) -> list[str]:
        return rng.choices(words, cum_weights=weights, k=count)

    ways: dict[Callable[[], str], int] = {
        lambda: draw(1)[0]: 50,
        lambda: " ".join(draw(2)): 24,
        lambda: " ".join(draw(3)): 5,
        lambda: f'"{rng.choice(pairs)}"': 5,
        lambda: f'"{" ".join(draw(2))}"': 6,
        lambda: " | ".join(draw(2)): 2,
        lambda: "{} -{}".format(*draw(2)): 2,
        lambda: "({} | {}) {}".format(*draw(3)): 2,
        lambda: f"title:{draw(1)[0]}": 2,
        lambda: f"section:{rng.choice(SECTIONS)} {draw(1)[0]}": 1,
        lambda: f"author:{draw(1)[0]}": 1,
    }
    for way in _drawn(ways, rng):
        try:
            yield parse(way())
        except QueryError:
            continue


def _drawn(ways: dict[Callable[[], str], int], rng: random.Random) -> Iterator[Callable[[], str]]:
    while True:
        yield from rng.choices(list(ways), list(ways.values()), k=1000)


def milliseconds(work: Callable[[Any], object], items: Sequence[Any], times: int = 1) -> list[float]:
    """CPU time of each item, the best of some times: neighbours on the machine only ever make it longer."""

    def once(item: Any) -> float:
        start = time.process_time_ns()
        work(item)
        return (time.process_time_ns() - start) / 1e6

    passes = [[once(item) for item in items] for _ in range(times)]
    return [min(figures) for figures in zip(*passes, strict=True)]


def report(name: str, figures: Sequence[float], unit: str = "ms an article") -> bool:
    """Print one line; whether its median is within its limit."""
    median, limit = statistics.median(figures), LIMITS.get(name)
    high = f", 99th percentile {sorted(figures)[len(figures) * 99 // 100]:.2f}" if len(figures) > 20 else ""
    print(f"{name:32} {median:8.2f} {unit}{high}" + (f" (limit {limit})" if limit else ""))
    return limit is None or median <= limit


def _cold(article: Article) -> None:
    forget()
    analyse(article)


def _loop_over_users(words: Sequence[str], wanted: Sequence[int]) -> Callable[[str], int]:
    def look(text: str) -> int:
        return sum(1 for number in wanted if words[number] in text)

    return look


def _loop_over_queries(held: Sequence[Query], document: Document) -> int:
    text = Text(document)
    return sum(holds(query.root, text, None, []) for query in held)


def main() -> int:
    if not DATA.exists():
        print(f"no data at {DATA}", file=sys.stderr)
        return 2
    rng = random.Random(20261123)
    articles = read_articles()
    documents = [analyse(article) for article in articles]
    print(f"{len(articles)} articles of {WORDS} words, {QUERIES} distinct queries of {USERS} users, seed 20261123")
    good = report("analyse, cold", milliseconds(_cold, articles, times=2))
    milliseconds(analyse, articles)
    good &= report("analyse, warm", milliseconds(analyse, articles, times=3))

    known, documents = documents[::2], documents[1::2]
    words = vocabulary(known, rng)
    distinct: dict[Query, None] = {}
    for query in queries(words, known, rng):
        distinct[query] = None
        if len(distinct) == QUERIES:
            break
    held = list(distinct)

    matcher = Matcher()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for topic_id, query in enumerate(held, start=1):
        matcher.add(topic_id, query)
    forget()  # the lemmas of all stages' latest words, bounded, are not the matcher's
    gc.collect()
    good &= report("memory", [(tracemalloc.get_traced_memory()[0] - before) / 1e6], "MB beyond the queries")
    tracemalloc.stop()
    milliseconds(analyse, articles)
    good &= report("match", milliseconds(matcher.label, documents, times=9))
    report("matches", [len(matcher.label(document)) for document in documents], "queries an article")
    changed = list(islice(enumerate(held, start=1), 0, None, 100))
    report("delete", milliseconds(lambda pair: matcher.remove(pair[0]), changed), "ms a query")
    report("insert", milliseconds(lambda pair: matcher.add(*pair), changed), "ms a query")

    first = [tokens(str(query))[0].text for query in held]
    wanted = rng.choices(
        range(QUERIES), cum_weights=list(accumulate(1 / rank for rank in range(1, QUERIES + 1))), k=USERS
    )
    texts = [fold(article.text) for article in articles[:5]]
    report("loop over users, substring", milliseconds(_loop_over_users(first, wanted), texts))
    naive = milliseconds(lambda document: _loop_over_queries(held, document), documents[:5])
    report("loop over our own queries", naive)
    return int(not good)


if __name__ == "__main__":
    raise SystemExit(main())
