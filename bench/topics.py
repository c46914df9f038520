"""How well the built-in topics are recognised: `python bench/topics.py` prints precision, recall and F1.

Data: the labelled news items of ../shared/data/topics_dev.jsonl (not part of the project), as a whole and by titles
alone. Beside ours stand two ways of other bots: the topic's name as typed looked for in the text, and its stem.

Profiles are written by hand, so how they do on items nobody has seen is told from two sides. Halves: diplomacy and
Ukraine were last worked on from the errors of half A alone; nobody looked at those of half B. Words left out: every
word that is found in the measured half (or tenth) and in no other item is struck from the profiles first, as if whoever
wrote them had known only words that the other items hold. That is less than general knowledge gives: a lower bound.

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
from bot.topics.patterns import Finder  # noqa: E402
from bot.topics.profile import Case, Pattern, Profile, Sign  # noqa: E402

DATA: Final = ROOT.parent / "shared" / "data" / "topics_dev.jsonl"
FLOOR: Final = {"all": 0.94, "titles alone": 0.90}
"""Macro-F1; rises with the profiles, never falls."""
EACH: Final = {"all": 0.90, "titles alone": 0.84}
"""F1 of every topic; the same."""
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


def words_left_out(items: Sequence[Item], parts: int) -> Labeller:
    """A labeller that judges each item by profiles without the words found in the item's part of the data only."""
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
        labellers.append(by(Catalogue(_without(profile, found[mine] - elsewhere) for profile in profiles)))
    return lambda item, title_alone: labellers[part(item, parts)](item, title_alone)


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
        show(f"ours, {said} left out", measure(items, words_left_out(every, parts), title_alone=title_alone))
    for way, labeller in (("as typed", substring(TYPED)), ("stems", substring(STEMS))):
        show(f"others: {way}", measure(items, labeller, title_alone=title_alone))
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
    return int(under or cost(items) > MOST_MS)


if __name__ == "__main__":
    raise SystemExit(main())
