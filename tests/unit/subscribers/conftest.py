"""Use cases over a store in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Article, Level, Story, Subscriber
from bot.subscribers import UseCases
from tests.fakes.memory_store import MemoryStore

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Tell = Callable[..., Story]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def use_cases(store: MemoryStore) -> UseCases:
    return UseCases(store=store, topic_ids=store.topic_ids, source_names={1: "Труд"})


@pytest.fixture
async def anna(store: MemoryStore) -> Subscriber:
    return await store.add_subscriber(Subscriber(chat_id=7), NOW)


@pytest.fixture
def tell(store: MemoryStore) -> Tell:
    """Puts a story into the store, with its article in the archive."""

    def tell(title: str, *slugs: str, level: Level = Level.NOTABLE, hours: float = 1, text: str = "") -> Story:
        at = NOW - timedelta(hours=hours)
        url = "https://www.trud.ru/article/1.html"
        story = Story(id=0, title=title, url=url, source="Труд", summary="", level=level, published_at=at, opened_at=at)
        article = Article(source_id=1, key=title, url=url, title=title, text=text, published_at=at, seen_at=at)
        return store.add_story(story, "main", *slugs, article=article)

    return tell
