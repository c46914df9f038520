"""What words are compared by: not the word, but what it's made from."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Final

ROOT: Final = 6
"""Letters of a dictionary form that count. With them «Закарпатье» and «закарпатский», «медики» and «медицинский» are
one word; 4 to 8 letters tell the annotated pairs apart equally well, whole words worse (bench/story_choices.py)."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*(?=\D*$)")
_DIGIT: Final = re.compile(r"\d")


def root(lemma: str) -> str:
    """The beginning of the word; of «12-й» the number, of «Boeing-737» all: what differs stands at its end."""
    if number := _NUMBER.match(lemma):
        return sys.intern(number[0].replace(",", "."))
    return sys.intern(lemma if _DIGIT.search(lemma) else lemma[:ROOT])


def by_root(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares of articles that hold a word → shares that hold any word of the root, as if they came independently."""
    without: dict[str, float] = {}
    for word, share in shares.items():
        without[root(word)] = without.get(root(word), 1.0) * (1 - share)
    return {word: 1 - share for word, share in without.items()}
