"""A call whose JSON body is ready, posted past aiogram's forms and models; what is no success is aiogram's to judge.

So a failure raises what it always raises, and `answers.outcome_of` knows it.
"""

from __future__ import annotations

from typing import Any, Final, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import Message
from aiohttp import ClientError, hdrs

from bot.telegram.answers import NO_ANSWER
from bot.telegram.bots import TIMEOUT, redact

_JSON: Final = {hdrs.CONTENT_TYPE: "application/json"}
Call = TelegramMethod[Any]
SEND: Final[Call] = SendMessage(chat_id=0, text="")
EDIT: Final[Call] = EditMessageText(text="")
"""Name the method, and are what aiogram's errors name as the call; nobody reads their fields."""


async def post_message(bot: Bot, body: bytes, call: Call = SEND) -> int:
    """Send or edit a message; its id. Raises what a call through aiogram does (`answers.NoAnswer`), without the token.

    Uses the connections of the bot's own session, so a bot that only pushes has a pool that only pushes use.
    """
    try:
        return await _post(bot, body, call)
    except NO_ANSWER as error:
        redact(error, bot.token)
        raise


async def _post(bot: Bot, body: bytes, call: Call) -> int:
    session = await cast("AiohttpSession", bot.session).create_session()
    url = bot.session.api.api_url(bot.token, call.__api_method__)
    try:
        async with session.post(url, data=body, headers=_JSON, timeout=TIMEOUT) as response:
            message_id = _message_id(response.status, await response.read())
            if message_id is not None:
                return message_id
            content = await response.text()
    except TimeoutError as error:
        raise TelegramNetworkError(call, "Request timeout error") from error
    except ClientError as error:
        raise TelegramNetworkError(call, f"{type(error).__name__}: {error}") from error
    taken = bot.session.check_response(bot, call, response.status, content).result
    return cast("Message", taken).message_id  # a success of another form; nearly always this has raised


def _message_id(status: int, content: bytes) -> int | None:
    """Of the message that Telegram says it took; None for every other answer."""
    if status != 200:
        return None
    try:
        answer: Any = orjson.loads(content)
        taken, message_id = answer["ok"] is True, answer["result"]["message_id"]
    except (ValueError, LookupError, TypeError):
        return None
    return message_id if taken and isinstance(message_id, int) else None
