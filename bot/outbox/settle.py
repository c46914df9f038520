"""From a decision or Telegram's answer to what is written down: again pure, so the whole table can be tested."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from bot.model import (
    Delivered,
    Gone,
    Hold,
    Missing,
    Moved,
    Notification,
    NotificationState,
    Outcome,
    OutcomeUnknown,
    Reason,
    Refused,
    RetryAfter,
    Settlement,
    Skip,
)

MAX_UNKNOWN_OUTCOMES: Final = 3
"""The first try and at most two more (decision 3 of the design): each may be a repeat on a phone."""
TICK: Final = timedelta(milliseconds=100)
"""A chat's notifications that wait for the same moment fall due together, to the tick: then the oldest goes first."""
UNKNOWN_WAIT: Final = timedelta(seconds=5)
"""Before the second try; doubled before the third. Telegram's own restarts take a few seconds."""


def unknown_wait(unknown_outcomes: int) -> timedelta:
    """How long to wait after an answer was lost, when so many were lost before."""
    return UNKNOWN_WAIT * (1 << unknown_outcomes)


def settle_decision(
    notification: Notification, decision: Hold | Skip, catch_up_at: datetime | None = None
) -> Settlement:
    """A notification that is not sent now keeps the reason; `catch_up_at`: when a morning digest is due for it."""
    state = NotificationState.HELD if isinstance(decision, Hold) else NotificationState.SKIPPED
    return replace(_settled(notification, state, decision.reason), catch_up_at=catch_up_at)


def settle_outcome(  # noqa: PLR0911 - a table: one outcome, one line
    notification: Notification, outcome: Outcome, now: datetime
) -> Settlement:
    """What Telegram's answer makes of a notification."""
    match outcome:
        case Delivered(message_id):
            return Settlement(
                notification=replace(
                    notification,
                    state=NotificationState.SENT,
                    due_at=now,  # when it was sent: what the daily cap counts, and /why calls the last
                    message_id=message_id,
                    reason=None,
                    lease_until=None,
                )
            )
        case RetryAfter(wait, reason):
            return _again(notification, reason, _on_tick(now + wait))
        case Gone(reason):
            return replace(_settled(notification, NotificationState.SKIPPED, reason), gone=True)
        case Missing(reason):
            return _settled(notification, NotificationState.SKIPPED, reason)
        case Moved(chat_id):
            return replace(_again(notification, Reason("moved"), now), chat_id=chat_id)
        case OutcomeUnknown(reason):
            return _after_unknown(notification, reason, now)
        case Refused(reason):
            return _settled(notification, NotificationState.PARKED, reason)
    assert_never(outcome)


def _on_tick(at: datetime) -> datetime:
    """Rounded up to a tick."""
    return at + (datetime.min.replace(tzinfo=UTC) - at) % TICK


def _after_unknown(notification: Notification, reason: Reason, now: datetime) -> Settlement:
    counted = replace(notification, unknown_outcomes=notification.unknown_outcomes + 1)
    if counted.unknown_outcomes >= MAX_UNKNOWN_OUTCOMES:
        return _settled(counted, NotificationState.UNKNOWN, reason)
    return _again(counted, reason, now + unknown_wait(notification.unknown_outcomes))


def _again(notification: Notification, reason: Reason, due_at: datetime) -> Settlement:
    return Settlement(
        notification=replace(notification, state=NotificationState.DUE, reason=reason, due_at=due_at, lease_until=None)
    )


def _settled(notification: Notification, state: NotificationState, reason: Reason) -> Settlement:
    return Settlement(notification=replace(notification, state=state, reason=reason, lease_until=None))
