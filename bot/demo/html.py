"""Telegram's HTML for message texts, parsed as strictly and as leniently as Telegram's own parser does.

The rules were learned from what `parseTextEntities` of Telegram's client library answers (tests compare the two):
only `&lt; &gt; &amp; &quot;` and numeric references are decoded, other `&` stay; tags must nest; an attribute may be
unquoted, unknown or empty; an entity around nothing vanishes; a link that can't be opened loses its link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.demo.links import is_link

SPACES: Final = b" \t\r\n\x0b"
KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "a": "text_link",
    "blockquote": "blockquote",
}
"""Tag to type of entity."""
REFERENCE: Final = re.compile(rb"&(?:#[xX](?P<hex>[0-9a-fA-F]*)|#(?P<decimal>[0-9]*)|(?P<name>[A-Za-z]*));?")
NAMED: Final = {b"lt": b"<", b"gt": b">", b"amp": b"&", b"quot": b'"'}
PLAIN: Final = re.compile(rb"[^<&]*")
TAG_NAME: Final = re.compile(rb"[^ \t\r\n\x0b\x00>]*")
ATTRIBUTE_NAME: Final = re.compile(rb"[^ \t\r\n\x0b\x00>=/\"']*")
NAME_TOKEN: Final = re.compile(rb"[A-Za-z0-9.-]*")


class HtmlError(ValueError):
    """Why the text can't be parsed, in the words that follow `can't parse entities: `."""


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    attributes: Mapping[str, str]
    offset: int
    """In UTF-16 units of the text so far."""
    begin: int
    """The same, in bytes."""


@dataclass(slots=True)
class _Parse:
    source: bytes
    """Ends with a zero byte: inside a tag a zero byte is where the text ends."""
    at: int = 0
    text: bytearray = field(default_factory=bytearray)
    entities: list[dict[str, Any]] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def offset(self) -> int:
        return utf16_length(self.text.decode(errors="replace"))


def utf16_length(text: str) -> int:
    """Telegram counts offsets and lengths in UTF-16 code units."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its entities, as the Bot API writes them. Raises HtmlError."""
    state = _Parse(source.encode() + b"\x00")
    while state.at < len(state.source) - 1:
        _step(state)
    if state.stack:
        raise HtmlError(f'Can\'t find end tag corresponding to start tag "{state.stack[-1].tag}"')
    try:
        text = state.text.decode()
    except UnicodeDecodeError:
        raise HtmlError(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        ) from None
    for entity in state.entities:
        if entity["type"] == "code":
            entity.pop("language", None)  # only code that fills its <pre> has one
    return text, sorted(state.entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _step(state: _Parse) -> None:
    byte = state.source[state.at : state.at + 1]
    if byte == b"<":
        (_end_tag if state.source[state.at + 1 : state.at + 2] == b"/" else _start_tag)(state)
        return
    decoded, after = _reference(state.source, state.at) if byte == b"&" else (None, 0)
    if decoded is not None:
        state.text += decoded
        state.at = after
        return
    end = min(state.at + 1 + len(_match(PLAIN, state.source, state.at + 1)), len(state.source) - 1)
    state.text += state.source[state.at : end]
    state.at = end


def _reference(source: bytes, at: int) -> tuple[bytes | None, int]:
    """The character that a reference at `at` stands for, and where it ends; None if it's none of Telegram's."""
    found = REFERENCE.match(source, at)
    if found is None:
        return None, at
    if found["name"] is not None:
        return NAMED.get(found["name"]), found.end()
    digits, base = (found["hex"], 16) if found["hex"] is not None else (found["decimal"], 10)
    length = found.end() - at - (1 if found[0].endswith(b";") else 0)
    code = int(digits, base) if digits else 0
    if not 0 < code < 0x10FFFF or length >= 10:
        return None, at
    return chr(code).encode(errors="surrogatepass"), found.end()


def _match(pattern: re.Pattern[bytes], source: bytes, at: int) -> bytes:
    found = pattern.match(source, at)
    return found[0] if found else b""


def _skip_spaces(state: _Parse) -> None:
    while state.source[state.at] in SPACES:
        state.at += 1


def _ended(state: _Parse) -> bool:
    return state.source[state.at] == 0


def _start_tag(state: _Parse) -> None:
    begin = state.at
    name = _match(TAG_NAME, state.source, begin + 1)
    state.at = begin + 1 + len(name)
    if _ended(state):
        raise HtmlError(f"Unclosed start tag at byte offset {begin}")
    tag = name.decode(errors="replace").lower()
    if tag not in KINDS:
        raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {begin}')
    attributes = _attributes(state, tag, begin)
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
    state.stack.append(_Open(tag, attributes, state.offset(), len(state.text)))


def _attributes(state: _Parse, tag: str, begin: int) -> dict[str, str]:
    """Reads up to and over the `>`."""
    attributes: dict[str, str] = {}
    while True:
        _skip_spaces(state)
        if state.source[state.at] == ord(">"):
            state.at += 1
            return attributes
        name = _match(ATTRIBUTE_NAME, state.source, state.at)
        if not name:
            raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        state.at += len(name)
        _skip_spaces(state)
        if _ended(state):
            raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value = _attribute_value(state, tag, begin) if state.source[state.at] == ord("=") else ""
        attributes[name.decode(errors="replace")] = value


def _attribute_value(state: _Parse, tag: str, begin: int) -> str:
    state.at += 1
    _skip_spaces(state)
    if _ended(state):
        raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
    if state.source[state.at] not in b"'\"":
        token, start = _match(NAME_TOKEN, state.source, state.at), state.at
        state.at += len(token)
        if state.source[state.at] not in SPACES + b">\x00":
            raise HtmlError(f"Unexpected end of name token at byte offset {start}")
        value = token.lower()
    else:
        value = _quoted(state)
    if _ended(state):
        raise HtmlError(f"Unclosed start tag at byte offset {begin}")
    return value.decode(errors="replace")


def _quoted(state: _Parse) -> bytes:
    quote, value = state.source[state.at], bytearray()
    state.at += 1
    while not _ended(state) and state.source[state.at] != quote:
        decoded, after = _reference(state.source, state.at)
        value += state.source[state.at : state.at + 1] if decoded is None else decoded
        state.at = state.at + 1 if decoded is None else after
    if not _ended(state):
        state.at += 1
    return bytes(value)


def _end_tag(state: _Parse) -> None:
    begin = state.at
    if not state.stack:
        raise HtmlError(f"Unexpected end tag at byte offset {begin}")
    name = _match(TAG_NAME, state.source, begin + 2)
    state.at = begin + 2 + len(name)
    _skip_spaces(state)
    if state.source[state.at] != ord(">"):
        raise HtmlError(f"Unclosed end tag at byte offset {begin}")
    state.at += 1
    opened, found = state.stack.pop(), name.decode(errors="replace").lower()
    if found and found != opened.tag:
        raise HtmlError(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{found}>"')
    length = state.offset() - opened.offset
    if length:
        _close(state, opened, length)


def _close(state: _Parse, opened: _Open, length: int) -> None:
    describe = DETAILS.get(opened.tag)
    details = describe(state, opened) if describe else {}
    if details is None:
        return
    entity = {"type": KINDS[opened.tag], "offset": opened.offset, "length": length} | details
    inner = state.entities[-1] if state.entities else {}
    same_place = (inner.get("offset"), inner.get("length")) == (opened.offset, length)
    if opened.tag == "pre" and inner.get("type") == "code" and same_place and "language" in inner:
        entity["language"] = state.entities.pop()["language"]
    state.entities.append(entity)


def _link(state: _Parse, opened: _Open) -> dict[str, Any] | None:
    url = opened.attributes.get("href") or bytes(state.text[opened.begin :]).decode(errors="replace")
    if mention := re.fullmatch(r"tg:(?://)?user\?id=(\d+)", url):
        return {"type": "text_mention", "user": {"id": int(mention[1]), "is_bot": False, "first_name": ""}}
    return {"url": url} if is_link(url) else None


def _emoji(_state: _Parse, opened: _Open) -> dict[str, Any] | None:
    identifier = opened.attributes.get("emoji-id", "")
    if not re.fullmatch(r"-?[1-9]\d{0,18}", identifier) or not -(2**63) <= int(identifier) < 2**63:
        raise HtmlError("Invalid custom emoji identifier specified")
    return {"custom_emoji_id": identifier}


def _time(_state: _Parse, opened: _Open) -> dict[str, Any] | None:
    style = opened.attributes.get("format", "")
    if not re.fullmatch(r"[rR]|[wWdDtT]*", style):
        raise HtmlError("Invalid date format used")
    unix = re.match(r"\d+", opened.attributes.get("unix", ""))
    seconds = int(unix[0]) if unix else 0
    if not 0 < seconds < 2**31:
        return None
    return {"unix_time": seconds} | ({"date_time_format": style} if style else {})


def _code(_state: _Parse, opened: _Open) -> dict[str, Any] | None:
    name = opened.attributes.get("class", "")
    return {"language": name.removeprefix("language-")} if name.startswith("language-") else {}


def _quote(_state: _Parse, opened: _Open) -> dict[str, Any] | None:
    return {"type": "expandable_blockquote"} if "expandable" in opened.attributes else {}


DETAILS: Final[Mapping[str, Callable[[_Parse, _Open], dict[str, Any] | None]]] = {
    "a": _link,
    "tg-emoji": _emoji,
    "tg-time": _time,
    "code": _code,
    "blockquote": _quote,
}
"""What an entity holds besides its place; None: it vanishes."""
