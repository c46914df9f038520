"""/settings: language, time zone, how much a day, sound; and the pages of quiet hours and digests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.model import Level
from bot.subscribers import preferences, zones
from bot.telegram.callbacks import SetCap, SetFollowUps, SetLanguage, SetSoundFrom, SettingsMenu, SetZone, TopicMenu
from bot.words import LANGUAGES, Words
from handlers import digest, quiet
from handlers.buttons import button, choice, flow, grid, keyboard
from handlers.flags import COSTLY, SETTINGS
from handlers.replies import change, send
from handlers.talk import Talk
from handlers.texts import html, threshold

Page = tuple[str, InlineKeyboardMarkup]

_BELOW: Final = "_below"
"""Of a page's name, where the message with the button is to stay: a digest with its news."""
_CAPS: Final = (3, 5, 10, 20)
_NAMES: Final[Mapping[str, str]] = {"en": "English", "ru": "Русский"}
"""Of the languages, each in itself: who can't read the others finds it."""
_ZONES: Final[Mapping[str, tuple[str, ...]]] = {
    "ru": (
        "Europe/Kaliningrad",
        "Europe/Moscow",
        "Europe/Samara",
        "Asia/Yekaterinburg",
        "Asia/Omsk",
        "Asia/Novosibirsk",
        "Asia/Irkutsk",
        "Asia/Yakutsk",
        "Asia/Vladivostok",
        "Asia/Magadan",
        "Asia/Kamchatka",
        "Europe/Minsk",
    ),
    "en": (
        "America/Los_Angeles",
        "America/Chicago",
        "America/New_York",
        "Europe/London",
        "Europe/Berlin",
        "Europe/Kyiv",
        "Europe/Moscow",
        "Asia/Dubai",
        "Asia/Kolkata",
        "Asia/Shanghai",
        "Asia/Tokyo",
        "Australia/Sydney",
    ),
}
"""Offered by button: one for each hour where readers of the language live; every other one has a name."""


def create_router() -> Router:
    router = Router(name="settings")
    router.message.register(settings, Command("settings", ignore_case=True), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(turn_to, SettingsMenu.filter(), flags=SETTINGS)
    router.callback_query.register(set_language, SetLanguage.filter(), flags=SETTINGS)
    router.callback_query.register(set_zone, SetZone.filter(), flags=SETTINGS)
    router.callback_query.register(set_cap, SetCap.filter(), flags=SETTINGS)
    router.callback_query.register(set_sound_from, SetSoundFrom.filter(), flags=SETTINGS)
    router.callback_query.register(set_follow_ups, SetFollowUps.filter(), flags=SETTINGS)
    return router


async def settings(message: Message, command: CommandObject, talk: Talk) -> None:
    """Shows them; a city or an offset behind the command becomes the time zone."""
    if not command.args:
        await send(message, *main_page(talk))
        return
    # The names are read at first use, a tenth of a second of work: not for the loop.
    found = await asyncio.to_thread(zones.find, command.args)
    if found.sure:
        talk = talk.with_(await preferences.set_zone(talk.use_cases, talk.subscriber, found.zones[0], talk.now))
        await send(message, *zone_page(talk))
    elif found.zones:
        offered = [_zone(talk, zone) for zone in found.zones]
        await send(message, talk.words("Which of these places?"), keyboard(grid(offered, 1), _back(talk.words)))
    else:
        await send(
            message,
            talk.words("I don’t know such a city. Try a larger one nearby, or an offset: <code>/settings +5</code>"),
        )


async def turn_to(query: CallbackQuery, callback_data: SettingsMenu, talk: Talk) -> str | None:
    shown = PAGES.get(callback_data.page.removesuffix(_BELOW))
    if shown is None:
        return talk.words("This button no longer works. Open /topics again.")
    if callback_data.page.endswith(_BELOW) and query.message is not None:
        await send(query.message, *shown(talk))
    else:
        await change(query, *shown(talk))
    return None


async def set_language(query: CallbackQuery, callback_data: SetLanguage, talk: Talk) -> str | None:
    if callback_data.code not in LANGUAGES:
        return talk.words("This button no longer works. Open /topics again.")
    wanted = replace(talk.subscriber, language=callback_data.code)
    await change(query, *main_page(talk.with_(await preferences.keep(talk.use_cases, wanted, talk.now))))
    return None


async def set_zone(query: CallbackQuery, callback_data: SetZone, talk: Talk) -> str | None:
    if callback_data.zone not in zones.all_zones():
        return talk.words("This button no longer works. Open /topics again.")
    subscriber = await preferences.set_zone(talk.use_cases, talk.subscriber, callback_data.zone, talk.now)
    await change(query, *zone_page(talk.with_(subscriber)))
    return None


async def set_cap(query: CallbackQuery, callback_data: SetCap, talk: Talk) -> None:
    wanted = replace(talk.subscriber, daily_cap=callback_data.cap or None)
    await change(query, *cap_page(talk.with_(await preferences.keep(talk.use_cases, wanted, talk.now))))


async def set_sound_from(query: CallbackQuery, callback_data: SetSoundFrom, talk: Talk) -> None:
    wanted = replace(talk.subscriber, sound_from=Level(callback_data.level))
    await change(query, *sound_page(talk.with_(await preferences.keep(talk.use_cases, wanted, talk.now))))


async def set_follow_ups(query: CallbackQuery, callback_data: SetFollowUps, talk: Talk) -> None:
    wanted = replace(talk.subscriber, follow_ups=callback_data.on)
    await change(query, *follow_ups_page(talk.with_(await preferences.keep(talk.use_cases, wanted, talk.now))))


# --- pages ---


def main_page(talk: Talk) -> Page:
    words, they = talk.words, talk.subscriber
    lines = (
        html(words, "Language: {setting}", setting=_NAMES[words.language]),
        html(words, "Time zone: {setting}", setting=_zone_now(talk)),
        html(words, "Quiet hours: {setting}", setting=quiet.setting(words, they.quiet)),
        html(words, "Digest: {setting}", setting=digest.setting(words, they)),
        html(words, "At most a day: {setting}", setting=_cap(words, they.daily_cap)),
        html(words, "With sound: {setting}", setting=threshold(words, they.sound_from)),
        html(words, "Follow-ups: {setting}", setting=words("on") if they.follow_ups else words("off")),
    )
    pages = (
        (words("🌐 Language"), "language"),
        (words("🕘 Time zone"), "zone"),
        (words("🌙 Quiet hours"), "quiet"),
        (words("🗞 Digest"), "digest"),
        (words("🔢 How much a day"), "cap"),
        (words("🔔 Sound"), "sound"),
        (words("↩️ Follow-ups"), "follow_ups"),
    )
    buttons = [button(text, SettingsMenu(page=name)) for text, name in pages]
    text = "\n".join((words("<b>⚙️ Settings</b>"), "", *lines))
    return text, keyboard(flow(buttons), [[button(words("‹ All topics"), TopicMenu())]])


def language_page(talk: Talk) -> Page:
    languages = [
        choice(_NAMES[code], code == talk.words.language, SetLanguage(code=code)) for code in sorted(LANGUAGES)[::-1]
    ]
    return talk.words("<b>🌐 Language</b>"), keyboard(grid(languages, 2), _back(talk.words))


def zone_page(talk: Talk) -> Page:
    words = talk.words
    now = html(words, "Now: {setting}", setting=_zone_now(talk))
    how = words("Another one? By city or offset: <code>/settings Berlin</code>, <code>/settings +5</code>")
    offered = [_zone(talk, zone) for zone in _ZONES[words.language]]
    text = f"{words('<b>🕘 Time zone</b>')}\n\n{now}\n\n{how}"
    return text, keyboard(flow(offered), _back(words))


def cap_page(talk: Talk) -> Page:
    words, cap = talk.words, talk.subscriber.daily_cap
    about = words("How many notifications a day at most? The rest waits for the digest; breaking news comes anyway.")
    numbers = [choice(str(number), number == cap, SetCap(cap=number)) for number in _CAPS]
    none = choice(words("any number"), cap is None, SetCap(cap=0))
    return f"{words('<b>🔢 How much a day</b>')}\n\n{about}", keyboard([numbers, [none]], _back(words))


def sound_page(talk: Talk) -> Page:
    words = talk.words
    about = words("From what importance on may a notification ring? The others come silently.")
    levels = [
        choice(threshold(words, level), level is talk.subscriber.sound_from, SetSoundFrom(level=level))
        for level in sorted(Level, reverse=True)
    ]
    return f"{words('<b>🔔 Sound</b>')}\n\n{about}", keyboard(grid(levels, 1), _back(words))


def follow_ups_page(talk: Talk) -> Page:
    words, on = talk.words, talk.subscriber.follow_ups
    about = words(
        "When a story you were told goes on, I answer my own message, without sound: at most once an hour, three times "
        "a story. Shall I?"
    )
    states = [choice(words("yes"), on, SetFollowUps(on=True)), choice(words("no"), not on, SetFollowUps(on=False))]
    return f"{words('<b>↩️ Follow-ups</b>')}\n\n{about}", keyboard([states], _back(words))


PAGES: Final[Mapping[str, Callable[[Talk], Page]]] = {
    "main": main_page,
    "language": language_page,
    "zone": zone_page,
    "cap": cap_page,
    "sound": sound_page,
    "follow_ups": follow_ups_page,
    "quiet": quiet.page,
    "digest": digest.page,
    "daily": digest.daily_page,
    "weekly": digest.weekly_page,
    **{
        f"weekly_{name}": partial(digest.weekly_hour_page, weekday=weekday)
        for weekday, name in enumerate(digest.WEEKDAYS)
    },
}
"""By the name in `SettingsMenu`."""


def _back(words: Words) -> list[list[InlineKeyboardButton]]:
    return [[button(words("‹ Settings"), SettingsMenu(page="main"))]]


def _cap(words: Words, cap: int | None) -> str:
    return words("any number") if cap is None else str(cap)


def _zone(talk: Talk, zone: str) -> InlineKeyboardButton:
    """«Екатеринбург +5»: a button has little room."""
    city, offset = zones.city(zone, talk.words.language), zones.offset(zone, talk.now)
    name = f"{city} {offset.removeprefix('UTC')}" if city else offset
    return choice(name, zone == talk.subscriber.time_zone, SetZone(zone=zone))


def _zone_name(talk: Talk, zone: str) -> str:
    """«Екатеринбург, UTC+5»."""
    parts = (zones.city(zone, talk.words.language), zones.offset(zone, talk.now))
    return ", ".join(part for part in parts if part)


def _zone_now(talk: Talk) -> str:
    """The same with the time there: by it people see whether it is right."""
    zone = talk.subscriber.time_zone
    return talk.words(
        "{zone} ({time} now)", zone=_zone_name(talk, zone), time=talk.words.when(talk.now, zone, talk.now)
    )
