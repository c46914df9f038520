"""What deliver reads and writes: `bot.ports.DeliveryStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    Dispatch,
    Level,
    Notification,
    NotificationKind,
    NotificationState,
    Settlement,
)
from storage.chats import take_along
from storage.claims import IS_BOUND_KEY, bound_key
from storage.columns import Time
from storage.digests import catch_up
from storage.engine import Database
from storage.records import IS_DUE, PRIORITIES, Record, insert_into, plain_reason
from storage.schema import digests, dispatches, leases, notifications, subscribers, subscriptions
from storage.silence import SILENCE
from storage.wholes import current, has_of, with_parts


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
    """Goes on from the stored cursor, whatever `dispatch.cursor` says. Only those who are gone, or have a part of the
    story, are left out here: all else that is personal is decided when the notification is claimed."""
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
            *await _has_no_part(connection, dispatch.story_id),
        )
        .order_by(subscriptions.c.subscriber_id)
        .with_for_update(key_share=True, read=True, of=subscribers)  # PostgreSQL: none is forgotten meanwhile
    )
    new = insert_into(connection, notifications).from_select(list(values), recipients)
    await connection.execute(new.on_conflict_do_nothing())


async def _has_no_part(connection: AsyncConnection, story_id: int) -> list[ColumnElement[bool]]:
    others = set(await with_parts(connection, [await current(connection, story_id)])) - {story_id}
    return [~has_of(others, subscriptions.c.subscriber_id, notifications.alias("other"))] if others else []


# --- settle --------------------------------------------------------------------------------------------------------


async def settle(db: Database, owner: str, settlements: Sequence[Settlement]) -> None:
    if not settlements:
        return
    plain = [each for each in settlements if not _concerns_chat(each)]
    async with db.write() as connection:
        if plain:
            await connection.execute(_SETTLE, [_settled(owner, each.notification) for each in plain])
        for each in filter(_concerns_chat, settlements):
            if await _was_ours(connection, _settled(owner, each.notification)):
                await take_along(connection, each.notification.subscriber_id, each.chat_id, gone=each.gone)
        await catch_up(connection, settlements)


async def _was_ours(connection: AsyncConnection, settled: Mapping[str, Any]) -> bool:
    """Settle one, if its lease is still ours."""
    settle_and_tell = _SETTLE.returning(notifications.c.story_id)
    return (await connection.execute(settle_and_tell, dict(settled))).one_or_none() is not None


def _concerns_chat(settlement: Settlement) -> bool:
    return settlement.gone or settlement.chat_id is not None


def _settled(owner: str, notification: Notification) -> dict[str, Any]:
    return bound_key(notification) | {
        "owner": owner,
        "new_state": notification.state.value,
        "new_reason": plain_reason(notification.reason),
        "new_due_at": notification.due_at,
        "outcomes": notification.unknown_outcomes,
        "message": notification.message_id,
    }


_SETTLE: Final = (
    update(notifications)
    .where(IS_BOUND_KEY, notifications.c.lease_owner == bindparam("owner"))
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


async def release(db: Database, owner: str) -> None:
    async with db.write() as connection:
        for table in (notifications, digests):
            ours = update(table).where(table.c.lease_owner == owner)
            await connection.execute(ours.values(lease_owner=None, lease_until=None))
        await connection.execute(delete(leases).where(leases.c.name == SILENCE, leases.c.owner == owner))


async def next_due_at(db: Database) -> datetime | None:
    """A leased notification counts from the end of its lease: it falls due again if its owner has died."""
    async with db.read() as connection:
        found = [await connection.scalar(_LEASED_UNTIL)]
        found += [await connection.scalar(_WAITING, {"priority": priority}) for priority in PRIORITIES]
        return min((at for at in found if at is not None), default=None)


_later = case(
    (notifications.c.lease_until > notifications.c.due_at, notifications.c.lease_until), else_=notifications.c.due_at
)
_LEASED_UNTIL: Final = select(func.min(_later, type_=Time)).where(IS_DUE, notifications.c.lease_owner.is_not(None))
_WAITING: Final = (  # by priority, so that it reads the first rows of the index and not all that are due
    select(notifications.c.due_at)
    .where(IS_DUE, notifications.c.priority == bindparam("priority"), notifications.c.lease_owner.is_(None))
    .order_by(notifications.c.due_at)
    .limit(1)
)
