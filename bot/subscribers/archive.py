"""The archive of articles, read page by page off the loop: what a query would have found lately, and what it finds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.errors import QueryError
from bot.model import Archived, Topic
from bot.subscribers.survey import SPAN, Search, Survey, Trial
from bot.subscribers.use_cases import UseCases
from bot.topics import Query

SEARCHED: Final = timedelta(days=90)
"""As long as articles are kept."""
MOST: Final = 25_000
"""Articles looked at: more than a hundred sources publish in a week, and about two seconds (bench/preview.py)."""
PATIENCE: Final = 1.5
"""Seconds of reading, whatever the machine has to do besides; what was read by then is answered from."""
LONGEST_WAIT: Final = 4.0
"""Seconds for others' queries: with reading and matching still less than a handler may take."""
PAGE: Final = 500
"""Articles read at once: to make them of rows holds the loop for about 15 ms."""


async def try_out(use_cases: UseCases, queries: Sequence[Query], now: datetime) -> tuple[Trial, ...]:
    """What each of the queries would have brought in the last seven days; hints for the first one.

    Raises QueryError (`busy`) when too many others wait before it.
    """
    survey, pages = Survey(queries, use_cases.source_names), _Pages(use_cases, now - SPAN)
    async with _turn(use_cases):
        async for page in pages.read():
            await asyncio.to_thread(survey.look_at, page)
        return await asyncio.to_thread(survey.trials, now, whole=pages.whole)


async def look_up(use_cases: UseCases, query: Query, wanted: int, now: datetime) -> tuple[Search, datetime | None]:
    """The newest stories that match. Since when the archive was searched, if not from its beginning on.

    Raises QueryError (`busy`).
    """
    search, pages = Search(query, use_cases.source_names, wanted), _Pages(use_cases, now - SEARCHED)
    async with _turn(use_cases):
        async for page in pages.read():
            await asyncio.to_thread(search.look_at, page)
            if search.is_done:
                break
    return search, None if search.is_done or pages.whole else pages.oldest_at


@asynccontextmanager
async def _turn(use_cases: UseCases) -> AsyncIterator[None]:
    """One query at a time."""
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            await use_cases.trials.acquire()
    except TimeoutError:
        raise QueryError("busy") from None
    try:
        yield
    finally:
        use_cases.trials.release()


@dataclass(slots=True)
class _Pages:
    """The newest MOST articles since then, as far as PATIENCE goes."""

    use_cases: UseCases
    since: datetime
    whole: bool = False
    """Whether there is no further page."""
    oldest_at: datetime | None = None
    """When the last article was seen."""

    async def read(self) -> AsyncIterator[tuple[Archived, ...]]:
        """Pages, the newest first; none is empty."""
        loop, last = asyncio.get_running_loop(), None
        ends_at = loop.time() + PATIENCE
        for _ in range(MOST // PAGE):
            page = await self.use_cases.store.archive(self.since, PAGE, before=last)
            self.whole = len(page) < PAGE
            if page:
                last = page[-1]
                self.oldest_at = last.article.seen_at
                yield page
            if self.whole or loop.time() > ends_at:
                return


async def add_topic(use_cases: UseCases, trial: Trial, now: datetime) -> Topic:
    """The query's topic, with the stories it found. Raises QueryError when it's too broad."""
    if trial.too_broad:
        raise too_broad(trial)
    topic = await use_cases.store.topic(Topic(query=str(trial.query), key=trial.query.digest))
    found = {story_id: replace(one, topic_id=topic.id) for story_id, one in trial.evidence.items()}
    await use_cases.store.label(found, now)
    return topic


def too_broad(trial: Trial) -> QueryError:
    """What is said of it."""
    return QueryError("too_broad", share=round(trial.share * 100), narrower=tuple(map(str, trial.hints)))
