"""Who may change what a chat receives."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiogram import Bot
from aiogram.dispatcher.flags import get_flag
from aiogram.dispatcher.middlewares.user_context import EventContext
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, Message, TelegramObject

from handlers.replies import send
from handlers.talk import Handler

REMEMBERED_FOR: Final = 60.0
"""Seconds: how long at most somebody who is no administrator any more can still change settings."""
REFUSED_FOR: Final = 10.0
"""Seconds: how long at most somebody who has just become one has to wait."""
MOST_REMEMBERED: Final = 10_000
"""People, about a megabyte; the longest known is forgotten first."""


@dataclass(slots=True)
class AdminsOnly:
    """Lets only administrators of a group or channel through to the handlers flagged SETTINGS."""

    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[tuple[int, int], tuple[bool, float]] = field(default_factory=OrderedDict)
    """Whether a user is an administrator of a chat, and until when we believe it."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Message | CallbackQuery)  # noqa: S101 - registered for these only
        if not get_flag(data, "settings") or await self._may_change(event, data["event_context"]):
            return await handler(event, data)
        refusal: str = data["talk"].words("Only administrators can change settings here.")
        if isinstance(event, CallbackQuery):
            return refusal
        await send(event, refusal)
        return None

    async def _may_change(self, event: Message | CallbackQuery, context: EventContext) -> bool:
        chat = context.chat
        if chat is None or chat.type == ChatType.PRIVATE:
            return True
        if isinstance(event, Message) and event.sender_chat is not None:
            return event.sender_chat.id == chat.id  # an administrator who stays anonymous speaks as the group itself
        if event.bot is None or context.user is None:
            return False
        return await self._is_administrator(event.bot, chat.id, context.user.id)

    async def _is_administrator(self, bot: Bot, chat_id: int, user_id: int) -> bool:
        key, now = (chat_id, user_id), self.clock()
        known, until = self._known.get(key, (False, now))
        if now < until:
            return known
        is_one = await _asked(bot, chat_id, user_id)
        self._known[key] = is_one, now + (REMEMBERED_FOR if is_one else REFUSED_FOR)
        self._known.move_to_end(key)
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return is_one


async def _asked(bot: Bot, chat_id: int, user_id: int) -> bool:
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except TelegramBadRequest:  # not a member, or the member list is hidden from us
        return False
    return member.status in {ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR}
