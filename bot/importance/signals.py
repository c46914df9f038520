"""What each signal of a story's coverage is worth, from 0 (nothing) to 1 (as much as it can say)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.importance.urgency import is_urgent
from bot.model import Coverage

FRONT_PAGE_PLACES = 30
"""Places; one this far down or further says that the newsroom thinks little of the article."""

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


def prominence(place: int) -> float:
    """Of a place on the front page, counted from 0. Falls with the logarithm, as readers' attention does."""
    return max(0.0, 1 - math.log1p(max(place, 0)) / math.log(FRONT_PAGE_PLACES))


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


def breadth(coverage: Sequence[Coverage]) -> float:
    """How widely a story is carried: 0 for one owner, towards 1 for many in many countries.

    A country counts by the square root of its owners, so its second voice adds .41 and its tenth .16 of a first one.
    """
    homes: dict[str, str] = {}
    for article in coverage:  # an owner has one voice, in one country
        homes[article.owner] = min(article.country, homes.get(article.owner, article.country))
    voices = math.fsum(math.sqrt(owners_there) for owners_there in Counter(homes.values()).values())
    return 1 - 1 / voices


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
