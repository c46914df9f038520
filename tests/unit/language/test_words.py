"""Words: what counts as one, and which dictionary forms it has."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import analyse, asked, detect, fold, is_noun, lemma, lemmas, tokens, without_marks
from bot.model import Article


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Сирия, Алеппо: бои.", ["Сирия", "Алеппо", "бои"]),
        ("«Джебхат ан-Нусра»", ["Джебхат", "ан-Нусра"]),
        ("Санкт-Петербург — Москва", ["Санкт-Петербург", "Москва"]),
        ("Ростов-на-Дону", ["Ростов-на-Дону"]),
        ("об'єднання д’Артаньян O'Brien", ["об'єднання", "д’Артаньян", "O'Brien"]),
        ("24 человека, 2,5 млн, 3.14", ["24", "человека", "2,5", "млн", "3.14"]),
        ("17:40", ["17", "40"]),
        ("3-й 90-х 35G", ["3-й", "90-х", "35G"]),
        ("Су-35, COVID-19", ["Су-35", "COVID-19"]),
        ("пере\u00adговоры", ["пере\u00adговоры"]),
        ("за\u0301мок", ["за\u0301мок"]),
        ("slug_with_underscores", ["slug", "with", "underscores"]),
        ("🙂 … — !", []),
        ("", []),
    ],
)
def test_words_and_numbers_are_found(text: str, words: list[str]) -> None:
    assert [token.text for token in tokens(text)] == words


def test_a_token_says_where_it_stands() -> None:
    text = "Министр — в Женеве."
    assert all(text[token.start : token.end] == token.text for token in tokens(text))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Сирии", "сирия"),
        ("СИРИЮ", "сирия"),
        ("украинских", "украинский"),
        ("переговорах", "переговоры"),
        ("людей", "человек"),
        ("шла", "идти"),
        ("Алеппо", "алеппо"),
        ("Киева", "киев"),
        ("Лаврова", "лавров"),
        ("ёлками", "елка"),
        ("елками", "елка"),
        ("ещё", "еще"),
        ("после", "после"),
        ("стали", "стать"),
        ("МИД", "мид"),
        ("МИДа", "мид"),
        ("МИДом", "мид"),
        ("МИД-а", "мид"),
        ("МИД’ом", "мид"),
        ("МИД'у", "мид"),
        ("ГРУ", "гру"),
        ("ЦИКа", "цик"),
        ("ООН", "оон"),
        ("США", "сша"),
        ("ВСУ", "всу"),
        ("экс-премьера", "экс-премьер"),
        ("аль-Асада", "аль-асад"),
        ("российско-украинских", "российско-украинский"),
        ("пере\u00adговоры", "переговоры"),
        ("talks", "talk"),
        ("Children", "child"),
        ("Ukraine's", "ukraine"),
        ("переговорів", "переговори"),
        ("україні", "україна"),
        ("2016", "2016"),
        ("3-й", "3-й"),
    ],
)
def test_the_most_probable_dictionary_form(word: str, expected: str) -> None:
    assert lemma(word) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("стали", "сталь"),
        ("стали", "стать"),
        ("нусра", "Нусрой"),
        ("Нусры", "нусра"),
        ("экс-премьера", "премьер"),
        ("Санкт-Петербурге", "петербург"),
        ("2016-й", "2016"),
        ("всё", "все"),
        ("МИДу", "МИД"),
        ("Києві", "Київ"),
        ("україні", "Україною"),
        ("Мистура", "Мистурой"),
        ("Мистуры", "Мистуре"),
        ("Башшара", "Башар"),
        ("Мэй", "Мей"),
    ],
)
def test_forms_that_may_be_of_one_word_share_a_lemma(one: str, other: str) -> None:
    assert lemmas(one) & lemmas(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("после", "посол"),
        ("Закиев", "Киев"),
        ("посолите", "посол"),
        ("Прасад", "Асад"),
        ("посылка", "посол"),
        ("Меттис", "метис"),
    ],
)
def test_words_that_only_look_alike_share_none(one: str, other: str) -> None:
    assert lemmas(one).isdisjoint(lemmas(other))


def test_ukrainian_texts_find_words_without_ukrainian_letters_by_form() -> None:
    assert "переговори" in lemmas("переговори", "uk")


@pytest.mark.parametrize(
    ("word", "written"),
    [("переговори", "переговорів"), ("вибори", "виборами"), ("виборами", "вибори"), ("переговори", "переговорами")],
)
def test_a_ukrainian_word_asked_for_is_found_in_ukrainian_texts_in_any_form(word: str, written: str) -> None:
    assert asked(word) & lemmas(written, "uk")


def test_a_russian_word_asked_for_is_no_other_word_for_being_ukrainian_too() -> None:
    assert "посол" not in asked("после")
    assert "тема" not in asked("тем")


@pytest.mark.parametrize(
    ("text", "expected", "language"),
    [
        ("Переговоры в Женеве прошли", "ru", "ru"),
        ("Переговори у Києві відбулися", "ru", "uk"),
        ("Выборы прошли в Киеве", "uk", "ru"),
        ("Одеса", "uk", "uk"),
        ("Мир", "ru", "ru"),
        ("Peace talks resume", "ru", "en"),
        ("Friedensgespräche", "de", "de"),
        ("Перамовы ў Мінску", "ru", "ru"),
        ("", "ru", "ru"),
        ("2026", "en", "en"),
    ],
)
def test_a_text_tells_its_language(text: str, expected: str, language: str) -> None:
    assert detect(text, expected) == language


def test_an_article_is_read_in_its_own_language_whatever_its_source_writes() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    article = Article(
        source_id=1, key="1", url="https://x/1", title="Київ: переговорами задоволені", published_at=now, seen_at=now
    )
    assert any("переговори" in token.lemmas for token in analyse(article).title)


@pytest.mark.parametrize("word", ["а" * 100_000, "z" * 100_000, "і" * 100_000, "а-" * 50_000 + "а", "1" * 100_000])
def test_what_is_too_long_for_a_word_is_not_guessed_at(word: str) -> None:
    assert tokens(word)[0].text == word
    assert lemma("а" * 61) == "а" * 61


@pytest.mark.parametrize(("word", "noun"), [("нефть", True), ("ждать", False), ("бывший", False), ("Brent", True)])
def test_nouns_are_told_from_other_words(word: str, noun: bool) -> None:
    assert is_noun(word) is noun


@pytest.mark.parametrize(
    ("text", "folded"),
    [("«Ёлка»", '"елка"'), ("A\u00a0—\u00a0B", "a - b"), ("д’Артаньян", "д'артаньян"), ("за\u0301мок", "замок")],
)
def test_folding_unifies_how_a_text_is_written(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_no_text_breaks_the_words(text: str) -> None:
    for token in tokens(text):
        assert token.text == text[token.start : token.end]
        assert token.lemma in token.lemmas


@pytest.mark.parametrize(
    "text",
    [
        "«Джебхат ан-Нусра» (запрещена в РФ – прим. Труд) ушла",
        "ИГ (террористическая организация, запрещенная в России) ушла",
        "Дождь (признан иноагентом) ушла",
        "Meta [признана экстремистской] ушла",
        "текст ушла\n* Организация запрещена на территории России",
        "ушла НАСТОЯЩИЙ МАТЕРИАЛ (ИНФОРМАЦИЯ) ПРОИЗВЕДЕН ИНОСТРАННЫМ АГЕНТОМ В РОССИИ",
    ],
)
def test_legal_marks_are_blanked_out_in_place(text: str) -> None:
    clean = without_marks(text)
    assert len(clean) == len(text)
    assert "ушла" in clean
    assert not {"запретить", "россия", "рф", "иноагент", "экстремистский", "агент"} & {t.lemma for t in tokens(clean)}


def test_other_brackets_stay() -> None:
    assert without_marks("Керри (США) в Риме (Италия)") == "Керри (США) в Риме (Италия)"
    innocent = "поправки (в статью о перечне запрещённых к ввозу в РФ товаров)"
    assert without_marks(innocent) == innocent


def test_ten_thousand_asterisks_take_no_time() -> None:
    asterisks = "*" * 10_000
    assert without_marks(asterisks) == asterisks


def test_letters_without_a_name_are_words_like_any_other() -> None:
    assert [token.lemma for token in tokens("\U00017000 ᚠ 漢字")] == ["\U00017000", "ᚠ", "漢字"]


def test_a_document_keeps_its_places_apart_and_leaves_marks_out() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    article = Article(
        source_id=1, key="1", url="https://x/1", title="Встреча в Риме", lead="Лавров и Керри",
        text="ИГ (запрещена в РФ)", section="Политика", author="Шевцов", published_at=now, seen_at=now,
    )  # fmt: skip
    document = analyse(article, "Труд")
    assert [t.lemma for t in document.title] == ["встреча", "в", "рим"]
    assert [t.text for t in document.lead] == ["Лавров", "и", "Керри"]
    assert [t.text for t in document.body] == ["ИГ"]
    assert (document.section, document.author, document.source) == ("Политика", "Шевцов", "Труд")


def test_no_dictionary_loads_on_import() -> None:
    code = "import sys, bot.language; sys.exit(any(m in sys.modules for m in ('pymorphy3', 'simplemma', 'razdel')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
