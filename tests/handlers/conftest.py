"""A real dispatcher and a real bot over a fake session; people speak to it in real updates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from aiogram import Bot, Dispatcher

from bot.model import Article, Level, Reason, Story
from bot.subscribers import Publisher, UseCases
from handlers import create_dispatcher
from tests.fakes.memory_store import MemoryStore
from tests.fakes.telegram_session import Call, TelegramSession

NOW = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
PUBLISHER = 77
"""The id of the user in ADMIN_IDS."""
BEYOND_THE_KEYBOARD = 10**6
"""Ids of messages that people send, above those of the bot."""


@dataclass
class Person:
    """Somebody in a chat: what they say and press, and what the bot answers to it."""

    world: World
    chat_id: int = 7
    user_id: int = 7
    language: str = "ru"
    chat_kind: str = "private"
    thread_id: int | None = None
    is_forum: bool | None = None

    async def says(self, text: str, **message: Any) -> list[Call]:
        return await self.sends({"text": text}, **message)

    async def sends(self, content: dict[str, Any], **message: Any) -> list[Call]:
        return await self.world.update({"message": {**self.message(next(self.world.ids)), **content, **message}})

    async def presses(self, data: str, *, message: dict[str, Any] | None = None) -> list[Call]:
        """A button below a message of the bot; `message` replaces that message."""
        shown = {**self.message(500), "text": "…"} if message is None else message
        query = {"id": "1", "from": self.user, "chat_instance": "1", "data": data, "message": shown or None}
        return await self.world.update({"callback_query": query})

    async def membership(self, old: dict[str, Any], new: dict[str, Any]) -> list[Call]:
        me = {"id": 42, "is_bot": True, "first_name": "Главное"}
        changed = {
            "chat": self.chat,
            "from": self.user,
            "date": 1,
            "old_chat_member": {**old, "user": me},
            "new_chat_member": {**new, "user": me},
        }
        return await self.world.update({"my_chat_member": changed})

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.user_id, "is_bot": False, "first_name": "Анна", "language_code": self.language}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.chat_id, "type": self.chat_kind, "title": "…", "is_forum": self.is_forum}

    def message(self, message_id: int) -> dict[str, Any]:
        thread = {"message_thread_id": self.thread_id, "is_topic_message": True} if self.thread_id else {}
        return {"message_id": message_id, "date": 1, "chat": self.chat, "from": self.user, **thread}


class World:
    """One bot with its store and its Telegram, at a fixed time."""

    def __init__(self) -> None:
        self.ids = count(BEYOND_THE_KEYBOARD)
        self.now = NOW
        self.elapsed = 0.0
        """What expires is told by this clock, in seconds."""
        self.pace = 5.0
        """Seconds between two updates: people need some."""
        self.store = MemoryStore()
        self.session = TelegramSession()
        self.use_cases = UseCases(
            store=self.store,
            topic_ids=self.store.topic_ids,
            source_names={1: "Труд"},
            time_zone="Europe/Moscow",
            publisher=Publisher(self.store, frozenset({PUBLISHER})),
        )
        self.dispatcher: Dispatcher = create_dispatcher(self.use_cases, lambda: self.now, lambda: self.elapsed)
        self.bot = Bot("42:TEST", session=self.session)

    async def update(self, content: dict[str, Any]) -> list[Call]:
        """What the bot did in answer to an update."""
        before = len(self.session.calls)
        self.elapsed += self.pace
        await self.dispatcher.feed_raw_update(self.bot, {"update_id": next(self.ids), **content})
        return self.session.calls[before:]

    def story(self, title: str, *slugs: str, level: Level = Level.MAJOR, hours: float = 1, **changed: Any) -> Story:
        """A story of these built-in topics, published some hours ago, with its article in the archive."""
        at = self.now - timedelta(hours=hours)
        story = Story(
            id=0,
            title=title,
            url="https://www.trud.ru/article/03-12-2016/1344567_aleppo.html",
            source="Труд",
            summary="Глава МИД России рассказал о новых предложениях США по Алеппо.",
            level=level,
            published_at=at,
            opened_at=at,
            because=(Reason("front_page", {"place": 1}),),
            sources=("Труд",),
        )
        article = Article(
            source_id=1, key=title, url=story.url, title=title, lead=story.summary, published_at=at, seen_at=at
        )
        return self.store.add_story(replace(story, **changed), "main", *slugs, article=article)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.bot.session.close()


@pytest.fixture
def anna(world: World) -> Person:
    return Person(world)


@pytest.fixture
def john(world: World) -> Person:
    return Person(world, chat_id=8, user_id=8, language="en")


@pytest.fixture
def group_admin(world: World) -> Person:
    world.session.admins.add(9)
    return Person(world, chat_id=-100, user_id=9, chat_kind="supergroup")


@pytest.fixture
def group_member(world: World) -> Person:
    return Person(world, chat_id=-100, user_id=10, chat_kind="supergroup")
