"""What an answer says of when to come back (RFC 9110, 10.2.3; RFC 9111)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

ZERO: Final = timedelta(0)

_SECONDS: Final = re.compile(r"\d{1,9}")
"""More digits would be more than thirty years, and are no number of seconds meant."""


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long `Retry-After` asks to wait, from a number of seconds or a date; None if it says nothing readable."""
    value = headers.get("retry-after", "").strip()
    seconds = _seconds(value)
    if seconds is not None:
        return seconds
    at = _date(value)
    return None if at is None else max(ZERO, at - now)


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long the answer stays fresh: max-age less its age, else Expires; nothing if it must be asked for anew."""
    directives = _directives(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return ZERO
    max_age = _seconds(directives.get("max-age", ""))
    if max_age is not None:
        return max(ZERO, max_age - (_seconds(headers.get("age", "")) or ZERO))
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return ZERO
    return max(ZERO, expires - (_date(headers.get("date", "")) or now))


def _directives(value: str) -> dict[str, str]:
    """The first of several equal ones counts, as it may."""
    pairs = (part.partition("=") for part in reversed(value.lower().split(",")))
    return {name.strip(): argument.strip().strip('"') for name, _, argument in pairs}


def _seconds(value: str) -> timedelta | None:
    return timedelta(seconds=int(value)) if _SECONDS.fullmatch(value.strip()) else None


def _date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return None
