"""Paid broadcasts: which pushes cost money, so that breaking news is out in minutes and never costs more than is meant.

Telegram lets through up to 1,000 messages a second for 0.1 Stars each when a call says `allow_paid_broadcast`
(https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once).
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

import structlog

from bot.errors import StorageError
from bot.model import Due, Level, Refused
from bot.ports import Clock, PaidStore

MOST_AT_ONCE: Final = 500
"""Messages taken from the store's count at a time: half a second's. A kill wastes no more of a day's limit."""
_SHARE: Final = 100
"""Of a small limit a hundredth is taken at a time, for the same reason."""
REST: Final = timedelta(hours=1)
"""Until Telegram is asked again for what it refused to charge for: only the publisher can help."""
STORE_REST: Final = timedelta(seconds=10)
"""Until the store is asked again after it failed."""

_NOT_CHARGED: Final = re.compile(r"balance|paid|payment|stars", re.IGNORECASE)

log = structlog.get_logger()


class PaidBroadcast:
    """Who pays: breaking pushes, while the day's limit lasts and Telegram takes the money. All others go free."""

    def __init__(self, store: PaidStore, daily_limit: int, clock: Clock) -> None:
        """`daily_limit`: messages a UTC day."""
        self._store = store
        self._limit = daily_limit
        self._clock = clock
        self._day = date.min
        self._left = 0
        self._used_up = date.min
        """The last day whose limit was reached."""
        self._not_before = datetime.min.replace(tzinfo=UTC)
        self._refused = False
        self._taking = asyncio.Lock()

    async def take(self, due: Due) -> date | None:
        """The day on whose account this push goes; None: it goes free. It counts unless it's given back."""
        if due.story.level is not Level.BREAKING or not self._is_on():
            return None
        if self._left == 0:
            async with self._taking:
                if self._is_on() and self._left == 0:
                    await self._take_more(self._day)
        if self._left == 0:
            return None
        self._left -= 1
        return self._day

    def give_back(self, day: date) -> None:
        """A push on that day's account surely wasn't sent."""
        if day == self._day:
            self._left += 1

    def was_not_charged(self, outcome: Refused) -> bool:
        """Whether Telegram refused a paid push only because it's paid. All go free for a while then; said once."""
        said = str(outcome.reason.values.get("text"))
        if not _NOT_CHARGED.search(said):
            return False
        if not self._refused:
            log.warning("telegram.paid_refused", said=said, hint="breaking news goes out free")
        self._refused = True
        self._not_before = self._clock() + REST
        return True

    def was_charged(self) -> None:
        """A paid push went through: the next refusal is news again."""
        self._refused = False

    def _is_on(self) -> bool:
        now = self._clock()
        if self._day != now.date():
            self._day, self._left = now.date(), 0
        return now >= self._not_before and self._used_up != self._day

    async def _take_more(self, day: date) -> None:
        wanted = min(MOST_AT_ONCE, max(1, self._limit // _SHARE))
        try:
            granted = await self._store.take_paid(day, wanted, self._limit)
        except StorageError as error:
            log.error("telegram.paid_not_counted", error=str(error), hint="breaking news goes out free")
            self._not_before = self._clock() + STORE_REST
            return
        if day == self._day:
            self._left = granted
        if granted == 0:
            log.warning("telegram.paid_limit_reached", limit=self._limit, hint="breaking news goes out free today")
            self._used_up = day
