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

_LONGEST: Final = 60
"""Letters; what is longer is no word, and guessing at it takes time by its length."""

_ABBREVIATION: Final = re.compile(r"([А-ЯЁІЇЄҐ]{2,})['’ʼ‘`‐‑-]?(?:[ауеыюі]|ом|ем|ов|ів|ам|ами|ах)")
"""МИДа, МИД-а, МИД’ом: capitals with an ending of their own."""
_LATIN: Final = re.compile(r"[a-z]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN: Final = re.compile(r"[іїєґ]")
_OTHER_INITIALS: Final = {"be": "aiw", "bad": "w", "ill": "w", "eat": "a", "go": "w", "good": "b", "well": "b"}
_OTHER_SECONDS: Final = {"е": "эі", "о": "і", "и": "і"}
_ENDING: Final = re.compile(r"'?(?:ами|ями|ого|его|ому|ему|ой|ою|ей|ею|ом|ем|ам|ям|ах|ях|ов|ев|[аеиоуыюяйь])$")
_DOUBLE: Final = re.compile(r"(\w)\1")


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


def asked(word: str) -> frozenset[str]:
    """What a word somebody asks for may be a form of, folded, whatever language it and the text are in.

    «вибори» has no Ukrainian letter and «переговори» is Russian as well: each is found by its form, and by its
    Ukrainian lemma if Russian doesn't know it.
    """
    folded = fold(word)
    found = lemmas(word) | {folded}
    if not _CYRILLIC.search(folded) or len(folded) > _LONGEST or analyser().word_is_known(folded):
        return found
    return found | _simple(folded, "uk").probable


def is_noun(word: str) -> bool:
    """Whether the word's most probable Russian reading is a noun; a word of other letters counts as one."""
    folded = fold(word)
    return not _CYRILLIC.search(folded) or len(folded) > _LONGEST or analyser().parse(folded)[0].tag.POS == "NOUN"


@lru_cache(maxsize=1024)
def beginnings(lemma: str) -> frozenset[str]:
    """How forms of a folded lemma begin: with two letters, in Latin and Ukrainian letters with one.

    «лучше» is a form of «хороший». Of 600,000 Ukrainian forms 1,200 begin otherwise than is known here.
    """
    if not _CYRILLIC.search(lemma) or _UKRAINIAN.search(lemma) or len(lemma) > _LONGEST:
        return frozenset((lemma[:1], *_OTHER_INITIALS.get(lemma, "")))
    forms = {fold(form.word) for parse in analyser().parse(lemma) for form in parse.lexeme}
    return frozenset(spelling for form in (lemma, *forms) for spelling in _spellings(form[:2]))


def _spellings(two: str) -> set[str]:
    """Of the first two letters, in Russian names («Ассад») and in Ukrainian («ніг» is a form of «нога»)."""
    first, second = two[:1], two[1:]
    return {two, first * 2, *(first + other for other in _OTHER_SECONDS.get(second, ""))}


def forget() -> None:
    """Empty the cache, as it is at start; dictionaries stay loaded."""
    readings.cache_clear()


@lru_cache(maxsize=_CACHED)
def readings(word: str, language: str) -> Readings:
    """Of one word as written; `language` is the text's, the word's own letters decide first."""
    abbreviation = _ABBREVIATION.fullmatch(word)
    folded = fold(abbreviation[1] if abbreviation else word)
    whole = _whole(folded, language)
    parts = [part for part in folded.split("-") if len(part) > 1] if "-" in folded else []
    return Readings(whole.best, whole.probable.union(*(_whole(part, language).probable for part in parts)))


def _whole(folded: str, language: str) -> Readings:
    if folded[:1].isdigit() or len(folded) > _LONGEST:
        return Readings(folded, frozenset({folded}))
    if _LATIN.search(folded):
        return _simple(folded, "en")
    if _UKRAINIAN.search(folded):
        return _simple(folded, "uk")
    if not _CYRILLIC.search(folded):  # pymorphy3 asks for the names of letters, and not every letter has one
        return Readings(folded, frozenset({folded}))
    russian = _russian(folded)
    # Ukrainian words without letters of their own («переговорами») are found by both languages' lemmas.
    return Readings(russian.best, russian.probable | _simple(folded, "uk").probable) if language == "uk" else russian


def _russian(folded: str) -> Readings:
    parses = analyser().parse(folded)
    if not parses:
        return Readings(folded, frozenset({folded}))
    probable = {fold(parse.normal_form) for parse in parses if parse.score >= _PROBABLE}
    best = fold(parses[0].normal_form)
    if not analyser().word_is_known(folded):
        probable |= _unknown(folded)
    return Readings(best, frozenset(probable | {best}))


def _unknown(folded: str) -> set[str]:
    """What holds a word together that no dictionary knows, mostly a foreign name.

    Guessed lemmas differ from case to case («Нусра» нуср, «Нусрой» нусрой): form and stem don't. Nor do ways of
    spelling it in Russian, once doubled letters are single and э is е («Башшар», «Башар»).
    """
    stem = _ENDING.sub("", folded) if len(folded) > 4 else folded
    simple = _DOUBLE.sub(r"\1", stem[:1] + stem[1:].replace("э", "е"))
    return {folded, stem, simple} if _may_be_a_name(simple) else {folded, stem}


def _may_be_a_name(folded: str) -> bool:
    """Whether it's a known name or no known word: «меттис» is no «метис»."""
    names = {"Name", "Surn", "Geox", "Orgn"}
    return not analyser().word_is_known(folded) or not names.isdisjoint(analyser().parse(folded)[0].tag.grammemes)


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
def analyser() -> Any:
    """pymorphy3's, loaded on first use: 0.2 s."""
    import pymorphy3  # noqa: PLC0415 - nothing is loaded on import

    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _simplemma() -> Any:
    import simplemma  # noqa: PLC0415 - nothing is loaded on import

    return simplemma
