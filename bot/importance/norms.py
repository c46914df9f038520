"""What a story is measured against here: this installation's own news of the last two weeks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.importance.owners import authority, is_sparing, mean_resonance
from bot.model import History

LOOKS_BACK: Final = timedelta(days=14)
SETTLED: Final = timedelta(hours=24)
"""A story younger than this may still grow."""
MAJOR_A_DAY: Final = 5.0
NOTABLE_A_DAY: Final = 25.0
"""Stories, of all this installation reads."""
ENOUGH: Final = 200
"""Scored stories; with fewer the fixed thresholds apply."""

DAY: Final = timedelta(days=1)
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Points from which a story is major or notable. The values here are for an installation too young for its own."""

    major: float = 60.0
    notable: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Norms:
    """Thresholds, and what is known of owners. An owner that isn't named is average, and its marks need an echo."""

    thresholds: Thresholds = Thresholds()
    authorities: Mapping[str, float] = field(default_factory=dict)
    """1 for an owner whose stories others carry as often as the average owner's."""
    sparing: frozenset[str] = frozenset()
    """Owners whose urgent marks count by themselves."""


UNKNOWN: Final = Norms()
"""Nothing is known yet."""


def period(now: datetime) -> tuple[datetime, datetime]:
    """From when until when stories have opened that norms are made of."""
    start = _BEGINNING if now - _BEGINNING < LOOKS_BACK else now - LOOKS_BACK
    return start, start if now - start < SETTLED else now - SETTLED


def norms(history: History, now: datetime) -> Norms:
    """What `history`, of `period(now)`, teaches."""
    mean = mean_resonance(history.owners)
    return Norms(
        thresholds=thresholds(history.peaks, _days(history, now)),
        authorities={record.owner: authority(record, mean) for record in history.owners},
        sparing=frozenset(record.owner for record in history.owners if is_sparing(record)),
    )


def _days(history: History, now: datetime) -> float:
    """Length of the time that the peaks are of."""
    start, end = period(now)
    return 0.0 if history.since is None else max((end - max(start, history.since)) / DAY, 0.0)


def thresholds(peaks: Sequence[float], days: float) -> Thresholds:
    """Points that about five, and about 25, stories a day have reached, when `peaks` are of so many days."""
    if len(peaks) < ENOUGH or days <= 0:
        return Thresholds()
    fixed = Thresholds()
    best = sorted(peaks, reverse=True)
    notable = _reached_by(best, NOTABLE_A_DAY * days, fixed.notable)
    return Thresholds(notable=notable, major=max(notable, _reached_by(best, MAJOR_A_DAY * days, fixed.major)))


def _reached_by(best: Sequence[float], wanted: float, fixed: float) -> float:
    """The score that nearest to `wanted` of the scores reach; `fixed` where ties leave far too many to choose from."""
    value = best[min(max(math.ceil(wanted), 1), len(best)) - 1]
    above = sum(score > value for score in best)
    reached = sum(score >= value for score in best)
    if not above:
        return value if reached <= 2 * wanted else fixed
    return value if reached * above <= wanted**2 or reached <= wanted else best[above - 1]
