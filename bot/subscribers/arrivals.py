"""Coming and going: who a chat is, and whether we may write to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.model import NEW, Subscriber, SubscriberState
from bot.subscribers.use_cases import UseCases

_READ_RUSSIAN: Final = frozenset({"ru", "uk", "be", "kk", "ky", "uz", "tg", "hy", "az"})
"""Interface languages whose speakers rather read Russian than English; ours to extend as catalogues are added."""


def language_for(telegram_code: str | None) -> str:
    """Our language for a Telegram client's (an IETF tag, "uk" or "pt-br"); English when Telegram says nothing."""
    return "ru" if (telegram_code or "").split("-")[0].lower() in _READ_RUSSIAN else "en"


async def stored(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> Subscriber:
    """The subscriber with an id: whoever changes something is remembered from then on, not before."""
    return subscriber if subscriber.id != NEW else await use_cases.store.add_subscriber(subscriber, now)


async def welcome(use_cases: UseCases, subscriber: Subscriber, language: str, now: datetime) -> Subscriber:
    """Create the subscriber, or take up again with one who had paused or left; from now on in that language."""
    known = await stored(use_cases, subscriber, now)
    if known.state is not SubscriberState.ACTIVE:
        await use_cases.store.set_state(known.id, SubscriberState.ACTIVE)
    if known.language != language:
        await use_cases.store.set_language(known.id, language)
    return replace(known, state=SubscriberState.ACTIVE, language=language)


async def pause(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> None:
    known = await stored(use_cases, subscriber, now)
    await use_cases.store.set_state(known.id, SubscriberState.PAUSED)


async def resume(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> None:
    known = await stored(use_cases, subscriber, now)
    await use_cases.store.set_state(known.id, SubscriberState.ACTIVE)


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
