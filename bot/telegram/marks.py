"""Legal marks put back where they belong: in brackets after the first mention of the name each is bound to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.language import Token, fold, is_common_noun, tokens
from bot.model import Mark
from bot.telegram.text import clean, clip

MOST_NOTICES: Final = 8
LONGEST_NOTICE: Final = 240
"""UTF-16 units; the foreign agents' notice in full has about 220. Eight of them fit beside everything else we send."""
NEAR: Final = 60
"""Characters beside a mention, and the notice's own, in which a notice counts as standing there already."""

_CLOSING_QUOTES: Final = "»”“\"'’"
_OPENING_QUOTES: Final = "«„“\"'‘"
_HEAD: Final = re.compile(r"(?:^|[.!?…:]\s|\s[–—-]\s)[^\w]*$")
"""What stands before the first word of a sentence."""


def annotate(texts: Sequence[str], marks: Sequence[Mark], most: int = MOST_NOTICES) -> tuple[str, ...]:
    """The texts with each mark's notice after the first mention of its name, in whatever form the name is written.

    A notice that stands there already isn't repeated; a name that isn't mentioned gets none. `most`: notices in all.
    """
    if not marks:
        return tuple(texts)
    read = [(text, tokens(text)) for text in texts]
    notices: list[list[tuple[int, str]]] = [[] for _ in texts]
    for mark in marks:
        notice = clip(clean(mark.notice).strip(" ()[]*"), LONGEST_NOTICE)
        found = _first_mention(read, clean(mark.name)) if notice else None
        if found is None:
            continue
        which, start, end = found
        if not _stands_there(texts[which], start, end, notice) and (end, notice) not in notices[which]:
            notices[which].append((end, notice))
        if sum(map(len, notices)) == most:
            break
    return tuple(_with(text, added) for text, added in zip(texts, notices, strict=True))


def _first_mention(read: Sequence[tuple[str, Sequence[Token]]], name: str) -> tuple[int, int, int] | None:
    """In which text the name comes first, and from where to where there, with a quote that closes around it."""
    wanted = tokens(name)
    if not wanted:
        return None
    for which, (text, words) in enumerate(read):
        for at in range(len(words) - len(wanted) + 1):
            run = words[at : at + len(wanted)]
            if all(map(_same, run, wanted)) and _is_name(text, run, wanted):
                end = run[-1].end
                return which, run[0].start, end + (text[end : end + 1] in tuple(_CLOSING_QUOTES))
    return None


def _same(word: Token, part: Token) -> bool:
    return fold(word.text) == fold(part.text) or not word.lemmas.isdisjoint(part.lemmas)


def _is_name(text: str, run: Sequence[Token], wanted: Sequence[Token]) -> bool:
    """It is written as the name is: «дождь» is no mention of «Дождь», nor is the first word of a sentence."""
    if not wanted[0].text[:1].isupper():
        return True
    if not run[0].text[:1].isupper():
        return False
    start, end = run[0].start, run[-1].end
    quoted = text[start - 1 : start] in tuple(_OPENING_QUOTES) and text[end : end + 1] in tuple(_CLOSING_QUOTES)
    alone = len(wanted) == 1 and not wanted[0].text.isupper()
    return quoted or not alone or not _HEAD.search(text[:start]) or not is_common_noun(wanted[0].text)


def _stands_there(text: str, start: int, end: int, notice: str) -> bool:
    reach = NEAR + len(notice)
    return fold(notice) in fold(text[max(0, start - reach) : start]) or fold(notice) in fold(text[end : end + reach])


def _with(text: str, notices: Sequence[tuple[int, str]]) -> str:
    for end, notice in sorted(notices, key=lambda found: found[0], reverse=True):
        text = f"{text[:end]} ({notice}){text[end:]}"
    return text
