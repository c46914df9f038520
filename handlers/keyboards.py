"""The buttons below messages. Each names the state it wants, so pressing it twice or late does no harm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Level, Subscription, Topic
from bot.subscribers.menu import Card, Row
from bot.telegram.callbacks import (
    FollowTopic,
    ForgetMe,
    MuteStory,
    MuteTopic,
    PauseFor,
    PauseTillMorning,
    Resume,
    TopicCard,
    TopicLevel,
    TopicMenu,
    TopicSound,
)
from bot.words import Words
from handlers.buttons import button, column, grid, keyboard
from handlers.texts import label, muted_until, setting


def topics(words: Words, rows: Iterable[Row]) -> InlineKeyboardMarkup:
    """One row a topic: a followed one opens its card, another is followed."""
    return column(_topic(words, row) for row in rows)


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
        [[button(words("✖️ Unfollow"), FollowTopic(topic=topic, on=False))]],
        [[button(words("‹ All topics"), TopicMenu())]],
    )


def followed(words: Words, topic: Topic) -> InlineKeyboardMarkup:
    """Below "done": where to change what was chosen for them."""
    return keyboard(
        [[button(words("⚙️ How much"), TopicCard(topic=topic.id)), button(words("‹ All topics"), TopicMenu())]]
    )


def unfollow(words: Words, candidates: Sequence[Subscription]) -> InlineKeyboardMarkup:
    return column(
        button(f"✖️ {label(words, candidate.topic)}", FollowTopic(topic=candidate.topic.id, on=False))
        for candidate in candidates
    )


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
