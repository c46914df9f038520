"""Whose words a sentence is: the outlet's, or part of somebody's speech that began before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.language import has_predicate, is_verb, sentences
from bot.summaries.mending import closed

CAPTION: Final = 160
"""Characters up to which a first line that says nothing is a picture's caption."""
FRAGMENT: Final = 70
"""Characters up to which a sentence that says nothing tells nothing."""
LEAST_ANNOUNCED: Final = 60
"""Characters of a sentence that announces a quote («… признался в этом:») and can do without it."""

_QUOTED: Final = re.compile(r"«[^«»]*»|\"[^\"]*\"|“[^“”]*”")
_FIRST_PERSON: Final = re.compile(
    r"(?<![\w-])(?:[Яя]|[Мм]не|[Мм]еня|[Мм]ной|[Мм]ы|[Нн]ам|[Нн]ас|[Нн]ами|I|I['’](?:m|ve|d|ll))(?![\w-])"
)
_SPEECH: Final = re.compile(r"(?:^|[:–—-]\s?|\.\s)[«„“\"](?=[А-ЯЁA-Z])")
"""A quote that is speech, not a name: it opens the sentence or follows a colon or dash."""
_SAID: Final = re.compile(r",\s?[–—-]\s?[а-яёa-z]+")
"""The speaker named behind the words: they are over."""
_DASHED: Final = re.compile(r"\s*[–—-]\s")
_AGE: Final = re.compile(r"(?<!\d)\d{1,3}\s(?:лет|год|года|человек\w?)\b")
"""«Сергею Леонову 38 лет» says something without a verb."""
_LINE_GOES_ON: Final = re.compile(r"(?<![.!?…;])\n(?=[a-zа-яё])")
_SHARING: Final = re.compile(r"\W*поделит", re.IGNORECASE)
"""«Поделиться:», before a page's buttons."""
_ASKS: Final = re.compile(
    r"\W*(?:как|что|чем|кто|где|когда|почему|зачем|сколько|какой|какие|кому|чего)\b", re.IGNORECASE
)
_CYRILLIC: Final = re.compile(r"[а-яё]", re.IGNORECASE)
_LAST_WORD: Final = re.compile(r"(\w+)\W*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a cleaned text, and whether it can be taken for the outlet's own."""

    text: str
    own: bool = True
    lead: bool = False
    """It's of the article's own lead, not of its text."""


def own_voice(text: str) -> tuple[Sentence, ...]:
    """The sentences of a cleaned text; those that are a part of somebody's speech, or no sentences, aren't its own."""
    lines = [line for line in _LINE_GOES_ON.sub(" ", text).split("\n") if line.strip()]
    read = [[closed(sentence, first=not at) for at, sentence in enumerate(sentences(line))] for line in lines]
    columnist = any(_first_person(sentence) for sentence in next(iter(read), [])[:1])
    russian = bool(_CYRILLIC.search(text))
    found: list[Sentence] = []
    announced = False
    for number, line in enumerate(read):
        told = _announcing(line) if number < 2 else line
        only = len(read) == len(line) == 1
        for sentence, spoken in zip(told, _spoken(told), strict=True):
            foreign = announced or spoken or (_first_person(sentence) and not columnist)
            empty = not only and (
                _says_nothing(sentence, first=number < 3 and len(line) == 1 < len(read))
                or (russian and _foreign(sentence))
            )
            found.append(Sentence(sentence, own=not foreign and not empty))
        announced = bool(line) and line[-1].endswith(":") and not _SHARING.match(line[-1])
    return tuple(found)


def _first_person(sentence: str) -> bool:
    return bool(_FIRST_PERSON.search(_QUOTED.sub("", sentence)))


def _says_nothing(sentence: str, *, first: bool) -> bool:
    """A caption or a fragment; `first`: a line of its own at the beginning, where captions stand."""
    longest = CAPTION if first else FRAGMENT
    return len(sentence) <= longest and not has_predicate(sentence) and not _AGE.search(sentence)


def _foreign(sentence: str) -> bool:
    """A name in Latin letters between Russian sentences: «Honda CR-V»."""
    return len(sentence.split()) <= 3 and not _CYRILLIC.search(sentence)


def _announcing(line: Sequence[str]) -> list[str]:
    """A line whose last sentence leads up to a quote («… заявил министр:») ends in a full stop, if it can."""
    *others, last = line
    if not last.endswith(":") or len(last) < LEAST_ANNOUNCED:
        return list(line)
    word = _LAST_WORD.search(last)
    if word is None or is_verb(word[1]) or "следующ" in last[-40:]:
        return list(line)
    return [*others, f"{last[:-1]}."]


def _spoken(line: Iterable[str]) -> Iterator[bool]:
    """Of each sentence of a line: whether it stands inside a quote that began before it.

    What follows a dash at a sentence's beginning is speech to the end of the line.
    """
    quoted = dashed = False
    for sentence in line:
        dashed = dashed or bool(_DASHED.match(sentence))
        begins = sentence.startswith(("«", '"', "“", "„"))
        yield dashed or (quoted and not begins)
        quoted = _left_open(sentence, quoted and not begins)


def _left_open(sentence: str, quoted: bool) -> bool:
    """Whether speech goes on behind the sentence; names in quotes inside of it don't end it."""
    more = sentence.count("«") - sentence.count("»")
    odd = sentence.count('"') % 2 == 1
    if quoted:
        return more >= 0 and not odd
    if more <= 0 and not odd:
        return False
    return bool(_SPEECH.search(sentence)) and not _SAID.search(sentence)
