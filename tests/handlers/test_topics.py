"""The menu of topics and its cards, button by button."""

from __future__ import annotations

import pytest

from bot.model import Level
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import Person, World


def of(calls: list[Call], method: str) -> list[Call]:
    return [call for call in calls if call.method == method]


def toast(calls: list[Call]) -> str:
    (answer,) = of(calls, "answerCallbackQuery")
    return answer.plain


def labels(call: Call) -> list[str]:
    return [button["text"].replace("\u00a0", " ") for button in call.buttons]


async def test_a_topic_is_followed_by_its_button_and_its_latest_story_comes(anna: Person, world: World) -> None:
    world.story("Кризис в Алеппо", "syria")
    (menu,) = await anna.says("/topics")
    calls = await anna.presses(menu.button("➕ Сирия"))
    assert "✅ Сирия" in labels(of(calls, "editMessageText")[0])
    assert of(calls, "sendMessage")[0].plain.startswith("Кризис в Алеппо")
    assert toast(calls) == "Сирия — готово!"


async def test_a_topic_without_news_says_so(anna: Person, world: World) -> None:
    (menu,) = await anna.says("/topics")
    calls = await anna.presses(menu.button("➕ Сирия"))
    assert not of(calls, "sendMessage")
    assert toast(calls) == "Сирия — готово! Новостей пока нет."


async def test_a_double_tap_follows_once(anna: Person, world: World) -> None:
    world.story("Кризис в Алеппо", "syria")
    data = (await anna.says("/topics"))[0].button("➕ Сирия")
    await anna.presses(data)
    again = await anna.presses(data)
    assert not of(again, "sendMessage")
    assert toast(again) == "Сирия — за этим вы уже следите."
    assert len(world.store.followed) == 1


async def test_a_followed_topic_opens_its_card(anna: Person, world: World) -> None:
    for number in range(14):
        world.story(f"Сирия {number}", "syria", level=Level.NOTABLE)
    world.story("Сирия, срочно", "syria", level=Level.BREAKING)
    await anna.says("/follow сирия")
    (menu,) = await anna.says("/topics")
    (card,) = of(await anna.presses(menu.button("✅ Сирия")), "editMessageText")
    assert card.plain.replace("\u00a0", " ") == "Сирия\n\nСообщаю: заметное, ≈2 в день\nЗвук: включён"
    assert labels(card) == [
        "срочное, ≈1 в неделю",
        "важное, ≈1 в неделю",
        "✅ заметное, ≈2 в день",
        "всё подряд, ≈2 в день",
        "🔕 Выключить звук",
        "🤫 На день",
        "🤫 На неделю",
        "✖️ Не следить",
        "‹ Все темы",
    ]


async def test_the_card_sets_level_and_sound_and_ends_the_subscription(john: Person, world: World) -> None:
    await john.says("/follow syria")
    (menu,) = await john.says("/topics")
    (card,) = of(await john.presses(menu.button("✅ Syria")), "editMessageText")
    (card,) = of(await john.presses(card.button("breaking")), "editMessageText")
    assert "✅ breaking" in labels(card)
    (card,) = of(await john.presses(card.button("sound off")), "editMessageText")
    assert card.plain == "Syria\n\nI notify of: breaking\nSound: off"
    (subscription,) = world.store.followed.values()
    assert (subscription.level, subscription.sound) == (Level.BREAKING, False)
    (card,) = of(await john.presses(card.button("sound on")), "editMessageText")
    (menu,) = of(await john.presses(card.button("All topics")), "editMessageText")
    assert "✅ Syria" in labels(menu)
    calls = await john.presses(card.button("Unfollow"))
    assert toast(calls) == "Syria — no longer followed."
    assert "➕ Syria" in labels(of(calls, "editMessageText")[0])
    assert not world.store.followed


@pytest.mark.parametrize("button", ["card:{}", "level:{}:3", "sound:{}:0", "follow:{}:0"])
async def test_a_stale_card_leads_back_to_the_menu(anna: Person, world: World, button: str) -> None:
    calls = await anna.presses(button.format(world.store.topic_ids["syria"]))
    assert toast(calls) == "Вы уже не следите за этой темой."
    assert "➕ Сирия" in labels(of(calls, "editMessageText")[0])
    assert not world.store.followed


async def test_the_same_state_twice_is_swallowed(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    topic = world.store.topic_ids["syria"]
    assert of(await anna.presses(f"level:{topic}:2"), "editMessageText")
    calls = await anna.presses(f"level:{topic}:2")
    assert [call.method for call in calls] == ["answerCallbackQuery"]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "follow",
        "follow:1",
        "follow:x:1",
        "follow:1:1:1",
        "follow:99999999999999999999999999:1",
        "follow:-1:1",
        "follow:987654:1",
        "level:1:9",
        "level:1:-1",
        "why:abc",
        "forget:maybe",
        "card:1e3",
        "unknown",
        "\x00\ud83d",
        "Ы" * 32,
    ],
)
async def test_forged_and_outdated_buttons_are_answered_kindly(anna: Person, world: World, data: str) -> None:
    calls = await anna.presses(data)
    assert toast(calls) == "Эта кнопка больше не работает. Откройте /topics ещё раз."
    assert len(calls) == 1
    assert not world.store.subscribers


async def test_nobody_learns_of_anothers_words_by_a_forged_button(anna: Person, john: Person, world: World) -> None:
    await john.says("/follow secret words")
    (subscription,) = world.store.followed.values()
    for data in (
        f"follow:{subscription.topic.id}:1",
        f"card:{subscription.topic.id}",
        f"level:{subscription.topic.id}:1",
    ):
        for call in await anna.presses(data):
            assert "secret" not in str(call.data)
    assert len(world.store.followed) == 1


async def test_a_message_too_old_to_change_is_answered_below(anna: Person, world: World) -> None:
    old = {"message_id": 3, "date": 0, "chat": anna.chat}
    calls = await anna.presses(f"follow:{world.store.topic_ids['syria']}:1", message=old)
    assert "✅ Сирия" in labels(of(calls, "sendMessage")[0])


async def test_a_message_deleted_meanwhile_is_answered_below(anna: Person, world: World) -> None:
    world.session.fail("editMessageText", 400, "Bad Request: message to edit not found")
    calls = await anna.presses("topics")
    assert of(calls, "sendMessage")


async def test_a_button_without_any_message_is_answered(anna: Person, world: World) -> None:
    calls = await anna.presses("topics", message={})
    assert toast(calls).startswith("Эта кнопка больше не работает")


async def test_a_button_in_an_unknown_forum_thread_changes_nothing(world: World) -> None:
    world.session.admins.add(9)
    forum = Person(world, chat_id=-5, user_id=9, chat_kind="supergroup", is_forum=True)
    old = {"message_id": 3, "date": 0, "chat": forum.chat}
    calls = await forum.presses(f"follow:{world.store.topic_ids['syria']}:1", message=old)
    assert toast(calls).startswith("Эта кнопка больше не работает")
    assert not world.store.followed


async def test_a_button_pressed_too_long_ago_to_answer_does_no_harm(anna: Person, world: World) -> None:
    world.session.fail("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    calls = await anna.presses("topics")
    assert of(calls, "editMessageText")
