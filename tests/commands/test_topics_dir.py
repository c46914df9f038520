"""TOPICS_DIR: a publisher's own topics, in every command that knows topics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import topics
from tests.commands.conftest import Command

FISHING = """
[names]
ru = ["Рыбалка", "Ловля рыбы"]
en = ["Fishing"]

[[evidence]]
weight = 0.9
words = ["рыбалка", "рыболов", "улов"]
"""
ARTICLE = {"id": "1", "title": "Рыболовы Карелии поймали рекордный улов", "text": "Рыбалка удалась."}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path("topics")
    folder.mkdir()
    monkeypatch.setenv("TOPICS_DIR", str(folder))
    yield folder
    topics.use(())


def test_classify_and_replay_know_them(run: Command, folder: Path) -> None:
    (folder / "fishing.toml").write_text(FISHING, encoding="utf-8")
    (line,) = run("classify", given=[ARTICLE]).lines
    assert [topic["topic"] for topic in line["topics"]] == ["fishing"]
    dated = {**ARTICLE, "url": "https://www.trud.ru/1", "published": "2026-11-23T12:00:00Z", "source": "Труд"}
    Path("in.jsonl").write_text(json.dumps(dated), encoding="utf-8")
    (line,) = run("replay", "in.jsonl", "--follow", "ловля рыбы").lines
    assert line["topic"] == "Рыбалка"


def test_without_the_setting_there_are_the_built_in_ones(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOPICS_DIR")
    (line,) = run("classify", given=[ARTICLE]).lines
    assert line["topics"] == []


def test_check_counts_them(run: Command, folder: Path) -> None:
    (folder / "fishing.toml").write_text(FISHING, encoding="utf-8")
    ended = run("check")
    assert f"ok      topics: {len(topics.BUILT_IN) + 1} are in order" in ended.out.splitlines()


@pytest.mark.parametrize("command", [("run",), ("classify",), ("replay", "in.jsonl", "--follow", "сирия")])
@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("fishing.toml", "", "TOPICS_DIR topics/fishing.toml: names.ru must be a list of names"),
        ("Fishing.toml", FISHING, "TOPICS_DIR topics/Fishing.toml: a profile's file is called by "),
        ("fishing.toml", FISHING.replace("0.9", "9"), "evidence[0].weight must be a number over 0, at most 1"),
        ("main.toml", FISHING, "TOPICS_DIR topics/main.toml: «main» is every article's topic"),
    ],
)
def test_a_mistake_stops_the_start_with_one_line(
    run: Command, folder: Path, command: tuple[str, ...], name: str, text: str, complaint: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("BOT_TOKEN", "1:A")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1080")
    (folder / name).write_text(text, encoding="utf-8")
    ended = run(*command, given=[ARTICLE])
    assert ended.code == 2
    assert complaint in ended.complaint


def test_a_folder_that_is_not_there_is_named(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPICS_DIR", "nowhere")
    assert run("classify", given=[ARTICLE]).complaint.endswith("TOPICS_DIR nowhere: No such file or directory")
    assert "FAILED  topics: TOPICS_DIR nowhere: No such file or directory" in run("check").out.splitlines()
