"""Weighing: a story's importance by all that the store knows, again whenever a signal changes.

Whoever looks at a page again also sees whether it is still there.

It's the part of collect that asks and notes signals; `bot.importance` says what they are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

import structlog

from bot import importance, sources
from bot.errors import SourceError, StorageError
from bot.importance import Norms
from bot.model import NEW, Article, Coverage, Importance, Reading, Source
from bot.ports import Clock, CollectStore, PageReader, Web

NORMS_LAST: Final = timedelta(hours=1)
"""How long what the last two weeks teach is used before it is asked for again."""
PAGES_AT_ONCE: Final = 5
"""Pages of a source read again in a row; a source is looked at once a minute at least, and news go first."""

GONE_FOR: Final = timedelta(minutes=10)
"""Between two looks that find no page, after which the article counts as withdrawn: who publishes anew needs a minute.
"""
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger()


@dataclass(slots=True)
class Weighing:
    """What a story is measured against is read from the store at first and then hourly, never for each article."""

    store: CollectStore
    web: Web
    pages: PageReader
    clock: Clock
    _norms: Norms = importance.UNKNOWN
    _norms_until: datetime = field(default=_NEVER)

    async def first(self, article: Article, source: Source, merges: Sequence[int] = ()) -> Importance:
        """Of the article's story with the article in it, which is not stored yet, and with the stories it brings."""
        joined = (article.story_id, *merges) if article.story_id != NEW else ()
        earlier = [each for story_id in joined for each in await self.store.coverage(story_id)]
        return importance.score((*earlier, _coverage_of(article, source)), self.clock(), await self._known())

    async def again(self, story_id: int) -> None:
        """Score a story anew; a level it first reaches is dispatched."""
        if coverage := await self.store.coverage(story_id):
            judged = importance.score(coverage, self.clock(), await self._known())
            await self.store.rescore(story_id, judged, self.clock())

    async def note_front_page(self, source: Source, keys: Sequence[str]) -> tuple[int, ...]:
        """The front page shows these articles; ids of the stories to be scored anew."""
        return await self.store.note_positions(source.id, keys, self.clock())

    async def read_again(self, source: Source) -> tuple[int, ...]:
        """Read the view counters that are due; ids of the stories to be scored anew.

        A page that can't be had costs that reading only.
        """
        due = await self.store.due_readings(source.id, self.clock(), PAGES_AT_ONCE)
        stories = [await self._read(source, reading) for reading in due]
        return tuple(dict.fromkeys(story for story in stories if story is not None))

    async def _read(self, source: Source, reading: Reading) -> int | None:
        missing, views = False, None
        try:
            response = await self.web.fetch_page(reading.url)
            missing = response.status in _GONE
            if not missing:
                sources.check_answer(response)
                await self._note_page(source, reading, missing=False)
                views = (await self.pages.read(response, source)).views
        except SourceError as error:
            log.info("collect.not_read_again", source=source.name, url=reading.url, error=str(error))
        except StorageError:
            raise
        except Exception:  # a bug of ours met by one page must not stop the others
            log.exception("collect.bug", source=source.name, url=reading.url)
        withdrawn = missing and await self._note_page(source, reading, missing=True)
        now = self.clock()
        again_at = importance.next_reading(reading.published_at, reading.seen_at, now)
        if missing:
            again_at = None if withdrawn else now + GONE_FOR
        return await self.store.note_views(reading.article_id, views, now, again_at)

    async def _note_page(self, source: Source, reading: Reading, *, missing: bool) -> bool:
        """Whether the article is withdrawn by it. That a page is there is news only if it was gone before."""
        if not missing and not reading.was_missing:
            return False
        withdrawn = await self.store.note_page(reading.article_id, missing=missing, now=self.clock(), patience=GONE_FOR)
        if withdrawn:
            log.info("collect.withdrawn", source=source.name, url=reading.url)
        return withdrawn

    async def _known(self) -> Norms:
        now = self.clock()
        if not now < self._norms_until <= now + NORMS_LAST:  # a clock that was set back is believed
            start, end = importance.period(now)
            self._norms = importance.norms(await self.store.history(start, end), now)
            self._norms_until = now + NORMS_LAST
        return self._norms


def _coverage_of(article: Article, source: Source) -> Coverage:
    return Coverage(
        title=article.title,
        owner=source.owner,
        country=source.country,
        published_at=article.published_at,
        views=article.views,
        seen_at=article.seen_at,
    )
