"""A story and those that have become part of it: what an id means now, and that a reader is told of them once.

A part keeps what was done in its name: its notifications, its editions, and the article that tells it. Nothing of that
moves when stories merge, so nothing can be lost on the way, however many were told. Whoever looks at what a reader has
of a story looks at the whole with all its parts.

Rows are locked in one order by all who write (PostgreSQL): dispatches, stories by id, articles, what hangs on them.
Notifications are never waited for while a story is held. Should two wait for each other all the same, one of them is
tried again (`storage.engine.whole`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import NamedFromClause

from bot.model import NotificationKind, NotificationState
from storage.records import TOLD, Record, batches
from storage.schema import digests, notifications, stories

# --- what an id means now ------------------------------------------------------------------------------------------


class Hold(Enum):
    """What others may do to the stories until the transaction ends; on SQLite there is one writer anyway."""

    NOT = "anything"
    STILL = "neither merge nor change them"
    TO_CHANGE = "not even hold them still"


_LOCKS: Final[Mapping[Hold, Mapping[str, bool]]] = {Hold.STILL: {"read": True}, Hold.TO_CHANGE: {"key_share": True}}
"""FOR SHARE, and FOR NO KEY UPDATE, which lets a fan-out go on adding notifications."""


async def merged(connection: AsyncConnection, story_ids: Iterable[int], hold: Hold = Hold.NOT) -> Mapping[int, int]:
    """Those of the stories that are part of another one now, and of which."""
    found: dict[int, int] = {}
    for batch in batches(sorted(set(story_ids))):
        query = select(stories.c.id, stories.c.merged_into).where(stories.c.id.in_(batch))
        rows = await connection.execute(held(query, hold))
        found.update({row.id: row.merged_into for row in rows if row.merged_into is not None})
    return found


def held(query: Select[Any], hold: Hold) -> Select[Any]:
    """The query of stories, in the order in which they are locked."""
    return query if hold is Hold.NOT else query.order_by(stories.c.id).with_for_update(of=stories, **_LOCKS[hold])


async def current(connection: AsyncConnection, story_id: int, hold: Hold = Hold.NOT) -> int:
    """The story's id, or that of the one it is part of; both are held."""
    whole = (await merged(connection, [story_id], hold)).get(story_id, story_id)
    return whole if whole == story_id or hold is Hold.NOT else await current(connection, whole, hold)


async def with_parts(connection: AsyncConnection, story_ids: Collection[int], hold: Hold = Hold.NOT) -> dict[int, int]:
    """The stories, which are wholes, and their parts: each with the id of its whole."""
    query = select(stories.c.id, whole_of(stories).label("whole"))
    query = query.where(or_(stories.c.id.in_(story_ids), stories.c.merged_into.in_(story_ids)))
    return {row.id: row.whole for row in await connection.execute(held(query, hold))}


def whole_of(story: Any) -> ColumnElement[int]:
    """The same within a statement, of a row of `stories`."""
    return func.coalesce(story.c.merged_into, story.c.id)


_part: Final = stories.alias("part")
IS_IN_PARTS: Final[ColumnElement[bool]] = or_(
    stories.c.merged_into.is_not(None), exists().where(_part.c.merged_into == stories.c.id)
)
"""Of a row of `stories`: that it is part of another, or has parts."""


# --- what a reader has of it ---------------------------------------------------------------------------------------

COUNTS: Final = (*TOLD, NotificationState.DUE.value, NotificationState.HELD.value)
"""States of what has reached, or is to reach, the reader. What was skipped keeps nobody from being told."""


def has_of(story_ids: Collection[int], subscriber_id: Any, table: NamedFromClause) -> ColumnElement[bool]:
    """Within a statement: whether the subscriber was told one of the stories, or is going to be. By the primary key."""
    return exists().where(
        table.c.story_id.in_(story_ids),
        table.c.subscriber_id == subscriber_id,
        table.c.kind == NotificationKind.PUSH.value,
        table.c.state.in_(COUNTS),
    )


async def told_once(connection: AsyncConnection, rows: Sequence[Record], now: datetime) -> list[Record]:
    """Of due notifications that are about to be leased, a reader's one: those that are to be told.

    One that the reader has under another id of the story gives way. It's this one that does if that one was told, or is
    just being told by a digest.
    """
    found = await _all_they_have(connection, rows, now)
    wanted, needless = [], []
    for row in rows:
        theirs = found.get(_of_whom(row), ()) if _is_push(row) else ()
        if theirs is None:
            continue  # its turn comes again
        others = [other for other in theirs if other.story_id != row.story_id]
        if any(other.is_further for other in others):
            needless.append(row)
        else:
            wanted.append(row)
            needless += others
    await _forget(connection, needless)
    return wanted


async def folded_once(connection: AsyncConnection, rows: Sequence[Record], now: datetime) -> list[Record]:
    """The same of what is held and about to be folded, best first: it gives way to what was told, is due, or stands
    before it."""
    found = await _all_they_have(connection, rows, now)
    folded, needless, seen = [], [], set()
    for row in rows:
        whom = _of_whom(row)
        theirs = found.get(whom, ()) if _is_push(row) else ()
        if theirs is None:
            continue
        if theirs and (whom in seen or any(other.state != NotificationState.HELD for other in theirs)):
            needless.append(row)
        else:
            folded.append(row)
            seen.add(whom)
    await _forget(connection, needless)
    return folded


_Whom = tuple[int, int]
"""A whole story's id and a subscriber's."""


def _of_whom(row: Record) -> _Whom:
    return row.whole, row.subscriber_id


def _is_push(row: Record) -> bool:
    return bool(row.kind == NotificationKind.PUSH)


async def _all_they_have(
    connection: AsyncConnection, rows: Sequence[Record], now: datetime
) -> Mapping[_Whom, Sequence[Record] | None]:
    """What the rows' readers have of stories that are in parts, told, due or held, the rows themselves included.

    None: something of it is just being changed by another transaction (PostgreSQL). It is never waited for: that one
    may wait for us.
    """
    concerned = [row for row in rows if row.is_in_parts and _is_push(row)]
    if not concerned:
        return {}
    parts = await with_parts(connection, {row.whole for row in concerned})
    theirs = (
        select(
            *notifications.primary_key,
            notifications.c.state,
            case((notifications.c.state.in_(TOLD), True), else_=_is_folded(now)).label("is_further"),
        )
        .where(
            notifications.c.story_id.in_(parts),
            notifications.c.subscriber_id.in_({row.subscriber_id for row in concerned}),
            notifications.c.kind == NotificationKind.PUSH.value,
            notifications.c.state.in_(COUNTS),
        )
        .order_by(notifications.c.story_id, notifications.c.subscriber_id)
    )
    known = (await connection.execute(theirs)).all()
    free = (await connection.execute(theirs.with_for_update(of=notifications, skip_locked=True))).all()
    found: dict[_Whom, Sequence[Record] | None] = {(row.whole, row.subscriber_id): () for row in concerned}
    by_whom: defaultdict[_Whom, list[Record]] = defaultdict(list)
    for row in free:
        by_whom[parts[row.story_id], row.subscriber_id].append(row)
    busy = {tuple(row[:4]) for row in known} - {tuple(row[:4]) for row in free}
    found.update(by_whom)
    found.update({(parts[story_id], subscriber_id): None for story_id, subscriber_id, *_ in busy})
    return found


def _is_folded(now: datetime) -> ColumnElement[bool]:
    under_way = exists().where(digests.c.subscriber_id == notifications.c.subscriber_id, digests.c.lease_until > now)
    return and_(notifications.c.state == NotificationState.HELD.value, under_way)


async def _forget(connection: AsyncConnection, needless: Sequence[Record]) -> None:
    """The reader has, or gets, the story by another one."""
    if needless:
        names = {f"the_{column.name}": column.name for column in notifications.primary_key}
        keys = [{bound: row._mapping[name] for bound, name in names.items()} for row in needless]
        await connection.execute(_FORGET, keys)


_FORGET: Final = delete(notifications).where(
    *(column == bindparam(f"the_{column.name}") for column in notifications.primary_key)
)
