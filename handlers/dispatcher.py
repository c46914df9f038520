"""All dialogues in one dispatcher."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from aiogram import Dispatcher

from bot.ports import Clock
from bot.subscribers import UseCases
from handlers import (
    admin,
    digest,
    fallback,
    follow,
    forget,
    help,  # noqa: A004
    latest,
    membership,
    own,
    pause,
    presence,
    quiet,
    search,
    settings,
    shelves,
    split,
    start,
    topics,
    why,
    withdraw,
)
from handlers.limits import RateLimit
from handlers.middleware import Context, Guard
from handlers.rights import AdminsOnly

_DIALOGUES = (
    membership,
    start,
    topics,
    follow,
    own,
    shelves,
    search,
    latest,
    why,
    split,
    withdraw,
    digest,
    quiet,
    pause,
    settings,
    presence,
    forget,
    help,
    admin,
    fallback,
)
"""In the order they are asked; the fallback takes what nobody else did."""


def _clock() -> datetime:
    return datetime.now(UTC)


def create_dispatcher(
    use_cases: UseCases, clock: Clock = _clock, monotonic: Callable[[], float] = time.monotonic
) -> Dispatcher:
    """A fresh dispatcher with routers of its own: a router can't join two. `monotonic`: seconds, for what expires."""
    # aiogram's memory of dialogues would grow by an entry for every chat; ours live in buttons and tables.
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(Guard())
    dispatcher.update.outer_middleware(Context(use_cases, clock))
    for middleware in (AdminsOnly(monotonic), RateLimit(monotonic)):
        dispatcher.message.middleware(middleware)
        dispatcher.edited_message.middleware(middleware)
        dispatcher.callback_query.middleware(middleware)
    for dialogue in _DIALOGUES:
        dispatcher.include_router(dialogue.create_router())
    return dispatcher
