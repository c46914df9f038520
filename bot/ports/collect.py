"""What collect reads and writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    Article,
    Correction,
    Coverage,
    History,
    Importance,
    Listed,
    Members,
    Poll,
    Publication,
    Reading,
    Remembered,
    Source,
    Split,
    Topic,
)


class CollectStore(Protocol):
    """What collect reads and writes."""

    async def register_sources(self, sources: Sequence[Source], now: datetime) -> tuple[Source, ...]:
        """The same sources with their ids, known by name. Others stay stored but are asked no more."""
        ...

    async def register_topics(self, slugs: Sequence[str]) -> Mapping[str, int]:
        """Ids of the built-in topics by slug; new ones are added."""
        ...

    async def polls(self) -> tuple[Poll, ...]:
        """What is remembered of every address asked so far."""
        ...

    async def save_poll(self, poll: Poll) -> None: ...

    async def unknown_keys(self, source_id: int, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` under which the source has no article yet."""
        ...

    async def known_aliases(self, source_id: int, aliases: Sequence[str]) -> frozenset[str]:
        """Those of `aliases` that an article of the source has."""
        ...

    async def add_aliases(self, source_id: int, others: Mapping[str, str]) -> None:
        """New aliases, each for the article of the source that has the other one; nothing where none has."""
        ...

    async def remembered(self, since: datetime, limit: int) -> tuple[Remembered, ...]:
        """The newest `limit` articles seen after `since`, newest first."""
        ...

    async def articles_by_id(self, ids: Sequence[int]) -> tuple[Article, ...]:
        """Those that exist, the oldest first."""
        ...

    async def save_fingerprints(self, contents: Mapping[int, bytes]) -> None:
        """What these articles are compared by, packed, by id."""
        ...

    async def own_topics(self, after: int, limit: int) -> tuple[Topic, ...]:
        """The first `limit` query topics with ids above `after`, by id; among them some that nobody follows any more.

        Ids are never used twice, but a topic may appear a moment later than one with a higher id.
        """
        ...

    async def coverage(self, story_id: int) -> tuple[Coverage, ...]:
        """One record an article of the story, earliest first, with its latest signals."""
        ...

    async def publish(self, publication: Publication, now: datetime) -> Article | None:
        """The design's one commit: article, story, topics, dispatches. The article with its ids; None if it was known.

        A story's level never falls. For each of its topics the story's level is dispatched the first time it's reached.
        The stories that it `merges` become part of the article's own, with articles, topics and what is muted: whoever
        was told any of them has been told it, and what is due or held of several is told once. What a part was told by
        goes on telling it, and so do corrections. Their ids go on meaning the whole, here and in every other store. One
        that was withdrawn stays a story of its own.
        """
        ...

    async def splits_since(self, number: int) -> tuple[Split, ...]:
        """Those with a higher number, in order: every one of them, with 0."""
        ...

    async def merged_into(self, story_ids: Sequence[int]) -> Mapping[int, int]:
        """Those of the stories that are part of another one now, and of which."""
        ...

    async def note_positions(self, source_id: int, keys: Sequence[str], now: datetime) -> tuple[int, ...]:
        """The front page shows these articles, in this order. Ids of recent stories whose positions changed."""
        ...

    async def due_readings(self, source_id: int, now: datetime, limit: int) -> tuple[Reading, ...]:
        """Articles of the source whose view counter is due to be read again, the longest due first."""
        ...

    async def note_views(
        self, article_id: int, views: int | None, now: datetime, again_at: datetime | None
    ) -> int | None:
        """The counter was read now (`views` None: it could not be), and is due again then. The story's id, if read."""
        ...

    async def history(self, since: datetime, until: datetime) -> History:
        """Of the stories that opened from `since` until `until`; articles and marks are counted from `since` till now.

        One pass over those stories' articles: meant to be asked once an hour.
        """
        ...

    async def rescore(self, story_id: int, importance: Importance, now: datetime) -> None:
        """Store a new score; a level reached for the first time is dispatched in the same commit."""
        ...

    async def members(self, story_id: int) -> Members:
        """The story's articles that stand, the latest 12."""
        ...

    async def texts(self, story_id: int) -> tuple[str, ...]:
        """What the story's articles say, headlines and all: the latest 20."""
        ...

    async def listed(self, source_id: int, keys: Sequence[str], since: datetime) -> Mapping[str, Listed]:
        """Those of `keys` whose articles were seen since then and stand, by key."""
        ...

    async def note_listed(self, article_id: int, listed_title: str) -> None:
        """The source's list shows it under that title now."""
        ...

    async def correct(self, correction: Correction, now: datetime) -> None:
        """Store the article as its source tells it now.

        If it's its story's headline article and its title is another one, those who were told are told the correction.
        """
        ...

    async def note_page_title(self, article_id: int, page_title: str) -> None:
        """Its page shows it under that headline now."""
        ...

    async def neighbours(self, article_id: int, limit: int) -> tuple[str, ...]:
        """Addresses of its source's latest other articles that aren't withdrawn: of those seen before it was missed."""
        ...

    async def note_page(self, article_id: int, *, missing: bool, now: datetime, patience: timedelta) -> bool:
        """The article's page is there, or is gone (404, 410). Whether that withdraws the article: it was gone before,
        `patience` ago or more. The story is then told by another article, or its readers are told that it's withdrawn.
        """
        ...

    async def take_lease(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take or prolong what only one process may do at a time; False while another owner holds it."""
        ...

    async def drop_lease(self, name: str, owner: str) -> None:
        """Let another one take it at once. Nothing happens where `owner` doesn't hold it."""
        ...
