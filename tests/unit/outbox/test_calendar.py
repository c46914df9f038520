"""Quiet hours and digests go by the subscriber's own clock, also on the days when it is changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import DigestKind, DigestPlan, QuietHours
from bot.outbox import first_issue_at, next_issue, quiet_until

NIGHT = QuietHours(time(22), time(8))
BERLIN, NEW_YORK, KATHMANDU, CAIRO = "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Africa/Cairo"

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
ZONES = st.sampled_from(sorted(available_timezones()))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "until"),
    [
        # an ordinary night: its start belongs to it, its end doesn't
        (BERLIN, NIGHT, "2026-11-23T21:59:59+01:00", None),
        (BERLIN, NIGHT, "2026-11-23T22:00+01:00", "2026-11-24T08:00+01:00"),
        (BERLIN, NIGHT, "2026-11-24T07:59:59+01:00", "2026-11-24T08:00+01:00"),
        (BERLIN, NIGHT, "2026-11-24T08:00+01:00", None),
        # within one day
        (BERLIN, QuietHours(time(13), time(15)), "2026-11-23T14:00+01:00", "2026-11-23T15:00+01:00"),
        (BERLIN, QuietHours(time(13), time(15)), "2026-11-23T12:59+01:00", None),
        # all day: until the next day's begin
        (BERLIN, QuietHours(time(9), time(9)), "2026-11-23T08:59+01:00", "2026-11-23T09:00+01:00"),
        (BERLIN, QuietHours(time(9), time(9)), "2026-11-23T09:00+01:00", "2026-11-24T09:00+01:00"),
        # the night that is an hour shorter, and the one that is an hour longer
        (BERLIN, NIGHT, "2026-03-28T23:00+01:00", "2026-03-29T08:00+02:00"),
        (BERLIN, NIGHT, "2026-10-24T23:00+02:00", "2026-10-25T08:00+01:00"),
        (NEW_YORK, NIGHT, "2026-03-07T23:00-05:00", "2026-03-08T08:00-04:00"),
        (NEW_YORK, NIGHT, "2026-10-31T23:00-04:00", "2026-11-01T08:00-05:00"),
        # an end that clocks skip: as if they had not been changed yet
        (BERLIN, QuietHours(time(23), time(2, 30)), "2026-03-29T01:59+01:00", "2026-03-29T03:30+02:00"),
        (BERLIN, QuietHours(time(23), time(2, 30)), "2026-03-29T03:15+02:00", "2026-03-29T03:30+02:00"),
        (BERLIN, QuietHours(time(23), time(2, 30)), "2026-03-29T03:30+02:00", None),
        # an end that clocks show twice: the second time, so nobody is woken early
        (BERLIN, QuietHours(time(23), time(2, 30)), "2026-10-25T02:10+02:00", "2026-10-25T02:30+01:00"),
        (BERLIN, QuietHours(time(23), time(2, 30)), "2026-10-25T02:45+02:00", "2026-10-25T02:30+01:00"),
        (BERLIN, QuietHours(time(23), time(2, 30)), "2026-10-25T02:30+01:00", None),
        # a beginning that clocks show twice: the first time, and no gap after it
        (NEW_YORK, QuietHours(time(1, 30), time(6)), "2026-11-01T01:29-04:00", None),
        (NEW_YORK, QuietHours(time(1, 30), time(6)), "2026-11-01T01:30-04:00", "2026-11-01T06:00-05:00"),
        (NEW_YORK, QuietHours(time(1, 30), time(6)), "2026-11-01T01:10-05:00", "2026-11-01T06:00-05:00"),
        # Cairo skips and doubles the hour at midnight
        (CAIRO, QuietHours(time(0), time(7)), "2026-04-23T23:59+02:00", None),
        (CAIRO, QuietHours(time(0), time(7)), "2026-04-24T01:00+03:00", "2026-04-24T07:00+03:00"),
        (CAIRO, QuietHours(time(22), time(0, 30)), "2026-04-23T23:30+02:00", "2026-04-24T01:30+03:00"),
        (CAIRO, QuietHours(time(23, 30), time(7)), "2026-10-29T23:10+02:00", "2026-10-30T07:00+02:00"),
        # a quarter of an hour beside everybody else
        (KATHMANDU, NIGHT, "2026-11-23T16:14+00:00", None),
        (KATHMANDU, NIGHT, "2026-11-23T16:15+00:00", "2026-11-24T02:15+00:00"),
        # a day that never was
        ("Pacific/Apia", NIGHT, "2011-12-30T09:00+00:00", "2011-12-30T18:00+00:00"),
    ],
)
def test_quiet_hours_end_when_the_local_clock_says_so(
    zone: str, quiet: QuietHours, now: str, until: str | None
) -> None:
    assert quiet_until(quiet, zone, moment(now)) == (until and moment(until))


def test_whoever_set_no_quiet_hours_has_none() -> None:
    assert quiet_until(None, BERLIN, moment("2026-11-23T03:00+01:00")) is None


@settings(deadline=None)
@given(ZONES, TIMES, TIMES, MOMENTS)
def test_quiet_hours_never_last_longer_than_the_longest_day(zone: str, start: time, end: time, now: datetime) -> None:
    until = quiet_until(QuietHours(start, end), zone, now)
    assert until is None or now < until <= now + timedelta(hours=25)
    assert until is None or until.tzinfo is UTC


@settings(deadline=None)
@given(ZONES, TIMES, MOMENTS)
def test_quiet_hours_that_last_all_day_leave_no_gap(zone: str, at: time, now: datetime) -> None:
    assert quiet_until(QuietHours(at, at), zone, now) is not None


@settings(deadline=None)
@given(ZONES, TIMES, TIMES, MOMENTS)
def test_what_the_local_clock_calls_quiet_is_quiet(zone: str, start: time, end: time, now: datetime) -> None:
    here, a_day = ZoneInfo(zone), timedelta(days=1)
    clock = now.astimezone(here).time()
    is_quiet = start <= clock < end if start < end else clock >= start or clock < end
    offsets = {(now + each).astimezone(here).utcoffset() for each in (-a_day, timedelta(0), a_day)}
    if len(offsets) == 1:  # no change of clocks near
        assert (quiet_until(QuietHours(start, end), zone, now) is not None) == is_quiet


DAILY = DigestPlan(DigestKind.DAILY, time(19))
SUNDAYS = DigestPlan(DigestKind.WEEKLY, time(10), weekday=6)


@pytest.mark.parametrize(
    ("plan", "zone", "after", "expected"),
    [
        (DAILY, BERLIN, "2026-11-23T18:59+01:00", "2026-11-23T19:00+01:00"),
        (DAILY, BERLIN, "2026-11-23T19:00+01:00", "2026-11-24T19:00+01:00"),
        (SUNDAYS, BERLIN, "2026-11-23T19:00+01:00", "2026-11-29T10:00+01:00"),
        (SUNDAYS, BERLIN, "2026-11-29T10:00+01:00", "2026-12-06T10:00+01:00"),
        (DigestPlan(DigestKind.WEEKLY, time(10)), BERLIN, "2026-11-24T19:00+01:00", "2026-11-30T10:00+01:00"),
        # over a change of clocks it stays at its hour
        (SUNDAYS, BERLIN, "2026-10-18T10:00+02:00", "2026-10-25T10:00+01:00"),
        (DAILY, NEW_YORK, "2026-03-07T19:00-05:00", "2026-03-08T19:00-04:00"),
        # an hour that is skipped, and one that comes twice
        (DigestPlan(DigestKind.DAILY, time(2, 30)), BERLIN, "2026-03-28T12:00+01:00", "2026-03-29T03:30+02:00"),
        (DigestPlan(DigestKind.DAILY, time(2, 30)), BERLIN, "2026-10-24T12:00+02:00", "2026-10-25T02:30+02:00"),
        (DigestPlan(DigestKind.DAILY, time(2, 30)), BERLIN, "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
        (DigestPlan(DigestKind.DAILY, time(0)), CAIRO, "2026-04-23T12:00+02:00", "2026-04-24T01:00+03:00"),
        (DAILY, KATHMANDU, "2026-11-23T13:14+00:00", "2026-11-23T13:15+00:00"),
    ],
)
def test_the_next_issue_comes_at_its_local_hour(plan: DigestPlan, zone: str, after: str, expected: str) -> None:
    assert next_issue(plan, zone, moment(after)) == moment(expected)


@settings(deadline=None)
@given(ZONES, TIMES, st.sampled_from([None, *range(7)]), MOMENTS)
def test_every_next_issue_is_later_and_at_its_hour_on_its_day(
    zone: str, at: time, weekday: int | None, after: datetime
) -> None:
    kind = DigestKind.DAILY if weekday is None else DigestKind.WEEKLY
    issue = next_issue(DigestPlan(kind, at, weekday), zone, after)
    assert after < issue <= after + timedelta(days=1 if weekday is None else 7) + timedelta(hours=25)
    local = issue.astimezone(ZoneInfo(zone))
    if _is_shown(local, at):
        assert local.time() == at
        assert weekday is None or local.weekday() == weekday


def _is_shown(local: datetime, at: time) -> bool:
    """Whether clocks were not changed within the day before."""
    return local.utcoffset() == (local.astimezone(UTC) - timedelta(days=1)).astimezone(local.tzinfo).utcoffset()


@pytest.mark.parametrize(
    ("plan", "now", "expected"),
    [
        (DAILY, "2026-11-23T12:00+01:00", "2026-11-23T19:00+01:00"),
        (DAILY, "2026-11-23T19:00+01:00", "2026-11-23T19:00+01:00"),
        (DAILY, "2026-11-23T21:00+01:00", "2026-11-23T21:00+01:00"),
        (SUNDAYS, "2026-11-23T08:00+01:00", "2026-11-23T10:00+01:00"),  # a Monday
        (SUNDAYS, "2026-11-23T12:00+01:00", "2026-11-23T12:00+01:00"),
    ],
)
def test_the_first_issue_comes_the_same_day(plan: DigestPlan, now: str, expected: str) -> None:
    assert first_issue_at(plan, BERLIN, moment(now)) == moment(expected)
