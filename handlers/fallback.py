"""What nobody else understood: other messages, unknown commands, buttons that no longer work."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers import keyboards
from handlers.flags import COSTLY
from handlers.own import show
from handlers.replies import send
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="fallback")
    router.message.register(unknown_command, F.text.startswith("/"))
    router.message.register(plain_text, F.chat.type == ChatType.PRIVATE, F.text, flags=COSTLY)
    router.message.register(anything_else, F.chat.type == ChatType.PRIVATE)
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
    """Words without a command are probably something to follow."""
    await show(message, message.text or "", talk)


async def anything_else(message: Message, talk: Talk) -> None:
    text = talk.words("I understand words only. Tell me what to follow, or choose topics:")
    await send(message, text, keyboards.all_topics(talk.words))


async def stale_button(_: CallbackQuery, talk: Talk) -> str:
    return talk.words("This button no longer works. Open /topics again.")
