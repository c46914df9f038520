"""Kills at random moments under load, at Telegram's free rate and with its latency: all that was due arrives.

While the kills go on, two stories at a time turn out to be one, and a headline of theirs is changed: whoever was told
one of them isn't told the other, and no phone is left with the old headline. `make storm` kills 200 times; the run of
all tests a few times, with a fixed seed.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.demo.faults import latency
from bot.demo.journal import Call
from bot.demo.telegram import StandIn
from tests.fakes.kiosk import Kiosk, Printed
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
CHANCE = 4.0
"""Two standard deviations of one kill's repeats: so far, times √kills, a sum of few kills lies from its mean by chance.
"""
MERGES_WITHIN = 3.0
"""Seconds from when an article was seen to its commit, which makes two stories one: until then both are told. A life's
first article waits for the dictionaries to be loaded."""


@dataclass(slots=True)
class Event:
    """What the newspaper tells in two stories, then in an article that belongs to both, and then corrects."""

    halves: tuple[Printed, Printed]
    words: tuple[str, str]
    corrected: tuple[str, str] | None = None
    """The headline of one of the halves, before and after."""


@dataclass(slots=True)
class Storm:
    """The newspaper, the readers' phones and the lives that come and go."""

    world: World
    lives: Lives
    chance: random.Random
    printed: list[frozenset[str]] = field(default_factory=list)
    """Of each story or event, the headlines of which everybody gets one."""
    told: Counter[tuple[object, str]] = field(default_factory=Counter)
    """(chat id, title as it was first) → how often it reached the phone."""
    first: dict[str, str] = field(default_factory=dict)
    """Of a title that was changed, what it was."""
    events: list[Event] = field(default_factory=list)
    read: int = 0
    """Calls of the journal that are counted."""
    unsettled: set[tuple[object, object]] = field(default_factory=set)
    """What was in flight at any kill."""
    age: timedelta = timedelta(0)

    def count(self) -> int:
        """How many of those who are to be told something were told it."""
        calls = self.world.telegram.journal.calls
        for call in calls[self.read :]:
            if title := _title(call):
                self.told[call.chat_id, self.first.get(title, title)] += 1
        self.read = len(calls)
        return sum(any((chat, title) in self.told for title in one_of) for one_of in self.printed for chat in READERS)

    def publish(self) -> None:
        """A story like no other: only made-up words, and the one that everybody follows."""
        printed = self._print(self._words(5), self._words(60))
        self.printed.append(frozenset({printed.title}))

    def open_event(self) -> None:
        """Two stories that have nothing in common yet."""
        words = self._words(30), self._words(30)
        halves = tuple(self._print(" ".join(half.split()[:5]), half) for half in words)
        self.events.append(Event(halves, words))  # type: ignore[arg-type]  # two
        self.printed.append(frozenset(half.title for half in halves))

    def bring_together(self) -> None:
        """An article about both, with a number that neither has: a follow-up to either."""
        event = self.events[-1]
        one, other = (half.split() for half in event.words)
        self._print(" ".join(one[:3] + other[:3]), f"{' '.join(event.words)} {self.chance.randint(100, 999)}")

    def correct(self) -> None:
        """Either half's headline in turn: the one that tells the whole, and the one that tells its part."""
        event = self.events[-1]
        half = event.halves[len(self.events) % 2]
        title = f"{half.title} {self._words(2).lower()}"
        event.corrected = half.title, title
        self.first[title] = half.title
        self.world.kiosk.reprint(half, title)

    def _print(self, title: str, text: str) -> Printed:
        at = datetime.now(UTC) + self.age - timedelta(seconds=1)
        return self.world.kiosk.publish(f"Шторм: {title}", f"{text}.", f"{text}.", at=at)

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

    async def strike(self, number: int) -> None:
        """One life under load, ended at a random moment. In each of three an event goes on."""
        (self.open_event, self.bring_together, self.correct)[number % 3]()
        life = await self.life()
        ends_at = time.monotonic() + self.chance.uniform(SHORTEST, LONGEST)
        while (left := ends_at - time.monotonic()) > 0:
            while self.due() < BACKLOG:
                self.publish()
            await asyncio.sleep(min(left, 0.1))
        life.kill()
        assert await life.end() == -SIGKILL, life.log.read_text()
        self.unsettled |= {(chat, self.first.get(str(title), title)) for chat, title in in_flight(self.world.database)}


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
        for method in ("sendMessage", "editMessageText"):
            telegram.faults.inject(latency(LATENCY), method=method, times=None)
        began = time.monotonic()
        for number in range(KILLS):
            await storm.strike(number)
        lasted = time.monotonic() - began
        telegram.faults.clear()
        last = await lives.begin(tmp_path, world.values(send_rate=1000), later=storm.age)
        everything = len(storm.printed) * len(READERS)
        await telegram.wait_until(lambda: storm.count() == everything, timeout=60)
        await kiosk.asked("/feed", times=2)
        await settled(world.database, within=60)
        await last.stop()
        told = storm.count()
    sent = sum(storm.told.values())
    repeated = sent - len(storm.told)
    report = (
        f"storm: seed {SEED}, {KILLS} kills in {lasted:.0f} s, {everything} to be told, {told} told "
        f"in {sent} messages, {repeated} of them repeated ({repeated / KILLS:.2f} a kill); {(KILLS + 1) // 3} merges"
    )
    print(f"\n{report}")  # noqa: T201 - what `make storm` measures
    assert told == everything, report
    assert {push for push, count in storm.told.items() if count > 1} <= storm.unsettled, report
    assert repeated <= REPEATS_A_KILL * KILLS + CHANCE * KILLS**0.5, report
    assert rows(world.database, "SELECT count(*) FROM notifications WHERE state != 'sent'") == [(0,)]
    assert rows(world.database, MERGED) == [((KILLS + 1) // 3,)]  # those that were brought together
    assert rows(world.database, TOLD_BOTH_AFTERWARDS, MERGES_WITHIN * 1_000_000) == [], report
    assert [late for event in storm.events for late in _uncorrected(storm, event)] == [], report


MERGED = "SELECT count(*) FROM stories WHERE merged_into IS NOT NULL"
TOLD_BOTH_AFTERWARDS = """
    SELECT n.subscriber_id, whole.id FROM notifications n
    JOIN stories part ON part.id = n.story_id
    JOIN stories whole ON whole.id = coalesce(part.merged_into, part.id)
    JOIN articles last ON last.id = (SELECT max(id) FROM articles WHERE story_id = whole.id)
    WHERE n.kind = 'push' GROUP BY n.subscriber_id, whole.id
    HAVING count(*) > 1 AND max(n.due_at) > max(last.seen_at) + ?
"""
"""What is sent is due when it was sent."""


def _uncorrected(storm: Storm, event: Event) -> Iterator[tuple[int, str]]:
    """Phones with the old headline, but for copies that a kill kept the bot from knowing of."""
    if event.corrected is None:
        return
    before, after = event.corrected
    for chat in READERS:
        received = storm.world.telegram.person(chat, "Читатель").received
        titles = Counter(message.text.partition("\n")[0].strip() for message in received)
        copies = storm.told[chat, before]
        if titles[before] > max(0, copies - 1) or (copies and not titles[after]):
            yield chat, before


async def _gather_readers(storm: Storm) -> None:
    world = storm.world
    world.kiosk.publish("Правительство обсудило новый закон о рыбалке")
    life = await storm.lives.begin(world.folder, world.values(send_rate=1000))
    await asyncio.gather(*(start(world, world.telegram.person(chat_id, "Читатель"), "шторм") for chat_id in READERS))
    await primed(world)
    await life.stop()
