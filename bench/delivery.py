"""How fast the bot delivers, and within which limits: `python bench/delivery.py [--quick]` prints figures with units.

The real Delivery, store (a fresh SQLite file) and sender, against a stand-in for Telegram in a second process:

(a) SEND_RATE=29 against a strict stand-in: messages a second, 429s     (b) paid, 990 a second: the same, and CPU beside
aiogram's own `send_message` of the same text     (c) 429s obeyed, for a chat and for everybody     (d) 1 a second to a
chat, 20 a minute to a group, all with a backlog     (e) a reply's way to Telegram's door during (a) and (b)

Exits 1 when a figure misses its mark. Data: invented stories, readers made by copying rows. CPU: user and system, of
this process. `--quick` takes seconds; without it groups are watched beyond their minute.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any, Final, cast

import uvloop

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from aiogram import Bot  # noqa: E402 - runs from a checkout without being installed
from sqlalchemy import insert, select  # noqa: E402

from bot.app import deliveries, freeze  # noqa: E402
from bot.config import Settings  # noqa: E402
from bot.demo.faults import too_many_requests  # noqa: E402
from bot.demo.light import LightCall, LightStandIn  # noqa: E402
from bot.demo.rates import Rates  # noqa: E402
from bot.demo.telegram import TOKEN  # noqa: E402
from bot.model import (  # noqa: E402
    Article,
    Evidence,
    Importance,
    Level,
    NotificationState,
    Publication,
    Settlement,
    Source,
    Subscriber,
    Topic,
)
from bot.telegram.bots import make_bot  # noqa: E402
from bot.telegram.budget import SendBudget  # noqa: E402
from bot.telegram.render import story_card  # noqa: E402
from bot.topics import slugs  # noqa: E402
from bot.words import words  # noqa: E402
from storage import Store, open_store  # noqa: E402
from storage.schema import subscribers, subscriptions  # noqa: E402

SUMMARY: Final = (
    "Постоянный представитель России при ООН рассказал о ходе переговоров. По его словам, стороны согласились на "
    "прекращение огня с полуночи. Следующая встреча пройдёт в Женеве в четверг. Гуманитарные конвои тронутся утром."
)
REPLY_EVERY: Final = 0.31
"""Seconds; out of step with the broadcast."""
FIRST_CHAT: Final = 1_000_000

misses: list[str] = []


def report(name: str, value: float, unit: str, *, least: float | None = None, most: float | None = None) -> None:
    """One figure, one line; what it is held to is printed with it."""
    held = [f"{sign} {mark:g}" for sign, mark in (("≥", least), ("≤", most)) if mark is not None]
    missed = (least is not None and value < least) or (most is not None and value > most)
    if missed:
        misses.append(name)
    print(f"{name:<58}{value:>10.3f} {unit:<14}{' '.join(held)}{'  MISSED' if missed else ''}", flush=True)


# --- Telegram, in a second process ---------------------------------------------------------------------------------


@dataclass
class Telegram:
    """The stand-in over there."""

    pipe: Connection
    url: str

    def flood(self, times: int, seconds: int, chat_id: int | None = None) -> None:
        """Answer the next calls 429."""
        self.pipe.send((times, seconds, chat_id))

    def calls(self) -> list[LightCall]:
        self.pipe.send(None)
        return cast("list[LightCall]", self.pipe.recv())


def _serve(pipe: Connection, rates: Rates | None) -> None:
    async def serve() -> None:
        freeze()  # what holds it up would seem to be the bot's doing
        async with LightStandIn(rates=rates) as stand_in:
            pipe.send(stand_in.url)
            with suppress(EOFError):  # the bench has closed its end
                while True:
                    order = await asyncio.to_thread(pipe.recv)
                    if order is None:
                        await asyncio.to_thread(pipe.send, stand_in.calls)
                    else:
                        times, seconds, chat_id = order
                        fault = too_many_requests(seconds)
                        stand_in.faults.inject(fault, method="sendMessage", chat_id=chat_id, times=times)

    uvloop.run(serve())


@contextmanager
def telegram(rates: Rates | None = None) -> Iterator[Telegram]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, rates))
    process.start()
    theirs.close()
    try:
        yield Telegram(ours, ours.recv())
    finally:
        ours.close()
        process.join(5)


# --- the bot -------------------------------------------------------------------------------------------------------


@dataclass
class Newsroom:
    """A store with readers of one topic."""

    store: Store
    source: Source
    topic_id: int
    keys: Iterator[int]

    async def publish(self, level: Level) -> None:
        now, key = datetime.now(UTC), f"{next(self.keys)}"
        article = Article(
            source_id=self.source.id,
            key=key,
            url=f"https://www.trud.ru/article/23-11-2026/{key}_geneva.html",
            title=f"Переговоры в Женеве: стороны согласились прекратить огонь ({key})",
            picture="https://www.trud.ru/img/1.jpg",
            published_at=now,
            seen_at=now,
        )
        evidence = (Evidence(self.topic_id, 1.0),)
        importance = Importance(score=90.0, level=level)
        await self.store.publish(
            Publication(article=article, importance=importance, evidence=evidence, summary=SUMMARY), now
        )

    async def readers(self, chat_ids: Sequence[int]) -> None:
        """The first one is made as the bot makes readers, all others are its rows copied."""
        now = datetime.now(UTC)
        first = await self.store.add_subscriber(Subscriber(chat_id=chat_ids[0]), now)
        await self.store.follow(first.id, self.topic_id, Level.ROUTINE, now)
        async with self.store.write() as connection:
            mine = select(subscribers).where(subscribers.c.id == first.id)
            person = dict((await connection.execute(mine)).one()._mapping)
            theirs = select(subscriptions).where(subscriptions.c.subscriber_id == first.id)
            follows = dict((await connection.execute(theirs)).one()._mapping)
            others = list(enumerate(chat_ids[1:], first.id + 1))
            if others:
                await connection.execute(
                    insert(subscribers), [person | {"id": number, "chat_id": chat} for number, chat in others]
                )
                await connection.execute(
                    insert(subscriptions), [follows | {"subscriber_id": number} for number, _ in others]
                )


class Counting:
    """The store, with an eye on what is settled."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.settled = 0
        self.changed = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def settle(self, owner: str, settlements: Sequence[Settlement]) -> None:
        await self._store.settle(owner, settlements)
        self.settled += sum(each.notification.state is not NotificationState.DUE for each in settlements)
        self.changed.set()

    async def until(self, total: int) -> None:
        while self.settled < total:
            await self.changed.wait()
            self.changed.clear()


@asynccontextmanager
async def newsroom() -> AsyncIterator[Newsroom]:
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite+aiosqlite:///{folder}/bench.db")
        trud = Source(name="Труд", url="https://www.trud.ru/rssfull", language="ru", owner="trud", country="RU")
        (source,) = await store.register_sources([trud], datetime.now(UTC))
        yield Newsroom(store, source, (await store.register_topics(["main"]))["main"], count(1))
        await store.close()


@dataclass
class Run:
    seconds: float
    """From the start to the last settlement."""
    cpu: float
    settled: int
    replies: list[tuple[int, float]]
    """Chat, and when the reply was handed to the bot."""


async def deliver(news: Newsroom, url: str, total: int, *, paid: bool, limit: float, with_replies: bool = True) -> Run:
    """Run what `bot.app` runs until `total` notifications are settled or `limit` seconds are over."""
    settings = Settings(_env_file=None, paid_broadcast=paid)
    budget = SendBudget(settings.send_rate)
    pushing, replying = (make_bot(TOKEN, url, budget, urgent=urgent) for urgent in (False, True))
    store = Counting(news.store)
    wheels = deliveries(settings, cast("Store", store), pushing, budget, lambda: datetime.now(UTC))
    replies: list[tuple[int, float]] = []
    started, cpu = time.monotonic(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for wheel in wheels:
            group.create_task(wheel.run())
        asking = group.create_task(_reply(replying, replies)) if with_replies else None
        with suppress(TimeoutError):
            await asyncio.wait_for(store.until(total), limit)
        run = Run(time.monotonic() - started, time.process_time() - cpu, store.settled, replies)
        if asking:
            asking.cancel()
        for wheel in wheels:
            wheel.stop()
    await pushing.session.close()
    await replying.session.close()
    return run


async def _reply(bot: Bot, replies: list[tuple[int, float]]) -> None:
    await bot.session.create_session()  # type: ignore[attr-defined]
    for chat_id in count(1):
        await asyncio.sleep(REPLY_EVERY)
        replies.append((chat_id, time.monotonic()))
        await bot.send_message(chat_id, "Готово")


# --- figures -------------------------------------------------------------------------------------------------------


def most_in_a_second(calls: Sequence[LightCall], window: float = 1.0) -> int:
    times, first, most = [call.came for call in calls], 0, 0
    for last, came in enumerate(times):
        while came - times[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


def report_replies(label: str, run: Run, calls: Sequence[LightCall]) -> None:
    came = {call.chat_id: call.came for call in calls if call.chat_id < FIRST_CHAT}
    waits = sorted((came[chat] - asked) * 1000 for chat, asked in run.replies if chat in came)
    report(f"(e) {label}: a reply's way, median of {len(waits)}", median(waits), "ms")
    report(f"(e) {label}: a reply's way, longest", waits[-1], "ms", most=50)


async def free(seconds: int) -> None:
    readers = 29 * seconds
    with telegram(Rates()) as stand_in:
        async with newsroom() as news:
            await news.readers(range(FIRST_CHAT, FIRST_CHAT + readers))
            await news.publish(Level.MAJOR)
            run = await deliver(news, stand_in.url, readers, paid=False, limit=seconds * 2)
        calls = stand_in.calls()
    rate = (len(calls) - 1) / (calls[-1].came - calls[0].came)
    report("(a) 29/s: sustained, replies included", rate, "messages/s", least=28)
    report("(a) 29/s: most in any second", most_in_a_second(calls), "messages", most=30)
    report("(a) 29/s: answers 429", sum(call.status == 429 for call in calls), "calls", most=0)
    report("(a) 29/s: CPU, idle moments included", run.cpu / readers * 1000, "s per 1,000")
    report_replies("29/s", run, calls)


async def paid(seconds: int) -> float:
    readers = 990 * seconds
    with telegram() as stand_in:
        async with newsroom() as news:
            await news.readers(range(FIRST_CHAT, FIRST_CHAT + readers))
            await news.publish(Level.BREAKING)
            run = await deliver(news, stand_in.url, readers, paid=True, limit=seconds * 3)
        calls = stand_in.calls()
    pushes = [call for call in calls if call.chat_id >= FIRST_CHAT]
    cpu = run.cpu / readers * 1000
    report("(b) paid: settled", readers / run.seconds, "messages/s", least=950)
    report("(b) paid: most in any second", most_in_a_second(pushes), "messages", most=1000)
    report("(b) paid: sent more than once", len(pushes) - readers, "messages", most=0)
    report("(b) paid: CPU, expand to settle", cpu, "s per 1,000", most=0.35)
    report_replies("990/s", run, calls)
    return cpu


async def beside_aiogram(messages: int, ours: float) -> None:
    """Its own send loop, as many at once as ours."""
    now = datetime.now(UTC)
    with telegram() as stand_in:
        async with newsroom() as news:
            await news.readers([FIRST_CHAT])
            await news.publish(Level.BREAKING)
            (story,) = await news.store.latest([news.topic_id], 1)
        card = story_card(story, Topic(id=1, slug="main"), words("ru"), "Europe/Moscow", now)
        chats = iter(range(FIRST_CHAT, FIRST_CHAT + messages))
        async with Bot(TOKEN, session=make_bot(TOKEN, stand_in.url, SendBudget(1), urgent=True).session) as bot:
            bot.session.middleware._middlewares.clear()

            async def send() -> None:
                for chat in chats:
                    await bot.send_message(
                        chat,
                        card.text,
                        parse_mode="HTML",
                        link_preview_options=card.preview,
                        reply_markup=card.keyboard,
                        allow_paid_broadcast=True,
                    )

            started, cpu = time.monotonic(), time.process_time()
            await asyncio.gather(*(send() for _ in range(248)))
            cpu = (time.process_time() - cpu) / messages * 1000
            rate = messages / (time.monotonic() - started)
    report("(b) aiogram's own loop: sent (no store, no pacing)", rate, "messages/s")
    report("(b) aiogram's own loop: CPU of sending alone", cpu, "s per 1,000")
    report("(b) all of ours against aiogram's sending alone", ours / cpu, "times", most=1)


async def floods() -> None:
    """One chat told to wait, then everybody."""
    readers, one = 120, FIRST_CHAT + 20
    with telegram() as stand_in:
        async with newsroom() as news:
            await news.readers(range(FIRST_CHAT, FIRST_CHAT + readers))
            stand_in.flood(1, 2, one)
            await news.publish(Level.MAJOR)
            running = asyncio.create_task(
                deliver(news, stand_in.url, readers, paid=False, limit=30, with_replies=False)
            )
            await asyncio.sleep(3)
            stand_in.flood(2, 2)
            await running
        calls = stand_in.calls()
    told = [call for call in calls if call.status == 429]
    too_soon = [again for call in told for again in calls if again.chat_id == call.chat_id and _within(call, again)]
    report("(c) 429 for one chat: calls to it within its wait", len(too_soon), "calls", most=0)
    others = [call for call in calls if _within(told[0], call)]
    report("(c) 429 for one chat: others told meanwhile", len(others), "calls", least=50)
    meanwhile = [call for call in calls if _within(told[-1], call)]
    report("(c) 429 for everybody: calls within its wait", len(meanwhile), "calls", most=0)
    report(
        "(c) readers told in the end",
        len({call.chat_id for call in calls if call.status == 200}),
        "readers",
        least=readers,
    )


def _within(told: LightCall, call: LightCall) -> bool:
    return told.came < call.came < told.came + told.retry_after


async def backlogs(stories: int, limit: float) -> None:
    people, groups = range(FIRST_CHAT, FIRST_CHAT + 6), range(-FIRST_CHAT, -FIRST_CHAT + 3)
    with telegram(Rates()) as stand_in:
        async with newsroom() as news:
            await news.readers([*people, *groups])
            for _ in range(stories):
                await news.publish(Level.MAJOR)
            total = stories * (len(people) + len(groups))
            run = await deliver(news, stand_in.url, total, paid=False, limit=limit, with_replies=False)
        calls = stand_in.calls()
    by_chat: defaultdict[int, list[LightCall]] = defaultdict(list)
    for call in calls:
        by_chat[call.chat_id].append(call)
    gaps = [later.came - call.came for each in by_chat.values() for call, later in pairwise(each)]
    report(f"(d) {stories} stories each: shortest gap in a chat", min(gaps), "s", least=1)
    at_most = max(most_in_a_second(by_chat[group], 60) for group in groups)
    report("(d) most to a group in any minute", at_most, "messages", most=20)
    report("(d) answers 429", sum(call.status == 429 for call in calls), "calls", most=0)
    report("(d) settled", run.settled, f"of {total}", least=total)


async def main(*, quick: bool) -> None:
    """Every figure, in order, with the bot as it is once it runs."""
    slugs()
    freeze()
    cpu = await paid(4 if quick else 20)
    await beside_aiogram(2000 if quick else 5000, cpu)
    await free(6 if quick else 60)
    await floods()
    await backlogs(*((6, 30.0) if quick else (24, 120.0)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few seconds each")
    uvloop.run(main(quick=parser.parse_args().quick))
    sys.exit(1 if misses else 0)
