"""A real process, killed by -9 while two told stories become one: nobody is told either again, and what comes later is
told to everybody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.demo.telegram import StandIn
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import World, primed, pushes, start
from tests.journey.lives import Lives
from tests.journey.records import rows, settled
from tests.unit.stories.articles import FLOOD, FLOOD_TEXT
from tests.unit.stories.test_merging import BOTH, BOTH_TEXT, SCHOOL, SCHOOL_TEXT

READERS = {101: "title:уроки", 102: "title:плотина", 103: "title:уроки | title:плотина"}
LATER = timedelta(minutes=2)
OTHERWISE = "Плотину в Саратове укрепили"
TOLD_BUT_UNWRITTEN = "messenger.push:after"
PLACES = ("store.publish:before", "store.publish:after", "store.claim:after", TOLD_BUT_UNWRITTEN)


@pytest.mark.parametrize("place", PLACES)
async def test_a_kill_while_two_told_stories_become_one(place: str, lives: Lives, tmp_path: Path) -> None:
    async with Kiosk(full_text=True) as kiosk, StandIn() as telegram:
        world = World(kiosk, telegram, tmp_path)
        people = {chat_id: telegram.person(chat_id, "Читатель") for chat_id in READERS}

        def seen(title: str) -> list[int]:
            return [len(pushes(person, title)) for person in people.values()]

        kiosk.publish("Правительство обсудило новый закон о рыбалке")
        first = await lives.begin(world.folder, world.values())
        for chat_id, person in people.items():
            await start(world, person, READERS[chat_id])
        await primed(world)
        kiosk.publish(SCHOOL, SCHOOL_TEXT)
        flood = kiosk.publish(FLOOD, FLOOD_TEXT)
        await telegram.wait_until(lambda: (seen(SCHOOL), seen(FLOOD)) == ([1, 0, 1], [0, 1, 1]), timeout=15)
        await settled(world.database)
        await first.stop()

        kiosk.publish(BOTH, f"Эвакуированы 412 человек. {BOTH_TEXT}")
        second = await lives.begin(world.folder, world.values(), kill_at=place, later=LATER)
        assert await second.end() == -SIGKILL, second.log.read_text()
        third = await lives.begin(world.folder, world.values(), later=2 * LATER)
        await telegram.wait_until(lambda: all(seen(BOTH)), timeout=15)  # what it adds is a reply to either
        kiosk.reprint(flood, OTHERWISE)
        await telegram.wait_until(lambda: seen(OTHERWISE) == [0, 1, 1], timeout=15)
        await settled(world.database)
        third.kill()

        assert rows(world.database, "SELECT count(*) FROM stories WHERE merged_into IS NOT NULL") == [(1,)]
        assert (seen(SCHOOL), seen(FLOOD)) == ([1, 0, 1], [0, 0, 0])
        assert max(seen(BOTH)) <= (2 if place == TOLD_BUT_UNWRITTEN else 1)
