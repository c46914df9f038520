"""Digests and the question out to Telegram, through aiogram: far fewer than pushes, and no two alike."""

from __future__ import annotations

from typing import Final

import structlog
from aiogram import Bot
from aiogram.methods import SendMessage, SendRichMessage
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions

from bot.model import Delivered, Digest, Outcome, Reason, Refused, RetryAfter, Subscriber
from bot.telegram.answers import NO_ANSWER, outcome_of
from bot.telegram.budget import SendBudget, SlotRefusedError
from bot.telegram.digest import Issue, issue, question

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger()


class Letters:
    """Rich messages as long as the server takes them; from the first refused on, classic ones."""

    def __init__(self, bot: Bot, budget: SendBudget) -> None:
        """`bot` must take its slots from `budget` and not be urgent (`bots.make_bot`)."""
        self._bot = bot
        self._budget = budget
        self._rich = True

    async def push_digest(self, reader: Subscriber, digest: Digest, silent: bool) -> Outcome:
        """Send an issue within the send budget; every answer of Telegram's is an outcome."""
        written = issue(digest, reader)
        if self._rich:
            outcome = await self._send(_rich(reader, written, silent), reader)
            return self._forgo_rich(reader, outcome) if _is_no_use(outcome) else outcome
        outcome = await self._send(_classic(reader, written.text, written.keyboard, silent), reader)
        return Delivered(outcome.message_id, written.lines) if isinstance(outcome, Delivered) else outcome

    async def ask(self, reader: Subscriber) -> Outcome:
        """Send the question, without sound."""
        text, keyboard = question(reader)
        return await self._send(_classic(reader, text, keyboard, silent=True), reader)

    async def _send(self, message: SendMessage | SendRichMessage, reader: Subscriber) -> Outcome:
        wait = self._budget.slot_in(reader.chat_id)
        if wait:
            return RetryAfter(wait, Reason("too_slow"))
        try:
            sent = await self._bot(message)
        except SlotRefusedError as error:
            return RetryAfter(error.wait, Reason("too_slow"))
        except NO_ANSWER as error:
            return outcome_of(error)
        return Delivered(sent.message_id)

    def _forgo_rich(self, reader: Subscriber, outcome: Outcome) -> RetryAfter:
        """The same issue again as a classic message, as soon as the chat may get its next one."""
        log.warning("telegram.rich_refused", outcome=str(outcome))
        self._rich = False
        return RetryAfter(self._budget.slot_in(reader.chat_id), Reason("too_slow"))


def _is_no_use(outcome: Outcome) -> bool:
    """Whether the server refuses the message, or knows no such method (404, as it says of a token nobody has)."""
    unknown = isinstance(outcome, RetryAfter) and outcome.reason.kind == "unauthorized"
    return unknown or isinstance(outcome, Refused)


def _rich(reader: Subscriber, written: Issue, silent: bool) -> SendRichMessage:
    return SendRichMessage(
        chat_id=reader.chat_id,
        message_thread_id=reader.thread_id or None,
        rich_message=written.rich,
        reply_markup=written.keyboard,
        disable_notification=silent or None,
    )


def _classic(reader: Subscriber, text: str, keyboard: InlineKeyboardMarkup, silent: bool) -> SendMessage:
    return SendMessage(
        chat_id=reader.chat_id,
        message_thread_id=reader.thread_id or None,
        text=text,
        link_preview_options=_NO_PREVIEW,
        reply_markup=keyboard,
        disable_notification=silent or None,
    )
