"""Coming and going: who a chat is, and whether we may write to it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.model import NEW, DigestKind, DigestPlan, Subscriber, SubscriberState
from bot.outbox import next_issue
from bot.subscribers.use_cases import UseCases

_READ_RUSSIAN: Final = frozenset({"ru", "uk", "be", "kk", "ky", "uz", "tg", "hy", "az"})
"""Interface languages whose speakers rather read Russian than English; ours to extend as catalogues are added."""


NOTED_EVERY: Final = timedelta(hours=1)
"""The last sign of life is counted in days: an hour is exact enough, and spares a write for every button."""
MORNING: Final = time(9)
"""Local time; the same as that of the digest of what was held back overnight."""
SHORTEST_NIGHT: Final = timedelta(hours=4)
"""A morning nearer than this is the one they have already."""


def language_for(telegram_code: str | None, chat_title: str | None = None) -> str:
    """Our language for a Telegram client's (an IETF tag, "uk" or "pt-br").

    When Telegram says nothing (an administrator who stays anonymous), Russian where the chat's title is in Cyrillic
    letters, else English.
    """
    if telegram_code is None:
        return "ru" if re.search("[а-яё]", chat_title or "", re.IGNORECASE) else "en"
    return "ru" if telegram_code.split("-")[0].lower() in _READ_RUSSIAN else "en"


async def stored(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> Subscriber:
    """The subscriber with an id: whoever changes something is remembered from then on, not before."""
    return subscriber if subscriber.id != NEW else await use_cases.store.add_subscriber(subscriber, now)


async def welcome(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> Subscriber:
    """Create the subscriber, or take up again with one who had paused or left, in the language they have chosen."""
    known = await stored(use_cases, subscriber, now)
    return known if known.state is SubscriberState.ACTIVE else await resume(use_cases, known, now)


async def pause(
    use_cases: UseCases, subscriber: Subscriber, now: datetime, until: datetime | None = None
) -> Subscriber:
    """Tell nothing until then, or (None) until they resume."""
    known = await stored(use_cases, subscriber, now)
    await use_cases.store.set_state(known.id, SubscriberState.PAUSED, until)
    return replace(known, state=SubscriberState.PAUSED, paused_until=until)


async def resume(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> Subscriber:
    known = await stored(use_cases, subscriber, now)
    await use_cases.store.set_state(known.id, SubscriberState.ACTIVE)
    return replace(known, state=SubscriberState.ACTIVE, paused_until=None)


def next_morning(subscriber: Subscriber, now: datetime) -> datetime:
    """When a pause until the morning ends: the same day's morning for whoever is still up after midnight."""
    return next_issue(DigestPlan(DigestKind.DAILY, MORNING), subscriber.time_zone, now + SHORTEST_NIGHT)


async def seen(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> Subscriber:
    """A sign of life, written down at most once an hour, and at once where they had been asked for one."""
    noted = subscriber.seen_at is not None and now - subscriber.seen_at < NOTED_EVERY
    if subscriber.id == NEW or (noted and subscriber.asked_at is None):
        return subscriber
    await use_cases.store.note_seen(subscriber.id, now)
    return replace(subscriber, seen_at=now, asked_at=None)


async def forget(use_cases: UseCases, subscriber: Subscriber) -> None:
    """Delete everything of theirs. Whoever we don't know has nothing to delete."""
    if subscriber.id != NEW:
        await use_cases.store.forget(subscriber.id)


async def left(use_cases: UseCases, chat_id: int) -> None:
    """The bot was blocked, or removed from the chat."""
    await use_cases.store.set_chat_state(chat_id, SubscriberState.GONE)


async def returned(use_cases: UseCases, chat_id: int) -> None:
    """The bot was unblocked or added again; a pause of the subscriber's own stays."""
    await use_cases.store.set_chat_state(chat_id, SubscriberState.ACTIVE)


async def moved(use_cases: UseCases, chat_id: int, new_chat_id: int) -> None:
    """The group became a supergroup."""
    await use_cases.store.move_chat(chat_id, new_chat_id)
