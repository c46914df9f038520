"""A week of our own: does each signal of importance foretell what others carry, or what is read?

    python bench/week.py DATABASE [--export]

DATABASE is the bot's own SQLite file, or better a backup of it (`python -m bot backup PATH`); it is only read. With
--export its signals are written as JSON Lines, one measurement a line, for whoever wants to ask something else.

Each story is looked at half an hour after its first article was seen: each article by then, each signal's last value by
then. The outcome is how many *more* owners carried it within 24 hours, or, where fewer than ten owners are read, the
views that its first article's page showed two hours after it came. The stories of each day (UTC) are ranked by each
signal alone, by the score, and by the score without that signal. NDCG@10, mean over days; what a signal adds to the
score with a 95% interval from 1,000 bootstraps over days. A signal whose interval holds zero loses its weight to the
others (docs/decisions/0007, 0014).
"""

from __future__ import annotations

import json
import math
import random
import sqlite3
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import importance
from bot.model import Coverage

TOP = 10
BOOTSTRAPS = 1_000
SEEN_FOR = timedelta(minutes=30)
OUTCOME = timedelta(hours=24)
READ = timedelta(hours=2)
MANY = 10
"""Owners from which on it can be told what others carry."""

SIGNALS = """
    SELECT s.article_id, a.story_id, o.owner, o.country, a.published_at, a.seen_at, s.kind, s.at, s.value
      FROM signals s JOIN articles a ON a.id = s.article_id JOIN sources o ON o.id = a.source_id
     ORDER BY a.seen_at, s.article_id, s.at
"""
"""Each article has at least its place in the feed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An article with what was measured of it, in order of time."""

    owner: str
    country: str
    published_at: datetime
    seen_at: datetime
    signals: tuple[tuple[str, datetime, int | None], ...]

    def last(self, kind: str, at: datetime) -> tuple[datetime, int | None] | None:
        """The last measurement of that kind by then."""
        found = [(then, value) for each, then, value in self.signals if each == kind and then <= at]
        return found[-1] if found else None

    def coverage(self, at: datetime) -> Coverage:
        """What was known of it then; a title is all that tells of an urgent mark."""
        views, place = self.last("views", at), self.last("position", at)
        shown = [(then, value) for kind, then, value in self.signals if kind == "position" and then <= at]
        came = next((then for then, value in reversed(shown) if value is None), None)
        stay = [then for then, value in shown if value is not None and (came is None or then > came)]
        return Coverage(
            title="⚡" if self.last("urgent", at) else "",
            owner=self.owner,
            country=self.country,
            published_at=self.published_at,
            views=views[1] if views else None,
            seen_at=views[0] if views else None,
            position=place[1] if place else None,
            front_since=stay[0] if stay else None,
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A story as it was known after half an hour, and what became of it."""

    day: str
    at: datetime
    coverage: tuple[Coverage, ...]
    others: int
    views: int | None


# --- read ----------------------------------------------------------------------------------------------------------


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield from (dict(row) for row in connection.execute(SIGNALS))


def moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def stories(found: Iterable[Mapping[str, Any]]) -> list[list[Measured]]:
    """Each story's articles, in the order in which they were seen."""
    signals, about = defaultdict[int, list[tuple[str, datetime, int | None]]](list), {}
    for row in found:
        signals[row["article_id"]].append((row["kind"], moment(row["at"]), row["value"]))
        about[row["article_id"]] = row
    by_story = defaultdict[int, list[Measured]](list)
    for article_id, row in about.items():
        times = moment(row["published_at"]), moment(row["seen_at"])
        article = Measured(row["owner"], row["country"], *times, tuple(signals[article_id]))
        by_story[row["story_id"]].append(article)
    return list(by_story.values())


def case(story: Sequence[Measured]) -> Case:
    first = story[0]
    at = first.seen_at + SEEN_FOR
    early = [article for article in story if article.seen_at <= at]
    owners = {article.owner for article in early}
    later = {article.owner for article in story if article.seen_at <= first.seen_at + OUTCOME}
    read = first.last("views", first.seen_at + OUTCOME)
    in_time = read is not None and read[0] >= first.seen_at + READ
    return Case(
        day=f"{first.seen_at:%F}",
        at=at,
        coverage=tuple(article.coverage(at) for article in early),
        others=len(later - owners),
        views=read[1] if read is not None and in_time else None,
    )


# --- judge ---------------------------------------------------------------------------------------------------------


def without(name: str, coverage: Sequence[Coverage]) -> list[Coverage]:
    """The coverage as if one signal were not measured."""
    first = coverage[0]
    taken: dict[str, Callable[[], list[Coverage]]] = {
        "position": lambda: [replace(each, position=None, front_since=None) for each in coverage],
        "stay": lambda: [replace(each, front_since=None) for each in coverage],
        "views": lambda: [replace(each, views=None) for each in coverage],
        "urgent": lambda: [replace(each, title="") for each in coverage],
        "owners": lambda: [each for each in coverage if each.owner == first.owner],
        "follow-ups": lambda: list({each.owner: each for each in reversed(coverage)}.values()),
    }
    return taken[name]()


ALONE: dict[str, Callable[[Case], float]] = {
    "position": lambda case: -min((each.position for each in case.coverage if each.position is not None), default=999),
    "stay": lambda case: max(
        (case.at - each.front_since).total_seconds() if each.front_since else 0.0 for each in case.coverage
    ),
    "views": lambda case: max(
        (each.views or 0) / max((case.at - each.published_at).total_seconds(), 60.0) for each in case.coverage
    ),
    "urgent": lambda case: float(any(each.title for each in case.coverage)),
    "owners": lambda case: float(len({each.owner for each in case.coverage})),
    "follow-ups": lambda case: float(len(case.coverage) - len({each.owner for each in case.coverage})),
}


def ndcg(cases: Sequence[Case], gain: Callable[[Case], float], score: Callable[[Case], float]) -> float:
    """Of one day; ties stand in an order that has nothing to do with either."""
    shuffled = random.Random(7).sample(cases, len(cases))
    gains = [gain(each) for each in sorted(shuffled, key=score, reverse=True)]
    return dcg(gains) / (dcg(sorted(gains, reverse=True)) or 1.0)


def dcg(gains: Sequence[float]) -> float:
    return sum(each / math.log2(place + 2) for place, each in enumerate(gains[:TOP]))


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """95% of the means of days drawn anew."""
    rng = random.Random(7)
    means = sorted(statistics.mean(rng.choices(differences, k=len(differences))) for _ in range(BOOTSTRAPS))
    return means[BOOTSTRAPS // 40], means[-BOOTSTRAPS // 40 - 1]


def judge(path: Path) -> None:
    found = [case(story) for story in stories(rows(path))]
    owners = {each.owner for one in found for each in one.coverage}
    carried = len(owners) >= MANY
    cases = found if carried else [one for one in found if one.views is not None]
    print(
        f"{len(found)} stories of {len(owners)} owners; judged by", "other owners" if carried else "views", len(cases)
    )
    days = defaultdict[str, list[Case]](list)
    for one in cases:
        days[one.day].append(one)
    if not days:
        print("nothing to judge by yet")
        return

    def gain(one: Case) -> float:
        return math.log2(1 + (one.others if carried else one.views or 0))

    def by_day(score: Callable[[Case], float]) -> list[float]:
        return [ndcg(day, gain, score) for day in days.values()]

    score = by_day(lambda one: importance.score(one.coverage, one.at).score)
    print(
        f"{len(days)} days   random {statistics.mean(by_day(lambda _: 0.0)):.3f}   score {statistics.mean(score):.3f}"
    )
    for name, alone in ALONE.items():
        rest = by_day(lambda one, name=name: importance.score(without(name, one.coverage), one.at).score)
        adds = [ours - theirs for ours, theirs in zip(score, rest, strict=True)]
        low, high = interval(adds)
        told = f"{statistics.mean(adds):+.3f} [{low:+.3f}, {high:+.3f}]"
        print(f"{name:10} alone {statistics.mean(by_day(alone)):.3f}   adds {told}")


def main() -> None:
    path = Path(sys.argv[1])
    if "--export" in sys.argv[2:]:
        for row in rows(path):
            times = {name: moment(row[name]).isoformat() for name in ("published_at", "seen_at", "at")}
            print(json.dumps(row | times, ensure_ascii=False))
    else:
        judge(path)


if __name__ == "__main__":
    main()
