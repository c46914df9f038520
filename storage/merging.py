"""Two stories turn out to be one: the younger becomes part of the older, with everything that hangs on it.

All of it is one transaction, the one that stores the article which brought them together: there is no moment at which a
reader's notification belongs to neither. Whoever was told either has been told the story; what is due or held goes on
as the kept story's. Ids that are out in the world (buttons under old messages, a push that is on its way, a score that
is being computed) go on meaning the kept story.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, and_, case, delete, exists, func, literal, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import NotificationKind, NotificationState
from storage.records import TOLD, batches, insert_into
from storage.schema import (
    articles,
    digests,
    dispatches,
    editions,
    muted_stories,
    notifications,
    stories,
    story_topics,
)

MOST: Final = 100_000
"""Notifications of the absorbed story, at most: moving so many takes SQLite half a second (PostgreSQL 0.8), in which
nobody else writes. The stories of more stay two."""


# --- what an id means now ------------------------------------------------------------------------------------------


async def merged(connection: AsyncConnection, story_ids: Iterable[int], *, to_write: bool = True) -> Mapping[int, int]:
    """Those of the stories that are part of another one now, and of which.

    `to_write`: on PostgreSQL no merge comes in between until the transaction ends.
    """
    found: dict[int, int] = {}
    for batch in batches(sorted(set(story_ids))):
        query = select(stories.c.id, stories.c.merged_into).where(stories.c.id.in_(batch))
        rows = await connection.execute(query.with_for_update(key_share=True, read=True) if to_write else query)
        found.update({row.id: row.merged_into for row in rows if row.merged_into is not None})
    return found


async def current(connection: AsyncConnection, story_id: int, *, to_write: bool = True) -> int:
    """The story's id, or that of the one it is part of."""
    return (await merged(connection, [story_id], to_write=to_write)).get(story_id, story_id)


# --- merging -------------------------------------------------------------------------------------------------------


async def absorb(connection: AsyncConnection, absorbed: int, kept: int) -> bool:
    """Make one story part of the other; False, and nothing happens, if they are one already or must stay two.

    Two stay: one that was withdrawn, for its readers were told so; and what too many have been told.
    """
    involved = (absorbed, kept)
    # A fan-out that is under way is let finish its chunk before anything else is locked: it waits for the stories.
    fan_outs = select(dispatches.c.story_id).where(dispatches.c.story_id.in_(involved)).with_for_update()
    await connection.execute(fan_outs)
    rows = await connection.execute(
        select(stories.c.id, stories.c.merged_into, stories.c.withdrawn_at)
        .where(stories.c.id.in_(involved))
        .order_by(stories.c.id)
        .with_for_update()
    )
    whole = [row.id for row in rows if row.merged_into is None and row.withdrawn_at is None]
    if sorted(involved) != whole or await _is_too_much(connection, absorbed):
        return False
    await _move_articles(connection, absorbed, kept)
    await _move_topics(connection, absorbed, kept)
    await _move_mutes(connection, absorbed, kept)
    await _move_editions(connection, absorbed, kept)
    await _move_notifications(connection, absorbed, kept)
    part = or_(stories.c.id == absorbed, stories.c.merged_into == absorbed)
    await connection.execute(update(stories).where(part).values(merged_into=kept))
    return True


async def _is_too_much(connection: AsyncConnection, absorbed: int) -> bool:
    told = select(notifications.c.subscriber_id).where(notifications.c.story_id == absorbed).limit(MOST + 1)
    counted = await connection.scalar(select(func.count()).select_from(told.subquery()))
    return (counted or 0) > MOST


async def _move_articles(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    await connection.execute(update(articles).where(articles.c.story_id == absorbed).values(story_id=kept))
    other = stories.alias("other")
    headline = (
        select(articles.c.published_at)
        .where(articles.c.story_id == kept, articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.id)
        .limit(1)
        .scalar_subquery()
    )

    def higher(name: str) -> ColumnElement[Any]:
        theirs = select(other.c[name]).where(other.c.id == absorbed).scalar_subquery()
        return case((theirs > stories.c[name], theirs), else_=stories.c[name])

    highest = {name: higher(name) for name in ("level", "peak_score", "last_at")}
    told = func.coalesce(headline, stories.c.published_at)
    await connection.execute(update(stories).where(stories.c.id == kept).values(published_at=told, **highest))


async def _move_topics(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    """The surer evidence stays. A dispatch that is open for either is open: who was told is found by what they have."""
    new = insert_into(connection, story_topics)
    surer = new.excluded.score > story_topics.c.score
    better = {name: new.excluded[name] for name in ("score", "because")}
    labelled = _as_of(kept, story_topics, absorbed)
    await connection.execute(
        new.from_select(list(labelled.selected_columns.keys()), labelled).on_conflict_do_update(
            index_elements=["story_id", "topic_id"], set_=better, where=surer
        )
    )
    again = insert_into(connection, dispatches)
    theirs_open, ours_open = again.excluded.done_at.is_(None), dispatches.c.done_at.is_(None)
    earlier = case((again.excluded.cursor < dispatches.c.cursor, again.excluded.cursor), else_=dispatches.c.cursor)
    cursor = case((and_(theirs_open, ours_open), earlier), else_=again.excluded.cursor)
    dispatched = _as_of(kept, dispatches, absorbed)
    await connection.execute(
        again.from_select(list(dispatched.selected_columns.keys()), dispatched).on_conflict_do_update(
            index_elements=["story_id", "topic_id", "level"],
            set_={"cursor": cursor, "done_at": None},
            where=theirs_open,
        )
    )
    await connection.execute(delete(story_topics).where(story_topics.c.story_id == absorbed))  # its dispatches, too


async def _move_mutes(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    muted = _as_of(kept, muted_stories, absorbed)
    new = insert_into(connection, muted_stories).from_select(list(muted.selected_columns.keys()), muted)
    await connection.execute(new.on_conflict_do_nothing())
    await connection.execute(delete(muted_stories).where(muted_stories.c.story_id == absorbed))


def _as_of(kept: int, table: Any, absorbed: int) -> Any:
    """The absorbed story's rows as the kept one's. `WHERE` also keeps SQLite from reading ON CONFLICT as a join."""
    columns = [literal(kept).label("story_id") if c.name == "story_id" else c for c in table.columns]
    return select(*columns).where(table.c.story_id == absorbed)


async def _move_editions(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    """Follow-ups and corrections are numbered behind the kept story's; what is on its way stays where it is."""
    counted = select(editions.c.story_id, editions.c.kind, func.max(editions.c.edition).label("last"))
    rows = await connection.execute(
        counted.where(editions.c.story_id.in_((absorbed, kept))).group_by(editions.c.story_id, editions.c.kind)
    )
    last = {(row.story_id, row.kind): row.last for row in rows}
    for kind in (NotificationKind.FOLLOW_UP, NotificationKind.CORRECTION):
        if (absorbed, kind.value) not in last:
            continue
        behind = last.get((kept, kind.value), 0)
        for table, free in ((editions, true()), (notifications, notifications.c.lease_owner.is_(None))):
            theirs = and_(table.c.story_id == absorbed, table.c.kind == kind.value, free)
            await connection.execute(
                update(table).where(theirs).values(story_id=kept, edition=table.c.edition + behind)
            )


# --- first messages ------------------------------------------------------------------------------------------------


async def _move_notifications(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    """Of two that a reader has, the one that's further stays; both, where both were told. What was skipped doesn't
    come along: the reader wasn't told."""
    ours = notifications.alias("ours")
    theirs = notifications.alias("theirs")
    further = and_(_is_push(theirs, absorbed), theirs.c.subscriber_id == notifications.c.subscriber_id)
    behind = exists().where(further, _how_far(theirs) > _how_far(notifications))
    await connection.execute(delete(notifications).where(_is_push(notifications, kept), behind))
    has_one = exists().where(_is_push(ours, kept), ours.c.subscriber_id == notifications.c.subscriber_id)
    of_use = and_(_is_push(notifications, absorbed), _how_far(notifications) > 0)
    await connection.execute(update(notifications).where(of_use, ~has_one).values(story_id=kept))
    await connection.execute(delete(notifications).where(of_use, notifications.c.state.not_in(TOLD)))


def _is_push(table: FromClause, story_id: int) -> ColumnElement[bool]:
    return and_(table.c.story_id == story_id, table.c.kind == NotificationKind.PUSH.value)


def _how_far(table: FromClause) -> ColumnElement[int]:
    """How close the reader is to having been told: told, being told, due, held, not at all."""
    due, held = (table.c.state == state.value for state in (NotificationState.DUE, NotificationState.HELD))
    folded = exists().where(digests.c.subscriber_id == table.c.subscriber_id, digests.c.lease_owner.is_not(None))
    return case(
        (table.c.state.in_(TOLD), 4),
        (and_(due, table.c.lease_owner.is_not(None)), 3),
        (and_(held, folded), 3),
        (due, 2),
        (held, 1),
        else_=0,
    )


def moved(keys: Collection[Mapping[str, Any]], into: Mapping[int, int]) -> list[Mapping[str, Any]]:
    """Bound values by notification (see `storage.claims.bound_key`), and again under the kept story's id where a first
    message may have moved there while it was on its way."""
    pushes = [key for key in keys if key["story"] in into and key["of_kind"] == NotificationKind.PUSH.value]
    return [*keys, *({**key, "story": into[key["story"]]} for key in pushes)]
