"""Neither the token nor what subscribers say, write or are called comes into a log, whatever goes wrong.

`tests/conftest.py` searches what every test of the run has logged; here everything is provoked that might log.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot import app
from bot.config import Settings
from bot.demo import faults
from bot.demo.people import Person
from bot.demo.telegram import StandIn
from bot.logs import configure_logs
from bot.sources import load
from storage import Store
from tests.conftest import secrets_in
from tests.fakes.kiosk import Kiosk

ROOT = Path(__file__).parents[2]
SECRET = "сокровенное"
SAID = (
    f"/start {SECRET}", f"/follow {SECRET}", f"/follow {SECRET} -(", f'/follow "{SECRET}', f"/follow цвет:{SECRET}",
    f"/unfollow {SECRET}", f"/latest {SECRET}", f"/search {SECRET}", f"/why {SECRET}", f"/{SECRET}", SECRET,
    f"/follow {SECRET * 400}", f"/quiet {SECRET}", f"/settings {SECRET}", f"/pause {SECRET}", f"/ask {SECRET}",
    f"/digest {SECRET}", f"<b>{SECRET}</b>", f"/help@{SECRET}", "/topics", "/privacy", "/mydata", "/forget",
)  # fmt: skip


@pytest.fixture
def logged(form: str, capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Logs as the bot writes them, in every detail that can be asked for."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs("DEBUG", form)
    yield capfd
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as telegram:
        yield telegram


async def _talk(telegram: StandIn, anna: Person) -> None:
    """Say everything; each is answered, or the next is said after a while."""
    for text in SAID:
        before = len(telegram.journal.calls)
        await anna.says(text)
        await telegram.wait_until(lambda: len(telegram.journal.calls) > before, timeout=10)  # noqa: B023 - awaited here


async def _settled(telegram: StandIn, anna: Person) -> None:
    before = len(anna.received)
    await anna.says("/help")
    await telegram.wait_until(lambda: len(anna.received) > before, timeout=15)


@pytest.mark.parametrize(
    ("trouble", "form"), [("none", "console"), ("refusals", "json"), ("a broken store", "console")]
)
async def test_a_conversation_leaves_nothing_of_it_in_the_log(
    trouble: str,
    telegram: StandIn,
    tmp_path: Path,
    logged: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna = telegram.person(7, SECRET, username="sokrovennoe")
    stop = asyncio.Event()
    async with Kiosk() as kiosk:
        settings = Settings(
            _env_file=None,
            bot_token=telegram.token,  # type: ignore[arg-type]
            telegram_api_url=telegram.url,
            database_url=f"sqlite+aiosqlite:///{tmp_path}/glavnoe.db",
            allow_private_hosts=True,
            send_rate=1000,
        )
        serving = asyncio.create_task(app.serve(settings, load(kiosk.source(), "test"), stop=stop))
        await _settled(telegram, anna)
        if trouble == "refusals":
            for fault in (faults.bad_message(), faults.blocked(), faults.too_many_requests(), faults.server_error()):
                telegram.faults.inject(fault, method="sendMessage", times=3)
        if trouble == "a broken store":
            monkeypatch.setattr(Store, "topic", _broken)
            monkeypatch.setattr(Store, "archive", _broken)
        await _talk(telegram, anna)
        stop.set()
        await asyncio.wait_for(serving, 15)
    said = logged.readouterr()
    assert "app.started" in said.err
    assert secrets_in(said.out + said.err) == []


async def _broken(*_: object, **__: object) -> None:
    raise KeyError("the store has a bug")


def test_a_test_that_logs_a_secret_fails(tmp_path: Path) -> None:
    (tmp_path / "test_loose.py").write_text(
        "import logging\n"
        "def test_prints(): print('StandInForTelegram_NotARealToken_00')\n"
        "def test_logs(): logging.getLogger('x').info('/follow СОКРОВЕННОЕ')\n"
        "def test_is_discreet(): print('nothing')\n",
        encoding="utf-8",
    )
    ended = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:randomly", f"--rootdir={tmp_path}",
         "-c", "/dev/null", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "2 failed, 1 passed" in ended.stdout, ended.stdout
