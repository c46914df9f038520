"""aiogram's Bot as we use it: within the send budget, with time-outs, and with no token in what it raises."""

from __future__ import annotations

import json
from typing import Any, Final

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType, RequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import DetailedAiogramError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientTimeout

from bot.errors import TelegramError
from bot.telegram.answers import NO_ANSWER, flood_wait, surely_unsent
from bot.telegram.budget import SendBudget

TIMEOUT: Final = ClientTimeout(total=30, sock_connect=10)
"""Seconds. Connecting has its own limit, below the whole: only then is "surely not sent" told from "answer lost"."""
CONNECTIONS: Final = 256
"""At most, of each bot; what a thousand messages a second need while an answer takes a quarter of a second."""
REPLY_ATTEMPTS: Final = 3
"""How often a reply is sent at most; there is no outbox behind it."""

_MODELS: Final = (Response[Message], Response[Message | bool], Response[bool])
"""Of answers, only to be kept: pydantic forgets each with its answer, and to build it anew would take 4 ms a call."""
_MESSAGE_METHODS: Final = ("send", "edit", "copy", "forward")


def make_bot(token: str, api_url: str, budget: SendBudget, *, urgent: bool) -> Bot:
    """A bot whose messages take their slots from `budget`; replies (`urgent`) first, and again after a 429.

    Raises TelegramError for what cannot be a token. To be closed with `await bot.session.close()`.
    """
    api = TelegramAPIServer.from_base(api_url)
    session = AiohttpSession(api=api, json_loads=read_answer, timeout=TIMEOUT, limit=CONNECTIONS)
    session.middleware(_without_token)
    session.middleware(pacing(budget, urgent=urgent))
    try:
        return Bot(token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    except TokenValidationError:
        raise TelegramError("BOT_TOKEN is no bot token: it should be as @BotFather wrote it") from None


def read_answer(content: str) -> Any:
    """An answer of the Bot API as JSON, with the description that aiogram relies on.

    Python's own reader on purpose: orjson refuses a whole batch of updates for half a surrogate pair in one of them.
    """
    answer = json.loads(content)
    if isinstance(answer, dict) and answer.get("description") is None:
        answer["description"] = ""
    return answer


def _is_message(method: TelegramMethod[TelegramType]) -> bool:
    """Whether the call counts against Telegram's limits on messages."""
    name = method.__api_method__
    return name.startswith(_MESSAGE_METHODS) and name != "sendChatAction"


def pacing(budget: SendBudget, *, urgent: bool) -> RequestMiddlewareType:
    """A middleware that takes a slot for each message and tells the budget of every 429.

    A reply (`urgent`) is sent again when that can't make two of one.
    """
    once = _within(budget, urgent=urgent)
    return _retried(once) if urgent else once


def _within(budget: SendBudget, *, urgent: bool) -> RequestMiddlewareType:

    async def send(
        make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        if not _is_message(method):
            return await make_request(bot, method)
        chat_id = getattr(method, "chat_id", None)
        await budget.take(chat_id, urgent=urgent)
        try:
            answer = await make_request(bot, method)
        except NO_ANSWER as error:
            wait = flood_wait(error)
            if wait is not None:
                budget.pause(wait, chat_id)
            raise
        budget.went_through()
        return answer

    return send


def _retried(once: RequestMiddlewareType) -> RequestMiddlewareType:
    async def send(
        make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        for _ in range(REPLY_ATTEMPTS - 1 if _is_message(method) else 0):
            try:
                return await once(make_request, bot, method)
            except NO_ANSWER as error:
                # The budget keeps the wait that a 429 asks for.
                if flood_wait(error) is None and not surely_unsent(error):
                    raise
        return await once(make_request, bot, method)

    return send


async def _without_token(
    make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
) -> Response[TelegramType]:
    """aiohttp names the address in some errors, and in Telegram's addresses stands the token."""
    try:
        return await make_request(bot, method)
    except NO_ANSWER as error:
        redact(error, bot.token)
        raise


def redact(error: BaseException | None, token: str) -> None:
    """Take the token out of an error and all that caused it."""
    while error is not None:
        error.args = tuple(_redacted(arg, token) for arg in error.args)
        if isinstance(error, DetailedAiogramError):
            error.message = error.message.replace(token, "<token>")
        error = error.__cause__ or error.__context__


def _redacted(value: object, token: str) -> object:
    return str(value).replace(token, "<token>") if token in str(value) else value
