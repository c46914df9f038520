"""How the bot introduces itself in Telegram's own screens: commands and descriptions, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from aiogram import Bot
from aiogram.types import BotCommand

from bot.telegram.answers import NO_ANSWER, NoAnswer
from bot.telegram.text import clip

DEFAULT: Final = ""
"""The language code of what is shown to everybody whose language has no profile of its own."""

_COMMAND_LIMIT: Final = 256
_DESCRIPTION_LIMIT: Final = 512
_SHORT_DESCRIPTION_LIMIT: Final = 120

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is said about the bot in one language."""

    commands: Mapping[str, str]
    """What each command does, by its name without a slash, in menu order."""
    description: str
    """Shown in the empty chat before /start."""
    short_description: str
    """Shown on the bot's page and where it is shared."""


async def introduce(bot: Bot, profiles: Mapping[str, Profile]) -> None:
    """Set every profile, by language code, that differs from what Telegram has.

    The bot works without: a failure is a log line, and the next language is tried.
    """
    for language, profile in profiles.items():
        try:
            await _introduce(bot, language, profile)
        except NO_ANSWER as error:
            log.warning("telegram.profile_not_set", language=language or "default", error=_kind(error))


async def _introduce(bot: Bot, language: str, profile: Profile) -> None:
    commands = {name: clip(text, _COMMAND_LIMIT) for name, text in profile.commands.items()}
    description = clip(profile.description, _DESCRIPTION_LIMIT)
    short = clip(profile.short_description, _SHORT_DESCRIPTION_LIMIT)
    known = await bot.get_my_commands(language_code=language)
    if [(command.command, command.description) for command in known] != list(commands.items()):
        wanted = [BotCommand(command=name, description=text) for name, text in commands.items()]
        await bot.set_my_commands(wanted, language_code=language)
    if (await bot.get_my_description(language_code=language)).description != description:
        await bot.set_my_description(description=description, language_code=language)
    if (await bot.get_my_short_description(language_code=language)).short_description != short:
        await bot.set_my_short_description(short_description=short, language_code=language)


def _kind(error: NoAnswer) -> str:
    return type(error).__name__
