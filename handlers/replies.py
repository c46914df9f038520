"""Sending: answers, changed messages and story cards."""

from __future__ import annotations

from typing import Final

from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CallbackQuery,
    ForceReply,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MaybeInaccessibleMessageUnion,
    Message,
)
from aiogram.utils.chat_action import ChatActionSender

from bot.telegram.render import Rendered

_PATIENCE: Final = 0.7
"""Seconds that anybody waits without wondering."""
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_UNCHANGED: Final = "message is not modified"
_NOT_EDITABLE: Final = ("message can't be edited", "message to edit not found")


async def send(message: MaybeInaccessibleMessageUnion, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """A new message in the same chat and forum thread; `text` is HTML."""
    await message.answer(text, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW, reply_markup=keyboard)


def patiently(message: MaybeInaccessibleMessageUnion) -> ChatActionSender:
    """Around what may take a while: the chat shows that an answer is being written."""
    assert message.bot is not None  # noqa: S101 - as it came with an update
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return ChatActionSender.typing(
        chat_id=message.chat.id, bot=message.bot, message_thread_id=thread, initial_sleep=_PATIENCE
    )


async def ask(message: MaybeInaccessibleMessageUnion, text: str, reply: ForceReply) -> int:
    """A message (`text` is HTML) that wants an answer; its id."""
    question = await message.answer(
        text, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW, reply_markup=reply
    )
    return question.message_id


async def send_card(message: MaybeInaccessibleMessageUnion, card: Rendered) -> None:
    await message.answer(
        card.text, parse_mode=ParseMode.HTML, link_preview_options=card.preview, reply_markup=card.keyboard
    )


async def change(query: CallbackQuery, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Put `text` (HTML) in place of the message with the button, or below it if it can't be changed any more."""
    message = query.message
    if message is None:
        return
    if not isinstance(message, Message):
        await send(message, text, keyboard)
        return
    try:
        await message.edit_text(
            text, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW, reply_markup=keyboard
        )
    except TelegramBadRequest as error:
        if _UNCHANGED in error.message:  # a double tap
            return
        if not any(reason in error.message for reason in _NOT_EDITABLE):
            raise
        await send(message, text, keyboard)


async def change_buttons(query: CallbackQuery, keyboard: InlineKeyboardMarkup | None) -> None:
    """Put these buttons (None: none) below the message of the button; what can't be changed any more stays as it is."""
    if not isinstance(query.message, Message):
        return
    try:
        await query.message.edit_reply_markup(reply_markup=keyboard)
    except TelegramBadRequest as error:
        if not any(reason in error.message for reason in (_UNCHANGED, *_NOT_EDITABLE)):
            raise
