"""What is deleted, and when: `bot.ports.MaintenanceStore`. Candidates are looked for without writing.

Nothing that is deleted makes a story be told again. A story closes 7 days after its first article, so the notifications
and dispatches of one that opened 30 days ago are needed no more; keys of deleted articles are kept, for a feed may list
an article for years.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table, and_, bindparam, delete, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import NotificationState
from storage.claims import IS_BOUND_KEY
from storage.engine import Database
from storage.fingerprints import forget_fingerprints
from storage.records import Record, insert_into
from storage.schema import (
    articles,
    dispatches,
    drafts,
    notifications,
    old_articles,
    paid_days,
    stories,
    story_topics,
    subscriptions,
    topics,
)

_ARTICLES_STAY: Final = timedelta(days=90)
_SETTLED_STAY: Final = timedelta(days=30)
_UNFOLLOWED_STAY: Final = timedelta(days=1)
"""Somebody may be about to follow the words: they are stored a moment before."""
_STORY_ROWS: Final = 10
"""A story with its articles, topics and what belongs to them counts as so many rows."""


async def tidy(db: Database, now: datetime, limit: int) -> int:
    """Each kind is looked at in turn, and the first that has something is done."""
    for step in (_notifications, _dispatches, _stories, forget_fingerprints, _topics, _drafts, _paid_days):
        deleted = await step(db, now, limit)
        if deleted:
            return deleted
    return 0


# --- notifications and dispatches of old stories -------------------------------------------------------------------


async def _notifications(db: Database, now: datetime, limit: int) -> int:
    """What is still due stays, however old: it's decided when it is claimed."""
    old = now - _SETTLED_STAY
    columns = (
        notifications.c.story_id.label("story"),
        notifications.c.subscriber_id.label("subscriber"),
        notifications.c.kind.label("of_kind"),
        notifications.c.edition.label("of_edition"),
    )
    settled = (notifications.c.state != NotificationState.DUE.value, notifications.c.created_at < old)
    found = await _of_old_stories(db, notifications, columns, settled, old=old, limit=limit)
    if found:
        async with db.write() as connection:
            await connection.execute(_DELETE_SETTLED, [dict(row._mapping) for row in found])
    return len(found)


_DELETE_SETTLED: Final = delete(notifications).where(IS_BOUND_KEY, notifications.c.state != NotificationState.DUE.value)


async def _dispatches(db: Database, now: datetime, limit: int) -> int:
    old = now - _SETTLED_STAY
    columns = (
        dispatches.c.story_id.label("story"),
        dispatches.c.topic_id.label("topic"),
        dispatches.c.level.label("of_level"),
    )
    found = await _of_old_stories(db, dispatches, columns, (dispatches.c.done_at < old,), old=old, limit=limit)
    if found:
        async with db.write() as connection:
            await connection.execute(_DELETE_DISPATCH, [dict(row._mapping) for row in found])
    return len(found)


_DELETE_DISPATCH: Final = delete(dispatches).where(
    dispatches.c.story_id == bindparam("story"),
    dispatches.c.topic_id == bindparam("topic"),
    dispatches.c.level == bindparam("of_level"),
)


async def _of_old_stories(
    db: Database, table: Table, columns: Sequence[Any], settled: Sequence[Any], *, old: datetime, limit: int
) -> Sequence[Record]:
    """Rows of stories that opened before `old`, in the table's own order: its first rows are the oldest stories'."""
    latest = stories.c.opened_at.desc(), stories.c.id.desc()
    last = select(stories.c.id).where(stories.c.opened_at < old).order_by(*latest).limit(1)
    is_old = exists().where(stories.c.id == table.c.story_id, stories.c.opened_at < old)
    async with db.read() as connection:
        newest = await connection.scalar(last)
        if newest is None:
            return ()
        oldest_first = select(*columns).where(table.c.story_id <= newest, *settled, is_old)
        return (await connection.execute(oldest_first.order_by(*table.primary_key).limit(limit))).all()


# --- stories with their articles -----------------------------------------------------------------------------------


async def _stories(db: Database, now: datetime, limit: int) -> int:
    """A story goes when its last article is that old, all of it at once."""
    old = now - _ARTICLES_STAY
    merged = stories.alias("merged")
    needed = exists().where(notifications.c.story_id == stories.c.id) | exists().where(
        merged.c.merged_into == stories.c.id
    )
    gone = (
        select(stories.c.id)
        .where(stories.c.opened_at < old, stories.c.last_at < old, ~needed)
        .order_by(stories.c.opened_at)
        .limit(max(1, limit // _STORY_ROWS))
    )
    async with db.read() as connection:
        ids = (await connection.scalars(gone)).all()
    if ids:
        async with db.write() as connection:
            await _delete_stories(connection, ids)
    return len(ids) * _STORY_ROWS


async def _delete_stories(connection: AsyncConnection, ids: Sequence[int]) -> None:
    theirs = select(articles.c.source_id, articles.c.key).where(articles.c.story_id.in_(ids))
    remembered = insert_into(connection, old_articles).from_select(["source_id", "key"], theirs)
    await connection.execute(remembered.on_conflict_do_nothing())
    await connection.execute(delete(articles).where(articles.c.story_id.in_(ids)))
    await connection.execute(delete(stories).where(stories.c.id.in_(ids)))


# --- words that nobody follows -------------------------------------------------------------------------------------

_IS_FOLLOWED: Final = exists().where(subscriptions.c.topic_id == topics.c.id)


async def _topics(db: Database, now: datetime, limit: int) -> int:
    """Marked first, and deleted a day later if still nobody follows them, with what they found."""
    own, marked = topics.c.query.is_not(None), topics.c.unfollowed_at.is_not(None)
    async with db.read() as connection:
        orphans = (await connection.scalars(select(topics.c.id).where(own, ~marked, ~_IS_FOLLOWED).limit(limit))).all()
        back = (await connection.scalars(select(topics.c.id).where(marked, _IS_FOLLOWED).limit(limit))).all()
        gone = await connection.scalar(
            select(topics.c.id).where(topics.c.unfollowed_at < now - _UNFOLLOWED_STAY, ~_IS_FOLLOWED).limit(1)
        )
    if orphans or back:
        async with db.write() as connection:
            await connection.execute(update(topics).where(topics.c.id.in_(orphans)).values(unfollowed_at=now))
            await connection.execute(update(topics).where(topics.c.id.in_(back)).values(unfollowed_at=None))
    return 0 if gone is None else await _delete_topic(db, gone, limit)


async def _delete_topic(db: Database, topic_id: int, limit: int) -> int:
    """Its evidence goes in steps: one word may have found thousands of stories."""
    found = select(story_topics.c.story_id).where(story_topics.c.topic_id == topic_id).limit(limit)
    async with db.write() as connection:
        ids = (await connection.scalars(found)).all()
        theirs = and_(story_topics.c.topic_id == literal(topic_id), story_topics.c.story_id.in_(ids))
        await connection.execute(delete(story_topics).where(theirs))
        if len(ids) < limit:
            await connection.execute(delete(topics).where(topics.c.id == topic_id, ~_IS_FOLLOWED))
        return len(ids) + 1


async def _drafts(db: Database, now: datetime, limit: int) -> int:
    old = select(drafts.c.id).where(drafts.c.created_at < now - _UNFOLLOWED_STAY).limit(limit)
    async with db.read() as connection:
        ids = (await connection.scalars(old)).all()
    if ids:
        async with db.write() as connection:
            await connection.execute(delete(drafts).where(drafts.c.id.in_(ids)))
    return len(ids)


async def _paid_days(db: Database, now: datetime, limit: int) -> int:
    old = paid_days.c.day < (now - _SETTLED_STAY).date()
    async with db.read() as connection:
        days = (await connection.scalars(select(paid_days.c.day).where(old).limit(limit))).all()
    if days:
        async with db.write() as connection:
            await connection.execute(delete(paid_days).where(paid_days.c.day.in_(days)))
    return len(days)
