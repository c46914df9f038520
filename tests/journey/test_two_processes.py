"""Two bots started by mistake on one database and one token: leases keep them from telling anything twice."""

from __future__ import annotations

import time
from signal import SIGKILL

import pytest
from structlog.testing import capture_logs

from bot.journey import STAND_BY
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import World, primed, pushes, start
from tests.journey.lives import Lives
from tests.journey.records import settled

OLD = "Правительство обсудило новый закон о рыбалке"
SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
LEAD = "Представители Дамаска и сирийской оппозиции встретились в Алеппо."
AGAIN = "Сирийская армия отвела танки от Хомса"


@pytest.fixture
async def world(world: World) -> World:
    world.kiosk.full_text = True
    world.kiosk.publish(OLD)
    return world


async def test_two_bots_on_one_database_tell_everything_once(world: World) -> None:
    readers = [world.telegram.person(chat_id, "Читатель") for chat_id in range(101, 121)]
    async with Kiosk(full_text=True) as other:
        other.publish("Открылась выставка кошек в Самаре")
        world.sources = world.kiosk.source() + other.source("Вестник")
        with capture_logs() as logs:
            async with world.bot():
                for reader in readers:
                    await start(world, reader, "сирия")
                async with world.bot():
                    await primed(world)
                    for newspaper in (world.kiosk, other):
                        newspaper.publish(SYRIA, LEAD)
                    await world.telegram.wait_until(lambda: all(pushes(reader, SYRIA) for reader in readers), 15)
                    world.kiosk.publish(AGAIN)
                    await world.telegram.wait_until(lambda: all(pushes(reader, AGAIN) for reader in readers), 15)
                    await settled(world.database)
    assert {len(pushes(reader, title)) for reader in readers for title in (SYRIA, AGAIN)} == {1}
    assert len([line for line in logs if line["event"] == "collect.standing_by"]) == 1
    assert any(line.get("problem") == "conflict" and "another process" in line["hint"] for line in logs)


async def test_a_bot_that_stands_by_takes_over_at_a_clean_stop(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    first = world.bot()
    await first.__aenter__()
    await start(world, anna, "сирия")
    await primed(world)
    async with world.bot():
        await first.__aexit__(None, None, None)
        world.kiosk.publish(SYRIA, LEAD)
        await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=STAND_BY + 5)
    assert len(pushes(anna, SYRIA)) == 1


async def test_a_second_process_stands_by_and_takes_over_within_ten_seconds_of_a_kill(
    world: World, lives: Lives
) -> None:
    anna = world.telegram.person(7, "Анна")
    first = await lives.begin(world.folder, world.values())
    await start(world, anna, "сирия")
    await primed(world)
    second = await lives.begin(world.folder, world.values())
    world.kiosk.publish(SYRIA, LEAD)
    await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
    await settled(world.database)
    first.kill()
    assert await first.end() == -SIGKILL
    killed_at = time.monotonic()
    world.kiosk.publish(AGAIN)
    await world.telegram.wait_until(lambda: pushes(anna, AGAIN), timeout=20)
    assert time.monotonic() - killed_at < 10
    await second.stop()
    assert len(second.said("collect.standing_by")) == 1
    assert [len(pushes(anna, title)) for title in (SYRIA, AGAIN)] == [1, 1]
