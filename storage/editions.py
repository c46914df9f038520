"""What is told of a story after its first message: follow-ups and corrections, numbered, and their fan-out.

An edition goes to whoever got the first message as one of its own: who read the story in a digest is told no more of
it. A follow-up only adds to what was told before it; a correction also reaches those whom the message is on its way to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Edition, Level, NotificationKind, NotificationState, Reason, Story
from storage.columns import Time
from storage.engine import Database
from storage.records import CORRECTIONS, Record, as_reason, insert_into, plain_reason
from storage.schema import editions, notifications, subscribers
from storage.stories import read_tellings
from storage.tellings import was_told
from storage.wholes import current, with_parts

FOLLOW_UPS: Final = 3
"""A story, at most: who wants to know more reads on."""
FOLLOW_UP_EVERY: Final = timedelta(hours=1)
"""Between two follow-ups of a story; what comes sooner waits, and tells the latest when its time comes."""
MOST_CORRECTIONS: Final = 5
"""A story, withdrawals aside: a newsroom that tries out headlines all day must not keep the sender busy."""

_PRIORITIES: Final = {
    NotificationKind.FOLLOW_UP: Level.BREAKING - Level.ROUTINE,
    NotificationKind.CORRECTION: CORRECTIONS,
}


# --- collect adds them ---------------------------------------------------------------------------------------------


async def add_follow_up(
    connection: AsyncConnection, story_id: int, article_id: int | None, adds: Reason, now: datetime
) -> None:
    """Told by the article, or by the headline article if there is none, to whoever was told the story or a part of it:
    each has follow-ups of its own."""
    for part in sorted(await with_parts(connection, [story_id])):
        if await was_told(connection, [part]):
            await _follow_up(connection, part, article_id, adds, now)


async def _follow_up(
    connection: AsyncConnection, story_id: int, article_id: int | None, adds: Reason, now: datetime
) -> None:
    """The last of a story's follow-ups is kept up to date as long as it waits for its time."""
    last = await _last(connection, story_id, NotificationKind.FOLLOW_UP)
    if last is not None and last.due_at > now:
        told = {"article_id": article_id, "reason": plain_reason(adds), "created_at": now}
        await connection.execute(update(editions).where(_is(last)).values(told))
    elif last is None or last.edition < FOLLOW_UPS:
        due_at = now if last is None else max(now, last.due_at + FOLLOW_UP_EVERY)
        new = Edition(
            story_id=story_id,
            kind=NotificationKind.FOLLOW_UP,
            edition=1 if last is None else last.edition + 1,
            due_at=due_at,
        )
        await _add(connection, new, now, article_id=article_id, adds=adds)


async def add_correction(connection: AsyncConnection, story_id: int, now: datetime, *, withdrawn: bool = False) -> None:
    """Tell the story, or this part of one, as it is now. One that has not begun yet will do that anyway."""
    last = await _last(connection, story_id, NotificationKind.CORRECTION)
    number = 1 if last is None else last.edition + 1
    if last is not None and last.done_at is None and last.cursor == 0:
        return
    if (withdrawn or number <= MOST_CORRECTIONS) and await was_told(connection, [story_id]):
        new = Edition(story_id=story_id, kind=NotificationKind.CORRECTION, edition=number, due_at=now)
        await _add(connection, new, now)


async def _last(connection: AsyncConnection, story_id: int, kind: NotificationKind) -> Record | None:
    theirs = select(editions).where(editions.c.story_id == story_id, editions.c.kind == kind.value)
    return (await connection.execute(theirs.order_by(editions.c.edition.desc()).limit(1))).one_or_none()


def _is(edition: Edition | Record) -> ColumnElement[bool]:
    return and_(
        editions.c.story_id == edition.story_id,
        editions.c.kind == str(edition.kind),
        editions.c.edition == edition.edition,
    )


async def _add(
    connection: AsyncConnection,
    edition: Edition,
    now: datetime,
    *,
    article_id: int | None = None,
    adds: Reason | None = None,
) -> None:
    values = {
        "story_id": edition.story_id,
        "kind": edition.kind.value,
        "edition": edition.edition,
        "article_id": article_id,
        "reason": plain_reason(adds),
        "created_at": now,
        "due_at": edition.due_at,
        "cursor": 0,
    }
    await connection.execute(insert(editions).values(values))


# --- deliver expands them ------------------------------------------------------------------------------------------


async def open_editions(db: Database, now: datetime, limit: int) -> tuple[Edition, ...]:
    query = select(editions).where(editions.c.done_at.is_(None), editions.c.due_at <= now)
    query = query.order_by(editions.c.due_at, editions.c.story_id, editions.c.kind, editions.c.edition).limit(limit)
    async with db.read() as connection:
        return tuple(_as_edition(row) for row in await connection.execute(query))


def _as_edition(row: Record) -> Edition:
    return Edition(
        story_id=row.story_id,
        kind=NotificationKind(row.kind),
        edition=row.edition,
        due_at=row.due_at,
        cursor=row.cursor,
    )


async def expand_edition(db: Database, edition: Edition, chunk: int, now: datetime) -> int:
    """Goes on from the stored cursor, whatever `edition.cursor` says."""
    async with db.write() as connection:
        unfinished = select(editions).where(_is(edition), editions.c.done_at.is_(None)).with_for_update()
        stored = (await connection.execute(unfinished)).one_or_none()
        if stored is None:
            return 0
        last, looked_at = await _window(connection, stored.story_id, stored.cursor, chunk)
        if looked_at:
            await _notify(connection, stored, last, now)
        done_at = now if looked_at < chunk else None
        await connection.execute(update(editions).where(_is(edition)).values(cursor=last, done_at=done_at))
        return looked_at


def _first_messages(story_id: int) -> tuple[ColumnElement[bool], ...]:
    return notifications.c.story_id == story_id, notifications.c.kind == NotificationKind.PUSH.value


async def _window(connection: AsyncConnection, story_id: int, cursor: int, chunk: int) -> tuple[int, int]:
    """The last subscriber id of the story's next `chunk` notifications, and how many there are."""
    following = select(notifications.c.subscriber_id).where(
        *_first_messages(story_id), notifications.c.subscriber_id > cursor
    )
    window = following.order_by(notifications.c.subscriber_id).limit(chunk).subquery()
    row = (await connection.execute(select(func.max(window.c.subscriber_id).label("last"), func.count()))).one()
    return row.last or cursor, row.count


async def _notify(connection: AsyncConnection, edition: Record, last: int, now: datetime) -> None:
    """Those behind the edition's cursor and up to `last` whom it concerns."""
    kind = NotificationKind(edition.kind)
    values = {
        "story_id": literal(edition.story_id),
        "subscriber_id": notifications.c.subscriber_id,
        "kind": literal(kind.value),
        "edition": literal(edition.edition),
        "topic_id": notifications.c.topic_id,
        "state": literal(NotificationState.DUE.value),
        "priority": literal(_PRIORITIES[kind]),
        "created_at": literal(now, Time),
        "due_at": literal(now, Time),
        "unknown_outcomes": literal(0),
    }
    sent = and_(notifications.c.message_id.is_not(None), notifications.c.reason.is_(None))  # a digest has a reason
    if kind is NotificationKind.FOLLOW_UP:
        before = notifications.c.due_at < edition.created_at  # what is sent is due when it was sent
        concerned = and_(sent, before, ~await _told_elsewhere(connection, edition))
    else:
        concerned = or_(sent, notifications.c.lease_owner.is_not(None))
    told = (
        select(*values.values())
        .join(subscribers, subscribers.c.id == notifications.c.subscriber_id)
        .where(
            *_first_messages(edition.story_id),
            notifications.c.subscriber_id > edition.cursor,
            notifications.c.subscriber_id <= last,
            concerned,
        )
        .order_by(notifications.c.subscriber_id)
        .with_for_update(key_share=True, read=True, of=subscribers)  # PostgreSQL: none is forgotten meanwhile
    )
    new = insert_into(connection, notifications).from_select(list(values), told)
    await connection.execute(new.on_conflict_do_nothing())


async def _told_elsewhere(connection: AsyncConnection, follow_up: Record) -> ColumnElement[bool]:
    """Whether the reader gets just that as a reply to an earlier story's message, of which this one is a part, too."""
    whole = await current(connection, follow_up.story_id)
    same = (
        editions.c.story_id.in_(await with_parts(connection, [whole])),
        editions.c.story_id < follow_up.story_id,
        editions.c.kind == follow_up.kind,
        editions.c.created_at == follow_up.created_at,
    )
    earlier = (await connection.scalars(select(editions.c.story_id).where(*same))).all()
    message = notifications.alias("message")
    return exists().where(
        message.c.story_id.in_(earlier),
        message.c.subscriber_id == notifications.c.subscriber_id,
        message.c.kind == NotificationKind.PUSH.value,
        message.c.message_id.is_not(None),
        message.c.reason.is_(None),
        message.c.due_at < follow_up.created_at,
    )


# --- and they are read back ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sequel:
    """What deciding and rendering need of a notification that is not the first of its story."""

    story: Story
    first_message_id: int | None
    superseded: bool
    adds: Reason | None


Key = tuple[int, int, str, int]
"""A notification's: story, subscriber, kind, edition."""


async def read_sequels(
    connection: AsyncConnection, rows: Iterable[Record], stories: Mapping[int, Story]
) -> Mapping[Key, Sequel]:
    """Of those rows that are no pushes; `stories` are all of theirs. Three statements, or none."""
    sequels = [row for row in rows if row.kind != NotificationKind.PUSH]
    if not sequels:
        return {}
    numbered = await _numbered(connection, {row.story_id for row in sequels})
    first = await _first_message_ids(connection, sequels)
    tellings = await read_tellings(connection, {each.article_id for each in numbered if each.article_id})
    editions_of = {(each.story_id, each.kind, each.edition): each for each in numbered}
    latest = {(each.story_id, each.kind): each.edition for each in numbered}
    found = {}
    for row in sequels:
        edition, story = editions_of.get((row.story_id, row.kind, row.edition)), stories[row.story_id]
        telling = tellings.get(edition.article_id) if edition else None
        found[key_of(row)] = Sequel(
            story=telling.of(story) if telling else story,
            first_message_id=first.get((row.story_id, row.subscriber_id)),
            superseded=row.edition < latest.get((row.story_id, row.kind), row.edition),
            adds=as_reason(edition.reason) if edition else None,
        )
    return found


def key_of(row: Record) -> Key:
    return row.story_id, row.subscriber_id, row.kind, row.edition


async def _numbered(connection: AsyncConnection, story_ids: Collection[int]) -> Sequence[Record]:
    """Every edition of the stories that has begun, the latest of each kind last."""
    begun = or_(editions.c.cursor > 0, editions.c.done_at.is_not(None))
    query = select(editions).where(editions.c.story_id.in_(story_ids), begun).order_by(editions.c.edition)
    return (await connection.execute(query)).all()


async def _first_message_ids(connection: AsyncConnection, rows: Collection[Record]) -> Mapping[tuple[int, int], int]:
    query = select(notifications.c.story_id, notifications.c.subscriber_id, notifications.c.message_id).where(
        notifications.c.story_id.in_({row.story_id for row in rows}),
        notifications.c.subscriber_id.in_({row.subscriber_id for row in rows}),
        notifications.c.kind == NotificationKind.PUSH.value,
        notifications.c.message_id.is_not(None),
        notifications.c.reason.is_(None),
    )
    return {(row.story_id, row.subscriber_id): row.message_id for row in await connection.execute(query)}
