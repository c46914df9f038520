"""What deliver reads and writes: `bot.ports.DeliveryStore`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Integer, and_, bindparam, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    Dispatch,
    Due,
    Level,
    Notification,
    NotificationKind,
    NotificationState,
    Reason,
    Settlement,
    Story,
    SubscriberState,
)
from storage.chats import move_chat, set_states
from storage.columns import Time
from storage.engine import Database
from storage.records import (
    IS_DUE,
    NOTIFICATION_COLUMNS,
    SUBSCRIBER_COLUMNS,
    SUBSCRIPTION_COLUMNS,
    TOPIC_COLUMNS,
    Record,
    as_notification,
    as_subscriber,
    as_subscription,
    as_topic,
    insert_into,
    plain_reason,
)
from storage.schema import dispatches, notifications, subscribers, subscriptions, topics
from storage.stories import read_stories

_LOOKAHEAD: Final = 4
"""Claim reads this many times its limit, to find enough different subscribers behind one with a backlog."""


async def open_dispatches(db: Database, limit: int) -> tuple[Dispatch, ...]:
    order = (dispatches.c.level.desc(), dispatches.c.created_at, dispatches.c.story_id, dispatches.c.topic_id)
    query = select(dispatches).where(dispatches.c.done_at.is_(None)).order_by(*order).limit(limit)
    async with db.read() as connection:
        return tuple(_as_dispatch(row) for row in await connection.execute(query))


def _as_dispatch(row: Record) -> Dispatch:
    return Dispatch(
        story_id=row.story_id,
        topic_id=row.topic_id,
        level=Level(row.level),
        created_at=row.created_at,
        cursor=row.cursor,
    )


async def expand(db: Database, dispatch: Dispatch, chunk: int, now: datetime) -> int:
    """Goes on from the stored cursor, whatever `dispatch.cursor` says. Only those who are gone are left out here:
    all else that is personal is decided when the notification is claimed."""
    ours = and_(
        dispatches.c.story_id == dispatch.story_id,
        dispatches.c.topic_id == dispatch.topic_id,
        dispatches.c.level == int(dispatch.level),
    )
    async with db.write() as connection:
        unfinished = select(dispatches.c.cursor).where(ours, dispatches.c.done_at.is_(None)).with_for_update()
        cursor = await connection.scalar(unfinished)
        if cursor is None:
            return 0
        last, looked_at = await _window(connection, dispatch.topic_id, cursor, chunk)
        if looked_at:
            await _notify(connection, dispatch, cursor, last, now)
        done_at = now if looked_at < chunk else None
        await connection.execute(update(dispatches).where(ours).values(cursor=last, done_at=done_at))
        return looked_at


async def _window(connection: AsyncConnection, topic_id: int, cursor: int, chunk: int) -> tuple[int, int]:
    """The last subscriber id of the next `chunk` subscriptions of the topic, and how many there are."""
    following = select(subscriptions.c.subscriber_id).where(
        subscriptions.c.topic_id == topic_id, subscriptions.c.subscriber_id > cursor
    )
    window = following.order_by(subscriptions.c.subscriber_id).limit(chunk).subquery()
    row = (await connection.execute(select(func.max(window.c.subscriber_id).label("last"), func.count()))).one()
    return row.last or cursor, row.count


async def _notify(connection: AsyncConnection, dispatch: Dispatch, cursor: int, last: int, now: datetime) -> None:
    values = {
        "story_id": literal(dispatch.story_id),
        "subscriber_id": subscriptions.c.subscriber_id,
        "kind": literal(NotificationKind.PUSH.value),
        "edition": literal(0),
        "topic_id": literal(dispatch.topic_id),
        "state": literal(NotificationState.DUE.value),
        "priority": literal(Level.BREAKING - dispatch.level),
        "created_at": literal(now, Time),
        "due_at": literal(now, Time),
        "unknown_outcomes": literal(0),
    }
    recipients = (
        select(*values.values())
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(
            subscriptions.c.topic_id == dispatch.topic_id,
            subscriptions.c.subscriber_id > cursor,
            subscriptions.c.subscriber_id <= last,
            subscriptions.c.level <= int(dispatch.level),
            ~subscribers.c.gone,
        )
        .order_by(subscriptions.c.subscriber_id)
    )
    new = insert_into(connection, notifications).from_select(list(values), recipients)
    await connection.execute(new.on_conflict_do_nothing())


# --- claim ---------------------------------------------------------------------------------------------------------


async def claim(db: Database, owner: str, limit: int, now: datetime, lease: timedelta) -> tuple[Due, ...]:
    """At most one notification a subscriber, so that one chat's backlog never fills a batch."""
    async with db.write() as connection:
        rows = (await connection.execute(_SELECT_FREE, {"now": now, "at_most": limit})).all()
        stories = await read_stories(connection, {row.story_id for row in rows})
        claimed = tuple(_as_due(row, stories[row.story_id], now + lease) for row in rows)
        if claimed:
            leased = {"new_owner": owner, "new_until": now + lease}
            await connection.execute(_LEASE, [_bound_key(due.notification) | leased for due in claimed])
        return claimed


def _bound_key(notification: Notification) -> dict[str, Any]:
    return {
        "story": notification.story_id,
        "subscriber": notification.subscriber_id,
        "of_kind": notification.kind.value,
        "of_edition": notification.edition,
    }


def _in_order(table: FromClause) -> tuple[ColumnElement[Any], ...]:
    return table.c.priority, table.c.due_at, table.c.story_id, table.c.subscriber_id


_FREE: Final = (
    select(*notifications.primary_key, notifications.c.priority, notifications.c.due_at)
    .where(
        IS_DUE,
        notifications.c.due_at <= bindparam("now", type_=Time),
        or_(notifications.c.lease_until.is_(None), notifications.c.lease_until <= bindparam("now", type_=Time)),
    )
    .order_by(*_in_order(notifications))
    .limit(bindparam("at_most", type_=Integer) * _LOOKAHEAD)
    .with_for_update(skip_locked=True)  # PostgreSQL; on SQLite there is one writer at a time
    .subquery("free")
)

_turn = func.row_number().over(partition_by=_FREE.c.subscriber_id, order_by=_in_order(_FREE))
_IN_TURN: Final = select(_FREE, _turn.label("turn")).subquery("in_turn")

_SELECT_FREE: Final = (
    select(*NOTIFICATION_COLUMNS, *SUBSCRIBER_COLUMNS, *TOPIC_COLUMNS, *SUBSCRIPTION_COLUMNS)
    .select_from(_IN_TURN)
    .join(notifications, and_(*(_IN_TURN.c[column.name] == column for column in notifications.primary_key)))
    .join(subscribers, subscribers.c.id == notifications.c.subscriber_id)
    .join(topics, topics.c.id == notifications.c.topic_id)
    .outerjoin(
        subscriptions,
        and_(
            subscriptions.c.topic_id == notifications.c.topic_id,
            subscriptions.c.subscriber_id == notifications.c.subscriber_id,
        ),
    )
    .where(_IN_TURN.c.turn == 1)
    .order_by(*_in_order(_IN_TURN))
    .limit(bindparam("at_most", type_=Integer))
)

_IS_BOUND_KEY: Final = and_(
    notifications.c.story_id == bindparam("story"),
    notifications.c.subscriber_id == bindparam("subscriber"),
    notifications.c.kind == bindparam("of_kind"),
    notifications.c.edition == bindparam("of_edition"),
)

_LEASE: Final = (
    update(notifications)
    .where(_IS_BOUND_KEY)
    .values(lease_owner=bindparam("new_owner"), lease_until=bindparam("new_until"))
)


def _as_due(row: Record, story: Story, lease_until: datetime) -> Due:
    topic = as_topic(row, row.topic_id)
    return Due(
        notification=replace(as_notification(row), lease_until=lease_until),
        subscriber=as_subscriber(row, row.subscriber_id),
        subscription=as_subscription(row, topic),
        topic=topic,
        story=story,
    )


# --- settle --------------------------------------------------------------------------------------------------------


async def settle(db: Database, owner: str, settlements: Sequence[Settlement]) -> None:
    if not settlements:
        return
    plain = [each for each in settlements if not _concerns_chat(each)]
    async with db.write() as connection:
        if plain:
            await connection.execute(_SETTLE, [_settled(owner, each.notification) for each in plain])
        for each in filter(_concerns_chat, settlements):
            held = await connection.execute(
                _SETTLE.returning(notifications.c.story_id), _settled(owner, each.notification)
            )
            if held.one_or_none() is not None:
                await _take_subscriber_along(connection, each)


def _concerns_chat(settlement: Settlement) -> bool:
    return settlement.gone or settlement.chat_id is not None


def _settled(owner: str, notification: Notification) -> dict[str, Any]:
    return _bound_key(notification) | {
        "owner": owner,
        "new_state": notification.state.value,
        "new_reason": plain_reason(notification.reason),
        "new_due_at": notification.due_at,
        "outcomes": notification.unknown_outcomes,
        "message": notification.message_id,
    }


_SETTLE: Final = (
    update(notifications)
    .where(_IS_BOUND_KEY, notifications.c.lease_owner == bindparam("owner"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        due_at=bindparam("new_due_at"),
        unknown_outcomes=bindparam("outcomes"),
        message_id=bindparam("message"),
        lease_owner=None,
        lease_until=None,
    )
)


async def _take_subscriber_along(connection: AsyncConnection, settlement: Settlement) -> None:
    """What another worker is sending them meanwhile it still settles: its lease stays."""
    subscriber = subscribers.c.id == settlement.notification.subscriber_id
    if settlement.chat_id is not None:
        chat_id = (await connection.execute(select(subscribers.c.chat_id).where(subscriber))).scalar_one()
        await move_chat(connection, chat_id, settlement.chat_id)
    if settlement.gone:
        await set_states(connection, subscriber, SubscriberState.GONE)
        others = update(notifications).where(
            notifications.c.subscriber_id == settlement.notification.subscriber_id, IS_DUE
        )
        skipped = {"state": NotificationState.SKIPPED.value, "reason": plain_reason(Reason("gone"))}
        await connection.execute(others.values(skipped))


async def release(db: Database, owner: str) -> None:
    ours = update(notifications).where(IS_DUE, notifications.c.lease_owner == owner)
    async with db.write() as connection:
        await connection.execute(ours.values(lease_owner=None, lease_until=None))


async def next_due_at(db: Database) -> datetime | None:
    """A leased notification counts from the end of its lease: it falls due again if its owner has died."""
    due_at, until = notifications.c.due_at, notifications.c.lease_until
    earliest = select(func.min(case((until > due_at, until), else_=due_at), type_=Time)).where(IS_DUE)
    async with db.read() as connection:
        found: datetime | None = await connection.scalar(earliest)
        return found
