"""What a phone shows of buttons and values: nothing that matters is cut off, nothing breaks where it mustn't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Level
from bot.telegram.callbacks import TopicMenu
from bot.telegram.render import story_card
from bot.words import words
from handlers.buttons import button, flow
from handlers.texts import hint, html
from tests.handlers.conftest import Person, World
from tests.handlers.test_topics import labels, of

RU = words("ru")


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        (["➕ Сирия", "➕ Украина", "➕ США"], [2, 1]),
        (["➕ Ближний Восток", "➕ Китай", "➕ США"], [1, 2]),
        (["➕ Труд и пенсии", "✏️ Другие слова"], [2]),
    ],
)
def test_two_stand_side_by_side_where_both_have_room(texts: list[str], rows: list[int]) -> None:
    assert [len(row) for row in flow(button(text, TopicMenu()) for text in texts)] == rows


def test_of_a_long_query_what_was_added_is_shown() -> None:
    assert hint("(россия | украина | сирия | год) переговоры") == "🔎 …| сирия | год) переговоры"
    assert hint("женева переговоры") == "🔎 женева переговоры"
    assert hint("ы" * 300) == f"🔎 …{'ы' * 28}"


def test_spaces_that_must_not_break_stay_so_within_a_sentence() -> None:
    assert html(RU, "Now: {setting}", setting=RU.plural("{count} story", "{count} stories", 1200)) == (
        "Сейчас: 1\u00a0200\u00a0новостей"
    )
    assert html(RU, "Now: {setting}", setting="\u00a0 a\u00a0\u00a0\u200bb <i>\u00a0") == "Сейчас: a\u00a0b &lt;i&gt;"


def carry(world: World, section: str) -> None:
    """A story of that section."""
    world.story(f"Новость раздела «{section}»")
    newest = world.store.articles[0]
    world.store.articles[0] = replace(newest, article=replace(newest.article, section=section))


async def test_a_long_name_leaves_room_for_its_number(anna: Person, world: World) -> None:
    carry(world, "Очень длинное название раздела о жизни и людях")
    (shelf,) = await anna.says("/sections")
    assert labels(shelf)[0] == "➕ Очень длинное название… · 1"


async def test_sections_beyond_the_first_twelve_can_be_put_in_order_too(anna: Person, world: World) -> None:
    for number in range(15):
        carry(world, f"Раздел{number:02}")
    (page,) = of(await anna.presses("orders"), "editMessageText")
    (further,) = of(await anna.presses(page.button("2 / 2 ›")), "editMessageText")
    (placed,) = of(await anna.presses(further.button("➕ Раздел14")), "editMessageText")
    assert "1. Раздел14" in placed.plain


async def test_why_says_that_a_story_was_withdrawn(anna: Person, world: World) -> None:
    story = world.story("Алеппо", "syria")
    await world.store.withdraw(story.id, world.now)
    said = (await anna.presses(f"why:{story.id}"))[0]
    assert said.plain.startswith("Алеппо\n\nЭту новость отозвали.")


def test_breaking_news_has_its_sign_until_it_is_withdrawn(world: World) -> None:
    story = world.story("Алеппо", level=Level.BREAKING)
    said = (RU, "Europe/Moscow", world.now)
    assert "\n⚡️ Труд · 16:40" in story_card(story, None, *said).text
    assert "⚡️" not in story_card(replace(story, withdrawn_at=world.now), None, *said).text
    assert "⚡️" not in story_card(replace(story, level=Level.MAJOR), None, *said).text


@pytest.mark.parametrize(
    ("logged", "said"),
    [
        ("trud.ru: no connection", "trud.ru: нет связи"),
        ("there are no articles in it", "статей там нет"),
        ("trud.ru: HTTP 503", "trud.ru: HTTP 503"),
        ("{braces}", "{braces}"),
    ],
)
def test_what_is_wrong_with_a_source_is_said_in_russian(logged: str, said: str) -> None:
    assert RU.trouble(logged) == said
