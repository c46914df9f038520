"""`check`, `migrate` and `run` before anything works: a plain verdict each, whatever is wrong."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo.telegram import StandIn
from tests.commands.conftest import Command, CommandBeside, Ended
from tests.fakes.kiosk import Kiosk

NOWHERE = "http://127.0.0.1:1080"
"""A port that nothing listens on."""


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as telegram:
        yield telegram


@pytest.fixture
async def kiosk() -> AsyncIterator[Kiosk]:
    async with Kiosk() as kiosk:
        kiosk.publish("В Алеппо начались переговоры о прекращении огня")
        yield kiosk


@pytest.fixture
def set_up(kiosk: Kiosk, telegram: StandIn) -> None:
    """Everything in order: a newspaper, a Telegram and a database in the folder of the test."""
    Path("sources.toml").write_text(kiosk.source(), encoding="utf-8")
    setting(BOT_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)


def setting(**changed: object) -> None:
    """Write `.env`: what stands there already, and this."""
    env = Path(".env")
    lines = env.read_text(encoding="utf-8").splitlines() if env.exists() else []
    values = {"SOURCES_FILE": "sources.toml", "ALLOW_PRIVATE_HOSTS": "true"}
    values |= dict(line.split("=", 1) for line in lines) | {name: str(value) for name, value in changed.items()}
    env.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")


def written(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def verdict(ended: Ended, name: str) -> str:
    """Its one line; it must be what failed, and the only thing."""
    assert ended.code == 1
    assert ended.err == ""
    failed = [line for line in ended.out.splitlines() if line.startswith("FAILED")]
    assert len(failed) == 1, ended.out
    assert failed[0].startswith(f"FAILED  {name}: ")
    return failed[0].removeprefix(f"FAILED  {name}: ")


async def test_all_in_order_is_said_of_each(run_beside: CommandBeside, set_up: None) -> None:
    ended = await run_beside("check")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "ok      configuration: is in order",
        "ok      database: can be written, and is up to date",
        "ok      source Труд: answers with 1 articles",
        "ok      token: is that of @glavnoe_demo_bot",
    ]


async def test_a_token_that_telegram_refuses_is_told_and_never_shown(
    run_beside: CommandBeside, set_up: None, telegram: StandIn
) -> None:
    setting(BOT_TOKEN="4242:another-token-than-the-stand-ins-own")
    ended = await run_beside("check")
    assert verdict(ended, "token").startswith("Telegram refuses the token: check BOT_TOKEN")
    assert "another-token" not in ended.out


async def test_a_telegram_that_cannot_be_reached_is_told(run_beside: CommandBeside, set_up: None) -> None:
    setting(TELEGRAM_API_URL=NOWHERE)
    assert verdict(await run_beside("check"), "token").startswith("Telegram can't be reached: check the network")


async def test_a_dead_source_is_told_by_name(run_beside: CommandBeside, set_up: None, kiosk: Kiosk) -> None:
    kiosk.broken["/feed"] = 503
    assert "503" in verdict(await run_beside("check"), "source Труд")


async def test_a_feed_without_articles_is_no_source(run_beside: CommandBeside, set_up: None, kiosk: Kiosk) -> None:
    kiosk.articles.clear()
    assert "there are no articles in it" in verdict(await run_beside("check"), "source Труд")


async def test_a_source_that_nobody_answers_for_is_told_by_name(run_beside: CommandBeside, set_up: None) -> None:
    written("sources.toml", f'[[source]]\nname = "Труд"\nurl = "{NOWHERE}/feed"\n')
    assert verdict(await run_beside("check"), "source Труд") == "127.0.0.1: no connection"


async def test_a_source_on_this_machine_is_refused_unless_allowed(run_beside: CommandBeside, set_up: None) -> None:
    setting(ALLOW_PRIVATE_HOSTS="false")
    assert "private, local or reserved" in verdict(await run_beside("check"), "source Труд")


async def test_a_sources_file_with_a_mistake_is_told_by_entry_and_field(
    run_beside: CommandBeside, set_up: None
) -> None:
    written("sources.toml", '[[source]]\nname = "Труд"\nurl = 7\n')
    assert verdict(await run_beside("check"), "sources").startswith('sources.toml: source 1 (Труд): "url" must be text')


async def test_a_sources_file_that_is_no_toml_is_told(run_beside: CommandBeside, set_up: None) -> None:
    written("sources.toml", "[[source]\nname=")
    assert verdict(await run_beside("check"), "sources").startswith("sources.toml: not valid TOML: ")


async def test_a_database_that_cannot_be_written_is_told(run_beside: CommandBeside, set_up: None) -> None:
    written("folder.db/in-the-way", "")
    setting(DATABASE_URL="sqlite+aiosqlite:///folder.db")
    assert "folder.db" in verdict(await run_beside("check"), "database")


async def test_a_database_of_another_program_is_refused_with_all_that_is_in_it(
    run_beside: CommandBeside, set_up: None
) -> None:
    with closing(sqlite3.connect("other.db")) as database:
        database.execute("CREATE TABLE stories (id INTEGER)")
        setting(DATABASE_URL="sqlite+aiosqlite:///other.db")
        assert "other.db" in verdict(await run_beside("check"), "database")
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("stories",)]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("BOT_TOKN=1:a", ".env: BOT_TOKN is no setting; did you mean BOT_TOKEN?"),
        ("SEND_RATE=fast", "SEND_RATE: "),
        ("BOT_TOKEN=nonsense", "BOT_TOKEN: does not look like a token"),
        ("TIME_ZONE=Mars", "TIME_ZONE: is no time zone"),
    ],
)
def test_a_wrong_setting_is_told_by_every_command(run: Command, line: str, complaint: str) -> None:
    Path(".env").write_text(line + "\n", encoding="utf-8")
    checked = run("check")
    assert (checked.code, checked.err) == (1, "")
    assert checked.out.startswith(f"FAILED  configuration: {complaint}")
    assert checked.out.count("\n") == 1
    for command in (("migrate",), ("run",), ("read", "a.html")):
        ended = run(*command)
        assert (ended.code, ended.out) == (2, "")
        assert ended.complaint.startswith(f"glavnoe: {complaint}")


def test_migrate_makes_a_database_and_leaves_one_that_is_up_to_date(run: Command) -> None:
    for _ in range(2):
        ended = run("migrate")
        assert (ended.code, ended.out) == (0, "The database is up to date.\n")
    assert Path("data/glavnoe.db").exists()


@pytest.mark.parametrize("command", ["migrate", "run"])
def test_a_database_that_cannot_be_opened_is_one_line_and_exit_code_1(run: Command, command: str) -> None:
    Path("folder.db").mkdir()
    Path(".env").write_text("DATABASE_URL=sqlite+aiosqlite:///folder.db\nBOT_TOKEN=1:abcdefghijk\n", encoding="utf-8")
    ended = run(command)
    assert (ended.code, ended.out) == (1, "")
    assert ended.complaint.startswith("glavnoe: ")
    assert "folder.db" in ended.complaint


def test_run_ends_with_one_line_when_telegram_refuses_the_token(run: Command, refusing: str) -> None:
    setting(BOT_TOKEN="4242:another-token-than-the-stand-ins-own", TELEGRAM_API_URL=refusing, LOG_LEVEL="ERROR")
    written("sources.toml", '[[source]]\nname = "Труд"\nurl = "https://www.trud.ru/rssfull"\n')
    ended = run("run", "--roles", "converse")
    assert (ended.code, ended.out) == (1, "")
    assert ended.complaint.startswith("glavnoe: Telegram refuses the token: check BOT_TOKEN")


@pytest.fixture
def refusing() -> Iterator[str]:
    """A Telegram in a thread of its own that answers to another token."""
    stop, started = threading.Event(), threading.Event()
    url: list[str] = []

    async def stand() -> None:
        async with StandIn() as telegram:
            url.append(telegram.url)
            started.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(stand(),))
    thread.start()
    started.wait()
    yield url[0]
    stop.set()
    thread.join()
