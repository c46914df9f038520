"""What the conversation reads back of the news, and notes about it: the other half of `bot.ports.SubscriberStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Evidence, Explanation, Level, Notification, NotificationKind, NotificationState, Story
from bot.ports import Carried
from storage.engine import Database
from storage.people import SUBSCRIPTION_COLUMNS, TOPIC_COLUMNS, as_subscription
from storage.records import (
    IS_SETTLED,
    NOTIFICATION_COLUMNS,
    TOLD,
    as_notification,
    as_reasons,
    as_topic,
    batches,
    insert_into,
)
from storage.schema import (
    articles,
    dispatches,
    muted_stories,
    notifications,
    sources,
    stories,
    story_topics,
    subscriptions,
    topics,
)
from storage.stories import evidence_values, read_stories
from storage.wholes import Hold, current, merged, with_parts


async def latest(db: Database, topic_ids: Sequence[int], limit: int, level: Level = Level.ROUTINE) -> tuple[Story, ...]:
    """Newest by when the headline article was published."""
    of_topics = select(story_topics.c.story_id).where(story_topics.c.topic_id.in_(topic_ids))
    newest = (
        select(stories.c.id)
        .where(
            stories.c.id.in_(of_topics),
            stories.c.level >= int(level),
            stories.c.merged_into.is_(None),
            stories.c.withdrawn_at.is_(None),
        )
        .order_by(stories.c.published_at.desc(), stories.c.id.desc())
        .limit(limit)
    )
    async with db.read() as connection:
        ids = (await connection.scalars(newest)).all()
        told = await read_stories(connection, ids)
        return tuple(told[story_id] for story_id in ids)


async def stories_by_id(db: Database, ids: Sequence[int]) -> tuple[Story, ...]:
    async with db.read() as connection:
        told = await read_stories(connection, ids)
    return tuple(told[story_id] for story_id in ids if story_id in told)


async def carried(db: Database, by: Carried, since: datetime) -> Mapping[str, int]:
    """Of the most frequent 1,000: more is no menu."""
    name = {"section": articles.c.section, "author": articles.c.author, "source": sources.c.name}[by]
    number = func.count(articles.c.story_id.distinct())
    counted = (
        select(name.label("name"), number.label("stories"))
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.seen_at > since, name.is_not(None), name != "")
        .group_by(name)
        .order_by(number.desc(), name)
        .limit(_MOST_NAMES)
    )
    async with db.read() as connection:
        return {row.name: row.stories for row in await connection.execute(counted)}


_MOST_NAMES: Final = 1000


async def level_counts(db: Database, topic_id: int, since: datetime) -> Mapping[Level, int]:
    """Every level, those that no story reached with 0."""
    recent = (stories.c.opened_at >= since, stories.c.merged_into.is_(None))
    first = select(func.min(stories.c.id)).where(stories.c.opened_at >= since).scalar_subquery()
    counted = (
        select(stories.c.level, func.count())
        .join(story_topics, story_topics.c.story_id == stories.c.id)
        # Implied by `recent`, but it keeps the topic's older stories unread.
        .where(story_topics.c.topic_id == topic_id, story_topics.c.story_id >= first, *recent)
        .group_by(stories.c.level)
    )
    async with db.read() as connection:
        found = {Level(level): count for level, count in await connection.execute(counted)}
        return {level: found.get(level, 0) for level in Level}


async def label(db: Database, evidence: Mapping[int, Evidence], now: datetime) -> None:
    """Stories and topics that have been deleted meanwhile are left out."""
    async with db.write() as connection:
        wanted = sorted({each.topic_id for each in evidence.values()})
        existing = set(await connection.scalars(select(topics.c.id).where(topics.c.id.in_(wanted))))
        into = await merged(connection, evidence, Hold.STILL)
        surest = {into.get(id_, id_): evidence[id_] for id_ in sorted(evidence, key=lambda id_: evidence[id_].score)}
        for batch in batches(sorted(surest)):
            rows = await connection.execute(select(stories.c.id, stories.c.level).where(stories.c.id.in_(batch)))
            found = [(row.id, row.level, surest[row.id]) for row in rows if surest[row.id].topic_id in existing]
            if found:
                await _label(connection, found, now)


async def _label(connection: AsyncConnection, found: Sequence[tuple[int, int, Evidence]], now: datetime) -> None:
    labels = [evidence_values(story_id, evidence) for story_id, _level, evidence in found]
    await connection.execute(insert_into(connection, story_topics).on_conflict_do_nothing(), labels)
    done = [
        {
            "story_id": story_id,
            "topic_id": evidence.topic_id,
            "level": level,
            "cursor": 0,
            "created_at": now,
            "done_at": now,
        }
        for story_id, level, evidence in found
    ]
    await connection.execute(insert_into(connection, dispatches).on_conflict_do_nothing(), done)


async def mark_shown(db: Database, subscriber_id: int, topic_id: int, story_id: int, now: datetime) -> None:
    """Its lease, if it has one, stays: should the push be on its way already, that it was sent is still noted."""
    shown = {"state": NotificationState.SHOWN.value, "topic_id": topic_id, "due_at": now}
    key = {"subscriber_id": subscriber_id, "kind": NotificationKind.PUSH.value, "edition": 0}
    values = {**key, **shown, "priority": int(Level.BREAKING), "created_at": now, "unknown_outcomes": 0}
    untold = notifications.c.state.in_([NotificationState.DUE.value, NotificationState.HELD.value])
    async with db.write() as connection:
        key["story_id"] = values["story_id"] = await current(connection, story_id)
        new = insert_into(connection, notifications).values(values)
        await connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=shown, where=untold))


# --- /why ----------------------------------------------------------------------------------------------------------


async def explain(db: Database, subscriber_id: int, story_id: int | None) -> Explanation | None:
    """Under the topic of its notification; otherwise the one they follow from the lowest level on."""
    async with db.read() as connection:
        wanted = None if story_id is None else await current(connection, story_id)
        notification = await _notification(connection, subscriber_id, wanted)
        if notification is not None:
            wanted = await current(connection, notification.story_id)
        story = None if wanted is None else (await read_stories(connection, [wanted])).get(wanted)
        if story is None:
            return None
        continued = await _continued(connection, story.id)
        under = _of_followed(subscriber_id) if notification is None else topics.c.id == notification.topic_id
        row = (await connection.execute(_topic_of(story.id, subscriber_id).where(under).limit(1))).one_or_none()
        theirs = and_(muted_stories.c.subscriber_id == subscriber_id, muted_stories.c.story_id == story.id)
        muted = (await connection.execute(select(exists().where(theirs)))).scalar_one()
    bare = Explanation(story=story, topic=None, notification=notification, muted=muted, continued=continued)
    if row is None:
        return bare
    topic = as_topic(row, row.id)
    subscription = as_subscription(row, topic)
    return replace(bare, topic=topic, evidence=as_reasons(row.because or ()), subscription=subscription)


async def _continued(connection: AsyncConnection, story_id: int) -> Story | None:
    """The one that the story continues, if it's still there and was not withdrawn."""
    earlier = await connection.scalar(select(stories.c.continues).where(stories.c.id == story_id))
    if earlier is None:
        return None
    story = (await read_stories(connection, [earlier])).get(earlier)
    return None if story is None or story.id == story_id or story.withdrawn_at is not None else story


async def _notification(connection: AsyncConnection, subscriber_id: int, story_id: int | None) -> Notification | None:
    """Of the story, the one that is furthest, where parts of it have left them several; or the last that told any."""
    query = select(*NOTIFICATION_COLUMNS).where(
        notifications.c.subscriber_id == subscriber_id, notifications.c.kind == NotificationKind.PUSH.value
    )
    if story_id is None:
        told = notifications.c.state.in_([NotificationState.SENT.value, NotificationState.SHOWN.value])
        query = query.where(IS_SETTLED, told).order_by(notifications.c.due_at.desc(), notifications.c.story_id.desc())
    else:
        query = query.where(notifications.c.story_id.in_(await with_parts(connection, [story_id])))
        query = query.order_by(_FURTHEST, notifications.c.due_at.desc(), notifications.c.story_id)
    row = (await connection.execute(query.limit(1))).one_or_none()
    return None if row is None else as_notification(row)


_FURTHEST: Final = case(
    (notifications.c.state.in_(TOLD), 1),
    (notifications.c.state == NotificationState.DUE.value, 2),
    (notifications.c.state == NotificationState.HELD.value, 3),
    else_=4,
)


def _of_followed(subscriber_id: int) -> ColumnElement[bool]:
    return and_(subscriptions.c.subscriber_id == subscriber_id, story_topics.c.story_id.is_not(None))


def _topic_of(story_id: int, subscriber_id: int) -> Select[Any]:
    """Topics, with what the story has to do with them and what the subscriber has, if anything."""
    of_story = and_(story_topics.c.topic_id == topics.c.id, story_topics.c.story_id == story_id)
    of_subscriber = and_(subscriptions.c.topic_id == topics.c.id, subscriptions.c.subscriber_id == subscriber_id)
    return (
        select(topics.c.id, *TOPIC_COLUMNS, *SUBSCRIPTION_COLUMNS, story_topics.c.because)
        .select_from(topics.outerjoin(story_topics, of_story).outerjoin(subscriptions, of_subscriber))
        .order_by(subscriptions.c.level, topics.c.slug.is_(None), topics.c.id)
    )
