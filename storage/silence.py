"""Who gave no sign of life for long: found by one process at a time, and what became of asking them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update

from bot.model import DigestKind, SilenceSettlement, Subscriber
from storage.chats import take_along
from storage.engine import Database
from storage.leases import taken
from storage.people import SUBSCRIBER_COLUMNS, as_subscriber, read_plans
from storage.records import insert_into
from storage.schema import digests, subscribers, subscriptions
from storage.wishes import DIGEST_KEY, plan_values

SILENCE: Final = "silence"
"""The lease under which they are asked."""


async def claim_silent(
    db: Database,
    owner: str,
    limit: int,
    now: datetime,
    lease: timedelta,
    *,
    seen_before: datetime,
    asked_before: datetime,
) -> tuple[Subscriber, ...]:
    """Looks first without writing: mostly there is nobody."""
    silent = _silent(now, seen_before, asked_before).limit(limit)
    async with db.read() as connection:
        if (await connection.execute(silent.limit(1))).one_or_none() is None:
            return ()
    async with db.write() as connection:
        if not await taken(connection, SILENCE, owner, now, now + lease):
            return ()
        rows = (await connection.execute(silent)).all()
        plans = await read_plans(connection, [row.id for row in rows])
        return tuple(as_subscriber(row, row.id, plans, now) for row in rows)


def _silent(now: datetime, seen_before: datetime, asked_before: datetime) -> Select[Any]:
    running = or_(~subscribers.c.paused, subscribers.c.paused_until <= now)
    unasked = or_(subscribers.c.asked_at.is_(None), subscribers.c.asked_at <= asked_before)
    weekly_alone = and_(subscribers.c.digest_only, _plans(DigestKind.WEEKLY), ~_plans(DigestKind.DAILY))
    return (
        select(subscribers.c.id, *SUBSCRIBER_COLUMNS)
        .where(
            subscribers.c.seen_at <= seen_before,
            subscribers.c.chat_kind == "private",
            ~subscribers.c.gone,
            running,
            unasked,
            ~weekly_alone,
            exists().where(subscriptions.c.subscriber_id == subscribers.c.id),
        )
        .order_by(subscribers.c.seen_at, subscribers.c.id)
    )


def _plans(kind: DigestKind) -> ColumnElement[bool]:
    ours = digests.c.subscriber_id == subscribers.c.id
    return exists().where(ours, digests.c.kind == kind.value, digests.c.minute.is_not(None))


async def settle_silent(db: Database, settlement: SilenceSettlement) -> bool:
    whom = and_(
        subscribers.c.id == settlement.subscriber_id,
        subscribers.c.seen_at.is_not_distinct_from(settlement.seen_at),
    )
    asked: dict[str, Any] = {"asked_at": settlement.asked_at}
    if settlement.weekly is not None:
        asked["digest_only"] = True
    async with db.write() as connection:
        settled = await connection.execute(update(subscribers).where(whom).values(asked).returning(subscribers.c.id))
        if settled.one_or_none() is None:
            return False
        if settlement.weekly is not None:
            values = plan_values(settlement.subscriber_id, settlement.weekly, settlement.next_at)
            new = insert_into(connection, digests).values(values)
            anew = {name: value for name, value in values.items() if name not in DIGEST_KEY}
            await connection.execute(new.on_conflict_do_update(index_elements=DIGEST_KEY, set_=anew))
            daily = and_(digests.c.subscriber_id == settlement.subscriber_id, digests.c.kind == DigestKind.DAILY.value)
            await connection.execute(update(digests).where(daily).values(minute=None, weekday=None, next_at=None))
        await take_along(connection, settlement.subscriber_id, None, gone=settlement.gone)
        return True
