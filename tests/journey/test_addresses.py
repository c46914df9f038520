"""Addresses change, articles don't: nobody is told again what they were told."""

from __future__ import annotations

from datetime import timedelta

from bot import app
from tests.journey.conftest import World, pushes

SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
AGAIN = "Сирийская армия отвела танки от Хомса"
PAST = [f"Сирия, день {word}" for word in ("первый", "второй", "третий", "четвёртый", "пятый", "шестой", "седьмой")]
LONG_AGO = timedelta(days=10)
"""Longer than a story is open: what comes then opens another."""
NO_PATTERN = "/article/|/moved/"
"""Of addresses: it names no key in them."""


async def test_links_that_differ_at_every_poll_repeat_nothing(world: World) -> None:
    world.sources = world.kiosk.source(articles=NO_PATTERN)
    world.kiosk.link = "/article/{number}?visit={visit}"
    async with world.read_by_anna("сирия") as anna:
        world.kiosk.publish(SYRIA)
        await world.told(anna, SYRIA)
        await world.kiosk.asked("/feed", times=3)
        pages = [path for path in world.kiosk.requests if path != "/feed"]
        world.kiosk.publish(AGAIN)
        await world.told(anna, AGAIN)
    assert len(pushes(anna, SYRIA)) == 1
    assert len(pages) == len(set(pages))  # nor is a page read again


async def test_a_site_that_moves_and_dates_everything_anew_tells_only_what_is_new(world: World) -> None:
    world.sources = world.kiosk.source(articles=NO_PATTERN)
    for title in PAST:
        world.kiosk.publish(title)
    async with world.read_by_anna("сирия", clock=lambda: app.utc_now() - LONG_AGO) as anna:
        world.kiosk.publish(SYRIA)
        await world.told(anna, SYRIA)
    world.kiosk.link, world.kiosk.redated = "/moved/{number}", True
    async with world.bot():
        world.kiosk.publish(AGAIN)
        await world.told(anna, AGAIN)
        await world.kiosk.asked("/feed", times=2)
    assert len(pushes(anna, SYRIA)) == 1
    assert not [message for title in PAST for message in pushes(anna, title)]


async def test_a_feed_that_empties_and_comes_back_repeats_nothing(world: World) -> None:
    async with world.read_by_anna("сирия") as anna:
        world.kiosk.publish(SYRIA)
        await world.told(anna, SYRIA)
        printed, world.kiosk.articles = world.kiosk.articles, []
        await world.kiosk.asked("/feed", times=2)
        world.kiosk.articles = printed
        world.kiosk.publish(AGAIN)
        await world.told(anna, AGAIN)
    assert len(pushes(anna, SYRIA)) == 1
