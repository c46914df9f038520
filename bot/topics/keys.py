"""What a query waits for in the index: the rarest of the words that a text must hold to match it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise, product
from typing import Final

from bot.topics.common import expected_share
from bot.topics.parts import sequence
from bot.topics.passages import Pair
from bot.topics.query import All, Any, Node, Not, Term, Within

_PRIOR: Final = 100
"""Articles that what is expected of a word weighs as much as."""
_READINGS: Final = 9
"""Ways to read two words that an index entry each is made for."""
_SIDE_BY_SIDE: Final = 0.1
"""How often two words are expected to stand side by side where the rarer of them stands."""

Key = str | Pair
"""A lemma, or two side by side."""
Keys = tuple[Key, ...]
"""Of which every text that matches must hold; none if there are no such."""


def rarest(node: Node, seen: Mapping[str, int]) -> Keys:
    """The best choice of keys, given in how many articles a lemma has been seen."""
    match node:
        case Term():
            places = sequence(node)
            pairs: list[Keys] = [
                tuple(product(*two)) for two in pairwise(places) if len(two[0]) * len(two[1]) <= _READINGS
            ]
            return min((*places, *pairs), key=lambda keys: _commonness(keys, seen))
        case All(parts):
            found = [keys for part in parts if (keys := rarest(part, seen))]
            return min(found, key=lambda keys: _commonness(keys, seen), default=())
        case Any(parts):
            return tuple(dict.fromkeys(key for part in parts for key in rarest(part, seen)))
        case Within(_, part):
            return rarest(part, seen)
        case Not():
            return ()


def _commonness(keys: Keys, seen: Mapping[str, int]) -> tuple[float, int]:
    """How many articles are expected to hold one of the keys; among equals, long words are the rarer ones."""
    return sum(_articles(key, seen) for key in keys), -max(map(_length, keys))


def _articles(key: Key, seen: Mapping[str, int]) -> float:
    if isinstance(key, tuple):
        return _SIDE_BY_SIDE * min(_articles(lemma, seen) for lemma in key)
    return expected_share(key) * _PRIOR + seen.get(key, 0)


def _length(key: Key) -> int:
    return len(key) if isinstance(key, str) else sum(map(len, key))
