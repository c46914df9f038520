"""/digest, and the buttons under an issue."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from bot.model import DigestKind, DigestPlan, Level
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import Person, World

ISSUE = [{"text": "Больше не присылать", "callback_data": "stopd:weekly"}]


def page_of(calls: list[Call]) -> Call:
    (menu,) = [call for call in calls if call.method == "editMessageText"]
    return menu


def texts_of(call: Call) -> list[str]:
    return [button["text"].replace("\u00a0", " ") for button in call.buttons]


def issue(person: Person, *more: dict[str, Any]) -> dict[str, Any]:
    """A digest in the chat, as its buttons are pressed."""
    return {**person.message(600), "text": "Главное за неделю", "reply_markup": {"inline_keyboard": [[*ISSUE, *more]]}}


@pytest.fixture
def hours_of_monday(world: World) -> None:
    """Monday, 17:40 in Moscow."""
    assert world.now == datetime(2026, 11, 23, 14, 40, tzinfo=UTC)


@pytest.mark.usefixtures("hours_of_monday")
async def test_a_daily_digest_comes_the_same_day(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    world.story("Алеппо", "syria", hours=3)
    (menu,) = await anna.says("/digest")
    assert "Сейчас: выкл." in menu.plain
    hours = page_of(await anna.presses(menu.button("Каждый день")))
    assert texts_of(hours)[:3] == ["06:00", "07:00", "08:00"]
    done = page_of(await anna.presses(hours.button("21:00")))
    assert done.plain.startswith("Готово! Первый выпуск — сегодня в 21:00, пока в нём 1 новость.")
    assert "Сейчас: каждый день в 21:00" in done.plain
    ((_, at),) = world.store.issues.items()
    assert at == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


async def test_a_daily_digest_whose_hour_is_past_comes_at_once(john: Person, world: World) -> None:
    await john.says("/follow syria")
    for number in range(3):
        world.story(f"Aleppo {number}", "syria", hours=3)
    done = page_of(await john.presses("digest:daily:9:-1"))
    assert done.plain.startswith("Done! The first issue is on its way: 3 stories.")
    assert list(world.store.issues.values()) == [world.now]


async def test_a_weekly_letter_asks_for_the_day_then_the_hour(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    world.story("Алеппо", "syria", hours=100)
    days = page_of(await anna.presses("settings:weekly"))
    assert texts_of(days)[:7] == ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"]
    hours = page_of(await anna.presses(days.button("Суббота")))
    assert "Суббота, в котором часу?" in hours.plain
    assert not world.store.issues
    done = page_of(await anna.presses(hours.button("10:00")))
    assert done.plain.startswith("Готово! Первый выпуск уже в пути: 1 новость.")
    assert "раз в неделю: суббота, 10:00" in done.plain
    assert [one.digests for one in world.store.subscribers.values()] == [
        (DigestPlan(DigestKind.WEEKLY, time(10), weekday=5),)
    ]
    assert "✅ Суббота" in texts_of(page_of(await anna.presses("settings:weekly")))


async def test_an_issue_that_falls_into_quiet_hours_is_promised_for_their_end(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    world.story("Алеппо", "syria")
    await anna.says("/quiet 17-7:30")
    done = page_of(await anna.presses("digest:daily:21:-1"))
    assert done.plain.startswith("Готово! Первый выпуск: завтра, 07:30, пока в нём 1 новость.")


async def test_a_pause_is_recalled_where_a_digest_is_promised(anna: Person) -> None:
    await anna.says("/pause")
    assert (
        "Готово! Сводка придёт, когда закончится пауза: /resume"
        in page_of(await anna.presses("digest:daily:21:-1")).plain
    )


async def test_nothing_to_tell_is_said(anna: Person) -> None:
    done = page_of(await anna.presses("digest:daily:9:-1"))
    assert done.plain.startswith("Готово! Рассказать пока не о чем")


async def test_another_hour_says_when_the_next_issue_comes(anna: Person) -> None:
    await anna.presses("digest:daily:9:-1")
    done = page_of(await anna.presses("digest:daily:8:-1"))
    assert done.plain.startswith("Готово! Следующий выпуск: завтра, 08:00.")


async def test_a_double_tap_plans_once_and_leaves_the_promise_standing(anna: Person, world: World) -> None:
    await anna.presses("digest:daily:9:-1")
    due = dict(world.store.issues)
    calls = await anna.presses("digest:daily:9:-1")
    assert [call.plain for call in calls] == ["Так уже и есть."]
    assert world.store.issues == due


async def test_a_digest_is_switched_off_in_the_menu(anna: Person, world: World) -> None:
    await anna.presses("digest:weekly:10:5")
    days = page_of(await anna.presses("settings:weekly"))
    assert "Сейчас: выкл." in page_of(await anna.presses(days.button("Выкл."))).plain
    assert not world.store.issues


async def test_digest_only_and_back(john: Person, world: World) -> None:
    (menu,) = await john.says("/digest")
    only = page_of(await john.presses(menu.button("Digest only")))
    assert "Now: at nine in the morning; at once only breaking news" in only.plain
    assert [one.digest_only for one in world.store.subscribers.values()] == [True]
    await john.presses(only.button("Everything at once"))
    assert [one.digest_only for one in world.store.subscribers.values()] == [False]


# --- under an issue ---


@pytest.mark.parametrize("kind", DigestKind)
async def test_one_tap_stops_and_the_news_stay_in_the_chat(anna: Person, world: World, kind: DigestKind) -> None:
    for plan in ("digest:daily:9:-1", "digest:weekly:10:5"):
        await anna.presses(plan)
    edited, toast = await anna.presses(f"stopd:{kind}", message=issue(anna))
    assert edited.method == "editMessageReplyMarkup"
    assert texts_of(edited) == ["⏹ Больше не приходит · изменить"]
    assert toast.method == "answerCallbackQuery"
    assert "больше" in toast.plain.casefold()
    (subscriber,) = world.store.subscribers.values()
    assert kind not in {plan.kind for plan in subscriber.digests}
    assert subscriber.catch_up == (kind is not DigestKind.MORNING)
    (again,) = await anna.presses(f"stopd:{kind}", message=issue(anna))
    assert again.plain == toast.plain


async def test_settings_open_below_an_issue(anna: Person) -> None:
    for page in ("quiet", "digest"):
        calls = await anna.presses(f"settings:{page}_below", message=issue(anna))
        assert [call.method for call in calls] == ["sendMessage", "answerCallbackQuery"]


async def test_who_was_told_less_is_told_at_once_again_by_the_button_under_the_letter(
    anna: Person, world: World
) -> None:
    await anna.presses("digestonly:1")
    (toast,) = await anna.presses("digestonly:0", message=issue(anna))
    assert toast.plain == "Готово. Изменить: /digest"
    assert [one.digest_only for one in world.store.subscribers.values()] == [False]


# --- do you still read this? ---


async def test_the_answer_is_a_sign_of_life(john: Person, world: World) -> None:
    await john.says("/start")
    (subscriber,) = world.store.subscribers
    world.store._change(subscriber, asked_at=world.now)
    answer = page_of(await john.presses("here"))
    assert answer.plain == "Good! Then everything stays as it is."
    assert world.store.subscribers[subscriber].asked_at is None


async def test_a_late_answer_offers_what_there_was_before(anna: Person, world: World) -> None:
    await anna.presses("digestonly:1")
    answer = page_of(await anna.presses("here"))
    assert answer.plain.startswith("Отлично! Сейчас сразу приходит только срочное")
    await anna.presses(answer.button("Снова присылать"))
    assert [one.digest_only for one in world.store.subscribers.values()] == [False]


async def test_commands_and_buttons_are_signs_of_life_and_a_groups_talk_is_none(
    group_admin: Person, world: World
) -> None:
    await group_admin.says("/follow сирия")
    world.now = world.now.replace(hour=20)
    await group_admin.says("всем привет")
    assert not world.store.signs_of_life
    await group_admin.says("/topics")
    await group_admin.presses("topics")
    assert world.store.signs_of_life == 1


async def test_stories_below_the_level_asked_for_are_not_in_the_first_issue(anna: Person, world: World) -> None:
    await anna.says("/follow главное")
    world.story("Мелочь", level=Level.ROUTINE)
    world.story("Важное", level=Level.MAJOR)
    done = page_of(await anna.presses("digest:daily:9:-1"))
    assert "1 новость" in done.plain
