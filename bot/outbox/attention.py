"""Whoever gives no sign of life is asked once, and then told less: a bot nobody reads should not go on talking."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from bot.model import (
    Delivered,
    DigestKind,
    DigestPlan,
    Gone,
    Missing,
    Outcome,
    OutcomeUnknown,
    Refused,
    SilenceSettlement,
    Subscriber,
    SubscriberState,
)
from bot.outbox.calendar import lasts_all_day, next_issue, quiet_until
from bot.outbox.decide import is_paused

SILENCE: Final = timedelta(days=14)
"""Without a sign of life, then they are asked."""
PATIENCE: Final = timedelta(days=7)
"""With the answer."""
LETTER: Final = DigestPlan(DigestKind.WEEKLY, time(10), weekday=5)
"""What they get then, in their local time: on Saturday morning, as weekend papers come."""


class Attention(Enum):
    """What to do about a subscriber's silence."""

    NOTHING = auto()
    ASK = auto()
    SLOW_DOWN = auto()


def attention(subscriber: Subscriber, now: datetime) -> Attention:
    """Only a person's own chat is asked: nobody answers for a group, and a pause is a sign of life that lasts.

    Not in quiet hours, unless they last all day.
    """
    seen_at = subscriber.seen_at or subscriber.created_at
    if subscriber.chat_kind != "private" or subscriber.state is SubscriberState.GONE or is_paused(subscriber, now):
        return Attention.NOTHING
    if seen_at is None or now - seen_at < SILENCE or has_letter_only(subscriber):
        return Attention.NOTHING
    if subscriber.asked_at is None:
        return Attention.NOTHING if _is_quiet(subscriber, now) else Attention.ASK
    return Attention.NOTHING if now - subscriber.asked_at < PATIENCE else Attention.SLOW_DOWN


def _is_quiet(subscriber: Subscriber, now: datetime) -> bool:
    quiet = subscriber.quiet
    if quiet is None or lasts_all_day(quiet):
        return False
    return quiet_until(quiet, subscriber.time_zone, now) is not None


def has_letter_only(subscriber: Subscriber) -> bool:
    """Whether the weekly letter is all they get, but for breaking stories."""
    kinds = {plan.kind for plan in subscriber.digests}
    return subscriber.digest_only and DigestKind.WEEKLY in kinds and DigestKind.DAILY not in kinds


def settle_question(subscriber: Subscriber, outcome: Outcome, now: datetime) -> SilenceSettlement | None:
    """What the answer to the question's sending changes; None: nothing, it is asked again later.

    A question that may have arrived counts as asked, and so does one that Telegram refuses: there is only one, and
    what follows takes no news from anybody.
    """
    match outcome:
        case Delivered() | OutcomeUnknown() | Missing() | Refused():
            return _settlement(subscriber, asked_at=now)
        case Gone():
            return _settlement(subscriber, asked_at=subscriber.asked_at, gone=True)
        case _:  # not sent; a person's chat never moves
            return None


def settle_silence(subscriber: Subscriber, now: datetime) -> SilenceSettlement:
    """No answer came: the weekly letter from now on, the one they have if they have one."""
    weekly = next((plan for plan in subscriber.digests if plan.kind is DigestKind.WEEKLY), LETTER)
    return _settlement(
        subscriber,
        asked_at=subscriber.asked_at,
        weekly=weekly,
        next_at=next_issue(weekly, subscriber.time_zone, now),
    )


def _settlement(
    subscriber: Subscriber,
    *,
    asked_at: datetime | None,
    weekly: DigestPlan | None = None,
    next_at: datetime | None = None,
    gone: bool = False,
) -> SilenceSettlement:
    return SilenceSettlement(
        subscriber_id=subscriber.id,
        seen_at=subscriber.seen_at,
        asked_at=asked_at,
        weekly=weekly,
        next_at=next_at,
        gone=gone,
    )
