"""Words and numbers of a text, in order, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.language.lemmas import Readings, at_a_glance, readings

_TOKEN: Final = re.compile(
    r"\d++(?:[.,]\d++)*+(?![^\W\d_]|-[^\W\d_])"  # 24; 2,5; not the start of 3G or 3-й
    r"|[^\W_]+(?:['’ʼ‘`\-‐‑\u00ad\u0301][^\W_]+)*"  # ан-Нусра, об'єднання, 3-й, stress marks and soft hyphens inside
)


_OTHERWISE: Final = {"е": "ёЁ"}
"""Letters that are folded to others."""


_REST: Final = r"(?:[^\W_]|(?<=\d)[.,](?=\d))*+(?:['’ʼ‘`\-‐‑\u00ad\u0301][^\W_]+)*"
"""Of a word or number, after its first letter."""
_MOST: Final = 5_000
"""Words of a text that are read: twenty times a usual article."""
_LOOKED_UP: Final = 1_000
"""Different words of a text that the dictionary is asked for (those it hasn't count fourfold), about 25 ms at first
sight: more than a long article has. Later ones are taken as they're written, so that no text holds the bot up.
"""


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


def beginning_with(beginnings: Collection[str]) -> re.Pattern[str]:
    """Finds the words, and what follows a hyphen in words, that begin so (of one or two letters, folded).

    And some others that begin with the same letters in other pairs. The first letter stands first in the pattern: so a
    text is read at a third of the time that finding its words takes.
    """
    first, second = (_any_case(each[at : at + 1] for each in beginnings) for at in (0, 1))
    further = f"(?=[{second}])" if all(len(each) > 1 for each in beginnings) else ""
    return re.compile(rf"[{first}](?<![^\W_].){further}{_REST}")


def _any_case(letters: Iterable[str]) -> str:
    return re.escape("".join({each for one in letters for each in (one, one.upper(), _OTHERWISE.get(one, ""))}))


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text as written, without looking them up."""
    return tuple(_TOKEN.findall(text))


def tokens(text: str, language: str = "ru") -> tuple[Token, ...]:
    """The first 5,000 words and numbers of a text; signs are left out."""
    found = []
    known: dict[str, Readings] = {}
    left = _LOOKED_UP
    for match in islice(_TOKEN.finditer(text), _MOST):
        word = match[0]
        read = known.get(word)
        if read is None:
            read = known[word] = readings(word, language) if left > 0 else at_a_glance(word)
            left -= read.cost
        found.append(Token(word, match.start(), match.end(), read.best, read.probable))
    return tuple(found)
