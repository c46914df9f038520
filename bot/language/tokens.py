"""Words and numbers of a text, in order, with where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.language.lemmas import readings

_TOKEN: Final = re.compile(
    r"\d++(?:[.,]\d++)*+(?![^\W\d_]|-[^\W\d_])"  # 24; 2,5; not the start of 3G or 3-й
    r"|[^\W_]+(?:['’ʼ‘`\-‐‑\u00ad\u0301][^\W_]+)*"  # ан-Нусра, об'єднання, 3-й, stress marks and soft hyphens inside
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number: `text` as written is `source[start:end]`; lemmas are folded."""

    text: str
    start: int
    end: int
    lemma: str
    """Of the most probable reading."""
    lemmas: frozenset[str]
    """Of every reading of probability 0.01 or more."""


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text as written, without looking them up."""
    return tuple(_TOKEN.findall(text))


def tokens(text: str, language: str = "ru") -> tuple[Token, ...]:
    """The words and numbers of a text; signs are left out."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        best, probable = readings(word, language)
        found.append(Token(word, match.start(), match.end(), best, probable))
    return tuple(found)
