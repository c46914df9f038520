"""Urgent marks that newsrooms set before a headline: «Срочно:», «МОЛНИЯ!», "BREAKING —", "⚡"."""

from __future__ import annotations

import re

_LIGHTNING = re.compile(r"\W*⚡")
_MARK = re.compile(
    r"\W*(?P<word>срочн(?:о|ая новость|ые новости|ое сообщение)|молния|breaking(?: news)?|urgent)"
    r"(?P<delimiter>\W*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FIRM = re.compile(r"[:!.|/\]⚡]")
"""Punctuation that sets a mark apart from the headline by itself."""


def is_urgent(title: str) -> bool:
    """The title opens with an urgent mark; the same words as part of a sentence are none.

    A mark stands apart: by punctuation («Срочно: …», «[Молния] …»), or as capitals before an ordinary headline.
    """
    if _LIGHTNING.match(title):
        return True
    mark = _MARK.match(title)
    return mark is not None and _stands_apart(mark["word"], mark["delimiter"], mark["rest"])


def _stands_apart(word: str, delimiter: str, rest: str) -> bool:
    if not rest.strip():
        return True
    if not delimiter:
        return False
    if _FIRM.search(delimiter):
        # «Молния: что делать в грозу» is about lightning; after a mark a headline begins.
        return word.casefold() != "молния" or not rest[0].islower()
    if word.isupper() and not rest.isupper():
        return not rest[0].islower()
    # «Молния — Спартак» is a match, «Срочно — в номер» a phrase.
    return bool(re.search(r"[—–-]", delimiter)) and word.casefold() != "молния" and not rest[0].islower()
