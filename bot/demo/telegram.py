"""A local stand-in for Telegram: the Bot API over HTTP, and people whose phones one can look at.

async with StandIn() as telegram:
    anna = telegram.person(7, "Анна")
    …start a bot with telegram.token against telegram.url…
    await anna.says("/start")
    await telegram.wait_until(lambda: anna.received)
    await anna.presses(anna.received[-1], "Сирия")
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from aiohttp import web

from bot.demo.chats import Chat, Message, User
from bot.demo.faults import FaultPlan
from bot.demo.journal import Call, Journal
from bot.demo.judge import telegrams_parser
from bot.demo.people import Group, Person
from bot.demo.rates import RateKeeper, Rates
from bot.demo.server import Server
from bot.demo.world import World

T = TypeVar("T")
TOKEN: Final = "4242:StandInForTelegram_NotARealToken_00"
BOT: Final = User(id=4242, name="Главное", username="glavnoe_demo_bot", is_bot=True)
CLOSING_TIME: Final = 0.2
"""Seconds that calls under way get when the stand-in closes."""


class StandIn:
    """Telegram on 127.0.0.1. An async context manager; state lives as long as the object, so it can be reopened."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        rates: Rates | None = None,
        journal_file: Path | None = None,
        own_parser: bool = False,
    ) -> None:
        """`port` 0 takes a free one. `rates` makes it strict: faster senders get 429.

        `own_parser` judges HTML by our parser even where Telegram's own is installed.
        """
        self.token = token
        self.journal = Journal(journal_file)
        self.faults = FaultPlan()
        self.world = World(BOT, None if own_parser else telegrams_parser())
        keeper = RateKeeper(rates) if rates else None
        self._server = Server(token, self.world, self.journal, self.faults, keeper)
        self._runner: web.AppRunner | None = None
        self._port = port

    @property
    def url(self) -> str:
        """Without a slash at the end; methods are at `{url}/bot{token}/{method}`."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        self.world.updates.reopen()
        runner = web.AppRunner(
            self._server.app(), handler_cancellation=True, shutdown_timeout=CLOSING_TIME, access_log=None
        )
        self._runner = runner
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.updates.close()
        if self._runner:
            await self._runner.cleanup()

    def person(
        self, chat_id: int, name: str, language_code: str = "ru", *, username: str | None = None, opened: bool = True
    ) -> Person:
        """Someone who has opened a chat with the bot; `opened=False`: not yet (400 chat not found)."""
        user = User(id=chat_id, name=name, language_code=language_code, username=username)
        person = Person(self.world, user)
        if opened and chat_id not in self.world.chats:
            chat = Chat(id=chat_id, kind="private", name=name, username=username)
            chat.members = {chat_id: (user, "member"), BOT.id: (BOT, "member")}
            self.world.open_chat(chat)
        return person

    def group(self, chat_id: int, name: str, owner: Person, *, kind: str = "group", bot: str = "member") -> Group:
        """A group, supergroup or channel (`kind`) where the bot has the status `bot`."""
        chat = Chat(id=chat_id, kind=kind, name=name)
        chat.members = {owner.user.id: (owner.user, "creator"), BOT.id: (BOT, bot)}
        return Group(self.world, self.world.open_chat(chat), owner.user)

    def channel(self, chat_id: int, name: str, owner: Person) -> Group:
        """A channel where the bot may post."""
        return self.group(chat_id, name, owner, kind="channel", bot="administrator")

    def phone(self, chat_id: int) -> tuple[Message, ...]:
        """What the chat shows now, oldest first."""
        return tuple(self.world.chats[chat_id].shown())

    async def wait_for(self, wanted: Callable[[Call], bool], timeout: float = 5.0, *, since: int = 0) -> Call:  # noqa: ASYNC109
        """The first call that is wanted, past ones from number `since` on included. Raises TimeoutError."""
        return await self.journal.wait_for(wanted, timeout, since=since)

    async def wait_until(self, condition: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """The first true value of `condition`, asked now and after each call. Raises TimeoutError."""
        return await self.journal.wait_until(condition, timeout)
