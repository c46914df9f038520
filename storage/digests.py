"""Digests: claimed with what they fold, and settled; and what was held until quiet hours end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, and_, bindparam, case, exists, func, literal, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    DigestDue,
    DigestEntry,
    DigestKind,
    DigestSettlement,
    NotificationState,
    Settlement,
    Story,
    Subscription,
)
from storage.chats import take_along
from storage.claims import IS_BOUND_KEY, bound_key
from storage.columns import Time
from storage.editions import key_of, read_sequels
from storage.engine import Database
from storage.followed import followed_topics
from storage.people import SUBSCRIBER_COLUMNS, as_subscriber, read_plans
from storage.records import NOTIFICATION_COLUMNS, Record, as_notification, batches, insert_into, plain_reason
from storage.schema import digests, muted_stories, notifications, stories, subscribers
from storage.stories import read_sections, read_stories
from storage.wholes import IS_IN_PARTS, folded_once, whole_of
from storage.wishes import DIGEST_KEY

_ENTRIES: Final = 200
"""In one digest at most: several times what a message holds."""

_IS_HELD: Final = notifications.c.state == literal(NotificationState.HELD.value, literal_execute=True)
"""Spelled into the statement, not bound: only so can SQLite see that the partial index fits."""


async def claim_digests(db: Database, owner: str, limit: int, now: datetime, lease: timedelta) -> tuple[DigestDue, ...]:
    """Whatever state its subscriber is in. One more is claimed of a subscriber when the one before is settled."""
    async with db.write() as connection:
        found = await connection.execute(_SELECT_DUE, {"now": now, "at_most": limit})
        first = {row.subscriber_id: row for row in reversed(found.all())}
        leased = [row for row in reversed(first.values()) if await _lease(connection, row, owner, now, now + lease)]
        if not leased:
            return ()
        ids = [row.subscriber_id for row in leased]
        entries, plans = await _entries(connection, ids, now), await read_plans(connection, ids)
        return tuple(
            DigestDue(
                kind=DigestKind(row.kind),
                subscriber=as_subscriber(row, row.subscriber_id, plans, now),
                due_at=row.next_at,
                entries=entries.get(row.subscriber_id, ()),
                unknown_outcomes=row.unknown_outcomes,
            )
            for row in leased
        )


def _is_free() -> Any:
    return or_(digests.c.lease_until.is_(None), digests.c.lease_until <= bindparam("now", type_=Time))


_other = digests.alias("other")
_NOTHING_UNDER_WAY: Final = ~exists().where(
    _other.c.subscriber_id == digests.c.subscriber_id,
    _other.c.lease_until.is_not(None),
    _other.c.lease_until > bindparam("now", type_=Time),
)
_SELECT_DUE: Final = (
    select(digests.c.subscriber_id, digests.c.kind, digests.c.next_at, digests.c.unknown_outcomes, *SUBSCRIBER_COLUMNS)
    .join(subscribers, subscribers.c.id == digests.c.subscriber_id)
    .where(digests.c.next_at <= bindparam("now", type_=Time), _is_free(), _NOTHING_UNDER_WAY)
    .order_by(digests.c.next_at, digests.c.subscriber_id, digests.c.kind)
    .limit(bindparam("at_most", type_=Integer))
    # PostgreSQL: one claim at a time looks at a subscriber, and it looks again when it leases.
    .with_for_update(of=subscribers, skip_locked=True)
)
_LEASE: Final = (
    update(digests)
    .where(
        digests.c.subscriber_id == bindparam("whose"),
        digests.c.kind == bindparam("of_kind"),
        _is_free(),
        _NOTHING_UNDER_WAY,
    )
    .values(lease_owner=bindparam("new_owner"), lease_until=bindparam("new_until"))
    .returning(digests.c.kind)
)


async def _lease(connection: AsyncConnection, row: Record, owner: str, now: datetime, until: datetime) -> bool:
    values = {"whose": row.subscriber_id, "of_kind": row.kind, "now": now, "new_owner": owner, "new_until": until}
    return (await connection.execute(_LEASE, values)).one_or_none() is not None


# --- what a digest folds -------------------------------------------------------------------------------------------


async def _entries(
    connection: AsyncConnection, subscriber_ids: Sequence[int], now: datetime
) -> Mapping[int, tuple[DigestEntry, ...]]:
    held = (await connection.execute(_SELECT_HELD, {"subscribers": subscriber_ids, "at_most": _ENTRIES})).all()
    rows = await folded_once(connection, held, now)
    told = await read_stories(connection, {row.story_id for row in rows}, to_tell=True)
    wholes = {row.whole for row in rows}
    sections = await read_sections(connection, wholes)
    followed: Mapping[tuple[int, int], tuple[Subscription, ...]] = {}
    for batch in batches(rows):
        followed = {**followed, **await followed_topics(connection, [(row.subscriber_id, row.whole) for row in batch])}
    sequels = await read_sequels(connection, rows, told)
    found: defaultdict[int, tuple[DigestEntry, ...]] = defaultdict(tuple)
    for row in rows:
        sequel = sequels.get(key_of(row))
        story = sequel.story if sequel else told[row.story_id]
        under = _topic_for(row, story, followed.get((row.subscriber_id, row.whole), ()), now)
        if under is not None:
            notification = replace(as_notification(row), topic_id=under.topic.id)
            entry = DigestEntry(
                notification=notification,
                topic=under.topic,
                story=story,
                section=sections.get(row.whole),
                superseded=sequel is not None and sequel.superseded,
            )
            found[row.subscriber_id] += (entry,)
    return found


def _topic_for(row: Record, story: Story, followed: Sequence[Subscription], now: datetime) -> Subscription | None:
    """The topic under which it was held, if they still want it there, or another of theirs."""
    wanted = [
        each for each in followed if each.level <= story.level and (each.muted_until is None or each.muted_until <= now)
    ]
    return next((each for each in wanted if each.topic.id == row.topic_id), wanted[0] if wanted else None)


_whole: Final = stories.alias("whole")
_rank = func.row_number().over(
    partition_by=notifications.c.subscriber_id,
    order_by=(_whole.c.level.desc(), _whole.c.score.desc(), stories.c.id.desc()),
)
_muted = exists().where(
    muted_stories.c.story_id == _whole.c.id,
    muted_stories.c.subscriber_id == notifications.c.subscriber_id,
)
_HELD: Final = (
    select(*NOTIFICATION_COLUMNS, _whole.c.id.label("whole"), IS_IN_PARTS.label("is_in_parts"), _rank.label("rank"))
    .select_from(notifications)
    .join(stories, stories.c.id == notifications.c.story_id)
    .join(_whole, _whole.c.id == whole_of(stories))
    .where(_IS_HELD, notifications.c.subscriber_id.in_(bindparam("subscribers", expanding=True)), ~_muted)
    .subquery("held")
)
_SELECT_HELD: Final = (
    select(_HELD)
    .where(_HELD.c.rank <= bindparam("at_most", type_=Integer))
    .order_by(_HELD.c.subscriber_id, _HELD.c.rank)
)


# --- settle --------------------------------------------------------------------------------------------------------


async def settle_digests(db: Database, owner: str, settlements: Sequence[DigestSettlement]) -> None:
    if not settlements:
        return
    async with db.write() as connection:
        for each in settlements:
            settled = await connection.execute(_SETTLE, _settled(owner, each))
            if settled.one_or_none() is not None:
                await _settle_entries(connection, each)
                await take_along(connection, each.subscriber_id, each.chat_id, gone=each.gone)


def _settled(owner: str, settlement: DigestSettlement) -> dict[str, Any]:
    return {
        "whose": settlement.subscriber_id,
        "of_kind": settlement.kind.value,
        "owner": owner,
        "new_next_at": settlement.next_at,
        "outcomes": settlement.unknown_outcomes,
    }


_is_morning = digests.c.kind == DigestKind.MORNING.value
_SETTLE: Final = (
    update(digests)
    .where(
        digests.c.subscriber_id == bindparam("whose"),
        digests.c.kind == bindparam("of_kind"),
        digests.c.lease_owner == bindparam("owner"),
    )
    .values(
        next_at=case(
            # It was planned anew, or something was held for another morning, while this issue was on its way.
            (digests.c.next_at > digests.c.lease_until, digests.c.next_at),
            # The plan was dropped meanwhile.
            (and_(digests.c.next_at.is_(None), ~_is_morning), null()),
            else_=bindparam("new_next_at", type_=Time),
        ),
        unknown_outcomes=bindparam("outcomes"),
        lease_owner=None,
        lease_until=None,
    )
    .returning(digests.c.kind)
)


async def _settle_entries(connection: AsyncConnection, settlement: DigestSettlement) -> None:
    told = [
        bound_key(each)
        | {
            "under": each.topic_id,
            "new_state": each.state.value,
            "new_reason": plain_reason(each.reason),
            "new_due_at": each.due_at,
            "message": each.message_id,
        }
        for each in settlement.told
    ]
    if told:
        await connection.execute(_SETTLE_ENTRY, told)


_SETTLE_ENTRY: Final = (
    update(notifications)
    .where(IS_BOUND_KEY, notifications.c.state == NotificationState.HELD.value)  # many at once take no `_IS_HELD`
    .values(
        topic_id=bindparam("under"),
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        due_at=bindparam("new_due_at"),
        message_id=bindparam("message"),
    )
)


# --- catch up ------------------------------------------------------------------------------------------------------


async def catch_up(connection: AsyncConnection, settlements: Collection[Settlement]) -> None:
    """Let a morning digest be due for what was held; an earlier one stays, unless it's on its way already."""
    planned = [
        {"whose": each.notification.subscriber_id, "new_next_at": each.catch_up_at}
        for each in settlements
        if each.catch_up_at is not None
    ]
    if not planned:
        return
    values = {
        "subscriber_id": subscribers.c.id,
        "kind": literal(DigestKind.MORNING.value),
        "next_at": bindparam("new_next_at", type_=Time),
        "unknown_outcomes": literal(0),
    }
    there = select(*values.values()).where(subscribers.c.id == bindparam("whose"))  # not forgotten meanwhile
    new = insert_into(connection, digests).from_select(list(values), there)
    earlier = and_(digests.c.next_at <= new.excluded.next_at, digests.c.lease_owner.is_(None))
    at = {"next_at": case((earlier, digests.c.next_at), else_=new.excluded.next_at)}
    await connection.execute(new.on_conflict_do_update(index_elements=DIGEST_KEY, set_=at), planned)
