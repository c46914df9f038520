"""The parts of words: where a name begins, what may stand before it, and what a text may call it instead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from bot.language import asked, fold, is_known, lemma, lemmas, unify
from bot.topics.query import Term

_ARTICLES: Final = frozenset(
    {"аль", "эль", "ал", "ан", "ас", "ат", "аш", "ад", "аз", "ар", "эн", "эс", "эт", "эш", "эд", "эз", "эр"}
)
"""The Arabic article before a name, by the letter that follows and as it's spelled: «ан-Нусра» is «аль-Нусра»."""
_SONS: Final = frozenset({"бен", "бин", "ибн"})
"""«Son of», in its spellings."""
_PLAIN: Final = frozenset(
    {"аль", "эль", *_SONS, "де", "дер", "ван", "al", "el", "bin", "ben", "ibn", "de", "der", "van"}
)
"""Particles that are no words of their own; those of another meaning, as «фон» or «ад», only count before a name."""
_AMBIGUOUS: Final = frozenset(
    {"фон", "да", "ди", "дю", "дель", "дос", "ден", "тен", "цу", "von", "di", "du", "den", "dos"}
)
_PARTICLES: Final = _ARTICLES | _PLAIN | _AMBIGUOUS
_GLUED: Final = ("бен", "бин", "аль", "эль")
"""Particles that are written together with a name: «Бенладен», «Алькаида»."""
_SHORTEST: Final = 6
"""Letters of such a one."""
_PARTS: Final = 12
"""Of a hyphenated word that are laid out: a text that is one long chain is no word."""

Lemmas = tuple[str, ...]


class Part(NamedTuple):
    """A word of a text, or one of those that its hyphens join."""

    text: str
    lemmas: Lemmas
    particle: bool = False
    """Whether it belongs to the name that follows."""
    hyphen: bool = False
    """Whether a hyphen joins it to what follows."""


@lru_cache(maxsize=8_192)
def special(text: str) -> tuple[Part, ...]:
    """The parts of a word that is more than a word: joined by hyphens («ан-Нусра» is «Ан Нусра»), or a particle.

    Nothing for most words.
    """
    if text.isalnum():
        return (_particle(Part(text, _asked(text))),) if text.lower() in _PARTICLES else ()
    unified = unify(text)
    return _hyphenated(unified) if "-" in unified else ()


def may_be(word: str) -> frozenset[str]:
    """All that a word of a text may be a form of, whatever language the text is in."""
    return lemmas(word).union(lemmas(word, "uk"), *(part.lemmas for part in special(word)))


def sequence(term: Term) -> tuple[Lemmas, ...]:
    """For each place of a term in a text, the lemmas that may stand there.

    Particles between two words are left out, as a text has the name in their place as well; and so are «бен» before a
    name, and an article that a hyphen joins to it («аш-Шараа» is «Шараа»), but for «эль», which tells towns from
    countries. A name that is written together with its particle may stand apart from it: «бенладен».
    """
    ways = _asked if term.exact else _named
    if len(term.words) == 1 and "-" not in term.words[0]:  # most terms; the rest of this would take thrice the time
        return (ways(term.words[0]),)
    if _PARTICLES.isdisjoint(term.words) and "-" not in "".join(term.words):
        return tuple(map(ways, term.words))
    parts = list(chain.from_iterable(map(_split, term.words)))
    return tuple(
        _wanted(parts, number, exact=term.exact)
        for number, part in enumerate(parts)
        if term.exact or number == len(parts) - 1 or not _is_left_out(part, first=number == 0)
    )


def _wanted(parts: Sequence[Part], number: int, *, exact: bool) -> Lemmas:
    """The lemmas of a part, in whatever way a particle before it is written."""
    part = parts[number]
    lemmas = part.lemmas if number == len(parts) - 1 else _of_particle(part.text, part.lemmas)
    before = parts[number - 1].text if number and not exact else ""
    glued = _asked(before + part.text) if before in _GLUED else ()
    return tuple(dict.fromkeys((*lemmas, *glued, *(() if exact else _named(part.text)))))


def _is_left_out(part: Part, *, first: bool) -> bool:
    if part.hyphen and part.text in _ARTICLES:
        return not first or part.text != "эль"
    return part.text in (_SONS if first else _PLAIN)


def _hyphenated(unified: str) -> tuple[Part, ...]:
    parts = [_particle(part) if part.hyphen else part for part in _split(unified)]
    for number in range(len(parts) - 2, -1, -1):
        if parts[number].particle:  # «алькаида» finds «Аль-Каиду»
            together = _asked(fold(parts[number].text + parts[number + 1].text))
            parts[number] = parts[number]._replace(lemmas=(*parts[number].lemmas, *together))
    whole = _asked(fold(unified.replace("-", "")))  # «онлайн» finds «он-лайн»
    return (parts[0]._replace(lemmas=(*parts[0].lemmas, *whole)), *parts[1:])


def _particle(part: Part) -> Part:
    """The part as a particle, if it is one."""
    folded = fold(part.text)
    return part._replace(lemmas=_of_particle(folded, part.lemmas), particle=True) if folded in _PARTICLES else part


def _split(word: str) -> tuple[Part, ...]:
    """The parts of a word: «экс-премьер» isn't any «премьер», and «Оле» in «Йошкар-Оле» is of Ола."""
    return _divided(unify(word)) if "-" in word else (Part(word, _asked(word)),)


@lru_cache(maxsize=4_096)
def _divided(unified: str) -> tuple[Part, ...]:
    written = [part for part in unified.split("-") if part][:_PARTS] or [unified]
    whole = lemma(unified).split("-")
    known = whole if len(whole) == len(written) else written
    return tuple(
        Part(part, tuple(dict.fromkeys((*_asked(part), fold(of_whole)))), hyphen=number < len(written) - 1)
        for number, (part, of_whole) in enumerate(zip(written, known, strict=True))
    )


def _of_particle(folded: str, lemmas: Lemmas) -> Lemmas:
    """With the one lemma that all spellings of the particle have."""
    if folded in _ARTICLES:
        return (*lemmas, "аль")
    return (*lemmas, "бен") if folded in _SONS else lemmas


@lru_cache(maxsize=16_384)
def _named(word: str) -> Lemmas:
    """What a word may be, and a name without the particle that is written together with it, if no word begins so."""
    if word[:3] not in _GLUED or len(word) < _SHORTEST or is_known(word):
        return _asked(word)
    return tuple(dict.fromkeys((*_asked(word), *_asked(word[3:]))))


@lru_cache(maxsize=16_384)
def _asked(word: str) -> Lemmas:
    return tuple(sorted(asked(word)))
