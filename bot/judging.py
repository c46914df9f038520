"""Judging: what an article is, and the one commit that stores it with all that it causes. It calls; the stages decide.

Judging and committing take turns, so that two articles about one event never open two stories.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import structlog

from bot import importance, language, parsing, stories, summaries, topics
from bot.errors import StorageError
from bot.model import NEW, Article, Correction, Item, Publication, Reason, Source, Telling
from bot.own_topics import OwnTopics
from bot.ports import Clock, CollectStore
from bot.recall import MEMORY, recall
from bot.weighing import Weighing

CORRECTED_WITHIN: Final = timedelta(hours=48)
"""Since an article was first seen: a headline that is changed later corrects nothing that anybody still reads."""

log = structlog.get_logger()


async def _always() -> bool:
    return True


@dataclass(slots=True)
class Judging:
    """One article at a time, against all that is remembered: `prepare()` before the first."""

    store: CollectStore
    clock: Clock
    topic_ids: Mapping[str, int]
    """Of the built-in topics by slug."""
    may_commit: Callable[[], Awaitable[bool]] = _always
    """Asked before each commit of an article: whether no other process knows of stories that we don't."""
    published: Callable[[], None] = lambda: None
    """Called after a commit that may have caused dispatches."""
    own_topics: OwnTopics = field(init=False)
    _weighing: Weighing = field(init=False)
    _stories: stories.StoryIndex = field(default_factory=stories.StoryIndex)
    _last_split: int = 0
    """The number of the latest one that `_stories` knows of."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.own_topics = OwnTopics(self.store, self.clock)
        self._weighing = Weighing(self.store, self.clock)

    async def prepare(self) -> None:
        """Read back what grouping and own topics need. Raises StorageError."""
        self._stories, self._last_split = await recall(self.store, self.clock()), 0
        await self.own_topics.refresh()

    async def publish(self, source: Source, article: Article, item: Item, *, silent: bool = False) -> Article | None:
        """Judge and commit an article that was listed as `item`; `silent`: nobody is told because of it.

        As it is stored; None if it was known.
        """
        document = await asyncio.to_thread(language.analyse, article, source.name)
        async with self._turn:
            await self.own_topics.refresh()
            await self._refresh_splits()
            weighed = self._stories.weigh(article, document)
            publication = replace(await self._judge(source, article, item, document, weighed), silent=silent)
            if not await self.may_commit():
                raise StorageError("another process collects meanwhile")  # it knows of stories that we don't
            stored = await self.store.publish(publication, self.clock())
            if stored is not None:
                self._stories.add(stored.id, stored.story_id, weighed)
                self._stories.forget_before(self.clock() - MEMORY)
            await self._note_merged(publication.merges)
        if not silent:
            self.published()
        return stored

    async def correct(self, source: Source, article: Article) -> None:
        """A stored article says something else now, and so do the messages that it told."""
        document = await asyncio.to_thread(language.analyse, article, source.name)
        async with self._turn:
            summary = summaries.write(article, source.name)
            weighed = self._stories.weigh(article, document)
            packed = stories.packed(weighed)
            await self.store.correct(Correction(article=article, summary=summary, fingerprint=packed), self.clock())
            self._stories.add(article.id, article.story_id, weighed)
        log.info("collect.corrected", source=source.name, url=article.url)
        self.published()

    async def note_front_page(self, source: Source, keys: Sequence[str]) -> None:
        """The page shows the articles of these keys, in this order."""
        await self.weigh_again(await self._weighing.note_front_page(source, keys))

    async def weigh_again(self, story_ids: Iterable[int]) -> None:
        """Score the stories anew; a level that one first reaches is dispatched. Raises StorageError."""
        for story_id in story_ids:
            async with self._turn:
                await self._weighing.again(story_id)
        self.published()

    # --- steps ---

    async def _judge(
        self, source: Source, article: Article, item: Item, document: language.Document, weighed: stories.Weighed
    ) -> Publication:
        story_id, *merges = self._stories.find_all(weighed) or (NEW,)
        article = replace(article, story_id=story_id)
        judged = await self._weighing.first(article, source, merges)
        return Publication(
            article=article,
            importance=judged,
            evidence=topics.label(document, self.topic_ids) + self.own_topics.label(document),
            summary=summaries.write(article, source.name),
            signals=importance.noted(article, item.position),
            read_again_at=importance.read_again_at(article, judged.level),
            adds=await self._adds(article, document, merges),
            telling=await self._telling(article, source),
            merges=tuple(merges),
            aliases=parsing.aliases(item),
            continues=self._stories.find_closed(weighed) if story_id == NEW else None,
            fingerprint=stories.packed(weighed),
        )

    async def _refresh_splits(self) -> None:
        """What the publisher takes apart stays apart from the next article on, whichever process they said it to."""
        for split in await self.store.splits_since(self._last_split):
            self._stories.split(split.article_id, split.story_id, split.from_story_id)
            self._last_split = split.number

    async def _note_merged(self, story_ids: Sequence[int]) -> None:
        """Those that are part of another story now: the store may have kept some of them apart."""
        if not story_ids:
            return
        for absorbed, kept in (await self.store.merged_into(story_ids)).items():
            self._stories.merge(absorbed, kept)
            log.info("collect.merged", story=absorbed, into=kept)

    async def _telling(self, article: Article, source: Source) -> Telling | None:
        """How the story that it joins is told from now on."""
        if article.story_id == NEW:
            return None
        members = await self.store.members(article.story_id)
        carried = (*members.articles, (article, source.name, source.owner))
        standings = await self._weighing.standings({owner for *_, owner in carried})
        tellers = [summaries.Member(each, name, standings[owner]) for each, name, owner in carried]
        return await asyncio.to_thread(_told, tellers, members.told_by)

    async def _adds(self, article: Article, document: language.Document, merges: Sequence[int]) -> Reason | None:
        """What the article adds to its story, if it joins one."""
        if article.story_id == NEW:
            return None
        earlier = [text for story_id in (article.story_id, *merges) for text in await self.store.texts(story_id)]
        words = stories.adds(article, document, earlier)
        return Reason("adds", {"words": ", ".join(words)}) if words else None


def _told(members: Sequence[summaries.Member], told_by: int | None) -> Telling:
    told = summaries.tell(members, next((member for member in members if member.article.id == told_by), None))
    details = told.details
    return Telling(
        headline_id=told.headline.article.id,
        details_id=details.member.article.id if details else None,
        details=details.text if details else "",
    )
