"""The demo: two people talk to the real bot while the invented newspaper publishes.

Whoever runs it hands in a function that starts the bot; nothing here knows how that is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from bot.demo.chat_view import ChatView
from bot.demo.chats import Message
from bot.demo.newspaper import Newspaper
from bot.demo.outlets import Published
from bot.demo.people import Person
from bot.demo.telegram import StandIn

T = TypeVar("T")
TIME_LIMIT: Final = 40.0
"""Seconds the whole conversation may take, whatever the bot does."""
START_LIMIT: Final = 30.0
"""Seconds the bot may take to start and to read every feed."""
PATIENCE: Final = 8.0
"""Seconds one answer or notification may take."""
QUIET: Final = 3.0
"""Seconds to listen for a notification that must not come."""
OPENING: Final = """\
Показ: настоящий бот, выдуманная газета и Telegram понарошку – всё на этом компьютере.
Demo: the real bot, an invented newspaper and a stand-in for Telegram, all on this machine.
"""
CLOSING: Final = """\
Чтобы бот заработал в Telegram:
  1. напишите @BotFather, команда /newbot – он даст токен;
  2. cp .env.example .env
  3. впишите токен в .env: BOT_TOKEN=123456:ABC…
  4. make run

To run it on Telegram:
  1. write to @BotFather, /newbot: it gives you a token;
  2. cp .env.example .env
  3. put the token into .env: BOT_TOKEN=123456:ABC…
  4. make run
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """What the bot is to be started with."""

    token: str
    telegram_api_url: str
    sources_toml: str
    """The text of SOURCES_FILE."""
    poll_interval: int = 1
    """Seconds."""
    allow_private_hosts: bool = True


StartBot = Callable[[DemoSettings], AbstractAsyncContextManager[Any]]


async def demo(start_bot: StartBot, console: Console | None = None, *, limit: float = TIME_LIMIT) -> bool:
    """Play the demo with the bot that `start_bot` runs; whether every notification came that should have."""
    console = console or Console()
    console.print(Rule("Главное · Glavnoe"), OPENING)
    async with StandIn() as telegram, Newspaper() as newspaper:
        settings = DemoSettings(
            token=telegram.token, telegram_api_url=telegram.url, sources_toml=newspaper.sources_toml()
        )
        async with start_bot(settings):
            went_well = await play(telegram, newspaper, console, limit=limit)
    console.print(Rule(), CLOSING, highlight=False)
    return went_well


async def play(telegram: StandIn, newspaper: Newspaper, console: Console, *, limit: float = TIME_LIMIT) -> bool:
    """The conversation. Whether every notification came that should have, and none that should not."""
    view = ChatView(telegram.world, console)
    telegram.world.observers.append(view.show)
    try:
        await newspaper.wait_until(lambda: _has_started(newspaper), START_LIMIT)
        scene = Scene(telegram, newspaper, view, console, time.monotonic() + limit)
        await _conversation(scene)
    except TimeoutError:
        console.print(f"[red]The bot has not read every feed twice within {START_LIMIT:.0f} s.[/]")
        return False
    finally:
        telegram.world.observers.remove(view.show)
    return scene.report()


@dataclass(slots=True)
class Scene:
    """Who takes part, how long it may last, and what was seen so far."""

    telegram: StandIn
    newspaper: Newspaper
    view: ChatView
    console: Console
    deadline: float
    seen: list[tuple[str, bool]] = field(default_factory=list)

    def left(self) -> float:
        return max(self.deadline - time.monotonic(), 0.05)

    async def waits(self, condition: Callable[[], T | None], patience: float = PATIENCE) -> T | None:
        """What the condition comes to, None if it takes too long."""
        try:
            return await self.telegram.wait_until(condition, min(patience, self.left()))
        except TimeoutError:
            return None

    def check(self, what: str, *, fine: bool) -> None:
        self.seen.append((what, fine))

    def report(self) -> bool:
        self.console.print(Rule())
        for what, fine in self.seen:
            line = f"  {'[green]✓[/]' if fine else '[red]✗[/]'} {escape(what)}"
            self.console.print(line, no_wrap=True, overflow="ellipsis")
        return bool(self.seen) and all(fine for _, fine in self.seen)

    async def says(self, person: Person, text: str) -> Message | None:
        """Write to the bot; its first answer."""
        before = len(person.received)
        await person.says(text)
        return await self.waits(lambda: next(iter(person.received[before:]), None))

    async def presses(self, person: Person, message: Message | None, *wanted: str) -> None:
        """Press the first button that fits any of these words, and wait until the bot has answered."""
        label = next((w for w in wanted if message and _has_button(message, w)), None)
        if message is None or label is None:
            return
        current = next((one for one in person.phone if one.id == message.id), message)
        self.view.says(person.user.name, f"☞ {current.button(label).text}")
        press = await person.presses(current, label)
        answer = await self.waits(lambda: person.answer_to(press))
        if answer and answer.get("text"):
            self.console.print(f"  [dim]{escape(answer['text'])}[/]")

    def publishes(self, story: str) -> tuple[Published, ...]:
        published = self.newspaper.publish_story(story)
        for one in published:
            line = f"  [yellow]▤ {escape(one.outlet.name)}:[/] [dim]{escape(one.article.title)}[/]"
            self.console.print(line, no_wrap=True, overflow="ellipsis")
        return published

    async def expects(self, person: Person, story: Sequence[Published]) -> Message | None:
        """That the person is told of the story."""
        told = await self.waits(lambda: _told(person, story))
        name = story[0].article.title if story else "?"
        self.check(f"{person.user.name}: «{name}»", fine=told is not None)
        return told


def _has_button(message: Message, wanted: str) -> bool:
    try:
        return message.button(wanted).data is not None
    except LookupError:
        return False


def _told(person: Person, story: Sequence[Published]) -> Message | None:
    """The person's message that links to an article of the story."""
    urls = {one.url for one in story}
    for message in person.received:
        links = {*message.links, *(button.url for button in message.buttons)}
        if urls & links:
            return message
    return None


async def _conversation(scene: Scene) -> None:
    anna = scene.telegram.person(1001, "Анна", "ru")
    john = scene.telegram.person(1002, "John", "en")
    await _get_acquainted(scene, anna, john)
    await _news_comes(scene, anna, john)
    await _pause(scene, anna)
    await scene.says(john, "/latest")


def _has_started(newspaper: Newspaper) -> bool:
    """The bot remembers what was there before it came: a second poll shows that it has."""
    return all(newspaper.feed_requests(outlet) > 1 for outlet in newspaper.outlets)


async def _get_acquainted(scene: Scene, anna: Person, john: Person) -> None:
    menu = await scene.says(anna, "/start")
    scene.check("Анна: /start", fine=menu is not None)
    await scene.presses(anna, menu, "Главное")
    await scene.presses(anna, menu, "Сирия")
    await scene.presses(anna, menu, "Украина")
    scene.check("John: /start", fine=await scene.says(john, "/start") is not None)
    await scene.says(john, "/follow diplomacy")
    await scene.says(john, "/follow lighthouse")


async def _news_comes(scene: Scene, anna: Person, john: Person) -> None:
    told = await scene.expects(anna, scene.publishes("truce"))
    await scene.presses(anna, told, "why:", "Почему")
    await scene.expects(anna, scene.publishes("trains"))
    cutlet = scene.publishes("cutlet")
    await scene.expects(john, scene.publishes("geneva"))
    await scene.expects(anna, scene.publishes("prisoners"))
    await scene.expects(john, scene.publishes("lighthouse"))
    await scene.waits(lambda: _told(anna, cutlet), QUIET)
    scene.check("Анна: «Украина» не значит «по-киевски»", fine=_told(anna, cutlet) is None)


async def _pause(scene: Scene, anna: Person) -> None:
    await scene.says(anna, "/pause")
    reactor = scene.publishes("reactor")
    await scene.waits(lambda: _told(anna, reactor), QUIET)
    scene.check("Анна: тишина на паузе", fine=_told(anna, reactor) is None)
    await scene.says(anna, "/resume")
