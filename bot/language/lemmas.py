"""Dictionary forms: pymorphy3 for Russian, simplemma for English and for words in Ukrainian letters."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from bot.language import names
from bot.language.writing import fold

_PROBABLE: Final = 0.01
"""A reading of a word counts from this probability on: «стали» is also сталь (0.011), «после» not посол (0.001)."""
_CACHED: Final = 32_768
"""Words remembered; about 20 MB when full."""

_LONGEST: Final = 60
"""Letters; what is longer is no word, and guessing at it takes time by its length."""

_ABBREVIATION: Final = re.compile(r"([А-ЯЁІЇЄҐ]{2,})['’ʼ‘`‐‑-]?(?:[ауеыюі]|ом|ем|ов|ів|ам|ами|ах)")
"""МИДа, МИД-а, МИД’ом: capitals with an ending of their own."""
_DERIVED: Final = re.compile(r"([А-ЯЁІЇЄҐ]{2,})['’ʼ‘`‐‑-]?(?:овск|івськ|ов?ец|ов?ц|ш?ник|шн)[а-яёіїє]*")
"""ООНовский, МЧСовцы, ВСУшники: what is made of an abbreviation, which still stands out by its capitals."""
_LATIN: Final = re.compile(r"[a-z]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN: Final = re.compile(r"[іїєґ]")
_OTHER_INITIALS: Final = {"be": "aiw", "bad": "w", "ill": "w", "eat": "a", "go": "w", "good": "b", "well": "b"}
_OTHER_SECONDS: Final = {"е": "эієй", "о": "і", "и": "іыї", "г": "ґ"}
_OTHER_FIRSTS: Final = {"е": "єй", "г": "ґ"}
_PARTS: Final = 12
"""Of a hyphenated word that are looked up: a chain of more is no word."""
_GUESS: Final = 4
"""How many words of the dictionary can be looked up while it guesses at one that it hasn't: 23 and 90 µs."""


class Readings(NamedTuple):
    """What a word may be a form of."""

    best: str
    probable: frozenset[str]
    cost: int = 0
    """What finding it out takes at most, counted in words that the dictionary has."""


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
    found |= frozenset(names.other_spellings(found))
    if not _CYRILLIC.search(folded) or len(folded) > _LONGEST or analyser().word_is_known(folded):
        return found
    return found | _simple(folded, "uk").probable | _short(folded)


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
    return frozenset(spelling for form in (lemma, *forms, *names.spelt(lemma)) for spelling in _spellings(form[:2]))


def _spellings(two: str) -> set[str]:
    """Of the first two letters, in Russian names («Ассад») and in Ukrainian («ніг» is a form of «нога»)."""
    first, second = two[:1], two[1:]
    firsts, seconds = first + _OTHER_FIRSTS.get(first, ""), second + _OTHER_SECONDS.get(second, "")
    return {two, first * 2, *(one + other for one in firsts for other in seconds)}


def is_known(word: str) -> bool:
    """Whether the Russian dictionary has the word."""
    folded = fold(word)
    return len(folded) <= _LONGEST and bool(analyser().word_is_known(folded))


def forget() -> None:
    """Empty the cache, as it is at start; dictionaries stay loaded."""
    readings.cache_clear()


@lru_cache(maxsize=_CACHED)
def readings(word: str, language: str) -> Readings:
    """Of one word as written; `language` is the text's, the word's own letters decide first."""
    abbreviation = _ABBREVIATION.fullmatch(word)
    folded = fold(abbreviation[1] if abbreviation else word)
    whole = _whole(folded, language)
    probable, cost = set(whole.probable), whole.cost
    if "-" in folded:
        parts = [_whole(part, language) for part in folded.split("-")[:_PARTS] if len(part) > 1]
        probable.update(*(part.probable for part in parts))
        cost += sum(part.cost for part in parts)
    if derived := _DERIVED.fullmatch(word):
        probable.add(fold(derived[1]))
    if word.istitle():
        probable |= _short(folded)
    return Readings(whole.best, frozenset(probable.union(names.other_spellings(probable))), cost)


def at_a_glance(word: str) -> Readings:
    """Without a dictionary: the form itself and, of a name, the stem that unknown ones are known by."""
    folded = fold(word)
    is_name = word[0].isupper() and len(folded) <= _LONGEST
    return Readings(folded, frozenset((folded, names.stem(folded)) if is_name else (folded,)))


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
    if language != "uk":
        return russian
    ukrainian = _simple(folded, "uk")
    return Readings(russian.best, russian.probable | ukrainian.probable, russian.cost + ukrainian.cost)


def _russian(folded: str) -> Readings:
    parses = analyser().parse(folded)
    if not parses:
        return Readings(folded, frozenset({folded}))
    probable = {fold(parse.normal_form) for parse in parses if parse.score >= _PROBABLE}
    best = fold(parses[0].normal_form)
    if analyser().word_is_known(folded):
        return Readings(best, frozenset(probable | {best}), 1)
    return Readings(best, frozenset(probable | {best} | _unknown(folded)), _GUESS)


def _unknown(folded: str) -> set[str]:
    """The form itself, the stem of a name no dictionary knows, and both as they sound, if no other word does so."""
    stem = names.stem(folded)
    return {folded, stem, *filter(_may_be_a_name, map(names.simple, (folded, stem)))}


def _short(folded: str) -> set[str]:
    """The stem of a name of two or three letters, if it isn't a word: «Чен Ына»."""
    stem = names.short_stem(folded)
    return set() if stem is None or analyser().word_is_known(folded) else {stem}


def _may_be_a_name(folded: str) -> bool:
    """Whether it's a known name or no known word: «меттис» is no «метис»."""
    of_names = {"Name", "Surn", "Geox", "Orgn"}
    return not analyser().word_is_known(folded) or not of_names.isdisjoint(analyser().parse(folded)[0].tag.grammemes)


def _simple(folded: str, language: str) -> Readings:
    word = folded.removesuffix("'s")
    best, name = (_looked_up(written, language) for written in (word, word.capitalize()))
    if best == word:  # names are in the dictionary with a capital only
        best = name
    probable = {best, name, folded}
    if language == "uk" and (best == word or names.is_adjective(word)):
        probable |= _unknown(word)
    return Readings(best, frozenset(probable), 2)


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
