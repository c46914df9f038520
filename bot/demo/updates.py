"""The queue of updates and its one long poll."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from bot.demo.refusal import RefusalError

Json = dict[str, Any]
UNASKED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Come only when `allowed_updates` names them."""
MAX_BATCH: Final = 100
OTHER_POLL: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class UpdateQueue:
    """Updates wait until a poll with a higher offset confirms them. A newer poll ends the one that waits."""

    def __init__(self) -> None:
        self._waiting: deque[Json] = deque()
        self._last_id = 0
        self._allowed: frozenset[str] = frozenset()
        self._poll: asyncio.Future[None] | None = None
        self._closed = False

    @property
    def pending(self) -> int:
        """How many are not confirmed yet."""
        return len(self._waiting)

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed)

    def add(self, kind: str, payload: Json) -> int | None:
        """Queue an update; its id, or None if the bot doesn't want this kind."""
        if (kind not in self._allowed) if self._allowed else (kind in UNASKED):
            return None
        return self.add_raw({kind: payload})

    def add_raw(self, update: Json) -> int:
        """Queue an update as a server of another version might send it, whatever the bot wants; its id."""
        self._last_id += 1
        self._waiting.append({"update_id": self._last_id} | update)
        self._wake()
        return self._last_id

    def allow(self, kinds: Sequence[str] | None) -> None:
        """An empty list means all but the unasked; None leaves it as it is."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    def forget(self) -> None:
        self._waiting.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 (the API's own)
        """Confirm what lies before `offset`, then wait up to `timeout` seconds for an update."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(RefusalError(409, OTHER_POLL))
        self._confirm(offset)
        if not self._waiting and timeout > 0 and not self._closed:
            await self._wait(timeout)
        return [self._waiting[i] for i in range(min(len(self._waiting), limit, MAX_BATCH))]

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(poll, seconds)
        except TimeoutError:
            return
        finally:
            poll.cancel()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()

    def _wake(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    def reopen(self) -> None:
        self._closed = False

    def close(self) -> None:
        """Answer the waiting poll; later ones don't wait."""
        self._closed = True
        self._wake()
