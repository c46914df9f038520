"""Own-word topics: which articles a query matches, whatever else is in the matcher."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.language import Document
from bot.model import Reason
from bot.topics import Matcher, parse

TITLE = "Россия готова преодолевать кризис в Алеппо вместе с США"
LEAD = "Глава МИДа рассказал о переговорах"
BODY = "Лавров отметил, что встреча в Женеве прошла. Газета Труд пишет о ёлках и труде шахтёров. Экс-премьер ушёл."


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("алеппо", True),
        ("АЛЕППО", True),
        ("женева", True),
        ("женеву переговоры", True),
        ("переговоры женева", True),
        ("женева сирия", False),
        ("россия", True),
        ("россии", True),
        ("елка", True),
        ("ёлку", True),
        ("мид", True),
        ("МИДом", True),
        ("сша", True),
        ("шахтер", True),
        ("шахта", False),
        ("посол", False),
        ('"встреча в Женеве"', True),
        ('"встречи в женеву"', True),
        ('"встреча Женеве"', False),
        ('"в Женеве встреча"', False),
        ('"глава мид рассказала"', True),
        ('"США глава"', False),
        ("сирия | алеппо", True),
        ("сирия | дамаск", False),
        ("(сирия | алеппо) кризис", True),
        ("(сирия | алеппо) футбол", False),
        ("алеппо -футбол", True),
        ("алеппо -женева", False),
        ('алеппо -"кризис в алеппо"', False),
        ('алеппо -"кризис в женеве"', True),
        ("алеппо -(футбол | лавров)", False),
        ("алеппо -title:женева", True),
        ("=Труд", True),
        ("=труд", False),
        ("=труде", True),
        ("труд", True),
        ("=Елках", False),
        ("=елках", True),
        ('="Газета Труд"', True),
        ('="газета Труд"', False),
        ("title:алеппо", True),
        ("title:женева", False),
        ("title:(алеппо кризис)", True),
        ("title:(алеппо женева)", False),
        ('title:"кризис в алеппо"', True),
        ("section:политика", True),
        ("section:спорт", False),
        ("алеппо -section:политика", False),
        ("author:шевцов", True),
        ("author:шевцова", True),
        ("source:труд", True),
        ("source:=Труд", True),
        ("source:ведомости", False),
        ("политика", False),
        ("экс-премьер", True),
        ("экс-премьера", True),
        ("премьер", True),
        ("вице-премьер", False),
    ],
)
def test_a_query_matches_words_in_any_form_where_it_asks_for_them(
    query: str, matches: bool, document: Callable[..., Document]
) -> None:
    matcher = Matcher()
    matcher.add(7, parse(query))
    article = document(TITLE, BODY, lead=LEAD, section="Политика", author="Олег Шевцов", source="Труд")
    assert [one.topic_id for one in matcher.label(article)] == ([7] if matches else [])


@pytest.mark.parametrize(
    ("query", "matches"),
    [("syria talk", True), ("syrian", False), ('"peace talks"', True), ("talkative", False), ("Syria -football", True)],
)
def test_english_texts_match_too(query: str, matches: bool, document: Callable[..., Document]) -> None:
    matcher = Matcher()
    matcher.add(1, parse(query))
    assert bool(matcher.label(document("Peace talks on Syria's future", language="en"))) is matches


def test_ukrainian_texts_match_too(document: Callable[..., Document]) -> None:
    matcher = Matcher()
    matcher.add(1, parse("переговорів україна"))
    assert matcher.label(document("Україні потрібні переговори", language="uk"))
    assert not matcher.label(document("Україні потрібні вибори", language="uk"))


def test_the_evidence_shows_the_words_as_they_stand(document: Callable[..., Document]) -> None:
    matcher = Matcher()
    matcher.add(3, parse('сирия | "кризис в алеппо" россия'))
    (evidence,) = matcher.label(document(TITLE))
    assert evidence.because == (Reason("topic_words", {"words": "кризис в Алеппо, Россия"}),)


def test_a_topic_matches_from_the_moment_it_is_added_until_it_is_removed(document: Callable[..., Document]) -> None:
    matcher, article = Matcher(), document(TITLE)
    assert matcher.label(article) == ()
    matcher.add(1, parse("алеппо"))
    assert 1 in matcher
    assert matcher.label(article)
    matcher.add(1, parse("сирия"))
    assert matcher.label(article) == ()
    matcher.remove(1)
    matcher.remove(1)
    assert 1 not in matcher
    assert len(matcher) == 0


WORDS = [
    "сирия",
    "алеппо",
    "в",
    "переговоры",
    "женева",
    "кризис",
    "россия",
    "и",
    "=Россия",
    "-футбол",
    '"кризис в алеппо"',
    "сша | мид",
]
queries = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


def _added(pairs: list[tuple[int, str]]) -> Matcher:
    matcher = Matcher()
    for topic_id, text in pairs:
        try:
            matcher.add(topic_id, parse(text))
        except QueryError:
            continue
    return matcher


@settings(max_examples=60)
@given(texts=st.lists(queries, max_size=8), random=st.randoms(use_true_random=False))
def test_matching_does_not_depend_on_the_order_of_adding(
    texts: list[str], random: object, document: Callable[..., Document]
) -> None:
    pairs = list(enumerate(texts))
    shuffled = pairs[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    article = document(TITLE, BODY, lead=LEAD)
    assert _added(pairs).label(article) == _added(shuffled).label(article)


@settings(max_examples=60)
@given(kept=st.lists(queries, max_size=6), removed=st.lists(queries, max_size=6), read=st.integers(0, 9))
def test_a_removed_query_leaves_no_trace(
    kept: list[str], removed: list[str], read: int, document: Callable[..., Document]
) -> None:
    article = document(TITLE, BODY, lead=LEAD)
    matcher, never = _added([*enumerate(kept), *enumerate(removed, start=100)]), _added(list(enumerate(kept)))
    for one in (matcher, never):
        for _ in range(read):
            one.label(article)
    for topic_id in range(100, 100 + len(removed)):
        matcher.remove(topic_id)
    assert vars(matcher) == vars(never)


def test_a_common_word_is_no_longer_waited_for_once_articles_have_shown_it(document: Callable[..., Document]) -> None:
    """Counted in the queries that wait for it: each of them would be looked at in vain."""
    matcher = Matcher()
    for topic_id in range(300):
        matcher.add(topic_id, parse(f"кризис слово{topic_id}"))
    article = document(TITLE)
    for _ in range(8):
        matcher.label(article)
    waiting = vars(matcher)["_index"].get("кризис", ())
    assert len(waiting) == 0


def test_what_is_learnt_from_articles_stays_small_and_loses_no_match(document: Callable[..., Document]) -> None:
    matcher = Matcher()
    matcher.add(1, parse("слово7 слово8"))
    matcher.add(2, parse('"слово9 слово10"'))
    for start in range(0, 24_000, 3_000):
        matcher.label(document(text=" ".join(f"иное{number}" for number in range(start, start + 3_000))))
        found = matcher.label(document(text="слово7 слово8 слово9 слово10"))
        assert [one.topic_id for one in found] == [1, 2]
    assert len(vars(matcher)["_seen"]) <= 20_000


def test_a_long_phrase_is_found_in_a_monstrous_text(document: Callable[..., Document]) -> None:
    matcher = Matcher()
    matcher.add(1, parse('"' + "сирия " * 20 + '"'))
    assert matcher.label(document(text="сирия " * 6000))
    assert not matcher.label(document(text="сирия алеппо " * 6000))


@given(text=st.text(max_size=80), query=st.text(max_size=40))
def test_no_text_and_no_query_breaks_the_matcher(text: str, query: str, document: Callable[..., Document]) -> None:
    try:
        parsed = parse(query)
    except QueryError:
        return
    matcher = Matcher()
    matcher.add(1, parsed)
    matcher.label(document(text, text))
