"""What the publisher reads of the installation: `bot.ports.PublisherStore`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import FailingPoll, NotificationState, Status, SubscriberState
from storage.engine import Database
from storage.records import IS_DUE, PRIORITIES
from storage.schema import notifications, polls, sources, subscribers


async def status(db: Database, now: datetime) -> Status:
    async with db.read() as connection:
        return Status(
            subscribers=await _subscribers(connection, now),
            notifications=await _notifications(connection),
            oldest_due_at=await _oldest_due_at(connection, now),
            polled_at=await connection.scalar(select(func.max(polls.c.asked_at))),
            failing=tuple(FailingPoll(**row._mapping) for row in await connection.execute(_FAILING)),
        )


async def _subscribers(connection: AsyncConnection, now: datetime) -> Counter[SubscriberState]:
    pause = and_(subscribers.c.paused, or_(subscribers.c.paused_until.is_(None), subscribers.c.paused_until > now))
    counted = select(subscribers.c.gone, pause.label("pause"), func.count().label("n")).group_by("gone", "pause")
    found: Counter[SubscriberState] = Counter()
    for row in await connection.execute(counted):
        if row.gone:
            found[SubscriberState.GONE] += row.n
        else:
            found[SubscriberState.PAUSED if row.pause else SubscriberState.ACTIVE] += row.n
    return found


async def _notifications(connection: AsyncConnection) -> dict[NotificationState, int]:
    """Each is counted in the partial index of its state."""
    return {state: await connection.scalar(query) or 0 for state, query in _OPEN.items()}


def _count(*states: NotificationState) -> Select[Any]:
    return (
        select(func.count()).select_from(notifications).where(*(notifications.c.state == _spelled(s) for s in states))
    )


def _spelled(state: NotificationState) -> Any:
    return literal(state.value, literal_execute=True)


_IS_FAILED: Final = notifications.c.state.in_([_spelled(NotificationState.UNKNOWN), _spelled(NotificationState.PARKED)])
_OPEN: Final = {
    NotificationState.DUE: _count(NotificationState.DUE),
    NotificationState.HELD: _count(NotificationState.HELD),
    NotificationState.UNKNOWN: _count(NotificationState.UNKNOWN).where(_IS_FAILED),
    NotificationState.PARKED: _count(NotificationState.PARKED).where(_IS_FAILED),
}


async def _oldest_due_at(connection: AsyncConnection, now: datetime) -> datetime | None:
    found = [await connection.scalar(_OLDEST, {"priority": priority, "now": now}) for priority in PRIORITIES]
    return min((at for at in found if at is not None), default=None)


_OLDEST: Final = (  # by priority, so that it reads the first row of the index and not all that are due
    select(notifications.c.due_at)
    .where(
        IS_DUE,
        notifications.c.priority == bindparam("priority"),
        notifications.c.due_at <= bindparam("now", type_=notifications.c.due_at.type),
    )
    .order_by(notifications.c.due_at)
    .limit(1)
)
_FAILING: Final = (
    select(
        sources.c.name.label("source"),
        polls.c.url,
        polls.c.failures,
        func.coalesce(polls.c.error, "").label("error"),
        polls.c.succeeded_at,
    )
    .join(sources, sources.c.id == polls.c.source_id)
    .where(sources.c.active, polls.c.failures > 0)
    .order_by(polls.c.failures.desc(), sources.c.name, polls.c.url)
)
