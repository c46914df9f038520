"""What articles are compared by survives a restart, and nothing longer than it's needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.model import Correction, Remembered
from storage import Store
from storage.schema import fingerprints

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MISSING = 10**9


async def published(newsroom: Any, fingerprint: bytes = b"", **fields: Any) -> Any:
    stored = await newsroom.store.publish(replace(newsroom.publication(**fields), fingerprint=fingerprint), NOON)
    assert stored is not None
    return stored


async def kept(store: Store) -> dict[int, bytes]:
    async with store.read() as connection:
        rows = await connection.execute(select(fingerprints))
        return {row.article_id: row.content for row in rows}


async def test_recent_articles_are_remembered_newest_first_with_when_their_story_began(newsroom: Any) -> None:
    one = await published(newsroom, b"one", published_at=NOON - 3 * DAY, seen_at=NOON - 9 * HOUR)
    old = await published(newsroom, seen_at=NOON - DAY, published_at=NOON - 8 * DAY, story=one.story_id)
    bare = await published(newsroom, seen_at=NOON - HOUR)

    found = await newsroom.store.remembered(NOON - DAY, 10)

    assert found == (
        Remembered(article_id=bare.id, story_id=bare.story_id, first_at=NOON, fingerprint=None),
        Remembered(article_id=one.id, story_id=one.story_id, first_at=NOON - 8 * DAY, fingerprint=b"one"),
    )
    assert await newsroom.store.remembered(NOON - DAY, 1) == found[:1]
    assert [each.article_id for each in await newsroom.store.remembered(NOON - 2 * DAY, 10)][-1] == old.id


async def test_articles_are_read_by_their_ids(newsroom: Any) -> None:
    one, other = await published(newsroom), await published(newsroom)
    assert await newsroom.store.articles_by_id([other.id, MISSING, one.id]) == (one, other)


async def test_fingerprints_are_saved_later_for_articles_that_still_exist(newsroom: Any) -> None:
    one, other = await published(newsroom, b"old"), await published(newsroom)
    await newsroom.store.save_fingerprints({one.id: b"new", other.id: b"first", MISSING: b"gone"})
    await newsroom.store.save_fingerprints({})
    assert await kept(newsroom.store) == {one.id: b"new", other.id: b"first"}


async def test_a_correction_changes_it_too(newsroom: Any) -> None:
    stored = await published(newsroom, b"old")
    corrected = replace(stored, title="Другой заголовок")
    await newsroom.store.correct(Correction(article=corrected, summary="", fingerprint=b"new"), NOON)
    assert await kept(newsroom.store) == {stored.id: b"new"}

    await newsroom.store.correct(Correction(article=corrected, summary=""), NOON)
    assert await kept(newsroom.store) == {}


async def test_it_goes_when_it_can_be_needed_no_more_and_long_before_its_article(newsroom: Any) -> None:
    old, new = await published(newsroom, b"old"), await published(newsroom, b"new", seen_at=NOON + DAY)
    assert await newsroom.store.tidy(NOON + 8 * DAY, 100) == 0
    assert await newsroom.store.tidy(NOON + 8 * DAY + HOUR, 100) == 1
    assert await kept(newsroom.store) == {new.id: b"new"}
    assert [article.id for article in await newsroom.store.articles_by_id([old.id])] == [old.id]
