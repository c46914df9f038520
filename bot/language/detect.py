"""Which language a text is in, told by its letters."""

from __future__ import annotations

from typing import Final

_LATIN, _CYRILLIC = "aeo", "аео"
"""Vowels of every language in these scripts, and look-alikes: the more frequent ones tell the script."""
_UKRAINIAN, _RUSSIAN, _BELARUSIAN = "іїєґ", "ыэъё", "ў"
_READ: Final = 2_000
"""Characters: the language of a text shows in its first lines."""


def detect(text: str, expected: str = "ru") -> str:
    """`ru`, `uk`, or for Latin letters `en`; `expected` where letters don't tell, as in a text of another language."""
    start = text[:_READ].lower()
    if _count(start, _LATIN) > _count(start, _CYRILLIC):
        return "en" if expected in {"ru", "uk"} else expected
    ukrainian, russian = _count(start, _UKRAINIAN), _count(start, _RUSSIAN)
    if ukrainian == russian or _BELARUSIAN in start:
        return expected
    return "uk" if ukrainian > russian else "ru"


def _count(text: str, letters: str) -> int:
    return sum(map(text.count, letters))
