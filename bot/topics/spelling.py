"""How likely one word is another misspelt: letters doubled, swapped, neighbours on the keyboard, or heard alike."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

_ROWS: Final = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LAYOUT: Final = dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю", strict=True))
_OTHER_LAYOUT: Final = str.maketrans({**_LAYOUT, **{cyrillic: latin for latin, cyrillic in _LAYOUT.items()}})
_HEARD_ALIKE: Final = ("ао", "еи", "еэ", "иы", "зс", "дт", "бп", "гк", "вф", "жш", "ия", "гх", "ie", "ck", "sz", "iy")
_NEAR: Final = frozenset(
    frozenset(pair) for pair in (*_HEARD_ALIKE, *(f"{one}{two}" for row in _ROWS for one, two in pairwise(row)))
)
_SLIP: Final = 0.5
"""What a likely mistake costs; any other letter missing, added or changed costs 1."""
_FEW: Final = ((3, 0.5), (6, 1.0), (8, 1.5), (60, 2.0))
"""Mistakes that are believed in a word of at most so many letters."""


def in_other_layout(word: str) -> str:
    """What the same keys write in the other layout: «cbhbz» is «сирия»."""
    return word.translate(_OTHER_LAYOUT)


def misspelling(word: str, known: str) -> float | None:
    """The cost of the mistakes that make `known` into `word`, both folded; None if they are too many to believe."""
    limit = next((limit for length, limit in _FEW if len(word) <= length), None)
    if limit is None or abs(len(word) - len(known)) > limit / _SLIP or len(known) < 3:
        return None
    if len(set(word) ^ set(known)) > 2 * limit / _SLIP or (word[0] != known[0] and word[1:3] != known[1:3]):
        return None
    cost = _distance(word, known, limit)
    return cost if cost <= limit else None


def _distance(word: str, known: str, limit: float) -> float:
    """The cheapest way from one to the other, with swaps of neighbours; above the limit any number above it."""
    before: list[float] = []
    row = _first_row(known)
    for place, letter in enumerate(word, start=1):
        following = [row[0] + _lone(word, place)]
        for other_place, other in enumerate(known, start=1):
            cost = min(
                row[other_place] + _lone(word, place),
                following[other_place - 1] + _lone(known, other_place),
                row[other_place - 1] + _changed(letter, other),
            )
            if place > 1 and other_place > 1 and word[place - 2] == other and known[other_place - 2] == letter:
                cost = min(cost, before[other_place - 2] + _SLIP)
            following.append(cost)
        if min(following) > limit:
            return limit + 1
        before, row = row, following
    return row[-1]


def _first_row(known: str) -> list[float]:
    row = [0.0]
    for place in range(1, len(known) + 1):
        row.append(row[-1] + _lone(known, place))
    return row


def _lone(word: str, place: int) -> float:
    """What it costs that a letter has no counterpart: a doubled one is easily written once, and one twice."""
    return _SLIP if place > 1 and word[place - 1] == word[place - 2] else 1.0


def _changed(letter: str, other: str) -> float:
    if letter == other:
        return 0.0
    return _SLIP if frozenset((letter, other)) in _NEAR else 1.0
