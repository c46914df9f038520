"""A story as a Telegram message: valid whatever the article contains, and never too long.

Lengths are in UTF-16 units. Their worst case together (300 + 160 + 800 + 70, ten notices of 243, line breaks) is
under 4,096, so that nothing needs to be cut as a whole.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from aiogram.utils.formatting import Bold, Text, TextLink

from bot.language import fold
from bot.model import Due, Story, Topic
from bot.telegram.callbacks import WhyStory
from bot.telegram.marks import annotate
from bot.telegram.text import clean, clip, safe_link
from bot.words import Words, words

LONGEST_HEADLINE: Final = 300
LONGEST_SOURCE: Final = 80
LONGEST_SUMMARY: Final = 400
"""Characters, as the glossary defines a summary; marks come on top."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What `sendMessage` takes."""

    text: str
    """HTML."""
    preview: LinkPreviewOptions
    keyboard: InlineKeyboardMarkup


def notification(due: Due, now: datetime) -> Rendered:
    """What a subscriber is told, in their language and time zone."""
    reader = due.subscriber
    return story_card(due.story, due.topic, words(reader.language), reader.time_zone, now)


def story_card(story: Story, topic: Topic | None, words: Words, time_zone: str, now: datetime) -> Rendered:
    """The story with its headline, source, time, summary, and the topic's hashtag if it is told under one."""
    link = safe_link(story.url)
    return Rendered(
        text=_text(story, topic, link, words, words.when(story.published_at, time_zone, now)),
        preview=_preview(link if story.picture else None),
        keyboard=_keyboard(story, link, words),
    )


def _text(story: Story, topic: Topic | None, link: str | None, words: Words, when: str) -> str:
    headline, summary = annotate((_headline(story), _summary(story)), story.marks)
    paragraphs = [
        Text(_heading(headline, link), "\n", _source_line(story, words, when)),
        summary,
        words.hashtag(topic) if topic else "",
    ]
    shown = [node for paragraph in paragraphs if paragraph for node in (paragraph, "\n\n")]
    return Text(*shown[:-1]).as_html()


def _headline(story: Story) -> str:
    return clip(clean(story.title) or clean(story.source) or "…", LONGEST_HEADLINE)


def _summary(story: Story) -> str:
    """Empty when there is none or it only repeats the headline."""
    summary = clean(story.summary)
    if fold(summary).rstrip(".") == fold(clean(story.title)).rstrip("."):
        return ""
    # Units are never fewer than characters: a summary of 400 characters, some of them emoji, stays whole.
    excess = sum(ord(char) > 0xFFFF for char in summary[:LONGEST_SUMMARY])
    return clip(summary, LONGEST_SUMMARY + excess)


def _heading(headline: str, link: str | None) -> Text:
    # aiogram escapes texts, but not addresses.
    return Bold(headline) if link is None else Bold(TextLink(headline, url=html.escape(link)))


def _source_line(story: Story, words: Words, when: str) -> str:
    parts = [clip(clean(story.source), LONGEST_SOURCE), when]
    if len(story.sources) > 1:
        parts.append(words.plural("{count} source", "{count} sources", len(story.sources)))
    return " · ".join(part for part in parts if part)


def _preview(link: str | None) -> LinkPreviewOptions:
    if link is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(is_disabled=False, url=link, show_above_text=True, prefer_large_media=True)


def _keyboard(story: Story, link: str | None, words: Words) -> InlineKeyboardMarkup:
    why = InlineKeyboardButton(text=words("Why?"), callback_data=WhyStory(story=story.id).pack())
    if link is None:
        return InlineKeyboardMarkup(inline_keyboard=[[why]])
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=words("Read"), url=link), why]])
