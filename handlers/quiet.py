"""/quiet: between which hours nothing is pushed, and whether breaking news may."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.model import DigestKind, QuietHours
from bot.subscribers import preferences
from bot.subscribers.arrivals import MORNING
from bot.telegram.callbacks import DigestSet, QuietHoursSet, SettingsMenu
from bot.words import Words
from handlers import spoken
from handlers.buttons import button, choice, grid, keyboard
from handlers.flags import SETTINGS
from handlers.replies import change, send
from handlers.talk import Talk
from handlers.texts import html

_OFFERED: Final = tuple((time(start), time(end)) for start, end in ((22, 8), (23, 7), (23, 8), (0, 9)))
_NONE: Final = -1
"""Of minutes in a button."""


def create_router() -> Router:
    router = Router(name="quiet")
    router.message.register(quiet, Command("quiet", ignore_case=True), flags=SETTINGS)
    router.callback_query.register(set_quiet, QuietHoursSet.filter(), flags=SETTINGS)
    return router


async def quiet(message: Message, command: CommandObject, talk: Talk) -> None:
    """Shows the hours, or sets those that stand behind the command."""
    if not command.args:
        await send(message, *page(talk))
        return
    hours = spoken.between(command.args)
    if hours is None and not spoken.says_off(command.args):
        await send(message, talk.words("I didn’t get the hours. Write them like this: <code>/quiet 22:30-7:15</code>"))
        return
    await send(message, *page(await _set(hours, _breaking_passes(talk), talk)))


async def set_quiet(query: CallbackQuery, callback_data: QuietHoursSet, talk: Talk) -> None:
    off = _NONE in {callback_data.start, callback_data.end}
    hours = None if off else (_clock(callback_data.start), _clock(callback_data.end))
    await change(query, *page(await _set(hours, callback_data.breaking, talk)))


def page(talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    """What holds now, and what can be chosen."""
    words, hours = talk.words, talk.subscriber.quiet
    about = words(
        "At quiet hours I don’t push anything; in the morning you get all that came in meanwhile, in one message.\n"
        "Hours of your own: <code>/quiet 22:30-7:15</code>"
    )
    text = (
        f"{words('<b>🌙 Quiet hours</b>')}\n\n{html(words, 'Now: {setting}', setting=setting(words, hours))}\n\n{about}"
    )
    if hours is not None and not talk.subscriber.catch_up:
        text += f"\n\n{words('You stopped the morning message: what came in meanwhile is in /latest.')}"
    return text, _keyboard(words, hours, talk.subscriber.catch_up)


def setting(words: Words, hours: QuietHours | None) -> str:
    """In plain words, what quiet hours are set."""
    if hours is None:
        return words("off")
    between = words("all day") if hours.start == hours.end else _between(hours.start, hours.end)
    if hours.breaking_passes:
        return words("{hours}, but for breaking news", hours=between)
    return between


def _keyboard(words: Words, hours: QuietHours | None, catch_up: bool) -> InlineKeyboardMarkup:
    breaking = hours is None or hours.breaking_passes
    offered = [_hours(start, end, hours) for start, end in _OFFERED]
    off = choice(words("Off"), hours is None, QuietHoursSet(start=_NONE, end=_NONE, breaking=True))
    parts = [grid(offered, 2), [[off]]]
    if hours is not None:
        passes = words("⚡️ Breaking news waits, too") if breaking else words("⚡️ Let breaking news through")
        parts.insert(1, [[button(passes, _wanted(hours.start, hours.end, not breaking))]])
    if hours is not None and not catch_up:
        again = DigestSet(kind=DigestKind.MORNING, hour=MORNING.hour)
        parts.append([[button(words("📬 Send the morning message again"), again)]])
    return keyboard(*parts, [[button(words("‹ Settings"), SettingsMenu(page="main"))]])


def _hours(start: time, end: time, hours: QuietHours | None) -> InlineKeyboardButton:
    chosen = hours is not None and (hours.start, hours.end) == (start, end)
    return choice(_between(start, end), chosen, _wanted(start, end, hours is None or hours.breaking_passes))


def _wanted(start: time, end: time, breaking: bool) -> QuietHoursSet:
    return QuietHoursSet(start=_minute(start), end=_minute(end), breaking=breaking)


async def _set(hours: tuple[time, time] | None, breaking: bool, talk: Talk) -> Talk:
    wanted = None if hours is None else QuietHours(*hours, breaking_passes=breaking)
    # Whoever sets the hours anew starts anew: with the message that ends them.
    changed = replace(talk.subscriber, quiet=wanted, catch_up=talk.subscriber.catch_up or talk.subscriber.quiet is None)
    return talk.with_(await preferences.keep(talk.use_cases, changed, talk.now))


def _breaking_passes(talk: Talk) -> bool:
    return talk.subscriber.quiet is None or talk.subscriber.quiet.breaking_passes


def _between(start: time, end: time) -> str:
    return f"{start:%H:%M}–{end:%H:%M}"


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
