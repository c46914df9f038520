"""The publisher takes an article out of a story that it doesn't belong to: it has one of its own from then on.

Nobody is told of that story because of it, whatever its level is rated at: it waits for its next article. The two
stories never become one again, nor do those that they are part of later.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Evidence, Importance, Level, Part, Parts, Split
from storage.engine import Database
from storage.records import as_archived, as_topic, select_archived
from storage.schema import articles, dispatches, sources, splits, stories, story_topics, topics
from storage.stories import label_story, open_story
from storage.tellings import headline_id
from storage.wholes import Hold, current, whole_of

# --- the publisher -------------------------------------------------------------------------------------------------


async def parts(db: Database, story_id: int) -> Parts | None:
    async with db.read() as connection:
        meant = await current(connection, story_id)
        told_by = await headline_id(connection, meant)
        carried = select_archived().add_columns(sources.c.name.label("source"))
        carried = carried.join(sources, sources.c.id == articles.c.source_id).order_by(articles.c.id)
        rows = await connection.execute(carried.where(articles.c.story_id == meant, articles.c.withdrawn_at.is_(None)))
        found = tuple(
            Part(article=as_archived(row).article, source=row.source, tells=row.id == told_by) for row in rows
        )
        labelled = select(topics).join(story_topics, story_topics.c.topic_id == topics.c.id)
        rows = await connection.execute(labelled.where(story_topics.c.story_id == meant).order_by(topics.c.id))
        of_topics = tuple(as_topic(row, row.id) for row in rows)
    return Parts(articles=found, topics=of_topics) if found else None


async def split(db: Database, article_id: int, evidence: Collection[Evidence], now: datetime) -> int | None:
    """Not the article that tells its story: whoever was told has read that one."""
    query = select(articles.c.story_id, articles.c.published_at).where(articles.c.id == article_id)
    async with db.write() as connection:
        if (row := (await connection.execute(query)).one_or_none()) is not None:
            await current(connection, row.story_id, Hold.TO_CHANGE)  # the story before the article, as everywhere
            row = (await connection.execute(query.with_for_update())).one_or_none()
        if row is None or await headline_id(connection, row.story_id) in {article_id, None}:
            return None
        unrated = Importance(score=0.0, level=Level.ROUTINE, because=())
        story_id = await open_story(connection, unrated, row.published_at, now)
        await connection.execute(update(articles).where(articles.c.id == article_id).values(story_id=story_id))
        await label_story(connection, story_id, evidence)
        taken = {"story_id": story_id, "from_id": row.story_id, "article_id": article_id}
        await connection.execute(insert(splits).values(waits=True, split_at=now, **taken))
        await _take_along(connection, article_id, row.story_id, story_id)
        return story_id


async def _take_along(connection: AsyncConnection, article_id: int, from_id: int, story_id: int) -> None:
    """Who was told a part by the article has read of what is taken out, and not of what is left behind: whoever was
    passed over for it is told that now."""
    told = and_(stories.c.merged_into == from_id, stories.c.headline_id == article_id)
    parts = await connection.execute(update(stories).where(told).values(merged_into=story_id))
    if parts.rowcount:
        begun = and_(dispatches.c.story_id == from_id, dispatches.c.cursor > 0)
        await connection.execute(update(dispatches).where(begun).values(cursor=0, done_at=None))


# --- collect -------------------------------------------------------------------------------------------------------

_itself, _origin = stories.alias("itself"), stories.alias("origin")
_story: Final[ColumnElement[int]] = whole_of(_itself)
_from: Final[ColumnElement[int]] = whole_of(_origin)
_TIED = splits.join(_itself, _itself.c.id == splits.c.story_id).join(_origin, _origin.c.id == splits.c.from_id)


async def splits_since(db: Database, number: int) -> tuple[Split, ...]:
    query = select(
        splits.c.story_id.label("number"), splits.c.article_id, _story.label("story_id"), _from.label("from_id")
    )
    later = query.select_from(_TIED).where(splits.c.story_id > number).order_by(splits.c.story_id)
    async with db.read() as connection:
        return tuple(
            Split(number=row.number, article_id=row.article_id, story_id=row.story_id, from_story_id=row.from_id)
            for row in await connection.execute(later)
        )


async def are_apart(connection: AsyncConnection, one: int, other: int) -> bool:
    """Whether one was, or has a part that was, taken out of the other."""
    tied = or_(and_(_story == one, _from == other), and_(_story == other, _from == one))
    found = await connection.scalar(select(splits.c.story_id).select_from(_TIED).where(tied).limit(1))
    return found is not None


async def go_on(connection: AsyncConnection, story_id: int) -> None:
    """An article has joined the story: it's news like any other now."""
    await connection.execute(update(splits).where(splits.c.story_id == story_id, splits.c.waits).values(waits=False))
