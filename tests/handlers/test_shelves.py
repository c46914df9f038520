"""/sections, /sources and /search: what is offered comes from the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.handlers.conftest import Person, World
from tests.handlers.test_topics import labels, of, toast


def publish(world: World, title: str, **article: str) -> None:
    world.story(title)
    newest = world.store.articles[0]
    world.store.articles[0] = replace(newest, article=replace(newest.article, **article))


@pytest.fixture
def newsroom(world: World) -> World:
    for number in range(3):
        publish(world, f"Заседание {number}", section="Политика", author="Сергей Шевцов, обозреватель")
    publish(world, "Визит", section="Внешняя политика")
    publish(world, "Матч", section="СПОРТ")
    publish(world, "Ещё матч", section="Спорт", author="Редакция")
    return world


async def test_sections_are_offered_with_how_many_stories_they_brought(anna: Person, newsroom: World) -> None:
    (shelf,) = await anna.says("/sections")
    assert shelf.plain.startswith("🗂 Разделы\n\nНажмите, за чем хотите следить.")
    assert labels(shelf) == [
        "➕ Политика · 4",  # «Внешняя политика» is found by it, too
        "➕ Спорт · 2",
        "➕ Внешняя политика · 1",
        "↕️ Порядок в сводках",
        "✍️ Авторы",
        "📰 Источники",
        "‹ Все темы",
    ]


async def test_a_section_is_followed_by_its_button(anna: Person, newsroom: World) -> None:
    (shelf,) = await anna.says("/sections")
    calls = await anna.presses(shelf.button("➕ Политика"))
    assert toast(calls) == "Раздел: Политика — готово!"
    assert "✅ Политика · 4" in labels(of(calls, "editMessageText")[0])
    assert toast(await anna.presses(shelf.button("➕ Политика"))) == "Раздел: Политика — за этим вы уже следите."
    (subscription,) = newsroom.store.followed.values()
    assert subscription.topic.query == "section:политика"
    (said,) = await anna.says("/follow раздел:Политика")
    assert said.plain.startswith("Вы уже следите за темой Раздел: Политика")


async def test_authors_are_offered_by_name_without_their_office(john: Person, newsroom: World) -> None:
    (shelf,) = await john.says("/sections")
    (authors,) = of(await john.presses(shelf.button("Authors")), "editMessageText")
    assert labels(authors)[:2] == ["➕ Сергей Шевцов · 3", "➕ Редакция · 1"]
    await john.presses(authors.button("Шевцов"))
    assert [one.topic.query for one in newsroom.store.followed.values()] == ['author:"сергей шевцов"']


async def test_a_source_may_be_followed_though_all_news_come_from_it(anna: Person, newsroom: World) -> None:
    for number in range(60):
        publish(newsroom, f"Статья {number}")
    (shelf,) = await anna.says("/sources")
    assert toast(await anna.presses(shelf.button("➕ Труд · 66"))) == "Источник: Труд — готово!"
    (said,) = await anna.says("/latest")
    assert "Статья" in said.plain


async def test_where_there_is_nothing_nothing_is_offered(anna: Person) -> None:
    for text in ("/sections", "/sources"):
        (shelf,) = await anna.says(text)
        assert "За 7 дней таких новостей не было." in shelf.plain
        assert not any(label.startswith("➕") for label in labels(shelf))


async def test_many_sections_are_paged(anna: Person, world: World) -> None:
    for number in range(30):
        publish(world, f"Новость {number}", section=f"Раздел{number:02}")
    (shelf,) = await anna.says("/sections")
    seen = set()
    while True:
        page = {label for label in labels(shelf) if label.startswith("➕")}
        assert len(page) <= 12
        assert not page & seen
        seen |= page
        further = [label for label in labels(shelf) if "›" in label]
        if not further:
            break
        (shelf,) = of(await anna.presses(shelf.button(further[0])), "editMessageText")
    assert len(seen) == 30
    assert any("‹ 2 / 3" in label for label in labels(shelf))


@pytest.mark.parametrize(
    "data", ["shelf:section:9999", "shelved:section:0:0123456789abcdef", "order:0123456789abcdef:3"]
)
async def test_a_stale_button_of_a_shelf_does_no_harm(anna: Person, newsroom: World, data: str) -> None:
    calls = await anna.presses(data)
    assert "Извините" not in str([call.plain for call in calls])
    assert not newsroom.store.followed
    assert not newsroom.store.subscribers


# --- the order of sections ---


async def test_sections_are_put_in_an_order_for_digests(anna: Person, newsroom: World) -> None:
    (shelf,) = await anna.says("/sections")
    (page,) = of(await anna.presses(shelf.button("Порядок")), "editMessageText")
    for section in ("➕ Спорт", "➕ Внешняя"):
        (page,) = of(await anna.presses(page.button(section)), "editMessageText")
    assert page.plain.splitlines()[4:6] == ["1. Спорт", "2. Внешняя политика"]
    up = page.button("⬆️ 2")
    (page,) = of(await anna.presses(up), "editMessageText")
    await anna.presses(up)  # a double tap
    (subscriber,) = newsroom.store.subscribers.values()
    assert subscriber.sections == ("Внешняя политика", "Спорт")
    await anna.presses(page.button("✖️ 1"))
    (subscriber,) = newsroom.store.subscribers.values()
    assert subscriber.sections == ("Спорт",)


# --- /search ---


async def test_search_shows_the_latest_and_offers_to_follow(anna: Person, world: World) -> None:
    for number in range(7):
        world.story(f"Переговоры в Женеве {number}", hours=1 + number)
    (found,) = await anna.says("/search женева")
    assert [f"Женеве {number}" in found.plain for number in range(7)] == [True] * 5 + [False] * 2
    (shown,) = of(await anna.presses(found.button("Следить за этим")), "editMessageText")
    await anna.presses(shown.button("✅ Следить"))
    assert [one.topic.query for one in world.store.followed.values()] == ["женева"]
    assert labels((await anna.says("/search женеве"))[0]) == ["2 ›", "⚙️ Настроить"]


async def test_search_is_leafed_through(anna: Person, world: World) -> None:
    for number in range(12):
        world.story(f"Переговоры в Женеве, день {number:02}", hours=1 + number)
    (found,) = await anna.says("/search женева")
    days = []
    for turn in ("2 ›", "3 ›", "‹ 2"):
        days.append([number for number in range(12) if f"день {number:02}" in found.plain])
        (found,) = of(await anna.presses(found.button(turn)), "editMessageText")
    assert days == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11]]
    assert labels(found)[:2] == ["‹ 1", "3 ›"]
    assert not world.store.subscribers


async def test_anothers_search_is_not_leafed_through(anna: Person, john: Person, world: World) -> None:
    for number in range(7):
        world.story(f"Geneva {number}")
    (found,) = await john.says("/search geneva")
    calls = await anna.presses(found.button("2 ›"))
    assert [call.method for call in calls] == ["answerCallbackQuery"]
    assert toast(calls) == "Дальше ничего нет. Искать заново: /search"


async def test_search_finds_known_spellings_where_there_is_nothing(anna: Person, world: World) -> None:
    world.story("Переговоры в Женеве")
    (found,) = await anna.says("/search жинева")
    assert found.plain == "Ничего не нашлось. Может быть, вы имели в виду:"
    assert found.button("🔎 женева")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/search", "Что искать? Например: /search женева переговоры"),
        ("/search (женева", "Скобка не закрыта (знак 1)"),
        ("/search париж", "Ничего не нашлось."),
    ],
)
async def test_search_is_answered_in_one_line(anna: Person, world: World, text: str, answer: str) -> None:
    (found,) = await anna.says(text)
    assert found.plain == answer
    assert not world.store.subscribers
