"""/forget: asked once, then everything of theirs is deleted."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.subscribers import arrivals
from bot.telegram.callbacks import ForgetMe
from handlers import keyboards
from handlers.flags import SETTINGS
from handlers.replies import change, send
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="forget")
    router.message.register(ask, Command("forget", ignore_case=True), flags=SETTINGS)
    router.callback_query.register(forget, ForgetMe.filter(F.sure), flags=SETTINGS)
    router.callback_query.register(keep, ForgetMe.filter(~F.sure), flags=SETTINGS)
    return router


async def ask(message: Message, talk: Talk) -> None:
    text = talk.words("Delete your topics, your settings and the history of your notifications? This can’t be undone.")
    await send(message, text, keyboards.forget(talk.words))


async def forget(query: CallbackQuery, talk: Talk) -> None:
    await arrivals.forget(talk.use_cases, talk.subscriber)
    await change(query, talk.words("Everything has been deleted; I won’t write to you any more. To begin anew: /start"))


async def keep(query: CallbackQuery, talk: Talk) -> None:
    said = talk.words("Nothing has been deleted. Good that you are staying!")
    await change(query, said, keyboards.all_topics(talk.words))
