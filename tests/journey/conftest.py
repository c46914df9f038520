"""The real bot between a newspaper and a Telegram of this machine, all over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import app
from bot.config import Settings, read_sources
from bot.demo.chats import Message
from bot.demo.people import Person
from bot.demo.telegram import StandIn
from bot.ports import Clock
from tests.fakes.kiosk import Kiosk
from tests.journey.lives import Lives

OLD = "Правительство обсудило бюджет на будущий год"


@dataclass
class World:
    """A newspaper, a Telegram, and the bot's own folder, which outlives the bot."""

    kiosk: Kiosk
    telegram: StandIn
    folder: Path
    settings: dict[str, object] = field(default_factory=dict)
    sources: str = ""

    @property
    def database(self) -> Path:
        return self.folder / "glavnoe.db"

    def values(self, **settings: object) -> dict[str, object]:
        """Settings of a bot in this world, plain enough to be sent to another process; writes its SOURCES_FILE."""
        sources_file = self.folder / "sources.toml"
        sources_file.write_text(self.sources or self.kiosk.source(), encoding="utf-8")
        values: dict[str, object] = {
            "bot_token": self.telegram.token,
            "telegram_api_url": self.telegram.url,
            "database_url": f"sqlite+aiosqlite:///{self.database}",
            "sources_file": str(sources_file),
            "poll_interval": 0.2,
            "allow_private_hosts": True,
            "send_rate": 1000,
        }
        return values | self.settings | settings

    async def serve(self, stop: asyncio.Event, *, clock: Clock = app.utc_now, **settings: object) -> None:
        """The bot as it serves, until it is stopped or gives up."""
        wanted = Settings(_env_file=None, **self.values(**settings))  # type: ignore[arg-type]
        await app.serve(wanted, read_sources(wanted.sources_file), clock=clock, stop=stop)

    @asynccontextmanager
    async def bot(self, *, clock: Clock = app.utc_now, **settings: object) -> AsyncIterator[None]:
        """The bot, running; stopped cleanly at the end."""
        stop = asyncio.Event()
        serving = asyncio.create_task(self.serve(stop, clock=clock, **settings))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(serving, 15)

    @asynccontextmanager
    async def read_by_anna(self, *topics: str, clock: Clock = app.utc_now, **settings: object) -> AsyncIterator[Person]:
        """The bot, running; Anna follows the topics, and the paper's first poll, of yesterday's news, is over."""
        anna = self.telegram.person(7, "Анна")
        self.kiosk.publish(OLD)
        async with self.bot(clock=clock, **settings):
            await start(self, anna, *topics)
            await primed(self)
            yield anna

    async def told(self, person: Person, title: str) -> Message:
        """The one notification of the story on a phone, as soon as it is there."""
        await self.telegram.wait_until(lambda: pushes(person, title), timeout=10)
        (message,) = pushes(person, title)
        return message


@dataclass
class Watch:
    """A clock that can be put forward."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
async def lives() -> AsyncIterator[Lives]:
    async with Lives() as lives:
        yield lives


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with Kiosk() as kiosk, StandIn() as telegram:
        yield World(kiosk, telegram, tmp_path)


async def start(world: World, person: Person, *topics: str) -> None:
    """Say /start and follow topics; returns when the bot has answered each. It may be starting meanwhile."""
    for words in ("/start", *(f"/follow {topic}" for topic in topics)):
        before = len(person.received)
        await person.says(words)
        await world.telegram.wait_until(lambda: len(person.received) > before, timeout=25)  # noqa: B023 - awaited here


async def primed(world: World) -> None:
    """Returns when the first poll is over: the feed has been asked for a second time."""
    if (asked := world.kiosk.requests.count("/feed")) < 2:
        await world.kiosk.asked("/feed", times=2 - asked)


def pushes(person: Person, title: str) -> list[Message]:
    """The notifications of a story on a phone, answers and menus left out."""
    return [message for message in person.received if message.text.startswith(title) and "\n#" in message.text]


@pytest.fixture
def telegram(world: World) -> StandIn:
    return world.telegram
