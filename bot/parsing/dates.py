"""Dates as feeds and pages write them, and which of them to believe."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.model import Source

FUTURE: Final = timedelta(minutes=10)
"""How far ahead of our clock a date may be: the slack of clocks, not of editors."""
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the web: zero, epoch and 1900 stand for no date."""
MOSCOW: Final = ZoneInfo("Europe/Moscow")
_ZONES: Final = {"RU": "Europe/Moscow", "BY": "Europe/Minsk", "UA": "Europe/Kyiv", "KZ": "Asia/Almaty"}
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "янв jan січ сту", "фев feb лют", "мар mar бер сак", "апр apr кві кра", "мая май may тра",
            "июн jun чер чэр", "июл jul лип ліп", "авг aug сер жні", "сен sep вер", "окт oct жов кас",
            "ноя nov лис ліс", "дек dec гру сне",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NAMED_ZONES: Final = {
    "msk": "+0300",
    "мск": "+0300",
    "msd": "+0400",
    "eet": "+0200",
    "eest": "+0300",
    "cet": "+0100",
    "cest": "+0200",
}
_NAMED_ZONE: Final = re.compile(r"\(?\b(MSK|МСК|MSD|EET|EEST|CET|CEST)\b\)?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)(?::([0-5]\d))?(?!\.?\d)")
_WORDED: Final = re.compile(r"\b(\d{1,2})[\s.-]+([а-яёіїєґўa-z]{3,11})\.?[\s,.-]+(\d{4})\b", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"\b(\d{1,2})[.-](\d{1,2})[.-](\d{4})\b")
_NUMBERED_FIRST: Final = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_SINCE_1970: Final = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
"""Seconds or milliseconds of a Unix clock: ten digits name the years 2001 to 2286."""
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})\s*$|(?:\b(?:GMT|UTC|UT)|(?<=\d)Z)\s*$")
_LONGEST: Final = 80
_ADDRESSES: Final = re.compile(
    r"/(?P<d>\d\d)[-/](?P<m>\d\d)[-/](?P<y>20\d\d)(?=/)|/(?P<y2>20\d\d)([-/]?)(?P<m2>\d\d)\5(?P<d2>\d\d)(?=/)"
)
OLD: Final = timedelta(days=2)
"""After which an address's own day is older than any clock or zone explains."""


def parse_date(text: str | None, zone: tzinfo | None) -> datetime | None:
    """The instant `text` names, aware UTC; a time without a zone is `zone`'s, else UTC's. None if it can't be read.

    Reads ISO 8601, RFC 822, and Russian forms («17:40 03 Декабря 2016», «3 дек. 2016 г., 17:40», «03.12.2016 17:40»).
    A date without a time is midnight of `zone`, which `believable` takes for no time at all.
    """
    trimmed = " ".join((text or "")[: 2 * _LONGEST].split())
    if not trimmed or len(trimmed) > _LONGEST:
        return None
    trimmed = _NAMED_ZONE.sub(lambda name: _NAMED_ZONES[name[1].lower()], trimmed)
    for read in (_unix, _iso, _rfc822, _worded):
        try:
            found = read(trimmed)
            if found is not None:
                return (found if found.tzinfo else found.replace(tzinfo=zone or UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def has_clock(text: str) -> bool:
    """Whether a time of day stands in `text`: «17:40», «17.40»."""
    return bool(_CLOCK.search(text))


def believable(at: datetime | None, now: datetime, zone: tzinfo, *, placeholder: bool = False) -> datetime | None:
    """`at` if it can be when an article was published, at most `now`; None for what only stands for a date.

    Not believed: before 1990, over ten minutes ahead, midnight of a recent day (a date without a time), and,
    where `placeholder` says that the site does so, 01:01.
    """
    if at is None or not _EARLIEST <= at <= now + FUTURE:
        return None
    if placeholder and is_placeholder(at):
        return None
    if at.astimezone(zone).time() == time() and now - at < timedelta(days=2):
        return None
    return min(at, now)


def old_day(url: str, at: datetime) -> datetime | None:
    """Noon in Moscow of the day that an address names, where that's over two days before `at`.

    A site that moves, or lists an old article again, dates it anew; its address stays.
    """
    found = _ADDRESSES.search(url)
    if found is None:
        return None
    year, month, day = (int(found[name] or found[f"{name}2"]) for name in "ymd")
    try:
        noon = datetime(year, month, day, 12, tzinfo=MOSCOW).astimezone(UTC)
    except ValueError:
        return None
    return noon if at - noon > OLD else None


def is_placeholder(at: datetime) -> bool:
    """Whether it is 01:01 in Moscow, which trud.ru writes where it knows no time."""
    return at.astimezone(MOSCOW).time() == time(1, 1)


def zone_of(source: Source) -> tzinfo:
    """Where times without a zone are meant: the source's country's capital, Moscow for Russian text, else UTC."""
    name = _ZONES.get(source.country.upper()) or ("Europe/Moscow" if source.language == "ru" else None)
    return _zone(name) if name else UTC


@lru_cache(maxsize=16)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)


def _unix(text: str) -> datetime | None:
    seconds = _SINCE_1970.fullmatch(text)
    return datetime.fromtimestamp(int(seconds[1]), UTC) if seconds else None


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text[:4].isdigit() else None


def _rfc822(text: str) -> datetime | None:
    if re.search("[а-яёіїєґў]", text, re.IGNORECASE):
        return None
    return parsedate_to_datetime(text)


def _worded(text: str) -> datetime | None:
    day = _day(text)
    if day is None:
        return None
    rest = text[: day[1]] + " " + text[day[2] :]
    clock = _CLOCK.search(rest)
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    return day[0].replace(hour=hour, minute=minute, second=second, tzinfo=_offset(rest))


def _day(text: str) -> tuple[datetime, int, int] | None:
    """Midnight of the day `text` names, naive, and where in `text` it stands."""
    if match := _WORDED.search(text):
        month = _MONTHS.get(match[2].lower()[:3])
        return (datetime(int(match[3]), month, int(match[1])), *match.span()) if month else None  # noqa: DTZ001 — the zone is the caller's
    if match := _NUMBERED.search(text):
        return datetime(int(match[3]), int(match[2]), int(match[1])), *match.span()  # noqa: DTZ001
    if match := _NUMBERED_FIRST.search(text):
        return datetime(int(match[1]), int(match[2]), int(match[3])), *match.span()  # noqa: DTZ001
    return None


def _offset(text: str) -> tzinfo | None:
    match = _OFFSET.search(text)
    if match is None:
        return None
    if match[1] is None:
        return UTC
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(ahead if match[1] == "+" else -ahead)
