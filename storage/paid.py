"""The paid messages of each day: `bot.ports.PaidStore`."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from storage.engine import Database
from storage.records import insert_into
from storage.schema import paid_days


async def take_paid(db: Database, day: date, wanted: int, limit: int) -> int:
    """The day's row is locked before it's read, so that two processes never grant the same messages."""
    today = paid_days.c.day == day
    async with db.write() as connection:
        new = insert_into(connection, paid_days).values(day=day, taken=0)
        await connection.execute(new.on_conflict_do_nothing())
        taken: int = (await connection.execute(select(paid_days.c.taken).where(today).with_for_update())).scalar_one()
        granted = max(0, min(wanted, limit - taken))
        if granted:
            await connection.execute(update(paid_days).where(today).values(taken=taken + granted))
        return granted
