"""The buttons below messages. Each names the state it wants, so pressing it twice or late does no harm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Level, Subscription, Topic
from bot.subscribers.menu import Card, Row
from bot.telegram.callbacks import FollowTopic, ForgetMe, Resume, TopicCard, TopicLevel, TopicMenu, TopicSound
from bot.words import Words
from handlers.texts import label, setting


def topics(words: Words, rows: Iterable[Row]) -> InlineKeyboardMarkup:
    """One row a topic: a followed one opens its card, another is followed."""
    return _rows(_topic(words, row) for row in rows)


def follow(words: Words, topic: Topic) -> InlineKeyboardMarkup:
    return _rows([_topic(words, Row(topic, followed=False))])


def card(words: Words, shown: Card) -> InlineKeyboardMarkup:
    """The levels, highest first, the sound, and the two ways out."""
    subscription = shown.subscription
    topic = subscription.topic.id
    sound_off, sound_on = words("🔕 Turn the sound off"), words("🔔 Turn the sound on")
    return _rows(
        [
            *(_level(words, shown, level) for level in sorted(Level, reverse=True)),
            _button(sound_off if subscription.sound else sound_on, TopicSound(topic=topic, on=not subscription.sound)),
            _button(words("✖️ Unfollow"), FollowTopic(topic=topic, on=False)),
            _button(words("‹ All topics"), TopicMenu()),
        ]
    )


def followed(words: Words, topic: Topic) -> InlineKeyboardMarkup:
    """Below "done": where to change what was chosen for them."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                _button(words("⚙️ How much"), TopicCard(topic=topic.id)),
                _button(words("‹ All topics"), TopicMenu()),
            ]
        ]
    )


def unfollow(words: Words, candidates: Sequence[Subscription]) -> InlineKeyboardMarkup:
    return _rows(
        _button(f"✖️ {label(words, candidate.topic)}", FollowTopic(topic=candidate.topic.id, on=False))
        for candidate in candidates
    )


def all_topics(words: Words) -> InlineKeyboardMarkup:
    return _rows([_button(words("Choose topics"), TopicMenu())])


def resume(words: Words) -> InlineKeyboardMarkup:
    return _rows([_button(words("▶️ Resume"), Resume())])


def forget(words: Words) -> InlineKeyboardMarkup:
    return _rows(
        [
            _button(words("Yes, delete everything"), ForgetMe(sure=True)),
            _button(words("No, keep it"), ForgetMe(sure=False)),
        ]
    )


def _topic(words: Words, row: Row) -> InlineKeyboardButton:
    name = label(words, row.topic)
    if row.followed:
        return _button(f"✅ {name}", TopicCard(topic=row.topic.id))
    return _button(f"➕ {name}", FollowTopic(topic=row.topic.id, on=True))


def _level(words: Words, shown: Card, level: Level) -> InlineKeyboardButton:
    chosen = "✅ " if level is shown.subscription.level else ""
    wanted = TopicLevel(topic=shown.subscription.topic.id, level=level)
    return _button(f"{chosen}{setting(words, level, shown.weekly)}", wanted)


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def _rows(buttons: Iterable[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])
