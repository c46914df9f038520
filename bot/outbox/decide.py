"""Send, hold or skip: one pure function over what was read when the notification was claimed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.model import Decision, Due, Hold, Reason, Send, Skip, SubscriberState, Subscription

LATE_FIRST_SEEN: Final = timedelta(hours=6)
"""A story first seen this long after its publication is no longer pushed (decision 5 of the design)."""
LATE_CROSSING: Final = timedelta(hours=24)
"""Nor is one that reaches its level this long after its publication (the same decision)."""
STALE: Final = timedelta(hours=6)
"""A notification that could not be sent for this long would only startle."""


def decide(due: Due, now: datetime) -> Decision:
    """What becomes of a due notification at `now`; hold and skip carry the reason for /why."""
    reason = _unwanted(due, now)
    if reason is not None:
        return Skip(reason)
    reason = _too_late(due, now)
    if reason is not None:
        return Hold(reason)
    return Send(silent=due.subscription is not None and not due.subscription.sound)


def _unwanted(due: Due, now: datetime) -> Reason | None:
    if due.subscriber.state is SubscriberState.GONE:
        return Reason("gone")
    if due.subscriber.state is SubscriberState.PAUSED:
        return Reason("paused")
    if due.subscription is None:
        return Reason("unfollowed")
    if _is_muted(due.subscription, now):
        return Reason("muted")
    if due.story.level < due.subscription.level:
        return Reason("below_level")
    return None


def _is_muted(subscription: Subscription, now: datetime) -> bool:
    return subscription.muted_until is not None and subscription.muted_until > now


def _too_late(due: Due, now: datetime) -> Reason | None:
    story, told_at = due.story, due.notification.created_at
    first_seen_after = story.opened_at - story.published_at
    if first_seen_after > LATE_FIRST_SEEN:
        return Reason("late", {"hours": _hours(first_seen_after)})
    if told_at - story.published_at > LATE_CROSSING:
        return Reason("late", {"hours": _hours(told_at - story.published_at)})
    if now - told_at > STALE:
        return Reason("stale", {"hours": _hours(now - told_at)})
    return None


def _hours(duration: timedelta) -> int:
    return int(duration.total_seconds() // 3600)
