"""What went wrong, in one line that a person can act on."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.errors import storage_error

FILE = make_url("sqlite+aiosqlite:///data/glavnoe.db")
SERVER = make_url("postgresql+asyncpg://bot:sesame@db.local/news?ssl=require")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PoolTimeoutError("QueuePool limit of size 1 overflow 0 reached"), "all its connections are busy"),
        (TimeoutError(), "no answer in time"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "Connection refused"),
        (OSError("Multiple exceptions: one, two"), "Multiple exceptions: one, two"),
        (
            OperationalError("SELECT 'secret'", {}, sqlite3.OperationalError("disk I/O error")),
            "the disk reports an error",
        ),
        (OperationalError("SELECT 'secret'", {}, sqlite3.OperationalError("odd\nDETAIL: secret")), "odd"),
        (OperationalError("SELECT 'secret'", {}, None), "OperationalError"),  # type: ignore[arg-type]
        (OSError(), "OSError"),
    ],
)
def test_a_failure_is_one_line(error: Exception, line: str) -> None:
    assert str(storage_error(FILE, error)) == f"database data/glavnoe.db: {line}"


def test_a_server_is_named_without_password_and_options() -> None:
    line = str(storage_error(SERVER, TimeoutError()))

    assert line == "database postgresql+asyncpg://bot:***@db.local/news: no answer in time"
