"""A real process, killed by -9 at any step, over real HTTP: the next one tells everybody everything.

The places are laid around the bot's doors by `crash_points`; `store.claim:after` means that the process ends right
after a claim, before anything is made of it. The next life's clock is two minutes ahead, so that leases have run out.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import product
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.demo.journal import Call
from bot.demo.telegram import StandIn
from bot.model import DigestKind, DigestPlan
from storage import open_store
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import World, primed, pushes, start
from tests.journey.lives import Lives
from tests.journey.records import folded, follows, in_flight, settled

SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
KIEV = "Парламент в Киеве принял бюджет страны на будущий год"
READERS = {101: "сирия", 102: "сирия", 103: "киев"}
"""What each follows, two of them a built-in topic and one her own words; nobody gets two messages within a second,
which would only cost the test a second of Telegram's pace."""
DUE = {(101, SYRIA), (102, SYRIA), (103, KIEV)}
STRANGER = 104
OLD = "Правительство обсудило новый закон о рыбалке"
LATER = timedelta(minutes=2)
NEWS_SEEN = "store.unknown_keys:before"
"""From here on passes count: what comes before is a start like any other."""

STEPS = (
    "store.unknown_keys",
    "store.known_aliases",
    "web.fetch_page",
    "pages.read",
    "store.own_topics",
    "store.history",
    "store.publish",
    "store.listed",
    "store.save_poll",
    "web.fetch",
    "store.open_dispatches",
    "store.expand",
    "store.claim",
    "messenger.push",
    "store.settle",
)
PLACES = (
    *(f"{step}:{when}" for step, when in product(STEPS, ("before", "after"))),
    "store.splits_since:before",
    "store.due_readings:before",
    "store.open_editions:before",
)
"""Of splits, readings that are due and editions there are none; test_edition_kills has some of the last."""
AGAIN = (
    ("store.publish:before", 2),
    ("store.publish:after", 2),
    ("store.expand:after", 2),
    ("messenger.push:before", 3),
    ("messenger.push:after", 3),
)
DIGEST = (
    "store.claim_digests:after",
    "messenger.push_digest:before",
    "messenger.push_digest:after",
    "store.settle_digests:before",
    "store.settle_digests:after",
)
TOLD_BUT_UNWRITTEN = ("messenger.push_digest:after", "store.settle_digests:before")
COMMITS = tuple(("database.commit:before", nth) for nth in range(1, 17))

ELSEWHERE = (
    *("telegram.", "store.release", "store.take_lease", "store.drop_lease", "store.tidy", "store.rewind"),
    *("store.claim_digests", "store.claim_silent"),
)
"""Steps of the conversation (below), of a clean stop, of the clock (a lease is renewed every two seconds, whatever else
happens; so is looked for digests and the silent), and of upkeep, whose every step stands for itself."""

ANSWER = (
    "telegram.getUpdates:after",
    "store.subscriber:before",
    "store.subscriber:after",
    "store.add_subscriber:before",
    "store.add_subscriber:after",
    "store.follow:before",
    "store.follow:after",
    "telegram.sendMessage:before",
    "telegram.sendMessage:after",
)


@dataclass(frozen=True, slots=True)
class Readership:
    """A newspaper that has printed news, and the database of a bot that saw it before and has readers."""

    kiosk: Kiosk
    database: Path

    def world(self, telegram: StandIn, folder: Path) -> World:
        shutil.copy(self.database, folder / self.database.name)
        return World(self.kiosk, telegram, folder)


@pytest.fixture(scope="module")
async def readership(lives: Lives, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Readership]:
    async with Kiosk(full_text=True) as kiosk, StandIn() as telegram:
        kiosk.publish(OLD)
        world = World(kiosk, telegram, tmp_path_factory.mktemp("readership"))
        life = await lives.begin(world.folder, world.values())
        for chat_id, topic in READERS.items():
            await start(world, telegram.person(chat_id, "Читатель"), topic)
        await primed(world)
        await life.stop()
        for title in (SYRIA, KIEV):
            kiosk.publish(title)
        yield Readership(kiosk, world.database)


@pytest.fixture
async def world(readership: Readership, tmp_path: Path) -> AsyncIterator[World]:
    async with StandIn() as telegram:
        for chat_id in READERS:
            telegram.person(chat_id, "Читатель")
        yield readership.world(telegram, tmp_path)


def told(world: World) -> Counter[tuple[int, str]]:
    """How often each reader was told each piece of news."""
    phones = {chat_id: world.telegram.person(chat_id, "Читатель") for chat_id in READERS}
    found = {(chat_id, title): len(pushes(phones[chat_id], title)) for chat_id, title in product(phones, (SYRIA, KIEV))}
    return Counter({push: count for push, count in found.items() if count})


@pytest.mark.parametrize(("place", "nth"), [*((place, 1) for place in PLACES), *AGAIN, *COMMITS])
async def test_a_kill_at_any_step_of_collect_and_deliver_loses_nothing(
    place: str, nth: int, world: World, lives: Lives
) -> None:
    first = await lives.begin(world.folder, world.values(), kill_at=place, nth=nth, since=NEWS_SEEN)
    assert await first.end() == -SIGKILL, first.log.read_text()
    unsettled = in_flight(world.database)
    second = await lives.begin(world.folder, world.values(), later=LATER)
    await world.telegram.wait_until(lambda: told(world).keys() == DUE, timeout=15)
    await settled(world.database)
    second.kill()
    repeated = {push for push, count in told(world).items() if count > 1}
    assert repeated <= unsettled
    assert max(told(world).values()) <= 2


async def test_every_step_of_collect_and_deliver_is_a_crash_point(world: World, lives: Lives) -> None:
    diary = world.folder / "diary"
    life = await lives.begin(world.folder, world.values(), diary=diary, since=NEWS_SEEN)
    await world.telegram.wait_until(lambda: told(world).keys() == DUE, timeout=15)
    await settled(world.database)
    await world.kiosk.asked("/feed", times=2)
    await life.stop()
    passed = diary.read_text().splitlines()
    steps = {step for step in passed[passed.index(NEWS_SEEN) :] if not step.startswith(ELSEWHERE)}
    assert steps == {*PLACES, "database.commit:before"}


@pytest.mark.parametrize("place", DIGEST)
async def test_a_kill_at_any_step_of_a_digest_loses_nothing(place: str, world: World, lives: Lives) -> None:
    await _wants_a_digest(world, 101)
    life = await lives.begin(world.folder, world.values())
    await world.telegram.wait_until(lambda: told(world).keys() == DUE - {(101, SYRIA)}, timeout=15)
    await settled(world.database)
    life.kill()
    await life.end()
    first = await lives.begin(world.folder, world.values(), kill_at=place, later=LATER)
    assert await first.end() == -SIGKILL, first.log.read_text()
    second = await lives.begin(world.folder, world.values(), later=2 * LATER)
    await folded(world.database)
    await second.stop()
    assert 1 <= len(_issues(world, 101)) <= (2 if place in TOLD_BUT_UNWRITTEN else 1)


async def _wants_a_digest(world: World, chat_id: int) -> None:
    """Nothing but a digest, in a minute; the usual way to it is a menu."""
    store = await open_store(str(world.values()["database_url"]))
    reader = await store.subscriber(chat_id)
    assert reader is not None
    await store.set_preferences(replace(reader, digest_only=True))
    soon = datetime.now(UTC) + timedelta(minutes=1)
    await store.plan_digest(reader.id, DigestPlan(DigestKind.DAILY, time(9)), soon)
    await store.close()


def _issues(world: World, chat_id: int) -> list[Call]:
    calls = world.telegram.journal.calls
    return [call for call in calls if call.chat_id == chat_id and call.method.startswith("send") and call.took_effect]


@pytest.mark.parametrize("place", ANSWER)
async def test_what_the_conversation_has_promised_survives_a_kill(place: str, world: World, lives: Lives) -> None:
    stranger = world.telegram.person(STRANGER, "Глеб")
    await stranger.says("/follow сирия")
    first = await lives.begin(world.folder, world.values(), kill_at=place, since="telegram.getUpdates:after")
    assert await first.end() == -SIGKILL, first.log.read_text()
    answers = len(stranger.received)
    if answers:
        assert follows(world.database, STRANGER)
    second = await lives.begin(world.folder, world.values(), later=LATER)
    await world.telegram.wait_until(lambda: len(stranger.received) > answers, timeout=15)
    second.kill()
    assert follows(world.database, STRANGER)
