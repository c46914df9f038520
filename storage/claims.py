"""Claiming: which notifications are told next, and all that deciding and rendering need of them, read at that moment.

A claim is one transaction with a fixed number of statements, however many notifications it takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    Due,
    Level,
    Notification,
    NotificationKind,
    NotificationState,
    Reason,
    Story,
    Subscriber,
    Subscription,
    Topic,
)
from bot.ports import ALL_LEVELS, Levels
from storage.columns import Time
from storage.editions import Sequel, key_of, read_sequels
from storage.engine import Database
from storage.followed import followed_topics
from storage.people import (
    SUBSCRIBER_COLUMNS,
    SUBSCRIPTION_COLUMNS,
    TOPIC_COLUMNS,
    Plans,
    as_subscriber,
    as_subscription,
    read_plans,
)
from storage.records import (
    CORRECTIONS,
    IS_DUE,
    IS_SETTLED,
    NOTIFICATION_COLUMNS,
    Record,
    as_notification,
    as_topic,
    plain_reason,
)
from storage.schema import muted_stories, notifications, stories, subscribers, subscriptions, topics
from storage.stories import read_stories
from storage.wholes import IS_IN_PARTS, told_once, whole_of

_LOOKAHEAD: Final = 4
"""Claim reads this many times its limit, to find enough different subscribers behind one with a backlog."""
_NEEDLESS: Final = 8
"""How many limits of what nobody is to be told any more are cleared away in one claim, where two stories have merged
that many readers were due both of: far more than are told in that time, and no long transaction."""
_ROUNDS: Final = 4
"""How often it looks on behind those it has found, should they have filled all that was read."""


async def claim(
    db: Database, owner: str, limit: int, now: datetime, lease: timedelta, *, levels: Levels = ALL_LEVELS
) -> tuple[Due, ...]:
    """At most one notification a subscriber, and none to whom one is under way: no chat's backlog fills a batch."""
    async with db.write() as connection:
        rows = await _to_tell(connection, limit, now, levels)
        if not rows:
            return ()
        told = await read_stories(connection, {row.story_id for row in rows}, to_tell=True)
        plans = await read_plans(connection, [row.subscriber_id for row in rows])
        sequels = await read_sequels(connection, rows, told)
        leased = now, now + lease
        found = [_as_due(row, told[row.story_id], sequels.get(key_of(row)), plans, leased) for row in rows]
        found = await _under_a_topic_they_want(connection, found, now)
        wanted = await _with_what_was_sent(connection, [due for due in found if due.topic.id], now)
        await _skip(connection, [due.notification for due in found if not due.topic.id])
        await _lease(connection, wanted, owner, now + lease)
        return tuple(wanted)


# --- which ---------------------------------------------------------------------------------------------------------


async def _to_tell(connection: AsyncConnection, limit: int, now: datetime, levels: Levels) -> list[Record]:
    """Of what is due, what its readers don't have by another story that turned out to be the same."""
    for _ in range(_NEEDLESS):
        free = await _free(connection, limit, now, levels)
        rows = await told_once(connection, free, now)
        if rows or not free:
            return rows
    return []


async def _free(connection: AsyncConnection, limit: int, now: datetime, levels: Levels) -> list[Record]:
    found: list[Record] = []
    for _ in range(_ROUNDS):
        room = limit - len(found)
        values = {
            "now": now,
            "at_most": room,
            "already": [row.subscriber_id for row in found],
            "last_priority": CORRECTIONS if levels[0] is Level.ROUTINE else Level.BREAKING - levels[0],
            "first_priority": Level.BREAKING - levels[1],
        }
        rows = (await connection.execute(_SELECT_FREE, values)).all()
        found += rows
        if len(rows) in {0, room} or rows[0].looked_at < room * _LOOKAHEAD:
            break
    return found


def _in_order(table: FromClause) -> tuple[ColumnElement[Any], ...]:
    return table.c.priority, table.c.due_at, table.c.story_id, table.c.subscriber_id


_under_way = notifications.alias("under_way")
_ADDRESSEES: Final = select(_under_way.c.subscriber_id).where(
    _under_way.c.lease_owner.is_not(None), _under_way.c.lease_until > bindparam("now", type_=Time)
)

_FREE: Final = (
    select(*notifications.primary_key, notifications.c.priority, notifications.c.due_at)
    .where(
        IS_DUE,
        notifications.c.priority.between(
            bindparam("first_priority", type_=Integer), bindparam("last_priority", type_=Integer)
        ),
        notifications.c.due_at <= bindparam("now", type_=Time),
        or_(notifications.c.lease_until.is_(None), notifications.c.lease_until <= bindparam("now", type_=Time)),
        notifications.c.subscriber_id.not_in(_ADDRESSEES),
        notifications.c.subscriber_id.not_in(bindparam("already", expanding=True)),
    )
    .order_by(*_in_order(notifications))
    .limit(bindparam("at_most", type_=Integer) * _LOOKAHEAD)
    .with_for_update(skip_locked=True)  # PostgreSQL; on SQLite there is one writer at a time
    .subquery("free")
)

_turn = func.row_number().over(partition_by=_FREE.c.subscriber_id, order_by=_in_order(_FREE))
_IN_TURN: Final = select(_FREE, _turn.label("turn"), func.count().over().label("looked_at")).subquery("in_turn")

_SELECT_FREE: Final = (
    select(
        *NOTIFICATION_COLUMNS,
        *SUBSCRIBER_COLUMNS,
        *TOPIC_COLUMNS,
        *SUBSCRIPTION_COLUMNS,
        muted_stories.c.muted_at,
        whole_of(stories).label("whole"),
        IS_IN_PARTS.label("is_in_parts"),
        _IN_TURN.c.looked_at,
    )
    .select_from(_IN_TURN)
    .join(stories, stories.c.id == _IN_TURN.c.story_id)
    .join(notifications, and_(*(_IN_TURN.c[column.name] == column for column in notifications.primary_key)))
    .join(subscribers, subscribers.c.id == notifications.c.subscriber_id)
    .outerjoin(topics, topics.c.id == notifications.c.topic_id)
    .outerjoin(
        subscriptions,
        and_(
            subscriptions.c.topic_id == notifications.c.topic_id,
            subscriptions.c.subscriber_id == notifications.c.subscriber_id,
        ),
    )
    .outerjoin(
        muted_stories,
        and_(
            muted_stories.c.story_id == whole_of(stories),
            muted_stories.c.subscriber_id == notifications.c.subscriber_id,
        ),
    )
    .where(_IN_TURN.c.turn == 1)
    .order_by(*_in_order(_IN_TURN))
    .limit(bindparam("at_most", type_=Integer))
)


# --- what is known of them -----------------------------------------------------------------------------------------


def _as_due(row: Record, story: Story, sequel: Sequel | None, plans: Plans, leased: tuple[datetime, datetime]) -> Due:
    """`leased`: now, and until when. The topic's id is 0 if it has been deleted."""
    now, until = leased
    is_there = row.slug is not None or row.query is not None
    topic = as_topic(row, row.topic_id) if is_there else Topic()
    return Due(
        notification=as_notification(row, until),
        subscriber=as_subscriber(row, row.subscriber_id, plans, now),
        subscription=as_subscription(row, topic),
        topic=topic,
        story=sequel.story if sequel else story,
        story_muted=row.muted_at is not None,
        first_message_id=sequel.first_message_id if sequel else None,
        superseded=sequel is not None and sequel.superseded,
        adds=sequel.adds if sequel else None,
    )


async def _under_a_topic_they_want(connection: AsyncConnection, found: list[Due], now: datetime) -> list[Due]:
    """Whoever ended or muted the topic may follow the story under another."""
    unwanted = [due for due in found if not _wants(due.subscription, due.story, now) and not _is_correction(due)]
    if not unwanted:
        return found
    followed = await followed_topics(connection, [(due.subscriber.id, due.story.id) for due in unwanted])
    return [_under_another(due, followed.get((due.subscriber.id, due.story.id), ()), now) for due in found]


def _is_correction(due: Due) -> bool:
    """It changes a message that is there, under the topic that it names."""
    return due.notification.kind is NotificationKind.CORRECTION


def _under_another(due: Due, followed: Sequence[Subscription], now: datetime) -> Due:
    for other in followed:
        if _wants(other, due.story, now):
            told = replace(due.notification, topic_id=other.topic.id)
            return replace(due, notification=told, subscription=other, topic=other.topic)
    return due


def _wants(subscription: Subscription | None, story: Story, now: datetime) -> bool:
    if subscription is None or subscription.level > story.level:
        return False
    return subscription.muted_until is None or subscription.muted_until <= now


async def _with_what_was_sent(connection: AsyncConnection, found: Sequence[Due], now: datetime) -> list[Due]:
    """Read only for those who have a cap: it's all that asks."""
    capped = [due.subscriber for due in found if due.subscriber.daily_cap is not None]
    midnights = {subscriber.id: _midnight(subscriber, now) for subscriber in capped}
    sent = await _sent_since(connection, midnights)
    return [replace(due, sent_today=sent[due.subscriber.id]) if due.subscriber.id in sent else due for due in found]


def _midnight(subscriber: Subscriber, now: datetime) -> datetime:
    """When the subscriber's local day began. A time zone that this machine doesn't know counts as UTC."""
    zone: tzinfo
    try:
        zone = ZoneInfo(subscriber.time_zone)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of names
        zone = UTC
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


async def _sent_since(connection: AsyncConnection, midnights: Mapping[int, datetime]) -> Counter[int]:
    """Pushes below breaking by subscriber; what was sent has the time of sending in `due_at`."""
    if not midnights:
        return Counter()
    earliest = {"subscribers": list(midnights), "earliest": min(midnights.values())}
    rows = await connection.execute(_SELECT_SENT, earliest)
    return Counter(row.subscriber_id for row in rows if row.due_at >= midnights[row.subscriber_id])


_SELECT_SENT: Final = select(notifications.c.subscriber_id, notifications.c.due_at).where(
    notifications.c.subscriber_id.in_(bindparam("subscribers", expanding=True)),
    notifications.c.due_at >= bindparam("earliest", type_=Time),
    IS_SETTLED,
    notifications.c.state == NotificationState.SENT.value,
    notifications.c.priority.between(Level.BREAKING - Level.MAJOR, Level.BREAKING - Level.ROUTINE),
)


# --- written down --------------------------------------------------------------------------------------------------


async def _lease(connection: AsyncConnection, wanted: Collection[Due], owner: str, until: datetime) -> None:
    leased = [
        bound_key(due.notification) | {"new_owner": owner, "new_until": until, "under": due.topic.id} for due in wanted
    ]
    if leased:
        await connection.execute(_LEASE, leased)


async def _skip(connection: AsyncConnection, unfollowed: Collection[Notification]) -> None:
    """Their topic was deleted when its last follower left, and they follow no other of the story's."""
    if unfollowed:
        await connection.execute(_SKIP, [bound_key(notification) for notification in unfollowed])


def bound_key(notification: Notification) -> dict[str, Any]:
    return {
        "story": notification.story_id,
        "subscriber": notification.subscriber_id,
        "of_kind": notification.kind.value,
        "of_edition": notification.edition,
    }


IS_BOUND_KEY: Final = and_(
    notifications.c.story_id == bindparam("story"),
    notifications.c.subscriber_id == bindparam("subscriber"),
    notifications.c.kind == bindparam("of_kind"),
    notifications.c.edition == bindparam("of_edition"),
)
_LEASE: Final = (
    update(notifications)
    .where(IS_BOUND_KEY)
    .values(lease_owner=bindparam("new_owner"), lease_until=bindparam("new_until"), topic_id=bindparam("under"))
)
_SKIP: Final = (
    update(notifications)
    .where(IS_BOUND_KEY)
    .values(
        state=NotificationState.SKIPPED.value,
        reason=plain_reason(Reason("unfollowed")),
        lease_owner=None,
        lease_until=None,
    )
)
