"""Bytes to text: which encoding an answer really is in, whatever it says of itself."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED: Final = re.compile(
    rb"""<\?xml[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_DECLARATION_REACH: Final = 4096
"""Bytes searched for a declaration; the HTML standard asks for 1024, real pages put scripts before it."""
_SAMPLE: Final = 65_536
"""Bytes from which an encoding is guessed and judged."""
_NOT_FOR_DOCUMENTS: Final = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7", "mbcs", "oem"}
)
_WIDER: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
"""What a name means in practice (the WHATWG encoding standard's labels)."""
_RUSSIAN: Final = ("cp1251", "koi8-r", "cp866")
_TOLERABLE: Final = 0.08
"""Share of odd letters up to which a declared encoding is believed. Right ones show under 0.03 (Latin words with
accents, МиГ, ВКонтакте), wrong ones over 0.3 on Russian text of 40 bytes and more."""
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ODD: Final = re.compile("[\ufffd\x80-\x9f\u2500-\u25ff]|(?<=[а-яё])[А-ЯЁ]|[À-ÖØ-öø-ÿ]{3}")
_WORDY: Final = re.compile("[^\x00-\x7f]")


def decode(body: bytes, content_type: str | None) -> str:
    """The text of `body`, without control characters. Never raises.

    Order of trust: byte order mark, valid UTF-8, the header's charset, the document's own declaration, detection.
    A declaration that makes letter salad of the bytes is not believed.
    """
    return remove_controls(_text(body, content_type or ""))


def remove_controls(text: str) -> str:
    """Drops NULs, other control characters but tab and line ends, lone surrogates and noncharacters."""
    return _CONTROLS.sub("", text)


def _text(body: bytes, content_type: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if wide := _unmarked_wide(body):
        return body.decode(wide, "replace")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_choose(body, content_type), "replace")
    # Escape sequences in pure ASCII bytes mean a seven-bit encoding, which only a declaration can name.
    if "\x1b" in text:
        return body.decode(_choose(body, content_type), "replace")
    return text


def _unmarked_wide(body: bytes) -> str | None:
    """UTF-16 without a mark shows as NULs in every other byte of its markup."""
    head = body[:200]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(4, len(head) // 20, 3 * min(even, odd)):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _choose(body: bytes, content_type: str) -> str:
    """The first candidate that reads like text, else the one that reads least badly."""
    best, least = "utf-8", 1.1
    sample = _telling(body)
    for name in _candidates(body, content_type):
        badness = _badness(sample.decode(name, "replace"))
        if badness <= _TOLERABLE:
            return name
        if badness < least:
            best, least = name, badness
    return best


def _telling(body: bytes) -> bytes:
    """The part of `body` to judge by: it starts a little before the first byte that is not ASCII."""
    first = re.search(rb"[\x1b\x80-\xff]", body)
    start = max(0, first.start() - 64) if first else 0
    return body[start : start + _SAMPLE]


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    if header := _HEADER.search(content_type):
        yield from _known(header[1])
    for match in _DECLARED.finditer(body[:_DECLARATION_REACH]):
        yield from _known((match[1] or match[2]).decode("ascii", "replace"))
    yield from _known(_detected(_telling(body)))
    yield "utf-8"
    yield from _RUSSIAN
    yield "cp1252"


def _detected(sample: bytes) -> str:
    import cchardet  # noqa: PLC0415 — only answers that lie about themselves need it

    return str(cchardet.detect(sample).get("encoding") or "")


def _known(name: str) -> Iterator[str]:
    """The codec's own name for `name`, if it is an encoding of documents."""
    try:
        codec = codecs.lookup(name)
        bytes(4).decode(codec.name)  # a LookupError where it is no text encoding (hex, zip, …)
    except (LookupError, ValueError):
        return
    if codec.name.replace("_", "-") not in _NOT_FOR_DOCUMENTS:
        yield _WIDER.get(codec.name, codec.name)


def _badness(text: str) -> float:
    """Share, 0 to 1, of odd signs among what is not ASCII: capitals inside words, box drawing, runs of accents."""
    return min(1.0, len(_ODD.findall(text)) / max(1, len(_WORDY.findall(text))) * 2)
