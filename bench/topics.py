"""How well the built-in topics are recognised: `python bench/topics.py` prints precision, recall and F1.

Data: the labelled news items of ../shared/data/topics_dev.jsonl (not part of the project), as a whole and by titles
alone; and the hand-written headlines of tests/unit/topics/headlines.txt (part of it), in three languages. Beside ours
stand two ways of other bots: the topic's name as typed looked for in the text, and its stem.

Profiles are written by hand, so how they do on items nobody has seen is told from two sides. Halves: how much a place
of the text counts, and the thresholds, were chosen on half A and kept because half B agreed. Left out: every word that
is found in the measured half (or tenth) and in no other item is struck from the profiles first, and their thresholds
are chosen anew, as if whoever wrote them had known only the other items. That is less than general knowledge gives: a
lower bound.
docs/TOPICS.md tells what was seen when.

Exits 1 when a figure is under its floor, 2 when the data is not there.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.language import Document, analyse, fold  # noqa: E402 - runs from a checkout without being installed
from bot.model import Article  # noqa: E402
from bot.topics import BUILT_IN  # noqa: E402
from bot.topics.built_in import built_in  # noqa: E402
from bot.topics.catalogue import Catalogue  # noqa: E402
from bot.topics.judge import Panel, Verdict  # noqa: E402
from bot.topics.patterns import Finder  # noqa: E402
from bot.topics.profile import Case, Pattern, Profile, Sign  # noqa: E402

DATA: Final = ROOT.parent / "shared" / "data" / "topics_dev.jsonl"
HEADLINES: Final = ROOT / "tests" / "unit" / "topics" / "headlines.txt"
FLOOR: Final = {"all": 0.97, "titles alone": 0.93, "hand-written headlines": 0.97}
"""Macro-F1; rises with the profiles, never falls. The tests hold the same floors."""
EACH: Final = {"all": 0.93, "titles alone": 0.89, "hand-written headlines": 0.96}
"""F1 of every topic; the same."""
THRESHOLDS: Final = (0.25, 0.3, 0.35, 0.4, 0.45)
MOST_MS: Final = 3.0
"""Milliseconds to label one article of 200 words with all built-in topics, its words being known."""

TOPICS: Final = {"syria": 1, "ukraine": 2, "diplomacy": 3}
TYPED: Final = {"syria": ("сирия",), "ukraine": ("украина",), "diplomacy": ("дипломатия",)}
STEMS: Final = {"syria": ("сири",), "ukraine": ("украин",), "diplomacy": ("дипломат", "посол", "мид ", "переговор")}

Item = Mapping[str, Any]
Slugs = frozenset[str]
Labeller = Callable[[Item, bool], Slugs]
"""Slugs of an item, by its title alone if so."""
Figures = Mapping[str, tuple[float, float, float]]


def document(item: Item, title_alone: bool = False) -> Document:
    now = datetime.now(UTC)
    text = "" if title_alone else item["text"]
    return analyse(Article(source_id=1, key="1", url="", title=item["title"], text=text, published_at=now, seen_at=now))


def headlines() -> list[Item]:
    """Lines of letters for the topics, a title and perhaps a text: `SD | Переговоры по Сирии | Стороны …`."""
    rows = [line.split(" | ") for line in HEADLINES.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return [
        {
            "id": title,
            "title": title,
            "text": " ".join(text),
            "labels": {slug: slug[0].upper() in letters for slug in TOPICS},
        }
        for letters, title, *text in rows
    ]


def by(catalogue: Catalogue) -> Labeller:
    """A labeller that asks profiles."""
    slugs = {topic_id: slug for slug, topic_id in TOPICS.items()}
    return lambda item, title_alone: frozenset(
        slugs[one.topic_id] for one in catalogue.label(document(item, title_alone), TOPICS)
    )


def substring(words: Mapping[str, Sequence[str]]) -> Labeller:
    """A labeller that looks for the words as parts of the lower-case text."""

    def find(item: Item, title_alone: bool) -> Slugs:
        folded = fold(item["title"] if title_alone else f"{item['title']} {item['text']}")
        return frozenset(slug for slug, parts in words.items() if any(part in folded for part in parts))

    return find


def part(item: Item, parts: int) -> int:
    """In which of so many parts of the data an item is, by a hash of its id."""
    return hashlib.blake2b(str(item["id"]).encode(), digest_size=1).digest()[0] % parts


def words_left_out(items: Sequence[Item], parts: int, title_alone: bool) -> Labeller:
    """A labeller that judges each item by profiles made without the item's part of the data.

    They lack the words found in that part only, and their thresholds are the best of some for the other parts.
    """
    profiles = [built_in().profile(slug) for slug in TOPICS]
    finder = Finder((steps, steps) for profile in profiles for steps in _patterns(profile))
    found: list[set[Pattern]] = [set() for _ in range(parts)]
    for item in items:
        words = document(item)
        for one in (*finder.find(words.title), *finder.find(words.body)):
            found[part(item, parts)].update(one.values)
    labellers = []
    for mine in range(parts):
        elsewhere = set[Pattern]().union(*(found[other] for other in range(parts) if other != mine))
        others = [item for item in items if part(item, parts) != mine and (item["title"] or not title_alone)]
        kept = [_without(profile, found[mine] - elsewhere) for profile in profiles]
        labellers.append(by(Catalogue(_fitted(profile, others, title_alone) for profile in kept)))
    return lambda item, title_alone: labellers[part(item, parts)](item, title_alone)


def _fitted(profile: Profile, items: Sequence[Item], title_alone: bool) -> Profile:
    """The profile with the threshold that serves the items best, its own one if it serves as well."""
    panel = Panel([profile])
    totals = [panel.judge(document(item, title_alone)).get(profile.slug, Verdict()).total for item in items]

    def f1(threshold: float) -> float:
        given = [total >= threshold for total in totals]
        return _figures([(item["labels"][profile.slug], one) for item, one in zip(items, given, strict=True)])[2]

    best = max((profile.threshold, *THRESHOLDS), key=lambda threshold: round(f1(threshold), 6))
    return replace(profile, threshold=best)


def _patterns(profile: Profile) -> Iterator[Pattern]:
    for steps, _ in (*profile.evidence.signs, *profile.against.signs, *profile.members):
        yield steps
    yield from profile.ignored


def _without(profile: Profile, struck: set[Pattern]) -> Profile:
    def kept(signs: Sequence[tuple[Pattern, Sign]]) -> tuple[tuple[Pattern, Sign], ...]:
        return tuple((steps, sign) for steps, sign in signs if steps not in struck)

    def case(whole: Case) -> Case:
        return replace(whole, signs=kept(whole.signs))

    return replace(
        profile,
        evidence=case(profile.evidence),
        against=case(profile.against),
        members=kept(profile.members),
        ignored=tuple(steps for steps in profile.ignored if steps not in struck),
    )


def measure(items: Sequence[Item], labeller: Labeller, *, title_alone: bool) -> Figures:
    """Precision, recall and F1 by topic."""
    found = [labeller(item, title_alone) for item in items]
    return {
        slug: _figures([(item["labels"][slug], slug in one) for item, one in zip(items, found, strict=True)])
        for slug in TOPICS
    }


def _figures(rows: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    true = sum(wanted and given for wanted, given in rows)
    given, wanted = sum(given for _, given in rows), sum(wanted for wanted, _ in rows)
    return true / max(given, 1), true / max(wanted, 1), 2 * true / max(given + wanted, 1)


def macro(figures: Figures) -> float:
    """The mean F1."""
    return sum(f1 for _, _, f1 in figures.values()) / len(figures)


def show(name: str, figures: Figures) -> None:
    line = "  ".join(f"{slug} {p:.2f}/{r:.2f}/{f1:.2f}" for slug, (p, r, f1) in figures.items())
    print(f"  {name:22} {line}  macro-F1 {macro(figures):.3f}")


def compare(name: str, items: Sequence[Item], every: Sequence[Item]) -> bool:
    """Print how every way does on the items; whether ours is under its floor."""
    title_alone = name == "titles alone"
    print(f"\n{name}: {len(items)} items (precision / recall / F1)")
    ours = measure(items, by(built_in()), title_alone=title_alone)
    show("ours", ours)
    for half, letter in enumerate("AB"):
        chosen = [item for item in items if part(item, 2) == half]
        show(f"ours, half {letter} ({len(chosen)})", measure(chosen, by(built_in()), title_alone=title_alone))
    for parts, said in ((2, "halves"), (10, "tenths")):
        show(
            f"ours, {said} left out", measure(items, words_left_out(every, parts, title_alone), title_alone=title_alone)
        )
    beside(items, title_alone=title_alone)
    return is_under_floor(name, ours)


def beside(items: Sequence[Item], *, title_alone: bool) -> None:
    """How other bots do on the items."""
    for way, labeller in (("as typed", substring(TYPED)), ("stems", substring(STEMS))):
        show(f"others: {way}", measure(items, labeller, title_alone=title_alone))


def compare_headlines() -> bool:
    """The same for the headlines that are part of the project."""
    items = headlines()
    print(f"\nhand-written headlines: {len(items)} (precision / recall / F1)")
    ours = measure(items, by(built_in()), title_alone=False)
    show("ours", ours)
    beside(items, title_alone=False)
    return is_under_floor("hand-written headlines", ours)


def is_under_floor(name: str, ours: Figures) -> bool:
    return macro(ours) < FLOOR[name] or min(f1 for _, _, f1 in ours.values()) < EACH[name]


def cost(items: Sequence[Item]) -> float:
    """Milliseconds of CPU an article of about 200 words, for all built-in topics."""
    ids = {slug: number for number, slug in enumerate(BUILT_IN, start=1)}
    documents = [document(item) for item in items if 180 <= len(item["text"].split()) <= 220]
    rounds = []
    for _ in range(6):  # the first one warms the caches
        started = time.process_time()
        for one in documents:
            built_in().label(one, ids)
        rounds.append(1000 * (time.process_time() - started) / len(documents))
    best = min(rounds[1:])
    print(f"\nlabelling with {len(ids)} topics: {best:.2f} ms CPU an article of 200 words ({len(documents)} articles)")
    return best


def main() -> int:
    if not DATA.exists():
        print(f"no data at {DATA}", file=sys.stderr)
        return 2
    items = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    under = compare("all", items, items)
    under |= compare("titles alone", [item for item in items if item["title"]], items)
    under |= compare_headlines()
    return int(under or cost(items) > MOST_MS)


if __name__ == "__main__":
    raise SystemExit(main())
