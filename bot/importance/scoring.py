"""A story's score and level.

The best single owner's evidence gives the score (front page, views, urgent mark, follow-ups); what several owners add
closes part of the way from there to 100. So nothing that is unknown drags a story down, and one more owner never does.

A level is a matter of comparison, except the highest: breaking is what a second owner bore out as urgent, or what has
80 points *and* is among the major stories here. By itself no rank in a quiet week makes a story breaking.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.importance import signals
from bot.importance.norms import UNKNOWN, Norms, Thresholds
from bot.importance.urgency import is_urgent
from bot.model import Coverage, Importance, Level, Reason

BREAKING: Final = 80.0
"""Points that take two things at once: the top of the front page and of the view rate, or about 17 owners in an hour.
"""

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

BREADTH: Final = 0.61 / 0.85
GROWTH: Final = 0.14 / 0.85
CONFIRMED: Final = 0.10 / 0.85
"""Weights of what several owners add, without the .15 of the single-owner score. The design's first estimate was .55,
.20 and .10: breadth is what the bench can test, so three owners in their own time now outweigh two at once."""

LONE_MARK_LIMIT: Final = 79.0
"""Points an urgent mark that nobody bore out can lift to: not breaking."""

TRUSTED: Final = 1.5
"""Authority from which it's a reason worth telling."""
MINUTE: Final = timedelta(minutes=1)
LONG: Final = timedelta(hours=1)
"""On the front page, from which the time there is told."""


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


def score(coverage: Sequence[Coverage], now: datetime, norms: Norms = UNKNOWN) -> Importance:
    """Importance of the story with these articles, in any order, as seen at `now`. Coverage is not empty."""
    voice = max(_voices(coverage, now, norms), key=lambda voice: (voice.points, [_order(part) for part in voice.parts]))
    lift = _lift(coverage, norms)
    points = 100 - (100 - voice.points) * (1 - lift)
    parts = [*voice.parts, *_shared_parts(coverage, lift, norms)]
    borne_out = signals.confirmed(coverage)
    if borne_out:
        points = max(points, BREAKING, norms.thresholds.major)
        parts = [*(part for part in parts if part.reason.kind != "urgent"), _Part(1.0, 1.0, Reason("urgent"))]
    points = round(min(100.0, max(0.0, points)), 3)  # among many stories a tenth of a point is a tie
    level = Level.BREAKING if borne_out else level_of(points, norms.thresholds)
    return Importance(score=points, level=level, because=_reasons(parts))


def level_of(points: float, thresholds: Thresholds) -> Level:
    """The level of a score, urgent marks aside."""
    if points >= max(BREAKING, thresholds.major):
        return Level.BREAKING
    if points >= thresholds.major:
        return Level.MAJOR
    return Level.NOTABLE if points >= thresholds.notable else Level.ROUTINE


def _lift(coverage: Sequence[Coverage], norms: Norms) -> float:
    """Share of the way to 100 that the owners close together; a little below 0 for one whose news nobody carries."""
    return math.fsum(
        (
            BREADTH * signals.breadth(signals.voices(coverage, norms.authorities)),
            GROWTH * signals.growth(coverage),
            CONFIRMED * signals.confirmed(coverage),
        )
    )


def _voices(coverage: Sequence[Coverage], now: datetime, norms: Norms) -> list[_Voice]:
    by_owner: defaultdict[str, list[Coverage]] = defaultdict(list)
    for article in coverage:
        by_owner[article.owner].append(article)
    return [_voice(articles, now, marks_count=owner in norms.sparing) for owner, articles in by_owner.items()]


def _voice(articles: Sequence[Coverage], now: datetime, *, marks_count: bool) -> _Voice:
    """One owner's evidence: what can be measured decides, marks and follow-ups only ever add to it."""
    parts = _measured(articles, now)
    points = _mean(parts)
    if len(articles) > 1:
        count = len(articles) - 1
        parts.append(_Part(FOLLOW_UPS, signals.follow_up(count), Reason("follow_ups", {"count": count})))
        points = max(points, _mean(parts))
    if marks_count and any(is_urgent(article.title) for article in articles):
        parts.append(_Part(MARK, 1.0, Reason("urgent")))
        points = max(points, min(_mean(parts), LONE_MARK_LIMIT))
    return _Voice(points, tuple(parts))


def _measured(articles: Sequence[Coverage], now: datetime) -> list[_Part]:
    parts = []
    shown = [
        (signals.prominence(article.position, _stay(article, now)), article)
        for article in articles
        if article.position is not None
    ]
    if shown:
        worth, article = max(shown, key=lambda entry: (entry[0], -(entry[1].position or 0)))
        parts.append(_Part(POSITION, worth, _shown(article, now)))
    rates = [rate for article in articles if (rate := signals.view_rate(article, now)) is not None]
    if rates:
        rate = max(rates)
        parts.append(_Part(VIEWS, signals.demand(rate), Reason("views_per_hour", {"count": round(rate)})))
    return parts


def _stay(article: Coverage, now: datetime) -> timedelta:
    """On the front page so far."""
    return timedelta() if article.front_since is None else max(now - article.front_since, timedelta())


def _shown(article: Coverage, now: datetime) -> Reason:
    place, stay = max(article.position or 0, 0) + 1, _stay(article, now)
    if stay < LONG:
        return Reason("front_page", {"place": place})
    return Reason("front_page_stay", {"place": place, "minutes": round(stay / MINUTE)})


def _mean(parts: Sequence[_Part]) -> float:
    """Points: the parts' mean, drawn towards neutral by doubt."""
    weight = math.fsum([DOUBT, *(part.weight for part in parts)])
    return 100 * math.fsum([DOUBT * NEUTRAL, *(part.weight * part.worth for part in parts)]) / weight


def _shared_parts(coverage: Sequence[Coverage], lift: float, norms: Norms) -> list[_Part]:
    """What is told of the owners together: how many, how fast, from where, and that one of them is listened to."""
    times = signals.owners(coverage).values()
    parts = []
    if len(times) > 1:
        parts.append(_Part(1.0, NEUTRAL + lift, _spread(len(times), max(times) - min(times))))
    homes = signals.countries(coverage)
    if (abroad := len(set(homes.values()) - {""})) > 1:
        parts.append(_Part(0.2, NEUTRAL + lift, Reason("countries", {"count": abroad})))
    if max(norms.authorities.get(owner, 1.0) for owner in homes) >= TRUSTED:
        parts.append(_Part(0.1, NEUTRAL + signals.AUTHORITY, Reason("authority")))
    return parts


def _spread(count: int, span: timedelta) -> Reason:
    if minutes := round(span / MINUTE):
        return Reason("owners", {"count": count, "minutes": minutes})
    return Reason("owners_at_once", {"count": count})


def _order(part: _Part) -> tuple[float, str, str]:
    return (-part.pull, part.reason.kind, str(sorted(part.reason.values.items())))


def _reasons(parts: Sequence[_Part]) -> tuple[Reason, ...]:
    """Weightiest first."""
    return tuple(part.reason for part in sorted(parts, key=_order)) or (Reason("no_signals"),)
