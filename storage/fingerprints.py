"""What articles are compared by, as the stages packed it. Needed while stories are open, and kept no longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Article, Remembered
from storage.engine import Database
from storage.records import as_archived, batches, insert_into, select_archived
from storage.schema import articles, fingerprints

_STAY: Final = timedelta(days=8)
"""A day more than a start looks back."""


async def remembered(db: Database, since: datetime, limit: int) -> tuple[Remembered, ...]:
    others = articles.alias("others")
    first_at = select(func.min(others.c.published_at)).where(others.c.story_id == articles.c.story_id)
    newest = (
        select(
            articles.c.id.label("article_id"),
            articles.c.story_id,
            first_at.scalar_subquery().label("first_at"),
            fingerprints.c.content.label("fingerprint"),
        )
        .join(fingerprints, fingerprints.c.article_id == articles.c.id, isouter=True)
        .where(articles.c.seen_at > since)
        .order_by(articles.c.seen_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    async with db.read() as connection:
        return tuple(Remembered(**row._mapping) for row in await connection.execute(newest))


async def articles_by_id(db: Database, ids: Sequence[int]) -> tuple[Article, ...]:
    found: list[Article] = []
    async with db.read() as connection:
        for batch in batches(ids):
            rows = await connection.execute(select_archived().where(articles.c.id.in_(batch)).order_by(articles.c.id))
            found += (as_archived(row).article for row in rows)
    return tuple(found)


async def save_fingerprints(db: Database, contents: Mapping[int, bytes]) -> None:
    """Of articles that still exist."""
    async with db.write() as connection:
        there = await connection.scalars(select(articles.c.id).where(articles.c.id.in_(contents)))
        await _put(connection, {article_id: contents[article_id] for article_id in there})


async def put_fingerprint(connection: AsyncConnection, article_id: int, content: bytes) -> None:
    """The article's; none, if it's empty: it is made at the next start."""
    if not content:
        await connection.execute(delete(fingerprints).where(fingerprints.c.article_id == article_id))
        return
    await _put(connection, {article_id: content})


async def _put(connection: AsyncConnection, contents: Mapping[int, bytes]) -> None:
    new = insert_into(connection, fingerprints)
    rows = [{"article_id": article_id, "content": content} for article_id, content in contents.items()]
    if rows:
        changed = {"content": new.excluded.content}
        put = new.on_conflict_do_update(index_elements=[fingerprints.c.article_id], set_=changed)
        await connection.execute(put, rows)


async def forget_fingerprints(db: Database, now: datetime, limit: int) -> int:
    """The lowest ids are the oldest: only they are looked at."""
    lowest = select(fingerprints.c.article_id).order_by(fingerprints.c.article_id).limit(limit).subquery()
    old = select(articles.c.id).join(lowest, lowest.c.article_id == articles.c.id)
    async with db.read() as connection:
        ids = (await connection.scalars(old.where(articles.c.seen_at < now - _STAY))).all()
    if ids:
        async with db.write() as connection:
            await connection.execute(delete(fingerprints).where(fingerprints.c.article_id.in_(ids)))
    return len(ids)
