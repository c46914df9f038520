"""A stand-in for Telegram, and a raw client that speaks to it without any bot library."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.demo.newspaper import Newspaper
from bot.demo.people import Person
from bot.demo.telegram import StandIn


@dataclass(frozen=True)
class RawBot:
    """Calls methods as any HTTP client would: JSON bodies by default."""

    session: aiohttp.ClientSession
    stand_in: StandIn

    def url(self, method: str) -> str:
        return f"{self.stand_in.url}/bot{self.stand_in.token}/{method}"

    async def call(self, method: str, /, **parameters: Any) -> dict[str, Any]:
        async with self.session.post(self.url(method), json=parameters) as response:
            return await response.json()

    async def send(self, chat_id: int, text: str, **parameters: Any) -> dict[str, Any]:
        return await self.call("sendMessage", chat_id=chat_id, text=text, **parameters)

    async def updates(self, offset: int = 0, **parameters: Any) -> list[dict[str, Any]]:
        answer = await self.call("getUpdates", offset=offset, **parameters)
        return answer["result"]


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def web_client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield session


@pytest.fixture
async def raw_bot(telegram: StandIn, web_client: aiohttp.ClientSession) -> RawBot:
    return RawBot(web_client, telegram)


@pytest.fixture
def anna(telegram: StandIn) -> Person:
    return telegram.person(7, "Анна")


@pytest.fixture
async def newspaper() -> AsyncIterator[Newspaper]:
    async with Newspaper() as paper:
        yield paper
