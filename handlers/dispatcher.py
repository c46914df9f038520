"""All dialogues in one dispatcher."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram import Dispatcher

from bot.ports import Clock
from bot.subscribers import UseCases
from handlers import fallback, follow, forget, help, latest, membership, pause, start, topics, why  # noqa: A004
from handlers.middleware import Context, Guard, admins_only

_DIALOGUES = (membership, start, topics, follow, latest, why, pause, forget, help, fallback)
"""In the order they are asked; the fallback takes what nobody else did."""


def _clock() -> datetime:
    return datetime.now(UTC)


def create_dispatcher(use_cases: UseCases, clock: Clock = _clock) -> Dispatcher:
    """A fresh dispatcher with routers of its own: a router can't join two."""
    # aiogram's memory of dialogues would grow by an entry for every chat; ours live in buttons and tables.
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(Guard())
    dispatcher.update.outer_middleware(Context(use_cases, clock))
    dispatcher.message.middleware(admins_only)
    dispatcher.callback_query.middleware(admins_only)
    for dialogue in _DIALOGUES:
        dispatcher.include_router(dialogue.create_router())
    return dispatcher
