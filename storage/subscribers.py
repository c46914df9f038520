"""What the conversation writes and reads of subscribers and what they follow: half of `bot.ports.SubscriberStore`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Level, Subscriber, SubscriberState, Subscription
from storage import chats
from storage.engine import Database
from storage.people import (
    SUBSCRIBER_COLUMNS,
    SUBSCRIPTION_COLUMNS,
    TOPIC_COLUMNS,
    as_subscriber,
    as_subscription,
    preference_values,
    read_plans,
    state_values,
)
from storage.records import as_topic, batches, insert_into, notifications_of
from storage.schema import drafts, notifications, subscribers, subscriptions, topics


async def subscriber(db: Database, chat_id: int, thread_id: int = 0) -> Subscriber | None:
    async with db.read() as connection:
        return await _subscriber(connection, chat_id, thread_id)


async def _subscriber(connection: AsyncConnection, chat_id: int, thread_id: int) -> Subscriber | None:
    query = select(subscribers.c.id, *SUBSCRIBER_COLUMNS)
    query = query.where(subscribers.c.chat_id == chat_id, subscribers.c.thread_id == thread_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else as_subscriber(row, row.id, await read_plans(connection, [row.id]))


async def add_subscriber(db: Database, subscriber: Subscriber, now: datetime) -> Subscriber:
    values = {
        "chat_id": subscriber.chat_id,
        "thread_id": subscriber.thread_id,
        "chat_kind": subscriber.chat_kind,
        "paused": False,
        "gone": False,
        "created_at": now,
        "seen_at": now,
        **preference_values(subscriber),
    }
    values = {**values, **state_values(subscriber.state, subscriber.paused_until)}
    async with db.write() as connection:
        await connection.execute(insert_into(connection, subscribers).values(values).on_conflict_do_nothing())
        stored = await _subscriber(connection, subscriber.chat_id, subscriber.thread_id)
    assert stored is not None  # noqa: S101  # it has just been written, in the same transaction
    return stored


async def set_state(db: Database, subscriber_id: int, state: SubscriberState, until: datetime | None = None) -> None:
    async with db.write() as connection:
        await chats.set_states(connection, subscribers.c.id == subscriber_id, state, until)


async def move_chat(db: Database, chat_id: int, new_chat_id: int) -> None:
    async with db.write() as connection:
        await chats.move_chat(connection, chat_id, new_chat_id)


async def set_chat_state(db: Database, chat_id: int, state: SubscriberState) -> None:
    async with db.write() as connection:
        await chats.set_chat_state(connection, chat_id, state)


async def subscriptions_of(db: Database, subscriber_id: int) -> tuple[Subscription, ...]:
    order = (topics.c.slug.is_(None), subscriptions.c.created_at, topics.c.id)
    query = select_subscriptions().where(subscriptions.c.subscriber_id == subscriber_id).order_by(*order)
    async with db.read() as connection:
        rows = await connection.execute(query)
        found = (as_subscription(row, as_topic(row, row.topic_id)) for row in rows)
        return tuple(each for each in found if each is not None)


def select_subscriptions() -> Select[Any]:
    columns = (subscriptions.c.topic_id, *SUBSCRIPTION_COLUMNS, *TOPIC_COLUMNS)
    return select(*columns).join(topics, topics.c.id == subscriptions.c.topic_id)


async def follow(db: Database, subscriber_id: int, topic_id: int, level: Level, now: datetime) -> bool:
    values = {
        "subscriber_id": subscriber_id,
        "topic_id": topic_id,
        "level": int(level),
        "sound": True,
        "created_at": now,
    }
    async with db.write() as connection:
        new = insert_into(connection, subscriptions).values(values).on_conflict_do_nothing()
        return (await connection.execute(new.returning(subscriptions.c.topic_id))).one_or_none() is not None


async def unfollow(db: Database, subscriber_id: int, topic_id: int) -> bool:
    gone = delete(subscriptions).where(_is(subscriber_id, topic_id)).returning(subscriptions.c.topic_id)
    async with db.write() as connection:
        return (await connection.execute(gone)).one_or_none() is not None


async def refollow(db: Database, subscriber_id: int, topic_id: int, other_id: int, level: Level | None = None) -> bool:
    old = select(subscriptions).where(_is(subscriber_id, topic_id)).with_for_update()
    async with db.write() as connection:
        row = (await connection.execute(old)).one_or_none()
        if row is None:
            return False
        if topic_id != other_id:
            await connection.execute(delete(subscriptions).where(_is(subscriber_id, topic_id)))
        values = {**row._mapping, "topic_id": other_id, "level": row.level if level is None else int(level)}
        await connection.execute(insert_into(connection, subscriptions).values(values).on_conflict_do_nothing())
        return True


async def set_level(db: Database, subscriber_id: int, topic_id: int, level: Level) -> None:
    await _change(db, subscriber_id, topic_id, level=int(level))


async def set_sound(db: Database, subscriber_id: int, topic_id: int, sound: bool) -> None:
    await _change(db, subscriber_id, topic_id, sound=sound)


async def _change(db: Database, subscriber_id: int, topic_id: int, **values: Any) -> None:
    async with db.write() as connection:
        await connection.execute(update(subscriptions).where(_is(subscriber_id, topic_id)).values(**values))


def _is(subscriber_id: int, topic_id: int) -> Any:
    return and_(subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.topic_id == topic_id)


async def set_muted(db: Database, subscriber_id: int, topic_id: int, until: datetime | None) -> None:
    await _change(db, subscriber_id, topic_id, muted_until=until)


def _in_their_chat(subscriber_id: int) -> ColumnElement[bool]:
    here = and_(subscribers.c.chat_id == drafts.c.chat_id, subscribers.c.thread_id == drafts.c.thread_id)
    return exists().where(subscribers.c.id == subscriber_id, here)


async def forget(db: Database, subscriber_id: int) -> None:
    """Words that nobody else follows go too: they may say something about who wrote them."""
    theirs = select(subscriptions.c.topic_id).where(subscriptions.c.subscriber_id == subscriber_id)
    followed = exists().where(subscriptions.c.topic_id == topics.c.id)
    async with db.write() as connection:
        followed_by_them = (await connection.scalars(theirs)).all()
        await connection.execute(delete(drafts).where(_in_their_chat(subscriber_id)))
        await connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))
        # After them: a fan-out that is just writing some holds on to its readers until it has.
        await connection.execute(delete(notifications).where(notifications_of(subscriber_id)))
        for batch in batches(followed_by_them):
            own = topics.c.id.in_(batch), topics.c.query.is_not(None)
            await connection.execute(delete(topics).where(*own, ~followed))
