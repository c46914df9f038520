"""How well the built-in topics are recognised: `python bench/topics.py` prints precision, recall and F1.

Data: the labelled news items of ../shared/data/topics_dev.jsonl (not part of the project), as a whole and by titles
alone. Beside ours stand two ways of other bots: the topic's name as typed looked for in the text, and its stem.
Exits 1 when our macro-F1 is under its floor, 2 when the data is not there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.language import analyse, fold  # noqa: E402 - runs from a checkout without being installed
from bot.model import Article  # noqa: E402
from bot.topics import label  # noqa: E402

DATA: Final = ROOT.parent / "shared" / "data" / "topics_dev.jsonl"
FLOOR: Final = {"all": 0.90, "titles alone": 0.85}
"""Macro-F1; rises with the profiles, never falls."""

TOPICS: Final = {"syria": 1, "ukraine": 2, "diplomacy": 3}
TYPED: Final = {"syria": ("сирия",), "ukraine": ("украина",), "diplomacy": ("дипломатия",)}
STEMS: Final = {"syria": ("сири",), "ukraine": ("украин",), "diplomacy": ("дипломат", "посол", "мид ", "переговор")}

Item = Mapping[str, Any]
Labeller = Callable[[str, str], frozenset[str]]


def ours(title: str, text: str) -> frozenset[str]:
    """Slugs our profiles give the item."""
    now = datetime.now(UTC)
    article = Article(source_id=1, key="1", url="", title=title, text=text, published_at=now, seen_at=now)
    slugs = {topic_id: slug for slug, topic_id in TOPICS.items()}
    return frozenset(slugs[one.topic_id] for one in label(analyse(article), TOPICS))


def substring(words: Mapping[str, Sequence[str]]) -> Labeller:
    """A labeller that looks for the words as parts of the lower-case text."""

    def find(title: str, text: str) -> frozenset[str]:
        folded = fold(f"{title} {text}")
        return frozenset(slug for slug, parts in words.items() if any(part in folded for part in parts))

    return find


def measure(items: Sequence[Item], labeller: Labeller, *, titles: bool) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 by topic."""
    found = [labeller(item["title"], "" if titles else item["text"]) for item in items]
    return {
        slug: _figures([(item["labels"][slug], slug in one) for item, one in zip(items, found, strict=True)])
        for slug in TOPICS
    }


def _figures(rows: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    true = sum(wanted and given for wanted, given in rows)
    given, wanted = sum(given for _, given in rows), sum(wanted for wanted, _ in rows)
    return true / max(given, 1), true / max(wanted, 1), 2 * true / max(given + wanted, 1)


def macro(figures: Mapping[str, tuple[float, float, float]]) -> float:
    """The mean F1."""
    return sum(f1 for _, _, f1 in figures.values()) / len(figures)


def main() -> int:
    if not DATA.exists():
        print(f"no data at {DATA}", file=sys.stderr)
        return 2
    items = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    titled = [item for item in items if item["title"]]
    ways = {"ours": ours, "as typed": substring(TYPED), "stems": substring(STEMS)}
    under = False
    for name, chosen in (("all", items), ("titles alone", titled)):
        print(f"\n{name}: {len(chosen)} items (precision / recall / F1)")
        for way, labeller in ways.items():
            figures = measure(chosen, labeller, titles=chosen is titled)
            line = "  ".join(f"{slug} {p:.2f}/{r:.2f}/{f1:.2f}" for slug, (p, r, f1) in figures.items())
            print(f"  {way:9} {line}  macro-F1 {macro(figures):.3f}")
            under |= way == "ours" and macro(figures) < FLOOR[name]
    return int(under)


if __name__ == "__main__":
    raise SystemExit(main())
