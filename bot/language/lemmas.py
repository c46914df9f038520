"""Dictionary forms: pymorphy3 for Russian, simplemma for English and for words in Ukrainian letters."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from bot.language.writing import fold

_PROBABLE: Final = 0.01
"""A reading of a word counts from this probability on: «стали» is also сталь (0.011), «после» not посол (0.001)."""
_CACHED: Final = 32_768
"""Words remembered; about 20 MB when full."""

_ABBREVIATION: Final = re.compile(r"([А-ЯЁ]{2,})-?(?:[ауеы]|ом|ем|ов|ам|ами|ах)")
_LATIN: Final = re.compile(r"[a-z]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN: Final = re.compile(r"[іїєґ]")
_ENDING: Final = re.compile(r"(?:ами|ями|ого|его|ому|ему|ой|ою|ей|ею|ом|ем|ам|ям|ах|ях|ов|ев|[аеиоуыюяйь])$")


class Readings(NamedTuple):
    """What a word may be a form of."""

    best: str
    probable: frozenset[str]


def lemma(word: str, language: str = "ru") -> str:
    """The dictionary form of the word's most probable reading, folded."""
    return readings(word, language).best


def lemmas(word: str, language: str = "ru") -> frozenset[str]:
    """The dictionary forms of every reading of probability 0.01 or more, folded; parts of a hyphenated word too."""
    return readings(word, language).probable


@lru_cache(maxsize=_CACHED)
def readings(word: str, language: str) -> Readings:
    """Of one word as written; `language` is the text's, the word's own letters decide first."""
    abbreviation = _ABBREVIATION.fullmatch(word)
    folded = fold(abbreviation[1] if abbreviation else word)
    whole = _whole(folded, language)
    parts = [part for part in folded.split("-") if len(part) > 1] if "-" in folded else []
    return Readings(whole.best, whole.probable.union(*(_whole(part, language).probable for part in parts)))


def _whole(folded: str, language: str) -> Readings:
    if folded[:1].isdigit():
        return Readings(folded, frozenset({folded}))
    if _LATIN.search(folded):
        return _simple(folded, "en")
    if _UKRAINIAN.search(folded):
        return _simple(folded, "uk")
    if not _CYRILLIC.search(folded):  # pymorphy3 asks for the names of letters, and not every letter has one
        return Readings(folded, frozenset({folded}))
    russian = _russian(folded)
    # Ukrainian words without letters of their own («переговори») are found by their form as well.
    return Readings(russian.best, russian.probable | {folded}) if language == "uk" else russian


def _russian(folded: str) -> Readings:
    analyser = _analyser()
    parses = analyser.parse(folded)
    if not parses:
        return Readings(folded, frozenset({folded}))
    probable = {fold(parse.normal_form) for parse in parses if parse.score >= _PROBABLE}
    best = fold(parses[0].normal_form)
    if not analyser.word_is_known(folded):
        # Guesses differ from case to case («Нусра» нуср, «Нусрой» нусрой): form and stem hold them together.
        probable |= {folded, _ENDING.sub("", folded) if len(folded) > 4 else folded}
    return Readings(best, frozenset(probable | {best}))


def _simple(folded: str, language: str) -> Readings:
    word = folded.removesuffix("'s")
    best, name = (_looked_up(written, language) for written in (word, word.capitalize()))
    if best == word:  # names are in the dictionary with a capital only
        best = name
    return Readings(best, frozenset({best, name, folded}))


def _looked_up(word: str, language: str) -> str:
    # The compact form of the dictionaries: 9 MB instead of 74 for Ukrainian, and lookups are cached above.
    return fold(_simplemma().lemmatize(word, lang=language, low_memory=True))


@cache
def _analyser() -> Any:
    """Loaded on first use: 0.2 s."""
    import pymorphy3  # noqa: PLC0415 - nothing is loaded on import

    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _simplemma() -> Any:
    import simplemma  # noqa: PLC0415 - nothing is loaded on import

    return simplemma
