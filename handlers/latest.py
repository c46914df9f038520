"""/latest: the newest stories on one's topics, in one message."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.subscribers import reading
from handlers import keyboards
from handlers.flags import COSTLY
from handlers.listing import listed
from handlers.replies import send
from handlers.talk import Talk

_STORIES: Final = 5
"""Of at most 600 characters each with their headlines: they fit one message unless legal marks are many."""


def create_router() -> Router:
    router = Router(name="latest")
    router.message.register(latest, Command("latest", ignore_case=True), flags=COSTLY)
    return router


async def latest(message: Message, talk: Talk) -> None:
    told = await reading.latest(talk.use_cases, talk.subscriber, _STORIES)
    if not told:
        await send(message, talk.words("There is no news on your topics yet."), keyboards.all_topics(talk.words))
        return
    text, shown = listed([one.story for one in told], talk.words, talk.subscriber.time_zone, talk.now)
    await send(message, text, keyboards.all_topics(talk.words))
    for one in reversed(told[:shown]):  # /why explains what was told last: the newest
        await reading.shown(talk.use_cases, talk.subscriber, one, talk.now)
