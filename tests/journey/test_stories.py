"""Two stories that turn out to be one, on their way from a newspaper to a phone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from tests.journey.conftest import World, primed, pushes, start
from tests.unit.stories.articles import FLOOD, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT, FLOOD_TEXT
from tests.unit.stories.test_merging import BOTH, BOTH_TEXT, SCHOOL, SCHOOL_TEXT

OLD = "Правительство обсудило бюджет на будущий год"
NEXT = "Школа в Перми получила новый спортивный зал"


def lead_and_body(text: str) -> tuple[str, str]:
    lead, body = text.split(". ", 1)
    return f"{lead}.", body


async def test_what_brings_two_told_stories_together_is_not_told_as_news(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    async with world.bot():
        await start(world, anna, "школа | плотина")
        await primed(world)
        for title, text in ((SCHOOL, SCHOOL_TEXT), (FLOOD, FLOOD_TEXT)):
            world.kiosk.publish(title, *lead_and_body(text))
            await world.telegram.wait_until(lambda title=title: pushes(anna, title), timeout=10)
        world.kiosk.publish(BOTH, *lead_and_body(BOTH_TEXT))
        world.kiosk.publish(FLOOD_ELSEWHERE, *lead_and_body(FLOOD_ELSEWHERE_TEXT))
        world.kiosk.publish(NEXT)
        await world.telegram.wait_until(lambda: pushes(anna, NEXT), timeout=10)
    assert pushes(anna, BOTH) == pushes(anna, FLOOD_ELSEWHERE) == []
    assert len(pushes(anna, SCHOOL)) == len(pushes(anna, FLOOD)) == 1
    with closing(sqlite3.connect(world.database)) as database:
        told = "SELECT count(*), count(DISTINCT story_id) FROM articles WHERE title IN (?, ?, ?, ?)"
        assert database.execute(told, (SCHOOL, FLOOD, BOTH, FLOOD_ELSEWHERE)).fetchone() == (4, 1)


async def test_what_comes_when_a_story_has_closed_is_told_as_news_and_known_to_continue_it(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    async with world.bot():
        await start(world, anna, "плотина")
        await primed(world)
        world.kiosk.publish(FLOOD, *lead_and_body(FLOOD_TEXT), at=datetime.now(UTC) - timedelta(days=5))
        world.kiosk.publish(FLOOD_ELSEWHERE, *lead_and_body(FLOOD_ELSEWHERE_TEXT))
        await world.telegram.wait_until(lambda: pushes(anna, FLOOD_ELSEWHERE), timeout=10)
    with closing(sqlite3.connect(world.database)) as database:
        linked = (
            "SELECT earlier.title FROM articles AS later JOIN stories ON stories.id = later.story_id"
            " JOIN articles AS earlier ON earlier.story_id = stories.continues WHERE later.title = ?"
        )
        assert database.execute(linked, (FLOOD_ELSEWHERE,)).fetchall() == [(FLOOD,)]
