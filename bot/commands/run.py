"""`run`: the bot; without a token, the demo."""

from __future__ import annotations

import sys
from collections.abc import Set

import uvloop

from bot import app
from bot.config import read_settings, read_sources
from bot.logs import configure_logs


def run(roles: Set[str]) -> None:
    """Raises SettingsError, StorageError, TelegramError with one line each; ends cleanly on SIGTERM and Ctrl-C."""
    settings = read_settings()
    configure_logs(settings.log_level, settings.log_format)
    if not settings.token:
        configure_logs("ERROR", settings.log_format)  # the conversation is what there is to see
        from bot.commands.demo import demo  # noqa: PLC0415 - only who plays the demo pays for it

        sys.exit(0 if uvloop.run(demo()) else 1)
    uvloop.run(app.serve(settings, read_sources(settings.sources_file), roles=roles))
