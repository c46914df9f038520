"""A publisher's own topics in the conversation: menus, names, links; and what becomes of one that goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import topics
from bot.model import Topic
from tests.commands.test_topics_dir import FISHING
from tests.handlers.conftest import Person, World
from tests.handlers.test_topics import labels, of


@pytest.fixture(autouse=True)
def fishing(world: World, tmp_path: Path) -> Iterator[int]:
    """Id of the topic."""
    (tmp_path / "fishing.toml").write_text(FISHING, encoding="utf-8")
    topics.use(topics.load_folder(tmp_path))
    topic = world.store._topic(Topic(slug="fishing"))
    world.store.topic_ids["fishing"] = topic.id
    yield topic.id
    topics.use(())


async def test_it_stands_after_the_built_in_ones_in_the_readers_language(anna: Person, john: Person) -> None:
    (menu,) = await anna.says("/topics")
    assert labels(menu)[len(topics.BUILT_IN)] == "➕ Рыбалка"
    (menu,) = await john.says("/topics")
    assert labels(menu)[len(topics.BUILT_IN)] == "➕ Fishing"


@pytest.mark.parametrize("text", ["/follow ловля рыбы", "/follow fishing", "/start topic_fishing"])
async def test_it_is_followed_by_any_name_and_by_a_link(anna: Person, world: World, text: str) -> None:
    assert "Вы следите за темой Рыбалка" in (await anna.says(text))[0].plain
    assert [one.topic.slug for one in world.store.followed.values()] == ["fishing"]


async def test_one_that_was_taken_away_is_offered_no_more_but_can_be_dropped(
    anna: Person, world: World, fishing: int
) -> None:
    await anna.says("/follow рыбалка")
    topics.use(())
    del world.store.topic_ids["fishing"]
    (menu,) = await anna.says("/topics")
    assert "✅ fishing" in labels(menu)
    (card,) = of(await anna.presses(menu.button("fishing")), "editMessageText")
    calls = await anna.presses(card.button("Не следить"))
    assert not world.store.followed
    assert "fishing" not in str(labels(of(calls, "editMessageText")[0]))
