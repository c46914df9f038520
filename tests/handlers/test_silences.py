"""Pauses for a time, muted topics and stories, and the nights of those without quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Notification, NotificationState, SubscriberState
from handlers import spoken
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import Person, World


def edited(calls: list[Call]) -> Call:
    (menu,) = [call for call in calls if call.method == "editMessageText"]
    return menu


async def test_a_pause_holds_at_once_and_is_given_an_end_by_a_button(anna: Person, world: World) -> None:
    (menu,) = await anna.says("/pause")
    (subscriber,) = world.store.subscribers
    assert world.store.subscribers[subscriber].state is SubscriberState.PAUSED
    assert menu.plain.startswith("Пауза, пока не скажете /resume.")
    for button, until, said in (
        ("На час", world.now + timedelta(hours=1), "18:40"),
        ("До утра", datetime(2026, 11, 24, 6, 0, tzinfo=UTC), "завтра, 09:00"),
        ("На неделю", world.now + timedelta(days=7), "30 ноября, 17:40"),
    ):
        page = edited(await anna.presses(menu.button(button)))
        assert page.plain.startswith(f"Пауза до {said}.")
        assert world.store.subscribers[subscriber].paused_until == until
    await anna.presses(menu.button("Возобновить"))
    assert world.store.subscribers[subscriber].state is SubscriberState.ACTIVE
    assert world.store.subscribers[subscriber].paused_until is None


async def test_a_pause_for_a_time_is_written(john: Person, world: World) -> None:
    (said,) = await john.says("/pause 2d")
    assert said.plain.startswith("Paused until 25 November, 17:40.")
    assert [one.paused_until for one in world.store.subscribers.values()] == [world.now + timedelta(days=2)]
    (said,) = await john.says("/pause whenever")
    assert said.plain == "For how long? For example: /pause 3h or /pause 2d"
    assert [one.paused_until for one in world.store.subscribers.values()] == [world.now + timedelta(days=2)]


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("3ч", 3),
        ("3 часа", 3),
        ("на 3 часа", 3),
        ("2d", 48),
        ("2д", 48),
        ("90 мин", 1.5),
        ("час", 1),
        ("неделю", 168),
        ("a week", 168),
        ("for an hour", 1),
        ("1ч 30м", 1.5),
        ("1h30m", 1.5),
        ("2 нед.", 336),
        ("366 d", 8784),
    ],
)
def test_durations_are_read_as_people_write_them(said: str, hours: float) -> None:
    assert spoken.duration(said) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "said", ["", "0ч", "3", "ч3", "-3ч", "367d", "9999 w", "3 слона", "завтра", "3ч!", "٣ч", "1" * 99]
)
def test_what_is_no_duration_is_none(said: str) -> None:
    assert spoken.duration(said) is None


async def test_a_topic_is_silent_for_a_time(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    card = edited(await anna.presses(f"card:{world.store.topic_ids['syria']}"))
    card = edited(await anna.presses(card.button("🤫 На день")))
    assert card.plain.endswith("Молчу до завтра, 17:40")
    assert [one.muted_until for one in world.store.followed.values()] == [world.now + timedelta(days=1)]
    card = edited(await anna.presses(card.button("Больше не молчать")))
    assert "Молчу" not in card.plain
    assert [one.muted_until for one in world.store.followed.values()] == [None]


async def test_a_silence_that_is_over_is_not_shown(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    topic = world.store.topic_ids["syria"]
    await anna.presses(f"mutetopic:{topic}:24")
    world.now += timedelta(days=2)
    assert "Молчу" not in edited(await anna.presses(f"card:{topic}")).plain


async def test_a_story_is_muted_from_the_answer_to_why(anna: Person, world: World) -> None:
    story = world.story("Алеппо", "syria")
    await anna.says("/follow сирия")
    (why,) = await anna.says("/why")
    for _ in range(2):
        *changed, toast = await anna.presses(why.button("Больше не об этом"))
        assert toast.plain == "Об этой новости больше не напишу."
    assert {muted for _, muted in world.store.muted_stories} == {story.id}
    (why,) = await anna.says("/why")
    *changed, toast = await anna.presses(why.button("Снова сообщать"))
    assert changed[0].method == "editMessageReplyMarkup"
    assert changed[0].button("Больше не об этом")
    assert not world.store.muted_stories


async def test_a_story_that_is_gone_cannot_be_muted(anna: Person, world: World) -> None:
    (toast,) = await anna.presses("mute:123456:1")
    assert toast.plain == "Этой новости больше нет в архиве."
    assert not world.store.subscribers


@pytest.mark.parametrize(
    ("local_hour", "offered"), [(22, False), (23, True), (3, True), (6, True), (7, False), (12, False)]
)
async def test_after_a_push_at_night_why_offers_quiet_hours(
    anna: Person, world: World, local_hour: int, offered: bool
) -> None:
    await anna.says("/follow сирия")
    story = world.story("Алеппо", "syria")
    (subscriber,) = world.store.subscribers
    pushed_at = datetime(2026, 11, 22, (local_hour - 3) % 24, 30, tzinfo=UTC)
    sent = Notification(
        story_id=story.id,
        subscriber_id=subscriber,
        topic_id=world.store.topic_ids["syria"],
        created_at=pushed_at,
        due_at=pushed_at,
        state=NotificationState.SENT,
    )
    world.store.notify(sent)
    assert ("/quiet" in (await anna.says("/why"))[0].plain) == offered
    await anna.says("/quiet 22-8")
    assert "/quiet" not in (await anna.says("/why"))[0].plain


async def test_a_readers_question_is_no_post_in_a_channel(world: World) -> None:
    story = world.story("Алеппо", "syria")
    channel = Person(world, chat_id=-200, user_id=5, chat_kind="channel")
    (answer,) = await channel.presses(f"why:{story.id}")
    assert answer.method == "answerCallbackQuery"
    assert answer.plain == "Важность: важное\nНа главной странице источника — 1‑е место"
