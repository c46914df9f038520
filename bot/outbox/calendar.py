"""A subscriber's local times as moments: when quiet hours end, and when a digest is due.

A local time that a change of clocks skips, or shows twice, is read as RFC 5545 (3.3.5) does: a skipped one by the clock
as it was before the change, a doubled one as its first showing. Only the end of quiet hours is its second showing:
they rather last an hour longer than wake anybody an hour early.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.model import DigestKind, DigestPlan, QuietHours

_DAY: Final = timedelta(days=1)


def quiet_until(quiet: QuietHours | None, zone: str, now: datetime) -> datetime | None:
    """When the quiet hours that `now` lies in end (aware UTC), at most 25 hours on; None outside of them.

    Their start belongs to them, their end doesn't. Where they last all day, their end is where the next day's begin.
    """
    if quiet is None:
        return None
    nights = (_night(quiet, zone, now.astimezone(ZoneInfo(zone)).date() + _DAY * days) for days in (-2, -1, 0))
    return max((end for start, end in nights if start <= now < end), default=None)


def lasts_all_day(quiet: QuietHours) -> bool:
    """Whether there's no time of day at which they don't hold."""
    return quiet.start == quiet.end


def next_issue(plan: DigestPlan, zone: str, after: datetime) -> datetime:
    """The first time of the plan after `after` (aware UTC)."""
    today = after.astimezone(ZoneInfo(zone)).date()
    # From a day ago, for a skipped time counts as a later one; two weeks are enough for any weekday.
    days = (today + _DAY * ahead for ahead in range(-1, 14))
    return next(at for day in days if _comes_on(plan, day) and (at := _moment(day, plan.at, zone)) > after)


def first_issue_at(plan: DigestPlan, zone: str, now: datetime) -> datetime:
    """When to send the first issue of a plan just made: today, whatever weekday it is; at once if its hour is past."""
    return max(_moment(now.astimezone(ZoneInfo(zone)).date(), plan.at, zone), now)


def next_morning(zone: str, at: time, now: datetime) -> datetime:
    """That time of the next local day."""
    return _moment(now.astimezone(ZoneInfo(zone)).date() + _DAY, at, zone)


def local_clock(at: datetime, zone: str) -> str:
    """The time of day there, as "08:00"."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _night(quiet: QuietHours, zone: str, day: date) -> tuple[datetime, datetime]:
    """The quiet hours that begin on that local day."""
    ends_on = day if quiet.start < quiet.end else day + _DAY
    return _moment(day, quiet.start, zone), _moment(ends_on, quiet.end, zone, second=True)


def _moment(day: date, at: time, zone: str, *, second: bool = False) -> datetime:
    """The moment when clocks there show that time, or would if it weren't skipped."""
    shown = datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(zone))
    first, again = (shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return max(first, again) if second else first


def _comes_on(plan: DigestPlan, day: date) -> bool:
    return plan.kind is not DigestKind.WEEKLY or day.weekday() == (plan.weekday or 0)
