"""/follow and /unfollow, with whatever people write after them."""

from __future__ import annotations

import html

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import NotificationState
from bot.topics import BUILT_IN
from tests.handlers.conftest import Person, World

NASTY = "<b>&\"'</i>{topic}{0}%s\u202e🇷🇺\u200d👨\u200d👩\n\n_*[x](y)`"


async def test_follow_shows_the_latest_matching_story_at_once(anna: Person, world: World) -> None:
    world.story("Переговоры прошли в Женеве")
    said, card = await anna.says("/follow женева переговоры")
    assert said.plain == "Готово! Вы следите за темой женева переговоры: всё подряд, ≈1 в неделю.\nВот последнее:"
    assert card.plain.startswith("Переговоры прошли в Женеве\nТруд · 16:40")
    assert card.plain.endswith("#женева_переговоры")
    assert [button["text"] for button in card.buttons] == ["Читать", "Почему?"]
    assert [one.state for one in world.store.notifications.values()] == [NotificationState.SHOWN]


async def test_follow_says_when_there_is_no_news_yet(john: Person) -> None:
    (said,) = await john.says("/follow Geneva talks")
    assert said.plain == (
        "Done! You follow geneva talks: everything.\nThere is no news on it yet. I’ll write as soon as there is."
    )


async def test_follow_promises_nothing_while_paused(anna: Person) -> None:
    await anna.says("/pause")
    (said,) = await anna.says("/follow женева")
    assert "/resume" in said.plain


async def test_following_twice_says_so(anna: Person, world: World) -> None:
    world.story("Кризис в Алеппо", "syria")
    await anna.says("/follow Сирия")
    (said,) = await anna.says("/follow syria")
    assert said.plain.startswith("Вы уже следите за темой Сирия")
    assert len(world.store.followed) == 1


@pytest.mark.parametrize("text", ["/follow", "/FOLLOW", "/follow   ", "/follow@glavnoe_bot"])
async def test_follow_without_words_explains_itself(anna: Person, text: str) -> None:
    (said,) = await anna.says(text)
    assert "/follow женева переговоры" in said.plain


async def test_the_examples_of_follow_work(anna: Person, john: Person, world: World) -> None:
    for person in (anna, john):
        (said,) = await person.says("/follow")
        examples = [line for line in said.plain.splitlines() if line.startswith("/follow")]
        assert len(examples) == 3
        for example in examples:
            assert (await person.says(example))[0].plain.startswith(("Готово!", "Done!")), example


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("(женева", "Скобка не закрыта (знак 1)"),
        ("-футбол", "Скажите, что искать, а не только что пропускать"),
        ("x" * 4000, "Слишком длинно: знаков 4 000, а можно не больше 200"),
        ("цвет:красный", "Нет такого поля: цвет (знак 1). Есть заголовок, раздел, источник, автор"),
        ("!!!", "Не вижу слова, которое можно искать. Например: женева переговоры"),
    ],
)
async def test_a_misspelt_query_gets_one_line_that_says_what_and_where(
    anna: Person, world: World, query: str, complaint: str
) -> None:
    (said,) = await anna.says(f"/follow {query}")
    assert said.plain == complaint
    assert not world.store.followed


@pytest.mark.parametrize("command", ["/follow", "/unfollow", "/start", "/nonsense", ""])
async def test_whatever_the_words_contain_the_answer_is_valid(anna: Person, world: World, command: str) -> None:
    for words in (NASTY, NASTY * 60, "<" * 4000, "&amp;" * 800, "🇷🇺" * 1000, "\n" * 50 + "."):
        text = f"{command} {words}".strip()[:4096]
        assert await anna.says(text)
        assert "Извините" not in world.session.calls[-1].plain


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
async def test_any_text_at_all_gets_an_answer(anna: Person, world: World, text: str) -> None:
    surrogates_cannot_arrive = text.encode("utf-8", "ignore").decode()
    for command in ("/follow", "/unfollow"):
        calls = await anna.says(f"{command} {surrogates_cannot_arrive}")
        assert calls
        assert "Извините" not in calls[0].plain


async def test_a_followed_word_that_looks_like_html_is_shown_as_it_is(anna: Person, world: World) -> None:
    (said,) = await anna.says('/follow "a & <b>x"')
    assert html.unescape(said.data["text"]).count("<b>") >= 1
    (menu,) = await anna.says("/topics")
    assert await anna.presses(menu.button("✅ "))


async def test_unfollow_by_words(anna: Person, world: World) -> None:
    await anna.says("/follow женева переговоры")
    (said,) = await anna.says("/unfollow переговоры")
    assert said.plain == "Больше не слежу: женева переговоры"
    assert not world.store.followed


async def test_unfollow_asks_which_of_several_is_meant(anna: Person, world: World) -> None:
    for topic in ("женева переговоры", "москва переговоры"):
        await anna.says(f"/follow {topic}")
    (said,) = await anna.says("/unfollow переговоры")
    assert [button["text"] for button in said.buttons] == ["✖️ женева переговоры", "✖️ москва переговоры", "‹ Все темы"]
    calls = await anna.presses(said.button("москва"))
    assert calls[-1].plain == "москва переговоры — больше не слежу."
    assert [one.topic.query for one in world.store.followed.values()] == ["женева переговоры"]


async def test_unfollow_without_words_offers_every_topic(anna: Person) -> None:
    assert (await anna.says("/unfollow"))[0].plain.startswith("Вы пока ни за чем")
    await anna.says("/follow сирия")
    (said,) = await anna.says("/unfollow")
    assert [button["text"] for button in said.buttons] == ["✖️ Сирия", "‹ Все темы"]


async def test_unfollow_of_what_is_not_followed(anna: Person) -> None:
    (said,) = await anna.says("/unfollow париж")
    assert said.plain == "Вы не следите за темой париж. Ваши темы: /topics"


async def test_fifty_own_topics_still_fit_the_menu(anna: Person, world: World) -> None:
    for number in range(50):
        await anna.says(f"/follow слово{number}")
    (said,) = await anna.says("/follow ещё одно")
    assert said.plain.startswith("Своих тем у вас уже 50")
    assert len((await anna.says("/unfollow"))[0].buttons) == 51
    (menu,) = await anna.says("/topics")
    seen = [button["text"] for button in menu.buttons]
    while further := [button for button in menu.buttons if "›" in button["text"]]:
        menu = (await anna.presses(further[0]["callback_data"]))[0]
        seen += [button["text"] for button in menu.buttons]
    topics = [text for text in seen if text.startswith(("➕ ", "✅ ")) and "Своя" not in text]
    assert len(topics) == 50 + len(BUILT_IN)
