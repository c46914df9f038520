"""What is held comes in a digest, at its hour, once, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot import delivery
from bot.model import (
    Delivered,
    Digest,
    DigestDue,
    DigestKind,
    DigestPlan,
    Due,
    Gone,
    Level,
    NotificationState,
    Outcome,
    OutcomeUnknown,
    QuietHours,
    Reason,
    RetryAfter,
    Subscriber,
    SubscriberState,
)
from tests.fakes.messenger import Issue

NIGHT = QuietHours(time(22), time(8))
ONE_AT_NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
EIGHT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SEVEN_PM = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DAILY = DigestPlan(DigestKind.DAILY, time(19))

Office = Any
"""conftest.Office."""


async def test_what_comes_at_night_is_told_in_the_morning_once(office: Office) -> None:
    office.now = ONE_AT_NIGHT
    reader = await office.reader(100, quiet=NIGHT)
    first, second = await office.print("Первая"), await office.print("Вторая", Level.NOTABLE)
    await office.deliver()
    assert (await office.told(reader, first)).reason == Reason("quiet", {"until": "08:00"})

    await office.deliver(EIGHT - timedelta(seconds=1))
    assert not office.phones.issues
    await office.deliver(EIGHT)
    await office.deliver(EIGHT + timedelta(hours=1))
    assert office.phones.issues == [Issue(100, DigestKind.MORNING, ("Первая", "Вторая"), silent=False)]
    assert not office.phones.arrived
    for story_id in (first, second):
        told = await office.told(reader, story_id)
        assert (told.state, told.reason, told.message_id) == (NotificationState.SENT, Reason("digest"), 10_001)


async def test_breaking_news_passes_the_night_of_whoever_wants_it(office: Office) -> None:
    office.now = ONE_AT_NIGHT
    await office.reader(100, quiet=NIGHT)
    await office.reader(200, quiet=replace(NIGHT, breaking_passes=False))
    await office.print("Молния", Level.BREAKING)
    await office.deliver()
    assert set(office.phones.arrived) == {(100, "Молния")}
    await office.deliver(EIGHT)
    assert [issue.chat_id for issue in office.phones.issues] == [200]


async def test_a_quiet_night_in_which_nothing_came_ends_without_a_digest(office: Office) -> None:
    office.now = ONE_AT_NIGHT
    await office.reader(100, quiet=NIGHT)
    await office.deliver()
    await office.deliver(EIGHT)
    assert not office.phones.issues


async def test_a_daily_digest_comes_every_day_that_has_something(office: Office) -> None:
    reader = await office.reader(100, digest_only=True)
    await office.store.plan_digest(reader.id, DAILY, SEVEN_PM)
    await office.print("В понедельник")
    await office.deliver()
    await office.deliver(SEVEN_PM)
    await office.deliver(SEVEN_PM + DAY)  # nothing: no issue
    await office.print("В среду")
    await office.deliver()
    await office.deliver(SEVEN_PM + 2 * DAY)
    assert [issue.headlines for issue in office.phones.issues] == [("В понедельник",), ("В среду",)]


async def test_beyond_the_cap_waits_for_the_next_morning_and_breaking_does_not(office: Office) -> None:
    reader = await office.reader(100, daily_cap=1)
    for title in ("Первая", "Вторая"):
        await office.print(title)
        await office.deliver()
    beyond = await office.print("Третья")
    await office.print("Молния", Level.BREAKING)
    await office.deliver()
    assert set(office.phones.arrived) == {(100, "Первая"), (100, "Молния")}
    assert (await office.told(reader, beyond)).reason == Reason("cap", {"count": 1})
    await office.deliver(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    (issue,) = office.phones.issues
    assert set(issue.headlines) == {"Вторая", "Третья"}


async def test_a_setting_takes_effect_at_once(office: Office) -> None:
    reader = await office.reader(100)
    await office.print("Под старыми настройками")
    await office.store.set_preferences(replace(reader, digest_only=True))
    await office.deliver()
    assert not office.phones.arrived


@pytest.mark.parametrize(
    "outcome",
    [RetryAfter(timedelta(seconds=5), Reason("flood")), OutcomeUnknown(Reason("answer_lost"))],
    ids=lambda outcome: type(outcome).__name__,
)
async def test_an_issue_that_did_not_get_through_is_sent_again(office: Office, outcome: Outcome) -> None:
    await _hold(office, 100)
    office.phones.answers = [outcome]
    await office.deliver(SEVEN_PM)
    assert not office.phones.issues
    await office.deliver(SEVEN_PM + timedelta(seconds=5))
    assert len(office.phones.issues) == 1


async def test_whoever_is_gone_gets_no_more_and_what_was_held_stays_so(office: Office) -> None:
    reader, story = await _hold(office, 100)
    office.phones.answers = [Gone(Reason("blocked"))]
    await office.deliver(SEVEN_PM)
    assert (await office.again(reader)).state is SubscriberState.GONE
    assert (await office.told(reader, story)).state is NotificationState.HELD
    await office.deliver(SEVEN_PM + DAY)
    assert not office.phones.issues


async def test_a_store_that_fails_to_write_it_down_makes_no_second_issue(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "IDLE", 0.01)
    reader, story = await _hold(office, 100)
    office.now = SEVEN_PM
    store = _failing(office, settle_digests=3)

    async def is_written_down() -> bool:
        return (await office.told(reader, story)).state is NotificationState.SENT

    await office.turn(office.wheel(store=store), is_written_down)
    assert len(office.phones.issues) == 1
    assert store.failures == {"settle_digests": 0}


def _failing(office: Office, **failures: int) -> Any:
    watched = office.watched()
    watched.failures = failures
    return watched


class _Broken:
    """A messenger with a bug in what it writes to one chat."""

    def __init__(self, office: Office, chat_id: int) -> None:
        self.office = office
        self.chat_id = chat_id

    async def push_digest(self, due: DigestDue, digest: Digest, silent: bool) -> Outcome:
        if due.subscriber.chat_id == self.chat_id:
            raise ZeroDivisionError
        outcome: Outcome = await self.office.phones.push_digest(due, digest, silent)
        return outcome


async def test_a_bug_in_one_issue_is_parked_and_holds_up_nobody(office: Office) -> None:
    (bad, story), _ = await _hold(office, 100), await _hold(office, 200)
    await office.deliver(SEVEN_PM, messenger=_Broken(office, 100))
    assert [issue.chat_id for issue in office.phones.issues] == [200]
    parked = await office.told(bad, story)
    assert (parked.state, parked.reason) == (NotificationState.PARKED, Reason("bug"))


async def test_two_wheels_on_one_database_send_one_issue(office: Office) -> None:
    for chat_id in range(100, 110):
        await _hold(office, chat_id)
    office.now = SEVEN_PM
    await asyncio.gather(office.deliver(), office.deliver())
    assert sorted(issue.chat_id for issue in office.phones.issues) == list(range(100, 110))


class _Slow:
    """A messenger whose pushes are answered only when it is let go; it notes the most digests in flight at once.

    A push makes it seven in the evening.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self.go = asyncio.Event()
        self.digests = 0
        self.most = 0
        self.finished = 0

    async def push(self, due: Due, silent: bool) -> Outcome:
        self.office.now = SEVEN_PM
        await self.go.wait()
        return Delivered(1)

    async def push_digest(self, due: DigestDue, digest: Digest, silent: bool) -> Outcome:
        self.digests += 1
        self.most = max(self.most, self.digests)
        await asyncio.sleep(0.03)
        self.digests -= 1
        self.finished += 1
        return Delivered(2)


@pytest.mark.parametrize(("pushing", "at_most"), [(True, 1), (False, delivery.DIGESTS)])
async def test_while_something_is_pushed_digests_go_one_at_a_time(
    office: Office, pushing: bool, at_most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "IDLE", 0.01)
    for chat_id in range(100, 112):
        await _hold(office, chat_id)
    office.now = SEVEN_PM - timedelta(seconds=pushing)
    slow = _Slow(office)
    if pushing:
        await office.reader(300)
        await office.print("Молния", Level.BREAKING)
        await office.expand()

    async def all_have_come() -> bool:
        if slow.finished == 12:
            slow.go.set()
        return slow.finished == 12

    await office.turn(office.wheel(messenger=slow), all_have_come)
    assert slow.most == at_most


async def test_a_clean_stop_waits_for_the_issue_in_flight_and_writes_it_down(office: Office) -> None:
    reader, story = await _hold(office, 100)
    office.now = SEVEN_PM
    slow = _Slow(office)

    async def is_in_flight() -> bool:
        return slow.digests == 1

    await office.turn(office.wheel(messenger=slow), is_in_flight)
    assert slow.finished == 1
    assert (await office.told(reader, story)).state is NotificationState.SENT


async def _hold(office: Office, chat_id: int) -> tuple[Subscriber, int]:
    """A reader with one story held for tonight."""
    office.now = NOON
    reader = await office.reader(chat_id, digest_only=True)
    await office.store.plan_digest(reader.id, DAILY, SEVEN_PM)
    story = await office.print(f"Для {chat_id}")
    await office.deliver()
    return reader, story
