"""Named leases: what only one process may do at a time (collect), and whether the database can be used at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.records import insert_into
from storage.schema import leases

_WRITE_CHECK: Final = "write-check"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


async def take_lease(db: Database, name: str, owner: str, now: datetime, until: datetime) -> bool:
    """Take or prolong it. False while another owner holds it."""
    async with db.write() as connection:
        return await taken(connection, name, owner, now, until)


async def taken(connection: AsyncConnection, name: str, owner: str, now: datetime, until: datetime) -> bool:
    """The same within a transaction."""
    lease = {"owner": owner, "until": until}
    free = or_(leases.c.owner == owner, leases.c.until <= now)
    new = insert_into(connection, leases).values(name=name, **lease)
    new = new.on_conflict_do_update(index_elements=[leases.c.name], set_=lease, where=free)
    return (await connection.execute(new.returning(leases.c.name))).one_or_none() is not None


async def drop_lease(db: Database, name: str, owner: str) -> None:
    async with db.write() as connection:
        await connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))


async def ping(db: Database) -> None:
    """Raises StorageError if the database can't be read."""
    async with db.read() as connection:
        await connection.execute(select(1))


async def write_check(db: Database) -> None:
    """Raises StorageError if the database can't be written. Leaves nothing behind."""
    async with db.write() as connection:
        await connection.execute(insert(leases).values(name=_WRITE_CHECK, owner="", until=_NEVER))
        await connection.execute(delete(leases).where(leases.c.name == _WRITE_CHECK))
