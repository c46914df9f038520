"""Notifications out to Telegram: one call, one outcome."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog
from aiogram import Bot
from aiogram.methods import SendMessage

from bot.model import Delivered, Due, Outcome, Reason, Refused, RetryAfter
from bot.ports import Clock
from bot.telegram.answers import NO_ANSWER, outcome_of
from bot.telegram.budget import SendBudget, SlotRefusedError
from bot.telegram.render import notification

MOST_UNLINKED: Final = 1000
"""Stories whose link is known to be refused; they are news, so older ones are no longer sent."""

_LINK_COMPLAINT: Final = re.compile(r"\burl\b|_url_|webpage|button", re.IGNORECASE)

log = structlog.get_logger()


class TelegramMessenger:
    """`ports.Messenger` over aiogram."""

    def __init__(self, bot: Bot, budget: SendBudget, clock: Clock) -> None:
        """`bot` must take its slots from `budget` and not be urgent (`bots.make_bot`)."""
        self._bot = bot
        self._budget = budget
        self._clock = clock
        self._unlinked: OrderedDict[int, None] = OrderedDict()
        self._token_refused = False

    async def push(self, due: Due, silent: bool) -> Outcome:
        """Send a notification within the send budget; every answer of Telegram's is an outcome."""
        wait = self._budget.slot_in(due.subscriber.chat_id)
        if wait:
            return RetryAfter(wait, Reason("too_slow"))
        outcome = await self._send(_message(self._as_accepted(due), silent, self._clock()))
        self._report_token(outcome)
        if isinstance(outcome, Refused) and self._link_is_at_fault(due, outcome):
            self._forgo_link(due.story.id)
            return RetryAfter(self._budget.slot_in(due.subscriber.chat_id), outcome.reason)
        return outcome

    async def _send(self, message: SendMessage) -> Outcome:
        try:
            sent = await self._bot(message)
        except SlotRefusedError as error:
            return RetryAfter(error.wait, Reason("too_slow"))
        except NO_ANSWER as error:
            return outcome_of(error)
        return Delivered(sent.message_id)

    def _as_accepted(self, due: Due) -> Due:
        """Without link, preview and button where Telegram refused them before."""
        if due.story.id not in self._unlinked:
            return due
        return replace(due, story=replace(due.story, url="", picture=None))

    def _link_is_at_fault(self, due: Due, outcome: Refused) -> bool:
        return due.story.id not in self._unlinked and bool(_LINK_COMPLAINT.search(str(outcome.reason.values)))

    def _forgo_link(self, story_id: int) -> None:
        log.warning("telegram.link_refused", story=story_id)
        self._unlinked[story_id] = None
        if len(self._unlinked) > MOST_UNLINKED:
            self._unlinked.popitem(last=False)

    def _report_token(self, outcome: Outcome) -> None:
        """Say once that the token is refused, not once a message; and once again if it happens again."""
        refused = isinstance(outcome, RetryAfter) and outcome.reason.kind == "unauthorized"
        if refused and not self._token_refused:
            log.error("telegram.token_refused", hint="check BOT_TOKEN and TELEGRAM_API_URL; nothing is lost meanwhile")
        if refused or isinstance(outcome, Delivered):
            self._token_refused = refused


def _message(due: Due, silent: bool, now: datetime) -> SendMessage:
    rendered = notification(due, now)
    return SendMessage(
        chat_id=due.subscriber.chat_id,
        message_thread_id=due.subscriber.thread_id or None,
        text=rendered.text,
        link_preview_options=rendered.preview,
        reply_markup=rendered.keyboard,
        disable_notification=silent or None,
    )
