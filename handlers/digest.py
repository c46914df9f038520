"""/digest: news in one message, daily, weekly or both; and the buttons under every issue."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from babel.dates import get_day_names

from bot.model import DigestKind, DigestPlan, Subscriber
from bot.outbox.decide import is_paused
from bot.subscribers import digests, preferences
from bot.subscribers.digests import Planned
from bot.telegram.callbacks import DigestOnly, DigestSet, SettingsMenu, StopDigest
from bot.words import Words
from handlers import quiet
from handlers.buttons import button, choice, grid, keyboard
from handlers.flags import COSTLY, SETTINGS
from handlers.replies import change, change_buttons, send
from handlers.talk import Talk
from handlers.texts import html

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As pages of the settings name them, Monday first."""
_HOURS: Final = (*range(6, 24), *range(6))
"""In the order they are offered: those of sleep come last."""


def create_router() -> Router:
    router = Router(name="digest")
    router.message.register(digest, Command("digest", ignore_case=True), flags=SETTINGS)
    router.callback_query.register(catch_up, DigestSet.filter(F.kind == DigestKind.MORNING), flags=SETTINGS)
    router.callback_query.register(stop, DigestSet.filter(F.hour < 0), flags=SETTINGS)
    router.callback_query.register(plan, DigestSet.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(set_digest_only, DigestOnly.filter(), flags=SETTINGS)
    router.callback_query.register(stop_from_issue, StopDigest.filter(), flags=SETTINGS)
    return router


async def digest(message: Message, talk: Talk) -> None:
    await send(message, *page(talk))


async def plan(query: CallbackQuery, callback_data: DigestSet, talk: Talk) -> str | None:
    weekday = callback_data.weekday if callback_data.kind is DigestKind.WEEKLY else None
    wanted = DigestPlan(callback_data.kind, time(callback_data.hour), weekday)
    if weekday is not None and weekday < 0:
        return talk.words("This button no longer works. Open /topics again.")
    planned = await digests.plan(talk.use_cases, talk.subscriber, wanted, talk.now)
    if planned is None:  # a double tap
        return talk.words("It is so already.")
    talk = talk.with_(planned.subscriber)
    text, buttons = page(talk)
    await change(query, f"{_promise(planned, talk)}\n\n{text}", buttons)
    return None


async def stop(query: CallbackQuery, callback_data: DigestSet, talk: Talk) -> None:
    subscriber = await digests.stop(talk.use_cases, talk.subscriber, callback_data.kind, talk.now)
    await change(query, *page(talk.with_(subscriber)))


async def catch_up(query: CallbackQuery, callback_data: DigestSet, talk: Talk) -> None:
    """The morning message has no plan: it comes when quiet hours end, or it doesn't."""
    wanted = replace(talk.subscriber, catch_up=callback_data.hour >= 0)
    await change(query, *quiet.page(talk.with_(await preferences.keep(talk.use_cases, wanted, talk.now))))


async def set_digest_only(query: CallbackQuery, callback_data: DigestOnly, talk: Talk) -> str | None:
    wanted = replace(talk.subscriber, digest_only=callback_data.on)
    talk = talk.with_(await preferences.keep(talk.use_cases, wanted, talk.now))
    if _is_issue(query):  # its news stays where it is
        return talk.words("Done. To change that: /digest")
    await change(query, *page(talk))
    return None


async def stop_from_issue(query: CallbackQuery, callback_data: StopDigest, talk: Talk) -> str:
    """One tap. The issue stays with its news; its buttons say that it was the last one."""
    await digests.stop(talk.use_cases, talk.subscriber, callback_data.kind, talk.now)
    words, morning = talk.words, callback_data.kind is DigestKind.MORNING
    await change_buttons(
        query, keyboard([[_to(words("⏹ Stopped · change"), "quiet_below" if morning else "digest_below")]])
    )
    return stopped(words, callback_data.kind)


def _is_issue(query: CallbackQuery) -> bool:
    """Whether the button stands under a digest itself, not in a menu."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    stop = f"{StopDigest.__prefix__}:"
    rows = markup.inline_keyboard if markup is not None else []
    return any((button.callback_data or "").startswith(stop) for row in rows for button in row)


def stopped(words: Words, kind: DigestKind) -> str:
    match kind:
        case DigestKind.MORNING:
            return words("No more morning messages. What comes in at quiet hours is in /latest. To change that: /quiet")
        case DigestKind.DAILY:
            return words("No more daily digests. To get them again: /digest")
        case DigestKind.WEEKLY:
            return words("No more weekly letters. To get them again: /digest")


def page(talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    """What comes now, and what can be chosen."""
    words, only = talk.words, talk.subscriber.digest_only
    about = words(
        "All that didn’t come at once, in one message: the best first, each story one line with its link and reason."
    )
    now = html(words, "Now: {setting}", setting=setting(words, talk.subscriber))
    text = f"{words('<b>🗞 Digest</b>')}\n\n{now}\n\n{about}"
    only_text = words("Everything at once again") if only else words("Digest only")
    return text, keyboard(
        [[_to(words("Daily ›"), "daily"), _to(words("Weekly ›"), "weekly")]],
        [[button(only_text, DigestOnly(on=not only))]],
        [[_to(words("‹ Settings"), "main")]],
    )


def daily_page(talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    plan = _plan(talk, DigestKind.DAILY)
    hours = [
        choice(f"{hour:02}:00", plan is not None and plan.at.hour == hour, DigestSet(kind=DigestKind.DAILY, hour=hour))
        for hour in _HOURS
    ]
    off = choice(talk.words("Off"), plan is None, DigestSet(kind=DigestKind.DAILY, hour=-1))
    text = _asked(talk, talk.words("Every day at what hour?"), plan)
    return text, keyboard(grid(hours, 4), [[off]], [[_to(talk.words("‹ Back"), "digest")]])


def weekly_page(talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    plan, names = _plan(talk, DigestKind.WEEKLY), get_day_names("wide", "stand-alone", talk.words.language)
    days = [
        choice(names[day].capitalize(), plan is not None and plan.weekday == day, SettingsMenu(page=f"weekly_{name}"))
        for day, name in enumerate(WEEKDAYS)
    ]
    off = choice(talk.words("Off"), plan is None, DigestSet(kind=DigestKind.WEEKLY, hour=-1))
    text = _asked(talk, talk.words("Once a week, on what day?"), plan)
    return text, keyboard(grid(days, 2), [[off]], [[_to(talk.words("‹ Back"), "digest")]])


def weekly_hour_page(talk: Talk, weekday: int) -> tuple[str, InlineKeyboardMarkup]:
    plan = _plan(talk, DigestKind.WEEKLY)
    hours = [
        choice(
            f"{hour:02}:00",
            plan is not None and (plan.weekday, plan.at.hour) == (weekday, hour),
            DigestSet(kind=DigestKind.WEEKLY, hour=hour, weekday=weekday),
        )
        for hour in _HOURS
    ]
    text = talk.words("<b>🗞 Digest</b>\n\n{day}, at what hour?", day=_day(talk.words, weekday).capitalize())
    return text, keyboard(grid(hours, 4), [[_to(talk.words("‹ Back"), "weekly")]])


def _asked(talk: Talk, question: str, plan: DigestPlan | None) -> str:
    """The question, with what a new plan brings at once."""
    first = (talk.words("The first one comes today."),) if plan is None else ()
    return "\n\n".join((talk.words("<b>🗞 Digest</b>"), " ".join((question, *first))))


def setting(words: Words, subscriber: Subscriber) -> str:
    """In plain words, when digests come, and whether anything else does."""
    said = [
        words("every day at {time}", time=_clock(plan.at))
        if plan.weekday is None
        else words("once a week: {day}, {time}", day=_day(words, plan.weekday), time=_clock(plan.at))
        for plan in sorted(subscriber.digests, key=lambda plan: plan.kind)
        if plan.kind is not DigestKind.MORNING
    ]
    if not subscriber.digest_only:
        return "; ".join(said) or words("off")
    if not said:
        said = [words("at nine in the morning") if subscriber.catch_up else words("off")]
    return "; ".join((*said, words("at once only breaking news")))


def _promise(planned: Planned, talk: Talk) -> str:
    """When the next issue comes, and where it is the first one, what it will hold; HTML."""
    words, now = talk.words, talk.now
    if is_paused(talk.subscriber, now):
        return words("Done! It comes when notifications are no longer paused: /resume")
    if not planned.first:
        when = words.when(planned.next_at, talk.subscriber.time_zone, now)
        return html(words, "Done! The next issue: {when}.", when=when)
    if not planned.held:
        return words("Done! There is nothing to tell yet: the first issue comes as soon as there is.")
    stories = words.plural("{count} story", "{count} stories", planned.held)
    if planned.next_at <= now:
        return html(words, "Done! The first issue is on its way: {stories}.", stories=stories)
    when = words.when(planned.next_at, talk.subscriber.time_zone, now)
    if _is_today(planned.next_at, talk):
        return html(words, "Done! The first issue comes today at {time}: {stories} so far.", time=when, stories=stories)
    return html(words, "Done! The first issue: {when}, {stories} so far.", when=when, stories=stories)


def _is_today(at: datetime, talk: Talk) -> bool:
    zone = ZoneInfo(talk.subscriber.time_zone)
    return at.astimezone(zone).date() == talk.now.astimezone(zone).date()


def _plan(talk: Talk, kind: DigestKind) -> DigestPlan | None:
    return next((plan for plan in talk.subscriber.digests if plan.kind is kind), None)


def _day(words: Words, weekday: int) -> str:
    return str(get_day_names("wide", "stand-alone", words.language)[weekday])


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _to(text: str, page: str) -> InlineKeyboardButton:
    return button(text, SettingsMenu(page=page))
