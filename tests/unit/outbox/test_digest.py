"""A digest is what was held: best first, fresh, at its hour, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Delivered,
    DigestDue,
    DigestEntry,
    DigestKind,
    DigestPlan,
    Gone,
    Level,
    Moved,
    Notification,
    NotificationState,
    OutcomeUnknown,
    QuietHours,
    Reason,
    Refused,
    RetryAfter,
    Story,
    Subscriber,
    SubscriberState,
    Topic,
)
from bot.outbox import (
    LINES,
    MAX_UNKNOWN_OUTCOMES,
    by_section,
    fold,
    is_silent,
    settle_bug,
    settle_digest,
    settle_unsent,
)

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
"""A Monday, 19:00 in Moscow."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SYRIA = Topic(id=2, slug="syria")
DAILY = DigestPlan(DigestKind.DAILY, time(19))
WEEKLY = DigestPlan(DigestKind.WEEKLY, time(10), weekday=6)
READER = Subscriber(id=1, chat_id=100, digests=(DAILY,))
TOMORROW = NOW + DAY


def entry(
    number: int = 1, level: Level = Level.NOTABLE, score: float = 1, age: timedelta = HOUR, section: str | None = None
) -> DigestEntry:
    at = NOW - age
    return DigestEntry(
        notification=Notification(
            story_id=number, subscriber_id=1, topic_id=2, created_at=at, due_at=at, state=NotificationState.HELD
        ),
        topic=SYRIA,
        story=Story(
            id=number,
            title=f"Новость {number}",
            url=f"https://example.org/{number}",
            source="Труд",
            summary="",
            level=level,
            published_at=at,
            opened_at=at,
            score=score,
        ),
        section=section,
    )


def due(*entries: DigestEntry, kind: DigestKind = DigestKind.DAILY, unknown: int = 0, **reader: Any) -> DigestDue:
    return DigestDue(
        kind=kind, subscriber=replace(READER, **reader), due_at=NOW, entries=entries, unknown_outcomes=unknown
    )


def listed(due: DigestDue) -> list[int]:
    digest = fold(due, NOW)
    return [] if digest is None else [entry.story.id for entry in digest.entries]


# --- what is in it ---


def test_the_best_come_first_by_level_then_score() -> None:
    assert listed(due(entry(1, score=90), entry(2, Level.BREAKING), entry(3, Level.MAJOR), entry(4, score=95))) == [
        2,
        3,
        4,
        1,
    ]


def test_what_has_no_line_is_counted() -> None:
    digest = fold(due(*(entry(number, score=number) for number in range(1, LINES + 6))), NOW)
    assert digest is not None
    assert [each.story.id for each in digest.entries] == list(range(LINES + 5, 5, -1))
    assert [each.story.id for each in digest.beyond] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("kind", "age", "told"),
    [
        (DigestKind.DAILY, timedelta(hours=36), True),
        (DigestKind.DAILY, timedelta(hours=36, seconds=1), False),
        (DigestKind.MORNING, timedelta(hours=36), True),
        (DigestKind.MORNING, timedelta(hours=36, seconds=1), False),
        (DigestKind.WEEKLY, timedelta(days=7, hours=12), True),
        (DigestKind.WEEKLY, timedelta(days=7, hours=12, seconds=1), False),
    ],
)
def test_a_story_grows_too_old_half_a_day_after_the_next_issue(kind: DigestKind, age: timedelta, told: bool) -> None:
    assert bool(listed(due(entry(age=age), kind=kind, digests=(DAILY, WEEKLY)))) is told


def test_sections_stand_in_the_order_of_their_best_story_and_the_rest_comes_last() -> None:
    entries = [
        entry(1, section=None),
        entry(2, section="Политика"),
        entry(3, section="ЭКОНОМИКА"),
        entry(4, section=" политика "),
        entry(5, section=""),
    ]
    sections = {name: [each.story.id for each in those] for name, those in by_section(entries).items()}
    assert sections == {"Политика": [2, 4], "ЭКОНОМИКА": [3], None: [1, 5]}
    assert list(sections) == ["Политика", "ЭКОНОМИКА", None]


def test_the_readers_own_order_of_sections_goes_before() -> None:
    entries = [entry(number, section=name) for number, name in enumerate(("Политика", "СПОРТ", None, "Наука"), start=1)]
    assert list(by_section(entries, ("Спорт", "Погода", "наука"))) == ["СПОРТ", "Наука", "Политика", None]


# --- when it comes ---

QUIET_NOW = QuietHours(time(18), time(23))

COMES: dict[str, tuple[DigestDue, bool]] = {
    "at its hour": (due(entry()), True),
    "empty": (due(), False),
    "paused": (due(entry(), state=SubscriberState.PAUSED), False),
    "paused for a time": (due(entry(), state=SubscriberState.PAUSED, paused_until=NOW + HOUR), False),
    "a pause that has ended": (due(entry(), state=SubscriberState.PAUSED, paused_until=NOW), True),
    "gone": (due(entry(), state=SubscriberState.GONE), False),
    "quiet hours": (due(entry(), quiet=QUIET_NOW), False),
    "quiet hours all day": (due(entry(), quiet=QuietHours(time(9), time(9))), True),
    "a plan dropped meanwhile": (due(entry(), digests=()), False),
    "a morning one, which has no plan": (due(entry(), kind=DigestKind.MORNING, digests=()), True),
    "a morning one that was stopped": (due(entry(), kind=DigestKind.MORNING, catch_up=False), False),
}


@pytest.mark.parametrize(("given", "comes"), COMES.values(), ids=COMES)
def test_whether_an_issue_comes(given: DigestDue, comes: bool) -> None:
    assert (fold(given, NOW) is not None) is comes


@pytest.mark.parametrize(
    ("given", "next_at"),
    [
        (due(), TOMORROW),
        (due(kind=DigestKind.WEEKLY, digests=(WEEKLY,)), datetime(2026, 11, 29, 7, 0, tzinfo=UTC)),
        (due(kind=DigestKind.MORNING), None),
        (due(entry(), quiet=QUIET_NOW), NOW + 4 * HOUR),
        (due(entry(), kind=DigestKind.MORNING, quiet=QUIET_NOW), NOW + 4 * HOUR),
        (due(entry(), state=SubscriberState.PAUSED), TOMORROW),
        (due(entry(), state=SubscriberState.GONE), TOMORROW),
        (due(entry(), state=SubscriberState.GONE, kind=DigestKind.MORNING), None),
        (due(entry(), state=SubscriberState.PAUSED, kind=DigestKind.MORNING), None),
        (
            due(entry(), state=SubscriberState.PAUSED, paused_until=NOW + HOUR, kind=DigestKind.MORNING),
            NOW + HOUR,
        ),
        (due(digests=()), None),
    ],
)
def test_an_issue_that_does_not_come_is_planned_anew(given: DigestDue, next_at: datetime | None) -> None:
    settled = settle_unsent(given, NOW)
    assert (settled.next_at, settled.told) == (next_at, ())


def test_what_no_digest_will_tell_any_more_is_skipped_and_the_rest_looked_for_at_once() -> None:
    old = due(entry(age=timedelta(hours=50)))
    settled = settle_unsent(old, NOW)
    assert [(each.state, each.reason) for each in settled.told] == [
        (NotificationState.SKIPPED, Reason("outdated", {"hours": 50}))
    ]
    assert settled.next_at == NOW


def test_what_the_weekly_letter_will_still_tell_waits_for_it() -> None:
    old = due(entry(age=timedelta(hours=50)), digests=(DAILY, WEEKLY))
    assert listed(old) == []
    assert settle_unsent(old, NOW).told == ()
    assert settle_unsent(old, NOW).next_at == TOMORROW


@pytest.mark.parametrize(
    ("sound_from", "quiet", "silent"),
    [
        (Level.ROUTINE, None, False),
        (Level.MAJOR, None, False),
        (Level.BREAKING, None, True),
        (Level.ROUTINE, QuietHours(time(9), time(9)), True),
    ],
)
def test_an_issue_sounds_as_its_best_story_would(sound_from: Level, quiet: QuietHours | None, silent: bool) -> None:
    given = due(entry(), entry(2, Level.MAJOR), sound_from=sound_from, quiet=quiet)
    digest = fold(given, NOW)
    assert digest is not None
    assert is_silent(given, digest, NOW) is silent


# --- what is written down ---

TWO = due(entry(1), entry(2, Level.MAJOR))
FULL = due(*(entry(number, score=number) for number in range(1, LINES + 3)))


def settle(given: DigestDue, outcome: Any) -> Any:
    digest = fold(given, NOW)
    assert digest is not None
    return settle_digest(given, digest, outcome, NOW)


def test_a_delivered_issue_has_told_its_entries_once_and_for_all() -> None:
    settled = settle(TWO, Delivered(7))
    assert {each.story_id for each in settled.told} == {1, 2}
    for each in settled.told:
        assert (each.state, each.message_id, each.reason) == (NotificationState.SENT, 7, Reason("digest"))
    assert settled.next_at == TOMORROW


def test_what_was_only_counted_is_not_called_told() -> None:
    settled = settle(FULL, Delivered(7, lines=5))
    states = [each.state for each in settled.told]
    assert states == [NotificationState.SENT] * 5 + [NotificationState.SKIPPED] * (LINES - 3)
    assert settled.told[-1].reason == Reason("crowded_out", {"count": 5})
    assert settled.told[-1].message_id is None


def test_a_delivered_issue_drops_what_is_outdated() -> None:
    settled = settle(due(entry(1), entry(2, age=3 * DAY)), Delivered(7))
    assert [(each.story_id, each.state) for each in settled.told] == [
        (1, NotificationState.SENT),
        (2, NotificationState.SKIPPED),
    ]


def test_a_morning_digest_comes_only_once() -> None:
    assert settle(due(entry(), kind=DigestKind.MORNING), Delivered(7)).next_at is None


def test_a_flood_wait_is_obeyed_and_everything_stays_held() -> None:
    settled = settle(replace(TWO, unknown_outcomes=1), RetryAfter(timedelta(seconds=17), Reason("flood")))
    assert (settled.next_at, settled.told, settled.unknown_outcomes) == (NOW + timedelta(seconds=17), (), 1)


def test_a_moved_chat_gets_it_at_once_under_its_new_id() -> None:
    settled = settle(TWO, Moved(-1001))
    assert (settled.next_at, settled.chat_id, settled.told) == (NOW, -1001, ())


def test_whoever_is_gone_keeps_the_plan_and_what_is_held() -> None:
    settled = settle(TWO, Gone(Reason("blocked")))
    assert (settled.gone, settled.next_at, settled.told) == (True, TOMORROW, ())


def test_a_lost_answer_is_tried_twice_more_and_then_left_unknown() -> None:
    given, waits = TWO, []
    for _ in range(MAX_UNKNOWN_OUTCOMES - 1):
        settled = settle(given, OutcomeUnknown(Reason("answer_lost")))
        assert settled.told == ()
        waits.append(settled.next_at - NOW)
        given = replace(given, unknown_outcomes=settled.unknown_outcomes)
    assert waits == [timedelta(seconds=5), timedelta(seconds=10)]
    last = settle(given, OutcomeUnknown(Reason("answer_lost")))
    assert {each.state for each in last.told} == {NotificationState.UNKNOWN}
    assert (last.next_at, last.unknown_outcomes) == (TOMORROW, 0)


def test_an_issue_that_is_refused_is_parked_so_that_the_next_one_can_come() -> None:
    settled = settle(FULL, Refused(Reason("refused", {"text": "Bad Request"})))
    assert len(settled.told) == LINES + 2
    assert {each.state for each in settled.told} == {NotificationState.PARKED}
    assert settled.next_at == TOMORROW


def test_a_bug_in_an_issue_parks_what_it_folds_without_asking_a_calendar() -> None:
    settled = settle_bug(replace(TWO, subscriber=replace(READER, time_zone="Nowhere/At_All")), NOW)
    assert {(each.state, each.reason and each.reason.kind) for each in settled.told} == {
        (NotificationState.PARKED, "bug")
    }
    assert settled.next_at == TOMORROW


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            entry,
            number=st.integers(1, 10**6),
            level=st.sampled_from(Level),
            score=st.floats(0, 100),
            age=st.timedeltas(timedelta(0), timedelta(days=10)),
            section=st.sampled_from([None, "Политика", "Спорт"]),
        ),
        max_size=60,
        unique_by=lambda entry: entry.story.id,
    ),
    st.sampled_from(DigestKind),
    st.sampled_from([(), (DAILY,), (WEEKLY,), (DAILY, WEEKLY)]),
    st.integers(1, LINES),
)
def test_no_entry_is_lost_or_settled_twice(
    entries: list[DigestEntry], kind: DigestKind, plans: tuple[DigestPlan, ...], lines: int
) -> None:
    given = due(*entries, kind=kind, digests=plans)
    digest = fold(given, NOW)
    settled = settle_unsent(given, NOW) if digest is None else settle_digest(given, digest, Delivered(7, lines), NOW)
    ids = [each.story_id for each in settled.told]
    assert len(ids) == len(set(ids))
    reach = timedelta(days=7, hours=12) if DigestKind.WEEKLY in {kind, *(plan.kind for plan in plans)} else 36 * HOUR
    left = [each for each in entries if each.story.id not in ids]
    assert all(NOW - each.notification.created_at <= reach for each in left)
    if digest is not None:
        told = {each.story_id for each in settled.told if each.state is NotificationState.SENT}
        assert told == {each.story.id for each in digest.entries[:lines]}
