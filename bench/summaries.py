"""Summaries beside Lead-3, TextRank and LexRank on real articles: length, ROUGE-1, shared facts, objections.

    python bench/summaries.py [TOPICS.jsonl PAIRS.jsonl]

Faults are judged by `editor.py`, which knows none of the rules that clean. ROUGE-1 is the F-measure over lemmas against
the first 400 characters of the other outlet's text, for pairs about one event. Shared facts are the numbers, names and
content words that both outlets hold; their coverage is the share of them in the summary.

Exits 1 when a figure of ours is worse than its floor.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from baselines import lead3, lead3_cut, lead3_within, lexrank, textrank
from editor import MARK_WORDS, Judged, faults

from bot import parsing
from bot.language import tokens
from bot.language.lemmas import analyser
from bot.model import Article, Response, Source
from bot.summaries import LIMIT, write
from bot.telegram.marks import annotate

SHARED = Path(__file__).parents[1].parent / "shared"
DATA = SHARED / "data"
NOW = datetime(2020, 5, 25, tzinfo=UTC)
TELLING = {"NOUN", "VERB", "INFN", "ADJF", "ADJS", "PRTF", "PRTS", "NUMR"}

NO_NEWS = ("encoding", "small")
"""Feeds of jokes and of commits."""

MOST_FAULTS = {"topics": 0.025, "story pairs": 0.02, "feeds": 0.02}
LEAST_ROUGE = 0.44
LEAST_SHARED = 0.49
"""Floors of ours; they only rise (of faults: fall)."""

Summary = Callable[[Article], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """Articles of one kind, and the pairs among them that tell one event."""

    name: str
    articles: Sequence[Article]
    pairs: Sequence[tuple[Article, Article]] = ()


def whole(article: Article) -> str:
    return "\n".join(part for part in (article.lead, article.text) if part)


def baseline(summarize: Callable[[str], str]) -> Summary:
    return lambda article: summarize(whole(article))


def ours(article: Article) -> str:
    return write(article, article.url)


WAYS: dict[str, Summary] = {
    "Lead-3": baseline(lead3),
    "Lead-3 cut at 400": baseline(lead3_cut),
    "Lead-3 within 400": baseline(lead3_within),
    "TextRank": baseline(textrank),
    "LexRank": baseline(lexrank),
    "ours": ours,
}


# --- what is measured -----------------------------------------------------------------------------------------------


def lemmas_of(text: str) -> list[str]:
    return [token.lemma for token in tokens(text)]


def rouge1(summary: str, reference: str) -> float:
    mine, theirs = Counter(lemmas_of(summary)), Counter(lemmas_of(reference))
    shared = sum((mine & theirs).values())
    return 2 * shared / (sum(mine.values()) + sum(theirs.values())) if shared else 0.0


def facts(text: str) -> set[str]:
    """Numbers, and lemmas of names and content words."""
    return {
        token.lemma
        for token in tokens(text)
        if token.text[0].isdigit()
        or (len(token.text) > 3 and (analyser().parse(token.text.lower())[0].tag.POS or "NOUN") in TELLING)
    }


def coverage(summary: str, one: Article, other: Article) -> float:
    held = facts(whole(one)) & facts(whole(other))
    return len(held & set(lemmas_of(summary))) / len(held) if held else 0.0


def mark_lost(article: Article, summary: str) -> bool:
    """A name with a notice in the source stands in the summary, and the message would show it without one."""
    shown = annotate((article.title, summary), parsing.find_marks(article.title, article.lead, article.text))
    return any(
        name[1].lower()[:-1] in " ".join((article.title, summary)).lower() and not MARK_WORDS.search(" ".join(shown))
        for name in re.finditer(r"[«\"]?([A-ZА-ЯЁ][\w-]+(?: [\w-]+)?)[»\"]? \(([^()]{6,200})\)", whole(article))
        if MARK_WORDS.search(name[2])
    )


# --- the samples ----------------------------------------------------------------------------------------------------


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def as_article(item: dict[str, Any]) -> Article:
    source = str(item.get("source") or item.get("url") or "")
    return Article(
        source_id=1, key="1", url=source, title=item["title"], text=item["text"], published_at=NOW, seen_at=NOW
    )


def of_pairs(path: Path) -> Sample:
    pairs = [(as_article(pair["first"]), as_article(pair["second"]), pair["same"]) for pair in read_lines(path)]
    articles = {article.text: article for one, other, _ in pairs for article in (one, other)}
    return Sample("story pairs", list(articles.values()), [(one, other) for one, other, same in pairs if same])


def of_feeds(folder: Path) -> Sample:
    source = Source(name="feed", url="", language="ru", owner="feed", country="")
    articles = []
    for path in sorted(folder.glob("*.xml")):
        if path.name.startswith(NO_NEWS):
            continue
        feed = parsing.read_items(Response(url=path.name, status=200, body=path.read_bytes()), source, NOW)
        articles += [parsing.compose(item, None, source, NOW) for item in feed.items]
    return Sample("feeds", [replace(article, url="") for article in articles if whole(article)])


def of_trud(path: Path) -> Sample:
    source = Source(name="trud.ru", url="https://www.trud.ru/", language="ru", owner="trud", country="RU")
    page = parsing.read_page(Response(url=path.name, status=200, body=path.read_bytes()), source)
    article = as_article({"title": page.title, "text": page.text, "source": source.name})
    return Sample("trud.ru", [replace(article, lead=page.lead)])


def samples(topics: Path, pairs: Path) -> list[Sample]:
    return [
        Sample("topics", [as_article(item) for item in read_lines(topics) if item["text"]]),
        of_pairs(pairs),
        of_feeds(DATA / "feeds"),
        of_trud(SHARED / "seed/trud-article.txt"),
    ]


# --- the report -----------------------------------------------------------------------------------------------------


def report(sample: Sample, name: str, summarize: Summary) -> bool:
    """Print one way's figures; whether they reach the floors of ours."""
    start = time.process_time()
    told = [(article, summary) for article in sample.articles if (summary := summarize(article))]
    took = 1000 * (time.process_time() - start) / len(sample.articles)
    lengths = [len(summary) for _, summary in told]
    over = sum(length > LIMIT for length in lengths) / len(told)
    line = (
        f"{name:18} {len(sample.articles) - len(told):3} empty, {statistics.mean(lengths):3.0f} long, over {over:5.1%}"
    )
    found: Counter[str] = Counter()
    faulty = 0
    for article, summary in told:
        wrong = faults(Judged(article.title, whole(article), summary))
        wrong += ["mark lost"] if mark_lost(article, summary) else []
        found.update(wrong)
        faulty += bool(wrong)
    line += f"; faults {faulty / len(told):5.1%}"
    good = faulty / len(told) <= MOST_FAULTS.get(sample.name, 0)
    if sample.pairs:
        both = [(one, other) for pair in sample.pairs for one, other in (pair, pair[::-1])]
        rouge = statistics.mean(rouge1(summarize(one), whole(other)[:LIMIT]) for one, other in both)
        shared = statistics.mean(coverage(summarize(one), one, other) for one, other in both)
        line += f"; ROUGE-1 {rouge:.3f}, shared facts {shared:.3f}"
        good = good and rouge >= LEAST_ROUGE and shared >= LEAST_SHARED
    print(f"{line}; {took:.1f} ms")
    print("   " + ", ".join(f"{kind} {count}" for kind, count in found.most_common()))
    return good


def main(arguments: Iterable[str]) -> int:
    given = [Path(argument) for argument in arguments]
    topics, pairs = given if len(given) == 2 else (DATA / "topics_dev.jsonl", DATA / "story_pairs_dev.jsonl")
    good = True
    for sample in samples(topics, pairs):
        print(f"{sample.name}: {len(sample.articles)} articles")
        for name, summarize in WAYS.items():
            reached = report(sample, name, summarize)
            good = good and (reached or name != "ours" or len(given) == 2)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
