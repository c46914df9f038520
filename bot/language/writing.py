"""How a text is written: variants of the same character unified."""

from __future__ import annotations

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


def unify(text: str) -> str:
    """The same text with ё as е and typographic quotes, dashes and spaces as a typewriter has them; case is kept."""
    return text.translate(_SAME)


def fold(text: str) -> str:
    """The unified text in lower case."""
    return unify(text.casefold())
