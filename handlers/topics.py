"""/topics: the menu, and a card for each topic with its level, its sound and the way out."""

from __future__ import annotations

from datetime import timedelta

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.model import Level
from bot.subscribers import following, menu
from bot.subscribers.menu import Card
from bot.telegram.callbacks import FollowTopic, MuteTopic, TopicCard, TopicLevel, TopicMenu, TopicPage, TopicSound
from handlers import keyboards, texts
from handlers.flags import SETTINGS
from handlers.follow import show_latest
from handlers.replies import change, send
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="topics")
    router.message.register(topics, Command("topics", ignore_case=True))
    # Menus are changed in place, in groups before everybody's eyes: so turning their pages is administrators' too.
    router.callback_query.register(back_to_menu, TopicMenu.filter(), flags=SETTINGS)
    router.callback_query.register(turn_page, TopicPage.filter(), flags=SETTINGS)
    router.callback_query.register(open_card, TopicCard.filter(), flags=SETTINGS)
    router.callback_query.register(follow_topic, FollowTopic.filter(F.on), flags=SETTINGS)
    router.callback_query.register(unfollow_topic, FollowTopic.filter(~F.on), flags=SETTINGS)
    router.callback_query.register(set_level, TopicLevel.filter(), flags=SETTINGS)
    router.callback_query.register(set_sound, TopicSound.filter(), flags=SETTINGS)
    router.callback_query.register(mute, MuteTopic.filter(), flags=SETTINGS)
    return router


async def topics(message: Message, talk: Talk) -> None:
    await send(message, *await _menu(talk))


async def back_to_menu(query: CallbackQuery, talk: Talk) -> None:
    await change(query, *await _menu(talk))


async def turn_page(query: CallbackQuery, callback_data: TopicPage, talk: Talk) -> None:
    await change(query, *await _menu(talk, callback_data.page))


async def open_card(query: CallbackQuery, callback_data: TopicCard, talk: Talk) -> str | None:
    card = await menu.card(talk.use_cases, talk.subscriber, callback_data.topic, talk.now)
    return await _show(query, card, talk)


async def follow_topic(query: CallbackQuery, callback_data: FollowTopic, talk: Talk) -> str:
    followed = await following.follow_button(talk.use_cases, talk.subscriber, callback_data.topic, talk.now)
    if followed is None:
        return talk.words("This button no longer works. Open /topics again.")
    talk = talk.with_(followed.subscriber)
    await change(query, *await _menu_with(talk, callback_data.topic))
    name = texts.label(talk.words, followed.subscription.topic)
    if not followed.new:
        return talk.words("{topic} — you follow this already.", topic=name)
    if followed.latest is None or query.message is None:
        return talk.words("{topic} — done! There is no news on it yet.", topic=name)
    await show_latest(query.message, followed, talk)
    return talk.words("{topic} — done!", topic=name)


async def unfollow_topic(query: CallbackQuery, callback_data: FollowTopic, talk: Talk) -> str:
    unfollowed = await following.unfollow_button(talk.use_cases.store, talk.subscriber, callback_data.topic)
    await back_to_menu(query, talk)
    if unfollowed.ended is None:
        return talk.words("You don’t follow this topic any more.")
    return talk.words("{topic} — no longer followed.", topic=texts.label(talk.words, unfollowed.ended.topic))


async def set_level(query: CallbackQuery, callback_data: TopicLevel, talk: Talk) -> str | None:
    level = Level(callback_data.level)
    card = await menu.set_level(talk.use_cases, talk.subscriber, callback_data.topic, level, talk.now)
    return await _show(query, card, talk)


async def set_sound(query: CallbackQuery, callback_data: TopicSound, talk: Talk) -> str | None:
    card = await menu.set_sound(talk.use_cases, talk.subscriber, callback_data.topic, callback_data.on, talk.now)
    return await _show(query, card, talk)


async def mute(query: CallbackQuery, callback_data: MuteTopic, talk: Talk) -> str | None:
    until = talk.now + timedelta(hours=callback_data.hours) if callback_data.hours else None
    card = await menu.mute(talk.use_cases, talk.subscriber, callback_data.topic, until, talk.now)
    return await _show(query, card, talk)


async def _show(query: CallbackQuery, card: Card | None, talk: Talk) -> str | None:
    """The card in place of the message, or the menu if the topic isn't followed any more."""
    if card is None:
        await back_to_menu(query, talk)
        return talk.words("You don’t follow this topic any more.")
    text = texts.card(talk.words, card.subscription, card.weekly, talk.subscriber.time_zone, talk.now)
    await change(query, text, keyboards.card(talk.words, card, talk.now))
    return None


async def _menu(talk: Talk, page: int = 0) -> tuple[str, InlineKeyboardMarkup]:
    rows = await menu.rows(talk.use_cases, talk.subscriber)
    return _about(talk), keyboards.topics(talk.words, rows, page)


async def _menu_with(talk: Talk, topic_id: int) -> tuple[str, InlineKeyboardMarkup]:
    """The page on which the topic stands."""
    rows = await menu.rows(talk.use_cases, talk.subscriber)
    return _about(talk), keyboards.topics(talk.words, rows, keyboards.page_of(rows, topic_id))


def _about(talk: Talk) -> str:
    return talk.words(
        "<b>Your topics</b>\n\n"
        "✅ followed: tap to set how much you get\n"
        "➕ tap to follow\n\n"
        "Another subject? <code>/follow Geneva talks</code>"
    )
