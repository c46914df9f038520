"""A story is told when it becomes important, not only when it first appears: over real HTTP, from page to phone."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from tests.fakes.kiosk import Kiosk, Printed
from tests.journey.conftest import Watch, World, primed, pushes, start

OLD = "Правительство обсудило бюджет на будущий год"
NEWS = "На Камчатке проснулся вулкан, жителей двух посёлков вывозят"
SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
AGAIN = "Сирийская армия отвела танки от Хомса"
MINUTE = timedelta(minutes=1)


def page_of(printed: Printed) -> str:
    return f"/article/{printed.number}"


async def test_a_story_is_told_when_its_counter_shows_that_it_is_read(world: World) -> None:
    anna, watch = world.telegram.person(7, "Анна"), Watch()
    world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        await start(world, anna, "главное")
        await primed(world)
        news = world.kiosk.publish(NEWS)
        world.kiosk.views[news.number] = 3
        await world.kiosk.asked(page_of(news))
        await primed_again(world)
        assert not pushes(anna, NEWS)

        world.kiosk.views[news.number] = 5_000
        watch.ahead = 31 * MINUTE
        await world.telegram.wait_until(lambda: pushes(anna, NEWS), timeout=10)
    assert "#Главное" in pushes(anna, NEWS)[0].text
    assert len(pushes(anna, NEWS)) == 1
    assert world.kiosk.requests.count(page_of(news)) == 2


async def test_a_counter_is_read_three_times_and_then_left_alone(world: World) -> None:
    watch = Watch()
    world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        await primed(world)
        news = world.kiosk.publish(NEWS)
        world.kiosk.views[news.number] = 3
        await world.kiosk.asked(page_of(news))
        for ahead in (31, 121):
            await primed_again(world)
            watch.ahead = ahead * MINUTE
            await world.kiosk.asked(page_of(news))
        for ahead in (180, 600):
            watch.ahead = ahead * MINUTE
            await primed_again(world)
    assert world.kiosk.requests.count(page_of(news)) == 3


async def test_the_counter_of_an_article_that_came_late_is_read_once(world: World) -> None:
    watch = Watch()
    world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        await primed(world)
        late = world.kiosk.publish(NEWS, at=watch() - timedelta(hours=7))
        world.kiosk.views[late.number] = 3
        await world.kiosk.asked(page_of(late))
        for ahead in (31, 121):
            watch.ahead = ahead * MINUTE
            await primed_again(world)
    assert world.kiosk.requests.count(page_of(late)) == 1


@pytest.mark.parametrize("broken", [404, 503])
async def test_a_page_that_cannot_be_read_again_costs_nothing_else(world: World, broken: int) -> None:
    anna, watch = world.telegram.person(7, "Анна"), Watch()
    world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        await start(world, anna, "сирия")
        await primed(world)
        news = world.kiosk.publish(SYRIA)
        world.kiosk.views[news.number] = 3
        await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
        world.kiosk.broken[page_of(news)] = broken
        watch.ahead = 31 * MINUTE
        await world.kiosk.asked(page_of(news))
        world.kiosk.publish(AGAIN, at=watch())
        await world.telegram.wait_until(lambda: pushes(anna, AGAIN), timeout=10)
    assert len(pushes(anna, SYRIA)) == 1


async def test_a_story_is_told_when_enough_newspapers_have_it(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    async with AsyncExitStack() as stack:
        kiosks = [world.kiosk, *[await stack.enter_async_context(Kiosk()) for _ in range(2)]]
        names = ("Труд", "Вестник", "Линия")
        for kiosk, name in zip(kiosks, names, strict=True):
            kiosk.publish(f"{name}: вышел свежий номер газеты")
        world.sources = "".join(kiosk.source(name) for kiosk, name in zip(kiosks, names, strict=True))
        async with world.bot():
            await start(world, anna, "главное")
            await primed(world)
            for kiosk in kiosks[:2]:
                await kiosk.asked("/feed", times=2)
                kiosk.publish(NEWS)
                await kiosk.asked("/feed", times=2)
                assert not pushes(anna, NEWS)
            kiosks[2].publish(NEWS)
            await world.telegram.wait_until(lambda: pushes(anna, NEWS), timeout=10)
    assert len(pushes(anna, NEWS)) == 1


async def primed_again(world: World) -> None:
    """Returns when a whole turn has gone by: whatever was due has been asked for, and stored."""
    await world.kiosk.asked("/feed", times=2)
