"""Notifications out to Telegram: one call, one outcome."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from typing import Final

import structlog
from aiogram import Bot

from bot.model import (
    Delivered,
    Digest,
    DigestDue,
    Due,
    NotificationKind,
    Outcome,
    OutcomeUnknown,
    Reason,
    Refused,
    RetryAfter,
    Subscriber,
)
from bot.ports import Clock
from bot.telegram.answers import NO_ANSWER, flood_wait, outcome_of, outcome_of_edit
from bot.telegram.bodies import Bodies
from bot.telegram.budget import SendBudget, SlotRefusedError
from bot.telegram.letters import Letters
from bot.telegram.paid import PaidBroadcast
from bot.telegram.posting import EDIT, SEND, post_message

MOST_UNLINKED: Final = 1000
"""Stories whose link is known to be refused; they are news, so older ones are no longer sent."""

_LINK_COMPLAINT: Final = re.compile(r"\burl\b|_url_|webpage|button", re.IGNORECASE)

log = structlog.get_logger()


class TelegramMessenger:
    """`ports.Messenger`: pushes as ready bytes on a pool of their own, all else through aiogram."""

    def __init__(self, bot: Bot, budget: SendBudget, clock: Clock, paid: PaidBroadcast | None = None) -> None:
        """`bot` must take its slots from `budget` and not be urgent (`bots.make_bot`). `paid`: None sends all free."""
        self._bot = bot
        self._budget = budget
        self._clock = clock
        self._paid = paid
        self._bodies = Bodies(bot)
        self._letters = Letters(bot, budget)
        self._unlinked: OrderedDict[int, None] = OrderedDict()
        self._token_refused = False

    async def push(self, due: Due, silent: bool) -> Outcome:
        """Send a notification within the send budget; every answer of Telegram's is an outcome."""
        is_first = due.notification.kind is NotificationKind.PUSH
        day = await self._paid.take(due) if self._paid and is_first else None
        outcome = await self._send(self._as_accepted(due), silent, paid=day is not None)
        if self._paid and day:
            outcome = self._accounted(self._paid, day, due, outcome)
        self._report_token(outcome)
        if isinstance(outcome, Refused) and self._link_is_at_fault(due, outcome):
            self._forgo_link(due.story.id)
            return self._again(due, outcome)
        return outcome

    async def push_digest(self, due: DigestDue, digest: Digest, silent: bool) -> Outcome:
        """The same for a digest."""
        return await self._letters.push_digest(due.subscriber, digest, silent)

    async def ask(self, subscriber: Subscriber) -> Outcome:
        """The same for the question whether they still read."""
        return await self._letters.ask(subscriber)

    async def _send(self, due: Due, silent: bool, *, paid: bool) -> Outcome:
        chat_id = due.subscriber.chat_id
        edited = due.first_message_id if due.notification.kind is NotificationKind.CORRECTION else None
        body = self._bodies.body(due, self._clock(), silent=silent, paid=paid)
        try:
            await self._budget.take(chat_id, paid=paid)
            message_id = await post_message(self._bot, body, SEND if edited is None else EDIT)
        except SlotRefusedError as error:
            return RetryAfter(error.wait, Reason("too_slow"))
        except NO_ANSWER as error:
            wait = flood_wait(error)
            if wait is not None:
                self._budget.pause(wait, chat_id)
            return outcome_of(error) if edited is None else outcome_of_edit(error, edited)
        self._budget.went_through()
        return Delivered(message_id)

    def _accounted(self, paid: PaidBroadcast, day: date, due: Due, outcome: Outcome) -> Outcome:
        """Settle the account of a paid push; one that only its price kept back is sent again, free."""
        if isinstance(outcome, Delivered):
            paid.was_charged()
        elif not isinstance(outcome, OutcomeUnknown):
            paid.give_back(day)
        if isinstance(outcome, Refused) and paid.was_not_charged(outcome):
            return self._again(due, outcome)
        return outcome

    def _again(self, due: Due, refused: Refused) -> Outcome:
        """As soon as the chat may get its next message, and changed so that it isn't refused any more."""
        return RetryAfter(self._budget.slot_in(due.subscriber.chat_id), refused.reason)

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
