"""The buttons below messages. Each names the state it wants, so pressing it twice or late does no harm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Level, Subscription, Topic
from bot.subscribers.menu import Card, Row
from bot.telegram.callbacks import (
    AskWords,
    FollowDraft,
    FollowTopic,
    ForgetMe,
    MuteStory,
    MuteTopic,
    PauseFor,
    PauseTillMorning,
    Resume,
    Shelf,
    ShowDraft,
    TopicCard,
    TopicLevel,
    TopicMenu,
    TopicPage,
    TopicSound,
)
from bot.words import Words
from handlers.buttons import button, column, flow, grid, keyboard, pages
from handlers.texts import hint, label, muted_until, setting

TOPICS_A_PAGE: Final = 24
"""In two columns they are a screen of a phone."""

_MOST_UNFOLLOWED: Final = 60
"""Buttons below one message; Telegram takes 100."""


def topics(words: Words, rows: Sequence[Row], page: int = 0) -> InlineKeyboardMarkup:
    """A page of topics: a followed one opens its card, another is followed. And the ways to those of one's own."""
    last = last_page(rows)
    page = min(page, last)
    shown = rows[page * TOPICS_A_PAGE : (page + 1) * TOPICS_A_PAGE]
    return keyboard(
        flow([_topic(words, row) for row in shown]),
        pages(page, last, lambda number: TopicPage(page=number)),
        [[button(words("➕ In my own words"), AskWords(topic=0))]],
        [
            [
                button(words("🗂 Sections"), Shelf(by="section", page=0)),
                button(words("📰 Sources"), Shelf(by="source", page=0)),
            ]
        ],
    )


def last_page(rows: Sequence[Row]) -> int:
    return max(0, (len(rows) - 1) // TOPICS_A_PAGE)


def page_of(rows: Sequence[Row], topic_id: int) -> int:
    """On which page of the menu a topic stands; the first, if it's on none."""
    place = next((place for place, row in enumerate(rows) if row.topic.id == topic_id), 0)
    return place // TOPICS_A_PAGE


def follow(words: Words, topic: Topic) -> InlineKeyboardMarkup:
    return column([_topic(words, Row(topic, followed=False))])


def card(words: Words, shown: Card, now: datetime) -> InlineKeyboardMarkup:
    """The levels, highest first, the sound, a rest from the topic, and the two ways out."""
    subscription = shown.subscription
    topic = subscription.topic.id
    sound_off, sound_on = words("🔕 Turn the sound off"), words("🔔 Turn the sound on")
    return keyboard(
        grid((_level(words, shown, level) for level in sorted(Level, reverse=True)), 1),
        [[button(sound_off if subscription.sound else sound_on, TopicSound(topic=topic, on=not subscription.sound))]],
        [_mute(words, topic, muted_until(subscription, now) is not None)],
        [_ways_out(words, subscription.topic)],
        [[button(words("‹ All topics"), TopicMenu())]],
    )


def followed(words: Words, topic: Topic, hints: Iterable[tuple[int, str]] = ()) -> InlineKeyboardMarkup:
    """Below "done": better words (drafts, by id) in its place, where to change what was chosen for them, and undo."""
    return keyboard(
        [[button(hint(query), FollowDraft(draft=draft, anew=True))] for draft, query in hints],
        [
            [
                button(words("⚙️ How much"), TopicCard(topic=topic.id)),
                button(words("✖️ Unfollow"), FollowTopic(topic=topic.id, on=False)),
            ]
        ],
        [[button(words("‹ All topics"), TopicMenu())]],
    )


def hints(words: Words, drafts: Iterable[tuple[int, str]] = ()) -> InlineKeyboardMarkup:
    """Better words, to be looked at, or others."""
    better = [button(hint(query), ShowDraft(draft=draft)) for draft, query in drafts]
    return column(
        [*better, button(words("✏️ Other words"), AskWords(topic=0)), button(words("‹ All topics"), TopicMenu())]
    )


def unfollow(words: Words, candidates: Sequence[Subscription]) -> InlineKeyboardMarkup:
    """As many as fit; all of them are in the menu."""
    shown = candidates[:_MOST_UNFOLLOWED]
    rows = flow(button(f"✖️ {label(words, one.topic)}", FollowTopic(topic=one.topic.id, on=False)) for one in shown)
    return keyboard(rows, [[button(words("‹ All topics"), TopicMenu())]])


def all_topics(words: Words) -> InlineKeyboardMarkup:
    return column([button(words("Choose topics"), TopicMenu())])


def resume(words: Words) -> InlineKeyboardMarkup:
    return column([button(words("▶️ Resume"), Resume())])


def paused(words: Words) -> InlineKeyboardMarkup:
    """For how long, and the way back."""
    hours = ((words("For an hour"), 1), (words("For a week"), 7 * 24))
    hour, week = (button(text, PauseFor(hours=number)) for text, number in hours)
    return keyboard(
        [[hour, button(words("Till the morning"), PauseTillMorning())], [week]],
        [[button(words("▶️ Resume"), Resume())]],
    )


def mute_story(words: Words, story_id: int, muted: bool) -> InlineKeyboardMarkup:
    """Below the answer to "why?": no more of this, or again."""
    text = words("🔔 Tell me of this story again") if muted else words("🔕 No more of this story")
    return column([button(text, MuteStory(story=story_id, on=not muted))])


def forget(words: Words) -> InlineKeyboardMarkup:
    return column(
        [
            button(words("Yes, delete everything"), ForgetMe(sure=True)),
            button(words("No, keep it"), ForgetMe(sure=False)),
        ]
    )


def _ways_out(words: Words, topic: Topic) -> list[InlineKeyboardButton]:
    """Words of their own can be changed."""
    unfollow = button(words("✖️ Unfollow"), FollowTopic(topic=topic.id, on=False))
    return [unfollow] if topic.query is None else [button(words("✏️ Change"), AskWords(topic=topic.id)), unfollow]


def _mute(words: Words, topic: int, muted: bool) -> list[InlineKeyboardButton]:
    if muted:
        return [button(words("🔔 End the silence"), MuteTopic(topic=topic, hours=0))]
    return [
        button(words("🤫 A day off"), MuteTopic(topic=topic, hours=24)),
        button(words("🤫 A week off"), MuteTopic(topic=topic, hours=7 * 24)),
    ]


def _topic(words: Words, row: Row) -> InlineKeyboardButton:
    name = label(words, row.topic)
    if row.followed:
        return button(f"✅ {name}", TopicCard(topic=row.topic.id))
    return button(f"➕ {name}", FollowTopic(topic=row.topic.id, on=True))


def _level(words: Words, shown: Card, level: Level) -> InlineKeyboardButton:
    chosen = "✅ " if level is shown.subscription.level else ""
    wanted = TopicLevel(topic=shown.subscription.topic.id, level=level)
    return button(f"{chosen}{setting(words, level, shown.weekly)}", wanted)
