"""How the words of a profile are found in a text."""

from __future__ import annotations

import pytest

from bot.language import tokens
from bot.topics.patterns import Finder, compile_pattern


def _found(pattern: str, text: str) -> list[str]:
    words = tokens(text)
    finder = Finder([(compile_pattern(pattern), True)])
    return [" ".join(word.text for word in words[one.start : one.end]) for one in finder.find(words)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("сирия", "Из Сирии и о Сирии", ["Сирии", "Сирии"]),
        ("Рада", "Она рада: решение Рады принято", ["Рады"]),
        ("US", "Save Us from US, the us of it", ["US"]),
        ("ОЗХО", "Доклад ОЗХО", ["ОЗХО"]),
        ("Львов~", "Во Львове и из Львова, но не львовский", ["Львове", "Львова"]),
        ("нуср*", "«Нусра» и Нусрой", ["Нусра", "Нусрой"]),
        ("совет безопасности", "В Совете безопасности, совет о безопасности", ["Совете безопасности"]),
        ("российско-украинский", "российско-украинские переговоры", ["российско-украинские"]),
        ("украинский", "российско-украинские переговоры", ["российско-украинские"]),
    ],
)
def test_a_word_is_found_in_the_way_it_is_written(pattern: str, text: str, found: list[str]) -> None:
    assert _found(pattern, text) == found


@pytest.mark.parametrize("text", ["Кривой Рог", "мэр Кривого Рога", "в Кривом Роге"])
def test_a_word_that_mostly_reads_as_another_is_found_in_all_its_forms(text: str) -> None:
    """«Кривой» by itself is most often a form of кривая, «Кривого» never."""
    assert len(_found("кривой рог", text)) == 1


def test_a_phrase_does_not_run_over_the_end_of_a_text() -> None:
    assert _found("совет безопасности оон", "Созван Совет безопасности") == []


def test_a_word_seen_before_is_judged_by_what_follows_it_now() -> None:
    words = tokens("Совет безопасности собрался. Совет министров тоже. Совет безопасности разошёлся.")
    finder = Finder([(compile_pattern("совет безопасности"), "un"), (compile_pattern("совет министров"), "cabinet")])
    assert [one.values for one in finder.find(words)] == [("un",), ("cabinet",), ("un",)]


def test_a_finder_that_has_seen_more_words_than_it_remembers_still_finds() -> None:
    finder = Finder([(compile_pattern("сирия"), True)])
    many = tokens(" ".join(f"слово{number}" for number in range(40_000)))
    assert list(finder.find(many)) == []
    assert len(list(finder.find(tokens("О Сирии")))) == 1
