"""Deliver: expand dispatches, claim what is due, decide, send, settle. It calls; `bot.outbox` decides.

Expansion and sending run side by side, so the first readers of a story are told while the last are still being
written down. A notification is leased before Telegram is called and settled at most `SETTLE_EVERY` after its answer:
a kill between the two repeats no more than what was in flight, and loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from bot.errors import StorageError
from bot.model import Due, NotificationState, Reason, Refused, Send, Settlement
from bot.outbox import decide, settle_decision, settle_outcome
from bot.ports import Clock, DeliveryStore, Messenger

SETTLE_EVERY: Final = 0.04
"""Seconds between settlements; with the transaction itself within the design's 50 ms after an answer."""
LEASE: Final = timedelta(seconds=90)
"""Longer than a claimed notification ever takes: its turn in the send budget plus Telegram's time-out."""
IDLE: Final = 1.0
"""Seconds between looks at the store for what fell due, or what another process has published."""
CHUNK: Final = 10_000
"""Subscriptions a transaction of the fan-out; about 30 ms on SQLite, so no other writer waits long."""
STOP_WITHIN: Final = 7.0
"""Seconds that a clean stop waits for answers in flight, within the 10 s that service managers grant."""

log = structlog.get_logger()


@dataclass(slots=True)
class Delivery:
    """The deliver wheel of one process: `wake()` after publishing, `run()` until `stop()`."""

    store: DeliveryStore
    messenger: Messenger
    clock: Clock
    owner: str
    """Unique to this run of this process; its leases carry it."""
    in_flight: int = 32
    """Notifications claimed at once: about a second's work, so that none is leased for long."""
    _sending: int = 0
    _settlements: list[Settlement] = field(default_factory=list)
    _published: asyncio.Event = field(default_factory=asyncio.Event)
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _drained: bool = False

    def wake(self) -> None:
        """Something was published: look now rather than at the next idle look."""
        self._published.set()

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in flight is settled."""
        self._stopping.set()
        self._published.set()
        self._due.set()

    async def run(self) -> None:
        """Deliver until `stop()`; then free what was claimed and not sent."""
        self._drained = False
        async with asyncio.TaskGroup() as group:
            group.create_task(self._expand_loop())
            group.create_task(self._send_loop())
            group.create_task(self._settle_loop())
        with suppress(StorageError):  # the leases then expire by themselves
            await self.store.release(self.owner)

    # --- expand ---

    async def _expand_loop(self) -> None:
        while not self._stopping.is_set():
            self._published.clear()
            if not await self._guarded(self._expand_once()):
                await self._wait(self._published)

    async def _expand_once(self) -> bool:
        """Expand one chunk of the most important open dispatch; False when none is open."""
        dispatches = await self.store.open_dispatches(limit=1)
        for dispatch in dispatches:
            await self.store.expand(dispatch, CHUNK, self.clock())
            self._due.set()
        return bool(dispatches)

    # --- claim, decide, send ---

    async def _send_loop(self) -> None:
        try:
            async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as sending:
                while not self._stopping.is_set():
                    self._due.clear()
                    if not await self._guarded(self._claim_once(sending)):
                        await self._wait(self._due)
                limit.reschedule(asyncio.get_running_loop().time() + STOP_WITHIN)
        except TimeoutError:
            log.warning("delivery.unanswered_at_stop")
        finally:
            self._drained = True
            self._answered.set()

    async def _claim_once(self, sending: asyncio.TaskGroup) -> bool:
        """Claim when half the room is free (small claims cost as much as large ones) and start telling.

        False when there is no room or nothing was due.
        """
        room = self.in_flight - self._sending - len(self._settlements)
        if room < self.in_flight // 2:
            return False
        claimed = await self.store.claim(self.owner, room, self.clock(), LEASE)
        self._sending += len(claimed)
        for due in claimed:
            sending.create_task(self._tell(due))
        return bool(claimed)

    async def _tell(self, due: Due) -> None:
        """Decide about one notification, send it if so decided, and queue what to write down."""
        try:
            self._settlements.append(await self._told(due))
        finally:
            self._sending -= 1
            self._answered.set()

    async def _told(self, due: Due) -> Settlement:
        notification = due.notification
        try:
            decision = decide(due, self.clock())
            if not isinstance(decision, Send):
                return settle_decision(notification, decision)
            outcome = await self.messenger.push(due, silent=decision.silent)
        except Exception:  # a bug of ours: parked where the publisher sees it, so that it blocks nobody else
            log.exception("delivery.bug", story=notification.story_id, subscriber=notification.subscriber_id)
            outcome = Refused(Reason("bug"))
        return settle_outcome(notification, outcome, self.clock())

    # --- settle ---

    async def _settle_loop(self) -> None:
        while not self._drained or self._settlements:
            await self._answered.wait()
            self._answered.clear()
            if not self._drained:
                await asyncio.sleep(SETTLE_EVERY)
            if not await self._guarded(self._settle_once()) and self._settlements:
                if self._drained:
                    break  # the store is gone; the leases expire and those are told again
                await asyncio.sleep(IDLE)
                self._answered.set()

    async def _settle_once(self) -> bool:
        """Write down every answer since the last time, in one transaction; all stay for the next try if it fails."""
        batch = tuple(self._settlements)
        if not batch:
            return False
        await self.store.settle(self.owner, batch)
        del self._settlements[: len(batch)]
        if any(settlement.notification.state is NotificationState.DUE for settlement in batch) or self._has_room():
            self._due.set()
        return True

    def _has_room(self) -> bool:
        return self._sending + len(self._settlements) <= self.in_flight // 2

    # --- both ---

    async def _guarded(self, step: Awaitable[bool]) -> bool:
        """Run a step; a store that fails is one log line and False, and the loop looks again later."""
        try:
            return await step
        except StorageError as error:
            log.error("delivery.store_failed", error=str(error))
            return False

    async def _wait(self, event: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await event.wait()
