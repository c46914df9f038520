"""The queries of all subscribers, kept as the store has them while the bot runs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from bot.errors import QueryError
from bot.language import Document
from bot.model import Evidence, Topic
from bot.topics.matcher import Matcher
from bot.topics.parser import parse

PAGE: Final = 1000
"""Topics read at once: parsing them takes about 0.1 s of CPU."""
_OVERLAP: Final = 100
"""Ids below the newest that are looked at again, unless they have settled: with several writers one may appear a moment
after the next.
"""


class LiveQueries:
    """A matcher that takes in the store's query topics page by page: new ones at once, and in turn all of them, so that
    those that have gone are forgotten. Reading them all for each article would take a second for 100,000.
    """

    def __init__(self) -> None:
        self._matcher = Matcher()
        self._ids: list[int] = []
        """Of all topics taken in, in order; also of those whose words this version can't read."""
        self._looked_through = 0
        self._settled = self._newest = 0
        """The newest ids at the last call of `settle` but one, and at the last."""

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def after_newest(self) -> int:
        """After which id to ask for what is new: the newest, so that mostly nothing is read."""
        return max(self._settled, self._ids[-1] - _OVERLAP) if self._ids else 0

    @property
    def after_looked_through(self) -> int:
        """After which id to ask for the next page of all there are."""
        return self._looked_through

    def settle(self) -> None:
        """To be called every so often: below what was the newest at the last call no more is expected to appear."""
        self._settled, self._newest = self._newest, self._ids[-1] if self._ids else 0

    def label(self, document: Document) -> tuple[Evidence, ...]:
        return self._matcher.label(document)

    def unknown(self, page: Sequence[Topic]) -> int:
        """How many topics of a page are new."""
        known = set(self._ids[bisect_right(self._ids, page[0].id - 1) :]) if page else set()
        return sum(topic.id not in known for topic in page)

    def take(self, page: Sequence[Topic], after: int) -> None:
        """Be as the store is: it has these topics, by id, and after `after` no other up to the last of a full page."""
        is_last = len(page) < PAGE
        start = bisect_right(self._ids, after)
        end = len(self._ids) if is_last else bisect_right(self._ids, page[-1].id)
        known, there = set(self._ids[start:end]), {topic.id for topic in page}
        for topic_id in known - there:
            self._matcher.remove(topic_id)
        for topic in page:
            if topic.id not in known and topic.query is not None:
                self._add(topic.id, topic.query)
        self._ids[start:end] = sorted(there)
        if after == self._looked_through:
            self._looked_through = 0 if is_last else page[-1].id

    def _add(self, topic_id: int, query: str) -> None:
        try:
            self._matcher.add(topic_id, parse(query))
        except QueryError:  # stored by a version with another language: one such must not stop all others
            return
