"""Words and phrases as profiles write them, found in a text by the most probable dictionary form.

| written | matches |
|---|---|
| `сирия` | the word in any form |
| `Сумы` | the same, where it is written with a capital («Сумы» the town, not «суммы» or a bag) |
| `Львов~` | a stem with any case ending: names unknown or taken for another word («львов» of лев) |
| `нуср*` | any word that starts so |
| `джебхат ан-нусра` | these words side by side, each in any form |

A hyphenated word of the text is also looked up by its parts: «аль-Асад», «российско-украинский».
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Final, Generic, TypeVar

from bot.language import Token, fold, lemma

T = TypeVar("T")


_ENDINGS: Final = (
    "", "а", "у", "е", "ы", "и", "о", "ой", "ою", "ом", "ем", "ым", "ей", "ею", "ью", "ам", "ами", "ах", "ов", "ев",
    "ых", "ыми", "я", "ю", "ь", "й", "ям", "ями", "ях",
)  # fmt: skip
"""Case endings of nouns and of surnames."""


class Way(Enum):
    """How a word of a pattern is compared."""

    LEMMA = auto()
    STEM = auto()
    PREFIX = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a pattern."""

    way: Way
    key: str
    """A lemma, a stem, or the start of a word; folded."""
    capital: bool

    def fits(self, token: Token) -> bool:
        if self.capital and not token.text[0].isupper():
            return False
        match self.way:
            case Way.LEMMA:
                return self.key in lemma_keys(token.lemma)
            case Way.STEM:
                return any(
                    form.startswith(self.key) and form[len(self.key) :] in _ENDINGS for form in forms(token.text)
                )
            case Way.PREFIX:
                return any(form.startswith(self.key) for form in forms(token.text))


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """That a pattern stands in a text, over the tokens `start` to `end` (exclusive); what it stands for."""

    values: tuple[T, ...]
    start: int
    end: int


def compile_pattern(written: str) -> tuple[Step, ...]:
    """The steps of a pattern. Raises ValueError when there is no word in it."""
    steps = tuple(_step(word) for word in written.split())
    if not steps or any(not step.key for step in steps):
        raise ValueError(f"no word in {written!r}")
    return steps


def _step(word: str) -> Step:
    bare = word.rstrip("*~")
    way = {"*": Way.PREFIX, "~": Way.STEM}.get(word[-1], Way.LEMMA)
    return Step(way, lemma(bare) if way is Way.LEMMA else fold(bare), capital=bare[:1].isupper())


@lru_cache(maxsize=32_768)
def lemma_keys(key: str) -> tuple[str, ...]:
    """A lemma and, when it has a hyphen, the lemmas of its parts."""
    return (key, *(lemma(part) for part in _parts(key)))


@lru_cache(maxsize=32_768)
def forms(text: str) -> tuple[str, ...]:
    """A word as written, folded, and, when it has a hyphen, its parts."""
    folded = fold(text)
    return (folded, *_parts(folded))


def _parts(word: str) -> list[str]:
    return [part for part in word.split("-") if len(part) > 2] if "-" in word else []


class Finder(Generic[T]):
    """Many patterns looked for at once, each standing for one or several values."""

    _START: Final = 3
    """Letters that stems and starts of words are indexed by."""

    def __init__(self, patterns: Iterable[tuple[tuple[Step, ...], T]]) -> None:
        merged: dict[tuple[Step, ...], list[T]] = defaultdict(list)
        for steps, value in patterns:
            merged[steps].append(value)
        self._lemmas: dict[str, list[tuple[tuple[Step, ...], tuple[T, ...]]]] = defaultdict(list)
        self._starts: dict[str, list[tuple[tuple[Step, ...], tuple[T, ...]]]] = defaultdict(list)
        for steps, values in merged.items():
            by_lemma = steps[0].way is Way.LEMMA
            index, key = (self._lemmas, steps[0].key) if by_lemma else (self._starts, steps[0].key[: self._START])
            index[key].append((steps, tuple(values)))

    def find(self, tokens: Sequence[Token]) -> Iterator[Found[T]]:
        """Every place where a pattern stands, from left to right."""
        for start, token in enumerate(tokens):
            for steps, values in self._candidates(token):
                end = start + len(steps)
                if end <= len(tokens) and all(map(Step.fits, steps, tokens[start:end])):
                    yield Found(values, start, end)

    def _candidates(self, token: Token) -> list[tuple[tuple[Step, ...], tuple[T, ...]]]:
        found: list[tuple[tuple[Step, ...], tuple[T, ...]]] = []
        for key in lemma_keys(token.lemma):
            if key in self._lemmas:
                found += self._lemmas[key]
        for form in forms(token.text):
            if form[: self._START] in self._starts:
                found += self._starts[form[: self._START]]
        return found
