"""Summaries beside Lead-3 (the first three sentences as they stand, any length or as many as fit) on real articles.

    python bench/summaries.py [TOPICS.jsonl PAIRS.jsonl]

Defects are judged here by rules of their own, not by the ones that clean. ROUGE-1 is the F-measure over lemmas against
the first 400 characters of the other outlet's text, for pairs about one event.
"""

from __future__ import annotations

import itertools
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from razdel import sentenize

from bot.language import tokens
from bot.model import Article
from bot.summaries import LIMIT, write

DATA = Path(__file__).parents[1].parent / "shared/data"
NOW = datetime(2020, 5, 25, tzinfo=UTC)

Summary = Callable[[dict[str, Any]], str]

MONTH = r"(?:янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DATELINE = re.compile(
    rf"(?:[А-ЯЁA-Z][\w.-]+(?: [А-ЯЁA-Z][\w-]+)?[,.] )?\d{{1,2}} {MONTH}\w*[.,]?\s*[-–—/(.,]+\s*/?[А-ЯЁA-Z]"
    rf"|(?:ТАСС|РИАМО|INTERFAX\S*|[А-ЯЁ]{{4,}})[,.]?\s*[-–—,]\s*\d{{1,2}} {MONTH}"
    r"|[A-Z]{3,}.{0,20}\((?:Reuters|AP|AFP)\)"
)
CREDIT = re.compile(r"https?:|www\.|\b(?:Фото|Видео|Источник|Автор|Photo)\s*[:—©]|[Пп]одписыва|Читайте так|Подробнее")
GLUED = re.compile(r"[а-яё]{3,}[.!?][А-ЯЁ][а-яё]{2,}|[.!?][»\"][А-ЯЁ][а-яё]{2,}")
CLAIM_OF = re.compile(r"(?:Об этом|Такое мнение|Такое заявление|С таким заявлением)\b")


def lead3(item: dict[str, Any]) -> str:
    return " ".join(sentence.text for sentence in list(sentenize(item["text"]))[:3])


def whole_lead(item: dict[str, Any]) -> str:
    """As many of the first three sentences as fit, whole; at least the first, cut."""
    text = ""
    for sentence in list(sentenize(item["text"]))[:3]:
        if text and len(text) + 1 + len(sentence.text) > LIMIT:
            break
        text = f"{text} {sentence.text}".strip()
    return text[:LIMIT]


def ours(item: dict[str, Any]) -> str:
    article = Article(
        source_id=1, key="1", url="", title=item["title"], text=item["text"], published_at=NOW, seen_at=NOW
    )
    return write(article, str(item.get("source") or item.get("url") or ""))


def unbalanced(summary: str) -> bool:
    pairs = all(summary.count(one) == summary.count(other) for one, other in ("«»", "()", "[]"))
    return not pairs or summary.count('"') % 2 == 1


def words(text: str) -> list[str]:
    return [token.lemma for token in tokens(text)]


def repeats_title(item: dict[str, Any], summary: str) -> bool:
    title = words(item["title"])
    return any(words(sentence.text) == title for sentence in sentenize(summary) if title)


def attribution_lost(item: dict[str, Any], summary: str) -> bool:
    """The sentence before «Об этом …» was taken and the attribution itself wasn't."""
    said = [" ".join(sentence.text.split()) for sentence in sentenize(item["text"])]
    return any(
        CLAIM_OF.match(after) and before[-60:] in summary and after[:30] not in summary
        for before, after in itertools.pairwise(said)
    )


DEFECTS: dict[str, Callable[[dict[str, Any], str], bool]] = {
    "dateline": lambda _, summary: bool(DATELINE.match(summary)),
    "credit, URL, promotion": lambda _, summary: bool(CREDIT.search(summary)),
    "unbalanced": lambda _, summary: unbalanced(summary),
    "no final stop": lambda _, summary: not re.search(r"[.!?…][»\"”)\]]*$", summary),
    "glued": lambda _, summary: bool(GLUED.search(summary)),
    "title repeated": repeats_title,
    "attribution lost": attribution_lost,
}


def rouge1(summary: str, reference: str) -> float:
    mine, theirs = Counter(words(summary)), Counter(words(reference))
    shared = sum((mine & theirs).values())
    return 2 * shared / (sum(mine.values()) + sum(theirs.values())) if shared else 0.0


def report(name: str, summarize: Summary, items: Sequence[dict[str, Any]], pairs: Iterable[dict[str, Any]]) -> None:
    start = time.perf_counter()
    summaries = [(item, summarize(item)) for item in items]
    took = 1000 * (time.perf_counter() - start) / len(items)
    told = [(item, summary) for item, summary in summaries if summary]
    counts = {kind: sum(found(item, summary) for item, summary in told) for kind, found in DEFECTS.items()}
    defective = sum(any(found(item, summary) for found in DEFECTS.values()) for item, summary in told)
    lengths = [len(summary) for _, summary in told]
    rouge = [
        rouge1(summarize(pair[one]), pair[other]["text"][:LIMIT])
        for pair in pairs
        if pair["same"]
        for one, other in (("first", "second"), ("second", "first"))
    ]
    print(f"{name}: {len(items)} articles, {len(items) - len(told)} without a summary, {took:.1f} ms each")
    over = sum(length > LIMIT for length in lengths) / len(told)
    print(
        f"  length {statistics.mean(lengths):.0f} on average, over {LIMIT}: {over:.1%};"
        f" ROUGE-1 {statistics.mean(rouge):.3f}"
    )
    print(f"  defects {defective / len(told):.1%}: " + ", ".join(f"{kind} {count}" for kind, count in counts.items()))


def main() -> None:
    topics, pairs_path = map(Path, sys.argv[1:3]) if len(sys.argv) > 2 else (
        DATA / "topics_dev.jsonl", DATA / "story_pairs_dev.jsonl")  # fmt: skip
    read = [json.loads(line) for line in topics.read_text(encoding="utf-8").splitlines()]
    pairs = [json.loads(line) for line in pairs_path.read_text(encoding="utf-8").splitlines()]
    both = [pair[side] for pair in pairs for side in ("first", "second")]
    items = list({item["text"]: item for item in [*read, *both] if item["text"]}.values())
    report("Lead-3", lead3, items, pairs)
    report(f"Lead-3 within {LIMIT}", whole_lead, items, pairs)
    report("ours", ours, items, pairs)


if __name__ == "__main__":
    main()
