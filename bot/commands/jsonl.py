"""JSON Lines in and out: every mistake in the input is one line that names the file, the line and the field."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
from rich.console import Console
from rich.progress import track

from bot.errors import InputError
from bot.model import Article

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Record:
    """One line of input, and where it stood."""

    where: str
    fields: dict[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required unless there is a default. Null counts as absent."""
        value = self.fields.get(name)
        if value is None:
            if default is None:
                raise self.wrong(name, "is missing")
            return default
        if not isinstance(value, str):
            raise self.wrong(name, f"must be a string, not {type(value).__name__}")
        return value

    def number(self, name: str) -> int | None:
        """A whole number from 0, or None when absent."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.wrong(name, "must be a whole number, not negative")
        return value

    def time(self, name: str) -> datetime | None:
        """ISO 8601 text or seconds since 1970, as aware UTC; a time without a zone is taken as UTC."""
        value = self.fields.get(name)
        if value is None:
            return None
        with suppress(ValueError, OverflowError, OSError):
            if isinstance(value, str):
                at = datetime.fromisoformat(value)
                return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return datetime.fromtimestamp(value, UTC)
        raise self.wrong(name, "must be an ISO 8601 time or seconds since 1970")

    @property
    def id(self) -> str | int:
        value = self.fields.get("id")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.wrong("id", "is missing" if value is None else "must be a string or a whole number")
        return value

    def article(self, number: int) -> Article:
        """The article of this line, the input's `number`th; a story's articles are told apart by it."""
        published = self.time("published") or EPOCH
        self.text("source", "")  # read later; what is wrong is told before anything is written
        return Article(
            id=number,
            source_id=0,
            key=str(self.id),
            url=self.text("url", ""),
            title=self.text("title"),
            lead=self.text("lead", ""),
            text=self.text("text", ""),
            section=self.text("section", "") or None,
            author=self.text("author", "") or None,
            published_at=published,
            seen_at=published,
            views=self.number("views"),
            language=self.text("language", "ru"),
        )

    @property
    def story(self) -> str | int | None:
        """What the article's story is called, where that is known already."""
        value = self.fields.get("story")
        if isinstance(value, bool) or not isinstance(value, str | int | None):
            raise self.wrong("story", "must be a string or a whole number")
        return value

    @property
    def source(self) -> str:
        """The source's name, or the host of the article's address."""
        return self.text("source", "") or _host(self.text("url", ""))

    def wrong(self, name: str, what: str) -> InputError:
        return InputError(f"{self.where}: field {name!r} {what}")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def read_records(path: Path | None) -> list[Record]:
    """Every line of a file, or of the standard input. All are read before any is worked on: nothing is half done."""
    name = "standard input" if path is None else str(path)
    try:
        data = sys.stdin.buffer.read() if path is None else path.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from None
    return list(parse_records(data, name))


def parse_records(data: bytes, name: str) -> Iterator[Record]:
    """The records of JSON Lines; blank lines are passed over."""
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            fields = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(f"{where}: is not JSON ({error.msg}, column {error.colno})") from None
        if not isinstance(fields, dict):
            raise InputError(f"{where}: must be a JSON object")
        yield Record(where, fields)


def write_records(records: Iterable[dict[str, object]]) -> None:
    """One line a record on the standard output, as soon as it is known."""
    for record in records:
        sys.stdout.buffer.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()


def progress(work: Sequence[T], label: str) -> Iterable[T]:
    """The same, with a bar on a terminal; silent elsewhere, and never mixed into the output."""
    if not sys.stderr.isatty():
        return work
    return track(work, description=label, console=Console(stderr=True), transient=True)
