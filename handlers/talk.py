"""What a handler needs to answer an update."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiogram.types import TelegramObject

from bot.model import Subscriber
from bot.subscribers import UseCases
from bot.words import Words
from bot.words import words as words_in

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
"""What a middleware hands an update on to."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Who is spoken with, in which words, and when."""

    use_cases: UseCases
    subscriber: Subscriber
    """As stored; with the id NEW while they have changed nothing yet."""
    words: Words
    now: datetime

    def with_(self, subscriber: Subscriber) -> Talk:
        """The same with the subscriber as a use case has left them."""
        return replace(self, subscriber=subscriber, words=words_in(subscriber.language))
