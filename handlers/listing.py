"""Several stories in one message, with summaries that unfold."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text, TextLink

from bot.model import Story
from bot.telegram.marks import annotate
from bot.telegram.text import clean, clip, safe_link, units
from bot.words import Words

_LONGEST_MESSAGE: Final = 4096
"""UTF-16 units after parsing (Bot API, sendMessage)."""
_LONGEST_HEADLINE: Final = 160
_LONGEST_SOURCE: Final = 40
_LONGEST_SUMMARY: Final = 400


def listed(stories: Sequence[Story], words: Words, time_zone: str, now: datetime, heading: str = "") -> tuple[str, int]:
    """The first stories that fit one message below the heading (plain text), and how many these are; HTML.

    One always fits.
    """
    parts = [_story(story, words, time_zone, now) for story in stories]
    above = [Text(heading)] if heading else []
    shown = len(parts)
    while shown > 1 and units(_joined([*above, *parts[:shown]]).render()[0]) > _LONGEST_MESSAGE:
        shown -= 1
    return _joined([*above, *parts[:shown]]).as_html(), shown


def headlines(stories: Sequence[Story], words: Words, time_zone: str, now: datetime) -> str:
    """A line each: the time and the headline with its link; HTML."""
    return Text(*_lines(stories, words, time_zone, now)).as_html()


def _lines(stories: Sequence[Story], words: Words, time_zone: str, now: datetime) -> list[Text | str]:
    lines: list[Text | str] = []
    for number, story in enumerate(stories):
        lines += ["\n" if number else "", "• ", *_headline(story)]
        lines.append(f" — {words.when(story.published_at, time_zone, now)}")
    return lines


def _headline(story: Story) -> list[Text | str]:
    title = annotate((_title(story),), story.marks)[0]
    link = safe_link(story.url)
    return [title if link is None else TextLink(title, url=html.escape(link))]


def _title(story: Story) -> str:
    return clip(clean(story.title) or "…", _LONGEST_HEADLINE)


def _story(story: Story, words: Words, time_zone: str, now: datetime) -> Text:
    link = safe_link(story.url)
    title, summary = annotate((_title(story), clip(clean(story.summary), _LONGEST_SUMMARY)), story.marks)
    heading = Bold(title) if link is None else Bold(TextLink(title, url=html.escape(link)))
    source = clip(clean(story.source), _LONGEST_SOURCE)
    line = f"{source} · {words.when(story.published_at, time_zone, now)}"
    return Text(heading, "\n", line, *(["\n", ExpandableBlockQuote(summary)] if summary else []))


def _joined(stories: Sequence[Text]) -> Text:
    parts = [part for story in stories for part in (story, "\n\n")]
    return Text(*parts[:-1])
