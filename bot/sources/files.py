"""The sources file: TOML -> Source, with every mistake told in one line."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from typing import Final, TypeVar
from urllib.parse import urlsplit

from bot.errors import SettingsError
from bot.model import Source

LONGEST_INTERVAL: Final = timedelta(days=1)

T = TypeVar("T")
D = TypeVar("D")

KEYS: Final = ("name", "url", "fallback", "front_page", "articles", "language", "owner", "country", "interval", "note")


def built_in() -> str:
    """The text of the list that is used when SOURCES_FILE names none: trud.ru."""
    return (files(__package__) / "sources.toml").read_text("utf-8")


def catalogue() -> str:
    """The text of the list of other outlets, all off, for the publisher to copy from."""
    return (files(__package__) / "catalogue.toml").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Outlet:
    """An entry of the catalogue."""

    source: Source
    note: str
    """Dated: who owns it, and what is known of its legal standing."""
    entry: str
    """As it is written, to be copied."""


def outlets() -> tuple[Outlet, ...]:
    """The catalogue, entry by entry."""
    entries = [f"[[source]]{written}".strip() for written in catalogue().split("[[source]]")[1:]]
    return tuple(
        Outlet(load(entry, "catalogue.toml")[0], str(tomllib.loads(entry)["source"][0].get("note", "")), entry)
        for entry in entries
    )


def load(text: str, where: str) -> tuple[Source, ...]:
    """The sources that `text`, a sources file, holds; `where` names the file in errors.

    Required: `name`, `url`. Defaults: `language` "ru", `owner` the host of `url` without "www.", `country` "", which
    is unknown. Optional: `fallback`, `front_page`, `articles` (a regular expression), `interval` (seconds, up to a
    day), `note` (for the publisher alone). Raises SettingsError: one line with the file, the entry, the field and what
    is wrong with it.
    """
    sources: list[Source] = []
    for number, entry in enumerate(_entries(text, where), 1):
        try:
            source = _source(entry)
            _refuse_duplicate(source, sources)
        except ValueError as error:
            raise SettingsError(f"{where}: source {number}{_named(entry)}: {error}") from error
        sources.append(source)
    return tuple(sources)


def _entries(text: str, where: str) -> Iterator[Mapping[str, object]]:
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError as error:
        raise SettingsError(f"{where}: not valid TOML: nested too deep") from error
    except ValueError as error:  # a number of too many digits is one that is no TOMLDecodeError
        raise SettingsError(f"{where}: not valid TOML: {error}") from error
    for key in document:
        if key != "source":
            raise SettingsError(f"{where}: {_unknown(key, ('source',))}")
    entries = document.get("source")
    if not entries:
        raise SettingsError(f"{where}: there is no [[source]] in it")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SettingsError(f"{where}: sources are written as [[source]], each under a line of its own")
    yield from entries


def _source(entry: Mapping[str, object]) -> Source:
    """Raises ValueError with the field and what is wrong."""
    for key in entry:
        if key not in KEYS:
            raise ValueError(_unknown(key, KEYS))
    for key in ("name", "url"):
        if key not in entry:
            raise ValueError(f'"{key}" is missing')
    url = _field(entry, "url", _address, "")
    _field(entry, "note", _text, "")
    return Source(
        name=_field(entry, "name", _text, ""),
        url=url,
        fallback=_field(entry, "fallback", _address, None),
        front_page=_field(entry, "front_page", _address, None),
        articles=_field(entry, "articles", _pattern, None),
        language=_field(entry, "language", _language, "ru"),
        owner=_field(entry, "owner", _text, (urlsplit(url).hostname or "").removeprefix("www.")),
        country=_field(entry, "country", _country, ""),
        interval=_field(entry, "interval", _interval, None),
    )


def _field(entry: Mapping[str, object], key: str, read: Callable[[object], T], default: D) -> T | D:
    if key not in entry:
        return default
    try:
        return read(entry[key])
    except ValueError as error:
        raise ValueError(f'"{key}" {error}') from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text in quotes, not {value!r}")
    if not value.strip() or not value.strip().isprintable():
        raise ValueError("must be one line of text that is not empty")
    return value.strip()


def _address(value: object) -> str:
    url = _text(value)
    parts = urlsplit(url)  # a ValueError of its own says what is wrong
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in url:
        raise ValueError(f"must be an http:// or https:// address, not {url!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no user name or password")
    _ = parts.port  # raises ValueError when it is no port
    return url


def _pattern(value: object) -> str:
    pattern = _text(value)
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return pattern


def _language(value: object) -> str:
    language = _text(value).lower()
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise ValueError(f'must be a language code such as "ru", not {value!r}')
    return language


def _country(value: object) -> str:
    country = _text(value).upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise ValueError(f'must be a country code of two letters such as "RU", not {value!r}')
    return country


def _interval(value: object) -> timedelta:
    longest = LONGEST_INTERVAL.total_seconds()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"must be a number of seconds, not {value!r}")
    if not 0 < value <= longest:
        raise ValueError(f"must be more than 0 and at most {longest:.0f} seconds, not {value!r}")
    return timedelta(seconds=value)


def _refuse_duplicate(source: Source, others: list[Source]) -> None:
    for number, other in enumerate(others, 1):
        if other.name.casefold() == source.name.casefold():
            raise ValueError(f'"name" is already that of source {number}')
        if other.url == source.url:
            raise ValueError(f'"url" is already that of source {number}')


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key.lower(), known, n=1)
    return f"unknown key {key!r}" + (f', did you mean "{near[0]}"?' if near else f"; known: {', '.join(known)}")


def _named(entry: Mapping[str, object]) -> str:
    name = entry.get("name")
    return f" ({name.strip()})" if isinstance(name, str) and name.strip().isprintable() and name.strip() else ""
