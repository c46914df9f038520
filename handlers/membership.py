"""Whether we may write to a chat: blocked and unblocked, added and removed, a group become a supergroup."""

from __future__ import annotations

from typing import Final

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus, ChatType, ParseMode
from aiogram.types import ChatMemberAdministrator, ChatMemberUpdated, Message

from bot.model import MAIN
from bot.subscribers import arrivals, following
from handlers.start import welcome
from handlers.talk import Talk

_OUTSIDE: Final = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.KICKED})


def create_router() -> Router:
    router = Router(name="membership")
    router.my_chat_member.register(left, F.new_chat_member.status.in_(_OUTSIDE))
    router.my_chat_member.register(unblocked, F.chat.type == ChatType.PRIVATE)
    router.my_chat_member.register(joined_channel, F.chat.type == ChatType.CHANNEL)
    router.my_chat_member.register(joined_group, F.old_chat_member.status.in_(_OUTSIDE))
    router.message.register(moved, F.migrate_to_chat_id)
    router.message.register(moved_here, F.migrate_from_chat_id)
    return router


async def left(event: ChatMemberUpdated, talk: Talk) -> None:
    await arrivals.left(talk.use_cases, event.chat.id)


async def unblocked(event: ChatMemberUpdated, talk: Talk) -> None:
    await arrivals.returned(talk.use_cases, event.chat.id)


async def joined_group(event: ChatMemberUpdated, talk: Talk, bot: Bot) -> None:
    """Say hello with the topics to choose from; what was chosen before is still there."""
    talk = talk.with_(await arrivals.stored(talk.use_cases, talk.subscriber, talk.now))
    await arrivals.returned(talk.use_cases, event.chat.id)
    text, keyboard = await welcome(talk)
    await bot.send_message(event.chat.id, text, parse_mode=ParseMode.HTML, reply_markup=keyboard)


async def joined_channel(event: ChatMemberUpdated, talk: Talk, bot: Bot) -> None:
    """A channel gets «Главное» as soon as we may post there: nobody talks to a bot in a channel."""
    member = event.new_chat_member
    if not isinstance(member, ChatMemberAdministrator) or not member.can_post_messages:
        return
    known = await arrivals.stored(talk.use_cases, talk.subscriber, talk.now)
    await arrivals.returned(talk.use_cases, event.chat.id)
    followed = await following.follow_built_in(talk.use_cases, known, MAIN, talk.now)
    if followed.new:
        await bot.send_message(event.chat.id, talk.words("The most important news will appear here."))


async def moved(message: Message, talk: Talk) -> None:
    if message.migrate_to_chat_id is not None:
        await arrivals.moved(talk.use_cases, message.chat.id, message.migrate_to_chat_id)


async def moved_here(message: Message, talk: Talk) -> None:
    if message.migrate_from_chat_id is not None:
        await arrivals.moved(talk.use_cases, message.migrate_from_chat_id, message.chat.id)
