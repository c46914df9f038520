"""JSON Feed (jsonfeed.org, 1.0 and 1.1) to the same records as XML feeds."""

from __future__ import annotations

import html
import json
from typing import Any

from bot.parsing.entries import MOST_ENTRIES, Entry, RawFeed


def looks_like_json(text: str) -> bool:
    """Whether `text` starts as a JSON object does."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "{"


def read_json(text: str) -> RawFeed | None:
    """The entries of a JSON Feed; None when it is no JSON, or JSON of another kind."""
    try:
        feed = json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not ("version" in feed or "home_page_url" in feed or "feed_url" in feed):
        return None
    usable = [item for item in items if isinstance(item, dict)]
    return RawFeed(
        entries=tuple(_entry(item) for item in usable[:MOST_ENTRIES]),
        title=html.escape(_text(feed.get("title")), quote=False),
        home=_text(feed.get("home_page_url")),
        unreadable=len(items) - len(usable),
    )


def _entry(item: dict[str, Any]) -> Entry:
    people = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags")
    return Entry(
        link=_text(item.get("url")) or _text(item.get("external_url")),
        guid=_text(item.get("id")),
        # Plain text in JSON Feed: what looks like markup in it is meant literally.
        title=html.escape(_text(item.get("title")), quote=False),
        summary=html.escape(_text(item.get("summary")), quote=False),
        content=_text(item.get("content_html")) or _lines(_text(item.get("content_text"))),
        authors=tuple(_text(each.get("name")) for each in people or () if isinstance(each, dict)),
        sections=tuple(_text(tag) for tag in tags) if isinstance(tags, list) else (),
        pictures=tuple(filter(None, (_text(item.get("image")), _text(item.get("banner_image"))))),
        published=_text(item.get("date_published")) or _text(item.get("date_modified")),
    )


def _lines(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def _text(value: Any) -> str:
    """Strings and numbers (ids are often numbers) as text, anything else as none."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
