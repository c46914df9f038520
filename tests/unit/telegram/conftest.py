"""What the tests of Telegram's edge share: time that jumps, and a Bot API that answers as it is told."""

from __future__ import annotations

import asyncio
import json
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import SendMessage, TelegramMethod

from bot.model import Due, Level, Notification, Story, Subscriber, Topic
from bot.telegram.bots import read_answer


class _JumpingSelector(selectors.DefaultSelector):
    """Instead of waiting for a timer it moves the clock to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for something that never comes"
        self.now += max(0.0, timeout)
        return super().select(0)


class _VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.selector = _JumpingSelector()
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.now


@pytest.fixture
def in_virtual_time() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on a loop whose `time()` passes only when all of it waits."""

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=_VirtualTimeLoop) as runner:
            return runner.run(coroutine)

    return run


@dataclass(frozen=True, slots=True)
class Answer:
    """What a Bot API server answers: an HTTP status and a body."""

    status: int
    body: str


class FakeApi(BaseSession):
    """A Bot API under a real Bot: aiogram reads its answers itself, so errors are the real ones."""

    def __init__(self) -> None:
        super().__init__(json_loads=read_answer)
        self.calls: list[TelegramMethod[Any]] = []
        self.answer: Callable[[TelegramMethod[Any]], Answer | Exception | Awaitable[Answer]] = lambda method: ok(True)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> Any:
        self.calls.append(method)
        answer = self.answer(method)
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, Answer):
            answer = await answer
        return self.check_response(bot, method, answer.status, answer.body).result

    async def close(self) -> None: ...

    async def stream_content(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError
        yield b""

    def sent(self) -> list[SendMessage]:
        return [call for call in self.calls if isinstance(call, SendMessage)]


def ok(result: object) -> Answer:
    return Answer(200, json.dumps({"ok": True, "result": result}))


def failed(status: int, description: str | None, **parameters: int) -> Answer:
    answer: dict[str, object] = {"ok": False, "error_code": status, "parameters": parameters}
    return Answer(status, json.dumps(answer if description is None else {**answer, "description": description}))


def taken(message_id: int = 7, chat_id: int = 42) -> Answer:
    """Telegram's answer to a message it took."""
    return ok({"message_id": message_id, "date": 1480779600, "chat": {"id": chat_id, "type": "private"}})


@dataclass(frozen=True, slots=True)
class Api:
    """A fake Bot API and the ways it answers."""

    session: FakeApi
    bot: Bot
    ok: Callable[[object], Answer] = ok
    failed: Callable[..., Answer] = failed
    taken: Callable[..., Answer] = taken
    raw: type[Answer] = Answer


@pytest.fixture
def api() -> Api:
    session = FakeApi()
    return Api(session, Bot("42:TEST", session=session))


NOW = datetime(2016, 12, 3, 15, 0, tzinfo=UTC)

STORY = Story(
    id=17,
    title="Чуркин: переговоры в Женеве продолжатся",
    url="https://www.trud.ru/article/03-12-2016/1344819_churkin.html",
    source="Труд",
    summary="Постоянный представитель России при ООН рассказал о переговорах. Они пройдут в Женеве.",
    level=Level.MAJOR,
    published_at=NOW - timedelta(minutes=20),
    opened_at=NOW - timedelta(minutes=18),
    picture="https://www.trud.ru/img/1344819.jpg",
    sources=("Труд",),
)


@pytest.fixture
def story() -> Story:
    """Published at 17:40 Moscow time."""
    return STORY


@pytest.fixture
def now() -> datetime:
    """18:00 Moscow time."""
    return NOW


@pytest.fixture
def due() -> Due:
    """The story for a Russian reader who follows Syria."""
    topic = Topic(id=2, slug="syria")
    return Due(
        notification=Notification(story_id=17, subscriber_id=1, topic_id=2, created_at=NOW, due_at=NOW),
        subscriber=Subscriber(id=1, chat_id=42),
        subscription=None,
        topic=topic,
        story=replace(STORY),
    )
