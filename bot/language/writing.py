"""How a text is written: variants of the same character unified, legal marks blanked out."""

from __future__ import annotations

import re
from typing import Final

_SAME: Final = str.maketrans(
    {
        "ё": "е", "Ё": "Е",
        "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
        "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "`": "'", "′": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ",
        "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None, "\u0301": None,
    }
)  # fmt: skip
"""Quotes, apostrophes, dashes and spaces to the typewriter's; soft hyphens, joiners and stress marks to nothing."""

_NOTICE: Final = (
    r"запрещ[её]н\w*\s+(?:в|на\s+территории)\s+(?:РФ|Росси)|запрещ[её]н[аоы]?\s*[)\],–—-]|"
    r"запрещ[её]нн\w+\s+(?:террорист|экстремист|организац|группировк)|"
    r"иноагент|иностранн\w+\s+агент|нежелательн\w+\s+организаци|"
    r"экстремистск\w+|террористическ\w+\s+организаци|внес[её]н\w*\s+в\s+(?:реестр|список|перечень)"
)
_MARK: Final = re.compile(
    rf"[(\[](?=[^()\[\]]*(?:{_NOTICE}))[^()\[\]]{{0,300}}[)\]]"  # «(запрещена в РФ – прим. Труд)»
    rf"|^[ \t]*+[*¹²³]++(?=[^\n]*(?:{_NOTICE}))[^\n]*$"  # «* Организация запрещена в России», a footnote
    r"|настоящий\s+материал\s*\(информация\)[^.\n]{0,600}",  # the foreign agents' own notice
    re.IGNORECASE | re.MULTILINE,
)


def unify(text: str) -> str:
    """The same text with ё as е and typographic quotes, dashes and spaces as a typewriter has them; case is kept."""
    return text.translate(_SAME)


def fold(text: str) -> str:
    """The unified text in lower case."""
    return unify(text.casefold())


def without_marks(text: str) -> str:
    """The text with legal marks in brackets and footnotes blanked out; every other character keeps its place."""
    return _MARK.sub(lambda mark: " " * len(mark[0]), text)
