"""What the conversation says about topics and their settings, and the one place where values enter HTML."""

from __future__ import annotations

import html as markup
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.errors import QueryError
from bot.model import Level, Subscription, Topic
from bot.telegram.text import clean, clip, tidy
from bot.words import Words

COMMANDS: Final[Mapping[str, str]] = {
    "topics": "My topics and how much I get",
    "latest": "The latest news on my topics",
    "follow": "Follow a topic in your own words",
    "unfollow": "Stop following a topic",
    "search": "Search the news",
    "sections": "Sections to follow, and their order",
    "sources": "Sources to follow",
    "why": "Why this story, or why not",
    "digest": "News in one message, daily or weekly",
    "quiet": "When not to disturb me",
    "pause": "Pause notifications",
    "resume": "Resume notifications",
    "settings": "Language, time zone and more",
    "help": "What I can do",
    "privacy": "What is stored about you",
    "forget": "Delete everything about me",
}
"""The commands Telegram shows, in its menu's order, and what they do (English messages, to be translated)."""

PUBLISHERS: Final[Mapping[str, str]] = {"admin": "How the bot is doing"}
"""Commands that Telegram's menu doesn't show."""

LONGEST_VALUE: Final = 200
"""UTF-16 units of anything quoted: what a subscriber wrote may be 4,096 long, a headline longer."""
_LONGEST_LABEL: Final = 40
"""The same of a topic on a button: more does not fit a phone's screen."""
_LONGEST_HINT: Final = 28
"""Characters: as many as fit."""

_DAYS: Final = 7


def html(words: Words, message: str, /, **values: str | int) -> str:
    """The message, which may hold HTML itself, with its values cleaned, clipped and escaped."""
    return words(message, **{name: _escaped(value) for name, value in values.items()})


def escape(text: str) -> str:
    """A text as HTML, in one line of bearable length, its no-break spaces kept: our own values have them."""
    return markup.escape(clip(tidy(text), LONGEST_VALUE))


def _escaped(value: str | int) -> str:
    return escape(str(value))


def label(words: Words, topic: Topic) -> str:
    """A topic as it stands on a button (which knows no HTML)."""
    return short(words.topic(topic))


def short(text: str) -> str:
    """A text as it stands on a button."""
    return clip(clean(text), _LONGEST_LABEL) or "…"


def hint(query: str) -> str:
    """A better query as it stands on a button. Of a long one the end is shown: what is added stands there."""
    shown = clean(query)
    if len(shown) > _LONGEST_HINT:
        shown = f"…{shown[-_LONGEST_HINT:].partition(' ')[2] or shown[-_LONGEST_HINT:]}"
    return f"🔎 {shown}"


def query_error(words: Words, error: QueryError) -> str:
    """What is wrong with a query, as HTML."""
    return escape(words.query_error(error))


def threshold(words: Words, level: Level) -> str:
    """A level as what a subscription lets through: the lowest lets through everything."""
    return words("everything") if level is Level.ROUTINE else words.level(level)


def setting(words: Words, level: Level, weekly: Mapping[Level, int]) -> str:
    """A level with what it brings: "major, ≈5 a day"."""
    amount = rate(words, weekly.get(level, 0))
    return f"{threshold(words, level)}, {amount}" if amount else threshold(words, level)


def rate(words: Words, a_week: int) -> str:
    """How many stories come, by those of the last week; "" when none did: that promises nothing."""
    if a_week >= _DAYS:
        return words("≈{count} a day", count=words.number(a_week / _DAYS))
    return words("≈{count} a week", count=a_week) if a_week else ""


def card(words: Words, subscription: Subscription, weekly: Mapping[Level, int], time_zone: str, now: datetime) -> str:
    """A topic's card, as HTML."""
    until = muted_until(subscription, now)
    silence = () if until is None else (html(words, "Silent until {when}", when=words.when(until, time_zone, now)),)
    sound = words("Sound: on") if subscription.sound else words("Sound: off")
    title = f"<b>{escape(words.topic(subscription.topic))}</b>"
    level = html(words, "I notify of: {setting}", setting=setting(words, subscription.level, weekly))
    return "\n".join((title, "", level, sound, *silence))


def muted_until(subscription: Subscription, now: datetime) -> datetime | None:
    """When the silence that holds at `now` ends; None if there is none."""
    until = subscription.muted_until
    return until if until is not None and now < until else None
