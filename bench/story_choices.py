"""Why the figures of `bot/stories` are what they are: each one changed alone, the others as they stand.

    python bench/story_choices.py [PAIRS.jsonl]

With 81 pairs the best F1 of a threshold says little. What decides is how far apart the pairs lie: the chance that a
pair of one event scores above one of two (AUC), and what the score foretells of a pair that it was not fitted to (mean
log loss of a logistic curve through the other 80 pairs, leaving each out in turn). Where neighbours do as well, the
round or the cheaper figure was taken. Then: precision and recall over thresholds, smoothed (each pair counts by how
surely it is above, with a spread of 0.06), as they may be expected of pairs not seen.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.stories import PAIRS, Read, read_articles, without_headline  # noqa: E402 - runs from a checkout without being installed
from bot.stories import fingerprint, prior, rarity, roots, similarity  # noqa: E402
from bot.stories.fingerprint import Fingerprint  # noqa: E402

SPREAD: Final = 0.06

Score = Callable[[Fingerprint, Fingerprint], float]
CHOICES: Final[Sequence[tuple[ModuleType, str, Sequence[Any]]]] = (
    (roots, "ROOT", (4, 5, 6, 7, 8, 99)),
    (fingerprint, "LENGTH", (60, 100, 150, 200, 250, 500)),
    (similarity, "NAME_MISSING", (0.0, 0.03, 0.05, 0.08)),
    (similarity, "EACH_ITS_OWN", (0.0, 0.05, 0.10, 0.15, 0.20, 0.30)),
    (similarity, "LEAST_GIST", (0.0, 0.2, 0.3, 0.35)),
    (similarity, "GIST", (8, 10, 15, 20, 30)),
    (rarity, "PRIOR_ARTICLES", (100, 300, 1000)),
)


def scores(pairs: Sequence[tuple[Read, Read]], rarity_: rarity.Rarity) -> list[float]:
    prints = [(fingerprint.fingerprint(*first), fingerprint.fingerprint(*second)) for first, second in pairs]
    return [_likeness(one, other, rarity_.of) for one, other in prints]


def _likeness(one: Fingerprint, other: Fingerprint, rarity_: similarity.Rarity) -> float:
    ours, theirs = (
        similarity.Weighed(each, tuple(similarity.by_weight(each, rarity_)[: similarity.GIST])) for each in (one, other)
    )
    return similarity.likeness(ours, frozenset(one.words), theirs, rarity_) or 0.0


@contextmanager
def chosen(module: ModuleType, name: str, value: object) -> Iterator[None]:
    """Another figure for a while, and the prior by the roots it makes."""
    before = getattr(module, name), rarity._PRIOR
    setattr(module, name, value)
    setattr(rarity, "_PRIOR", roots.by_root(prior.SHARES))  # noqa: B010 - final for everybody else
    try:
        yield
    finally:
        setattr(module, name, before[0])
        setattr(rarity, "_PRIOR", before[1])  # noqa: B010


def auc(found: Sequence[float], same: Sequence[bool]) -> float:
    ones, others = ([s for s, one in zip(found, same, strict=True) if one is wanted] for wanted in (True, False))
    return sum((a > b) + (a == b) / 2 for a in ones for b in others) / len(ones) / len(others)


def left_out_loss(found: Sequence[float], same: Sequence[bool]) -> float:
    losses = []
    for number, (score, one) in enumerate(zip(found, same, strict=True)):
        rest = [(s, o) for at, (s, o) in enumerate(zip(found, same, strict=True)) if at != number]
        slope, base = curve(rest)
        likely = 1 / (1 + math.exp(-slope * score - base))
        losses.append(-math.log(max(likely if one else 1 - likely, 1e-6)))
    return math.fsum(losses) / len(losses)


def curve(points: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and base of the logistic curve through the points, by Newton's method, slope mildly held back."""
    slope, base = 0.0, 0.0
    for _ in range(12):
        g0, g1, h00, h01, h11 = 0.0, slope * 0.03, 1e-6, 0.0, 0.03
        for score, one in points:
            likely = 1 / (1 + math.exp(-max(min(slope * score + base, 30.0), -30.0)))
            weight = likely * (1 - likely)
            g0, g1 = g0 + likely - one, g1 + (likely - one) * score
            h00, h01, h11 = h00 + weight, h01 + weight * score, h11 + weight * score * score
        det = h00 * h11 - h01 * h01
        base, slope = base - (h11 * g0 - h01 * g1) / det, slope - (h00 * g1 - h01 * g0) / det
    return slope, base


def print_expected(name: str, found: Sequence[float], same: Sequence[bool]) -> None:
    for cut in (0.32, 0.34, 0.36, 0.38, 0.40, 0.42):
        above = [(1 + math.erf((score - cut) / SPREAD / math.sqrt(2))) / 2 for score in found]
        both = math.fsum(share for share, one in zip(above, same, strict=True) if one)
        print(f"{name} {cut:.2f}  precision {both / math.fsum(above):.3f}  recall {both / sum(same):.3f}")


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    if not path.exists():
        print(f"{path} is not there", file=sys.stderr)
        return 2
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    articles = read_articles(raw)
    pairs = [(articles[pair["first"]["url"]], articles[pair["second"]["url"]]) for pair in raw]
    same = [bool(pair["same"]) for pair in raw]
    for module, name, values in CHOICES:
        stands = getattr(module, name)
        for value in values:
            with chosen(module, name, value):
                found = scores(pairs, rarity.Rarity())
            mark = " <" if value == stands else ""
            print(f"{name:<15}{value:>6}  AUC {auc(found, same):.3f}  loss {left_out_loss(found, same):.3f}{mark}")
    full = rarity.Rarity()
    for read in articles.values():
        full.add(fingerprint.fingerprint(*read).words)
    bare = [(without_headline(first), without_headline(second)) for first, second in pairs]
    half = [(first, other) for (first, _), (_, other) in zip(pairs, bare, strict=True)]
    ways = {"": pairs, " bare": bare, " half bare": half}
    for (name, how), seen in product(ways.items(), (rarity.Rarity(), full)):
        found = scores(how, seen)
        state = ("warm" if seen is full else "cold") + name
        print(f"{state:<15}AUC {auc(found, same):.3f}  loss {left_out_loss(found, same):.3f}")
        print_expected(state, found, same)
    return 0


if __name__ == "__main__":
    sys.exit(main())
