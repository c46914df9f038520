"""/pause and /resume."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.subscribers import arrivals
from bot.telegram.callbacks import Resume
from bot.words import Words
from handlers import keyboards
from handlers.middleware import SETTINGS
from handlers.replies import change, send
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="pause")
    router.message.register(pause, Command("pause", ignore_case=True), flags=SETTINGS)
    router.message.register(resume, Command("resume", ignore_case=True), flags=SETTINGS)
    router.callback_query.register(resume_button, Resume.filter(), flags=SETTINGS)
    return router


async def pause(message: Message, talk: Talk) -> None:
    await arrivals.pause(talk.use_cases, talk.subscriber, talk.now)
    text = talk.words("Paused. Your topics stay as they are; /latest still works.")
    await send(message, text, keyboards.resume(talk.words))


async def resume(message: Message, talk: Talk) -> None:
    await arrivals.resume(talk.use_cases, talk.subscriber, talk.now)
    await send(message, _resumed(talk.words), keyboards.all_topics(talk.words))


async def resume_button(query: CallbackQuery, talk: Talk) -> None:
    await arrivals.resume(talk.use_cases, talk.subscriber, talk.now)
    await change(query, _resumed(talk.words), keyboards.all_topics(talk.words))


def _resumed(words: Words) -> str:
    return words("Notifications are on. Here is what you missed: /latest")
