"""The query language: what is understood, how it is printed, what is refused and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.topics import MAX_LENGTH, parse

ALPHABET = "аб ёЁЯ\"«»“”„()|-–—=:.,!1 Or ИЛИ title раздел:сирия'’\u0301\n"


@pytest.mark.parametrize(
    ("query", "normal"),
    [
        ("Женева Переговоры", "женева переговоры"),
        ("  женева \n переговоры ", "женева переговоры"),
        ('"переговоры в Женеве"', '"переговоры в женеве"'),
        ("«переговоры в Женеве»", '"переговоры в женеве"'),
        ("“переговоры в Женеве”", '"переговоры в женеве"'),
        ("„переговоры в Женеве“", '"переговоры в женеве"'),
        ("«Сирия»", "сирия"),
        ("«а «б в» г»", '"а б в г"'),
        ("Ёлка ёж", "елка еж"),
        ("сирия|дамаск", "сирия | дамаск"),
        ("сирия OR дамаск", "сирия | дамаск"),
        ("сирия ИЛИ дамаск | алеппо", "сирия | дамаск | алеппо"),
        ("сирия или дамаск", "сирия или дамаск"),
        ("сирия -футбол", "сирия -футбол"),
        ("сирия –футбол", "сирия -футбол"),
        ('сирия -"чемпионат мира"', 'сирия -"чемпионат мира"'),
        ("сирия -(футбол | хоккей)", "сирия -(футбол | хоккей)"),
        ("=Труд", "=Труд"),
        ('="Новая газета"', '="Новая газета"'),
        ("title:женева", "title:женева"),
        ("Заголовок: Женева", "title:женева"),
        ("раздел:политика источник:труд автор:шевцов", "section:политика source:труд author:шевцов"),
        ("рубрика:политика", "section:политика"),
        ("source:=Труд", "source:=Труд"),
        ("сирия -title:футбол", "сирия -title:футбол"),
        ("title:(сирия | ирак) нефть", "title:(сирия | ирак) нефть"),
        ("(сирия | ирак) нефть", "(сирия | ирак) нефть"),
        ("сирия | ирак нефть", "сирия | ирак нефть"),
        ("((сирия))", "сирия"),
        ("(сирия ирак) нефть", "сирия ирак нефть"),
        ("=Ёлка", "=Елка"),
        ("=МИД’ом", "=МИД'ом"),
        ("цены на нефть", "цены на нефть"),
        ('="Что? Где? Когда?"', '="Что Где Когда"'),
        ("джебхат ан‑нусра", "джебхат ан-нусра"),
        ("сирия сирия", "сирия"),
        ("Россия — США", "россия сша"),
        ("сирия, дамаск!", "сирия дамаск"),
        ("США/Китай", '"сша китай"'),
        ("17:40", '"17 40"'),
        ("https://a.b/c", '"https a b c"'),
        ("санкт-петербург", "санкт-петербург"),
        ("O’Brien", "o'brien"),
        ("3-й covid-19", "3-й covid-19"),
    ],
)
def test_a_query_is_printed_in_its_normal_form(query: str, normal: str) -> None:
    assert str(parse(query)) == normal
    assert parse(normal) == parse(query)


@pytest.mark.parametrize(
    ("query", "kind", "position"),
    [
        ("", "empty", 0),
        ("  \n", "empty", 0),
        ("!!! …", "empty", 0),
        ("сирия ()", "empty", 6),
        ('сирия ""', "empty", 6),
        ("сирия «", "unclosed_quote", 6),
        ('"сирия', "unclosed_quote", 0),
        ("(сирия", "unclosed_parenthesis", 0),
        ("а (б", "unclosed_parenthesis", 2),
        ("(", "unclosed_parenthesis", 0),
        ("сирия)", "unopened_parenthesis", 5),
        (")", "unopened_parenthesis", 0),
        ("сирия |", "dangling_operator", 6),
        ("| сирия", "dangling_operator", 0),
        ("сирия || дамаск", "dangling_operator", 6),
        ("сирия ИЛИ", "dangling_operator", 6),
        ("(сирия |) б", "dangling_operator", 7),
        ("сирия -", "dangling_operator", 6),
        ("сирия - россия", "dangling_operator", 6),
        ("title:", "dangling_operator", 0),
        ("сирия title:", "dangling_operator", 6),
        ("-футбол", "only_exclusions", 0),
        ('-а -"б в"', "only_exclusions", 0),
        ("сирия | -футбол", "only_exclusions", 0),
        ("и в на", "empty", 0),
        ("который это", "empty", 0),
        ('"и в"', "empty", 0),
        ("из-за", "empty", 0),
        ("The and", "empty", 0),
        ("що це", "empty", 0),
        ("=И", "empty", 0),
        ("сирия | в", "empty", 0),
        ("в -сирия", "empty", 0),
        ("title:(в на)", "empty", 0),
        ("title:(-а)", "only_exclusions", 0),
        ("сирия тема:мир", "unknown_field", 6),
        ("а" * (MAX_LENGTH + 1), "too_long", MAX_LENGTH),
        (" ".join(f"сл{n}" for n in range(21)), "too_many_words", 0),
        ('"' + "а б " * 11 + '"', "too_many_words", 0),
    ],
)
def test_a_misspelt_query_is_told_where_and_what(query: str, kind: str, position: int) -> None:
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert (refused.value.kind, refused.value.position) == (kind, position)


def test_an_error_carries_what_its_sentence_needs() -> None:
    with pytest.raises(QueryError) as refused:
        parse("тема:мир")
    assert refused.value.values == {"field": "тема", "fields": "title, section, source, author"}


def test_a_query_says_the_same_after_printing_however_deep_it_is() -> None:
    deep = "(" * 95 + "нефть" + ")" * 95
    assert str(parse(deep)) == "нефть"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("женева переговоры", "Переговоры  ЖЕНЕВА"),
        ("сирии бои", "бои Сирия"),
        ("сирия | ирак", "ирак ИЛИ сирия"),
        ("сирия OR ирак", "Ирак|Сирия"),
        ("елка -футбол -хоккей", "ёлка -хоккей -футбол"),
        ("«переговоры в Женеве»", '"переговоры в женеве"'),
        ("раздел:политика сирия", "сирия section:Политика"),
        ("(сирия | ирак) (нефть | газ)", "(газ | нефть) (ирак | сирия)"),
    ],
)
def test_queries_that_ask_the_same_have_one_key(one: str, other: str) -> None:
    assert parse(one).key == parse(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("сирия ирак", "сирия | ирак"),
        ("сирия ирак", '"сирия ирак"'),
        ('"сирия ирак"', '"ирак сирия"'),
        ("труд", "=Труд"),
        ("=труд", "=Труд"),
        ("сирия", "title:сирия"),
        ("сирия ирак", "сирия -ирак"),
        ("(сирия | ирак) нефть", "сирия | ирак нефть"),
    ],
)
def test_queries_that_ask_for_something_else_have_another(one: str, other: str) -> None:
    assert parse(one).key != parse(other).key


@given(st.text(alphabet=ALPHABET, max_size=80) | st.text(max_size=40))
def test_parse_print_parse_is_stable_and_nothing_else_is_raised(text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    assert parse(str(query)) == query
    assert str(parse(str(query))) == str(query)
