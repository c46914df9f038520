"""What nobody else understood: other messages, unknown commands, buttons that no longer work."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.model import Topic
from bot.topics import find_built_in
from handlers import keyboards
from handlers.replies import send
from handlers.talk import Talk
from handlers.texts import html


def create_router() -> Router:
    router = Router(name="fallback")
    router.message.register(unknown_command, F.text.startswith("/"))
    router.message.register(plain_text, F.chat.type == ChatType.PRIVATE, F.text)
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
    text = message.text or ""
    slug = find_built_in(text)
    if slug is not None and slug in talk.use_cases.topic_ids:
        topic = Topic(id=talk.use_cases.topic_ids[slug], slug=slug)
        await send(message, talk.words("Would you like to follow this topic?"), keyboards.follow(talk.words, topic))
        return
    offer = html(
        talk.words, "To follow this, send:\n<code>/follow {words}</code>\n\nWhat else I can do: /help", words=text
    )
    await send(message, offer, keyboards.all_topics(talk.words))


async def anything_else(message: Message, talk: Talk) -> None:
    text = talk.words("I understand words only. Tell me what to follow, or choose topics:")
    await send(message, text, keyboards.all_topics(talk.words))


async def stale_button(_: CallbackQuery, talk: Talk) -> str:
    return talk.words("This button no longer works. Open /topics again.")
