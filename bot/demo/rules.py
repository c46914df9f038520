"""What Telegram refuses although names and types are right: texts, entities, buttons, commands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.demo.html import utf16_length
from bot.demo.judge import Execute, parse
from bot.demo.links import is_link
from bot.demo.refusal import bad_request

Json = dict[str, Any]
TEXT_LIMIT: Final = 4096
INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad"
"""A message of these and spaces alone is empty."""
CONTROL: Final = str.maketrans(dict.fromkeys(set(map(chr, range(32))) - set("\n\r"), " ") | {"\r": ""})
ENTITY_KINDS: Final = re.compile(
    "mention|hashtag|cashtag|bot_command|url|email|phone_number|bold|italic|underline|strikethrough|spoiler|"
    "blockquote|expandable_blockquote|code|pre|text_link|text_mention|custom_emoji|date_time"
)
BUTTON_LOOKS: Final = frozenset({"text", "icon_custom_emoji_id", "style"})
"""Fields of a button that say how it looks; exactly one other says what it does."""
STYLES: Final = frozenset({"danger", "success", "primary"})
MAX_BUTTONS: Final = 100


def formatted(parameters: Mapping[str, Any], judge: Execute | None) -> tuple[str, tuple[Json, ...]]:
    """The text of a sendMessage or editMessageText as the phone shows it, with its entities.

    The length is counted after parsing, in UTF-16 units: the stricter reading of "4096 characters".
    """
    text, entities = parameters["text"], parameters.get("entities") or []
    if parameters.get("parse_mode"):
        text, entities = parse(text, parameters["parse_mode"], judge)
    else:
        check_entities(text, entities)
    text, entities = _trimmed(text, entities)
    if not text.strip(INVISIBLE + " \n\u00a0"):
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, tuple(entities)


def _trimmed(text: str, entities: Sequence[Json]) -> tuple[str, list[Json]]:
    """Spaces at both ends go, control characters become spaces; entities keep their place in what stays."""
    text = text.translate(CONTROL)
    shift = len(text) - len(text.lstrip())
    text = text.strip()
    end = utf16_length(text)
    placed = []
    for entity in entities:
        begin = max(entity["offset"] - shift, 0)
        length = min(entity["offset"] + entity["length"] - shift, end) - begin
        if length > 0:
            placed.append(entity | {"offset": begin, "length": length})
    return text, placed


def check_entities(text: str, entities: Sequence[Json]) -> None:
    """Entities given directly lie within the text and cut no character in two."""
    units = text.encode("utf-16-le")
    for entity in entities:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if not ENTITY_KINDS.fullmatch(entity["type"]):
            raise bad_request(f'can\'t parse entities: unknown type "{entity["type"]}"')
        if not 0 <= begin < end <= len(units) // 2:
            raise bad_request(f"can't parse entities: {begin} to {end} lies outside the text")
        if any(_splits_pair(units, place) for place in (begin, end)):
            raise bad_request(f"can't parse entities: {begin} to {end} cuts a character in two")


def _splits_pair(units: bytes, place: int) -> bool:
    """Whether the UTF-16 unit at `place` is the second half of a character."""
    return units[2 * place + 1 : 2 * place + 2] in {b"\xdc", b"\xdd", b"\xde", b"\xdf"}


def check_markup(markup: Json | None) -> None:
    rows = (markup or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)


def _check_button(button: Json) -> None:
    label, actions = button["text"], button.keys() - BUTTON_LOOKS
    if not label.strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: it does several things: {', '.join(sorted(actions))}")
    if "style" in button and button["style"] not in STYLES:
        raise bad_request("can't parse inline keyboard button: invalid style")
    url = button.get("url")
    if url is not None and (not is_link(url, bare_hosts=False) or not re.match(r"(?i)https?:|tg:", url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def check_commands(commands: Sequence[Json]) -> None:
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not command["description"].strip():
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
