"""What stands in a bot's database, read from outside while it runs or after it died."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

IN_FLIGHT = (
    "SELECT s.chat_id, a.title FROM notifications n JOIN subscribers s ON s.id = n.subscriber_id "
    "JOIN stories ON stories.id = n.story_id "
    "JOIN articles a ON a.story_id = coalesce(stories.merged_into, stories.id) "
    "WHERE n.state = 'due' AND n.lease_owner IS NOT NULL"
)
OPEN = (
    "SELECT (SELECT count(*) FROM notifications WHERE state = 'due') "
    "+ (SELECT count(*) FROM dispatches WHERE done_at IS NULL) "
    "+ (SELECT count(*) FROM editions WHERE done_at IS NULL)"
)
UNFOLDED = (
    "SELECT (SELECT count(*) FROM notifications WHERE state = 'held') "
    "+ (SELECT count(*) FROM digests WHERE lease_owner IS NOT NULL)"
)
FOLLOWED = (
    "SELECT 1 FROM subscriptions JOIN subscribers ON subscribers.id = subscriptions.subscriber_id WHERE chat_id = ?"
)


def rows(database: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query, values).fetchall()


def in_flight(database: Path) -> set[tuple[object, ...]]:
    """(chat id, title) of what is claimed and not settled; after a kill, that which may be told again."""
    return set(rows(database, IN_FLIGHT))


def is_settled(database: Path) -> bool:
    """Whether nothing is left to expand, send or settle."""
    return rows(database, OPEN) == [(0,)]


async def settled(database: Path, within: float = 15) -> None:
    """Returns when nothing is left to expand, send or settle. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not is_settled(database):  # noqa: ASYNC110 - the database of another process sets no event
            await asyncio.sleep(0.02)


async def folded(database: Path, within: float = 15) -> None:
    """Returns when nothing is held any more and no digest is under way. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while rows(database, UNFOLDED) != [(0,)]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


def follows(database: Path, chat_id: int) -> bool:
    return bool(rows(database, FOLLOWED, chat_id))
