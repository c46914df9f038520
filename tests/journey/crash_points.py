"""Named places at which a life of the bot can be ended by kill -9.

Only tests reach them: they are laid around the doors of a forked bot, never written into it.

A place is called after the door and the step, and whether the step has been taken: `store.publish:after`,
`messenger.push:before`, `database.commit:before`, `telegram.sendMessage:after` (a reply; aiogram makes it).
"""

from __future__ import annotations

import inspect
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiogram import Bot
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.telegram.sender import TelegramMessenger
from bot.web import HttpWeb
from bot.workers import ProcessPageReader
from storage import Store

DOORS = {"store": Store, "messenger": TelegramMessenger, "web": HttpWeb, "pages": ProcessPageReader}
NO_STEPS = frozenset({"store.close", "store.read", "store.write"})


@dataclass(slots=True)
class Doom:
    """Ends this process at the `nth` pass of a place; passes count from the first pass of `since` on."""

    place: str | None
    nth: int = 1
    since: str | None = None
    diary: Path | None = None
    """Every place that is passed is noted here, a line each."""
    passes: Counter[str] = field(default_factory=Counter)
    begun: bool = False

    def passed(self, place: str) -> None:
        if self.diary is not None:
            with self.diary.open("a", encoding="utf-8") as diary:
                diary.write(f"{place}\n")
        self.begun = self.begun or self.since is None or place == self.since
        if self.begun and place == self.place:
            self.passes[place] += 1
            if self.passes[place] == self.nth:
                os.kill(os.getpid(), signal.SIGKILL)


def lay(doom: Doom) -> None:
    """Lay the places around every door of this process."""
    for door, kind in DOORS.items():
        for name, method in inspect.getmembers(kind, inspect.iscoroutinefunction):
            if not name.startswith("_") and (step := f"{door}.{name}") not in NO_STEPS:
                setattr(kind, name, _around(method, step, doom))
    call = Bot.__call__

    async def called(bot: Bot, method: Any, *args: Any, **kwargs: Any) -> Any:
        return await _around(call, f"telegram.{method.__api_method__}", doom)(bot, method, *args, **kwargs)

    Bot.__call__ = called  # type: ignore[method-assign]
    event.listen(Engine, "commit", lambda _: doom.passed("database.commit:before"))


def _around(step: Callable[..., Any], name: str, doom: Doom) -> Callable[..., Any]:
    async def taken(*args: Any, **kwargs: Any) -> Any:
        doom.passed(f"{name}:before")
        try:
            result = await step(*args, **kwargs)
        except Exception:
            doom.passed(f"{name}:after")
            raise
        if not isinstance(result, tuple) or result:  # a look that found nothing is no step
            doom.passed(f"{name}:after")
        return result

    return taken
