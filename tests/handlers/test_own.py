"""A topic in one's own words: asked for, looked at, followed, changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.model import Level
from bot.subscribers import archive
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import Person, World
from tests.handlers.test_topics import labels, of, toast


async def answers(person: Person, question: Call, text: str) -> list[Call]:
    """Reply to the bot's latest message, as Telegram's apps do when they were asked to."""
    asked = {**person.message(person.world.session._next_message), "text": question.plain}
    return await person.says(text, reply_to_message=asked)


async def asks(person: Person, data: str) -> Call:
    calls = await person.presses(data)
    return of(calls, "sendMessage")[0]


def queries(world: World) -> list[str | None]:
    return [one.topic.query for one in world.store.followed.values()]


async def test_the_menu_asks_for_words_shows_what_they_bring_and_follows_them(anna: Person, world: World) -> None:
    for number in range(14):
        world.story(f"В Женеве прошли переговоры, день {number}", hours=number + 1)
    (menu,) = await anna.says("/topics")
    question = await asks(anna, menu.button("Своя тема"))
    assert question.data["reply_markup"]["force_reply"] is True
    assert question.plain.startswith("За чем следить? Ответьте на это сообщение")

    (shown,) = await answers(anna, question, "Женева переговоры")

    lines = shown.plain.replace("\u00a0", " ").splitlines()
    assert lines[:3] == ["женева переговоры", "", "За 7 дней — 14 новостей. Буду сообщать: важное, ≈2 в день."]
    assert lines[4:] == [
        "Последние:",
        "• В Женеве прошли переговоры, день 0 — 16:40",
        "• В Женеве прошли переговоры, день 1 — 15:40",
        "• В Женеве прошли переговоры, день 2 — 14:40",
    ]
    assert labels(shown) == ["✅ Следить", "✏️ Другие слова", "✖️ Отмена"]
    assert not world.store.followed

    (said,) = of(await anna.presses(shown.button("Следить")), "editMessageText")
    assert said.plain.startswith("Готово! Вы следите за темой женева переговоры: важное")
    assert queries(world) == ["женева переговоры"]


async def test_who_only_looks_is_not_remembered_and_can_leave_it(anna: Person, world: World) -> None:
    question = await asks(anna, "words:0")
    (shown,) = await answers(anna, question, "женева")
    (said,) = of(await anna.presses(shown.button("Отмена")), "editMessageText")
    assert said.plain == "Хорошо, ничего не изменилось."
    assert not world.store.subscribers


async def test_the_next_message_is_taken_as_the_words_even_if_it_is_no_reply(anna: Person) -> None:
    await asks(anna, "words:0")
    (shown,) = await anna.says("женева переговоры")
    assert shown.button("Следить")


async def test_a_misspelt_word_gets_the_known_one_as_a_button(anna: Person, world: World) -> None:
    world.story("Кризис в Алеппо")
    (shown,) = await anna.says("Олеппо")
    assert shown.plain == "олеппо\n\nЗа 7 дней таких новостей не было.\n\nМожет быть, вы имели в виду:"
    assert labels(shown) == ["🔎 алеппо", "✅ Следить", "✏️ Другие слова", "✖️ Отмена"]

    (better,) = of(await anna.presses(shown.button("алеппо")), "editMessageText")
    assert "Кризис в Алеппо" in better.plain
    await anna.presses(better.button("Следить"))
    assert queries(world) == ["алеппо"]


async def test_a_command_follows_at_once_and_a_better_spelling_takes_its_place_by_one_tap(
    anna: Person, world: World
) -> None:
    world.story("Кризис в Алеппо")
    (said,) = await anna.says("/follow Олеппо")
    assert said.plain.startswith("Готово! Вы следите за темой олеппо: всё подряд.")
    assert said.plain.endswith("Может быть, вы имели в виду вот это? Одно нажатие заменит тему.")
    assert queries(world) == ["олеппо"]

    (changed,) = of(await anna.presses(said.button("алеппо")), "editMessageText")

    assert changed.plain.startswith("Готово! Вы следите за темой алеппо: всё подряд, ≈1 в неделю.")
    assert queries(world) == ["алеппо"]


async def test_a_command_is_undone_by_one_tap(anna: Person, world: World) -> None:
    (said,) = await anna.says("/follow женева")
    await anna.presses(said.button("Не следить"))
    assert not world.store.followed


def fill(world: World, *titles: str, times: int = 30) -> None:
    for number in range(times):
        for title in titles:
            world.story(f"{title}, часть {number}", hours=1 + number / 10)


async def test_what_is_too_broad_is_refused_with_its_share_and_narrower_ones_offered(
    anna: Person, world: World
) -> None:
    fill(world, "Нефть: цены растут в Китае", "Нефть: добыча падает в Иране", "Нефть дорожает", "Футбол: ничья")
    for text in ("/follow нефть", "нефть"):
        (said,) = await anna.says(text)
        assert "Это 75 % всех новостей" in said.plain.replace("\u00a0", " ")
        assert not any("Следить" in label for label in labels(said))
        narrower = [label for label in labels(said) if label.startswith("🔎 нефть ")]
        assert narrower
    assert not world.store.followed
    (shown,) = of(await anna.presses(said.button(narrower[0])), "editMessageText")
    assert await anna.presses(shown.button("Следить"))
    assert queries(world) == [narrower[0].removeprefix("🔎 ")]


async def test_what_brings_very_much_is_followed_with_narrower_ones_beside_it(anna: Person, world: World) -> None:
    fill(world, "Нефть: цены растут в Китае", "Нефть: добыча падает в Иране", times=40)
    fill(world, "Футбол: ничья", "Балет: премьера", "Погода: снег", "Шахматы: победа", times=60)
    (said, _card) = await anna.says("/follow нефть")
    assert "Это много. Может быть, лучше так? Одно нажатие заменит тему." in said.plain
    narrower = [label for label in labels(said) if label.startswith("🔎 нефть ")]
    await anna.presses(said.button(narrower[0]))
    assert queries(world) == [narrower[0].removeprefix("🔎 ")]


# --- changing one's own topic ---


async def card_of(person: Person, world: World, query: str) -> Call:
    topic = next(one.topic for one in world.store.followed.values() if one.topic.query == query)
    return of(await person.presses(f"card:{topic.id}"), "editMessageText")[0]


async def test_changing_the_words_shows_the_difference_and_keeps_the_settings(anna: Person, world: World) -> None:
    for number in range(5):
        world.story(f"Переговоры в Женеве, день {number}")
        world.story(f"Переговоры в Вене, день {number}")
    await anna.says("/follow переговоры")
    (key, subscription) = next(iter(world.store.followed.items()))
    until = world.now + timedelta(days=1)
    world.store.followed[key] = replace(subscription, level=Level.MAJOR, sound=False, muted_until=until)
    card = await card_of(anna, world, "переговоры")
    question = await asks(anna, card.button("Изменить"))
    assert question.plain.startswith("Сейчас: переговоры")

    (shown,) = await answers(anna, question, "переговоры женева")

    lines = shown.plain.replace("\u00a0", " ").splitlines()
    assert lines[:5] == [
        "переговоры →",
        "переговоры женева",
        "",
        "За 7 дней — 5 новостей: на 5 меньше, чем сейчас.",
        "Уровень, звук и молчание останутся как есть: важное, ≈5 в неделю.",
    ]
    assert queries(world) == ["переговоры"]
    (said,) = of(await anna.presses(shown.button("✅ Изменить")), "editMessageText")
    assert said.plain.startswith("Готово! Вы следите за темой переговоры женева: важное")
    (changed,) = world.store.followed.values()
    assert (changed.topic.query, changed.level, changed.sound) == ("переговоры женева", Level.MAJOR, False)
    assert changed.muted_until == until


async def test_a_built_in_topic_has_no_words_to_change(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    topic = world.store.topic_ids["syria"]
    (card,) = of(await anna.presses(f"card:{topic}"), "editMessageText")
    assert not any("Изменить" in label for label in labels(card))
    assert toast(await anna.presses(f"words:{topic}")) == "Вы уже не следите за этой темой."


async def test_one_may_not_follow_more_than_the_limit_but_change_what_there_is(anna: Person, world: World) -> None:
    for number in range(50):
        await anna.says(f"/follow слово{number}")
    (said,) = await anna.says("ещё одно")
    assert said.plain.startswith("Своих тем у вас уже 50")
    card = await card_of(anna, world, "слово7")
    (shown,) = await answers(anna, await asks(anna, card.button("Изменить")), "другое")
    await anna.presses(shown.button("Изменить"))
    assert "другое" in queries(world)
    assert len(queries(world)) == 50


# --- what may go wrong ---


async def test_the_same_words_in_another_order_and_form_are_followed_already(anna: Person, world: World) -> None:
    await anna.says("/follow бои Сирия")
    (said,) = await anna.says("/follow Сирии бой")
    assert said.plain.startswith("Вы уже следите за темой бои сирия")
    (shown,) = await anna.says("сирия бои")
    assert "Вы уже за этим следите." in shown.plain
    assert len(world.store.followed) == 1


@pytest.mark.parametrize("data", ["own:{}:0", "own:{}:1", "draft:{}", "words:{}"])
async def test_anothers_buttons_tell_nothing_and_change_nothing(
    anna: Person, john: Person, world: World, data: str
) -> None:
    (shown,) = await john.says("secret words")
    await john.presses(shown.button("Follow"))
    ids = {*world.store.drafts, *(one.topic.id for one in world.store.followed.values())}
    for number in ids:
        calls = await anna.presses(data.format(number))
        assert "secret" not in str([call.data for call in calls])
    assert len(world.store.followed) == 1


async def test_a_double_tap_follows_once(anna: Person, world: World) -> None:
    (shown,) = await anna.says("женева")
    await anna.presses(shown.button("Следить"))
    (said,) = of(await anna.presses(shown.button("Следить")), "editMessageText")
    assert said.plain.startswith("Вы уже следите за темой женева")
    assert len(world.store.followed) == 1


async def test_a_stale_change_of_a_topic_that_was_dropped_makes_a_new_one(anna: Person, world: World) -> None:
    (said,) = await anna.says("/follow женева")
    card = await card_of(anna, world, "женева")
    (shown,) = await answers(anna, await asks(anna, card.button("Изменить")), "вена")
    await anna.presses(said.button("Не следить"))
    await anna.presses(shown.button("Изменить"))
    assert queries(world) == ["вена"]


async def test_words_that_cannot_be_read_are_asked_for_again(anna: Person, world: World) -> None:
    question = await asks(anna, "words:0")
    (said,) = await answers(anna, question, "(женева")
    assert said.plain == "Скобка не закрыта (знак 1)"
    assert labels(said) == ["✏️ Другие слова", "✖️ Отмена"]


async def test_in_a_group_only_a_reply_of_an_administrator_is_an_answer(
    group_admin: Person, group_member: Person, world: World
) -> None:
    question = await asks(group_admin, "words:0")
    assert question.data["reply_markup"]["selective"] is True
    assert question.plain.startswith("Анна,\nЗа чем следить?")
    assert await group_admin.says("женева переговоры") == []
    refused = await answers(group_member, question, "женева переговоры")
    assert refused[-1].plain == "Здесь настройки меняют только администраторы."
    world.session._next_message -= 1
    shown = (await answers(group_admin, question, "женева переговоры"))[-1]
    await group_admin.presses(shown.button("Следить"))
    assert queries(world) == ["женева переговоры"]


async def test_in_a_group_replies_to_other_messages_are_left_alone(group_admin: Person) -> None:
    other: dict[str, Any] = {**group_admin.message(77), "text": "…"}
    assert await group_admin.says("женева", reply_to_message=other) == []


async def test_forget_takes_the_drafts_along(anna: Person, world: World) -> None:
    await anna.says("/follow женева")
    await anna.says("вена")
    assert world.store.drafts
    await anna.presses("forget:1")
    assert not world.store.drafts


async def test_the_conversation_is_in_english_too(john: Person, world: World) -> None:
    world.story("Geneva talks go on")
    (shown,) = await john.says("Geneva talks")
    lines = shown.plain.splitlines()
    assert lines[:5] == [
        "geneva talks",
        "",
        "1 story in the last 7 days. I would notify of: everything, ≈1 a week.",
        "",
        "The latest:",
    ]
    assert labels(shown) == ["✅ Follow", "✏️ Other words", "✖️ Cancel"]


@pytest.mark.parametrize("text", ["женева", "/follow женева", "/search женева"])
async def test_who_would_have_to_wait_for_others_too_long_is_told_so(
    anna: Person, world: World, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(archive, "LONGEST_WAIT", 0.01)
    async with world.use_cases.trials:
        (said,) = await anna.says(text)
    assert said.plain.startswith("Сейчас ищут многие сразу.")
    assert "Сейчас" not in (await anna.says(text))[0].plain


async def test_what_was_read_in_time_is_answered_from(
    anna: Person, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world, "Женева", "Погода: снег", times=20)
    monkeypatch.setattr(archive, "PATIENCE", 0)
    monkeypatch.setattr(archive, "PAGE", 10)
    (shown,) = await anna.says("женева")
    assert "примерно" in shown.plain
    (nothing,) = await anna.says("балет")
    assert "все новости за 7 дней просмотреть не удалось" in nothing.plain
    (found,) = await anna.says("/search балет")
    assert "искал с 16:" in found.plain.replace("\u00a0", " ")
