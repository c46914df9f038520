"""Every answer of Telegram's leaves exactly one trace."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import (
    Delivered,
    Gone,
    Hold,
    Moved,
    Notification,
    NotificationState,
    Outcome,
    OutcomeUnknown,
    Reason,
    Refused,
    RetryAfter,
    Skip,
)
from bot.outbox import MAX_UNKNOWN_OUTCOMES, settle_decision, settle_outcome

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLAIMED = Notification(
    story_id=1, subscriber_id=1, topic_id=2, created_at=NOW, due_at=NOW, lease_until=NOW + timedelta(minutes=1)
)


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Delivered(7), NotificationState.SENT, None),
        (RetryAfter(timedelta(seconds=30), Reason("flood")), NotificationState.DUE, "flood"),
        (Gone(Reason("blocked")), NotificationState.SKIPPED, "blocked"),
        (Moved(-100), NotificationState.DUE, "moved"),
        (OutcomeUnknown(Reason("answer_lost")), NotificationState.DUE, "answer_lost"),
        (Refused(Reason("refused")), NotificationState.PARKED, "refused"),
    ],
)
def test_each_outcome_has_a_state_and_frees_the_lease(
    outcome: Outcome, state: NotificationState, reason: str | None
) -> None:
    settled = settle_outcome(CLAIMED, outcome, NOW).notification
    assert settled.state is state
    assert (settled.reason and settled.reason.kind) == reason
    assert settled.lease_until is None


def test_a_flood_wait_is_obeyed_to_the_second() -> None:
    settled = settle_outcome(CLAIMED, RetryAfter(timedelta(seconds=17), Reason("flood")), NOW)
    assert settled.notification.due_at == NOW + timedelta(seconds=17)


def test_whoever_is_gone_is_paused_with_the_same_commit() -> None:
    assert settle_outcome(CLAIMED, Gone(Reason("blocked")), NOW).gone


def test_a_moved_chat_is_written_to_at_once_under_its_new_id() -> None:
    settlement = settle_outcome(CLAIMED, Moved(-1001), NOW)
    assert settlement.chat_id == -1001
    assert settlement.notification.due_at == NOW


def test_a_lost_answer_is_tried_twice_more_and_then_left_unknown() -> None:
    notification = CLAIMED
    waits = []
    for _ in range(MAX_UNKNOWN_OUTCOMES):
        notification = settle_outcome(notification, OutcomeUnknown(Reason("answer_lost")), NOW).notification
        waits.append(notification.due_at - NOW)
    assert waits[:2] == [timedelta(seconds=5), timedelta(seconds=10)]
    assert notification.state is NotificationState.UNKNOWN


def test_what_is_not_sent_keeps_its_reason() -> None:
    assert settle_decision(CLAIMED, Hold(Reason("late"))).notification.state is NotificationState.HELD
    assert settle_decision(CLAIMED, Skip(Reason("muted"))).notification.state is NotificationState.SKIPPED
