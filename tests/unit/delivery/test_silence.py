"""Whoever gave no sign of life for two weeks is asked once; a week later the weekly letter is all they get."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import DigestKind, Gone, Level, Reason, RetryAfter, SubscriberState

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)

Office = Any
"""conftest.Office."""


async def test_one_question_then_the_weekly_letter_only(office: Office) -> None:
    reader = await office.reader(100)
    await office.deliver(NOON + 14 * DAY - timedelta(seconds=1))
    assert office.phones.asked == []
    await office.deliver(NOON + 14 * DAY)
    await office.deliver(NOON + 20 * DAY)
    assert office.phones.asked == [100]
    assert (await office.again(reader)).digest_only is False

    await office.deliver(NOON + 21 * DAY)
    slowed = await office.again(reader)
    assert (slowed.digest_only, [plan.kind for plan in slowed.digests]) == (True, [DigestKind.WEEKLY])
    story = await office.print("Новость")
    await office.print("Молния", Level.BREAKING)
    await office.deliver()
    assert set(office.phones.arrived) == {(100, "Молния")}
    assert (await office.told(reader, story)).reason == Reason("digest_only")

    saturday = datetime(2026, 12, 19, 7, 0, tzinfo=UTC)
    await office.deliver(saturday)
    assert [(issue.kind, issue.headlines) for issue in office.phones.issues] == [(DigestKind.WEEKLY, ("Новость",))]
    await office.deliver(saturday + 30 * DAY)
    assert office.phones.asked == [100]


async def test_an_answer_is_a_sign_of_life(office: Office) -> None:
    reader = await office.reader(100)
    await office.deliver(NOON + 14 * DAY)
    await office.store.note_seen(reader.id, NOON + 15 * DAY)
    await office.deliver(NOON + 28 * DAY)
    assert (await office.again(reader)).digest_only is False
    await office.deliver(NOON + 29 * DAY)
    assert office.phones.asked == [100, 100]


async def test_nobody_who_follows_nothing_or_left_is_asked(office: Office) -> None:
    nothing, gone = await office.reader(100), await office.reader(200)
    await office.store.unfollow(nothing.id, office.syria)
    await office.store.set_chat_state(gone.chat_id, SubscriberState.GONE)
    await office.deliver(NOON + 14 * DAY)
    assert office.phones.asked == []


async def test_a_question_that_was_not_sent_is_asked_later_and_whoever_blocked_the_bot_is_gone(office: Office) -> None:
    reader = await office.reader(100)
    office.phones.answers = [RetryAfter(timedelta(seconds=5), Reason("flood"))]
    await office.deliver(NOON + 14 * DAY, patient=False)
    assert office.phones.asked == []
    office.phones.answers = [Gone(Reason("blocked"))]
    await office.deliver(NOON + 14 * DAY + timedelta(minutes=1))
    assert (await office.again(reader)).state is SubscriberState.GONE


async def test_a_bug_in_a_question_holds_up_nobody(office: Office) -> None:
    class Broken:
        async def ask(self, subscriber: Any) -> Any:
            if subscriber.chat_id == 100:
                raise ZeroDivisionError
            return await office.phones.ask(subscriber)

    await office.reader(100)
    await office.reader(200)
    await office.deliver(NOON + 14 * DAY, messenger=Broken(), patient=False)
    assert office.phones.asked == [200]
