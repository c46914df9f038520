"""Who is told first, and that nobody is held up by somebody else: the wheels of the app, a store, a Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.app import FEWEST_IN_FLIGHT, deliveries
from bot.config import Settings
from bot.delivery import Delivery
from bot.demo.faults import hang, too_many_requests
from bot.demo.journal import Call
from bot.demo.telegram import StandIn
from bot.model import Article, Evidence, Importance, Level, Publication, Source, Subscriber
from bot.telegram.bots import make_bot
from bot.telegram.budget import SendBudget
from storage import Store, open_store

TRUD = Source(name="Труд", url="https://www.trud.ru/rssfull", language="ru", owner="trud", country="RU")


@dataclass
class Desk:
    """A store with readers of one topic, and the wheels that tell them."""

    store: Store
    telegram: StandIn
    source_id: int
    topic_id: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    wheels: tuple[Delivery, ...] = ()

    async def reader(self, chat_id: int, *, group: bool = False) -> None:
        person = self.telegram.person(abs(chat_id), f"Читатель {chat_id}")
        if group:
            self.telegram.group(chat_id, "Редакция", person)
        reader = await self.store.add_subscriber(Subscriber(chat_id=chat_id), datetime.now(UTC))
        await self.store.follow(reader.id, self.topic_id, Level.ROUTINE, datetime.now(UTC))

    async def publish(self, title: str, level: Level = Level.MAJOR, before: timedelta = timedelta()) -> None:
        now = datetime.now(UTC) - before
        key = f"{next(self.numbers)}"
        article = Article(
            source_id=self.source_id,
            key=key,
            url=f"https://www.trud.ru/article/{key}",
            title=title,
            published_at=now,
            seen_at=now,
        )
        evidence, importance = (Evidence(self.topic_id, 1.0),), Importance(score=50.0, level=level)
        await self.store.publish(
            Publication(article=article, importance=importance, evidence=evidence, summary="Кратко."), now
        )
        for wheel in self.wheels:
            wheel.wake()

    @asynccontextmanager
    async def delivering(self, rate: float, *, paid: bool = False) -> AsyncIterator[None]:
        """What `bot.app` runs."""
        settings = Settings(_env_file=None, send_rate=rate, paid_broadcast=paid)
        budget = SendBudget(rate)
        bot = make_bot(self.telegram.token, self.telegram.url, budget, urgent=False)
        self.wheels = deliveries(settings, self.store, bot, budget, lambda: datetime.now(UTC))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(bot.session.close)
            async with asyncio.TaskGroup() as group:
                for wheel in self.wheels:
                    group.create_task(wheel.run())
                try:
                    yield
                finally:
                    for wheel in self.wheels:
                        wheel.stop()

    def told(self, title: str = "") -> list[Call]:
        return [call for call in self.telegram.journal.sent() if call.text.startswith(title)]

    async def until_told(self, many: int, title: str = "") -> list[Call]:
        await self.telegram.wait_until(lambda: len(self.told(title)) >= many, 20)
        return self.told(title)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path}/glavnoe.db")
    (source,) = await store.register_sources([TRUD], datetime.now(UTC))
    topics = await store.register_topics(["main"])
    async with StandIn(own_parser=True) as telegram:
        yield Desk(store, telegram, source.id, topics["main"])
    await store.close()


async def test_breaking_news_goes_first_then_by_level_then_the_oldest(desk: Desk) -> None:
    await desk.reader(7)
    titles = ["Обычная", "Заметная", "Важная старая", "Важная новая", "Срочная"]
    levels = [Level.ROUTINE, Level.NOTABLE, Level.MAJOR, Level.MAJOR, Level.BREAKING]
    ages = [50, 40, 30, 20, 10]
    for title, level, minutes in zip(titles, levels, ages, strict=True):
        await desk.publish(title, level, before=timedelta(minutes=minutes))
    while dispatches := await desk.store.open_dispatches(1):
        await desk.store.expand(dispatches[0], 100, dispatches[0].created_at)
    async with desk.delivering(1000):
        calls = await desk.until_told(5)
    assert [call.text.split("\n")[0] for call in calls] == [
        "Срочная",
        "Важная старая",
        "Важная новая",
        "Заметная",
        "Обычная",
    ]


async def test_breaking_news_overtakes_a_broadcast_that_is_under_way(desk: Desk) -> None:
    for chat in range(1, 121):
        await desk.reader(chat)
    await desk.publish("Обычная", Level.ROUTINE)
    async with desk.delivering(60):
        await desk.until_told(10, "Обычная")
        before = len(desk.told())
        await desk.publish("Срочная", Level.BREAKING)
        await desk.until_told(60, "Срочная")
        since = desk.told()[before:]
    routine = [call for call in since if call.text.startswith("Обычная")]
    assert len(routine) <= 2 * FEWEST_IN_FLIGHT  # of 110: what was claimed already


async def test_breaking_news_that_is_paid_for_does_not_wait_for_the_free_rate(desk: Desk) -> None:
    for chat in range(1, 101):
        await desk.reader(chat)
    await desk.publish("Обычная", Level.ROUTINE)
    async with desk.delivering(5, paid=True):
        await desk.until_told(2, "Обычная")
        await desk.publish("Срочная", Level.BREAKING)
        breaking = await desk.until_told(90, "Срочная")
        routine = desk.told("Обычная")
    assert all(call.parameters.get("allow_paid_broadcast") for call in breaking)
    assert not any(call.parameters.get("allow_paid_broadcast") for call in routine)
    assert len(routine) < 60


async def test_one_chats_backlog_does_not_hold_up_another(desk: Desk) -> None:
    await desk.reader(1)
    for number in range(150):
        await desk.publish(f"Новость {number}")
    while dispatches := await desk.store.open_dispatches(1):
        await desk.store.expand(dispatches[0], 100, datetime.now(UTC))
    for chat in range(2, 12):
        await desk.reader(chat)
    await desk.publish("Последняя")
    async with desk.delivering(1000):
        await desk.telegram.wait_until(lambda: len({c.chat_id for c in desk.told("Последняя")}) >= 10, 20)
        backlog = [call for call in desk.told() if call.chat_id == 1]
    assert len(backlog) <= 20


async def test_a_chat_that_does_not_answer_or_is_told_to_wait_holds_up_nobody(desk: Desk) -> None:
    for chat in range(1, 41):
        await desk.reader(chat)
    await desk.reader(-50, group=True)
    desk.telegram.faults.inject(hang(), method="sendMessage", chat_id=1, times=None)
    desk.telegram.faults.inject(too_many_requests(30), method="sendMessage", chat_id=-50, times=None)
    for number in range(3):
        await desk.publish(f"Новость {number}")
    async with desk.delivering(1000):
        await desk.until_told(39 * 3)
        desk.telegram.faults.clear()
        waiting = desk.telegram.journal.of("sendMessage", -50)
    assert len(waiting) == 1
    assert {call.chat_id for call in desk.told()} >= set(range(2, 41))
