"""/follow and /unfollow, by a topic's name or in one's own words."""

from __future__ import annotations

from collections.abc import Iterator

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import MaybeInaccessibleMessageUnion, Message

from bot.errors import QueryError
from bot.model import SubscriberState
from bot.subscribers import following, menu, reading
from bot.subscribers.following import Followed
from bot.subscribers.preview import add_drafts
from bot.telegram.render import story_card
from bot.words import Words
from handlers import keyboards, texts
from handlers.flags import COSTLY, SETTINGS
from handlers.replies import patiently, send, send_card
from handlers.talk import Talk
from handlers.texts import html


def create_router() -> Router:
    router = Router(name="follow")
    router.message.register(follow, Command("follow", ignore_case=True), flags={**SETTINGS, **COSTLY})
    router.message.register(unfollow, Command("unfollow", ignore_case=True), flags=SETTINGS)
    return router


async def follow(message: Message, command: CommandObject, talk: Talk) -> None:
    if not command.args:
        await send(message, _how_to_follow(talk.words), keyboards.all_topics(talk.words))
        return
    try:
        async with patiently(message):
            followed = await following.follow_words(talk.use_cases, talk.subscriber, command.args, talk.now)
    except QueryError as error:
        await _refuse(message, error, talk)
        return
    topic = followed.subscription.topic
    drafts = await add_drafts(talk.use_cases, followed.subscriber, followed.hints, talk.now, replaces=topic.id)
    hints = list(zip(drafts, followed.hints, strict=True))
    said = await done(followed, talk)
    await send(message, said, keyboards.followed(talk.words, topic, hints))
    await show_latest(message, followed, talk)


async def _refuse(message: Message, error: QueryError, talk: Talk) -> None:
    """What is wrong with the words, and those that would do, to be looked at."""
    drafts = await add_drafts(talk.use_cases, talk.subscriber, error.narrower, talk.now)
    hints = list(zip(drafts, error.narrower, strict=True))
    await send(message, texts.query_error(talk.words, error), keyboards.hints(talk.words, hints))


async def unfollow(message: Message, command: CommandObject, talk: Talk) -> None:
    if not command.args:
        subscriptions = await talk.use_cases.store.subscriptions(talk.subscriber.id)
        text = talk.words("Which topic?") if subscriptions else talk.words("You don’t follow any topics.")
        await send(message, text, keyboards.unfollow(talk.words, subscriptions) if subscriptions else None)
        return
    unfollowed = await following.unfollow_words(talk.use_cases.store, talk.subscriber, command.args)
    if unfollowed.ended is not None:
        name = talk.words.topic(unfollowed.ended.topic)
        await send(message, html(talk.words, "No longer followed: <b>{topic}</b>", topic=name))
    elif unfollowed.candidates:
        await send(message, talk.words("Which of these?"), keyboards.unfollow(talk.words, unfollowed.candidates))
    else:
        text = html(talk.words, "You don’t follow <b>{topic}</b>. Your topics: /topics", topic=command.args)
        await send(message, text)


async def done(followed: Followed, talk: Talk, *, with_latest: bool = True) -> str:
    """That a topic is followed, how much it will bring, and what comes next; HTML."""
    topic = followed.subscription.topic
    card = await menu.card(talk.use_cases, followed.subscriber, topic.id, talk.now)
    setting = texts.setting(talk.words, followed.subscription.level, card.weekly if card else {})
    name = talk.words.topic(topic)
    if not followed.new:
        return html(talk.words, "You already follow <b>{topic}</b>: {setting}.", topic=name, setting=setting)
    said = html(talk.words, "Done! You follow <b>{topic}</b>: {setting}.", topic=name, setting=setting)
    return "\n".join((said, *_what_next(followed, talk.words, with_latest=with_latest)))


def _what_next(followed: Followed, words: Words, *, with_latest: bool) -> Iterator[str]:
    if followed.latest is None and followed.subscriber.state is SubscriberState.PAUSED:
        yield words("There is no news on it yet, and notifications are paused: /resume")
    elif followed.latest is None:
        yield words("There is no news on it yet. I’ll write as soon as there is.")
    if followed.hints:
        question = words("Did you mean this?") if followed.latest is None else words("That is a lot. Rather this?")
        yield f"{question} {words('One tap puts it in its place.')}"
    if with_latest and followed.latest is not None:
        yield words("Here is the latest:")


async def show_latest(message: MaybeInaccessibleMessageUnion, followed: Followed, talk: Talk) -> None:
    """The topic's latest story, if there is one: it won't be pushed any more."""
    if followed.latest is None:
        return
    topic, subscriber = followed.subscription.topic, followed.subscriber
    await send_card(message, story_card(followed.latest, topic, talk.words, subscriber.time_zone, talk.now))
    await reading.shown(talk.use_cases, subscriber, reading.Told(followed.latest, topic), talk.now)


def _how_to_follow(words: Words) -> str:
    return words(
        "Write what to follow after the command, for example:\n\n"
        "<code>/follow Geneva talks</code>\n"
        "both words, in any form\n\n"
        "<code>/follow football -women</code>\n"
        "the first word without the second\n\n"
        "<code>/follow “oil prices” | “gas prices”</code>\n"
        "either phrase\n\n"
        "Or choose a ready topic:"
    )
