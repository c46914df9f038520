"""Whoever seems to read no more is asked once, and told less if no answer comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.model import (
    Delivered,
    DigestKind,
    DigestPlan,
    Gone,
    Outcome,
    OutcomeUnknown,
    QuietHours,
    Reason,
    Refused,
    RetryAfter,
    Subscriber,
    SubscriberState,
)
from bot.outbox import Attention, attention, settle_question, settle_silence

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
SILENT = Subscriber(id=1, chat_id=100, seen_at=NOW - 14 * DAY, created_at=NOW - 90 * DAY)
ASKED = replace(SILENT, seen_at=NOW - 21 * DAY, asked_at=NOW - 7 * DAY)
DAILY = DigestPlan(DigestKind.DAILY, time(19))
WEEKLY = DigestPlan(DigestKind.WEEKLY, time(18), weekday=2)
NAP = QuietHours(time(14), time(16))  # it's three o'clock in Moscow

TABLE: dict[str, tuple[Subscriber, Attention]] = {
    "silent for fourteen days": (SILENT, Attention.ASK),
    "silent for not quite as long": (replace(SILENT, seen_at=NOW - 14 * DAY + SECOND), Attention.NOTHING),
    "never seen since they came": (replace(SILENT, seen_at=None), Attention.ASK),
    "nothing known": (replace(SILENT, seen_at=None, created_at=None), Attention.NOTHING),
    "in quiet hours": (replace(SILENT, quiet=NAP), Attention.NOTHING),
    "in quiet hours without end": (replace(SILENT, quiet=QuietHours(time(9), time(9))), Attention.ASK),
    "outside their quiet hours": (replace(SILENT, quiet=QuietHours(time(22), time(8))), Attention.ASK),
    "asked, a day ago": (replace(ASKED, asked_at=NOW - DAY), Attention.NOTHING),
    "asked, almost a week ago": (replace(ASKED, asked_at=NOW - 7 * DAY + SECOND), Attention.NOTHING),
    "asked, a week ago": (ASKED, Attention.SLOW_DOWN),
    "told less already": (replace(ASKED, digest_only=True, digests=(WEEKLY,)), Attention.NOTHING),
    "digests only, but a daily one": (replace(ASKED, digest_only=True, digests=(WEEKLY, DAILY)), Attention.SLOW_DOWN),
    "a group": (replace(SILENT, chat_kind="supergroup"), Attention.NOTHING),
    "a channel": (replace(SILENT, chat_kind="channel"), Attention.NOTHING),
    "paused": (replace(SILENT, state=SubscriberState.PAUSED), Attention.NOTHING),
    "a pause that has ended": (
        replace(SILENT, state=SubscriberState.PAUSED, paused_until=NOW - DAY),
        Attention.ASK,
    ),
    "gone": (replace(SILENT, state=SubscriberState.GONE), Attention.NOTHING),
}


@pytest.mark.parametrize(("subscriber", "expected"), TABLE.values(), ids=TABLE)
def test_what_a_silence_calls_for(subscriber: Subscriber, expected: Attention) -> None:
    assert attention(subscriber, NOW) is expected


@pytest.mark.parametrize(
    "outcome",
    [Delivered(7), OutcomeUnknown(Reason("answer_lost")), Refused(Reason("refused"))],
    ids=lambda outcome: type(outcome).__name__,
)
def test_there_is_only_one_question(outcome: Outcome) -> None:
    settled = settle_question(SILENT, outcome, NOW)
    assert settled is not None
    assert (settled.asked_at, settled.seen_at, settled.weekly, settled.gone) == (NOW, SILENT.seen_at, None, False)


def test_a_question_that_was_not_sent_is_asked_again() -> None:
    assert settle_question(SILENT, RetryAfter(SECOND, Reason("flood")), NOW) is None


def test_whoever_left_is_gone() -> None:
    settled = settle_question(SILENT, Gone(Reason("blocked")), NOW)
    assert settled is not None
    assert (settled.gone, settled.asked_at) == (True, None)


def test_without_an_answer_the_letter_comes_on_saturday_morning() -> None:
    settled = settle_silence(ASKED, NOW)
    assert settled.weekly == DigestPlan(DigestKind.WEEKLY, time(10), weekday=5)
    assert settled.next_at == datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
    assert settled.asked_at == ASKED.asked_at


def test_whoever_has_a_weekly_letter_keeps_its_day_and_hour() -> None:
    settled = settle_silence(replace(ASKED, digests=(DAILY, WEEKLY)), NOW)
    assert settled.weekly == WEEKLY
    assert settled.next_at == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
