"""A copy of an embedded database, made while the bot runs; and such a copy put in the database's place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, create_engine

from bot.errors import StorageError
from storage.engine import SQLITE, parse_url
from storage.errors import storage_error
from storage.migrations import upgrade

_PAGES: Final = 2000
"""Copied at once, 8 MB; between them the bot gets its turn."""


def backup(database_url: str, to: Path) -> None:
    """Raises StorageError; then there's no new file."""
    url, database = _file_of(database_url, "pg_dump")
    if not database.exists():
        raise StorageError(f"database {database}: there is none yet")
    if to.exists():
        raise StorageError(f"{to}: is there already")
    with _failing_as(url), _part_of(to) as part:
        _copy(database, part)
        part.replace(to)


def restore(database_url: str, source: Path) -> Path | None:
    """Put a backup in the database's place, brought up to date. Where the database that was there is now.

    Raises StorageError when it's no backup, of a newer version, or the database is in use; then all is as it was.
    """
    url, database = _file_of(database_url, "pg_restore")
    if not source.is_file():
        raise StorageError(f"{source}: there is no such file")
    with _failing_as(url.set(database=str(source))), _part_of(database) as part:
        _copy(source, part)
        _bring_up_to_date(part, source)
        replaced = _set_aside(database) if database.exists() else None
        part.replace(database)
    return replaced


def _file_of(database_url: str, tool: str) -> tuple[URL, Path]:
    url = parse_url(database_url)
    if url.drivername != SQLITE:
        raise StorageError(f"this is for the embedded database; for PostgreSQL there is {tool}")
    return url, Path(url.database or "")


@contextmanager
def _failing_as(url: URL) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise storage_error(url, error) from error


@contextmanager
def _part_of(whole: Path) -> Iterator[Path]:
    """A file beside `whole` to be written first; gone at the end if it isn't `whole` by then."""
    part = whole.with_name(f"{whole.name}.part")
    whole.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, to: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as old,
        closing(sqlite3.connect(to)) as new,
    ):
        old.backup(new, pages=_PAGES, sleep=0.01)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, whatever the original has beside it
        (found,) = new.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise StorageError(f"{source}: is damaged: {found}")


def _bring_up_to_date(part: Path, source: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(part)))
    try:
        with engine.begin() as connection:
            tables = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "stories", "notifications"} <= tables:
                raise StorageError(f"{source}: is no backup of this program's database")
            upgrade(connection)
    finally:
        engine.dispose()


def _set_aside(database: Path) -> Path:
    """Whole, with what its WAL holds. Raises StorageError if anybody has it open."""
    with closing(sqlite3.connect(database, timeout=0.5, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            raise StorageError(f"database {database}: is in use; stop the bot first") from error
    aside = database.with_name(f"{database.name}.replaced")
    database.replace(aside)
    return aside
