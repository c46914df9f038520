"""A due notification is sent, held or skipped by what is true when it is claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.model import (
    DigestKind,
    DigestPlan,
    Due,
    Hold,
    Level,
    Notification,
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
from bot.outbox import catch_up_at, decide

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
    subscriber=Subscriber(id=1, chat_id=100, time_zone="Europe/Berlin"),
    subscription=Subscription(topic=SYRIA, level=Level.NOTABLE),
    topic=SYRIA,
    story=STORY,
)
QUIET_NOW = QuietHours(time(12), time(14, 30))
"""It's one o'clock in Berlin."""
QUIET_FOR_BREAKING = replace(QUIET_NOW, breaking_passes=False)
OVER = QuietHours(time(22), time(13))
SECOND = timedelta(seconds=1)
DAILY = DigestPlan(DigestKind.DAILY, time(19))


def reader(**changes: Any) -> Due:
    return replace(DUE, subscriber=replace(DUE.subscriber, **changes))


def follows(**changes: Any) -> Due:
    assert DUE.subscription
    return replace(DUE, subscription=replace(DUE.subscription, **changes))


def story(**changes: Any) -> Due:
    return replace(DUE, story=replace(STORY, **changes))


def breaking(due: Due) -> Due:
    return replace(due, story=replace(due.story, level=Level.BREAKING))


def sent_today(count: int, due: Due) -> Due:
    return replace(due, sent_today=count)


PAUSED = SubscriberState.PAUSED

TABLE: dict[str, tuple[Due, str]] = {
    "what is wanted and fresh": (DUE, "send"),
    # unwanted
    "a chat that is gone": (reader(state=SubscriberState.GONE), "skip gone"),
    "a pause without end": (reader(state=PAUSED), "skip paused"),
    "a pause that lasts": (reader(state=PAUSED, paused_until=NOW + SECOND), "skip paused"),
    "a pause that has ended": (reader(state=PAUSED, paused_until=NOW), "send"),
    "a breaking story in a pause": (breaking(reader(state=PAUSED)), "skip paused"),
    "an unfollowed topic": (replace(DUE, subscription=None), "skip unfollowed"),
    "a muted topic": (follows(muted_until=NOW + SECOND), "skip muted"),
    "a topic muted until now": (follows(muted_until=NOW), "send"),
    "a muted story": (replace(DUE, story_muted=True), "skip muted_story"),
    "a muted story that is breaking": (breaking(replace(DUE, story_muted=True)), "skip muted_story"),
    "below the level": (follows(level=Level.BREAKING), "skip below_level"),
    "just at the level": (follows(level=Level.MAJOR), "send"),
    # too late
    "first seen too late": (story(published_at=NOW - timedelta(hours=6, minutes=2)), "hold late"),
    "first seen just in time": (story(published_at=NOW - timedelta(hours=6, minutes=1)), "send"),
    "important a day later": (
        story(published_at=NOW - timedelta(hours=24, seconds=1), opened_at=NOW - timedelta(hours=24)),
        "hold late",
    ),
    # settings
    "digest only": (reader(digest_only=True), "hold digest_only"),
    "digest only, and breaking": (breaking(reader(digest_only=True)), "send"),
    "quiet hours": (reader(quiet=QUIET_NOW), "hold quiet"),
    "quiet hours that are over": (reader(quiet=OVER), "send"),
    "quiet hours all day": (reader(quiet=QuietHours(time(9), time(9))), "hold quiet"),
    "quiet hours that breaking passes": (breaking(reader(quiet=QUIET_NOW)), "send"),
    "quiet hours that nothing passes": (breaking(reader(quiet=QUIET_FOR_BREAKING)), "hold quiet"),
    "quiet hours elsewhere": (reader(quiet=QUIET_NOW, time_zone="Asia/Kathmandu"), "send"),
    "the last within the cap": (sent_today(2, reader(daily_cap=3)), "send"),
    "beyond the cap": (sent_today(3, reader(daily_cap=3)), "hold cap"),
    "a cap lowered since": (sent_today(7, reader(daily_cap=3)), "hold cap"),
    "breaking beyond the cap": (breaking(sent_today(3, reader(daily_cap=3))), "send"),
    "many, without a cap": (sent_today(300, DUE), "send"),
    # sound
    "no sound on the topic": (follows(sound=False), "send silently"),
    "below the level with sound": (reader(sound_from=Level.BREAKING), "send silently"),
    "at the level with sound": (reader(sound_from=Level.MAJOR), "send"),
    "loud enough, on a topic without sound": (
        replace(reader(sound_from=Level.MAJOR), subscription=follows(sound=False).subscription),
        "send silently",
    ),
    "breaking in quiet hours that it passes, with sound": (breaking(reader(quiet=QUIET_NOW)), "send"),
}


@pytest.mark.parametrize(("due", "expected"), TABLE.values(), ids=TABLE)
def test_the_table_of_decisions(due: Due, expected: str) -> None:
    assert _said(due) == expected


def _said(due: Due, now: datetime = NOW) -> str:
    match decide(due, now):
        case Send(silent=silent):
            return "send silently" if silent else "send"
        case Hold(reason):
            return f"hold {reason.kind}"
        case Skip(reason):
            return f"skip {reason.kind}"


def test_what_could_not_be_sent_for_six_hours_is_stale() -> None:
    assert _said(DUE, NOW + timedelta(hours=6)) == "send"
    assert _said(DUE, NOW + timedelta(hours=6, seconds=1)) == "hold stale"


LATE = story(published_at=NOW - timedelta(hours=7))
IN_ORDER = {
    "gone": reader(state=SubscriberState.GONE),
    "paused": reader(state=PAUSED),
    "unfollowed": replace(DUE, subscription=None),
    "muted_story": replace(DUE, story_muted=True),
    "late": LATE,
    "digest_only": reader(digest_only=True),
    "quiet": reader(quiet=QUIET_NOW),
    "cap": sent_today(3, reader(daily_cap=3)),
}
"""Every rule, each before those that it outweighs."""


@pytest.mark.parametrize(("stronger", "weaker"), list(pairwise(IN_ORDER)))
def test_of_two_rules_that_apply_the_earlier_decides(stronger: str, weaker: str) -> None:
    both = _merged(IN_ORDER[weaker], IN_ORDER[stronger])
    assert _said(both).split()[1] == stronger


def _merged(weaker: Due, stronger: Due) -> Due:
    """Both at once: where the stronger one is as ever, the weaker one's."""

    def pick(name: str) -> Any:
        value = getattr(stronger, name)
        return getattr(weaker, name) if value == getattr(DUE, name) else value

    names = ("subscription", "story", "sent_today", "story_muted")
    merged = replace(DUE, **{name: pick(name) for name in names})
    theirs = {
        name: getattr(each.subscriber, name)
        for each in (weaker, stronger)
        for name in ("state", "quiet", "daily_cap", "digest_only")
        if getattr(each.subscriber, name) != getattr(DUE.subscriber, name)
    }
    return replace(merged, subscriber=replace(DUE.subscriber, **theirs))


def test_reasons_carry_what_why_tells() -> None:
    assert decide(reader(quiet=QUIET_NOW), NOW) == Hold(Reason("quiet", {"until": "14:30"}))
    assert decide(sent_today(3, reader(daily_cap=3)), NOW) == Hold(Reason("cap", {"count": 3}))
    assert decide(LATE, NOW) == Hold(Reason("late", {"hours": 6}))


def _catch_up(due: Due, now: datetime = NOW) -> datetime | None:
    return catch_up_at(due, decide(due, now), now)


def test_what_quiet_hours_hold_comes_when_they_end_whatever_else_is_planned() -> None:
    assert _catch_up(reader(quiet=QUIET_NOW)) == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    assert _catch_up(reader(quiet=QUIET_NOW, digests=(DAILY,))) == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("due", [sent_today(3, reader(daily_cap=3)), reader(digest_only=True)], ids=["cap", "digest"])
def test_what_no_planned_digest_will_tell_comes_the_next_morning(due: Due) -> None:
    planned = replace(due, subscriber=replace(due.subscriber, digests=(DAILY,)))
    assert _catch_up(due) == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert _catch_up(planned) is None


def test_what_an_outage_held_back_comes_the_next_morning() -> None:
    assert _catch_up(DUE, NOW + timedelta(hours=7)) == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_nobody_gets_a_digest_for_a_late_story_for_a_send_or_against_their_wish() -> None:
    assert _catch_up(LATE) is None
    assert _catch_up(DUE) is None
    assert _catch_up(reader(state=PAUSED)) is None
    assert _catch_up(reader(quiet=QUIET_NOW, catch_up=False)) is None
