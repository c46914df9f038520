"""How the bot introduces itself in Telegram's own screens: commands and descriptions, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog
from aiogram import Bot
from aiogram.types import BotCommand

from bot.errors import TelegramError
from bot.telegram.answers import NO_ANSWER, TOKEN_REFUSED, surely_unsent
from bot.telegram.bots import make_bot
from bot.telegram.budget import SendBudget
from bot.telegram.text import clip
from bot.words import LANGUAGES, Words, words

DESCRIPTION: Final = (
    "I read the news and tell you only the most important, on the topics you choose.\n"
    "Each story comes once, with a summary you can read right here."
)
"""Shown in the empty chat, before /start says the same."""
SHORT_DESCRIPTION: Final = "I tell you only the most important news on your topics, each story once."
"""Shown on the bot's page and where it is shared."""
REFUSED_TOKEN: Final = "Telegram refuses the token: check BOT_TOKEN, and TELEGRAM_API_URL if you set it"  # noqa: S105

_DEFAULT_LANGUAGE: Final = "en"
"""Shown to everybody whose language has no texts of its own, so it goes under no language code."""
_COMMAND_LIMIT: Final = 256
_DESCRIPTION_LIMIT: Final = 512
_SHORT_DESCRIPTION_LIMIT: Final = 120

log = structlog.get_logger()


async def introduce(bot: Bot, commands: Mapping[str, str]) -> None:
    """Set commands and descriptions in every language where Telegram has others.

    `commands`: what each does (English messages), by name without the slash, in menu order. The bot works without:
    a failure is a log line, and the next language is tried.
    """
    for language in LANGUAGES:
        code = None if language == _DEFAULT_LANGUAGE else language
        try:
            await _introduce_in(bot, code, words(language), commands)
        except NO_ANSWER as error:
            log.warning("telegram.profile_not_set", language=language, error=type(error).__name__)


async def _introduce_in(bot: Bot, code: str | None, words: Words, commands: Mapping[str, str]) -> None:
    wanted = [(name, clip(words(text), _COMMAND_LIMIT)) for name, text in commands.items()]
    description = clip(words(DESCRIPTION), _DESCRIPTION_LIMIT)
    short = clip(words(SHORT_DESCRIPTION), _SHORT_DESCRIPTION_LIMIT)
    known = await bot.get_my_commands(language_code=code)
    if [(command.command, command.description) for command in known] != wanted:
        menu = [BotCommand(command=name, description=text) for name, text in wanted]
        await bot.set_my_commands(menu, language_code=code)
    if (await bot.get_my_description(language_code=code)).description != description:
        await bot.set_my_description(description=description, language_code=code)
    if (await bot.get_my_short_description(language_code=code)).short_description != short:
        await bot.set_my_short_description(short_description=short, language_code=code)


async def whoami(token: str, api_url: str) -> str:
    """The name of the bot a token belongs to. Raises TelegramError: no token, refused, or nobody answers."""
    bot = make_bot(token, api_url, SendBudget(1), urgent=True)
    try:
        return (await bot.get_me()).username or str(bot.id)
    except TOKEN_REFUSED:
        raise TelegramError(REFUSED_TOKEN) from None
    except NO_ANSWER as error:
        how = "can't be reached" if surely_unsent(error) else "gave no usable answer"
        raise TelegramError(f"Telegram {how}: check the network, and TELEGRAM_API_URL if you set it") from error
    finally:
        await bot.session.close()
