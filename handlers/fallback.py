"""What nobody else understood: other messages, unknown commands, buttons that no longer work."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.subscribers import preview
from handlers.flags import COSTLY
from handlers.own import no_words, show
from handlers.replies import send
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="fallback")
    router.message.register(unknown_command, F.text.startswith("/"))
    router.message.register(plain_text, F.chat.type == ChatType.PRIVATE, F.text, flags=COSTLY)
    router.message.register(no_words, F.chat.type == ChatType.PRIVATE)
    router.edited_message.register(edited_command, F.chat.type == ChatType.PRIVATE, F.text.startswith("/"))
    router.edited_message.register(plain_text, F.chat.type == ChatType.PRIVATE, F.text, flags=COSTLY)
    router.callback_query.register(stale_button)
    return router


async def unknown_command(message: Message, talk: Talk, bot: Bot) -> None:
    """Answered where it is surely meant for us: in private, or with our name behind it."""
    mention = Command.extract_command(message.text or "/").mention
    if message.chat.type != ChatType.PRIVATE and not mention:
        return
    if mention and mention.lower() != ((await bot.me()).username or "").lower():
        return
    await send(message, talk.words("I don’t know this command. What I can do: /help"))


async def plain_text(message: Message, talk: Talk) -> None:
    """Words without a command answer the question before them, or are something to follow."""
    asked = await preview.asked_last(talk.use_cases, talk.subscriber, talk.now)
    await show(message, message.text or "", talk, asked.replaces if asked else None)


async def edited_command(message: Message, talk: Talk) -> None:
    """What it did at first has been done; to do it anew is no part of an edit."""
    await send(message, talk.words("I don’t carry out commands that were changed. Please send it once more."))


async def stale_button(_: CallbackQuery, talk: Talk) -> str:
    return talk.words("This button no longer works. Open /topics again.")
