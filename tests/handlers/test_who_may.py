"""Who may do what, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import FailingPoll, NotificationState, Status, SubscriberState
from handlers.limits import MOST_A_WINDOW, RateLimit
from handlers.rights import REFUSED_FOR, REMEMBERED_FOR
from tests.handlers.conftest import PUBLISHER, Person, World

TOO_MUCH = "Слишком много сразу. Через минуту с радостью продолжу."

# --- how often ---


async def test_past_the_limit_one_polite_answer_and_then_silence(anna: Person, world: World) -> None:
    world.pace = 0
    world.story("Алеппо")
    for _ in range(MOST_A_WINDOW):
        assert "Алеппо" in (await anna.says("/latest"))[0].plain
    assert [call.plain for call in await anna.says("/why")] == [TOO_MUCH]
    for text in ("/why", "/latest", "/follow слово", "/settings Берлин"):
        assert not await anna.says(text)
    assert not world.store.subscribers
    world.elapsed += 60
    assert "Алеппо" in (await anna.says("/latest"))[0].plain


async def test_buttons_count_too_and_are_answered_all_the_same(anna: Person, world: World) -> None:
    world.pace = 0
    for _ in range(MOST_A_WINDOW):
        await anna.presses("why:1")
    assert [call.plain for call in await anna.presses("why:1")] == [TOO_MUCH]
    assert [(call.method, call.plain) for call in await anna.presses("why:1")] == [("answerCallbackQuery", TOO_MUCH)]


async def test_what_costs_nothing_is_not_limited_nor_is_anybody_else(anna: Person, john: Person, world: World) -> None:
    world.pace = 0
    for _ in range(MOST_A_WINDOW + 2):
        await anna.says("/latest")
    assert (await anna.says("/help"))[0].plain
    assert (await anna.says("/pause"))[0].plain.startswith("Пауза")
    assert (await john.says("/latest"))[0].plain == "There is no news on your topics yet."


def test_what_is_remembered_of_the_pace_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.limits.MOST_REMEMBERED", 3)
    limit = RateLimit(lambda: 0.0)
    from bot.model import Subscriber

    for chat in range(10):
        limit._count(Subscriber(chat_id=chat))
    assert len(limit._windows) == 3
    assert (9, 0) in limit._windows


# --- administrators ---


async def test_administrators_are_looked_up_once_a_minute(group_admin: Person, world: World) -> None:
    world.pace = 0
    await group_admin.says("/follow сирия")
    await group_admin.says("/follow украина")
    assert len(world.session.said("getChatMember")) == 1
    world.session.admins.clear()
    world.elapsed += REMEMBERED_FOR
    await group_admin.says("/follow дипломатия")
    assert len(world.store.followed) == 2


async def test_a_new_administrator_waits_seconds_only(group_member: Person, world: World) -> None:
    world.pace = 0
    await group_member.says("/follow сирия")
    world.session.admins.add(group_member.user_id)
    world.elapsed += REFUSED_FOR
    await group_member.says("/follow сирия")
    assert len(world.store.followed) == 1


async def test_an_administrator_of_one_group_is_none_in_another(group_admin: Person, world: World) -> None:
    await group_admin.says("/follow сирия")
    world.session.admins.clear()
    elsewhere = Person(world, chat_id=-101, user_id=group_admin.user_id, chat_kind="supergroup")
    await elsewhere.says("/follow сирия")
    assert {one.chat_id for one in world.store.subscribers.values()} == {-100}


# --- another chat's buttons ---


BUTTONS = [
    "follow:{}:0",
    "level:{}:3",
    "sound:{}:0",
    "mutetopic:{}:24",
    "pause:1",
    "quiet:1320:480:1",
    "digest:daily:9:-1",
    "digestonly:1",
    "cap:3",
    "zone:Europe/Berlin",
    "lang:en",
    "stopd:daily",
    "forget:1",
]


@pytest.mark.parametrize("data", BUTTONS)
async def test_a_button_acts_on_the_chat_it_is_pressed_in(anna: Person, john: Person, world: World, data: str) -> None:
    await anna.says("/follow сирия")
    known = dict(world.store.subscribers), dict(world.store.followed)
    await john.presses(data.format(world.store.topic_ids["syria"]))
    (hers,) = known[0]
    assert world.store.subscribers[hers] == known[0][hers]
    assert {key: one for key, one in world.store.followed.items() if key[0] == hers} == known[1]


@pytest.mark.parametrize("data", BUTTONS)
async def test_a_strangers_press_in_somebodys_private_chat_is_refused(anna: Person, world: World, data: str) -> None:
    await anna.says("/follow сирия")
    known = dict(world.store.subscribers), dict(world.store.followed)
    forged = Person(world, chat_id=anna.chat_id, user_id=666)
    (answer,) = await forged.presses(data.format(world.store.topic_ids["syria"]))
    assert answer.plain == "Эта кнопка больше не работает. Откройте /topics ещё раз."
    assert (world.store.subscribers, world.store.followed) == known


@pytest.mark.parametrize("data", ["topics", "card:2", "settings:main", "stopd:weekly", "here"])
async def test_readers_of_a_channel_cannot_change_its_posts(world: World, data: str) -> None:
    reader = Person(world, chat_id=-200, user_id=5, chat_kind="channel")
    calls = await reader.presses(data)
    assert {call.method for call in calls} <= {"getChatMember", "answerCallbackQuery"}


# --- the publisher ---


FIGURES = Status(
    subscribers={SubscriberState.ACTIVE: 1234, SubscriberState.PAUSED: 5},
    notifications={NotificationState.DUE: 7, NotificationState.HELD: 21, NotificationState.PARKED: 1},
    oldest_due_at=datetime(2026, 11, 23, 14, 38, tzinfo=UTC),
    polled_at=datetime(2026, 11, 23, 14, 39, tzinfo=UTC),
    failing=(FailingPoll(source="Труд", url="https://www.trud.ru/rss", failures=3, error="HTTP 500 <html>"),),
)


async def test_the_publisher_sees_how_the_bot_is_doing(world: World) -> None:
    world.store.figures = FIGURES
    (said,) = await Person(world, chat_id=PUBLISHER, user_id=PUBLISHER).says("/admin")
    assert said.plain.split("\n") == [
        "Как дела у бота",
        "",
        "Подписчики: 1234; на паузе: 5; ушли: 0",
        "Ждут отправки: 7 (самое старое — 2 минуты)",
        "Отложены до сводки: 21",
        "Неизвестно, дошли ли: 0",
        "Не приняты в Telegram: 1",
        "Последний опрос источников: 17:39",
        "",
        "Не читаются:",
        "• Труд: HTTP 500 <html> (3 неудачи подряд)",
    ]


async def test_a_healthy_bot_says_so(world: World) -> None:
    publisher = Person(world, chat_id=PUBLISHER, user_id=PUBLISHER, language="en")
    (said,) = await publisher.says("/admin")
    assert said.plain.endswith("Sources last asked: never\n\nEvery source can be read.")


async def test_to_everybody_else_there_is_no_such_command(anna: Person, world: World) -> None:
    assert (await anna.says("/admin"))[0].plain == "Такой команды я не знаю. Что я умею: /help"
    assert not await Person(world, chat_id=-100, user_id=PUBLISHER, chat_kind="supergroup").says("/admin")


# --- whatever comes in ---


@pytest.mark.parametrize("command", ["follow", "unfollow", "settings", "quiet", "pause", "digest", "why", "start", "x"])
@pytest.mark.parametrize("filling", ["щ", "<b>", "a ", "🎈", "\u202e", "9", "-", '"'])
async def test_commands_of_the_greatest_length_are_answered_in_one_message(
    anna: Person, command: str, filling: str
) -> None:
    text = f"/{command} {filling * 4096}"[: 4096 if ord(filling[0]) < 0x10000 else 2048]
    answers = await anna.says(text)
    assert answers
    assert all("Извините" not in call.plain for call in answers)


UPDATES = [
    {"edited_message": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "text": "/start"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "new_chat_title": "x"}},
    {"callback_query": {"id": "1", "from": {"id": 7, "is_bot": False, "first_name": "x"}, "chat_instance": "1"}},
    {"inline_query": {"id": "1", "from": {"id": 7, "is_bot": False, "first_name": "x"}, "query": "", "offset": ""}},
]


@pytest.mark.parametrize("content", UPDATES, ids=lambda content: next(iter(content)))
async def test_updates_that_are_not_for_us_change_nothing(world: World, content: dict[str, object]) -> None:
    calls = await world.update(content)
    assert {call.method for call in calls} <= {"answerCallbackQuery"}
    assert not world.store.subscribers


async def test_a_command_without_a_sender_is_answered(world: World) -> None:
    chat = {"id": -100, "type": "supergroup", "title": "…"}
    calls = await world.update({"message": {"message_id": 1, "date": 1, "chat": chat, "text": "/pause"}})
    assert [call.plain for call in calls] == ["Only administrators can change settings here."]
    assert not world.store.subscribers


async def test_a_stale_now_is_no_matter(anna: Person, world: World) -> None:
    """The clock jumped back an hour."""
    await anna.says("/start")
    world.now -= timedelta(hours=1)
    assert (await anna.says("/settings"))[0].plain.startswith("⚙️")
    assert not world.store.signs_of_life
