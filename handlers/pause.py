"""/pause and /resume: silence, for a time or until they say so."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.model import Subscriber
from bot.subscribers import arrivals
from bot.telegram.callbacks import PauseFor, PauseTillMorning, Resume
from bot.words import Words
from handlers import keyboards, spoken
from handlers.flags import SETTINGS
from handlers.replies import change, send
from handlers.talk import Talk
from handlers.texts import html


def create_router() -> Router:
    router = Router(name="pause")
    router.message.register(pause, Command("pause", ignore_case=True), flags=SETTINGS)
    router.message.register(resume, Command("resume", ignore_case=True), flags=SETTINGS)
    router.callback_query.register(pause_for, PauseFor.filter(), flags=SETTINGS)
    router.callback_query.register(pause_till_morning, PauseTillMorning.filter(), flags=SETTINGS)
    router.callback_query.register(resume_button, Resume.filter(), flags=SETTINGS)
    return router


async def pause(message: Message, command: CommandObject, talk: Talk) -> None:
    """At once and without end, with buttons for an end; or for the time behind the command."""
    wanted = spoken.duration(command.args) if command.args else None
    if command.args and wanted is None:
        await send(message, talk.words("For how long? For example: <code>/pause 3h</code> or <code>/pause 2d</code>"))
        return
    subscriber = await arrivals.pause(talk.use_cases, talk.subscriber, talk.now, talk.now + wanted if wanted else None)
    await send(message, *_paused(subscriber, talk))


async def pause_for(query: CallbackQuery, callback_data: PauseFor, talk: Talk) -> None:
    until = talk.now + timedelta(hours=callback_data.hours) if callback_data.hours else None
    await _pause_until(query, until, talk)


async def pause_till_morning(query: CallbackQuery, talk: Talk) -> None:
    await _pause_until(query, arrivals.next_morning(talk.subscriber, talk.now), talk)


async def resume(message: Message, talk: Talk) -> None:
    await arrivals.resume(talk.use_cases, talk.subscriber, talk.now)
    await send(message, _resumed(talk.words), keyboards.all_topics(talk.words))


async def resume_button(query: CallbackQuery, talk: Talk) -> None:
    await arrivals.resume(talk.use_cases, talk.subscriber, talk.now)
    await change(query, _resumed(talk.words), keyboards.all_topics(talk.words))


async def _pause_until(query: CallbackQuery, until: datetime | None, talk: Talk) -> None:
    subscriber = await arrivals.pause(talk.use_cases, talk.subscriber, talk.now, until)
    await change(query, *_paused(subscriber, talk))


def _paused(subscriber: Subscriber, talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    words, until = talk.words, subscriber.paused_until
    if until is None:
        said = words("Paused until you say /resume. Your topics stay as they are; /latest still works.")
        return f"{said}\n\n{words('Or only for a while? For example: <code>/pause 3h</code>')}", keyboards.paused(words)
    when = words.when(until, subscriber.time_zone, talk.now)
    text = html(words, "Paused until {when}. Your topics stay as they are; /latest still works.", when=when)
    return text, keyboards.resume(words)


def _resumed(words: Words) -> str:
    return words("Notifications are on. Here is what you missed: /latest")
