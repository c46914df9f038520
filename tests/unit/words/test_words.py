"""Reasons, topics, numbers and times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.model import Level, Reason, Topic
from bot.words import LANGUAGES, QUERY_ERRORS, REASONS, words

RU, EN = words("ru"), words("en")
EVERY_VALUE = {
    "count": 3,
    "minutes": 40,
    "hours": 7,
    "place": 1,
    "words": "Алеппо",
    "text": "Bad Request",
    "seconds": 5,
    "until": "08:00",
}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_the_code_has_a_sentence(language: str, reason_kinds: set[str]) -> None:
    assert reason_kinds >= {"owners", "topic_title", "topic_words", "paused", "late", "answer_lost"}
    for kind in reason_kinds:
        assert kind in REASONS, kind
        said = words(language).reason(Reason(kind, EVERY_VALUE))
        assert said != kind
        assert "{" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REASONS)
def test_every_sentence_can_be_said(language: str, kind: str) -> None:
    said = words(language).reason(Reason(kind, EVERY_VALUE))
    assert said != kind
    assert not said.endswith(".")
    assert not said[0].islower()


def test_reasons_read_well_in_russian() -> None:
    assert plain(RU.reason(Reason("owners", {"count": 3, "minutes": 21}))) == "За 21 минуту об этом написали 3 редакции"
    assert plain(RU.reason(Reason("owners", {"count": 5, "minutes": 130}))) == "За 2 часа об этом написали 5 редакций"
    assert plain(RU.reason(Reason("views_per_hour", {"count": 1201.0}))) == "1 201 просмотр в час"
    assert plain(RU.reason(Reason("front_page", {"place": 1}))) == "На главной странице источника — 1‑е место"
    assert plain(RU.reason(Reason("topic_title", {"words": "Сирия, Алеппо"}))) == "В заголовке: Сирия, Алеппо"
    assert plain(RU.reason(Reason("stale", {"hours": 7}))) == "Отправить не удавалось 7 часов, и новость устарела"


@pytest.mark.parametrize(
    ("count", "owners", "later", "views"),
    [
        (1, "За 1 минуту об этом написала 1 редакция", "Тему продолжила ещё 1 публикация", "1 просмотр в час"),
        (2, "За 2 минуты об этом написали 2 редакции", "Тему продолжили ещё 2 публикации", "2 просмотра в час"),
        (5, "За 5 минут об этом написали 5 редакций", "Тему продолжили ещё 5 публикаций", "5 просмотров в час"),
        (11, "За 11 минут об этом написали 11 редакций", "Тему продолжили ещё 11 публикаций", "11 просмотров в час"),
        (21, "За 21 минуту об этом написала 21 редакция", "Тему продолжила ещё 21 публикация", "21 просмотр в час"),
        (111, "За 2 часа об этом написали 111 редакций", "Тему продолжили ещё 111 публикаций", "111 просмотров в час"),
    ],
)
def test_reasons_of_importance_agree_with_their_numbers(count: int, owners: str, later: str, views: str) -> None:
    assert plain(RU.reason(Reason("owners", {"count": count, "minutes": count}))) == owners
    assert plain(RU.reason(Reason("follow_ups", {"count": count}))) == later
    assert plain(RU.reason(Reason("views_per_hour", {"count": count}))) == views
    english = EN.reason(Reason("follow_ups", {"count": count}))
    assert english == (f"{count} later article continues it" if count == 1 else f"{count} later articles continue it")


def test_an_unknown_reason_falls_back_to_its_kind() -> None:
    assert RU.reason(Reason("of_a_later_version", {"count": 1})) == "of_a_later_version"


@pytest.mark.parametrize("values", [{}, {"count": "many", "minutes": 3}, {"count": 3}, {"count": float("nan")}])
def test_a_reason_without_its_values_falls_back_to_its_kind(values: dict[str, str | int | float]) -> None:
    assert RU.reason(Reason("owners", values)) == "owners"


def test_values_are_never_taken_for_fields() -> None:
    assert EN.reason(Reason("topic_title", {"words": "{count} {0} {"})) == "In the headline: {count} {0} {"


@given(
    st.sampled_from([*REASONS, "unknown"]), st.dictionaries(st.sampled_from([*EVERY_VALUE]), st.text() | st.floats())
)
def test_no_reason_ever_raises(kind: str, values: dict[str, str | float]) -> None:
    assert RU.reason(Reason(kind, values))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_query_error_of_the_code_has_a_sentence(language: str, query_error_kinds: set[str]) -> None:
    assert query_error_kinds == set(QUERY_ERRORS)
    for kind in query_error_kinds:
        values = {"length": 201, "limit": 200, "count": 21, "quote": "«", "operator": "|", "field": "x", "share": 40}
        said = words(language).query_error(QueryError(kind, 4, **values, fields="title, author"))
        assert "{" not in said
        assert said != words(language).query_error(QueryError("unheard_of", 4))


def test_a_query_error_says_where() -> None:
    assert plain(RU.query_error(QueryError("unclosed_quote", 4, quote="«"))) == "Кавычка « не закрыта (знак 5)"
    assert plain(RU.query_error(QueryError("unclosed_quote", 4))) == "Не могу разобрать запрос (знак 5)"


def test_topics_are_called_by_their_titles_or_their_words() -> None:
    assert RU.topic(Topic(slug="syria")) == "Сирия"
    assert EN.topic(Topic(slug="syria")) == "Syria"
    assert RU.topic(Topic(slug="main")) == "Главное"
    assert EN.topic(Topic(query="женева переговоры")) == "женева переговоры"


@pytest.mark.parametrize(
    ("query", "hashtag"),
    [
        ("женева переговоры", "#женева_переговоры"),
        ('"цены на нефть" | "цены на газ"', "#цены_на_нефть_цены_на_газ"),
        ('футбол -женский -"чемпионат мира"', "#футбол"),
        ("title:женева OR section:политика", "#женева_политика"),
        ("covid-19", "#covid_19"),
        ("2026", ""),
        ("слово " * 40, "#" + "_".join(["слово"] * 10)),
    ],
)
def test_hashtags_hold_letters_digits_and_underscores_only(query: str, hashtag: str) -> None:
    assert RU.hashtag(Topic(query=query)) == hashtag


def test_a_built_in_topic_of_two_words_is_one_hashtag() -> None:
    assert EN.hashtag(Topic(slug="main")) == "#Top_news"


@given(st.text())
def test_every_hashtag_is_one_word(query: str) -> None:
    tag = RU.hashtag(Topic(query=query))
    assert tag == "" or (tag[0] == "#" and tag[1:].replace("_", "a").isalnum())


def test_levels_have_names() -> None:
    assert [EN.level(level) for level in Level] == ["routine", "notable", "major", "breaking"]
    assert [RU.level(level) for level in Level] == ["обычное", "заметное", "важное", "срочное"]


@pytest.mark.parametrize(
    ("n", "russian", "english"),
    [
        (1, "1 источник", "1 source"),
        (3, "3 источника", "3 sources"),
        (5, "5 источников", "5 sources"),
        (11, "11 источников", "11 sources"),
        (21, "21 источник", "21 sources"),
        (1500, "1 500 источников", "1,500 sources"),
    ],
)
def test_counts_take_the_right_form(n: int, russian: str, english: str) -> None:
    assert plain(RU.plural("{count} source", "{count} sources", n)) == russian
    assert EN.plural("{count} source", "{count} sources", n) == english


@pytest.mark.parametrize(
    ("minutes", "span"),
    [
        (0, "1 минуту"),
        (59, "59 минут"),
        (60, "1 час"),
        (61, "1 час"),
        (60 * 47, "47 часов"),
        (60 * 48, "2 дня"),
        (60 * 24 * 5, "5 дней"),
    ],
)
def test_durations_are_said_in_their_largest_unit(minutes: int, span: str) -> None:
    assert plain(RU.span(timedelta(minutes=minutes))) == span


NOON = datetime(2016, 12, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "russian", "english"),
    [
        (datetime(2016, 12, 3, 14, 40, tzinfo=UTC), "17:40", "17:40"),
        (datetime(2016, 12, 2, 21, 0, tzinfo=UTC), "00:00", "00:00"),
        (datetime(2016, 12, 2, 20, 59, tzinfo=UTC), "вчера, 23:59", "yesterday, 23:59"),
        (datetime(2016, 12, 1, 14, 40, tzinfo=UTC), "1 декабря, 17:40", "1 December, 17:40"),
        (datetime(2015, 5, 9, 7, 5, tzinfo=UTC), "9 мая 2015, 10:05", "9 May 2015, 10:05"),
    ],
)
def test_times_are_the_readers_own(at: datetime, russian: str, english: str) -> None:
    now = datetime(2016, 12, 3, 20, 0, tzinfo=UTC)
    assert plain(RU.when(at, "Europe/Moscow", now)) == russian
    assert plain(EN.when(at, "Europe/Moscow", now)) == english


def test_today_is_the_readers_today() -> None:
    late = datetime(2016, 12, 3, 22, 0, tzinfo=UTC)
    assert RU.when(late, "Europe/Moscow", late) == "01:00"
    assert RU.when(late, "Asia/Vladivostok", late) == "08:00"
    assert RU.when(late, "America/New_York", late) == "17:00"


def test_languages_without_a_catalogue_read_english() -> None:
    assert words("de").language == "en"
    assert words("ru-RU").language == "ru"
    assert words("RU") is words("ru")
