"""A story of several articles: told by the best of them, with one line of what another one adds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Article
from bot.summaries import Member, tell

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAM = "Плотина на реке Елшанке прорвана утром в понедельник, вода подтопила дома в Саратове."
MORE = " Спасатели укрепляют берег мешками с песком, движение по мосту закрыто до вечера." * 5


def member(
    text: str, source: str = "Труд", *, title: str = "Прорыв плотины", minutes: int = 0, authority: float = 0.5
) -> Member:
    at = NOON + timedelta(minutes=minutes)
    article = Article(source_id=1, key=source, url="", title=title, text=text, published_at=at, seen_at=at)
    return Member(article, source, authority)


def test_an_only_article_tells_its_story() -> None:
    only = member(DAM)
    told = tell([only])
    assert (told.headline, told.summary, told.details) == (only, DAM, None)


@pytest.mark.parametrize(
    "better",
    [
        member(DAM + MORE, "Волга"),
        member(DAM, "Волга", authority=0.9),
        member(DAM, "Волга", minutes=90),
    ],
)
def test_the_fullest_the_most_authoritative_and_the_latest_tells_it(better: Member) -> None:
    first = member(DAM)
    assert tell([first, better]).headline is better
    assert tell([better, first]).headline is better


def test_of_equal_articles_the_first_tells_it() -> None:
    first, second = member(DAM), member(DAM, "Волга")
    assert tell([first, second]).headline is first


def test_an_article_without_a_headline_or_with_nothing_to_tell_does_so_only_alone() -> None:
    titled = member(DAM)
    assert tell([titled, member(DAM + MORE, "Волга", title="", authority=1.0)]).headline is titled
    assert tell([titled, member("", "Волга", authority=1.0, minutes=60)]).headline is titled


def test_a_headline_that_must_stay_stays() -> None:
    first, better = member(DAM), member(DAM + MORE, "Волга", authority=1.0)
    assert tell([first, better], first).headline is first


@pytest.mark.parametrize(
    "fact",
    [
        "Вода подтопила 46 домов в Саратове, плотина разрушена.",
        "Плотина стояла в Саратове без ремонта, сообщил инженер Кузнецов.",
    ],
)
def test_a_number_or_a_name_of_another_article_is_told_with_its_sentence_and_source(fact: str) -> None:
    first, other = member(DAM + MORE), member(f"{DAM} {fact}", "Волга")
    details = tell([first, other]).details
    assert details is not None
    assert (details.text, details.member) == (fact.removesuffix("."), other)


@pytest.mark.parametrize(
    "sentence",
    [
        "Вода подтопила дома и сараи в Саратове, плотина разрушена.",  # nothing new
        "Плотина в Саратове прорвана 23 ноября около 8 часов утра.",  # a date
        "Плотина на Елшанке стоит в Саратове с 1974 года.",  # a year
        "Плотина в Саратове прорвана, передает корреспондент ТАСС.",  # who reports
        "Напомним, плотину в Саратове ремонтировали 12 лет.",  # background
        "Он насчитал в Саратове 46 домов у плотины.",  # leans on what isn't told
        "Плотина в Саратове прорвана, подтоплено 46 домов" + " и сараев" * 20 + ".",  # too long
        "Курс доллара на Московской бирже вырос до 90 рублей.",  # about something else
        "Телефон спасателей Саратова у плотины: 8 800 555 35 35.",
        "Подписывайтесь на канал о плотине в Саратове, нас уже 5000.",
    ],
)
def test_what_adds_no_fact_or_cannot_stand_alone_is_not_told(sentence: str) -> None:
    assert tell([member(DAM + MORE), member(f"{DAM} {MORE} Ранее было так. {sentence}", "Волга")]).details is None


def test_a_number_is_known_however_it_is_written() -> None:
    first = member(f"{DAM} Погибли пять человек в Саратове.{MORE}")
    assert tell([first, member("При прорыве плотины в Саратове погибли 5 человек.", "Волга")]).details is None


def test_the_same_source_adds_no_details() -> None:
    first, again = member(DAM + MORE), member("Вода подтопила 46 домов в Саратове, плотина разрушена.")
    assert tell([first, again]).details is None


def test_of_several_facts_the_most_authoritative_sources_is_told() -> None:
    one = member("Вода подтопила 46 домов в Саратове, плотина разрушена.", "Волга", authority=0.3)
    other = member("Вода подтопила 48 домов в Саратове, плотина разрушена.", "Дон", authority=0.4)
    details = tell([member(DAM + MORE, authority=0.5), one, other]).details
    assert details is not None
    assert details.member is other


texts = st.lists(
    st.sampled_from(
        [DAM, MORE, "Вода подтопила 46 домов в Саратове.", "«", "Он ушел.", "\n", "Фото: ТАСС", "5", "Иван"]
    ),
    max_size=8,
).map(" ".join)


@given(
    st.lists(st.tuples(texts, st.sampled_from("абв"), st.text(max_size=20), st.floats(0, 1)), min_size=1, max_size=4)
)
def test_whatever_the_articles_are_somebody_tells_it_in_short(given: list[tuple[str, str, str, float]]) -> None:
    members = [member(text, source, title=title, authority=authority) for text, source, title, authority in given]
    told = tell(members)
    assert told.headline in members
    assert len(told.summary) <= 400
    if told.details:
        assert told.details.member.source != told.headline.source
        assert len(told.details.text) + len(told.details.member.source) <= 120
