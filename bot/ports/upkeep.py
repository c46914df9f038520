"""What keeps the store from growing for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.model import Topic


class MaintenanceStore(Protocol):
    """What keeps the store from growing for ever."""

    async def tidy(self, now: datetime, limit: int) -> int:
        """One step, of about `limit` rows (1,000 take about 20 ms on SQLite); how many went, 0 when nothing is left.

        Articles go after 90 days, their keys never; notifications (settled or held) and dispatches of stories that
        opened 30 days ago; words of one's own a day after the last who followed them, drafts after a day. No story is
        told again for it.
        """
        ...

    async def topics_without_key(self, limit: int) -> tuple[Topic, ...]:
        """Query topics stored by a version that knew no keys."""
        ...

    async def give_keys(self, keys: Mapping[int, str]) -> None:
        """Note the keys of topics by id. Where another topic has the key, the one becomes part of that other: who
        follows it, what it has found and what is still to be told of it.
        """
        ...

    async def rewind(self, now: datetime) -> bool:
        """If the store was used by a clock that was ahead, what waits for that clock's time waits no more; whether so.

        Notifications are due at once; a lease of somebody dead runs out as soon as any other.
        """
        ...
