"""After a restart grouping knows what it knew before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bot.language import analyse
from bot.model import Article, Remembered
from bot.ports import CollectStore
from bot.recall import AT_ONCE, MEMORY, recall
from bot.stories import StoryIndex, packed
from tests.unit.stories.articles import (
    FLOOD,
    FLOOD_ELSEWHERE,
    FLOOD_ELSEWHERE_TEXT,
    FLOOD_TEXT,
    NOON,
    VOTE,
    VOTE_TEXT,
    found,
    written,
)

DAY = timedelta(days=1)


@dataclass
class Archive:
    """As much of a store as is asked here."""

    articles: dict[int, Article]
    fingerprints: dict[int, bytes] = field(default_factory=dict)
    first_at: datetime = NOON
    read: list[int] = field(default_factory=list)

    async def remembered(self, since: datetime, limit: int) -> tuple[Remembered, ...]:
        newest = sorted(self.articles.values(), key=lambda article: article.id, reverse=True)
        recent = [article for article in newest if article.seen_at > since][:limit]
        return tuple(
            Remembered(
                article_id=article.id,
                story_id=article.story_id,
                first_at=self.first_at,
                fingerprint=self.fingerprints.get(article.id),
            )
            for article in recent
        )

    async def articles_by_id(self, ids: Sequence[int]) -> tuple[Article, ...]:
        self.read += ids
        return tuple(self.articles[article_id] for article_id in sorted(ids))

    async def save_fingerprints(self, contents: Mapping[int, bytes]) -> None:
        self.fingerprints.update(contents)


def archive(*articles: Article, **fields: Any) -> Archive:
    return Archive({article.id: article for article in articles}, **fields)


def fingerprint(article: Article) -> bytes:
    return packed(StoryIndex().weigh(article, analyse(article)))


async def recalled(store: Archive, now: datetime = NOON) -> StoryIndex:
    return await recall(cast("CollectStore", store), now)


ELSEWHERE = written(9, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)


async def test_articles_are_recalled_without_reading_their_texts() -> None:
    flood, vote = written(1, FLOOD, FLOOD_TEXT), written(2, VOTE, VOTE_TEXT)
    store = archive(flood, vote, fingerprints={1: fingerprint(flood), 2: fingerprint(vote)})
    index = await recalled(store)
    assert store.read == []
    assert len(index) == 2
    assert found(index, ELSEWHERE) == 1


@pytest.mark.parametrize("stored", [{}, {1: b""}, {1: b"broken"}], ids=["none", "empty", "broken"])
async def test_what_was_stored_without_is_read_again_once(stored: dict[int, bytes]) -> None:
    flood, vote = written(1, FLOOD, FLOOD_TEXT), written(2, VOTE, VOTE_TEXT)
    store = archive(flood, vote, fingerprints=stored | {2: fingerprint(vote)})
    assert found(await recalled(store), ELSEWHERE) == 1
    assert found(await recalled(store), ELSEWHERE) == 1
    assert store.read == [1]


async def test_an_older_versions_archive_is_read_in_batches() -> None:
    many = [written(number, f"Заголовок {number}", "Текст.") for number in range(1, AT_ONCE + 3)]
    store = archive(*many)
    assert len(await recalled(store)) == AT_ONCE + 2
    assert len(store.fingerprints) == AT_ONCE + 2


async def test_what_is_too_old_for_any_open_story_is_not_recalled() -> None:
    old = written(1, FLOOD, FLOOD_TEXT, seen_at=NOON - MEMORY)
    assert len(await recalled(archive(old))) == 0


@pytest.mark.parametrize("stored", [True, False], ids=["packed", "read again"])
async def test_a_story_closes_seven_days_after_its_first_article_though_that_is_forgotten(stored: bool) -> None:
    now = NOON + 7 * DAY
    late = written(1, FLOOD, FLOOD_TEXT, published_at=NOON + 5 * DAY, seen_at=NOON + 5 * DAY)
    index = await recalled(archive(late, fingerprints={1: fingerprint(late)} if stored else {}, first_at=NOON), now)
    assert found(index, replace(ELSEWHERE, published_at=now)) == 1
    assert found(index, replace(ELSEWHERE, published_at=now + timedelta(seconds=1))) is None
