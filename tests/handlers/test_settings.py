"""/settings and /quiet, button by button, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.model import Level, QuietHours, Subscriber
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import Person, World


def shown(calls: list[Call]) -> Call:
    """The menu in place of the message whose button was pressed."""
    (menu,) = [call for call in calls if call.method == "editMessageText"]
    return menu


def labels(call: Call) -> list[str]:
    return [button["text"].replace("\u00a0", " ") for button in call.buttons]


def chosen(call: Call) -> list[str]:
    return [text.removeprefix("✅ ") for text in labels(call) if text.startswith("✅")]


def only(world: World) -> Subscriber:
    (subscriber,) = world.store.subscribers.values()
    return subscriber


# --- /settings ---


async def test_settings_say_what_holds(anna: Person, world: World) -> None:
    (said,) = await anna.says("/settings")
    assert said.plain.split("\n") == [
        "⚙️ Настройки",
        "",
        "Язык: Русский",
        "Часовой пояс: Москва, UTC+3 (сейчас 17:40)",
        "Тихие часы: выкл.",
        "Сводка: выкл.",
        "В день не больше: без ограничений",
        "Со звуком: всё подряд",
        "Продолжения: вкл.",
    ]
    assert not world.store.subscribers


async def test_settings_say_it_in_english(john: Person) -> None:
    (said,) = await john.says("/settings")
    assert "Time zone: Moscow, UTC+3 (17:40 now)" in said.plain
    assert labels(said)[:7] == [
        "🌐 Language",
        "🕘 Time zone",
        "🌙 Quiet hours",
        "🗞 Digest",
        "🔢 How much a day",
        "🔔 Sound",
        "↩️ Follow-ups",
    ]


async def test_every_page_opens_in_place_and_leads_back(anna: Person) -> None:
    (menu,) = await anna.says("/settings")
    for button in menu.buttons:
        page = shown(await anna.presses(button["callback_data"]))
        if button["callback_data"] != "topics":
            assert "‹ Настройки" in labels(page)
            assert shown(await anna.presses("settings:main")).plain == menu.plain


async def test_the_language_is_chosen_and_spoken_at_once(anna: Person, world: World) -> None:
    page = shown(await anna.presses("settings:language"))
    assert labels(page) == ["✅ Русский", "English", "‹ Настройки"]
    assert shown(await anna.presses(page.button("English"))).plain.startswith("⚙️ Settings")
    assert only(world).language == "en"
    assert (await anna.says("/help"))[0].plain.startswith("I tell you")


async def test_the_daily_cap_is_chosen(anna: Person, world: World) -> None:
    page = shown(await anna.presses("settings:cap"))
    assert chosen(page) == ["без ограничений"]
    page = shown(await anna.presses(page.button("5")))
    assert chosen(page) == ["5"]
    assert only(world).daily_cap == 5
    await anna.presses(page.button("без ограничений"))
    assert only(world).daily_cap is None


async def test_the_sound_is_chosen(john: Person, world: World) -> None:
    page = shown(await john.presses("settings:sound"))
    assert labels(page)[:4] == ["breaking", "major", "notable", "✅ everything"]
    assert chosen(shown(await john.presses(page.button("major")))) == ["major"]
    assert only(world).sound_from is Level.MAJOR


async def test_a_zone_is_chosen_by_button(anna: Person, world: World) -> None:
    page = shown(await anna.presses("settings:zone"))
    assert chosen(page) == ["Москва +3"]
    page = shown(await anna.presses(page.button("Екатеринбург +5")))
    assert "Сейчас: Екатеринбург, UTC+5 (сейчас 19:40)" in page.plain
    assert only(world).time_zone == "Asia/Yekaterinburg"


@pytest.mark.parametrize(
    ("said", "zone", "answer"),
    [
        ("Казань", "Europe/Moscow", "Москва, UTC+3 (сейчас 17:40)"),
        ("+5", "Etc/GMT-5", "UTC+5 (сейчас 19:40)"),
        ("UTC+3:30", "Asia/Tehran", "Тегеран, UTC+3:30 (сейчас 18:10)"),
        ("berlin", "Europe/Berlin", "Берлин, UTC+1 (сейчас 15:40)"),
    ],
)
async def test_a_zone_is_named(anna: Person, world: World, said: str, zone: str, answer: str) -> None:
    (page,) = await anna.says(f"/settings {said}")
    assert f"Сейчас: {answer}" in page.plain
    assert only(world).time_zone == zone


async def test_a_misspelt_city_is_offered(anna: Person, world: World) -> None:
    (said,) = await anna.says("/settings екатиринбурк")
    assert labels(said) == ["Екатеринбург +5", "‹ Настройки"]
    assert not world.store.subscribers
    await anna.presses(said.button("Екатеринбург"))
    assert only(world).time_zone == "Asia/Yekaterinburg"


async def test_an_unknown_city_is_answered_with_what_would_do(anna: Person, world: World) -> None:
    (said,) = await anna.says("/settings Атлантида-на-Амуре <b>")
    assert said.plain.startswith("Такого города я не знаю")
    assert not world.store.subscribers


# --- /quiet ---


async def test_quiet_hours_are_chosen_and_breaking_news_passes_or_not(anna: Person, world: World) -> None:
    (menu,) = await anna.says("/quiet")
    assert labels(menu) == ["22:00–08:00", "23:00–07:00", "23:00–08:00", "00:00–09:00", "✅ Выкл.", "‹ Настройки"]
    page = shown(await anna.presses(menu.button("23:00–07:00")))
    assert chosen(page) == ["23:00–07:00"]
    assert "Сейчас: 23:00–07:00, кроме срочного" in page.plain
    assert only(world).quiet == QuietHours(time(23), time(7))
    page = shown(await anna.presses(page.button("подождёт")))
    assert only(world).quiet == QuietHours(time(23), time(7), breaking_passes=False)
    page = shown(await anna.presses(page.button("22:00")))
    assert only(world).quiet == QuietHours(time(22), time(8), breaking_passes=False)
    await anna.presses(page.button("Выкл."))
    assert only(world).quiet is None


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("22:30-7:15", (time(22, 30), time(7, 15))),
        ("22–8", (time(22), time(8))),
        ("с 23 до 7", (time(23), time(7))),
        ("from 23:00 to 7:30", (time(23), time(7, 30))),
        ("0:00-24:00", (time(0), time(0))),
    ],
)
async def test_own_quiet_hours_are_written(anna: Person, world: World, said: str, hours: tuple[time, time]) -> None:
    (page,) = await anna.says(f"/quiet {said}")
    assert only(world).quiet == QuietHours(*hours)
    assert ("круглые сутки" in page.plain) == (hours[0] == hours[1])


@pytest.mark.parametrize("said", ["выкл", "off"])
async def test_quiet_hours_are_ended_by_a_word(anna: Person, world: World, said: str) -> None:
    await anna.says("/quiet 22-8")
    await anna.says(f"/quiet {said}")
    assert only(world).quiet is None


@pytest.mark.parametrize("said", ["ночью", "25-7", "22:60-7", "22", "22-", "9" * 4000, "22-7-8"])
async def test_what_are_no_hours_sets_nothing(john: Person, world: World, said: str) -> None:
    (answer,) = await john.says(f"/quiet {said}")
    assert answer.plain == "I didn’t get the hours. Write them like this: /quiet 22:30-7:15"
    assert not world.store.subscribers


async def test_who_stopped_the_morning_message_can_have_it_back(anna: Person, world: World) -> None:
    await anna.says("/quiet 22-8")
    await anna.presses("stopd:morning")
    (page,) = await anna.says("/quiet")
    assert "Сообщение о накопившемся вы отключили" in page.plain
    await anna.presses(page.button("Снова присылать"))
    assert only(world).catch_up


# --- double taps, stale and forged buttons ---


@pytest.mark.parametrize(
    "data",
    ["quiet:1320:480:1", "cap:3", "soundfrom:3", "zone:Europe/Berlin", "lang:ru", "digestonly:1", "settings:digest"],
)
async def test_a_double_tap_changes_nothing_more(anna: Person, world: World, data: str) -> None:
    await anna.says("/start")
    shown(await anna.presses(data))
    after = only(world)
    (answer,) = await anna.presses(data)
    assert answer.method == "answerCallbackQuery"
    assert only(world) == after


@pytest.mark.parametrize(
    "data",
    [
        "quiet:1440:480:1",
        "quiet:1:2",
        "cap:-1",
        "cap:1001",
        "soundfrom:4",
        "zone:Mars/Olympus",
        "zone:../../etc/passwd",
        "zone:localtime",
        "lang:de",
        "lang:ru; DROP",
        "settings:nowhere",
        "settings:",
        "digest:yearly:9:-1",
        "digest:daily:24:-1",
        "digest:weekly:9:7",
        "digest:weekly:9:-1",
        "pause:8785",
        "pause:-1",
        "mutetopic:1:-1",
        "mutetopic:1:8785",
        "stopd:hourly",
        "digestonly:maybe",
    ],
)
async def test_forged_settings_are_answered_kindly_and_set_nothing(anna: Person, world: World, data: str) -> None:
    (answer,) = await anna.presses(data)
    assert answer.plain == "Эта кнопка больше не работает. Откройте /topics ещё раз."
    assert not world.store.subscribers


async def test_the_clock_of_the_page_follows_the_season(anna: Person, world: World) -> None:
    await anna.says("/settings Берлин")
    world.now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert "Берлин, UTC+2 (сейчас 14:00)" in (await anna.says("/settings"))[0].plain
