"""Better queries than the one asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.language import Document
from bot.topics import parse
from bot.topics.spelling import misspelling
from bot.topics.suggest import narrow, suggest

ARCHIVE = {
    "алеппо": 40, "сирия": 90, "серия": 12, "переговоры": 70, "лавров": 60, "путин": 80, "путь": 30, "зеленский": 50,
    "россия": 200, "дамаск": 20, "женева": 25, "трамп": 90, "трамвай": 3, "ирак": 15, "geneva": 4, "syria": 9,
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "likeliest"),
    [
        ("Алепо", "алеппо"),
        ("аллепо", "алеппо"),
        ("сирея", "сирия"),
        ("лавпов", "лавров"),
        ("зеленсий", "зеленский"),
        ("дамакс", "дамаск"),
        ("путн", "путин"),
        ("россея", "россия"),
        ("трап", "трамп"),
        ("cbhbz", "сирия"),
        ("сирея переговры", "сирия переговоры"),
        ('"переговры в женеве"', '"переговоры в женеве"'),
        ("алепо -футбол", "алеппо -футбол"),
        ("title:алепо", "title:алеппо"),
        ("алепо | дамаск", "алеппо | дамаск"),
        ("genva", "geneva"),
        ("sirya", "syria"),
    ],
)
def test_an_unknown_word_is_spelt_as_the_archive_spells_it(query: str, likeliest: str) -> None:
    assert str(suggest(parse(query), ARCHIVE)[0]) == likeliest


@pytest.mark.parametrize("query", ["алеппо", "Сирии", "qwxzjk", "=Алепо", "сирия -алепо", "author:лавпов", "абвгдежз"])
def test_nothing_is_suggested_for_known_and_hopeless_words(query: str) -> None:
    assert suggest(parse(query), ARCHIVE) == ()


def test_the_more_frequent_of_equals_comes_first() -> None:
    found = [str(one) for one in suggest(parse("бомот"), {"бомон": 5, "бомол": 9})]
    assert found == ["бомол", "бомон"]


def test_a_slip_is_cheaper_than_another_letter() -> None:
    assert misspelling("алепо", "алеппо") == 0.5
    assert misspelling("дамакс", "дамаск") == 0.5
    assert misspelling("ирак", "иран") == 1
    assert misspelling("сирия", "япония") is None


def test_a_broad_query_is_narrowed_by_words_of_what_it_finds(document: Callable[..., Document]) -> None:
    titles = [
        "Россия и Турция спорят о нефти", "Турция и Россия обсудили нефть", "В Турции ждут нефть из России",
        "Россия победила в хоккее", "Россия готовит хоккейную сборную", "Россия ждёт урожай", "Хоккей: Россия в финале",
        "Турция закрыла аэропорт", "Италия голосует", "Япония голосует",
    ]  # fmt: skip
    documents = [document(title) for title in titles]
    found = [str(one) for one in narrow(parse("россия"), documents)]
    assert found == ["россия нефть", "россия турция", "россия хоккей"]
    assert str(narrow(parse("россия | япония"), documents)[0]) == "(россия | япония) нефть"


def test_there_is_no_narrowing_of_nothing(document: Callable[..., Document]) -> None:
    assert narrow(parse("россия"), []) == ()
    assert narrow(parse("россия"), [document("Италия голосует")]) == ()


@given(st.text(max_size=40), st.dictionaries(st.text(min_size=1, max_size=12), st.integers(1, 99), max_size=8))
def test_no_query_and_no_archive_breaks_it(text: str, archive: dict[str, int]) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    for one in suggest(query, archive):
        assert parse(str(one)) == one
