"""Topics of subscribers' own words: one for all who ask for the same, whoever wrote it first and however."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import and_, bindparam, delete, exists, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Topic
from storage.engine import Database
from storage.records import Record, as_topic, insert_into
from storage.schema import dispatches, story_topics, subscriptions, topics


async def topic(db: Database, topic: Topic) -> Topic:
    """Raises LookupError for a slug that was never registered."""
    async with db.write() as connection:
        row = await _stored(connection, topic)
        if row is None and topic.query is not None:
            new = insert_into(connection, topics).values(query=topic.query, key=topic.key)
            await connection.execute(new.on_conflict_do_nothing())
            row = await _stored(connection, topic)
    if row is None:
        raise LookupError(f"no built-in topic {topic.slug}")
    return as_topic(row, row.id)


async def _stored(connection: AsyncConnection, topic: Topic) -> Record | None:
    """By its key first: a row of the same words may still be without one, or have that of another dictionary."""
    wanted = [topics.c.key == topic.key] if topic.key is not None else []
    wanted.append(topics.c.slug == topic.slug if topic.query is None else topics.c.query == topic.query)
    for same in wanted:
        row = (await connection.execute(select(topics).where(same))).one_or_none()
        if row is not None:
            return row
    return None


async def topic_by_id(db: Database, topic_id: int) -> Topic | None:
    async with db.read() as connection:
        row = (await connection.execute(select(topics).where(topics.c.id == topic_id))).one_or_none()
        return None if row is None else as_topic(row, row.id)


async def own_topics(db: Database, after: int, limit: int) -> tuple[Topic, ...]:
    async with db.read() as connection:
        rows = await connection.execute(_OWN_TOPICS, {"after": after, "most": limit})
        return tuple(Topic(id=row.id, query=row.query) for row in rows)


_OWN_TOPICS: Final = (
    select(topics.c.id, topics.c.query)
    .where(topics.c.id > bindparam("after"), topics.c.query.is_not(None))
    .order_by(topics.c.id)
    .limit(bindparam("most"))
)


async def topics_without_key(db: Database, limit: int) -> tuple[Topic, ...]:
    query = select(topics).where(topics.c.query.is_not(None), topics.c.key.is_(None)).order_by(topics.c.id)
    async with db.read() as connection:
        return tuple(as_topic(row, row.id) for row in await connection.execute(query.limit(limit)))


async def give_keys(db: Database, keys: Mapping[int, str]) -> None:
    async with db.write() as connection:
        for topic_id, key in sorted(keys.items()):
            other = await connection.scalar(select(topics.c.id).where(topics.c.key == key, topics.c.id != topic_id))
            if other is None:
                await connection.execute(update(topics).where(topics.c.id == topic_id).values(key=key))
            else:
                await _join(connection, topic_id, other)


async def _join(connection: AsyncConnection, topic_id: int, into: int) -> None:
    """One topic becomes part of another: its followers follow that one, and are still told what they were to be."""
    for table in (story_topics, dispatches, subscriptions):
        columns = [literal(into) if column.name == "topic_id" else column for column in table.c]
        theirs = select(*columns).where(table.c.topic_id == topic_id)
        moved = insert_into(connection, table).from_select([column.name for column in table.c], theirs)
        await connection.execute(moved.on_conflict_do_nothing())
    open_ones = dispatches.alias()
    same = and_(open_ones.c.story_id == dispatches.c.story_id, open_ones.c.level == dispatches.c.level)
    is_open = exists().where(open_ones.c.topic_id == topic_id, open_ones.c.done_at.is_(None), same)
    # From the first subscriber on: whoever has been told already isn't told again.
    anew = update(dispatches).where(dispatches.c.topic_id == into, is_open).values(cursor=0, done_at=null())
    await connection.execute(anew)
    await connection.execute(delete(subscriptions).where(subscriptions.c.topic_id == topic_id))
    await connection.execute(delete(topics).where(topics.c.id == topic_id))
