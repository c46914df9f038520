"""Opening a database: it works at once, or says in one line why it doesn't."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.errors import StorageError
from storage import open_store


async def refusal(url: str) -> str:
    with pytest.raises(StorageError) as caught:
        await open_store(url)
    line = str(caught.value)
    assert "\n" not in line
    return line


def sqlite_url(path: Path | str) -> str:
    return f"sqlite+aiosqlite:///{path}"


# --- SQLite ---


async def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "of" / "glavnoe.db"

    store = await open_store(sqlite_url(path))
    await store.close()

    assert path.is_file()


async def test_a_relative_path_starts_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    await (await open_store("sqlite+aiosqlite:///data/glavnoe.db")).close()

    assert (tmp_path / "data" / "glavnoe.db").is_file()


async def test_after_closing_all_is_in_one_file(tmp_path: Path) -> None:
    await (await open_store(sqlite_url(tmp_path / "glavnoe.db"))).close()

    assert os.listdir(tmp_path) == ["glavnoe.db"]


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "glavnoe.db"

    assert (await refusal(sqlite_url(path))).startswith(f"database {path}: its folder can't be made: ")
    assert (await refusal(sqlite_url(path / "below"))).endswith("its folder can't be made: Not a directory")


async def test_a_folder_that_cannot_be_written_is_named() -> None:
    line = await refusal(sqlite_url("/proc/glavnoe.db"))

    assert line == "database /proc/glavnoe.db: the file can't be opened: is its folder writable?"


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    assert await refusal(sqlite_url(tmp_path)) == (
        f"database {tmp_path}: the file can't be opened: is its folder writable?"
    )


def test_what_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    """A thread that outlives the loop would write a traceback over the one line."""
    before = threading.active_count()

    with pytest.raises(StorageError):
        asyncio.run(open_store(sqlite_url(tmp_path)))

    assert threading.active_count() == before


async def test_a_file_that_is_no_database_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Дорогая редакция! " * 100)

    assert await refusal(sqlite_url(path)) == f"database {path}: the file is not a database"
    assert path.read_text() == "Дорогая редакция! " * 100


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE sources (something INTEGER)")
    other.close()

    line = await refusal(sqlite_url(path))

    assert line == f"database {path}: table sources already exists"


# --- URLs ---


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("mysql://root:sesame@host/db", "the database URL begins with mysql: "),
        ("sqlite:///data/glavnoe.db", "the database URL begins with sqlite: "),
        ("postgresql://bot:sesame@host/db", "the database URL begins with postgresql: "),
        ("postgresql+asyncpg://bot:sesame@host:port/db", "the database URL can't be read: "),
        ("data/sesame.db", "the database URL can't be read: "),
        ("", "the database URL can't be read: "),
    ],
)
async def test_a_url_of_another_kind_is_refused_with_what_to_write(url: str, line: str) -> None:
    said = await refusal(url)

    assert said == f"{line}write sqlite+aiosqlite:///FILE or postgresql+asyncpg://…"
    assert "sesame" not in said


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
async def test_a_database_that_would_be_forgotten_is_refused(url: str) -> None:
    assert await refusal(url) == "the database URL names no file: write sqlite+aiosqlite:///FILE"


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite:///glavnoe.db?mode=ro", "postgresql+asyncpg:///news?sslmode=require"]
)
async def test_an_option_that_would_be_misunderstood_is_refused(url: str) -> None:
    assert (await refusal(url)).startswith("the database URL has an option that isn't known: ")


# --- PostgreSQL ---


async def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    line = await refusal(f"postgresql+asyncpg://bot:sesame@127.0.0.1:{port}/news?ssl=disable")

    assert line == f"database postgresql+asyncpg://bot:***@127.0.0.1:{port}/news: Connection refused"


async def test_a_host_that_does_not_exist_is_named() -> None:
    line = await refusal("postgresql+asyncpg://bot:sesame@nowhere.invalid/news")

    assert line.startswith("database postgresql+asyncpg://bot:***@nowhere.invalid/news: ")


@asynccontextmanager
async def reachable() -> AsyncIterator[str]:
    url = os.environ.get("TEST_POSTGRES_URL", "postgresql+asyncpg://postgres@127.0.0.1/test")
    try:
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        await (await asyncpg.connect(dsn, timeout=5)).close()
    except (OSError, asyncpg.PostgresError) as error:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            raise
        pytest.skip(f"no PostgreSQL: {error}")
    yield url


async def test_a_database_that_the_server_does_not_have_is_named() -> None:
    async with reachable() as url:
        line = await refusal(make_url(url).set(database="atlantis").render_as_string(hide_password=False))

    assert line.endswith('/atlantis: database "atlantis" does not exist')


async def test_a_user_that_the_server_does_not_let_in_is_named_without_the_password() -> None:
    async with reachable() as url:
        stranger = make_url(url).set(username="stranger", password="sesame")
        line = await refusal(stranger.render_as_string(hide_password=False))

    assert "stranger:***@" in line
    assert line.endswith(('role "stranger" does not exist', 'password authentication failed for user "stranger"'))
    assert "sesame" not in line
