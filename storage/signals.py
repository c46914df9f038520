"""Signals of importance: what is measured of articles again and again, and what all of it together teaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import History, OwnerRecord, Reading, Signal, SignalKind
from storage.engine import Database
from storage.records import Record, as_archived, batches, insert_into, select_archived
from storage.schema import articles, signals, sources, stories

_FRONT_PAGE_INTEREST: Final = timedelta(hours=72)
"""Articles seen longer ago than this get no position: their stories' importance is decided."""

_BANDS: Final = (1, 3, 10, 30)
"""Places of the front page within which a move is not worth a line of the log: one article more at the top moves all
the others, several times an hour."""


async def add_signals(connection: AsyncConnection, found: Sequence[tuple[int, Signal]]) -> None:
    """Signals of articles (by id); of two of a kind at one moment the later one stays."""
    rows = [
        {"article_id": article_id, "kind": signal.kind.value, "at": signal.at, "value": signal.value}
        for article_id, signal in found
    ]
    if rows:
        new = insert_into(connection, signals)
        value = {"value": new.excluded.value}
        await connection.execute(new.on_conflict_do_update(index_elements=signals.primary_key, set_=value), rows)


# --- view counters -------------------------------------------------------------------------------------------------


async def due_readings(db: Database, source_id: int, now: datetime, limit: int) -> tuple[Reading, ...]:
    due = (
        select_archived()
        .where(articles.c.source_id == source_id, articles.c.read_again_at <= now, articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.read_again_at, articles.c.id)
        .limit(limit)
    )
    async with db.read() as connection:
        return tuple(
            Reading(article=as_archived(row).article, was_missing=row.missing_since is not None)
            for row in await connection.execute(due)
        )


async def note_views(
    db: Database, article_id: int, views: int | None, now: datetime, again_at: datetime | None
) -> int | None:
    read = {} if views is None else {"views": views, "views_at": now}
    found = update(articles).where(articles.c.id == article_id).values(read_again_at=again_at, **read)
    async with db.write() as connection:
        story_id = await connection.scalar(found.returning(articles.c.story_id))
        if story_id is None or views is None:
            return None
        await add_signals(connection, [(article_id, Signal(kind=SignalKind.VIEWS, at=now, value=views))])
        return int(story_id)


# --- positions on the front page -----------------------------------------------------------------------------------


async def note_positions(db: Database, source_id: int, keys: Sequence[str], now: datetime) -> tuple[int, ...]:
    """Every change counts: into the page, out of it, or to another place on it. The log leaves out small moves."""
    places = {key: place for place, key in reversed(list(enumerate(keys)))}
    async with db.write() as connection:
        concerned = await _concerned(connection, source_id, list(places), now - _FRONT_PAGE_INTEREST)
        moved = [(row, place) for row in concerned if (place := places.get(row.key)) != row.position]
        if moved:
            await connection.execute(_MOVE, [_move(row, place, now) for row, place in moved])
        logged = [(row.id, place) for row, place in moved if _band(place) != _band(row.position)]
        await add_signals(
            connection, [(id_, Signal(kind=SignalKind.POSITION, at=now, value=place)) for id_, place in logged]
        )
        return tuple(dict.fromkeys(row.story_id for row, _ in moved))


def _move(row: Record, place: int | None, now: datetime) -> dict[str, object]:
    stays = place is not None and row.position is not None
    since = row.front_since if stays else None if place is None else now
    # its time there goes on while it moves
    return {"article_id": row.id, "place": place, "changed_at": now, "since": since}


def _band(place: int | None) -> int | None:
    return None if place is None else sum(place >= band for band in _BANDS)


async def _concerned(
    connection: AsyncConnection, source_id: int, keys: Sequence[str], since: datetime
) -> Sequence[Record]:
    """Articles of the source that stand on its page now, or stood there last time."""
    columns = select(articles.c.id, articles.c.key, articles.c.story_id, articles.c.position, articles.c.front_since)
    ours = columns.where(articles.c.source_id == source_id)
    rows = list(await connection.execute(ours.where(articles.c.position.is_not(None))))
    arrived = ours.where(articles.c.position.is_(None), articles.c.seen_at >= since)
    for batch in batches(keys):
        rows.extend(await connection.execute(arrived.where(articles.c.key.in_(batch))))
    return sorted(rows, key=lambda row: row.id)


_MOVE: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article_id"))
    .values(position=bindparam("place"), position_at=bindparam("changed_at"), front_since=bindparam("since"))
)

# --- what the past teaches -----------------------------------------------------------------------------------------


async def history(db: Database, since: datetime, until: datetime) -> History:
    async with db.read() as connection:
        opened = select(stories.c.peak_score, stories.c.opened_at).where(
            stories.c.opened_at >= since, stories.c.opened_at < until, stories.c.merged_into.is_(None)
        )
        scored = (await connection.execute(opened)).all()
        return History(
            peaks=tuple(row.peak_score for row in scored),
            since=min((row.opened_at for row in scored), default=None),
            owners=await _owners(connection, since, until),
        )


async def _owners(connection: AsyncConnection, since: datetime, until: datetime) -> tuple[OwnerRecord, ...]:
    of_owner = (await connection.execute(_articles_of(since))).all()
    carried: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in await connection.execute(_carried_by(since, until)):
        carried[row.owner][row.others] = row.stories
    return tuple(
        OwnerRecord(owner=row.owner, carried=carried[row.owner], articles=row.articles, urgent=row.urgent)
        for row in of_owner
    )


def _articles_of(since: datetime) -> Select[Any]:
    """Each owner's articles seen since then, today's included: an owner's first day already shows how it marks."""
    marked = and_(signals.c.article_id == articles.c.id, signals.c.kind == SignalKind.URGENT.value)
    return (
        select(sources.c.owner, func.count().label("articles"), func.count(signals.c.at).label("urgent"))
        .select_from(articles.join(sources, sources.c.id == articles.c.source_id).outerjoin(signals, marked))
        .where(articles.c.seen_at >= since)
        .group_by(sources.c.owner)
        .order_by(sources.c.owner)
    )


def _carried_by(since: datetime, until: datetime) -> Select[Any]:
    """Each owner's stories that opened then, counted by how many other owners carried them."""
    pairs = (
        select(articles.c.story_id, sources.c.owner)
        .distinct()
        .select_from(
            stories.join(articles, articles.c.story_id == stories.c.id).join(
                sources, sources.c.id == articles.c.source_id
            )
        )
        .where(stories.c.opened_at >= since, stories.c.opened_at < until)
        .subquery()
    )
    others = (func.count().over(partition_by=pairs.c.story_id) - 1).label("others")
    counted = select(pairs.c.owner, others).subquery()
    grouped = select(counted.c.owner, counted.c.others, func.count().label("stories"))
    return grouped.group_by(counted.c.owner, counted.c.others)
