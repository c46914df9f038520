"""A story's score and level.

The best single owner's evidence gives the score (front page, views, urgent mark, follow-ups); what several owners add
closes part of the way from there to 100. So nothing that is unknown drags a story down, and one more owner never does.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.importance import signals
from bot.importance.urgency import is_urgent
from bot.model import Coverage, Importance, Level, Reason

LEVELS: Final = ((80.0, Level.BREAKING), (60.0, Level.MAJOR), (30.0, Level.NOTABLE))
"""Points a level begins at. Fixed until the installation has enough stories of its own to compare with."""

NEUTRAL: Final = 0.40
"""Worth of a story nothing is known of: *notable*."""

DOUBT: Final = 0.25
"""Weight of not knowing, beside the weights below: the top of the front page, or of the view rate, alone makes a story
*major*, both together *breaking*."""

POSITION: Final = 0.35
VIEWS: Final = 0.40
MARK: Final = 0.15
FOLLOW_UPS: Final = 0.10
"""Weights of one owner's signals (the design's first estimate; no public data tests them)."""

BREADTH: Final = 0.55 / 0.85
GROWTH: Final = 0.20 / 0.85
CONFIRMED: Final = 0.10 / 0.85
"""Weights of what several owners add (the design's estimate, without the .15 of the single-owner score)."""

LONE_MARK_LIMIT: Final = 79.0
"""Points an urgent mark that nobody bore out can lift to: still *major*."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A signal's share in a score, and its reason."""

    weight: float
    worth: float
    reason: Reason

    @property
    def pull(self) -> float:
        return self.weight * abs(self.worth - NEUTRAL)


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one owner's articles say by themselves: points and the parts they come from."""

    points: float
    parts: tuple[_Part, ...]


def score(coverage: Sequence[Coverage], now: datetime) -> Importance:
    """Importance of the story with these articles, in any order, as seen at `now`. Coverage is not empty."""
    voice = max(_voices(coverage, now), key=lambda voice: (voice.points, [_order(part) for part in voice.parts]))
    lift = _lift(coverage)
    points = 100 - (100 - voice.points) * (1 - lift)
    parts = [*voice.parts, *_shared_parts(coverage, lift)]
    if signals.confirmed(coverage):
        points = max(points, LEVELS[0][0])
        parts = [*(part for part in parts if part.reason.kind != "urgent"), _Part(1.0, 1.0, Reason("urgent"))]
    points = round(min(100.0, max(0.0, points)), 1)
    return Importance(score=points, level=_level(points), because=_reasons(parts))


def _level(points: float) -> Level:
    return next((level for threshold, level in LEVELS if points >= threshold), Level.ROUTINE)


def _lift(coverage: Sequence[Coverage]) -> float:
    """Share of the way to 100 that the owners close together."""
    return math.fsum(
        (
            BREADTH * signals.breadth(coverage),
            GROWTH * signals.growth(coverage),
            CONFIRMED * signals.confirmed(coverage),
        )
    )


def _voices(coverage: Sequence[Coverage], now: datetime) -> list[_Voice]:
    by_owner: defaultdict[str, list[Coverage]] = defaultdict(list)
    for article in coverage:
        by_owner[article.owner].append(article)
    return [_voice(articles, now) for articles in by_owner.values()]


def _voice(articles: Sequence[Coverage], now: datetime) -> _Voice:
    """One owner's evidence: what can be measured decides, marks and follow-ups only ever add to it."""
    parts = _measured(articles, now)
    points = _mean(parts)
    if len(articles) > 1:
        count = len(articles) - 1
        parts.append(_Part(FOLLOW_UPS, signals.follow_up(count), Reason("follow_ups", {"count": count})))
        points = max(points, _mean(parts))
    if any(is_urgent(article.title) for article in articles):
        parts.append(_Part(MARK, 1.0, Reason("urgent")))
        points = max(points, min(_mean(parts), LONE_MARK_LIMIT))
    return _Voice(points, tuple(parts))


def _measured(articles: Sequence[Coverage], now: datetime) -> list[_Part]:
    parts = []
    places = [article.position for article in articles if article.position is not None]
    if places:
        place = max(min(places), 0)
        parts.append(_Part(POSITION, signals.prominence(place), Reason("front_page", {"place": place + 1})))
    rates = [rate for article in articles if (rate := signals.view_rate(article, now)) is not None]
    if rates:
        rate = max(rates)
        parts.append(_Part(VIEWS, signals.demand(rate), Reason("views_per_hour", {"count": round(rate)})))
    return parts


def _mean(parts: Sequence[_Part]) -> float:
    """Points: the parts' mean, drawn towards neutral by doubt."""
    weight = math.fsum([DOUBT, *(part.weight for part in parts)])
    return 100 * math.fsum([DOUBT * NEUTRAL, *(part.weight * part.worth for part in parts)]) / weight


def _shared_parts(coverage: Sequence[Coverage], lift: float) -> list[_Part]:
    times = signals.owners(coverage).values()
    if len(times) < 2:
        return []
    minutes = max(1, round((max(times) - min(times)) / timedelta(minutes=1)))
    return [_Part(1.0, NEUTRAL + lift, Reason("owners", {"count": len(times), "minutes": minutes}))]


def _order(part: _Part) -> tuple[float, str, str]:
    return (-part.pull, part.reason.kind, str(sorted(part.reason.values.items())))


def _reasons(parts: Sequence[_Part]) -> tuple[Reason, ...]:
    """Weightiest first."""
    return tuple(part.reason for part in sorted(parts, key=_order)) or (Reason("no_signals"),)
