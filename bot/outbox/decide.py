"""Send, hold or skip: one pure function over what was read when the notification was claimed.

What follows is said of pushes; `_decide_correction` and `_unwanted_follow_up` say what is different for what comes
after them.

The first rule that applies decides, and its reason is the one /why tells. Their order:

1. skip what is not wanted, for good: the chat is gone, or paused; the topic is unfollowed or muted, the story muted or
   below the level asked for, or withdrawn. A wish to be told nothing outweighs everything else.
2. hold what is no push any more, whatever the settings: late, then stale. That is a fact about the story.
3. hold what waits by the subscriber's settings: digest only, quiet hours, daily cap. Digest only comes first, for what
   waits for the planned digest needs no morning one; quiet hours before the cap, for they end sooner. Breaking stories
   pass the first and the last always, the quiet hours if the subscriber lets them.
4. send, with sound where the subscription has it and the level is one from which the subscriber wants it.

That nobody is told of a story twice, under another topic or when it reaches another level, is not decided here: the key
of a notification leaves no room for a second one.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from bot.model import (
    Decision,
    DigestKind,
    Due,
    Hold,
    Level,
    NotificationKind,
    Reason,
    Send,
    Skip,
    Subscriber,
    SubscriberState,
)
from bot.outbox.calendar import local_clock, next_morning, quiet_until

LATE_FIRST_SEEN: Final = timedelta(hours=6)
"""A story first seen this long after its publication is no longer pushed (decision 5 of the design)."""
LATE_CROSSING: Final = timedelta(hours=24)
"""Nor is one that reaches its level this long after its publication (the same decision)."""
STALE: Final = timedelta(hours=6)
"""A notification that could not be sent for this long would only startle."""
CATCH_UP: Final = time(9)
"""Local time of the digest for whoever has something held and no digest planned."""


def decide(due: Due, now: datetime) -> Decision:
    """What becomes of a due notification at `now`; hold and skip carry the reason for /why."""
    kind = due.notification.kind
    if kind is NotificationKind.CORRECTION:
        return _decide_correction(due)
    is_follow_up = kind is NotificationKind.FOLLOW_UP
    unwanted = _unwanted(due, now) or (_unwanted_follow_up(due) if is_follow_up else None)
    if unwanted is not None:
        return Skip(unwanted)
    late = _stale(due, now) if is_follow_up else _too_late(due, now)
    if (held := late or _waits(due, now)) is not None:
        return Hold(held)
    return Send(silent=is_follow_up or not _sounds(due))


def _decide_correction(due: Due) -> Decision:
    """It's made in silence, whatever the hour: it changes what is there, and disturbs nobody."""
    if due.subscriber.state is SubscriberState.GONE:
        return Skip(Reason("gone"))
    if due.first_message_id is None:
        return Skip(Reason("not_told"))
    return Skip(Reason("superseded")) if due.superseded else Send(silent=True)


def catch_up_at(due: Due, decision: Decision, now: datetime) -> datetime | None:
    """When a morning digest should tell what was held (aware UTC); None if a planned one will, or none has to.

    Quiet hours end with one. What a cap or an outage held back waits for the planned digest, or comes the next morning
    if none is planned: it was asked for. A late story is no such news, and alone brings no digest. Who wants no morning
    digest gets none.
    """
    reader = due.subscriber
    if not isinstance(decision, Hold) or decision.reason.kind == "late" or not reader.catch_up:
        return None
    if decision.reason.kind == "quiet":
        return quiet_until(reader.quiet, reader.time_zone, now)
    if any(plan.kind is not DigestKind.MORNING for plan in reader.digests):
        return None
    return next_morning(reader.time_zone, CATCH_UP, now)


def is_paused(subscriber: Subscriber, now: datetime) -> bool:
    """Whether a pause of theirs holds; one whose time is over is no pause."""
    until = subscriber.paused_until
    return subscriber.state is SubscriberState.PAUSED and (until is None or now < until)


def _unwanted(due: Due, now: datetime) -> Reason | None:  # noqa: PLR0911 - a table: one rule, one line
    subscription = due.subscription
    if due.subscriber.state is SubscriberState.GONE:
        return Reason("gone")
    if is_paused(due.subscriber, now):
        return Reason("paused")
    if subscription is None:
        return Reason("unfollowed")
    if subscription.muted_until is not None and now < subscription.muted_until:
        return Reason("muted")
    if due.story_muted:
        return Reason("muted_story")
    if due.story.level < subscription.level:
        return Reason("below_level")
    return None if due.story.withdrawn_at is None else Reason("withdrawn")


def _unwanted_follow_up(due: Due) -> Reason | None:
    if not due.subscriber.follow_ups:
        return Reason("no_follow_ups")
    if due.first_message_id is None:
        return Reason("not_told")
    return Reason("superseded") if due.superseded else None


def _too_late(due: Due, now: datetime) -> Reason | None:
    story, told_at = due.story, due.notification.created_at
    first_seen_after = story.opened_at - story.published_at
    if first_seen_after > LATE_FIRST_SEEN:
        return Reason("late", {"hours": _hours(first_seen_after)})
    if told_at - story.published_at > LATE_CROSSING:
        return Reason("late", {"hours": _hours(told_at - story.published_at)})
    return _stale(due, now)


def _stale(due: Due, now: datetime) -> Reason | None:
    waited = now - due.notification.created_at
    return Reason("stale", {"hours": _hours(waited)}) if waited > STALE else None


def _waits(due: Due, now: datetime) -> Reason | None:
    reader, breaking = due.subscriber, due.story.level is Level.BREAKING
    if reader.digest_only and not breaking:
        return Reason("digest_only")
    if not (breaking and reader.quiet and reader.quiet.breaking_passes):
        until = quiet_until(reader.quiet, reader.time_zone, now)
        if until is not None:
            return Reason("quiet", {"until": local_clock(until, reader.time_zone)})
    if reader.daily_cap is not None and due.sent_today >= reader.daily_cap and not breaking:
        return Reason("cap", {"count": reader.daily_cap})
    return None


def _sounds(due: Due) -> bool:
    wanted = due.subscription is None or due.subscription.sound
    return wanted and due.story.level >= due.subscriber.sound_from


def _hours(duration: timedelta) -> int:
    return int(duration.total_seconds() // 3600)
