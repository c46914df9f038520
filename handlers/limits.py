"""How often a subscriber may ask for what costs."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiogram.dispatcher.flags import get_flag
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.model import Subscriber
from handlers.replies import send
from handlers.talk import Handler, Talk

MOST_A_WINDOW: Final = 20
"""More than a person reads in that time."""
WINDOW: Final = 60.0
"""Seconds, from the first request on."""
MOST_REMEMBERED: Final = 10_000
"""Subscribers, about a megabyte; the one with the oldest window is forgotten first."""


@dataclass(slots=True)
class _Window:
    began: float
    asked: int = 0


@dataclass(slots=True)
class RateLimit:
    """Past the limit one polite answer, then silence until the window is over; a button gets its notice every time.

    Forgotten by a restart, on purpose.
    """

    clock: Callable[[], float] = time.monotonic
    _windows: OrderedDict[tuple[int, int], _Window] = field(default_factory=OrderedDict)
    """By chat and forum thread, the oldest first."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Message | CallbackQuery)  # noqa: S101 - registered for these only
        if not get_flag(data, "costly"):
            return await handler(event, data)
        talk: Talk = data["talk"]
        asked = self._count(talk.subscriber)
        if asked <= MOST_A_WINDOW:
            return await handler(event, data)
        answer = talk.words("That was a lot at once. I’ll be glad to go on in a minute.")
        if isinstance(event, CallbackQuery):
            return answer
        if asked == MOST_A_WINDOW + 1:
            await send(event, answer)
        return None

    def _count(self, subscriber: Subscriber) -> int:
        """Which request of the window this is, from 1."""
        key, now = (subscriber.chat_id, subscriber.thread_id), self.clock()
        window = self._windows.get(key)
        if window is None or now - window.began >= WINDOW:
            window = self._windows[key] = _Window(now)
            self._windows.move_to_end(key)
            while len(self._windows) > MOST_REMEMBERED:
                self._windows.popitem(last=False)
        window.asked += 1
        return window.asked
