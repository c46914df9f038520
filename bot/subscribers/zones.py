"""Time zones as people name them: by a city, in Russian or English and not always spelt right, or by an offset."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from bot.language import fold

MOST_OFFERED: Final = 5
"""Zones for a name that is not exactly known."""
LONGEST_NAME: Final = 60
"""Characters; the longest name of a zone has 32, and comparing costs by the length."""
_LIKENESS: Final = 0.72
"""Of `difflib`: lets through two wrong letters in eight («Екатиринбурк»), and an ending («в Казани»)."""
_SHORTEST_BEGINNING: Final = 3
_LANGUAGES: Final = ("ru", "en")

_OFFSET: Final = re.compile(
    r"(?P<base>utc|gmt|мск|msk)?\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>\d\d))?"
)
_MOSCOW: Final = timedelta(hours=3)
_BROKEN_OFFSETS: Final[Mapping[timedelta, str]] = {
    timedelta(hours=hours, minutes=minutes): zone
    for hours, minutes, zone in (
        (-10, 30, "Pacific/Marquesas"),
        (3, 30, "Asia/Tehran"),
        (4, 30, "Asia/Kabul"),
        (5, 30, "Asia/Kolkata"),
        (5, 45, "Asia/Kathmandu"),
        (6, 30, "Asia/Yangon"),
        (8, 45, "Australia/Eucla"),
        (9, 30, "Australia/Darwin"),
    )
}
"""The zones whose clocks stand at an offset of a broken hour all year round: there are no others without a city."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a name may mean; `sure`: it is exactly that, and the only one."""

    zones: tuple[str, ...]
    """Names in the IANA database, likeliest first; empty: nothing is like it."""
    sure: bool = False


def find(text: str) -> Found:
    """The zone of a city («Екатеринбург», "berlin"), of an offset ("+5", "UTC+3:30", «МСК+2»), or the likeliest."""
    wanted = _plain(text[:LONGEST_NAME])
    exact = _of_offset(fold(text).strip()) or _names().get(wanted)
    if exact is not None:
        return Found((exact,), sure=True)
    beginning = [name for name in _names() if name.startswith(wanted)] if len(wanted) >= _SHORTEST_BEGINNING else []
    alike = get_close_matches(wanted, _names(), n=2 * MOST_OFFERED, cutoff=_LIKENESS)
    zones = dict.fromkeys(_names()[name] for name in (*sorted(beginning, key=len), *alike))
    return Found(tuple(zones)[:MOST_OFFERED])


@cache
def all_zones() -> frozenset[str]:
    """Every zone that clocks can be read by; "localtime" would be this machine's."""
    return frozenset(available_timezones() - {"localtime"})


@cache
def city(zone: str, language: str) -> str:
    """The city a zone is called after, "Москва"; "" for an offset."""
    if zone.startswith("Etc/") or "/" not in zone:
        return ""
    names = Locale.parse(language).time_zones
    # The CLDR keeps the names under which it first knew them: Europe/Kiev, Asia/Calcutta.
    older = (old for old, new in get_global("zone_aliases").items() if new == zone)
    found = (names[one]["city"] for one in (zone, *older) if "city" in names.get(one, ()))
    return str(next(found, zone.rpartition("/")[2].replace("_", " ")))


def offset(zone: str, now: datetime) -> str:
    """How far the clocks there are from Greenwich at `now`: "UTC+5", "UTC−3:30"."""
    ahead = now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = round(abs(ahead).total_seconds() / 60)
    sign = "−" if ahead < timedelta() else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def _of_offset(text: str) -> str | None:
    if text in {"utc", "gmt"}:
        return "Etc/UTC"
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    ahead = (ahead if found["sign"] == "+" else -ahead) + (_MOSCOW if found["base"] in {"мск", "msk"} else timedelta())
    if ahead % timedelta(hours=1):
        return _BROKEN_OFFSETS.get(ahead)
    hours = ahead // timedelta(hours=1)
    # The database counts these from the other side: Etc/GMT-5 is five hours ahead (its file "etcetera").
    zone = f"Etc/GMT{'-' if hours > 0 else '+'}{abs(hours)}" if hours else "Etc/UTC"
    return zone if zone in all_zones() else None


@cache
def _names() -> Mapping[str, str]:
    """Zones by every name we know them by: our list goes before the CLDR's, cities before zones."""
    ours = tomllib.loads((files("bot.subscribers") / "cities.toml").read_text(encoding="utf-8"))
    named = {_plain(name): zone for zone, names in ours.items() for name in names}
    for zone in sorted(all_zones() & set(get_global("zone_territories"))):
        for language in _LANGUAGES:
            named.setdefault(_plain(city(zone, language)), zone)
    for zone in sorted(all_zones()):
        if "/" in zone:
            named.setdefault(_plain(zone), zone)
            named.setdefault(_plain(zone.rpartition("/")[2]), zone)
    named.pop("", None)
    return named


def _plain(text: str) -> str:
    """As names are compared: letters without accents, words apart, and without "г.", "в", "city of" before them."""
    letters = unicodedata.normalize("NFKD", fold(text))
    folded = re.sub(r"[\W_]+", " ", "".join(char for char in letters if not unicodedata.combining(char))).strip()
    return re.sub(r"^(?:г|город|в|city of) ", "", folded)
