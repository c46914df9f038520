"""/start: the first ten seconds."""

from __future__ import annotations

import pytest

from bot.model import NotificationState, SubscriberState
from tests.handlers.conftest import Person, World


async def test_says_what_the_bot_does_and_offers_the_topics(anna: Person) -> None:
    (said,) = await anna.says("/start")
    assert said.plain.startswith("Я читаю новости")
    assert "Хотите получать уведомления о самых важных новостях?" in said.plain
    assert [button["text"] for button in said.buttons][:4] == ["➕ Главное", "➕ Сирия", "➕ Украина", "➕ Дипломатия"]


async def test_speaks_the_language_of_the_client(john: Person, world: World) -> None:
    (said,) = await john.says("/start")
    assert said.plain.startswith("I read the news")
    assert said.buttons[0]["text"] == "➕ Top news"
    assert (await world.store.subscriber(8)).language == "en"  # type: ignore[union-attr]


async def test_keeps_the_language_they_chose_whatever_the_client_speaks(john: Person, world: World) -> None:
    await john.says("/start")
    await john.presses("lang:ru")
    (said,) = await john.says("/start")
    assert said.plain.startswith("Я читаю")
    assert (await john.says("/pause"))[0].plain.startswith("Пауза")


async def test_asks_no_more_once_it_has_been_answered(anna: Person) -> None:
    await anna.says("/follow сирия")
    (said,) = await anna.says("/start")
    assert "Хотите" not in said.plain
    assert "✅ Сирия" in [button["text"] for button in said.buttons]


async def test_a_deep_link_follows_the_topic_and_shows_its_latest_story(anna: Person, world: World) -> None:
    story = world.story("Кризис в Алеппо", "syria")
    said, card = await anna.says("/start topic_syria")
    assert "Готово! Вы следите за темой Сирия" in said.plain
    assert "✅ Сирия" in [button["text"] for button in said.buttons]
    assert card.plain.startswith("Кризис в Алеппо")
    assert [one.state for one in world.store.notifications.values()] == [NotificationState.SHOWN]
    assert [one.story_id for one in world.store.notifications.values()] == [story.id]


@pytest.mark.parametrize("payload", ["topic_", "topic_atlantis", "syria", "topic_Syria ", "x" * 64])
async def test_other_payloads_are_an_ordinary_start(anna: Person, world: World, payload: str) -> None:
    said = await anna.says(f"/start {payload}")
    assert said[0].plain.startswith("Я читаю")
    assert not world.store.followed


async def test_starting_again_ends_a_pause_and_changes_nothing_else(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    await anna.says("/pause")
    await anna.says("/start")
    (subscriber,) = world.store.subscribers.values()
    assert subscriber.state is SubscriberState.ACTIVE
    assert len(world.store.followed) == 1


async def test_who_only_looks_is_not_remembered(anna: Person, world: World) -> None:
    for text in ("/help", "/privacy", "/topics", "/latest", "/why", "/follow", "/unfollow", "/forget", "hello"):
        assert await anna.says(text)
    assert not world.store.subscribers
