"""What a database or its driver says, as one line for a person. Never a password, a statement or its values."""

from __future__ import annotations

import errno
import os
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StorageError

DATABASE_ERRORS: Final = (DBAPIError, PoolTimeoutError, OSError)
"""All that goes wrong outside this program. asyncpg raises the last when there is no server to talk to."""

_PLAINER: Final = {
    "unable to open database file": "the file can't be opened: is its folder writable?",
    "attempt to write a readonly database": "the database is read-only",
    "file is not a database": "the file is not a database",
    "database or disk is full": "the disk is full",
    "database is locked": "another program keeps the database locked",
    "disk I/O error": "the disk reports an error",
}
"""SQLite's messages (sqlite3_errstr, https://www.sqlite.org/rescode.html), said to whoever runs the bot."""


_RACES: Final = frozenset({"40P01", "40001"})
"""deadlock_detected, serialization_failure: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def lost_a_race(error: StorageError) -> bool:
    """Whether the server ended the transaction in favour of another one; it can be tried again at once."""
    return getattr(getattr(error.__cause__, "orig", None), "sqlstate", None) in _RACES


def storage_error(url: URL, error: BaseException) -> StorageError:
    return StorageError(f"database {place(url)}: {_cause(error)}")


def place(url: URL) -> str:
    """The file, or the server without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return url.set(query={}).render_as_string(hide_password=True)


def _cause(error: BaseException) -> str:
    if isinstance(error, PoolTimeoutError):
        return "all its connections are busy"
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno and error.errno in errno.errorcode:
        return os.strerror(error.errno)
    if isinstance(error, SQLAlchemyError):
        return type(error).__name__
    return _first_line(error)


def _first_line(error: BaseException) -> str:
    """The drivers' further lines quote values; asyncpg's adapter puts the class it wraps before the message."""
    text = str(error).partition("\n")[0]
    text = text.rpartition(">: ")[2] if text.startswith("<class ") else text
    return _PLAINER.get(text, text) or type(error).__name__
