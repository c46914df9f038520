"""Foreign text and addresses made fit for a message: cleaned, cut between what a reader sees as characters, linkable.

Telegram counts UTF-16 code units (https://core.telegram.org/api/entities#entity-length), and so does everything here.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

ELLIPSIS: Final = "…"
LONGEST_READ: Final = 20_000
"""Characters of a foreign text that are looked at: no line we send is near as long."""
LONGEST_LINK: Final = 2048
"""Characters; longer addresses are refused as a button."""
MOST_MARKS: Final = 8
"""Combining marks on one letter: more than any script writes, fewer than pile up over the neighbouring lines."""

_NO_BREAK: Final = "\u00a0"
_ZWNJ: Final = "\u200c"
_ZWJ: Final = "\u200d"
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""
_VISIBLE_FORMAT: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
"""Format characters that are drawn: Arabic and Syriac number signs."""
_NON_CHARACTERS: Final = frozenset(
    [*map(chr, range(0xFDD0, 0xFDF0)), *(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))]
)
_HOST_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PATH_SAFE: Final = "/:@!$&'()*+,;=~%?#-._"
"""RFC 3986's reserved and unreserved signs and "%" itself; everything else is percent-encoded."""


def clean(text: str) -> str:
    """One line of what can be seen: no control, bidirectional or zero-width characters, no half of a pair.

    Joiners stay where they join: in emoji and in scripts that need them.
    """
    kept: list[str] = []
    marks = 0
    for char in text[:LONGEST_READ]:
        shown = _shown(char)
        if unicodedata.category(char).startswith("M"):
            marks += 1
            if marks > MOST_MARKS or not kept or kept[-1] == " ":
                continue
        elif shown:
            marks = 0
        kept.append(shown)
    joined = re.sub(rf"(?<!\S)[{_ZWNJ}{_ZWJ}]+|[{_ZWNJ}{_ZWJ}]+(?!\S)", "", "".join(kept))
    return " ".join(joined.split())


def tidy(text: str) -> str:
    """The same for what we say ourselves: its no-break spaces are meant, and stay."""
    return _NO_BREAK.join(filter(None, map(clean, text.split(_NO_BREAK))))


def _shown(char: str) -> str:
    """The character itself, a space in place of one that shows as a gap, or nothing."""
    category = unicodedata.category(char)
    if category in {"Cc", "Zs", "Zl", "Zp"} or char in _BLANKS:
        return " "
    if category == "Cs" or char in _NON_CHARACTERS:
        return ""
    if category == "Cf" and char not in _VISIBLE_FORMAT and char not in {_ZWNJ, _ZWJ}:
        return ""
    return char


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """A clean text within `limit` units: whole, or cut at a word (one too long is cut between letters) with "…"."""
    if units(text) <= limit:
        return text
    end = _end_within(text, limit - 1)
    while end > 0 and _joined(text, end):
        end -= 1
    word_end = text.rfind(" ", 0, end + 1)
    if word_end > end // 2:
        end = word_end
    return text[:end].rstrip(" ,;:.!?–—-«(\"'“") + ELLIPSIS


def _end_within(text: str, limit: int) -> int:
    """How many characters from the start are together at most `limit` units."""
    used = 0
    for end, char in enumerate(text):
        used += 2 if ord(char) > 0xFFFF else 1
        if used > limit:
            return end
    return len(text)


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and after `at` are seen as one (the usual cases of Unicode's annex 29)."""
    before, after = text[at - 1], text[at]
    if unicodedata.category(after).startswith("M") or after in {_ZWJ, _ZWNJ} or before == _ZWJ:
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff":  # skin tones
        return True
    if "\u1160" <= after <= "\u11ff":  # vowels and finals of a Hangul syllable
        return True
    return _is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start


def safe_link(url: str) -> str | None:
    """The address in ASCII, as Telegram takes it for a link and a button; None when it would refuse it there.

    Host names without a dot ("localhost") and addresses with a user name are refused.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or port == 0 or "@" in parts.netloc:
        return None
    if parts.netloc.endswith(":"):
        return None
    place = host if port is None else f"{host}:{port}"
    try:
        rest = quote(parts._replace(scheme="", netloc="").geturl(), safe=_PATH_SAFE)
    except UnicodeEncodeError:
        return None
    link = f"{parts.scheme}://{place}{rest if rest.startswith('/') else f'/{rest}'}"
    return link if len(link) <= LONGEST_LINK else None


def _host(name: str) -> str | None:
    """The host in ASCII; raises ValueError (UnicodeError is one) for what cannot be a host."""
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name).compressed}]" if "%" not in name else None
    ascii_name = name.encode("idna").decode("ascii").lower()
    labels = ascii_name.split(".")
    if len(labels) < 2 or len(ascii_name) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        return None
    return ascii_name
