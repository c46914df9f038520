"""Durations and times of day as people write them, in Russian or English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Final

from bot.language import fold

LONGEST: Final = timedelta(days=366)
"""Of a duration that is understood: beyond a year nobody means what they wrote."""
_LONGEST_TEXT: Final = 60
"""Characters; what is longer is no duration and no pair of times."""

_UNITS: Final[Mapping[str, timedelta]] = {
    r"м|мин|минут[ауы]?|m|min|mins|minutes?": timedelta(minutes=1),
    r"ч|час|часа|часов|h|hr|hrs|hours?": timedelta(hours=1),
    r"д|дн|день|дня|дней|сут|сутки|суток|d|days?": timedelta(days=1),
    r"н|нед|недел[яюиь]|w|weeks?": timedelta(weeks=1),
    r"мес|месяц|месяца|месяцев|months?": timedelta(days=30),
}
_UNIT: Final = "|".join(f"(?P<unit{number}>{names})" for number, names in enumerate(_UNITS))
_PART: Final = re.compile(rf"(?:(?P<count>[0-9]{{1,4}})|an?\b)?\s*(?:{_UNIT})(?![^\W\d_])\.?\s*")

_CLOCK: Final = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?"
_BETWEEN: Final = re.compile(rf"(?:с |from )?{_CLOCK}\s*(?:-| до | to | till | until )\s*{_CLOCK}")


def duration(text: str) -> timedelta | None:
    """«3ч», "2d", «на неделю», "1h 30m"; None if it is none, is nothing or more than a year."""
    rest = re.sub(r"^(?:на|for)\s+", "", fold(text[:_LONGEST_TEXT]).strip())
    total, position = timedelta(), 0
    while position < len(rest):
        part = _PART.match(rest, position)
        if part is None:
            return None
        total += _unit(part) * int(part["count"] or 1)
        position = part.end()
    return total if timedelta() < total <= LONGEST else None


def _unit(part: re.Match[str]) -> timedelta:
    return next(unit for number, unit in enumerate(_UNITS.values()) if part[f"unit{number}"] is not None)


def between(text: str) -> tuple[time, time] | None:
    """«22:30-7:15», "22–8", «с 23 до 7»; None if it is no pair of times of day."""
    found = _BETWEEN.fullmatch(" ".join(fold(text[:_LONGEST_TEXT]).split()))
    if found is None:
        return None
    start, end = _clock(found[1], found[2]), _clock(found[3], found[4])
    return None if start is None or end is None else (start, end)


def _clock(hours: str, minutes: str | None) -> time | None:
    """24:00 is midnight, too."""
    hour, minute = int(hours), int(minutes or 0)
    if hour == 24 and minute == 0:
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None


def says_off(text: str) -> bool:
    return fold(text[:_LONGEST_TEXT]).strip(" .!") in {
        "off",
        "no",
        "none",
        "выкл",
        "выключить",
        "нет",
        "откл",
        "отключить",
    }
