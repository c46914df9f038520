"""What is decided of what comes after the first message, and what its answers make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.model import (
    Decision,
    DigestDue,
    DigestEntry,
    DigestKind,
    DigestPlan,
    Due,
    Hold,
    Level,
    Missing,
    Notification,
    NotificationKind,
    NotificationState,
    QuietHours,
    Reason,
    Send,
    Skip,
    Story,
    Subscriber,
    SubscriberState,
    Subscription,
    Topic,
)
from bot.outbox import decide, fold, settle_outcome, settle_unsent

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SYRIA = Topic(id=2, slug="syria")
STORY = Story(
    id=1,
    title="Число пострадавших выросло",
    url="https://example.org/1",
    source="Труд",
    summary="",
    level=Level.MAJOR,
    published_at=NOW - timedelta(hours=30),
    opened_at=NOW - timedelta(hours=29),
)
FOLLOW_UP = Due(
    notification=Notification(
        story_id=1,
        subscriber_id=1,
        topic_id=2,
        created_at=NOW,
        due_at=NOW,
        kind=NotificationKind.FOLLOW_UP,
        edition=1,
    ),
    subscriber=Subscriber(id=1, chat_id=100, time_zone="Europe/Berlin"),
    subscription=Subscription(topic=SYRIA, level=Level.NOTABLE),
    topic=SYRIA,
    story=STORY,
    first_message_id=77,
)
CORRECTION = replace(FOLLOW_UP, notification=replace(FOLLOW_UP.notification, kind=NotificationKind.CORRECTION))
QUIET = QuietHours(time(12), time(14, 30))
"""It's one o'clock in Berlin."""


def reader(due: Due, **changes: Any) -> Due:
    return replace(due, subscriber=replace(due.subscriber, **changes))


def test_a_follow_up_is_sent_in_silence_however_old_the_story_is() -> None:
    assert decide(FOLLOW_UP, NOW) == Send(silent=True)


@pytest.mark.parametrize(
    ("due", "decision"),
    [
        (reader(FOLLOW_UP, follow_ups=False), Skip(Reason("no_follow_ups"))),
        (replace(FOLLOW_UP, first_message_id=None), Skip(Reason("not_told"))),
        (replace(FOLLOW_UP, superseded=True), Skip(Reason("superseded"))),
        (replace(FOLLOW_UP, story_muted=True), Skip(Reason("muted_story"))),
        (replace(FOLLOW_UP, subscription=None), Skip(Reason("unfollowed"))),
        (replace(FOLLOW_UP, story=replace(STORY, withdrawn_at=NOW)), Skip(Reason("withdrawn"))),
        (reader(FOLLOW_UP, state=SubscriberState.PAUSED), Skip(Reason("paused"))),
        (reader(FOLLOW_UP, digest_only=True), Hold(Reason("digest_only"))),
        (reader(FOLLOW_UP, quiet=QUIET), Hold(Reason("quiet", {"until": "14:30"}))),
        (replace(reader(FOLLOW_UP, daily_cap=3), sent_today=3), Hold(Reason("cap", {"count": 3}))),
    ],
    ids=lambda value: value.reason.kind if isinstance(value, Skip | Hold) else "",
)
def test_a_follow_up_waits_or_is_left_out_as_its_reader_wishes(due: Due, decision: Decision) -> None:
    assert decide(due, NOW) == decision


def test_a_follow_up_that_could_not_be_sent_for_six_hours_is_stale() -> None:
    assert decide(FOLLOW_UP, NOW + timedelta(hours=7)) == Hold(Reason("stale", {"hours": 7}))


@pytest.mark.parametrize(
    "due",
    [
        CORRECTION,
        reader(CORRECTION, quiet=QUIET, digest_only=True, daily_cap=0, follow_ups=False),
        reader(CORRECTION, state=SubscriberState.PAUSED),
        replace(CORRECTION, subscription=None, story_muted=True),
        replace(CORRECTION, story=replace(STORY, withdrawn_at=NOW)),
    ],
    ids=["plain", "not now", "paused", "unfollowed and muted", "withdrawn"],
)
def test_a_correction_changes_what_is_there_and_so_disturbs_nobody(due: Due) -> None:
    assert decide(due, NOW + timedelta(hours=20)) == Send(silent=True)


@pytest.mark.parametrize(
    ("due", "kind"),
    [
        (reader(CORRECTION, state=SubscriberState.GONE), "gone"),
        (replace(CORRECTION, first_message_id=None), "not_told"),
        (replace(CORRECTION, superseded=True), "superseded"),
    ],
    ids=["gone", "not told", "superseded"],
)
def test_a_correction_of_nothing_is_left_out(due: Due, kind: str) -> None:
    assert decide(due, NOW) == Skip(Reason(kind))


def test_a_withdrawn_story_is_pushed_no_more() -> None:
    push = replace(FOLLOW_UP.notification, kind=NotificationKind.PUSH, edition=0)
    fresh = replace(STORY, published_at=NOW, opened_at=NOW)
    assert decide(replace(FOLLOW_UP, notification=push, story=fresh), NOW) == Send(silent=False)
    withdrawn = replace(fresh, withdrawn_at=NOW)
    assert decide(replace(FOLLOW_UP, notification=push, story=withdrawn), NOW) == Skip(Reason("withdrawn"))


def test_a_message_that_was_deleted_needs_no_correction() -> None:
    settled = settle_outcome(CORRECTION.notification, Missing(Reason("message_gone")), NOW).notification
    assert (settled.state, settled.reason) == (NotificationState.SKIPPED, Reason("message_gone"))


def _entry(story_id: int = 1, **changes: Any) -> DigestEntry:
    held = replace(FOLLOW_UP.notification, story_id=story_id, state=NotificationState.HELD)
    entry = DigestEntry(notification=held, topic=SYRIA, story=replace(STORY, id=story_id))
    return replace(entry, **changes)


def _digest(*entries: DigestEntry) -> DigestDue:
    plan = DigestPlan(DigestKind.DAILY, time(12))
    who = replace(FOLLOW_UP.subscriber, digests=(plan,))
    return DigestDue(kind=DigestKind.DAILY, subscriber=who, due_at=NOW, entries=entries)


def test_a_digest_tells_of_a_story_the_latest_and_nothing_that_was_withdrawn() -> None:
    latest, overtaken = _entry(), _entry(superseded=True)
    withdrawn = _entry(2, story=replace(STORY, id=2, withdrawn_at=NOW))

    issue = fold(_digest(overtaken, latest, withdrawn), NOW)

    assert issue is not None
    assert issue.entries == (latest,)
    assert issue.beyond == ()


def test_what_it_leaves_out_is_settled_with_its_reason() -> None:
    due = _digest(_entry(superseded=True), _entry(2, story=replace(STORY, id=2, withdrawn_at=NOW)))
    assert fold(due, NOW) is None
    told = settle_unsent(due, NOW).told
    assert [(each.state, each.reason) for each in told] == [
        (NotificationState.SKIPPED, Reason("superseded")),
        (NotificationState.SKIPPED, Reason("withdrawn")),
    ]
