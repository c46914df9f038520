"""Words and phrases as profiles write them, found in a text by the most probable dictionary form.

| written | matches |
|---|---|
| `сирия` | the word in any form |
| `Рада` | the same, where it is written with a capital (the parliament, not «рада видеть») |
| `US` | the same, where it is written in capitals («US», not «tell us»), endings aside («МИДа») |
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

from bot.language import Token, fold, lemma, lemmas

T = TypeVar("T")

_Entry = tuple[tuple["Step", ...], tuple[T, ...]]
"""Words of a pattern, and what it stands for."""

_ENDINGS: Final = (
    "", "а", "у", "е", "ы", "и", "о", "ой", "ою", "ом", "ем", "ым", "ей", "ею", "ью", "ам", "ами", "ах", "ов", "ев",
    "ых", "ыми", "я", "ю", "ь", "й", "ям", "ями", "ях", "і", "ії", "ію", "ів", "ові",
)  # fmt: skip
"""Case endings of nouns and of surnames, Ukrainian ones too."""


_MOST_PARTS: Final = 8
"""Of a hyphenated word that are looked up."""


class Way(Enum):
    """How a word of a pattern is compared."""

    LEMMA = auto()
    STEM = auto()
    PREFIX = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a pattern."""

    way: Way
    keys: tuple[str, ...]
    """Lemmas, a stem, or the start of a word; folded."""
    capitals: int
    """With how many capitals at least it must begin in the text: none, one, or two where it's written in capitals."""

    def fits(self, token: Token) -> bool:
        if self.capitals and not token.text[: self.capitals].isupper():
            return False
        match self.way:
            case Way.LEMMA:
                return not set(self.keys).isdisjoint(lemma_keys(token.lemma))
            case Way.STEM:
                (stem,) = self.keys
                return any(form.startswith(stem) and form[len(stem) :] in _ENDINGS for form in forms(token.text))
            case Way.PREFIX:
                return any(form.startswith(self.keys) for form in forms(token.text))


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """That a pattern stands in a text, over the tokens `start` to `end` (exclusive); what it stands for."""

    values: tuple[T, ...]
    start: int
    end: int


def compile_pattern(written: str) -> tuple[Step, ...]:
    """The steps of a pattern. Raises ValueError when there is no word in it."""
    steps = tuple(_step(word) for word in written.split())
    if not steps or any(not all(step.keys) for step in steps):
        raise ValueError(f"no word in {written!r}")
    return steps


def _step(word: str) -> Step:
    bare = word.rstrip("*~")
    way = {"*": Way.PREFIX, "~": Way.STEM}.get(word[-1], Way.LEMMA)
    capitals = 2 if len(bare) > 1 and bare.isupper() else int(bare[:1].isupper())
    return Step(way, _lemmas(bare) if way is Way.LEMMA else (fold(bare),), capitals)


def _lemmas(word: str) -> tuple[str, ...]:
    """What a word that is asked for may read as in a text: «Кривой» is most often кривая, «Кривого» кривой."""
    best, written = lemma(word), fold(word)
    return (best,) if best == written or written not in lemmas(word) else (best, written)


@lru_cache(maxsize=32_768)
def lemma_keys(key: str) -> tuple[str, ...]:
    """A lemma and, when it has a hyphen, the lemmas of its parts."""
    return (key, *(lemma(part) for part in _parts(key)))


@lru_cache(maxsize=32_768)
def forms(text: str) -> tuple[str, ...]:
    """A word as written, folded, and, when it has a hyphen, its parts."""
    folded = fold(text)
    return (folded, *_parts(folded))


def _parts(word: str) -> tuple[str, ...]:
    """The first of them, each once: a text that is one long chain is no word."""
    if "-" not in word:
        return ()
    return tuple(dict.fromkeys(part for part in word.split("-")[:_MOST_PARTS] if len(part) > 2))


class Finder(Generic[T]):
    """Many patterns looked for at once, each standing for one or several values."""

    _START: Final = 3
    """Letters that stems and starts of words are indexed by."""
    _REMEMBERED: Final = 32_768
    """Words of which the patterns that begin with them are remembered; as many as lemmas are."""

    def __init__(self, patterns: Iterable[tuple[tuple[Step, ...], T]]) -> None:
        merged: dict[tuple[Step, ...], list[T]] = defaultdict(list)
        for steps, value in patterns:
            merged[steps].append(value)
        self._lemmas: dict[str, list[_Entry[T]]] = defaultdict(list)
        self._starts: dict[str, list[_Entry[T]]] = defaultdict(list)
        for steps, values in merged.items():
            first = steps[0]
            index = self._lemmas if first.way is Way.LEMMA else self._starts
            for key in first.keys if first.way is Way.LEMMA else (first.keys[0][: self._START],):
                index[key].append((steps, tuple(values)))
        self._begun: dict[tuple[str, str], tuple[_Entry[T], ...]] = {}

    def find(self, tokens: Sequence[Token]) -> Iterator[Found[T]]:
        """Every place where a pattern stands, from left to right."""
        for start, token in enumerate(tokens):
            for others, values in self._begin(token):
                end = start + 1 + len(others)
                if not others or (end <= len(tokens) and all(map(Step.fits, others, tokens[start + 1 : end]))):
                    yield Found(values, start, end)

    def _begin(self, token: Token) -> tuple[_Entry[T], ...]:
        """The patterns whose first word this is: the words that must follow, and their values."""
        word = (token.text, token.lemma)
        found = self._begun.get(word)
        if found is None:
            if len(self._begun) >= self._REMEMBERED:
                self._begun.clear()
            found = self._begun[word] = tuple(
                (steps[1:], values) for steps, values in self._candidates(token) if steps[0].fits(token)
            )
        return found

    def _candidates(self, token: Token) -> Iterator[_Entry[T]]:
        for key in lemma_keys(token.lemma):
            yield from self._lemmas.get(key, ())
        for form in forms(token.text):
            yield from self._starts.get(form[: self._START], ())
