"""No text and no query, however made, takes more than 50 ms to read, to label or to match."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import topics
from bot.errors import QueryError
from bot.language import Document, analyse
from bot.language.lemmas import forget, readings
from bot.model import Article
from tests.fuzz.material import NOW
from tests.fuzz.profile import fuzzed

SECONDS: Final = 0.05
"""Of the thread's own CPU."""
LENGTH: Final = 100_000
"""Characters: the longest body that parsing lets through."""
LOOKED_UP: Final = 3_100
"""Words of title, lead and body that the dictionary is asked for at most, 1,000 each and a last one of many parts."""
IDS: Final = {slug: number for number, slug in enumerate(topics.BUILT_IN, start=1)}
LETTERS: Final = "абвгдежзиклмнопрстуфхцчшщэюя"


def made_up(letters: str, length: int, count: int, between: str = " ") -> str:
    """Words of no language, every one another."""
    random = Random(length * count)  # noqa: S311 - letters, not secrets
    return between.join("".join(random.choices(letters, k=length)) for _ in range(count))


PIECES: Final = {
    "one letter": "а",
    "one word": "слово ",
    "made-up words": made_up(LETTERS, 7, 14_000),
    "made-up names": made_up(LETTERS, 7, 14_000).title(),
    "made-up Ukrainian": made_up("абвгдежзиїєґіклмн", 7, 14_000),
    "made-up English": made_up("abcdefghijklmnop", 7, 14_000),
    "made-up words of many letters": made_up(LETTERS, 58, 1_700),
    "a chain of hyphens": made_up(LETTERS, 4, 20_000, "-"),
    "hyphens": made_up(LETTERS, 12, 7_000).replace("ж", "-а"),
    "names of topics": "Сирия Дамаск Асад Алеппо Идлиб ",
    "names in a chain": "аль-Асад-ан-Нусра-",
    "particles": "аль бен фон дер ",
    "particles in a chain": "аль-" * 9 + " ",
    "open quotes": "«",
    "quotes": '"а" ',
    "parentheses": "((()",
    "stops": ". ",
    "initials": "А. Б. В. ",
    "legal marks": "«Имя» (запрещена в РФ – прим. Труд) ",
    "asterisks": "* а ",
    "beginnings of marks": "признан в России запрещена данный материал создан ",
    "combining marks": "е\u0301\u0308",
    "emoji": "👨‍👩‍👧‍👦🇷🇺",
    "mixed scripts": "сирiя cиpия ",
    "what is not seen": "а\u200bб\u00adв ",
    "apostrophes": "д'а'б’в'",
    "numbers": "1,1,1.1 ",
    "line ends": "\n",
}
QUERIES: Final = {
    "nested": "(" * 95 + "женева" + ")" * 95,
    "alternatives": " | ".join(["женева переговоры"] * 10),
    "a phrase": '"' + " ".join(["женева"] * 20) + '"',
    "a phrase of little words": '"' + "в " * 19 + 'женеве"',
    "a phrase of particles": '"' + "аль " * 19 + 'асад"',
    "made-up words": made_up(LETTERS, 9, 20),
    "a long word": "я" * 200,
    "fields": "title:" * 30 + "женева",
    "hyphens": "ан-нусра-" * 20,
    "deep": "(женева | (вена | (париж | (рим -нусра)))) " * 4,
    "parentheses alone": "(" * topics.MAX_LENGTH,
    "signs alone": "=" * topics.MAX_LENGTH,
    "minuses": "-" * 100 + "а",
    "quotes": '"' * topics.MAX_LENGTH,
    "nested quotes": "«" * 100 + "а" + "»" * 99,
    "combining marks": "е\u0301" * 100,
    "emoji": "👨‍👩‍👧‍👦" * 28,
}

signs = st.sampled_from([*"()|-=\"«»“”:'’‑—*", "OR ", "ИЛИ ", "title:", " -", " ", "аль-", "бен ", "\u0301", "🇷🇺"])
words = st.sampled_from(
    [*"аїz1", "женева", "Ына", "экс-премьер", "ан-Нусра", "С-300", "3-й", "O'Brien", "МИДа", "сирiя"]
)
chains = st.tuples(signs | words, st.integers(1, 60)).map(lambda piece: piece[0] * piece[1])
strings = st.lists(chains | st.text(max_size=8), max_size=12).map("".join)


def longest(text: str) -> str:
    return (text * (LENGTH // max(len(text), 1) + 1))[:LENGTH] if text else ""


def article(text: str) -> Article:
    return Article(
        source_id=1, key="1", url="https://a.b/1", title=text[:500], lead=text[:2_000], text=text, published_at=NOW,
        seen_at=NOW,
    )  # fmt: skip


def is_quick(step: Callable[[], object]) -> bool:
    """Whether it takes no longer; only a slow one is tried again, twice, as neighbours on the machine slow it too."""
    for _ in range(3):
        begun = time.thread_time()
        step()
        if time.thread_time() - begun <= SECONDS:
            return True
    return False


def matcher_of(*queries: str) -> topics.Matcher:
    matcher = topics.Matcher()
    for number, query in enumerate(queries, start=1):
        try:
            matcher.add(number, topics.parse(query))
        except QueryError:
            continue
    return matcher


def assert_quick(read: Article, matcher: topics.Matcher) -> None:
    assert is_quick(lambda: analyse(replace(read, title="", lead="")))
    document = analyse(read)
    assert is_quick(lambda: topics.label(document, IDS))
    assert is_quick(lambda: matcher.label(document))


@pytest.fixture(scope="module")
def usual() -> topics.Matcher:
    return matcher_of("сирия дамаск", '"слово слово"', "аль-асад | -а title:срочно", "=Имя", '"башар асад" | "де а"')


@pytest.mark.parametrize("text", PIECES.values(), ids=PIECES.keys())
def test_no_text_takes_long(text: str, usual: topics.Matcher) -> None:
    assert_quick(article(longest(text)), usual)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_no_query_takes_long_on_any_text(query: str) -> None:
    assert is_quick(lambda: _read(query))
    matcher = matcher_of(query)
    for document in _documents():
        assert is_quick(lambda document=document: matcher.label(document))


@pytest.mark.parametrize("text", PIECES.values(), ids=PIECES.keys())
def test_no_text_asks_the_dictionary_for_more_than_a_long_article_does(text: str) -> None:
    forget()
    analyse(article(longest(text)))
    assert readings.cache_info().misses <= LOOKED_UP


@fuzzed(60)
@given(text=strings, queries=st.lists(strings, max_size=4))
def test_nothing_made_of_nasty_pieces_takes_long(text: str, queries: list[str]) -> None:
    for query in queries:
        assert is_quick(lambda query=query: _read(query[: topics.MAX_LENGTH]))
    assert_quick(article(longest(text)), matcher_of(*queries, text[: topics.MAX_LENGTH]))


def _read(query: str) -> None:
    try:
        parsed = topics.parse(query)
    except QueryError:
        return
    assert str(parsed)
    assert parsed.digest


def _documents() -> list[Document]:
    return [analyse(article(longest(text))) for text in ("переговоры в женеве ", "ан-нусра ", "аль Асад ", "слово1 ")]
