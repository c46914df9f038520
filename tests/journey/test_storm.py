"""Kills at random moments under load, at Telegram's free rate and with its latency: all that was due arrives.

`make storm` kills 200 times; the run of all tests a few times, with a fixed seed.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.demo.faults import latency
from bot.demo.journal import Call
from bot.demo.telegram import StandIn
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import World, primed, start
from tests.journey.lives import Life, Lives
from tests.journey.records import in_flight, rows, settled

KILLS = int(os.environ.get("STORM_KILLS", "12"))
SEED = int(os.environ.get("STORM_SEED", "1917"))
READERS = range(101, 161)
"""Sixty: at one message a second to a chat, enough for 29 a second in all."""
RATE = 29
LATENCY = 0.04
SHORTEST, LONGEST = 0.4, 2.5
"""Seconds from a life's start to its end: in the first tenths it only starts."""
BACKLOG = 3 * RATE
"""Notifications that are due while the storm goes on, at least: each life finds work for its whole length."""
LATER = timedelta(minutes=2)
"""Between lives, by the bot's clock: the leases of the life before have run out."""
REPEATS_A_KILL = 3.0


@dataclass(slots=True)
class Storm:
    """The newspaper, the readers' phones and the lives that come and go."""

    world: World
    lives: Lives
    chance: random.Random
    printed: list[str] = field(default_factory=list)
    told: Counter[tuple[object, str]] = field(default_factory=Counter)
    """(chat id, title) → how often it reached the phone."""
    read: int = 0
    """Calls of the journal that are counted."""
    unsettled: set[tuple[object, object]] = field(default_factory=set)
    """What was in flight at any kill."""
    age: timedelta = timedelta(0)

    def count(self) -> int:
        """How many different notifications have arrived."""
        calls = self.world.telegram.journal.calls
        for call in calls[self.read :]:
            if title := _title(call):
                self.told[call.chat_id, title] += 1
        self.read = len(calls)
        return len(self.told)

    def publish(self) -> None:
        """A story like no other: only made-up words, and the one that everybody follows."""
        title = f"Шторм: {self._words(5)}"
        self.printed.append(title)
        self.world.kiosk.publish(
            title, f"{self._words(9)}.", f"{self._words(60)}.", at=datetime.now(UTC) + self.age - timedelta(seconds=1)
        )

    def _words(self, count: int) -> str:
        syllables = [a + b for a in "бвгдзклмнпрст" for b in "аиоуы"]
        words = ("".join(self.chance.choices(syllables, k=self.chance.randint(3, 5))) for _ in range(count))
        return " ".join(words).capitalize()

    def due(self) -> int:
        return len(self.printed) * len(READERS) - self.count()

    async def life(self) -> Life:
        life = await self.lives.begin(self.world.folder, self.world.values(), later=self.age)
        self.age += LATER
        return life

    async def strike(self) -> None:
        """One life under load, ended at a random moment."""
        life = await self.life()
        ends_at = time.monotonic() + self.chance.uniform(SHORTEST, LONGEST)
        while (left := ends_at - time.monotonic()) > 0:
            while self.due() < BACKLOG:
                self.publish()
            await asyncio.sleep(min(left, 0.1))
        life.kill()
        assert await life.end() == -SIGKILL, life.log.read_text()
        self.unsettled |= in_flight(self.world.database)


def _title(call: Call) -> str | None:
    """Of the story that the call brought to a phone."""
    if call.method != "sendMessage" or not call.took_effect or not call.text.startswith("Шторм: "):
        return None
    return call.text.partition("\n")[0].strip()


@pytest.mark.timeout(60 + 6 * KILLS)
async def test_all_that_is_due_arrives_through_a_storm_of_kills(lives: Lives, tmp_path: Path) -> None:
    async with Kiosk(full_text=True) as kiosk, StandIn() as telegram:
        world = World(kiosk, telegram, tmp_path, {"send_rate": RATE})
        storm = Storm(world, lives, random.Random(SEED))  # noqa: S311 - it must come again as it was
        await _gather_readers(storm)
        telegram.faults.inject(latency(LATENCY), method="sendMessage", times=None)
        began = time.monotonic()
        for _ in range(KILLS):
            await storm.strike()
        lasted = time.monotonic() - began
        telegram.faults.clear()
        last = await lives.begin(tmp_path, world.values(send_rate=1000), later=storm.age)
        everything = len(storm.printed) * len(READERS)
        await telegram.wait_until(lambda: storm.count() == everything, timeout=60)
        await settled(world.database)
        await last.stop()
        storm.count()
    sent = sum(storm.told.values())
    repeated = sent - len(storm.told)
    report = (
        f"storm: seed {SEED}, {KILLS} kills in {lasted:.0f} s, {everything} notifications due, {len(storm.told)} told, "
        f"{repeated} repeated ({repeated / KILLS:.2f} a kill)"
    )
    print(f"\n{report}")  # noqa: T201 - what `make storm` measures
    assert len(storm.told) == everything, report
    assert {push for push, count in storm.told.items() if count > 1} <= storm.unsettled, report
    assert repeated <= REPEATS_A_KILL * KILLS, report
    assert rows(world.database, "SELECT count(*) FROM notifications WHERE state != 'sent'") == [(0,)]


async def _gather_readers(storm: Storm) -> None:
    world = storm.world
    world.kiosk.publish("Правительство обсудило новый закон о рыбалке")
    life = await storm.lives.begin(world.folder, world.values(send_rate=1000))
    await asyncio.gather(*(start(world, world.telegram.person(chat_id, "Читатель"), "шторм") for chat_id in READERS))
    await primed(world)
    await life.stop()
