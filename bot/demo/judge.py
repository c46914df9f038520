"""Who judges the texts of messages: Telegram's own parser where it is installed (tdjson), else our strict one."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from bot.demo.html import HtmlError, parse_html
from bot.demo.refusal import bad_request

Execute = Callable[[dict[str, Any]], dict[str, Any]]
MODES: Final[dict[str, dict[str, Any]]] = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
KINDS: Final = {
    "textEntityTypeBold": "bold",
    "textEntityTypeItalic": "italic",
    "textEntityTypeUnderline": "underline",
    "textEntityTypeStrikethrough": "strikethrough",
    "textEntityTypeSpoiler": "spoiler",
    "textEntityTypeCode": "code",
    "textEntityTypePre": "pre",
    "textEntityTypePreCode": "pre",
    "textEntityTypeTextUrl": "text_link",
    "textEntityTypeMentionName": "text_mention",
    "textEntityTypeCustomEmoji": "custom_emoji",
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
    "textEntityTypeDateTime": "date_time",
}


@cache
def telegrams_parser() -> Execute | None:
    """Telegram's client library, quiet; None where it isn't installed."""
    try:
        library = importlib.import_module("tdjson")
    except ImportError:
        return None

    def execute(request: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(library.td_execute(json.dumps(request).encode()))
        return answer

    execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
    return execute


def parse(text: str, mode: str, execute: Execute | None = None) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its entities. Raises RefusalError as the official server words it."""
    if mode.lower() not in MODES:
        raise bad_request("unsupported parse_mode")
    if execute is not None:
        return _by_telegram(execute, text, MODES[mode.lower()])
    if mode.lower() != "html":
        raise bad_request(f"the stand-in reads {mode} only where tdjson is installed")
    try:
        return parse_html(text)
    except HtmlError as error:
        raise bad_request(f"can't parse entities: {error}") from error


def _by_telegram(execute: Execute, text: str, mode: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    answer = execute({"@type": "parseTextEntities", "text": text, "parse_mode": mode})
    if answer["@type"] == "error":
        message = str(answer["message"])
        raise bad_request(message[:1].lower() + message[1:])
    return answer["text"], [_entity(entity) for entity in answer["entities"]]


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    kind = entity["type"]
    result = {"type": KINDS[kind["@type"]], "offset": entity["offset"], "length": entity["length"]}
    result |= {name: kind[name] for name in ("url", "language", "unix_time") if kind.get(name)}
    if "custom_emoji_id" in kind:
        result["custom_emoji_id"] = str(kind["custom_emoji_id"])
    if "user_id" in kind:
        result["user"] = {"id": kind["user_id"], "is_bot": False, "first_name": ""}
    return result
