"""Words and phrases as profiles write them, found in a text by the most probable dictionary form.

| written | matches |
|---|---|
| `сирия` | the word in any form |
| `Сумы` | the same, where it is written with a capital («Сумы» the town, not «суммы» or a bag) |
| `нуср*` | any word whose dictionary form starts so: names that no dictionary knows |
| `джебхат ан-нусра` | these words side by side, each in any form |

A hyphenated word of the text is also looked up by its parts: «аль-Асад», «российско-украинский».
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from bot.language import Token, fold, lemma

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a pattern."""

    key: str
    """A lemma, or the start of one."""
    prefix: bool
    capital: bool

    def fits(self, token: Token) -> bool:
        if self.capital and not token.text[0].isupper():
            return False
        keys = lookups(token.lemma)
        return any(key.startswith(self.key) for key in keys) if self.prefix else self.key in keys


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """That a pattern stands in a text, over the tokens `start` to `end` (exclusive); `value` is what it stands for."""

    value: T
    start: int
    end: int


def compile_pattern(written: str) -> tuple[Step, ...]:
    """The steps of a pattern. Raises ValueError when there is no word in it."""
    steps = tuple(_step(word) for word in written.split())
    if not steps or any(not step.key for step in steps):
        raise ValueError(f"no word in {written!r}")
    return steps


def _step(word: str) -> Step:
    prefix = word.endswith("*")
    bare = word.rstrip("*")
    return Step(key=fold(bare) if prefix else lemma(bare), prefix=prefix, capital=bare[:1].isupper())


@lru_cache(maxsize=32_768)
def lookups(key: str) -> tuple[str, ...]:
    """A lemma and, when it has a hyphen, the lemmas of its parts."""
    if "-" not in key:
        return (key,)
    return (key, *(lemma(part) for part in key.split("-") if len(part) > 2))


class Finder(Generic[T]):
    """Many patterns looked for at once, each standing for a value."""

    _START = 3
    """Letters of a prefix that the index is keyed on."""

    def __init__(self, patterns: Iterable[tuple[tuple[Step, ...], T]]) -> None:
        self._whole: dict[str, list[tuple[tuple[Step, ...], T]]] = defaultdict(list)
        self._prefixes: dict[str, list[tuple[tuple[Step, ...], T]]] = defaultdict(list)
        for steps, value in patterns:
            first = steps[0]
            index, key = (self._prefixes, first.key[: self._START]) if first.prefix else (self._whole, first.key)
            index[key].append((steps, value))

    def find(self, tokens: Sequence[Token]) -> Iterator[Found[T]]:
        """Every place where a pattern stands, from left to right."""
        for start, token in enumerate(tokens):
            for key in lookups(token.lemma):
                for index, wanted in ((self._whole, key), (self._prefixes, key[: self._START])):
                    for steps, value in index.get(wanted, ()):
                        end = start + len(steps)
                        if end <= len(tokens) and all(map(Step.fits, steps, tokens[start:end])):
                            yield Found(value, start, end)
