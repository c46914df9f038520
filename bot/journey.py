"""Collect: ask sources, read what is new, and have each article judged and stored. It calls; the stages decide.

Everything slow (network, page extraction) happens here, before the one short transaction of an article (`bot.judging`).
One process of all collects at a time, so that two articles about one event never open two stories: it holds a lease in
the store, and another one stands by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bot import parsing, sources
from bot.errors import ParseError, SourceError, StorageError
from bot.judging import CORRECTED_WITHIN, Judging
from bot.model import (
    Item,
    Listed,
    Page,
    Poll,
    PollKind,
    Request,
    Response,
    Source,
)
from bot.ports import Clock, CollectStore, PageReader, Web
from bot.rereading import Rereading

EVER: Final = datetime.max.replace(tzinfo=UTC)
FIRST_PAGES: Final = 20
"""Article pages read at a source's first poll: enough for /latest at once, and polite to the site."""
SHORTEST_SLEEP: Final = timedelta(milliseconds=50)
LONGEST_SLEEP: Final = timedelta(seconds=60)
"""A source looks at its polls at least this often, whatever the clock of the machine does."""
STORE_RETRY: Final = 5.0
"""Seconds before a source goes on after the store failed."""
COLLECT: Final = "collect"
LEASE: Final = timedelta(seconds=6)
"""How long collecting stays ours without a word from us. With STAND_BY it's what a restart after a kill waits at most:
under 10 s until it polls. Long enough for two renewals to fail."""
RENEW: Final = 2.0
"""Seconds between renewals."""
STAND_BY: Final = 1.0
"""Seconds between looks at a lease that another process holds."""

log = structlog.get_logger()


@dataclass(slots=True)
class Journey:
    """The collect wheel: `run()` until `stop()`; or, where nobody else collects, `prepare()` and `turn()` once."""

    store: CollectStore
    web: Web
    pages: PageReader
    clock: Clock
    sources: tuple[Source, ...]
    """Registered: with their ids."""
    topic_ids: Mapping[str, int]
    """Of the built-in topics by slug."""
    owner: str
    """Unique to this run of this process; its lease carries it."""
    interval: timedelta | None = None
    """Overrides every source's own (POLL_INTERVAL)."""
    published: Callable[[], None] = lambda: None
    """Called after a commit that may have caused dispatches."""
    _polls: dict[tuple[int, PollKind], Poll] = field(default_factory=dict)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One feed is parsed at a time: side by side they would take no less time and, if all are huge, the memory of all.
    """
    _judging: Judging = field(init=False)
    _rereading: Rereading = field(init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _ours_until: datetime = EVER
    """When the lease runs out; without `run()` nobody asks for one."""

    def __post_init__(self) -> None:
        self._judging = Judging(self.store, self.clock, self.topic_ids, self._is_ours, self.published)
        self._rereading = Rereading(self.store, self.web, self.pages, self.clock, self._judging.correct)

    async def prepare(self) -> None:
        """Read back what was remembered of polls, and what judging needs. Raises StorageError."""
        await self._judging.prepare()
        remembered = await self.store.polls()
        for poll in sources.plan(self.sources, remembered, self.clock(), self.interval):
            self._polls[poll.source_id, poll.kind] = poll

    # --- the wheel ---

    async def run(self) -> None:
        """Collect until `stop()`, whenever this process holds the lease; the lease is free at the end."""
        standing_by = False
        try:
            while not self._stopping.is_set():
                if await self._guarded(self._take_lease()):
                    standing_by = False
                    await self._collect_while_ours()
                elif not standing_by:
                    standing_by = True
                    log.info("collect.standing_by", hint="another process collects, or did a few seconds ago")
                await self._pause(STAND_BY)
        finally:
            with suppress(StorageError):  # it then runs out by itself
                await self.store.drop_lease(COLLECT, self.owner)

    def stop(self) -> None:
        """Leave off. An article that was not committed yet is new again at the next start."""
        self._stopping.set()

    async def _collect_while_ours(self) -> None:
        """Until `stop()`, or until another process has taken the lease."""
        async with asyncio.TaskGroup() as group:
            collecting = group.create_task(self._collect())
            while not self._stopping.is_set() and await self._guarded(self._take_lease(), otherwise=True):
                await self._pause(RENEW)
            collecting.cancel()
        if not self._stopping.is_set():
            log.warning("collect.lease_lost", hint="another process collects")

    async def _collect(self) -> None:
        """Ask every source in its time; one that fails or hangs delays no other."""
        while not await self._guarded(self._prepared()):
            await self._pause(STORE_RETRY)
        log.info("collect.started", sources=len(self.sources))
        async with asyncio.TaskGroup() as group:
            for source in self.sources:
                group.create_task(self._attend(source))

    async def _prepared(self) -> bool:
        await self.prepare()
        return True

    async def _take_lease(self) -> bool:
        """Take or prolong it; False while it is another's."""
        until = self.clock() + LEASE
        taken = await self.store.take_lease(COLLECT, self.owner, self.clock(), until)
        if taken:
            self._ours_until = until
        return taken

    async def _is_ours(self) -> bool:
        """Whether collecting is; asked of the store only where the lease may have run out."""
        return self.clock() < self._ours_until or await self._take_lease()

    async def _guarded(self, step: Awaitable[bool], *, otherwise: bool = False) -> bool:
        """What a step says; a store that fails is one log line and `otherwise`."""
        try:
            return await step
        except StorageError as error:
            log.error("collect.store_failed", error=str(error))
            return otherwise

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def turn(self) -> None:
        """Ask once what is due now."""
        async with asyncio.TaskGroup() as group:
            for source in self.sources:
                group.create_task(self._ask_due(source))

    async def _attend(self, source: Source) -> None:
        while True:
            try:
                await self._ask_due(source)
            except StorageError as error:
                log.error("collect.store_failed", source=source.name, error=str(error))
                await asyncio.sleep(STORE_RETRY)
            await asyncio.sleep(self._rest(source).total_seconds())

    def _rest(self, source: Source) -> timedelta:
        soonest = sources.next_at(self._polls_of(source))
        return min(max(soonest - self.clock(), SHORTEST_SLEEP), LONGEST_SLEEP)

    def _polls_of(self, source: Source) -> tuple[Poll, ...]:
        return tuple(poll for poll in self._polls.values() if poll.source_id == source.id)

    async def _ask_due(self, source: Source) -> None:
        """Ask the source's polls that are due. A feed that fails makes its fallback due in the same turn."""
        while due := sources.due(self._polls_of(source), self.clock()):
            before = due[0]
            after = await self._ask(source, before)
            await self.store.save_poll(after)
            self._polls[after.source_id, after.kind] = after
            _log_change(source, before, after)
        if story_ids := await self._rereading.look(source):
            await self._judging.weigh_again(story_ids)

    # --- ask ---

    async def _ask(self, source: Source, poll: Poll) -> Poll:
        """Ask one address, publish what is new, and return the poll as it is afterwards."""
        interval = self.interval or source.interval
        response = None
        ttl = None
        try:
            response = await self._fetch(poll)
            sources.check_answer(response)
            if sources.is_worth_reading(poll, response):
                ttl = await self._read(source, poll, response)
        except SourceError as error:
            return sources.after_failure(poll, str(error), self.clock(), response=response, interval=interval)
        except StorageError:
            raise
        except Exception as error:  # a bug of ours met by one source must not stop the others
            log.exception("collect.bug", source=source.name, kind=poll.kind)
            complaint = f"a bug: {type(error).__name__}, see the log"
            return sources.after_failure(poll, complaint, self.clock(), response=response, interval=interval)
        return sources.after_answer(poll, response, self.clock(), ttl=ttl, interval=interval)

    async def _fetch(self, poll: Poll) -> Response:
        if poll.kind is PollKind.FRONT:
            return await self.web.fetch_page(poll.url)
        return await self.web.fetch(Request(url=poll.url, etag=poll.etag, last_modified=poll.last_modified))

    async def _read(self, source: Source, poll: Poll, response: Response) -> timedelta | None:
        """Take in what a changed body says; the feed's own ttl, if it has one."""
        if poll.kind is PollKind.FRONT:
            keys = await asyncio.to_thread(parsing.front_page_keys, response, source)
            await self._judging.note_front_page(source, keys)
            return None
        async with self._reading:
            feed = await asyncio.to_thread(parsing.read_items, response, source, self.clock())
        if not feed.items:
            raise ParseError("there are no articles in it")
        if feed.skipped:
            log.warning("collect.items_skipped", source=source.name, skipped=feed.skipped)
        await self._publish_new(source, poll, feed.items)
        await self._correct_changed(source, feed.items)
        return feed.ttl

    # --- read and publish what is new ---

    async def _publish_new(self, source: Source, poll: Poll, items: Sequence[Item]) -> None:
        if not (new := await self._new(source, items)):
            return
        known_since = self._known_since(source)
        if known_since is None:
            # The newest first: /latest has something to show as soon as possible.
            for place, item in enumerate(new):
                page = await self._page(source, item) if place < FIRST_PAGES else None
                await self._take(source, item, page, remember_until=EVER)
            return
        for item in reversed(new):
            page = await self._page(source, item)
            await self._take(source, item, page, remember_until=None if poll.first_read_at else known_since)

    async def _new(self, source: Source, items: Sequence[Item]) -> list[Item]:
        """Those with keys that are not known, and that are not known otherwise."""
        unknown = await self.store.unknown_keys(source.id, [item.key for item in items])
        new = [item for item in items if item.key in unknown]
        if not new:
            return []
        known = await self.store.known_aliases(source.id, parsing.asked_aliases(new))
        recognised = parsing.recognise(new, known)
        if recognised.moved:
            await self.store.add_aliases(source.id, recognised.moved)
            log.info("collect.moved", source=source.name, articles=len(recognised.moved))
        return list(recognised.fresh)

    async def _take(self, source: Source, item: Item, page: Page | None, *, remember_until: datetime | None) -> None:
        """Publish an item; silently if it was published by `remember_until`. One bad item never costs the others."""
        try:
            article = parsing.compose(item, page, source, self.clock())
            silent = remember_until is not None and article.published_at <= remember_until
            await self._judging.publish(source, article, item, silent=silent)
        except StorageError:
            raise
        except Exception:
            log.exception("collect.bug", source=source.name, url=item.url)

    # --- correct what was published ---

    async def _correct_changed(self, source: Source, items: Sequence[Item]) -> None:
        """What the source's list shows under another headline than before is told as the source tells it now."""
        known = await self.store.listed(source.id, [item.key for item in items], self.clock() - CORRECTED_WITHIN)
        for item in items:
            listed = known.get(item.key)
            if listed is None:
                continue
            if not listed.listed_title:
                await self.store.note_listed(listed.article_id, item.title)
            elif parsing.is_another_headline(listed.listed_title, item.title):
                await self._correct(source, item, listed)

    async def _correct(self, source: Source, item: Item, listed: Listed) -> None:
        article = parsing.compose(item, await self._page(source, item), source, self.clock())
        if not parsing.is_another_headline(listed.title, article.title):
            article = replace(article, title=item.title)  # the page is behind its list
        await self._judging.correct(source, replace(article, id=listed.article_id, story_id=listed.story_id))

    def _known_since(self, source: Source) -> datetime | None:
        """When the source was first read, by its feed or its fallback; None: everything it shows is old news to us."""
        read = [poll.first_read_at for poll in self._polls_of(source) if poll.kind is not PollKind.FRONT]
        return min((at for at in read if at is not None), default=None)

    async def _page(self, source: Source, item: Item) -> Page | None:
        """The article's page, where the feed alone says too little; a page that can't be had costs no news."""
        if not parsing.needs_page(item, source):
            return None
        try:
            response = await self.web.fetch_page(item.url)
            sources.check_answer(response)  # an error page would be read as an article
            return await self.pages.read(response, source)
        except SourceError as error:
            log.warning("collect.page_failed", source=source.name, url=item.url, error=str(error))
            return None


def _log_change(source: Source, before: Poll, after: Poll) -> None:
    """One line when an address begins to fail or recovers; the tries in between say nothing new."""
    if after.failures and not before.failures:
        log.warning("source.failing", source=source.name, kind=after.kind, error=after.error)
    elif before.failures and not after.failures:
        log.info("source.recovered", source=source.name, kind=after.kind, after_failures=before.failures)
