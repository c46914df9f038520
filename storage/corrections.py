"""What a source does to an article after it was told: changes its headline, takes it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Correction, Listed
from storage.editions import add_correction
from storage.engine import Database
from storage.fingerprints import put_fingerprint
from storage.records import Record, article_values, batches
from storage.schema import articles, stories
from storage.tellings import forget_details, headlines
from storage.wholes import Hold, current, with_parts


async def listed(db: Database, source_id: int, keys: Sequence[str], since: datetime) -> Mapping[str, Listed]:
    found = {}
    async with db.read() as connection:
        for batch in batches(keys):
            query = select(
                articles.c.key, articles.c.id, articles.c.story_id, articles.c.title, articles.c.listed_title
            ).where(
                articles.c.source_id == source_id,
                articles.c.key.in_(batch),
                articles.c.seen_at >= since,
                articles.c.withdrawn_at.is_(None),
            )
            for row in await connection.execute(query):
                found[row.key] = Listed(
                    article_id=row.id,
                    story_id=row.story_id,
                    title=row.title,
                    listed_title=row.listed_title or "",
                )
    return found


async def correct(db: Database, correction: Correction, now: datetime) -> None:
    article = correction.article
    kept = ("source_id", "key", "story_id", "published_at", "seen_at", "views")
    told = article_values(article, correction.summary, article.story_id)
    async with db.write() as connection:
        before = await _article(connection, article.id)
        if before is None:
            return
        changed = {name: value for name, value in told.items() if name not in kept}
        await connection.execute(update(articles).where(articles.c.id == article.id).values(changed))
        await put_fingerprint(connection, article.id, correction.fingerprint)
        await forget_details(connection, article.id, before.story_id)
        if before.title != article.title:
            await _correct(connection, await _told_by(connection, before), now)


async def note_listed(db: Database, article_id: int, listed_title: str) -> None:
    async with db.write() as connection:
        await connection.execute(update(articles).where(articles.c.id == article_id).values(listed_title=listed_title))


async def note_page_title(db: Database, article_id: int, page_title: str) -> None:
    async with db.write() as connection:
        await connection.execute(update(articles).where(articles.c.id == article_id).values(page_title=page_title))


async def neighbours(db: Database, article_id: int, limit: int) -> tuple[str, ...]:
    missed = articles.alias("missed")
    latest = (
        select(articles.c.url)
        .join(missed, missed.c.source_id == articles.c.source_id)
        .where(
            missed.c.id == article_id,
            articles.c.id != article_id,
            articles.c.seen_at < missed.c.missing_since,
            articles.c.withdrawn_at.is_(None),
        )
        .order_by(articles.c.seen_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    async with db.read() as connection:
        return tuple(await connection.scalars(latest))


async def note_page(db: Database, article_id: int, *, missing: bool, now: datetime, patience: timedelta) -> bool:
    """The second look that finds no page, `patience` or more after the first, withdraws the article."""
    async with db.write() as connection:
        row = await _article(connection, article_id)
        if row is None or row.withdrawn_at is not None:
            return False
        if not missing or row.missing_since is None:
            since = now if missing else None
            await connection.execute(update(articles).where(articles.c.id == article_id).values(missing_since=since))
            return False
        if now - row.missing_since < patience:
            return False
        told = await _told_by(connection, row)
        await connection.execute(update(articles).where(articles.c.id == article_id).values(withdrawn_at=now))
        await _retell(connection, row.story_id, told, now)
        return True


async def withdraw(db: Database, story_id: int, now: datetime) -> bool:
    async with db.write() as connection:
        story_id = await current(connection, story_id, Hold.TO_CHANGE)
        standing = (articles.c.story_id == story_id, articles.c.withdrawn_at.is_(None))
        gone = await connection.execute(update(articles).where(*standing).values(withdrawn_at=now))
        if gone.rowcount:
            await _retell(connection, story_id, (), now)
        return bool(gone.rowcount)


async def _article(connection: AsyncConnection, article_id: int) -> Record | None:
    """Its story first, and the article then: so does whoever merges."""
    story_id = await connection.scalar(select(articles.c.story_id).where(articles.c.id == article_id))
    if story_id is not None:
        await current(connection, story_id, Hold.TO_CHANGE)
    columns = (articles.c[name] for name in ("id", "title", "story_id", "missing_since", "withdrawn_at"))
    query = select(*columns).where(articles.c.id == article_id)
    return (await connection.execute(query.with_for_update())).one_or_none()


async def _told_by(connection: AsyncConnection, article: Record) -> Sequence[int]:
    """The story, or parts of it, that this article tells: their messages say what it says."""
    told = await headlines(connection, article.story_id)
    return [story_id for story_id, article_id in told.items() if article_id == article.id]


async def _retell(connection: AsyncConnection, whole: int, told: Sequence[int], now: datetime) -> None:
    """The article that told these is gone: another one tells them from now on, or nobody tells any of the story."""
    parts = await with_parts(connection, [whole], Hold.TO_CHANGE)
    if (await headlines(connection, whole))[whole] is not None:
        await _correct(connection, told, now)
        return
    await connection.execute(update(stories).where(stories.c.id.in_(parts)).values(withdrawn_at=now))
    for story_id in parts:
        await add_correction(connection, story_id, now, withdrawn=True)


async def _correct(connection: AsyncConnection, told: Sequence[int], now: datetime) -> None:
    await connection.execute(update(stories).where(stories.c.id.in_(told)).values(corrected_at=now))
    for story_id in told:
        await add_correction(connection, story_id, now)
