"""What a clock that was ahead has left behind: `bot.ports.MaintenanceStore.rewind`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import Time
from storage.engine import Database
from storage.records import IS_DUE
from storage.schema import digests, leases, notifications, polls

_CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""By so much two machines' clocks may disagree; what was written later than that, no clock that's right has written."""
_LONGEST_LEASE: Final = timedelta(seconds=90)
"""`bot.delivery.LEASE`. Whoever lives and has claimed something settles it within that time."""


async def rewind(db: Database, now: datetime) -> bool:
    async with db.read() as connection:
        if not await _is_ahead(connection, now + _CLOCKS_DIFFER):
            return False
    late, latest = now + _CLOCKS_DIFFER + _LONGEST_LEASE, now + _LONGEST_LEASE
    async with db.write() as connection:
        for table in (notifications, digests):
            leased = update(table).where(table.c.lease_owner.is_not(None), table.c.lease_until > late)
            await connection.execute(leased.values(lease_until=latest))
        await connection.execute(update(leases).where(leases.c.until > late).values(until=now))
        waiting = update(notifications).where(IS_DUE, notifications.c.due_at > now)
        await connection.execute(waiting.values(due_at=now))
    return True


async def _is_ahead(connection: AsyncConnection, now: datetime) -> bool:
    """Whether something was asked, or waits to be told, since a moment that's still to come."""
    asked = await connection.scalar(select(func.max(polls.c.asked_at, type_=Time)))
    told = await connection.scalar(select(func.max(notifications.c.created_at, type_=Time)).where(IS_DUE))
    return any(at is not None and at > now for at in (asked, told))
