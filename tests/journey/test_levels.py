"""Levels in the running bot: by what the last two weeks reached, never taken back, told once, and held when late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.config import read_sources
from bot.model import NEW, Article, Importance, Level, Publication, Signal, SignalKind
from storage import Store, open_store
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import Watch, World, primed, pushes
from tests.journey.records import rows

NEWS = "На Камчатке проснулся вулкан, жителей двух посёлков вывозят"
MORE = "В Самаре открылась выставка кошек редких пород"
URGENT = "Срочно: на Камчатке проснулся вулкан"
BODY = "Вулкан проснулся ночью. Жителей двух посёлков вывозят вертолётами, дорога засыпана пеплом. Никто не пострадал."
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BUSY_DAY = [*[90.0] * 5, *[45.0] * 20, *[39.0] * 5]
"""Scores of a day's stories: 5 that stand out, 20 that are above what nothing is known of, 5 below."""


@dataclass
class Past:
    """Stories that opened days ago, before the bot or while it runs."""

    store: Store
    source_ids: Mapping[str, int]
    numbers: Iterator[int] = field(default_factory=count)

    async def story(self, *sources: str, score: float = 39.0, days: float = 2, urgent: bool = False) -> None:
        """One of these sources, an article each."""
        number, story_id = next(self.numbers), NEW
        at = datetime.now(UTC) - days * DAY
        for source in sources:
            article = Article(
                source_id=self.source_ids[source],
                key=f"old-{number}",
                url=f"https://old.example/{number}",
                title=f"Событие {number}",
                published_at=at,
                seen_at=at,
                story_id=story_id,
            )
            scored = Importance(score=score, level=Level.ROUTINE)
            marks = (Signal(kind=SignalKind.URGENT, at=at),) if urgent else ()
            silent = Publication(
                article=article, importance=scored, evidence=(), summary="", signals=marks, silent=True
            )
            stored = await self.store.publish(silent, at)
            assert stored is not None
            story_id = stored.story_id

    async def days(self, scores: Sequence[float], days: int) -> None:
        """The same scores on each of the days before yesterday."""
        for day in range(days):
            for score in scores:
                await self.story("Труд", score=score, days=2 + day)


@asynccontextmanager
async def past(world: World) -> AsyncIterator[Past]:
    store = await open_store(str(world.values()["database_url"]))
    sources = await store.register_sources(read_sources(world.folder / "sources.toml"), datetime.now(UTC))
    yield Past(store, {source.name: source.id for source in sources})
    await store.close()


def level_of(world: World, title: str) -> Level | None:
    query = "SELECT level FROM stories JOIN articles ON articles.story_id = stories.id WHERE title = ?"
    return next((Level(int(str(level))) for (level,) in rows(world.database, query, title)), None)


async def stored(world: World, title: str) -> Level:
    """Its level as soon as it is there."""
    while (level := level_of(world, title)) is None:
        await world.kiosk.asked("/feed")
    return level


@pytest.mark.parametrize(
    ("days", "alone", "on_top"),
    [(0, Level.NOTABLE, Level.MAJOR), (6, Level.NOTABLE, Level.MAJOR), (10, Level.ROUTINE, Level.NOTABLE)],
)
async def test_levels_are_what_the_last_two_weeks_reached(world: World, days: int, alone: Level, on_top: Level) -> None:
    """From 200 stories on; nothing known is 40 points, the top of the front page alone 75."""
    world.sources = world.kiosk.source(front_page=f"{world.kiosk.url}/")
    async with past(world) as before:
        await before.days(BUSY_DAY, days)
    async with world.read_by_anna("главное"):
        world.kiosk.publish(NEWS)
        assert await stored(world, NEWS) is alone
        world.kiosk.front = [world.kiosk.articles[0].number]
        await world.kiosk.asked("/", times=2)
        assert level_of(world, NEWS) is on_top


async def test_a_threshold_that_moves_takes_no_level_back_and_gives_none(world: World) -> None:
    watch = Watch()
    world.values()
    async with past(world) as meanwhile, world.read_by_anna("главное", clock=watch):
        world.kiosk.publish(NEWS)
        assert await stored(world, NEWS) is Level.NOTABLE
        dispatched = rows(world.database, "SELECT * FROM dispatches")
        await meanwhile.days(BUSY_DAY, 10)
        watch.ahead = 61 * MINUTE
        await world.kiosk.asked("/feed", times=2)
        world.kiosk.publish(MORE, at=watch())
        assert await stored(world, MORE) is Level.ROUTINE
        assert level_of(world, NEWS) is Level.NOTABLE
    assert set(dispatched) <= set(rows(world.database, "SELECT * FROM dispatches"))


async def test_a_level_that_is_reached_again_and_again_is_told_once(world: World) -> None:
    world.sources = world.kiosk.source(front_page=f"{world.kiosk.url}/")
    async with world.read_by_anna("главное") as anna:
        news = world.kiosk.publish(NEWS)
        for _ in range(3):
            world.kiosk.front = [news.number]
            await world.kiosk.asked("/", times=2)
            world.kiosk.front = []
            await world.kiosk.asked("/", times=2)
        await world.told(anna, NEWS)
    main_at_major = "SELECT count(*) FROM dispatches JOIN topics ON id = topic_id WHERE slug = 'main' AND level = 2"
    assert rows(world.database, main_at_major) == [(1,)]
    assert len(pushes(anna, NEWS)) == 1


async def test_what_becomes_important_after_a_day_is_held_for_the_digest(world: World) -> None:
    watch = Watch()
    world.sources = world.kiosk.source(front_page=f"{world.kiosk.url}/")
    async with world.read_by_anna("главное", clock=watch) as anna:
        news = world.kiosk.publish(NEWS)
        await stored(world, NEWS)
        watch.ahead = 25 * HOUR
        world.kiosk.front = [news.number]
        await world.kiosk.asked("/", times=2)
        await world.kiosk.asked("/feed", times=3)
        assert level_of(world, NEWS) is Level.MAJOR
    assert pushes(anna, NEWS) == []
    ((state, reason),) = rows(world.database, "SELECT state, reason FROM notifications")
    assert state == "held"
    assert "late" in str(reason)


@pytest.mark.parametrize(("marked_before", "level"), [(0, Level.MAJOR), (2, Level.NOTABLE)])
async def test_an_urgent_mark_alone_counts_from_a_source_that_marks_few(
    world: World, marked_before: int, level: Level
) -> None:
    """Under 2% of what it published."""
    world.values()
    async with past(world) as before:
        await before.days([39.0] * 10, 9)
        for _ in range(marked_before):
            await before.story("Труд", urgent=True)
    async with world.read_by_anna("главное"):
        world.kiosk.publish(URGENT)
        assert await stored(world, URGENT) is level


@pytest.mark.parametrize(("minutes", "level"), [(10, Level.BREAKING), (20, Level.NOTABLE)])
async def test_an_urgent_mark_counts_when_another_owner_has_the_story_within_15_minutes(
    world: World, minutes: int, level: Level
) -> None:
    async with Kiosk() as other:
        other.publish("Вестник: вышел свежий номер газеты")
        world.sources = world.kiosk.source() + other.source("Вестник")
        async with world.read_by_anna("главное"):
            now = datetime.now(UTC)
            world.kiosk.publish(URGENT, at=now - minutes * MINUTE)
            assert await stored(world, URGENT) is Level.NOTABLE
            other.publish(NEWS, at=now)
            await stored(world, NEWS)
            assert level_of(world, URGENT) is level


async def test_of_equals_the_owner_that_others_listen_to_tells_the_story(world: World) -> None:
    async with Kiosk() as agency, Kiosk() as paper:
        names = {"Труд": world.kiosk, "Агентство": agency, "Листок": paper}
        for name, kiosk in names.items():
            kiosk.publish(f"{name}: вышел свежий номер газеты")
        world.sources = "".join(kiosk.source(name) for name, kiosk in names.items())
        async with past(world) as before:
            for _ in range(40):
                await before.story("Труд", "Агентство")
                await before.story("Листок")
        async with world.bot():
            await primed(world)
            at = datetime.now(UTC)
            for kiosk in (paper, agency):
                kiosk.publish(NEWS, body=BODY, at=at)
                await kiosk.asked("/feed", times=2)
    told_by = (
        "SELECT sources.name FROM stories JOIN articles ON articles.id = stories.headline_id"
        " JOIN sources ON sources.id = articles.source_id WHERE title = ?"
    )
    assert rows(world.database, told_by, NEWS) == [("Агентство",)]
