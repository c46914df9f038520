"""Rereading: an article's page is looked at again, for its view counter, its headline, and whether it is still there.

It's the part of collect that goes and looks; `bot.importance` says when, `bot.parsing` what a page says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import structlog

from bot import importance, parsing, sources
from bot.errors import SourceError, StorageError
from bot.model import Article, Page, Reading, Source
from bot.ports import Clock, CollectStore, PageReader, Web

PAGES_AT_ONCE: Final = 5
"""Pages of a source read again in a row; a source is looked at once a minute at least, and news go first."""
GONE_FOR: Final = timedelta(minutes=10)
"""Between two looks that find no page, after which the article counts as withdrawn: who publishes anew needs a minute.
"""
WATCHED: Final = timedelta(hours=48)
"""Since an article was first seen: what becomes of its page later concerns nobody who was told of it."""
WITNESSES: Final = 3
"""Other pages of the source that are asked for before an article counts as withdrawn; one that is there is enough."""

_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Look:
    """At one page: it is there, or gone, or neither (the site failed, or showed something else)."""

    page: Page | None = None
    gone: bool = False


@dataclass(slots=True)
class Rereading:
    """A page that can't be had costs that look only."""

    store: CollectStore
    web: Web
    pages: PageReader
    clock: Clock
    correct: Callable[[Source, Article], Awaitable[None]]
    """Called with an article as its page tells it now, before it is noted that the page was looked at."""

    async def look(self, source: Source) -> tuple[int, ...]:
        """Look at the source's pages that are due; ids of the stories to be scored anew."""
        stories: dict[int, None] = {}
        for reading in await self.store.due_readings(source.id, self.clock(), PAGES_AT_ONCE):
            look = await self._look(source, reading)
            if look.page is not None:
                await self._compare(source, reading, look.page)
            again_at = await self._note_gone(source, reading) if look.gone else self._again_at(reading, look)
            views = look.page.views if look.page else None
            story_id = await self.store.note_views(reading.article.id, views, self.clock(), again_at)
            if story_id is not None:
                stories[story_id] = None
        return tuple(stories)

    async def _look(self, source: Source, reading: Reading) -> _Look:
        article = reading.article
        try:
            response = await self.web.fetch_page(article.url)
            if response.status in _GONE:
                return _Look(gone=True)
            sources.check_answer(response)
            page = await self.pages.read(response, source)
            if parsing.is_page_of(article, page):
                return _Look(page)
            log.info("collect.another_page", source=source.name, url=article.url)
        except SourceError as error:
            log.info("collect.not_read_again", source=source.name, url=article.url, error=str(error))
        except StorageError:
            raise
        except Exception:  # a bug of ours met by one page must not stop the others
            log.exception("collect.bug", source=source.name, url=article.url)
        return _Look()

    async def _compare(self, source: Source, reading: Reading, page: Page) -> None:
        """With what was seen the last time."""
        article, now = reading.article, self.clock()
        if reading.was_missing:
            await self.store.note_page(article.id, missing=False, now=now, patience=GONE_FOR)
        if page.title and page.title != article.page_title:
            if (changed := parsing.retold(article, page, source)) is not None:
                await self.correct(source, changed)
            else:
                await self.store.note_page_title(article.id, page.title)

    async def _note_gone(self, source: Source, reading: Reading) -> datetime | None:
        """When to look again; None once the article is withdrawn. One outage withdraws nothing."""
        article = reading.article
        if reading.was_missing and not await self._others_stand(source, article):
            log.warning("collect.pages_missing", source=source.name, hint="others of the source are, too")
            return self._soon(article)
        if await self.store.note_page(article.id, missing=True, now=self.clock(), patience=GONE_FOR):
            log.info("collect.withdrawn", source=source.name, url=article.url)
            return None
        return self._soon(article)

    async def _others_stand(self, source: Source, article: Article) -> bool:
        """That only this page is gone is known by another of the site's that isn't; in need, by the source's list."""
        witnesses: Sequence[str] = await self.store.neighbours(article.id, WITNESSES)
        for url in witnesses or (source.url,):
            try:
                sources.check_answer(await self.web.fetch_page(url))
            except SourceError:
                continue
            return True
        return False

    def _again_at(self, reading: Reading, look: _Look) -> datetime | None:
        article = reading.article
        if reading.was_missing and look.page is None:
            return self._soon(article)
        return importance.next_reading(article.published_at, article.seen_at, self.clock())

    def _soon(self, article: Article) -> datetime | None:
        now = self.clock()
        return now + GONE_FOR if now - article.seen_at < WATCHED else None
