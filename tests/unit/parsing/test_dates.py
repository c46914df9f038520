"""Dates as they are written, and which of them are believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.parsing.dates import believable, parse_date

MOSCOW = ZoneInfo("Europe/Moscow")
SAME = datetime(2016, 12, 3, 14, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Sat, 03 Dec 2016 17:40:00 +0300",
        "Sat, 03 Dec 2016 14:40:00 GMT",
        "Sat, 03 Dec 2016 17:40:00 MSK",
        "Sat, 03 Dec 2016 17:40:00",
        "03 Dec 2016 17:40 +0300",
        "2016-12-03T17:40:00+03:00",
        "2016-12-03T14:40:00Z",
        "2016-12-03T14:40:00.000Z",
        "2016-12-03 17:40:00",
        "2016-12-03T17:40",
        "17:40 03 Декабря 2016",
        "3 декабря 2016 г., 17:40",
        "3 дек. 2016, 17:40",
        "Сб, 03 дек 2016 17:40:00 +0300",
        "03.12.2016 17:40",
        "17:40, 03.12.2016",
        "2016/12/03 17:40",
        "03-12-2016 17:40",
        "3 грудня 2016, 17:40 +0300",
        "3 снежня 2016 17:40 +0300",
        "1480776000",
        "1480776000000",
    ],
)
def test_every_way_of_writing_it_is_the_same_instant(written: str) -> None:
    assert parse_date(written, MOSCOW) == SAME


@pytest.mark.parametrize("written", ["", None, "вчера", "99.99.9999", "0000-00-00", "32 Декабря 2016", "x" * 500])
def test_what_is_no_date_is_none(written: str | None) -> None:
    assert parse_date(written, MOSCOW) is None


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00+03:00"])
def test_the_ends_of_the_calendar_do_no_harm(written: str, now: datetime) -> None:
    assert believable(parse_date(written, MOSCOW), now, MOSCOW) is None


def test_a_date_slightly_ahead_is_now_and_one_far_ahead_is_none(now: datetime) -> None:
    assert believable(now + timedelta(minutes=9), now, MOSCOW) == now
    assert believable(now + timedelta(minutes=11), now, MOSCOW) is None


def test_midnight_of_a_recent_day_stands_for_no_time(now: datetime) -> None:
    today = now.astimezone(MOSCOW).replace(hour=0, minute=0)
    assert believable(today, now, MOSCOW) is None
    assert believable(today - timedelta(days=30), now, MOSCOW) == today - timedelta(days=30)
