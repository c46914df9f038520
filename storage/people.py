"""Subscribers and what they follow, between rows and the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    DigestKind,
    DigestPlan,
    Level,
    QuietHours,
    Subscriber,
    SubscriberState,
    Subscription,
    Topic,
)
from storage.records import Record, batches
from storage.schema import digests, subscribers, subscriptions, topics

Plans = Mapping[int, tuple[DigestPlan, ...]]
"""By subscriber id, in the order of kinds."""

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

SUBSCRIBER_COLUMNS: Final = (
    subscribers.c.chat_id,
    subscribers.c.thread_id,
    subscribers.c.chat_kind,
    subscribers.c.language,
    subscribers.c.time_zone,
    subscribers.c.paused,
    subscribers.c.paused_until,
    subscribers.c.gone,
    subscribers.c.quiet_start,
    subscribers.c.quiet_end,
    subscribers.c.breaking_passes,
    subscribers.c.daily_cap,
    subscribers.c.sound_from,
    subscribers.c.digest_only,
    subscribers.c.catch_up,
    subscribers.c.follow_ups,
    subscribers.c.sections,
    subscribers.c.seen_at,
    subscribers.c.asked_at,
    subscribers.c.created_at.label("subscriber_created_at"),
)
TOPIC_COLUMNS: Final = (topics.c.slug, topics.c.query)
SUBSCRIPTION_COLUMNS: Final = (
    subscriptions.c.level.label("subscription_level"),
    subscriptions.c.sound,
    subscriptions.c.muted_until,
    subscriptions.c.created_at.label("subscription_created_at"),
)


def as_subscriber(row: Record, subscriber_id: int, plans: Plans, now: datetime = _LONG_AGO) -> Subscriber:
    """A pause that has run out by `now` has ended, though nobody has written that down."""
    paused = row.paused and (row.paused_until is None or row.paused_until > now)
    return Subscriber(
        id=subscriber_id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        chat_kind=row.chat_kind,
        language=row.language,
        time_zone=row.time_zone,
        state=_state(paused, row.gone),
        paused_until=row.paused_until if paused else None,
        quiet=_quiet(row),
        daily_cap=row.daily_cap,
        sound_from=Level(row.sound_from),
        digest_only=row.digest_only,
        catch_up=row.catch_up,
        follow_ups=row.follow_ups,
        sections=tuple(row.sections or ()),
        digests=plans.get(subscriber_id, ()),
        created_at=row.subscriber_created_at,
        seen_at=row.seen_at,
        asked_at=row.asked_at,
    )


def _state(paused: bool, gone: bool) -> SubscriberState:
    if gone:
        return SubscriberState.GONE
    return SubscriberState.PAUSED if paused else SubscriberState.ACTIVE


def state_values(state: SubscriberState, until: datetime | None = None) -> dict[str, Any]:
    """Being gone says nothing of a pause: who comes back is still paused if they were."""
    if state is SubscriberState.GONE:
        return {"gone": True}
    paused = state is SubscriberState.PAUSED
    return {"gone": False, "paused": paused, "paused_until": until if paused else None}


def preference_values(subscriber: Subscriber) -> dict[str, Any]:
    quiet = subscriber.quiet
    return {
        "language": subscriber.language,
        "time_zone": subscriber.time_zone,
        "quiet_start": None if quiet is None else minute_of(quiet.start),
        "quiet_end": None if quiet is None else minute_of(quiet.end),
        "breaking_passes": quiet is None or quiet.breaking_passes,
        "daily_cap": subscriber.daily_cap,
        "sound_from": int(subscriber.sound_from),
        "digest_only": subscriber.digest_only,
        "catch_up": subscriber.catch_up,
        "follow_ups": subscriber.follow_ups,
        "sections": list(subscriber.sections) or None,
    }


def _quiet(row: Record) -> QuietHours | None:
    if row.quiet_start is None or row.quiet_end is None:
        return None
    return QuietHours(_time_of(row.quiet_start), _time_of(row.quiet_end), row.breaking_passes)


def minute_of(local: time) -> int:
    """Minutes since midnight; seconds are of no use to anybody here."""
    return local.hour * 60 + local.minute


def _time_of(minute: int) -> time:
    return time(minute // 60, minute % 60)


async def read_plans(connection: AsyncConnection, subscriber_ids: Collection[int]) -> Plans:
    """The digests they planned. One query for up to 5,000."""
    found: defaultdict[int, tuple[DigestPlan, ...]] = defaultdict(tuple)
    for batch in batches(sorted(subscriber_ids)):
        planned = select(digests.c.subscriber_id, digests.c.kind, digests.c.minute, digests.c.weekday)
        planned = planned.where(digests.c.subscriber_id.in_(batch), digests.c.minute.is_not(None))
        for row in await connection.execute(planned.order_by(digests.c.kind)):
            found[row.subscriber_id] += (DigestPlan(DigestKind(row.kind), _time_of(row.minute), row.weekday),)
    return found


def as_subscription(row: Record, topic: Topic) -> Subscription | None:
    """None when an outer join found no subscription."""
    if row.subscription_level is None:
        return None
    return Subscription(
        topic=topic,
        level=Level(row.subscription_level),
        sound=row.sound,
        muted_until=row.muted_until,
        created_at=row.subscription_created_at,
    )
