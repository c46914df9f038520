"""What is followed while the bot runs matches from the next article on, whichever process it was said to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import FetchError
from bot.journey import Journey
from bot.model import Level, Page, Request, Response, Source, Subscriber, Topic
from bot.own_topics import LOOK_THROUGH
from bot.topics import parse
from storage import Store, open_store
from storage.schema import topics

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRUD = Source(name="Труд", url="https://www.trud.ru/rss", language="ru", owner="trud", country="RU")


class Paper:
    """The web, as far as it's one feed."""

    def __init__(self) -> None:
        self.titles: list[str] = ["Открылась выставка кошек"]

    async def fetch(self, request: Request) -> Response:
        items = "".join(
            f"<item><title>{title}</title><link>https://www.trud.ru/{number}</link><guid>{number}</guid>"
            f"<pubDate>Mon, 23 Nov 2026 12:00:00 GMT</pubDate><description>{f'{title}. ' * 40}</description></item>"
            for number, title in enumerate(self.titles)
        )
        body = f'<rss version="2.0"><channel><title>Труд</title>{items}</channel></rss>'.encode()
        return Response(url=request.url, status=200, headers={"content-type": "application/rss+xml"}, body=body)

    async def fetch_page(self, url: str) -> Response:
        raise FetchError(url)

    async def read(self, response: Response, source: Source) -> Page:
        raise AssertionError("the feed says everything")


@dataclass
class Newsroom:
    """A collecting process and, on the same database, another one that people talk to."""

    collecting: Store
    talking: Store
    paper: Paper
    wheel: Journey
    now: datetime = NOON

    async def publish(self, title: str) -> None:
        self.paper.titles.append(title)
        self.now += timedelta(minutes=2)
        await self.wheel.turn()

    async def follow(self, chat_id: int, words: str) -> Topic:
        query = parse(words)
        reader = await self.talking.add_subscriber(Subscriber(chat_id=chat_id), self.now)
        topic = await self.talking.topic(Topic(query=str(query), key=query.digest))
        await self.talking.follow(reader.id, topic.id, Level.ROUTINE, self.now)
        return topic

    async def found(self, topic: Topic) -> list[str]:
        return [story.title for story in await self.talking.latest((topic.id,), 9)]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Newsroom]:
    url = f"sqlite+aiosqlite:///{folder / 'glavnoe.db'}"
    collecting, talking = await open_store(url), await open_store(url)
    paper = Paper()
    wheel = Journey(
        store=collecting,
        web=paper,
        pages=paper,
        clock=lambda: room.now,
        sources=await collecting.register_sources([TRUD], NOON),
        topic_ids=await collecting.register_topics(["main"]),
        owner="one",
    )
    room = Newsroom(collecting, talking, paper, wheel)
    yield room
    await collecting.close()
    await talking.close()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with opened(tmp_path) as room:
        await room.wheel.prepare()
        await room.wheel.turn()
        yield room


async def test_a_topic_followed_in_another_process_matches_the_next_article(room: Newsroom) -> None:
    topic = await room.follow(5, "женева переговоры")
    await room.publish("Переговоры прошли в Женеве")
    assert await room.found(topic) == ["Переговоры прошли в Женеве"]


async def test_a_topic_that_is_followed_again_matches_the_next_article(room: Newsroom) -> None:
    topic = await room.follow(5, "женева")
    await room.talking.unfollow((await room.talking.subscriber(5)).id, topic.id)  # type: ignore[union-attr]
    await room.publish("Дождь в Женеве")
    await room.follow(6, "Женевы")
    await room.publish("Снег в Женеве")
    assert (await room.found(topic))[0] == "Снег в Женеве"


async def test_a_topic_that_was_deleted_stops_nothing_and_is_forgotten(room: Newsroom) -> None:
    topic = await room.follow(5, "женева")
    await room.publish("Дождь в Женеве")
    reader = await room.talking.subscriber(5)
    assert reader is not None
    await room.talking.forget(reader.id)
    await room.publish("Снег в Женеве")
    assert await room.found(topic) == []
    room.now += LOOK_THROUGH
    await room.publish("Град в Женеве")
    assert len(room.wheel._judging.own_topics) == 0


async def test_very_many_topics_are_taken_in_at_start_without_holding_up_the_loop(tmp_path: Path) -> None:
    many = 5_000
    async with opened(tmp_path) as room:
        async with room.talking.write() as connection:
            rows = [{"query": f"слово{number} другое{number}"} for number in range(many)]
            await connection.execute(topics.insert(), rows)
        longest = await _longest_pause(asyncio.create_task(room.wheel.prepare()))
        assert len(room.wheel._judging.own_topics) == many
        assert longest < 0.1


async def _longest_pause(task: asyncio.Task[None]) -> float:
    """Seconds of this thread's own CPU between two turns of the loop, while the task runs: what others wait for."""
    longest, last = 0.0, time.thread_time()
    while not task.done():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest, last = max(longest, now - last), now
    await task
    return longest


async def test_an_article_costs_no_second_look_at_all_topics(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    async with room.talking.write() as connection:
        await connection.execute(topics.insert(), [{"query": f"слово{number}"} for number in range(3_000)])
    await room.publish("Дождь в Женеве")
    read = []
    own_topics = room.collecting.own_topics

    async def counted(after: int, limit: int) -> tuple[Topic, ...]:
        page = await own_topics(after, limit)
        read.append(len(page))
        return page

    monkeypatch.setattr(Store, "own_topics", lambda _, after, limit: counted(after, limit))
    monkeypatch.setattr("bot.own_topics.LOOK_THROUGH", timedelta(days=1))
    await room.publish("Снег в Женеве")
    await room.publish("Град в Женеве")
    assert read[-1] <= 100
