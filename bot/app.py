"""The composition root: settings become objects, and three supervised loops: collect, deliver, converse."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Final
from uuid import uuid4

import structlog
from aiogram import Bot

from bot.config import Settings, use_topics
from bot.delivery import Delivery
from bot.errors import GlavnoeError
from bot.journey import Journey
from bot.model import Level, Source
from bot.ports import ALL_LEVELS, Clock
from bot.subscribers import Publisher, UseCases
from bot.telegram.bots import make_bot
from bot.telegram.budget import PAID_RATE, SendBudget
from bot.telegram.paid import PaidBroadcast
from bot.telegram.sender import TelegramMessenger
from bot.telegram.updates import Updates
from bot.topics import slugs
from bot.upkeep import ClockWatch, Upkeep, join_equal_topics
from bot.web import HttpWeb
from bot.workers import ProcessPageReader
from handlers import COMMANDS, create_dispatcher
from storage import Store, open_store

ROLES: Final = frozenset({"collect", "deliver", "converse"})
FEWEST_IN_FLIGHT: Final = 32
"""Notifications claimed at once: a second's work at Telegram's free rate; at paid rates half a second's, of which an
answer may take the half."""
LONGEST_REST: Final = 60.0
"""Seconds, at most, before a loop that a bug ended is started again; the first rest is one second, then doubled."""

log = structlog.get_logger()


def utc_now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Loop:
    """A wheel of the bot: `run` goes on until `stop` is called, and then ends what it has begun."""

    name: str
    run: Callable[[], Awaitable[None]]
    stop: Callable[[], None]


async def serve(
    settings: Settings,
    sources: Collection[Source],
    *,
    roles: Collection[str] = ROLES,
    clock: Clock = utc_now,
    stop: asyncio.Event | None = None,
) -> None:
    """Run the bot until `stop` is set or a signal says so.

    Raises StorageError and TelegramError (a token that Telegram refuses) with one line each.
    """
    stop = stop or _on_signals()
    async with AsyncExitStack() as stack:
        loops = await _assemble(settings, tuple(sources), roles, clock, stack)
        freeze()
        log.info("app.started", roles=sorted(roles), sources=len(sources))
        try:
            await _turn_all(loops, stop)
        except* GlavnoeError as errors:
            raise errors.exceptions[0] from None
        log.info("app.stopped")


def _on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def freeze() -> None:
    """What is there by now stays until the end, so the garbage collector need not look at it again.

    To look at all of aiogram's and the topics' objects takes it a third of a second, in which the loop stands still.
    """
    gc.freeze()


async def _assemble(
    settings: Settings, sources: Sequence[Source], roles: Collection[str], clock: Clock, stack: AsyncExitStack
) -> list[Loop]:
    use_topics(settings.topics_dir)
    store = await open_store(settings.database_url)
    stack.push_async_callback(store.close)
    await join_equal_topics(store)
    parts = _Parts(
        settings=settings,
        store=store,
        sources=await store.register_sources(sources, clock()),
        topic_ids=await store.register_topics(slugs()),
        budget=SendBudget(settings.send_rate),
        clock=clock,
        stack=stack,
    )
    delivering = parts.deliveries() if "deliver" in roles else ()
    watch = ClockWatch(store, clock, corrected=lambda: _wake(delivering))
    loops = [Loop("clock", watch.run, watch.stop)]
    loops += [Loop(f"deliver {each.levels[0].name.lower()}", each.run, each.stop) for each in delivering]
    if "converse" in roles:
        updates = parts.updates()
        loops.append(Loop("converse", updates.run, updates.stop))
    if "collect" in roles:
        journey = await parts.journey(published=lambda: _wake(delivering))
        loops.append(Loop("collect", journey.run, journey.stop))
        upkeep = Upkeep(store, clock)
        loops.append(Loop("upkeep", upkeep.run, upkeep.stop))
    return loops


def _wake(delivering: Iterable[Delivery]) -> None:
    """Where another process delivers, it looks for itself."""
    for each in delivering:
        each.wake()


def deliveries(settings: Settings, store: Store, bot: Bot, budget: SendBudget, clock: Clock) -> tuple[Delivery, ...]:
    """The wheel that delivers all, or where breaking news is paid for, one for that and one for the rest.

    It has room for a paid rate's work: were that room everybody's, breaking news would wait behind what fills it.
    """
    paid = PaidBroadcast(store, settings.paid_daily_limit, clock) if settings.paid_broadcast else None
    messenger = TelegramMessenger(bot, budget, clock, paid)
    rates = {ALL_LEVELS: settings.send_rate}
    if paid:
        rates = {(Level.ROUTINE, Level.MAJOR): settings.send_rate, (Level.BREAKING, Level.BREAKING): PAID_RATE}
    return tuple(
        Delivery(
            store=store,
            messenger=messenger,
            clock=clock,
            owner=uuid4().hex,
            in_flight=max(FEWEST_IN_FLIGHT, ceil(rate / 2)),
            levels=levels,
        )
        for levels, rate in rates.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the loops are made of; what they open is closed with `stack`."""

    settings: Settings
    store: Store
    sources: tuple[Source, ...]
    topic_ids: Mapping[str, int]
    budget: SendBudget
    clock: Clock
    stack: AsyncExitStack

    def deliveries(self) -> tuple[Delivery, ...]:
        return deliveries(self.settings, self.store, self._bot(urgent=False), self.budget, self.clock)

    def updates(self) -> Updates:
        use_cases = UseCases(
            store=self.store,
            topic_ids=self.topic_ids,
            source_names={source.id: source.name for source in self.sources},
            time_zone=self.settings.time_zone,
            publisher=Publisher(self.store, frozenset(self.settings.admin_ids)),
        )
        return Updates(self._bot(urgent=True), create_dispatcher(use_cases, self.clock), COMMANDS)

    async def journey(self, published: Callable[[], None]) -> Journey:
        web = HttpWeb(contact_url=self.settings.contact_url, allow_private_hosts=self.settings.allow_private_hosts)
        return Journey(
            store=self.store,
            web=await self.stack.enter_async_context(web),
            pages=await self.stack.enter_async_context(ProcessPageReader()),
            clock=self.clock,
            sources=self.sources,
            topic_ids=self.topic_ids,
            owner=uuid4().hex,
            interval=self.settings.poll_every,
            published=published,
        )

    def _bot(self, *, urgent: bool) -> Bot:
        bot = make_bot(self.settings.token, self.settings.telegram_api_url, self.budget, urgent=urgent)
        self.stack.push_async_callback(bot.session.close)
        return bot


async def _turn_all(loops: Sequence[Loop], stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        for loop in loops:
            group.create_task(_supervised(loop, stop), name=loop.name)
        await stop.wait()
        log.info("app.stopping")
        for loop in loops:
            loop.stop()


async def _supervised(loop: Loop, stop: asyncio.Event) -> None:
    """Run a loop. A bug that ends it is logged whole and it begins again; what we raise ourselves ends the run."""
    rest = 1.0
    while not stop.is_set():
        try:
            await loop.run()
        except GlavnoeError:
            raise
        except Exception:
            log.exception("app.loop_failed", loop=loop.name, rest=rest)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rest)
            rest = min(rest * 2, LONGEST_REST)
