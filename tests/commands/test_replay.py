"""What a subscriber would have had: `replay` is the bot itself, with a clock that goes by the articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.commands.conftest import Command
from tests.unit.stories.articles import FLOOD, FLOOD_TEXT
from tests.unit.stories.test_merging import BOTH, BOTH_TEXT, SCHOOL, SCHOOL_TEXT

TALKS = "В Алеппо начались переговоры о прекращении огня в Сирии"
TALKS_TEXT = "Представители Дамаска и сирийской оппозиции встретились в Алеппо. Переговоры продолжатся в субботу."


def article(name: str, clock: str, title: str, text: str, **more: Any) -> dict[str, Any]:
    when = f"2026-11-23T{clock}:00+00:00"
    return {"id": name, "title": title, "text": text, "published": when, "source": f"Газета {name}", **more}


def replayed(run: Command, *articles: dict[str, Any], follow: str = "школа | плотина | алеппо") -> list[dict[str, Any]]:
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in articles)
    Path("in.jsonl").write_text(lines, encoding="utf-8")
    ended = run("replay", "in.jsonl", "--follow", follow)
    assert (ended.code, ended.err) == (0, "")
    return ended.lines


def told(lines: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(line["kind"], line["decision"], line["story"], line["headline"]) for line in lines]


def test_what_brings_two_told_stories_together_is_told_to_nobody_as_news(run: Command) -> None:
    lines = replayed(
        run,
        article("a", "09:00", SCHOOL, SCHOOL_TEXT),
        article("b", "09:10", FLOOD, FLOOD_TEXT),
        article("c", "09:20", BOTH, BOTH_TEXT),
        article("d", "09:30", FLOOD, FLOOD_TEXT),
    )
    pushes = [line for line in told(lines) if line[0] == "push"]
    assert pushes == [("push", "send", "a", SCHOOL), ("push", "send", "b", FLOOD)]
    assert {line["story"] for line in lines if line["kind"] == "follow_up"} <= {"a"}


def test_follow_ups_keep_an_hour_between_them_and_come_in_their_time(run: Command) -> None:
    lines = replayed(
        run,
        article("a", "09:00", TALKS, TALKS_TEXT),
        article("b", "09:10", TALKS, f"{TALKS_TEXT} Их продлили на 12 дней."),
        article("c", "09:20", TALKS, f"{TALKS_TEXT} Освобождены 15 пленных."),
        article("d", "09:30", TALKS, f"{TALKS_TEXT} Освобождены 17 пленных."),
        article("e", "12:00", "В Самаре открылась выставка кошек", "Более ста кошек привезли в Самару владельцы."),
    )
    assert told(lines) == [("push", "send", "a", TALKS), *[("follow_up", "send", "a", TALKS)] * 2]
    assert [line["at"][11:16] for line in lines] == ["09:00", "09:10", "10:10"]
    assert ["12" in lines[1]["because"][0], "17" in lines[2]["because"][0]] == [True, True]


def test_an_article_that_comes_again_under_another_headline_is_a_correction(run: Command) -> None:
    first = article("a", "09:00", TALKS, TALKS_TEXT)
    other = "В Алеппо отложены переговоры о прекращении огня в Сирии"
    again = first | {"title": other, "published": "2026-11-23T09:05:00+00:00"}
    assert told(replayed(run, first, first, again)) == [
        ("push", "send", "a", TALKS),
        ("correction", "send", "a", other),
    ]


def test_but_not_years_later(run: Command) -> None:
    first = article("a", "09:00", TALKS, TALKS_TEXT)
    again = first | {"title": "Иначе", "published": "2028-11-23T09:05:00+00:00"}
    assert told(replayed(run, first, again)) == [("push", "send", "a", TALKS)]


def test_what_is_below_the_level_that_was_asked_for_is_said_once(run: Command) -> None:
    lines = replayed(
        run,
        article("a", "09:00", TALKS, TALKS_TEXT),
        article("b", "09:10", TALKS, TALKS_TEXT),
        follow="главное",
    )
    assert told(lines) == [("push", "skip", "a", TALKS)]
    assert lines[0]["reason"]
