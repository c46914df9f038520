"""A real process, killed by -9 at any step of a follow-up or a correction: everybody gets it all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.demo.telegram import StandIn
from tests.fakes.kiosk import Kiosk, Printed
from tests.journey.conftest import World, primed, pushes, start
from tests.journey.lives import Lives
from tests.journey.records import settled

SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
LEAD = "Представители Дамаска и сирийской оппозиции встретились в Алеппо, чтобы обсудить прекращение огня."
CORRECTED = "В Алеппо отложены переговоры о прекращении огня в Сирии"
MORE = "В Алеппо переговоры о прекращении огня в Сирии продлили на 12 дней"
READERS = (101, 102)
LATER = timedelta(minutes=2)

EXPANSION = ("store.open_editions:after", "store.expand_edition:before", "store.expand_edition:after")
SENDING = ("store.claim:after", "messenger.push:before", "messenger.push:after", "store.settle:before")
CORRECTION = ("store.listed:after", "store.correct:before", "store.correct:after", *EXPANSION, *SENDING)
FOLLOW_UP = ("store.publish:before", "store.publish:after", *EXPANSION, *SENDING)
TOLD_BUT_UNWRITTEN = frozenset({"messenger.push:after", "store.settle:before"})


@dataclass(frozen=True, slots=True)
class Told:
    """A database whose readers were told SYRIA, and the Telegram that has the messages."""

    kiosk: Kiosk
    printed: Printed
    world: World


@pytest.fixture
async def told(lives: Lives, tmp_path: Path) -> AsyncIterator[Told]:
    async with Kiosk(full_text=True) as kiosk, StandIn() as telegram:
        kiosk.publish("Правительство обсудило новый закон о рыбалке")
        world = World(kiosk, telegram, tmp_path)
        life = await lives.begin(world.folder, world.values())
        people = [telegram.person(chat_id, "Читатель") for chat_id in READERS]
        for person in people:
            await start(world, person, "сирия")
        await primed(world)
        printed = kiosk.publish(SYRIA, LEAD)
        await telegram.wait_until(lambda: all(pushes(person, SYRIA) for person in people), timeout=15)
        await settled(world.database)
        await life.stop()
        yield Told(kiosk, printed, world)


def shown(world: World, title: str) -> list[int]:
    """How often each reader sees a message of that headline."""
    return [len(pushes(world.telegram.person(chat_id, "Читатель"), title)) for chat_id in READERS]


async def killed_and_outlived(told: Told, lives: Lives, place: str, title: str) -> None:
    world = told.world
    first = await lives.begin(world.folder, world.values(), kill_at=place, later=LATER)
    assert await first.end() == -SIGKILL, first.log.read_text()
    second = await lives.begin(world.folder, world.values(), later=2 * LATER)
    await world.telegram.wait_until(lambda: all(shown(world, title)), timeout=15)
    await settled(world.database)
    second.kill()


@pytest.mark.parametrize("place", CORRECTION)
async def test_a_kill_at_any_step_of_a_correction_leaves_nobody_with_the_old_headline(
    place: str, told: Told, lives: Lives
) -> None:
    told.kiosk.reprint(told.printed, CORRECTED)
    await killed_and_outlived(told, lives, place, CORRECTED)
    assert (shown(told.world, CORRECTED), shown(told.world, SYRIA)) == ([1, 1], [0, 0])


@pytest.mark.parametrize("place", FOLLOW_UP)
async def test_a_kill_at_any_step_of_a_follow_up_loses_nothing(place: str, told: Told, lives: Lives) -> None:
    told.kiosk.publish(MORE, f"{LEAD} Переговоры продлили на 12 дней.")
    await killed_and_outlived(told, lives, place, MORE)
    assert max(shown(told.world, MORE)) <= (2 if place in TOLD_BUT_UNWRITTEN else 1)
    assert shown(told.world, SYRIA) == [1, 1]
