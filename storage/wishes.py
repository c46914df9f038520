"""How a subscriber wants to be told: preferences, planned digests, muted stories, signs of life."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, and_, bindparam, delete, exists, func, literal, or_, select, update

from bot.model import DigestKind, DigestPlan, Level, NotificationKind, NotificationState, Reason, Subscriber
from storage.columns import ID, Json, Time
from storage.engine import Database
from storage.people import minute_of, preference_values
from storage.records import insert_into, plain_reason
from storage.schema import digests, muted_stories, notifications, stories, story_topics, subscribers, subscriptions
from storage.wholes import Hold, current


async def set_preferences(db: Database, subscriber: Subscriber) -> None:
    await _set(db, subscriber.id, **preference_values(subscriber))


async def note_seen(db: Database, subscriber_id: int, now: datetime) -> None:
    await _set(db, subscriber_id, seen_at=now, asked_at=None)


async def _set(db: Database, subscriber_id: int, **values: Any) -> None:
    async with db.write() as connection:
        await connection.execute(update(subscribers).where(subscribers.c.id == subscriber_id).values(**values))


# --- digests -------------------------------------------------------------------------------------------------------


async def plan_digest(db: Database, subscriber_id: int, plan: DigestPlan, next_at: datetime) -> None:
    """An issue that is on its way keeps its lease, so that what it tells is still written down."""
    async with db.write() as connection:
        new = insert_into(connection, digests).values(plan_values(subscriber_id, plan, next_at))
        await connection.execute(new.on_conflict_do_update(index_elements=DIGEST_KEY, set_=_planned(plan, next_at)))


DIGEST_KEY: Final = ("subscriber_id", "kind")


def plan_values(subscriber_id: int, plan: DigestPlan, next_at: datetime | None) -> dict[str, Any]:
    key = {"subscriber_id": subscriber_id, "kind": plan.kind.value, "unknown_outcomes": 0}
    return {**key, **_planned(plan, next_at)}


def _planned(plan: DigestPlan, next_at: datetime | None) -> dict[str, Any]:
    return {"minute": minute_of(plan.at), "weekday": plan.weekday, "next_at": next_at}


async def end_digest(db: Database, subscriber_id: int, kind: DigestKind) -> None:
    """The row stays: an issue may be on its way, and what it tells is still to be written down."""
    ended = update(digests).where(digests.c.subscriber_id == subscriber_id, digests.c.kind == kind.value)
    async with db.write() as connection:
        await connection.execute(ended.values(minute=None, weekday=None, next_at=None))


# --- stories -------------------------------------------------------------------------------------------------------


async def mute_story(db: Database, subscriber_id: int, story_id: int, now: datetime) -> None:
    """A story that has been deleted meanwhile is as good as muted."""
    async with db.write() as connection:
        meant = await current(connection, story_id, Hold.STILL)
        there = select(literal(subscriber_id), stories.c.id, literal(now, Time)).where(stories.c.id == meant)
        new = insert_into(connection, muted_stories).from_select(["subscriber_id", "story_id", "muted_at"], there)
        await connection.execute(new.on_conflict_do_nothing())


async def unmute_story(db: Database, subscriber_id: int, story_id: int) -> None:
    async with db.write() as connection:
        meant = await current(connection, story_id, Hold.STILL)
        muted = and_(muted_stories.c.subscriber_id == subscriber_id, muted_stories.c.story_id == meant)
        await connection.execute(delete(muted_stories).where(muted))


async def hold_recent(db: Database, subscriber_id: int, since: datetime, limit: int, now: datetime) -> int:
    """By when a story opened. What was skipped counts as not told; what is due or held already stays as it is."""
    values = {
        "story_id": _BEST.c.id,
        "subscriber_id": literal(subscriber_id),
        "kind": literal(NotificationKind.PUSH.value),
        "edition": literal(0),
        "topic_id": _BEST.c.topic_id,
        "state": literal(NotificationState.HELD.value),
        "reason": literal(plain_reason(Reason("first_issue")), Json),
        "priority": Level.BREAKING - _BEST.c.level,
        "created_at": literal(now, Time),
        "due_at": literal(now, Time),
        "unknown_outcomes": literal(0),
    }
    best = select(*values.values()).where(_BEST.c.turn == 1)
    best = best.order_by(_BEST.c.level.desc(), _BEST.c.score.desc(), _BEST.c.id.desc()).limit(limit)
    key = [column.name for column in notifications.primary_key]
    async with db.write() as connection:
        new = insert_into(connection, notifications).from_select(list(values), best)
        anew = {name: new.excluded[name] for name in values if name not in key}
        held = new.on_conflict_do_update(index_elements=key, set_=anew).returning(notifications.c.story_id)
        rows = await connection.execute(held, {"whose": subscriber_id, "since": since, "now": now})
        return len(rows.all())


_whose: BindParameter[int] = bindparam("whose", type_=ID)
_first = select(func.min(stories.c.id)).where(stories.c.opened_at >= bindparam("since", type_=Time)).scalar_subquery()
_part = stories.alias("part")
_its_ids = select(_part.c.id).where(or_(_part.c.id == stories.c.id, _part.c.merged_into == stories.c.id))
_known = exists().where(
    notifications.c.story_id.in_(_its_ids.correlate(stories)),
    notifications.c.subscriber_id == _whose,
    notifications.c.state != NotificationState.SKIPPED.value,
)
_muted = exists().where(muted_stories.c.story_id == stories.c.id, muted_stories.c.subscriber_id == _whose)
_turn = func.row_number().over(partition_by=stories.c.id, order_by=(subscriptions.c.level, subscriptions.c.topic_id))
_BEST: Final = (
    select(stories.c.id, stories.c.level, stories.c.score, subscriptions.c.topic_id, _turn.label("turn"))
    .select_from(subscriptions)
    .join(story_topics, story_topics.c.topic_id == subscriptions.c.topic_id)
    .join(stories, stories.c.id == story_topics.c.story_id)
    .where(
        subscriptions.c.subscriber_id == _whose,
        or_(subscriptions.c.muted_until.is_(None), subscriptions.c.muted_until <= bindparam("now", type_=Time)),
        # Implied by `opened_at`, but it keeps the topics' older stories unread.
        story_topics.c.story_id >= _first,
        stories.c.opened_at >= bindparam("since", type_=Time),
        stories.c.merged_into.is_(None),
        stories.c.withdrawn_at.is_(None),
        stories.c.level >= subscriptions.c.level,
        ~_known,
        ~_muted,
    )
    .subquery("best")
)
