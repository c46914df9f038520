"""A due notification is sent, held or skipped by what is true when it is claimed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import (
    Due,
    Hold,
    Level,
    Notification,
    Send,
    Skip,
    Story,
    Subscriber,
    SubscriberState,
    Subscription,
    Topic,
)
from bot.outbox import decide

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SYRIA = Topic(id=2, slug="syria")
STORY = Story(
    id=1,
    title="Переговоры в Женеве",
    url="https://example.org/1",
    source="Труд",
    summary="",
    level=Level.MAJOR,
    published_at=NOW - timedelta(minutes=5),
    opened_at=NOW - timedelta(minutes=1),
)
DUE = Due(
    notification=Notification(story_id=1, subscriber_id=1, topic_id=2, created_at=NOW, due_at=NOW),
    subscriber=Subscriber(id=1, chat_id=100),
    subscription=Subscription(topic=SYRIA, level=Level.NOTABLE),
    topic=SYRIA,
    story=STORY,
)


def _kind(due: Due, now: datetime = NOW) -> tuple[type, str | None]:
    decision = decide(due, now)
    return type(decision), None if isinstance(decision, Send) else decision.reason.kind


def test_what_is_wanted_and_fresh_is_sent_with_sound() -> None:
    assert decide(DUE, NOW) == Send(silent=False)


def test_a_subscription_without_sound_is_sent_silently() -> None:
    quiet = replace(DUE, subscription=replace(DUE.subscription, sound=False))
    assert decide(quiet, NOW) == Send(silent=True)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (replace(DUE, subscriber=replace(DUE.subscriber, state=SubscriberState.GONE)), (Skip, "gone")),
        (replace(DUE, subscriber=replace(DUE.subscriber, state=SubscriberState.PAUSED)), (Skip, "paused")),
        (replace(DUE, subscription=None), (Skip, "unfollowed")),
        (
            replace(DUE, subscription=replace(DUE.subscription, muted_until=NOW + timedelta(seconds=1))),
            (Skip, "muted"),
        ),
        (replace(DUE, subscription=replace(DUE.subscription, muted_until=NOW)), (Send, None)),
        (replace(DUE, subscription=replace(DUE.subscription, level=Level.BREAKING)), (Skip, "below_level")),
        (replace(DUE, subscription=replace(DUE.subscription, level=Level.MAJOR)), (Send, None)),
        (replace(DUE, story=replace(STORY, published_at=NOW - timedelta(hours=6, minutes=2))), (Hold, "late")),
        (replace(DUE, story=replace(STORY, published_at=NOW - timedelta(hours=6, minutes=1))), (Send, None)),
    ],
)
def test_the_table_of_decisions(due: Due, expected: tuple[type, str | None]) -> None:
    assert _kind(due) == expected


def test_a_story_that_becomes_important_a_day_later_waits_for_the_digest() -> None:
    yesterday = NOW - timedelta(hours=24, seconds=1)
    crossing = replace(DUE, story=replace(STORY, published_at=yesterday, opened_at=yesterday))
    assert _kind(crossing) == (Hold, "late")


def test_what_could_not_be_sent_for_six_hours_is_stale() -> None:
    assert _kind(DUE, NOW + timedelta(hours=6)) == (Send, None)
    assert _kind(DUE, NOW + timedelta(hours=6, seconds=1)) == (Hold, "stale")
