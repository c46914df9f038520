"""Own topics: the queries of all subscribers, as the store has them, matched with each article."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot import topics
from bot.language import Document
from bot.model import Evidence
from bot.ports import Clock, CollectStore

FEW_TOPICS: Final = 50
"""New topics that are taken in without a thread: about 5 ms."""
LOOK_THROUGH: Final = timedelta(seconds=10)
"""Between looks at a page of all own topics, which cost about 5 ms each: 100,000 are looked through in 17 minutes."""


@dataclass(slots=True)
class OwnTopics:
    """What is followed matches from the next `refresh` on, whichever process it was said to."""

    store: CollectStore
    clock: Clock
    _queries: topics.LiveQueries = field(default_factory=topics.LiveQueries)
    _look_through_at: datetime | None = None
    """When to look through another page of all of them, for those that have gone."""

    def __len__(self) -> int:
        return len(self._queries)

    def label(self, document: Document) -> tuple[Evidence, ...]:
        """Those that the article belongs to."""
        return self._queries.label(document)

    async def refresh(self) -> None:
        """Take in what is new in the store, and now and then a page of the rest, for what has gone.

        Raises StorageError.
        """
        more = True
        while more:
            more = await self._take(self._queries.after_newest)
        now = self.clock()
        if self._look_through_at is None or now >= self._look_through_at:
            await self._take(self._queries.after_looked_through)
            self._queries.settle()
            self._look_through_at = now + LOOK_THROUGH

    async def _take(self, after: int) -> bool:
        """Take in a page of them; whether there are more. Many new ones are parsed in a thread: it takes a while."""
        page = await self.store.own_topics(after, topics.PAGE)
        if self._queries.unknown(page) > FEW_TOPICS:
            await asyncio.to_thread(self._queries.take, page, after)
        else:
            self._queries.take(page, after)
        return len(page) == topics.PAGE
