"""Pushes as ready bytes: the same call that aiogram would make, and who of them is paid for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import SendMessage
from structlog.testing import capture_logs

from bot.demo.faults import bad_gateway, refused, too_many_requests
from bot.demo.refusal import bad_request
from bot.demo.telegram import StandIn
from bot.errors import StorageError
from bot.model import Delivered, Due, Level, Outcome, OutcomeUnknown, RetryAfter
from bot.telegram.bodies import MOST_BODIES, Bodies
from bot.telegram.bots import make_bot
from bot.telegram.budget import SendBudget
from bot.telegram.paid import REST, PaidBroadcast
from bot.telegram.render import notification
from bot.telegram.sender import TelegramMessenger

NOON = datetime(2016, 12, 3, 15, 0, tzinfo=UTC)


@dataclass
class _Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class _Count:
    """A store's count of paid messages."""

    taken: dict[date, int] = field(default_factory=dict)
    fails: bool = False

    async def take_paid(self, day: date, wanted: int, limit: int) -> int:
        if self.fails:
            raise StorageError("the disk is full")
        granted = max(0, min(wanted, limit - self.taken.get(day, 0)))
        self.taken[day] = self.taken.get(day, 0) + granted
        return granted


# --- bodies ---


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = make_bot("42:AAF-secret_secret_secret_secret_secret", "http://127.0.0.1:9", SendBudget(1), urgent=False)
    yield bot
    await bot.session.close()


def _decoded(body: bytes) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(body)
    return decoded


def _aiograms_form(bot: Bot, due: Due, *, silent: bool) -> dict[str, Any]:
    """What aiogram itself would send, its JSON fields read."""
    rendered = notification(due, NOON)
    message = SendMessage(
        chat_id=due.subscriber.chat_id,
        message_thread_id=due.subscriber.thread_id or None,
        text=rendered.text,
        link_preview_options=rendered.preview,
        reply_markup=rendered.keyboard,
        disable_notification=silent or None,
    )
    form = bot.session.build_form_data(bot, message)  # type: ignore[attr-defined]
    given = {options["name"]: value for options, _, value in form._fields}
    return {name: value if name in {"text", "parse_mode"} else json.loads(value) for name, value in given.items()}


@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize("thread_id", [0, 77])
@pytest.mark.parametrize("url", ["https://www.trud.ru/article/1_a.html?a=1&b=<2>", ""])
async def test_a_body_says_what_aiogram_would(bot: Bot, due: Due, silent: bool, thread_id: int, url: str) -> None:
    reader = replace(due.subscriber, chat_id=-100123, thread_id=thread_id)
    due = replace(due, subscriber=reader, story=replace(due.story, url=url, title='<b>"Женева"</b> & \\ 🇨🇭'))
    body = Bodies(bot).body(due, NOON, silent=silent, paid=False)
    assert _decoded(body) == _aiograms_form(bot, due, silent=silent)


async def test_readers_alike_share_the_bytes_of_a_story(bot: Bot, due: Due) -> None:
    bodies = Bodies(bot)
    first = bodies._start(due, NOON)
    again = replace(due, story=replace(due.story), subscriber=replace(due.subscriber, chat_id=43, id=2))
    assert bodies._start(again, NOON + timedelta(minutes=5)) is first


@pytest.mark.parametrize(
    "change",
    [
        lambda due: replace(due, subscriber=replace(due.subscriber, language="en")),
        lambda due: replace(due, subscriber=replace(due.subscriber, time_zone="Asia/Vladivostok")),
        lambda due: replace(due, topic=replace(due.topic, slug="ukraine")),
        lambda due: replace(due, story=replace(due.story, sources=("Труд", "ТАСС"))),
        lambda due: replace(due, story=replace(due.story, title="Исправленный заголовок")),
    ],
    ids=["language", "time zone", "hashtag", "another source joined", "title"],
)
async def test_what_the_text_depends_on_is_rendered_anew(bot: Bot, due: Due, change: Any) -> None:
    bodies = Bodies(bot)
    before = bodies.body(due, NOON, silent=False, paid=False)
    changed = bodies.body(change(due), NOON, silent=False, paid=False)
    assert _decoded(changed)["text"] != _decoded(before)["text"]
    assert _decoded(changed) == _aiograms_form(bot, change(due), silent=False)


async def test_today_becomes_yesterday_at_the_readers_midnight(bot: Bot, due: Due) -> None:
    bodies = Bodies(bot)
    midnight = datetime(2016, 12, 3, 21, 0, tzinfo=UTC)  # in Moscow
    texts = [
        _decoded(bodies.body(due, now, silent=False, paid=False))["text"]
        for now in (NOON, midnight - timedelta(seconds=1), midnight)
    ]
    assert "вчера" not in texts[0] + texts[1]
    assert "вчера" in texts[2]


async def test_what_is_remembered_is_bounded(bot: Bot, due: Due) -> None:
    bodies = Bodies(bot)
    for number in range(MOST_BODIES + 50):
        bodies.body(replace(due, story=replace(due.story, id=number)), NOON, silent=False, paid=False)
    assert len(bodies._bodies) == MOST_BODIES


# --- paid ---


@dataclass
class _World:
    telegram: StandIn
    messenger: TelegramMessenger
    breaking: Due
    count: _Count
    clock: _Clock
    chats: int = 0

    async def push(self, level: Level = Level.BREAKING) -> Outcome:
        """To somebody new."""
        self.chats += 1
        self.telegram.person(self.chats, "Анна")
        reader = replace(self.breaking.subscriber, chat_id=self.chats)
        due = replace(self.breaking, subscriber=reader, story=replace(self.breaking.story, level=level))
        return await self.messenger.push(due, silent=False)

    @property
    def paid(self) -> list[bool]:
        """Of each call."""
        calls = self.telegram.journal.of("sendMessage")
        return [bool(call.parameters.get("allow_paid_broadcast")) for call in calls]


@asynccontextmanager
async def _world(due: Due, limit: int, count: _Count | None = None) -> AsyncIterator[_World]:
    async with StandIn(own_parser=True) as telegram:
        budget, clock, count = SendBudget(1000), _Clock(), count or _Count()
        bot = make_bot(telegram.token, telegram.url, budget, urgent=False)
        messenger = TelegramMessenger(bot, budget, clock, PaidBroadcast(count, limit, clock))
        yield _World(telegram, messenger, due, count, clock)
        await bot.session.close()


async def test_only_breaking_news_is_paid_for(due: Due) -> None:
    async with _world(due, 1000) as world:
        for level in Level:
            assert isinstance(await world.push(level), Delivered)
    assert world.paid == [level is Level.BREAKING for level in Level]


async def test_beyond_the_days_limit_news_goes_out_free_and_says_so_once(due: Due) -> None:
    async with _world(due, 3) as world:
        with capture_logs() as logs:
            outcomes = [await world.push() for _ in range(6)]
        world.clock.now += timedelta(days=1)
        outcomes.append(await world.push())
    assert all(isinstance(outcome, Delivered) for outcome in outcomes)
    assert world.paid == [True] * 3 + [False] * 3 + [True]
    assert [line["event"] for line in logs] == ["telegram.paid_limit_reached"]


async def test_all_at_once_never_exceed_the_limit(due: Due) -> None:
    async with _world(due, 300) as world:
        await asyncio.gather(*(world.push() for _ in range(320)))
    assert sum(world.paid) == 300


async def test_a_restart_goes_on_counting(due: Due) -> None:
    count = _Count()
    for _ in range(3):
        async with _world(due, 5, count) as world:
            await world.push()
            await world.push()
    assert world.paid == [True, False]


async def test_what_telegram_does_not_charge_for_goes_out_free_and_says_so_once(due: Due) -> None:
    async with _world(due, 1000) as world:
        world.telegram.faults.inject(refused(bad_request("BALANCE_TOO_LOW")), times=1)
        with capture_logs() as logs:
            first = await world.push()
            rest = [await world.push() for _ in range(3)]
        assert isinstance(first, RetryAfter)
        assert all(isinstance(outcome, Delivered) for outcome in rest)
        assert world.paid == [True, False, False, False]
        assert [line["event"] for line in logs] == ["telegram.paid_refused"]
        world.clock.now += REST
        await world.push()
        assert world.paid[-1]


async def test_other_refusals_do_not_stop_paying(due: Due) -> None:
    async with _world(due, 1000) as world:
        world.telegram.faults.inject(refused(bad_request("message is too long")))
        await world.push()
        await world.push()
    assert world.paid == [True, True]


async def test_what_surely_was_not_sent_costs_nothing_and_what_may_have_been_counts(due: Due) -> None:
    async with _world(due, 2) as world:
        world.telegram.faults.inject(too_many_requests(1))
        assert isinstance(await world.push(), RetryAfter)
        world.telegram.faults.inject(bad_gateway())
        assert isinstance(await world.push(), OutcomeUnknown)
        await world.push()
        await world.push()
    assert world.paid == [True, True, True, False]


async def test_without_a_count_nothing_is_paid_for(due: Due) -> None:
    async with _world(due, 1000, _Count(fails=True)) as world:
        with capture_logs() as logs:
            assert isinstance(await world.push(), Delivered)
            assert isinstance(await world.push(), Delivered)
    assert world.paid == [False, False]
    assert [line["event"] for line in logs] == ["telegram.paid_not_counted"]


# --- two rates ---


def test_paid_and_free_pushes_do_not_wait_for_each_other(in_virtual_time: Any) -> None:
    async def both() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        budget = SendBudget(29, clock=loop.time)

        async def broadcast(chats: range, *, paid: bool) -> float:
            await asyncio.gather(*(budget.take(chat, paid=paid) for chat in chats))
            return loop.time()

        return await asyncio.gather(broadcast(range(1, 291), paid=False), broadcast(range(1000, 3970), paid=True))  # type: ignore[return-value]

    free, paid = in_virtual_time(both())
    assert free == pytest.approx(10, rel=0.02)
    assert paid == pytest.approx(3, rel=0.03)


def test_paid_or_free_a_chat_gets_one_message_a_second(in_virtual_time: Any) -> None:
    async def twice() -> timedelta:
        budget = SendBudget(29, clock=asyncio.get_running_loop().time)
        await budget.take(7, paid=True)
        return budget.slot_in(7)

    assert in_virtual_time(twice()) >= timedelta(seconds=1)
