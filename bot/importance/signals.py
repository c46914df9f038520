"""What each signal of a story's coverage is worth, from 0 (nothing) to 1 (as much as it can say)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.importance.owners import standing
from bot.importance.urgency import is_urgent
from bot.model import Article, Coverage, Signal, SignalKind

FRONT_PAGE_PLACES = 30
"""Places; one this far down or further says that the newsroom thinks little of the article."""

LONG_STAY = timedelta(hours=6)
"""An article still on the front page after this long is held there: pages turn over several times a day."""
STAY = 0.25
"""By how much a long stay adds to the worth of a place; an estimate that no public data tests."""

ECHO_AT_HOME = 0.95
"""Exponent of a country's owners: its second voice adds .93 of its first, its tenth .85, its thirtieth .80. So the
largest camp's echo alone weighs less than voices of several. .9 would lose .005 with 20 sources and .002 with 10, not
to tell countries apart would gain as little (bench/importance.py)."""
AUTHORITY = 0.9
"""Voices between a story whose best owner is far below the average and one whose best owner is far above it. The best
one's, not the sum of all: owners that often carry each other's stories would count each other's echo. Less than a
voice, because what the number of owners says comes first; anything from .7 to 2 ranks equally well."""

RATE_OF_NOTHING = 10.0
RATE_OF_EVERYTHING = 1000.0
"""Views an hour at which the view rate is worth 0 and 1. A usual trud.ru article gathers about 1,750 views in all,
70 an hour of its first day: that lies in the middle."""

EARLIEST_READING = timedelta(minutes=30)
"""A counter read sooner can only show that a story is in demand, not that it isn't."""

LIFE = timedelta(hours=24)
"""An article gathers nearly all its views in its first day; age beyond it doesn't thin them out."""

ECHO = timedelta(minutes=15)
"""Within this time of an urgent mark a second owner bears it out."""

HOUR = timedelta(hours=1)


def prominence(place: int, stay: timedelta = timedelta()) -> float:
    """Of a place on the front page, counted from 0. Falls with the logarithm, as readers' attention does."""
    worth = max(0.0, 1 - math.log1p(max(place, 0)) / math.log(FRONT_PAGE_PLACES))
    return min(1.0, worth * (1 + STAY * min(max(stay / LONG_STAY, 0.0), 1.0)))


def view_rate(article: Coverage, now: datetime) -> float | None:
    """Views an hour of the article's life so far; None when they were not read, or too early to say."""
    if article.views is None:
        return None
    age = (article.seen_at or now) - article.published_at
    rate = max(article.views, 0) / (min(max(age, EARLIEST_READING), LIFE) / HOUR)
    return None if age < EARLIEST_READING and demand(rate) < 0.5 else rate


def demand(rate: float) -> float:
    """Of a view rate, on a logarithmic scale: views are spread over orders of magnitude."""
    span = math.log(RATE_OF_EVERYTHING / RATE_OF_NOTHING)
    return min(1.0, max(0.0, math.log(max(rate, 1e-9) / RATE_OF_NOTHING) / span))


def follow_up(count: int) -> float:
    """Of an owner's later articles on the story: the first says most."""
    return count / (count + 1)


def owners(coverage: Sequence[Coverage]) -> dict[str, datetime]:
    """When each owner first carried the story."""
    first: dict[str, datetime] = {}
    for article in coverage:
        known = first.get(article.owner)
        first[article.owner] = article.published_at if known is None else min(known, article.published_at)
    return first


def voices(coverage: Sequence[Coverage], authorities: Mapping[str, float]) -> float:
    """How many voices carry a story, in owners of average authority who are all from different countries."""
    homes = countries(coverage)
    spread = math.fsum(math.pow(count, ECHO_AT_HOME) for count in Counter(homes.values()).values())
    return spread + AUTHORITY * (standing(homes, authorities) - 0.5)


def countries(coverage: Sequence[Coverage]) -> dict[str, str]:
    """Each owner's country; an owner has one voice, in one country."""
    homes: dict[str, str] = {}
    for article in coverage:
        homes[article.owner] = min(article.country, homes.get(article.owner, article.country))
    return homes


def breadth(count: float) -> float:
    """Of so many voices: 0 for one, .29 for two, .62 for seven, .86 for fifty.

    Below 0 for less than one, along the tangent: that nobody carries an owner's news doesn't make all of it *routine*.
    """
    return 1 - 1 / math.sqrt(count) if count > 1 else (count - 1) / 2


def growth(coverage: Sequence[Coverage]) -> float:
    """How fast it spread: 0 for one owner an hour, towards 1 for many owners within the best hour."""
    times = sorted(owners(coverage).values())
    best = max(sum(timedelta() <= at - start <= HOUR for at in times) for start in times)
    return 1 - 1 / best


def confirmed(coverage: Sequence[Coverage]) -> bool:
    """An urgent mark was borne out: another owner had the story within 15 minutes of it."""
    marks = [article for article in coverage if is_urgent(article.title)]
    return any(
        other.owner != mark.owner and abs(other.published_at - mark.published_at) <= ECHO
        for mark in marks
        for other in coverage
    )


def noted(article: Article, place: int) -> tuple[Signal, ...]:
    """What an article says of its importance when it is first seen, at `place` in its feed, to be stored."""
    found = [Signal(kind=SignalKind.FEED, at=article.seen_at, value=place)]
    if article.views is not None:
        found.append(Signal(kind=SignalKind.VIEWS, at=article.seen_at, value=article.views))
    if is_urgent(article.title):
        found.append(Signal(kind=SignalKind.URGENT, at=article.seen_at))
    return tuple(found)
