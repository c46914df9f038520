"""A call whose JSON body is ready, posted past aiogram's forms and models; what is no success is aiogram's to judge.

So a failure raises what it always raises, and `answers.outcome_of` knows it.
"""

from __future__ import annotations

from typing import Any, Final, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiohttp import ClientError, hdrs

from bot.telegram.answers import NO_ANSWER
from bot.telegram.bots import TIMEOUT, redact

_JSON: Final = {hdrs.CONTENT_TYPE: "application/json"}
_ANY_MESSAGE: Final = SendMessage(chat_id=0, text="")
"""What aiogram's errors name as the call; nobody reads it there."""


async def post_message(bot: Bot, body: bytes) -> int:
    """Send a message; its id. Raises what a call through aiogram does (`answers.NoAnswer`), without the token.

    Uses the connections of the bot's own session, so a bot that only pushes has a pool that only pushes use.
    """
    try:
        return await _post(bot, body)
    except NO_ANSWER as error:
        redact(error, bot.token)
        raise


async def _post(bot: Bot, body: bytes) -> int:
    session = await cast("AiohttpSession", bot.session).create_session()
    url = bot.session.api.api_url(bot.token, _ANY_MESSAGE.__api_method__)
    try:
        async with session.post(url, data=body, headers=_JSON, timeout=TIMEOUT) as response:
            message_id = _message_id(response.status, await response.read())
            if message_id is not None:
                return message_id
            content = await response.text()
    except TimeoutError as error:
        raise TelegramNetworkError(_ANY_MESSAGE, "Request timeout error") from error
    except ClientError as error:
        raise TelegramNetworkError(_ANY_MESSAGE, f"{type(error).__name__}: {error}") from error
    taken = bot.session.check_response(bot, _ANY_MESSAGE, response.status, content).result
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
