"""The tools that read and write JSON Lines: exact shapes out, and one line for anything wrong that comes in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Command

SYRIA = {
    "id": "a",
    "title": "В Алеппо начались переговоры о прекращении огня в Сирии",
    "text": "Представители Дамаска и сирийской оппозиции встретились в Алеппо. Переговоры продолжатся в субботу.",
    "url": "https://www.trud.ru/article/1",
    "published": "2026-11-23T12:00:00+03:00",
    "source": "Труд",
}
AGAIN = SYRIA | {
    "id": "b",
    "url": "https://vesti.example/2",
    "source": "Вести",
    "published": "2026-11-23T13:00:00+03:00",
}
CATS = {
    "id": 3,
    "title": "В Самаре открылась выставка кошек",
    "text": "Более ста кошек привезли в Самару владельцы из десяти городов области.",
    "url": "https://www.trud.ru/article/3",
    "published": 1795435200,
    "source": "Труд",
    "views": 120,
    "position": 0,
}
TOOLS = [
    ("classify",),
    ("classify", "--query", "сирия"),
    ("summarize",),
    ("group",),
    ("rank",),
    ("replay", "in.jsonl", "--follow", "сирия"),
]


def test_classify_tells_topics_with_score_and_reasons(run: Command) -> None:
    ended = run("classify", given=[SYRIA, CATS])
    assert ended.code == 0
    assert ended.err == ""
    syria, cats = ended.lines
    assert list(syria) == ["id", "topics"]
    assert syria["id"] == "a"
    assert "syria" in [topic["topic"] for topic in syria["topics"]]
    for topic in syria["topics"]:
        assert list(topic) == ["topic", "score", "because"]
        assert 0 < topic["score"] <= 1
        assert topic["because"]
        assert all(isinstance(why, str) and why for why in topic["because"])
    assert cats == {"id": 3, "topics": []}


def test_classify_matches_one_query_instead(run: Command) -> None:
    syria, cats = run("classify", "--query", '"выставка кошек" | дамаск', given=[SYRIA, CATS]).lines
    assert [topic["topic"] for topic in (*syria["topics"], *cats["topics"])] == ["query", "query"]
    assert "Дамаска" in syria["topics"][0]["because"][0]


def test_classify_knows_section_source_and_author(run: Command) -> None:
    record = CATS | {"section": "Культура", "author": "Анна Шевцова"}
    for query in ("section:культура", "source:труд", "author:шевцова"):
        assert run("classify", "--query", query, given=[record]).lines[0]["topics"], query


@pytest.mark.parametrize("command", [("classify",), ("rank",), ("replay", "in.jsonl", "--follow", "сирия")])
def test_reasons_come_in_russian_or_english(run: Command, command: tuple[str, ...]) -> None:
    write(SYRIA)
    given = Path("in.jsonl").read_bytes()
    russian, english = (run(*command, *more, given=given) for more in ((), ("--language", "en")))
    assert russian.code == english.code == 0
    told = [[why for line in ended.lines for why in reasons(line)] for ended in (russian, english)]
    assert told[0]
    assert told[0] != told[1]
    assert all(any("а" <= char <= "я" for char in why.casefold()) for why in told[0])


def reasons(line: dict[str, Any]) -> list[str]:
    own: list[str] = line.get("because", [])
    return own + [why for topic in line.get("topics", []) for why in topic["because"]]


def write(*records: dict[str, Any]) -> None:
    Path("in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def test_summarize_tells_the_articles_own_sentences(run: Command) -> None:
    syria, cats = run("summarize", given=[SYRIA, CATS | {"lead": "Кошек больше ста."}]).lines
    assert list(syria) == ["id", "summary"]
    assert syria["summary"].startswith("Представители Дамаска")
    assert len(cats["summary"]) <= 400


def test_summarize_shows_the_marks_within_the_400_characters(run: Command) -> None:
    rest = " ".join(
        f"Отряд номер {number} ушёл из города {number + 40} вечером по дороге на север." for number in range(9)
    )
    text = f"Бойцы «Ан-Нусры» (террористическая организация, запрещена в РФ) ушли из города. {rest}"
    (told,) = run("summarize", given=[SYRIA | {"title": "Бои в городе", "lead": "", "text": text}]).lines
    start = "Бойцы «Ан-Нусры» (террористическая организация, запрещена в РФ) ушли из города. Отряд номер"
    assert told["summary"].startswith(start)
    assert len(told["summary"]) <= 400


def test_group_calls_a_story_after_its_first_article(run: Command) -> None:
    assert run("group", given=[SYRIA, CATS, AGAIN]).lines == [
        {"id": "a", "story": "a"},
        {"id": 3, "story": 3},
        {"id": "b", "story": "a"},
    ]


def test_articles_of_a_stream_need_neither_address_nor_time(run: Command) -> None:
    bare = [{name: each[name] for name in ("id", "title", "text")} for each in (SYRIA, CATS, AGAIN)]
    dated = {"published": "2026-11-23T12:00:00Z"}
    for given in (bare, [bare[0] | dated, *bare[1:]], [*bare[:2], bare[2] | dated]):
        assert [line["story"] for line in run("group", given=given).lines] == ["a", 3, "a"]


def test_rank_tells_each_story_once_the_most_important_first(run: Command) -> None:
    ended = run("rank", given=[SYRIA, CATS, AGAIN])
    assert [list(line) for line in ended.lines] == [["story", "ids", "score", "level", "because"]] * 2
    assert {line["story"]: line["ids"] for line in ended.lines} == {"a": ["a", "b"], 3: [3]}
    scores = [line["score"] for line in ended.lines]
    assert scores == sorted(scores, reverse=True)
    assert {line["level"] for line in ended.lines} <= {"breaking", "major", "notable", "routine"}


def test_rank_takes_stories_that_are_known_already_as_they_are(run: Command) -> None:
    bare = [
        {"id": number, "title": "", "text": "", "url": f"https://{host}/news/{number}", "story": story}
        for number, (host, story) in enumerate(
            [("a.ru", "one"), ("a.ru", 2), ("www.b.ru", 2), ("b.ru", 2), ("c.ru", 2), ("a.ru", "one")]
        )
    ]
    first, second = run("rank", "--language", "en", given=bare).lines
    assert (first["story"], first["ids"]) == (2, [1, 2, 3, 4])
    assert first["because"] == ["3 newsrooms wrote about it at once", "1 later article continues it"]
    assert (second["story"], second["ids"]) == ("one", [0, 5])


def test_rank_tells_stories_of_equal_importance_in_the_order_of_time(run: Command) -> None:
    bare = [{"id": number, "title": "", "text": "", "url": f"https://{number}.ru/"} for number in range(30)]
    assert [line["story"] for line in run("rank", given=bare).lines] == list(range(30))


def test_replay_tells_every_decision_with_its_reason(run: Command) -> None:
    write(SYRIA, CATS, AGAIN)
    ended = run("replay", "in.jsonl", "--follow", "сирия", "--follow", "кошки", "--level", "major")
    assert ended.code == 0
    syria, *_ = ended.lines
    assert list(syria)[:9] == ["at", "id", "story", "topic", "level", "decision", "because", "headline", "summary"]
    assert {line["decision"] for line in ended.lines} <= {"send", "hold", "skip"}
    assert all(("reason" in line) == (line["decision"] != "send") for line in ended.lines)
    sent = [
        line["story"] for line in run("replay", "in.jsonl", "--follow", "сирия").lines if line["decision"] == "send"
    ]
    assert sent == ["a"]


@pytest.mark.parametrize("command", TOOLS)
@pytest.mark.parametrize("nothing", [b"", b"\n\n", b"\xef\xbb\xbf", b"\r\n  \r\n"])
def test_nothing_in_gives_nothing_out(run: Command, command: tuple[str, ...], nothing: bytes) -> None:
    Path("in.jsonl").write_bytes(nothing)
    ended = run(*command, given=nothing)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize("command", TOOLS)
def test_a_byte_order_mark_windows_line_ends_and_duplicates_are_taken(run: Command, command: tuple[str, ...]) -> None:
    line = json.dumps(SYRIA).encode()
    given = b"\xef\xbb\xbf" + b"\r\n".join([line, line, b"", line])
    Path("in.jsonl").write_bytes(given)
    ended = run(*command, given=given)
    assert ended.code == 0
    assert {entry.get("id", entry.get("story")) for entry in ended.lines} == {"a"}


GOOD = json.dumps(SYRIA).encode() + b"\n"
WRONG = [
    (b"\x00\x01\x02\xff\xfe" * 50, "line 1: is not JSON"),
    (b"\x1f\x8b\x08" + bytes(range(256)), "is not JSON"),
    (b'{"id": 1, "title": "a', "line 2: is not JSON"),
    (b'{"id": 2, "title": "\xcf\xf0\xe8"}', "line 2: is not JSON"),
    (b"[" * 100_000, "line 2: is not JSON"),
    (b"null", "line 2: must be a JSON object"),
    (b'["id", "title"]', "line 2: must be a JSON object"),
    (b'{"title": "a"}', "line 2: field 'id' is missing"),
    (b'{"id": true, "title": "a"}', "line 2: field 'id' must be a string or a whole number"),
    (b'{"id": 1.5, "title": "a"}', "line 2: field 'id' must be"),
    (b'{"id": 2}', "line 2: field 'title' is missing"),
    (b'{"id": 2, "title": 7}', "line 2: field 'title' must be a string, not int"),
    (b'{"id": 2, "title": "a", "text": ["b"]}', "line 2: field 'text' must be a string, not list"),
    (b'{"id": 2, "title": "a", "url": {}}', "line 2: field 'url' must be a string, not dict"),
    (b'{"id": 2, "title": "a", "source": 7}', "line 2: field 'source' must be a string, not int"),
    (b'{"id": 2, "title": "a", "published": "yesterday"}', "line 2: field 'published' must be an ISO 8601 time"),
    (b'{"id": 2, "title": "a", "published": 1e300}', "line 2: field 'published' must be"),
    (b'{"id": 2, "title": "a", "published": "0001-01-01T00:00:00+14:00"}', "line 2: field 'published' must be"),
    (b'{"id": 2, "title": "a", "views": -1}', "line 2: field 'views' must be a whole number, not negative"),
    (b'{"id": 2, "title": "a", "views": "many"}', "line 2: field 'views' must be a whole number"),
]
WRONG_COVERAGE = [
    (b'{"id": 2, "title": "a", "position": 0.5}', "line 2: field 'position' must be a whole number"),
    (b'{"id": 2, "title": "a", "owner": 7}', "line 2: field 'owner' must be a string, not int"),
    (b'{"id": 2, "title": "a", "country": []}', "line 2: field 'country' must be a string, not list"),
]


@pytest.mark.parametrize(
    ("command", "line", "complaint"),
    [(command, *wrong) for command in TOOLS for wrong in WRONG]
    + [(command, *wrong) for command in TOOLS[-2:] for wrong in WRONG_COVERAGE]
    + [(("rank",), b'{"id": 2, "title": "a", "story": [1]}', "line 2: field 'story' must be a string or a whole")],
)
def test_a_wrong_line_is_named_and_nothing_is_half_done(
    run: Command, command: tuple[str, ...], line: bytes, complaint: str
) -> None:
    given = line if "line 1" in complaint else GOOD + line + b"\n" + GOOD
    Path("in.jsonl").write_bytes(given)
    ended = run(*command, given=given)
    where = "in.jsonl" if command[0] == "replay" else "standard input"
    assert (ended.code, ended.out) == (2, "")
    assert ended.complaint.startswith(f"glavnoe: {where}, line ")
    assert complaint in ended.complaint
    assert len(ended.complaint) < 300


@pytest.mark.parametrize("command", TOOLS)
@pytest.mark.parametrize(
    "record",
    [
        {"id": 1, "title": ""},
        {"id": "", "title": "а" * 1_000_000},
        {"id": -(2**63), "title": "a", "text": None, "lead": None, "views": None, "published": None, "language": "xx"},
        {"id": 1, "title": "a", "url": "http://["},
        {"id": 1, "title": "a", "url": "://///", "published": "9999-12-31T23:59:59Z", "views": 2**63},
        {"id": 1, "title": "a", "text": "<b>" * 20_000, "published": "0001-01-01"},
        {"id": 1, "title": "a", "text": "\u202e\u0000\u200b" * 1_000, "language": "en"},
        {"id": 1, "title": "a", "unknown": [1, {"x": None}]},
    ],
)
def test_an_odd_but_valid_record_is_worked_on(
    run: Command, command: tuple[str, ...], record: dict[str, object]
) -> None:
    write(record, record)
    ended = run(*command, given=[record, record])
    assert (ended.code, ended.err) == (0, "")
    assert all(entry.get("id", entry.get("story")) == record["id"] for entry in ended.lines)


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (("classify", "--query", "(сирия"), "--query: "),
        (("classify", "--query", ""), "--query: "),
        (("classify", "--query", "-футбол"), "--query: "),
        (("classify", "--query", "цвет:красный"), "--query: "),
        (("replay", "in.jsonl", "--follow", "(кошки"), "--follow '(кошки': "),
        (("classify", "nowhere.jsonl"), "nowhere.jsonl: No such file"),
        (("group", "."), ".: Is a directory"),
        (("run", "--roles", "dance"), "--roles dance: one or more of collect, deliver, converse"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(run: Command, command: tuple[str, ...], complaint: str) -> None:
    write(SYRIA)
    ended = run(*command, given=[SYRIA])
    assert (ended.code, ended.out) == (2, "")
    assert ended.complaint.startswith(f"glavnoe: {complaint}")


@pytest.mark.parametrize("command", [("dance",), ("classify", "--language", "de"), ("replay", "in.jsonl"), ("read",)])
def test_an_unknown_command_or_option_is_exit_code_2(run: Command, command: tuple[str, ...]) -> None:
    ended = run(*command)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
