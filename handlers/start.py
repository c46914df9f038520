"""/start: what the bot does, and the topics to choose from; with a deep link, the topic is followed at once."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import InlineKeyboardMarkup, Message

from bot.subscribers import arrivals, following, menu
from handlers import keyboards
from handlers.flags import SETTINGS
from handlers.follow import done, show_latest
from handlers.replies import send
from handlers.talk import Talk

_TOPIC_LINK: Final = "topic_"
"""`?start=topic_syria` follows Syria."""


def create_router() -> Router:
    router = Router(name="start")
    router.message.register(start, CommandStart(ignore_case=True), flags=SETTINGS)
    return router


async def start(message: Message, command: CommandObject, talk: Talk) -> None:
    talk = talk.with_(await arrivals.welcome(talk.use_cases, talk.subscriber, talk.now))
    slug = (command.args or "").removeprefix(_TOPIC_LINK)
    if command.args == f"{_TOPIC_LINK}{slug}" and slug in talk.use_cases.topic_ids:
        await _start_with(message, slug, talk)
        return
    await send(message, *await welcome(talk))


async def _start_with(message: Message, slug: str, talk: Talk) -> None:
    followed = await following.follow_built_in(talk.use_cases, talk.subscriber, slug, talk.now)
    text, keyboard = await welcome(talk)
    await send(message, f"{text}\n\n{await done(followed, talk)}", keyboard)
    await show_latest(message, followed, talk)


async def welcome(talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    """Two lines on what the bot does (HTML), the newspaper's question unless it has been answered, and the topics."""
    rows = await menu.rows(talk.use_cases, talk.subscriber)
    about = talk.words(
        "I read the news and tell you only the most important, on the topics you choose.\n"
        "Each story comes once, with a summary you can read right here."
    )
    question = talk.words(
        "Would you like notifications about the most important news? Turn on “Top news”, or any topic below.\n"
        "Another subject? <code>/follow Geneva talks</code>"
    )
    answered = any(row.followed for row in rows)
    return about if answered else f"{about}\n\n{question}", keyboards.topics(talk.words, rows)
