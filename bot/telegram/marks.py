"""Legal marks put back where they belong: in brackets after the first mention of the name each is bound to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.language import Token, fold, tokens
from bot.model import Mark
from bot.telegram.text import clean, clip

MOST_NOTICES: Final = 10
LONGEST_NOTICE: Final = 240
"""UTF-16 units; the foreign agents' notice in full has about 220. Ten of them fit beside everything else we send."""

_CLOSING_QUOTES: Final = "»”“\"'’"


def annotate(texts: Sequence[str], marks: Sequence[Mark]) -> tuple[str, ...]:
    """The texts with each mark's notice after the first mention of its name, in whatever form the name is written.

    A notice that stands there already isn't repeated; a name that isn't mentioned gets none.
    """
    if not marks:
        return tuple(texts)
    read = [(text, tokens(text)) for text in texts]
    notices: list[list[tuple[int, str]]] = [[] for _ in texts]
    for mark in marks[:MOST_NOTICES]:
        notice = clip(clean(mark.notice).strip(" ()[]*"), LONGEST_NOTICE)
        found = _first_mention(read, clean(mark.name))
        if notice and found and fold(notice) not in fold(texts[found[0]][found[1] :]):
            notices[found[0]].append((found[1], notice))
    return tuple(_with(text, added) for text, added in zip(texts, notices, strict=True))


def _first_mention(read: Sequence[tuple[str, Sequence[Token]]], name: str) -> tuple[int, int] | None:
    """In which text the name comes first, and where it ends there, behind a quote that closes around it."""
    wanted = tokens(name)
    if not wanted:
        return None
    for which, (text, words) in enumerate(read):
        for start in range(len(words) - len(wanted) + 1):
            if all(_same(word, part) for word, part in zip(words[start:], wanted, strict=False)):
                end = words[start + len(wanted) - 1].end
                return which, end + (text[end : end + 1] in tuple(_CLOSING_QUOTES))
    return None


def _same(word: Token, part: Token) -> bool:
    return fold(word.text) == fold(part.text) or not word.lemmas.isdisjoint(part.lemmas)


def _with(text: str, notices: Sequence[tuple[int, str]]) -> str:
    for end, notice in sorted(notices, key=lambda found: found[0], reverse=True):
        text = f"{text[:end]} ({notice}){text[end:]}"
    return text
