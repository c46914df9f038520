"""Which article tells a story, and what another one adds to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import NEW, Members, Telling
from storage.engine import Database
from storage.records import as_archived, select_archived
from storage.schema import articles, notifications, sources, stories
from storage.wholes import current, with_parts

_MOST: Final = 12
"""Articles of a story that are weighed against each other."""


async def members(db: Database, story_id: int) -> Members:
    async with db.read() as connection:
        meant = await current(connection, story_id)
        by = await headline_id(connection, meant) if await _is_told(connection, meant) else None
        latest = select_archived().where(articles.c.story_id == meant, articles.c.withdrawn_at.is_(None))
        latest = latest.add_columns(sources.c.name.label("source_name"), sources.c.owner).join(
            sources, sources.c.id == articles.c.source_id
        )
        rows = await connection.execute(latest.order_by(articles.c.id.desc()).limit(_MOST))
        found = [(as_archived(row).article, str(row.source_name), str(row.owner)) for row in rows]
        return Members(articles=tuple(reversed(found)), told_by=by)


async def tell_story(connection: AsyncConnection, story_id: int, article_id: int, telling: Telling) -> None:
    """From now on the story is told so; by the same article as before, if anybody was told of it by that one.

    Corrections find who was told a headline by the article that told it.
    """
    headline = telling.headline_id if telling.headline_id != NEW else article_id
    details = telling.details_id if telling.details_id != NEW else article_id
    told: dict[str, Any] = {"details_id": details, "details": telling.details or None}
    if not await _is_told(connection, story_id):
        told["headline_id"] = headline
    await connection.execute(update(stories).where(stories.c.id == story_id).values(told))


async def forget_details(connection: AsyncConnection, article_id: int, story_id: int) -> None:
    """The article says something else now."""
    concerned = (stories.c.id == story_id, stories.c.details_id == article_id)
    await connection.execute(update(stories).where(*concerned).values(details_id=None, details=None))


async def headline_id(connection: AsyncConnection, story_id: int) -> int | None:
    """Of the article that tells the story, the oldest unless another was chosen; None if none stands."""
    found: int | None = await connection.scalar(select(headline_of(story_id)))
    return found


def headline_of(story_id: Any) -> ColumnElement[int | None]:
    """The same within a statement; `story_id` may be a column of it."""
    standing = articles.alias("standing")
    chosen = articles.alias("chosen")
    wanted = stories.alias("wanted")
    preferred = (
        select(chosen.c.id)
        .join(wanted, wanted.c.headline_id == chosen.c.id)
        .where(wanted.c.id == story_id, chosen.c.story_id == story_id, chosen.c.withdrawn_at.is_(None))
    )
    oldest = select(func.min(standing.c.id)).where(standing.c.story_id == story_id, standing.c.withdrawn_at.is_(None))
    return func.coalesce(preferred.scalar_subquery(), oldest.scalar_subquery())


async def headlines(connection: AsyncConnection, whole: int) -> Mapping[int, int | None]:
    """Of which article a story and its parts are told, each by its own while that stands in the story; None if none
    stands."""
    of_whole = await headline_id(connection, whole)
    own = and_(articles.c.id == stories.c.headline_id, articles.c.story_id == whole, articles.c.withdrawn_at.is_(None))
    each = select(stories.c.id, articles.c.id.label("article_id")).outerjoin(articles, own)
    rows = await connection.execute(each.where(or_(stories.c.id == whole, stories.c.merged_into == whole)))
    return {row.id: row.article_id or of_whole for row in rows}


async def was_told(connection: AsyncConnection, story_ids: Collection[int]) -> bool:
    """Whether there is any notification of them: the first row of a story tells, however many there are."""
    anybody = select(notifications.c.subscriber_id).where(notifications.c.story_id.in_(story_ids)).limit(1)
    return (await connection.scalar(anybody)) is not None


async def _is_told(connection: AsyncConnection, whole: int) -> bool:
    return await was_told(connection, await with_parts(connection, [whole]))
