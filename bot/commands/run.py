"""`run`: the bot; without a token, the demo."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Set
from typing import TypeVar

from bot import app
from bot.config import read_settings, read_sources
from bot.logs import configure_logs

T = TypeVar("T")


def run(roles: Set[str]) -> None:
    """Raises SettingsError, StorageError, TelegramError with one line each; ends cleanly on SIGTERM and Ctrl-C."""
    settings = read_settings()
    configure_logs(settings.log_level, settings.log_format)
    if not settings.token:
        from bot.commands.demo import demo  # noqa: PLC0415 - only who plays the demo pays for it

        sys.exit(0 if on_loop(demo()) else 1)
    on_loop(app.serve(settings, read_sources(settings.sources_file), roles=roles))


def on_loop(work: Coroutine[object, object, T]) -> T:
    """Run on uvloop where there is one."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop  # noqa: PLC0415 - not on Windows

    return uvloop.run(work)
