"""Importance: does the score put first what most other newspapers carried?

    python bench/importance.py [COVERAGE.jsonl [HELD_OUT.jsonl]]

Somebody follows a few outlets, drawn at random with a fixed seed. The stories that these carried on one day are ranked
by what they alone show, authority having been learnt on another day; a story gains by the outlets that are *not*
followed and carried it. NDCG@10, mean ± standard error over draws and over each order of two days, ties broken at
random. With HELD_OUT its days are judged, and those of COVERAGE only learnt from.
Published for comparison, ten outlets: count .485, authority-sum .535.

"authority-sum" adds up how many others carry an outlet's stories in the mean, "coverage-sum" counts the outlet in.
"ours" knows of follow-ups too, as the bot does: an outlet's second address in a story; "by outlets" doesn't. What is
"over" another is told as mean ± standard error, then for each order of days: what doesn't hold in both is chance.

"all" learns authority from every outlet, as the published figures do; "own" only from those followed, as a bot must
that reads nothing else. A gain is the number of outlets, or its logarithm.

Then, by country, how many of the widely carried stories reach *notable* with thresholds of the other day, of those that
an outlet one follows carried at all. A story counts for each country that has an outlet in it.
"""

from __future__ import annotations

import json
import math
import random
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import permutations, product
from pathlib import Path
from urllib.parse import urlsplit

from bot import importance
from bot.importance import Norms
from bot.model import Coverage, History, Level, OwnerRecord

DATA = Path(__file__).parents[1].parent / "shared/data/story_coverage_dev.jsonl"
FOLLOWED = (3, 5, 10, 20, 50)
DRAWS = 150
"""Of each order of days."""
LEAST = 5
"""Stories a day of an outlet worth following; more than half of all outlets have fewer."""
TOP = 10
WIDELY = 5
"""Outlets that carry a widely carried story."""
HOMES = frozenset({"ru", "ua", "by", "kz", "de", "il", "lv", "ee", "lt", "md", "ge", "am", "az", "uz", "kg", "bg"})
"""Domains that tell a country; of others it isn't known."""
NOON = datetime(2020, 5, 25, 12, tzinfo=UTC)
GAINS: dict[str, Callable[[int], float]] = {"log": lambda others: math.log2(1 + others), "linear": float}


@dataclass(frozen=True)
class Story:
    """What outlets carried."""

    outlets: frozenset[str]
    articles: tuple[str, ...] = ()
    """The outlet of each."""

    def seen_by(self, followed: frozenset[str]) -> Story:
        return Story(self.outlets & followed, tuple(outlet for outlet in self.articles if outlet in followed))


Records = dict[str, OwnerRecord]
Score = Callable[[Story], float]


@dataclass(frozen=True)
class Draw:
    """Some outlets to follow, a day to learn from, and one to judge."""

    followed: frozenset[str]
    learnt: Sequence[Story]
    judged: Sequence[Story]


def read_days(path: Path) -> list[list[Story]]:
    days: dict[str, list[Story]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        outlets = frozenset(row["hosts"])
        days[row["day"]].append(Story(outlets, tuple(sorted(outlet_of(url, outlets) for url in row["urls"]))))
    return [days[day] for day in sorted(days)]


def outlet_of(url: str, outlets: frozenset[str]) -> str:
    """The one whose name the address's host is or ends with."""
    host = urlsplit(url).hostname or ""
    return next(host.split(".", n)[-1] for n in range(host.count(".") + 1) if host.split(".", n)[-1] in outlets)


def draws(pairs: Sequence[tuple[list[Story], list[Story]]], followed: int) -> Iterator[Draw]:
    rng = random.Random(f"importance {followed}")
    for learnt, judged in pairs:
        counts = [Counter(outlet for story in day for outlet in story.outlets) for day in (learnt, judged)]
        worth = sorted(outlet for outlet in counts[0] if min(count[outlet] for count in counts) >= LEAST)
        for _ in range(DRAWS):
            yield Draw(frozenset(rng.sample(worth, followed)), learnt, judged)


# --- what is known, in the bot's own terms -------------------------------------------------------------------------


def country(outlet: str) -> str:
    domain = outlet.rpartition(".")[2]
    return domain.upper() if domain in HOMES else ""


@cache
def article(outlet: str) -> Coverage:
    """The data has no times: all is of noon."""
    return Coverage(title="", owner=outlet, country=country(outlet), published_at=NOON)


def coverage(story: Story) -> list[Coverage]:
    return [article(outlet) for outlet in story.articles]


def by_outlets(story: Story) -> list[Coverage]:
    """One article each."""
    return [article(outlet) for outlet in sorted(story.outlets)]


def records(stories: Iterable[Story]) -> Records:
    return importance.records_of(coverage(story) for story in stories)


def norms(known: Records, peaks: Sequence[float] = (), days: float = 1.0) -> Norms:
    learnt = importance.norms(History(owners=tuple(known.values())), NOON)
    return Norms(thresholds=importance.thresholds(peaks, days), authorities=learnt.authorities)


def scores(known: Records) -> dict[str, Score]:
    """What is compared: each a score of a story by the followed outlets that carry it."""
    ours = norms(known)

    mean = {
        outlet: sum(others * count for others, count in record.carried.items()) / sum(record.carried.values())
        for outlet, record in known.items()
    }
    return {
        "random": lambda _: 0.0,
        "count": lambda story: len(story.outlets),
        "authority-sum": lambda story: round(math.fsum(mean.get(outlet, 0.0) for outlet in story.outlets), 9),
        "coverage-sum": lambda story: round(math.fsum(mean.get(outlet, 0.0) + 1 for outlet in story.outlets), 9),
        "by outlets": lambda story: importance.score(by_outlets(story), NOON, ours).score,
        "ours": lambda story: importance.score(coverage(story), NOON, ours).score,
    }


# --- ranking -------------------------------------------------------------------------------------------------------


def dcg(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in zip(range(TOP), gains, strict=False))


def orders(draw: Draw, known: Records, rng: random.Random) -> dict[str, list[Story]]:
    """The stories that the followed outlets carried, best first by each score."""
    carried = [story for story in draw.judged if story.outlets & draw.followed]
    rng.shuffle(carried)  # sorting keeps the order of ties
    found = {}
    for name, score in scores(known).items():
        scored = cache(score)
        found[name] = sorted(carried, key=lambda story, scored=scored: -scored(story.seen_by(draw.followed)))
    return found


def ndcg(order: Sequence[Story], followed: frozenset[str], gain: Callable[[int], float]) -> float:
    gains = [gain(len(story.outlets - followed)) for story in order]
    return dcg(gains) / (dcg(sorted(gains, reverse=True)) or 1.0)


def seen(stories: Iterable[Story], followed: frozenset[str]) -> list[Story]:
    return [story.seen_by(followed) for story in stories if story.outlets & followed]


def print_ranking(pairs: Sequence[tuple[list[Story], list[Story]]], learning: str) -> None:
    everybody = {id(learnt): records(learnt) for learnt, _ in pairs}
    lines: dict[str, list[str]] = {name: [] for name in GAINS}
    for followed in FOLLOWED:
        rng, found = random.Random(7), {name: defaultdict[str, list[float]](list) for name in GAINS}
        for draw in draws(pairs, followed):
            known = everybody[id(draw.learnt)] if learning == "all" else records(seen(draw.learnt, draw.followed))
            for (score, order), (gain, values) in product(orders(draw, known, rng).items(), found.items()):
                values[score].append(ndcg(order, draw.followed, GAINS[gain]))
        for gain, values in found.items():
            lines[gain].append(f"{followed:>3} followed   {line(values)}")
    for gain, told in lines.items():
        print(f"\nNDCG@{TOP}, authority learnt from {learning} outlets, gains {gain}", *told, sep="\n")


def line(values: dict[str, list[float]]) -> str:
    """`values` by score, those of one order of days after those of another."""
    told = [f"{name} {statistics.mean(one):.3f} ± {error(one):.3f}" for name, one in values.items()]
    for name, other in (("ours", "count"), ("ours", "authority-sum"), ("by outlets", "authority-sum")):
        over = [ours - theirs for ours, theirs in zip(values[name], values[other], strict=True)]
        orders = " ".join(f"{statistics.mean(over[at : at + DRAWS]):+.3f}" for at in range(0, len(over), DRAWS))
        told.append(f"{name} over {other} {statistics.mean(over):+.3f} ± {error(over):.3f} ({orders})")
    return "   ".join(told)


def error(values: Sequence[float]) -> float:
    return statistics.stdev(values) / math.sqrt(len(values))


# --- levels by country ---------------------------------------------------------------------------------------------


def print_levels(pairs: Sequence[tuple[list[Story], list[Story]]], followed: int) -> None:
    widely, notable, a_day = Counter[str](), Counter[str](), []
    for draw in draws(pairs, followed):
        ours = seen(draw.learnt, draw.followed)
        known = records(ours)
        learnt = norms(known)
        peaks = [importance.score(coverage(story), NOON, learnt).score for story in ours]
        here = norms(known, peaks)
        level = cache(lambda seen, here=here: importance.score(coverage(seen), NOON, here).level)
        carried = [story for story in draw.judged if story.outlets & draw.followed]
        reached = [story for story in carried if level(story.seen_by(draw.followed)) > Level.ROUTINE]
        a_day.append(len(reached))
        widely.update(home for story in carried for home in homes(story))
        notable.update(home for story in reached for home in homes(story))
    shares = "   ".join(f"{home or '?'} {notable[home] / n:.2f} of {n}" for home, n in widely.most_common(6))
    print(f"{followed:>3} followed   {statistics.mean(a_day):.1f} notable a day   {shares}")


def homes(story: Story) -> set[str]:
    """Of a widely carried story; of no other."""
    return {country(outlet) for outlet in story.outlets} if len(story.outlets) >= WIDELY else set()


def main() -> None:
    given = [Path(name) for name in sys.argv[1:]] or [DATA]
    days = read_days(given[0])
    pairs = list(permutations(days, 2)) if len(given) == 1 else list(product(days, read_days(given[1])))
    for learning in ("all", "own"):
        print_ranking(pairs, learning)
    print(f"\nStories of {WIDELY} or more outlets, of them a followed one: the share that reaches notable, by country")
    for followed in FOLLOWED:
        print_levels(pairs, followed)


if __name__ == "__main__":
    main()
