"""What a source does to an article after it was told: changes its headline, takes it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Correction, Listed
from storage.editions import add_correction
from storage.engine import Database
from storage.merging import current
from storage.records import Record, article_values, batches
from storage.schema import articles, stories
from storage.tellings import forget_details, headline_id


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
        await forget_details(connection, article.id, before.story_id)
        if before.title != article.title and await headline_id(connection, before.story_id) == article.id:
            await _correct_story(connection, before.story_id, now)


async def note_listed(db: Database, article_id: int, listed_title: str) -> None:
    async with db.write() as connection:
        await connection.execute(update(articles).where(articles.c.id == article_id).values(listed_title=listed_title))


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
        told = await headline_id(connection, row.story_id)
        await connection.execute(update(articles).where(articles.c.id == article_id).values(withdrawn_at=now))
        if told == article_id:
            await _retell(connection, row.story_id, now)
        return True


async def withdraw(db: Database, story_id: int, now: datetime) -> bool:
    async with db.write() as connection:
        story_id = await current(connection, story_id)
        standing = (articles.c.story_id == story_id, articles.c.withdrawn_at.is_(None))
        gone = await connection.execute(update(articles).where(*standing).values(withdrawn_at=now))
        if gone.rowcount:
            await _retell(connection, story_id, now)
        return bool(gone.rowcount)


async def _article(connection: AsyncConnection, article_id: int) -> Record | None:
    query = select(articles.c.title, articles.c.story_id, articles.c.missing_since, articles.c.withdrawn_at).where(
        articles.c.id == article_id
    )
    return (await connection.execute(query.with_for_update())).one_or_none()


async def _retell(connection: AsyncConnection, story_id: int, now: datetime) -> None:
    """Its headline article is gone: another one tells it from now on, or nobody does."""
    if await headline_id(connection, story_id) is not None:
        await _correct_story(connection, story_id, now)
        return
    await connection.execute(update(stories).where(stories.c.id == story_id).values(withdrawn_at=now))
    await add_correction(connection, story_id, now, withdrawn=True)


async def _correct_story(connection: AsyncConnection, story_id: int, now: datetime) -> None:
    await connection.execute(update(stories).where(stories.c.id == story_id).values(corrected_at=now))
    await add_correction(connection, story_id, now)
