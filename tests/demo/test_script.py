"""The demo's conversation, played with a small bot that behaves, and with one that doesn't."""

from __future__ import annotations

import asyncio
import io
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import feedparser
from rich.console import Console

from bot.demo import script
from bot.demo.script import DemoSettings, demo

FOLLOWS = {
    "Главное": ("рельс",),
    "Сирия": ("Сирии", "Дамаске"),
    "Украина": ("Украин",),
    "/follow diplomacy": ("Женев", "Geneva"),
    "/follow lighthouse": ("Lighthouse",),
}


@dataclass
class TinyBot:
    """Follows by words in titles, tells each story once, and is silent while paused."""

    settings: DemoSettings
    session: aiohttp.ClientSession
    faithful: bool
    follows: dict[int, list[str]] = field(default_factory=dict)
    paused: set[int] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    async def call(self, method: str, **parameters: Any) -> Any:
        url = f"{self.settings.telegram_api_url}/bot{self.settings.token}/{method}"
        async with self.session.post(url, json=parameters) as response:
            return (await response.json()).get("result")

    async def converse(self) -> None:
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                await self.answer(update)

    async def answer(self, update: dict[str, Any]) -> None:
        if "callback_query" in update:
            query = update["callback_query"]
            self.follow(query["from"]["id"], query["data"])
            await self.call("answerCallbackQuery", callback_query_id=query["id"], text="[ок]")
            return
        chat, text = update["message"]["chat"]["id"], update["message"]["text"]
        self.follow(chat, text)
        (self.paused.add if text == "/pause" else self.paused.discard)(chat)
        buttons = [[{"text": name, "callback_data": name}] for name in ("Главное", "Сирия", "Украина")]
        await self.call(
            "sendMessage",
            chat_id=chat,
            text=f"<b>{text}</b> 😀",
            parse_mode="HTML",
            reply_markup={"inline_keyboard": buttons},
        )

    def follow(self, chat: int, what: str) -> None:
        self.follows.setdefault(chat, []).extend(FOLLOWS.get(what, ()))

    async def collect(self) -> None:
        urls = [source["url"] for source in tomllib.loads(self.settings.sources_toml)["source"]]
        first = True
        while True:
            for url in urls:
                async with self.session.get(url) as response:
                    for entry in feedparser.parse(await response.read()).entries:
                        await self.tell(entry, silent=first)
            first = False
            await asyncio.sleep(0.02)

    async def tell(self, entry: Any, *, silent: bool) -> None:
        if entry.link in self.seen:
            return
        self.seen.add(entry.link)
        buttons = [{"text": "Читать", "url": entry.link}, {"text": "Почему?", "callback_data": "why:1"}]
        for chat, words in self.follows.items():
            if not silent and self.faithful and chat not in self.paused and any(word in entry.title for word in words):
                markup = {"inline_keyboard": [buttons]}
                await self.call("sendMessage", chat_id=chat, text=entry.title, reply_markup=markup)


def tiny_bot(*, faithful: bool) -> Callable[[DemoSettings], Any]:
    @asynccontextmanager
    async def start(settings: DemoSettings) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as session:
            bot = TinyBot(settings, session, faithful)
            tasks = [asyncio.ensure_future(bot.converse()), asyncio.ensure_future(bot.collect())]
            yield
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    return start


async def test_a_bot_that_tells_every_story_passes(monkeypatch: Any) -> None:
    monkeypatch.setattr(script, "QUIET", 0.2)
    out = io.StringIO()
    assert await demo(tiny_bot(faithful=True), Console(file=out, width=100))
    shown = out.getvalue()
    assert "[Читать] [Почему?]" in shown
    assert "/start" in shown
    assert "[ок]" in shown
    assert "✗" not in shown
    assert shown.count("@BotFather") == 2
    assert shown.count("cp .env.example .env") == 2


async def test_a_bot_that_stays_silent_fails_within_the_limit() -> None:
    out = io.StringIO()
    assert not await demo(tiny_bot(faithful=False), Console(file=out, width=100), limit=0.5)
    assert "✗" in out.getvalue()


async def test_a_bot_that_never_starts_is_said_so(monkeypatch: Any) -> None:
    monkeypatch.setattr(script, "START_LIMIT", 0.05)

    @asynccontextmanager
    async def nothing(_settings: DemoSettings) -> AsyncIterator[None]:
        yield

    out = io.StringIO()
    assert not await demo(nothing, Console(file=out, width=100))
    assert "has not read every feed" in out.getvalue()
    assert "@BotFather" in out.getvalue()
