"""Deliver: expand dispatches, claim what is due, decide, send, settle. It calls; `bot.outbox` decides.

Expansion and sending run side by side, so the first readers of a story are told while the last are still being
written down. A notification is leased before Telegram is called and settled at most `SETTLE_EVERY` after its answer:
a kill between the two repeats no more than what was in flight, and loses nothing. Digests go the same way beside them,
few at a time, so that a push never waits long behind them; and whoever gave no sign of life for long is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from bot.errors import StorageError
from bot.model import (
    DigestDue,
    DigestSettlement,
    Due,
    Level,
    NotificationState,
    Reason,
    Refused,
    Send,
    Settlement,
    SilenceSettlement,
    Subscriber,
)
from bot.outbox import (
    PATIENCE,
    SILENCE,
    Attention,
    attention,
    catch_up_at,
    decide,
    fold,
    is_silent,
    settle_bug,
    settle_decision,
    settle_digest,
    settle_outcome,
    settle_question,
    settle_silence,
    settle_unsent,
)
from bot.ports import ALL_LEVELS, Clock, DeliveryStore, Levels, Messenger

SETTLE_EVERY: Final = 0.04
"""Seconds between settlements; with the transaction itself within the design's 50 ms after an answer."""
LEASE: Final = timedelta(seconds=90)
"""Longer than a claimed notification ever takes: its turn in the send budget plus Telegram's time-out."""
IDLE: Final = 1.0
"""Seconds between looks at the store for what fell due, or what another process has published."""
CHUNK: Final = 5_000
"""Subscriptions a transaction of the fan-out: small enough that other writers get their turn (bench/fanout.py)."""
DIGESTS: Final = 8
"""In flight at once while nothing is pushed: what keeps the free rate of 29/s busy at a quarter of a second an answer.
While something is pushed, one: a push then waits for a single message at most."""
ASK_EVERY: Final = 60.0
"""Seconds between looks for whoever has been silent for long."""
ASKED_AT_ONCE: Final = 10
ASKING: Final = timedelta(minutes=6)
"""How long they are leased: each of them may wait for Telegram's time-out."""
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
    levels: Levels = ALL_LEVELS
    """Only notifications of these levels go out here, and digests where the lowest do."""
    _sending: int = 0
    _writing: int = 0
    """Digests in flight, or not yet written down."""
    _settlements: list[Settlement] = field(default_factory=list)
    _published: asyncio.Event = field(default_factory=asyncio.Event)
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _issued: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: asyncio.Event = field(default_factory=asyncio.Event)
    _asking: bool = False
    _unwritten: bool = False
    """The store fails to write down digests: no more are claimed until it does."""
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _drained: bool = False

    def wake(self) -> None:
        """Something was published: look now rather than at the next idle look."""
        self._published.set()

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in flight is settled."""
        self._stopping.set()
        for event in (self._published, self._due, self._issued, self._asked):
            event.set()

    async def run(self) -> None:
        """Deliver until `stop()`; then free what was claimed and not sent."""
        self._drained = False
        async with asyncio.TaskGroup() as group:
            group.create_task(self._expand_loop())
            group.create_task(self._send_loop())
            group.create_task(self._settle_loop())
            if Level.ROUTINE in self.levels:
                group.create_task(self._claiming(self._claim_digests, self._issued, IDLE))
                group.create_task(self._claiming(self._claim_silent, self._asked, ASK_EVERY))
        with suppress(StorageError):  # the leases then expire by themselves
            await self.store.release(self.owner)

    # --- expand ---

    async def _expand_loop(self) -> None:
        while not self._stopping.is_set():
            self._published.clear()
            if not await self._guarded(self._expand_once()):
                await self._wait(self._published, IDLE)
                self._due.set()  # someone else may have expanded it

    async def _expand_once(self) -> bool:
        """Expand one chunk of the most important open dispatch, or else of an edition; False when none is open."""
        dispatches = await self.store.open_dispatches(limit=1)
        for dispatch in dispatches:
            await self.store.expand(dispatch, CHUNK, self.clock())
        editions = () if dispatches else await self.store.open_editions(self.clock(), limit=1)
        for edition in editions:
            await self.store.expand_edition(edition, CHUNK, self.clock())
        if dispatches or editions:
            self._due.set()
        return bool(dispatches or editions)

    # --- claim, decide, send ---

    async def _send_loop(self) -> None:
        try:
            await self._claiming(self._claim_once, self._due, IDLE)
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
        claimed = await self.store.claim(self.owner, room, self.clock(), LEASE, levels=self.levels)
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
            now = self.clock()
            decision = decide(due, now)
            if not isinstance(decision, Send):
                return settle_decision(notification, decision, catch_up_at(due, decision, now))
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

    # --- digests ---

    async def _claim_digests(self, sending: asyncio.TaskGroup) -> bool:
        room = (1 if self._sending else DIGESTS) - self._writing
        if room < 1 or self._unwritten:
            return False
        claimed = await self.store.claim_digests(self.owner, room, self.clock(), LEASE)
        self._writing += len(claimed)
        for due in claimed:
            sending.create_task(self._issue(due))
        return bool(claimed)

    async def _issue(self, due: DigestDue) -> None:
        """Send one digest if it's to be sent, and write down at once what became of it."""
        try:
            settlement = await self._issued_as(due)
            while not await self._guarded(self._settle_digest(settlement)):
                self._unwritten = True
                await asyncio.sleep(IDLE)  # a clean stop cuts this short; the lease then expires by itself
            self._unwritten = False
        finally:
            self._writing -= 1
            self._issued.set()

    async def _issued_as(self, due: DigestDue) -> DigestSettlement:
        try:
            now = self.clock()
            digest = fold(due, now)
            if digest is None:
                return settle_unsent(due, now)
            outcome = await self.messenger.push_digest(due, digest, silent=is_silent(due, digest, now))
            return settle_digest(due, digest, outcome, self.clock())
        except Exception:  # as for a notification
            log.exception("delivery.bug", digest=due.kind, subscriber=due.subscriber.id)
            return settle_bug(due, self.clock())

    async def _settle_digest(self, settlement: DigestSettlement) -> bool:
        await self.store.settle_digests(self.owner, [settlement])
        return True

    # --- the silent ---

    async def _claim_silent(self, sending: asyncio.TaskGroup) -> bool:
        """False also when some were claimed: the next look comes when these were asked."""
        if self._asking:
            return False
        now = self.clock()
        silent = await self.store.claim_silent(
            self.owner, ASKED_AT_ONCE, now, ASKING, seen_before=now - SILENCE, asked_before=now - PATIENCE
        )
        if silent:
            self._asking = True
            sending.create_task(self._mind(silent))
        return False

    async def _mind(self, silent: tuple[Subscriber, ...]) -> None:
        """Ask them or tell them less, one after the other; if that led nowhere, look again only later."""
        settled = 0
        try:
            for subscriber in silent:
                if not self._stopping.is_set():
                    settled += await self._guarded(self._mind_one(subscriber))
        finally:
            self._asking = False
            if settled:
                self._asked.set()

    async def _mind_one(self, subscriber: Subscriber) -> bool:
        try:
            settlement = await self._minded(subscriber)
        except Exception:  # as for a notification; it's tried again, but holds up nobody
            log.exception("delivery.bug", subscriber=subscriber.id)
            return False
        return settlement is not None and await self.store.settle_silent(settlement)

    async def _minded(self, subscriber: Subscriber) -> SilenceSettlement | None:
        match attention(subscriber, self.clock()):
            case Attention.ASK:
                return settle_question(subscriber, await self.messenger.ask(subscriber), self.clock())
            case Attention.SLOW_DOWN:
                return settle_silence(subscriber, self.clock())
            case _:
                return None

    # --- all ---

    async def _claiming(
        self, claim: Callable[[asyncio.TaskGroup], Awaitable[bool]], more: asyncio.Event, rest: float
    ) -> None:
        """Claim as long as there is something, else when there may be `more`; what is in flight at the end ends."""
        try:
            async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as sending:
                while not self._stopping.is_set():
                    more.clear()
                    if not await self._guarded(claim(sending)):
                        await self._wait(more, rest)
                limit.reschedule(asyncio.get_running_loop().time() + STOP_WITHIN)
        except TimeoutError:
            log.warning("delivery.unanswered_at_stop")

    async def _guarded(self, step: Awaitable[bool]) -> bool:
        """Run a step; a store that fails is one log line and False, and the loop looks again later."""
        try:
            return await step
        except StorageError as error:
            log.error("delivery.store_failed", error=str(error))
            return False

    async def _wait(self, event: asyncio.Event, rest: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(rest):
                await event.wait()
