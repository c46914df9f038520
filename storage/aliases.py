"""By what an article is known beside its key: part of `bot.ports.CollectStore`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.records import batches, insert_into
from storage.schema import aliases


async def known_aliases(db: Database, source_id: int, names: Sequence[str]) -> frozenset[str]:
    known: set[str] = set()
    async with db.read() as connection:
        for batch in batches(names):
            known.update(await _articles_of(connection, source_id, batch))
    return frozenset(known)


async def add_aliases(db: Database, source_id: int, others: Mapping[str, str]) -> None:
    async with db.write() as connection:
        for batch in batches(list(others)):
            ids = await _articles_of(connection, source_id, [others[alias] for alias in batch])
            named = {alias: ids[others[alias]] for alias in batch if others[alias] in ids}
            await _add(connection, source_id, named)


async def name_article(connection: AsyncConnection, source_id: int, article_id: int, names: Iterable[str]) -> None:
    """A name that another article has stays that one's."""
    await _add(connection, source_id, dict.fromkeys(names, article_id))


async def _articles_of(connection: AsyncConnection, source_id: int, names: Sequence[str]) -> dict[str, int]:
    having = select(aliases.c.alias, aliases.c.article_id)
    having = having.where(aliases.c.source_id == source_id, aliases.c.alias.in_(names))
    return {row.alias: row.article_id for row in await connection.execute(having)}


async def _add(connection: AsyncConnection, source_id: int, named: Mapping[str, int]) -> None:
    rows = [{"source_id": source_id, "alias": name, "article_id": number} for name, number in named.items()]
    if rows:
        await connection.execute(insert_into(connection, aliases).values(rows).on_conflict_do_nothing())
