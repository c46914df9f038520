"""`catalogue`: what can be turned on, and a trial of it before it is."""

from __future__ import annotations

import tomllib

import pytest

from bot.sources import load, outlets
from tests.commands.conftest import Command, CommandBeside
from tests.fakes.kiosk import Kiosk


def test_every_outlet_is_a_line_with_its_dated_note(run: Command) -> None:
    ended = run("catalogue")
    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert len(lines) == len(outlets()) >= 25
    assert all("as of 20" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "said"),
    [("Медузза", "did you mean Медуза?"), ("zzz", "lists them"), ("the ", "several outlets begin so: The Guardian")],
)
def test_a_name_that_means_no_outlet_is_one_line(run: Command, name: str, said: str) -> None:
    ended = run("catalogue", name)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.complaint


def test_an_outlet_that_can_not_be_read_is_one_line(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = _entry("http://127.0.0.1:9/feed")
    monkeypatch.setattr("bot.sources.files.catalogue", lambda: entry)
    ended = run("catalogue", "киоск")
    assert (ended.code, ended.out) == (1, "")
    assert "127.0.0.1" in ended.complaint


async def test_a_trial_tells_the_latest_articles_and_prints_the_entry_to_copy(
    run_beside: CommandBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "true")
    async with Kiosk() as kiosk:
        kiosk.publish("В Алеппо начались переговоры о прекращении огня", "Стороны встретились в субботу в Алеппо.")
        entry = _entry(f"{kiosk.url}/feed")
        monkeypatch.setattr("bot.sources.files.catalogue", lambda: entry)
        ended = await run_beside("catalogue", "КИОСК")
    assert (ended.code, ended.err) == (0, "")
    assert "Киоск answers with 1 articles. as of 2026-11: ours" in ended.out
    assert "В Алеппо начались переговоры" in ended.out
    assert "Стороны встретились в субботу в Алеппо." in ended.out
    printed = ended.out[ended.out.index("[[source]]") :]
    assert load(printed, "printed") == load(entry, "given")
    assert tomllib.loads(printed)["source"][0]["note"] == "as of 2026-11: ours"


def _entry(url: str) -> str:
    return (
        f'# A note.\n\n[[source]]\nname = "Киоск"\nurl = "{url}"\narticles = "/article/(?P<key>[0-9]+)"\n'
        'note = "as of 2026-11: ours"\n'
    )
