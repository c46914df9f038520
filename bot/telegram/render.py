"""A story as a Telegram message: valid whatever the article contains, and never too long.

Lengths are in UTF-16 units. Their worst case together (300 + 230 + 800 + 260 + 70, nine notices of 243, line breaks) is
under 4,096, so that nothing needs to be cut as a whole.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from aiogram.utils.formatting import Bold, Strikethrough, Text, TextLink

from bot.language import fold
from bot.model import Details, Due, Level, NotificationKind, Reason, Story, Topic
from bot.telegram.callbacks import WhyStory
from bot.telegram.marks import annotate
from bot.telegram.text import clean, clip, safe_link
from bot.words import Words, words

LONGEST_HEADLINE: Final = 300
LONGEST_SOURCE: Final = 80
MOST_REASONS: Final = 4
"""In a follow-up; all of them are under «Почему?»."""
LONGEST_DETAILS: Final = 160
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
    """What a subscriber is told, in their language and time zone; of a correction, what the message is to say."""
    reader, label = due.subscriber, None
    said = words(reader.language)
    if due.notification.kind is NotificationKind.FOLLOW_UP:
        if due.adds is not None and due.adds.kind.startswith("risen_"):
            return _rise_card(due.story, due.adds, said)
        label = said("More on this")
    return story_card(due.story, due.topic, said, reader.time_zone, now, label=label)


def _rise_card(story: Story, risen: Reason, words: Words) -> Rendered:
    """That the story has become important, and why; what it is stands in the message that this one answers."""
    why = Text("\n".join(f"• {words.reason(reason)}" for reason in story.because[:MOST_REASONS]))
    link = safe_link(story.url)
    return Rendered(
        text=Text(Bold(words.reason(risen)), "\n", why).as_html(),
        preview=_preview(None),
        keyboard=_keyboard(story, link, words),
    )


def story_card(
    story: Story, topic: Topic | None, words: Words, time_zone: str, now: datetime, *, label: str | None = None
) -> Rendered:
    """The story with its headline, source, time, summary, and the topic's hashtag if it is told under one.

    A corrected story says when that was; of a withdrawn one only the headline is left, struck out. `label`: before the
    source, plain.
    """
    said = _Said(words, time_zone, now)
    if story.withdrawn_at is not None:
        return _withdrawn_card(story, topic, said, story.withdrawn_at)
    link = safe_link(story.url)
    headline, summary = annotate((_headline(story), _summary(story)), story.marks)
    heading, source_line = Bold(_linked(headline, link)), said.source_line(story, label)
    text = _text(heading, source_line, summary, said.details(story.details), said.hashtag(topic))
    return Rendered(
        text=text, preview=_preview(link if story.picture else None), keyboard=_keyboard(story, link, words)
    )


def _withdrawn_card(story: Story, topic: Topic | None, said: _Said, at: datetime) -> Rendered:
    (headline,) = annotate((_headline(story),), story.marks)
    notice = said.words("This news was withdrawn ({time}).", time=said.when(at))
    return Rendered(
        text=_text(Strikethrough(headline), said.source_line(story), notice, said.hashtag(topic)),
        preview=_preview(None),
        keyboard=_keyboard(story, None, said.words),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said around a story, for one reader."""

    words: Words
    time_zone: str
    now: datetime

    def when(self, at: datetime) -> str:
        return self.words.when(at, self.time_zone, self.now)

    def hashtag(self, topic: Topic | None) -> str:
        return self.words.hashtag(topic) if topic else ""

    def details(self, details: Details | None) -> str:
        """What another source adds, in its words and under its name."""
        if details is None:
            return ""
        (fact,) = annotate((clip(clean(details.text), LONGEST_DETAILS),), details.marks, most=1)
        return self.words("Details: {fact} — {source}", fact=fact, source=clip(clean(details.source), LONGEST_SOURCE))

    def source_line(self, story: Story, label: str | None = None) -> str:
        words, carried_by = self.words, len(story.sources)
        parts = [
            label or "",
            f"{_lightning(story)}{clip(clean(story.source), LONGEST_SOURCE)}",
            self.when(story.published_at),
            words.plural("{count} source", "{count} sources", carried_by) if carried_by > 1 else "",
            words("corrected {time}", time=self.when(story.corrected_at)) if story.corrected_at else "",
        ]
        return " · ".join(part for part in parts if part)


def _lightning(story: Story) -> str:
    """Before the source of breaking news; it's our word and not the source's, so it's no word."""
    return "⚡️ " if story.level is Level.BREAKING and story.withdrawn_at is None else ""


def _text(heading: Text, source_line: str, *paragraphs: str) -> str:
    """As HTML, with an empty line between paragraphs that are there."""
    whole: tuple[Text | str, ...] = (Text(heading, "\n", source_line), *paragraphs)
    shown = [node for paragraph in whole if paragraph for node in (paragraph, "\n\n")]
    return Text(*shown[:-1]).as_html()


def _linked(headline: str, link: str | None) -> Text:
    # aiogram escapes texts, but not addresses.
    return Text(headline) if link is None else TextLink(headline, url=html.escape(link))


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


def _preview(link: str | None) -> LinkPreviewOptions:
    if link is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(is_disabled=False, url=link, show_above_text=True, prefer_large_media=True)


def _keyboard(story: Story, link: str | None, words: Words) -> InlineKeyboardMarkup:
    why = InlineKeyboardButton(text=words("Why?"), callback_data=WhyStory(story=story.id).pack())
    if link is None:
        return InlineKeyboardMarkup(inline_keyboard=[[why]])
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=words("Read"), url=link), why]])
