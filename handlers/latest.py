"""/latest: the newest stories on one's topics, in one message, with summaries that unfold."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message
from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text, TextLink

from bot.model import Story
from bot.subscribers import reading
from bot.telegram.marks import annotate
from bot.telegram.text import clean, clip, safe_link, units
from bot.words import Words
from handlers import keyboards
from handlers.flags import COSTLY
from handlers.replies import send
from handlers.talk import Talk

_STORIES: Final = 5
"""Of at most 600 characters each with their headlines: they fit one message unless legal marks are many."""
_LONGEST_MESSAGE: Final = 4096
"""UTF-16 units after parsing (Bot API, sendMessage)."""
_LONGEST_HEADLINE: Final = 160
_LONGEST_SOURCE: Final = 40
_LONGEST_SUMMARY: Final = 400


def create_router() -> Router:
    router = Router(name="latest")
    router.message.register(latest, Command("latest", ignore_case=True), flags=COSTLY)
    return router


async def latest(message: Message, talk: Talk) -> None:
    told = await reading.latest(talk.use_cases, talk.subscriber, _STORIES)
    if not told:
        await send(message, talk.words("There is no news on your topics yet."), keyboards.all_topics(talk.words))
        return
    stories = [_story(one.story, talk.words, talk.subscriber.time_zone, talk.now) for one in told]
    shown = _fitting(stories)
    await send(message, _joined(stories[:shown]).as_html(), keyboards.all_topics(talk.words))
    for one in reversed(told[:shown]):  # /why explains what was told last: the newest
        await reading.shown(talk.use_cases, talk.subscriber, one, talk.now)


def _story(story: Story, words: Words, time_zone: str, now: datetime) -> Text:
    link = safe_link(story.url)
    title, summary = annotate(
        (clip(clean(story.title) or "…", _LONGEST_HEADLINE), clip(clean(story.summary), _LONGEST_SUMMARY)), story.marks
    )
    heading = Bold(title) if link is None else Bold(TextLink(title, url=html.escape(link)))
    source = clip(clean(story.source), _LONGEST_SOURCE)
    line = f"{source} · {words.when(story.published_at, time_zone, now)}"
    return Text(heading, "\n", line, *(["\n", ExpandableBlockQuote(summary)] if summary else []))


def _fitting(stories: Sequence[Text]) -> int:
    """How many stories from the first on fit one message together; at least one does by itself."""
    shown = len(stories)
    while shown > 1 and units(_joined(stories[:shown]).render()[0]) > _LONGEST_MESSAGE:
        shown -= 1
    return shown


def _joined(stories: Sequence[Text]) -> Text:
    parts = [part for story in stories for part in (story, "\n\n")]
    return Text(*parts[:-1])
