"""The sieve: what a query matches always passes, and little else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.language import analyse
from bot.model import Article
from bot.topics import Matcher, Sieve, parse
from tests.unit.topics.test_query_cases import FINDS, TEXTS, cases

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
WORDS = """
Сирии сирийская Алеппо алепо Ассад асада Аль-Каиды алькаида ан-Нусра Башшар МИДа ООН вела пошёл лучше хороший ёлки Ёлка
ног ніг нога людей человек went go best good ate 2,5 24-й 3G Маріуполі вибори виборів экс-президента президент войну
воен Президент-отель о'коннор Об’єднання
"""


def article(title: str, **fields: str) -> Article:
    return Article(source_id=1, key="1", url="", title=title, published_at=NOON, seen_at=NOON, **fields)


def matches(query: str, of: Article) -> bool:
    matcher = Matcher()
    matcher.add(1, parse(query))
    return bool(matcher.label(analyse(of, "Труд")))


words = st.sampled_from(WORDS.split())


@given(asked=st.lists(words, min_size=1, max_size=3), said=st.lists(words))
def test_what_matches_passes(asked: list[str], said: list[str]) -> None:
    for query in (" ".join(asked), " | ".join(asked), f'"{" ".join(asked)}"', f"{asked[0]} -{asked[-1]}"):
        try:
            sieve = Sieve(parse(query))
        except QueryError:  # stop words alone
            continue
        of = article(said[0] if said else "", lead=" ".join(said[1:3]), text=", ".join(said[3:]))
        assert sieve.lets_through(of, "Труд") or not matches(query, of)


@pytest.mark.parametrize(("name", "query"), cases(FINDS))
def test_what_people_find_passes(name: str, query: str) -> None:
    title, text, _language = TEXTS[name]
    of = article(title, text=text, section="Политика", author="Олег Шевцов")
    assert Sieve(parse(query)).lets_through(of, "Труд")


@pytest.mark.parametrize("query", ["section:политика", "author:суслова", "source:труд", "раздел:политика год"])
def test_names_are_looked_at_too(query: str) -> None:
    of = article("Итоги года", section="Внешняя политика", author="Ирина Суслова")
    assert Sieve(parse(query)).lets_through(of, "Труд")
    assert not Sieve(parse(query)).lets_through(article("Погода"))


@pytest.mark.parametrize("query", ["женева переговоры", '"вена женева"', "Сирия", "title:дамаск"])
def test_other_news_do_not_pass(query: str) -> None:
    assert not Sieve(parse(query)).lets_through(article("В Женеве сыграли в футбол", text="Сири, переведи: сирота"))
