"""What grouping needs after a restart: the recent articles, as they are stored to be compared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot import language, stories
from bot.model import Article, Remembered
from bot.ports import CollectStore

MEMORY: Final = timedelta(days=7)
"""How far back articles are kept at hand for grouping: a story closes 7 days after its first article."""
MEMORY_LIMIT: Final = 20_000
"""Articles kept at hand at most; about a week of 20 busy sources."""
AT_ONCE: Final = 500
"""Articles whose texts are read at a time, where they were stored without what they are compared by: 0.4 s."""


async def recall(store: CollectStore, now: datetime) -> stories.StoryIndex:
    """The index of all recent articles: one that is missing in it would be told again. Raises StorageError."""
    index = stories.StoryIndex()
    remembered = (await store.remembered(now - MEMORY, MEMORY_LIMIT))[::-1]
    unread = await asyncio.to_thread(_recall, index, remembered)
    for start in range(0, len(unread), AT_ONCE):
        batch = {each.article_id: each for each in unread[start : start + AT_ONCE]}
        articles = await store.articles_by_id(list(batch))
        await store.save_fingerprints(await asyncio.to_thread(_read_again, index, batch, articles))
    return index


def _recall(index: stories.StoryIndex, remembered: Sequence[Remembered]) -> list[Remembered]:
    """Add those that can be read as they are; the others."""
    unread = []
    for each in remembered:
        weighed = stories.unpacked(each.fingerprint) if each.fingerprint else None
        if weighed is None:
            unread.append(each)
        else:
            index.add(each.article_id, each.story_id, weighed, each.first_at)
    return unread


def _read_again(
    index: stories.StoryIndex, remembered: Mapping[int, Remembered], articles: Iterable[Article]
) -> dict[int, bytes]:
    """Add these by their texts; packed, to be stored."""
    made = {}
    for article in articles:
        weighed = index.weigh(article, language.analyse(article))
        index.add(article.id, article.story_id, weighed, remembered[article.id].first_at)
        made[article.id] = stories.packed(weighed)
    return made
