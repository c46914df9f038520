"""Every way Telegram can answer a message, or fail to, as one of the outcomes delivery knows.

The texts are those of the official server (https://github.com/tdlib/telegram-bot-api) and the MTProto errors it passes
on; they have no other code to tell them apart by.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.model import Delivered, Gone, Missing, Moved, Outcome, OutcomeUnknown, Reason, Refused, RetryAfter

NoAnswer = AiogramError | UnicodeDecodeError
"""What a call through aiogram raises when there is no result (bytes that are no text come as Python's own error)."""
NO_ANSWER: Final = (AiogramError, UnicodeDecodeError)

TOKEN_REFUSED: Final = (TelegramUnauthorizedError, TelegramNotFound)
"""A token that was revoked (401) or that no bot ever had (404)."""

UNREACHABLE_WAIT: Final = timedelta(seconds=10)
"""Between attempts while there is no connection: it's nobody's limit, only pointless to ask more often."""
TOKEN_WAIT: Final = timedelta(minutes=1)
"""The same while Telegram doesn't accept the token: only the publisher can help."""
UNSPECIFIED_WAIT: Final = timedelta(seconds=5)
"""When Telegram asks to slow down without saying for how long; what it says itself while it restarts."""
LONGEST_WAIT: Final = timedelta(days=1)
LONGEST_TEXT: Final = 200
"""Characters of Telegram's complaint that are kept."""

_FLOOD: Final = re.compile(r"too many requests|flood_?wait|slowmode_?wait|retry after", re.IGNORECASE)
_FLOOD_SECONDS: Final = re.compile(r"(?:retry after |wait_)(\d{1,7})", re.IGNORECASE)
_NOT_MODIFIED: Final = re.compile(r"message is not modified|message_not_modified", re.IGNORECASE)
_NO_MESSAGE: Final = re.compile(
    r"message to edit not found|message can't be edited|message_id_invalid|message_edit_time_expired"
    r"|message identifier is not specified|message_author_required",
    re.IGNORECASE,
)
_GONE: Final = tuple(
    (kind, re.compile("|".join(texts), re.IGNORECASE))
    for kind, texts in {
        "blocked": ("blocked by the user", "user_is_blocked", "you_blocked_user", "privacy_premium_required"),
        "deactivated": ("user is deactivated", "user_deactivated"),
        "kicked": (
            "was kicked",
            "is not a member",
            "no rights to send",
            "not enough rights",
            "need administrator rights",
            "chat_write_forbidden",
            "chat_send_plain_forbidden",
            "chat_admin_required",
            "chat_restricted",
            "user_banned_in_channel",
            "channel_private",
        ),
        "no_chat": (
            "chat not found",
            "chat was deleted",
            "chat was deactivated",
            "chat was upgraded",  # without the new id, which would have made it a move
            "chat_id_invalid",
            "peer_id_invalid",
            "user_id_invalid",
            "channel_invalid",
            "can't initiate conversation",
            "can't send messages to bots",
            "thread not found",  # this subscriber is that forum thread; others of the chat are subscribers of their own
            "topic_closed",
            "topic_deleted",
            "topic_id_invalid",
        ),
    }.items()
)


def outcome_of(error: NoAnswer) -> Outcome:  # noqa: PLR0911 - a table: one kind of answer, one line
    """What became of a message when sending it raised `error`."""
    flood = flood_wait(error)
    if flood is not None:
        return RetryAfter(flood, Reason("flood", {"seconds": round(flood.total_seconds())}))
    if isinstance(error, TOKEN_REFUSED):
        return RetryAfter(TOKEN_WAIT, Reason("unauthorized"))
    match error:
        case TelegramMigrateToChat():
            return Moved(error.migrate_to_chat_id)
        case TelegramConflictError():
            return RetryAfter(UNREACHABLE_WAIT, Reason("unreachable"))
        case TelegramEntityTooLarge():
            return Refused(_complaint(error))
        case TelegramNetworkError() if surely_unsent(error):
            return RetryAfter(UNREACHABLE_WAIT, Reason("unreachable"))
        case TelegramNetworkError() | TelegramServerError():
            return OutcomeUnknown(Reason("answer_lost"))
        case TelegramAPIError():
            return _outcome_by_text(error)
        case ClientDecodeError():
            return _outcome_in(error)
    return OutcomeUnknown(Reason("answer_lost"))


def outcome_of_edit(error: NoAnswer, message_id: int) -> Outcome:
    """The same for an edit of that message: one that changes nothing is as good as made, as is one made twice."""
    text = error.message if isinstance(error, TelegramAPIError) else ""
    if _NOT_MODIFIED.search(text):
        return Delivered(message_id)
    if _NO_MESSAGE.search(text):
        return Missing(Reason("message_gone"))
    return outcome_of(error)


def flood_wait(error: BaseException) -> timedelta | None:
    """How long a 429 asks to wait; None for anything else. Without parameters it is known by its text alone."""
    if isinstance(error, TelegramRetryAfter):
        return _bounded(error.retry_after)
    if not isinstance(error, TelegramAPIError) or not _FLOOD.search(error.message):
        return None
    seconds = _FLOOD_SECONDS.search(error.message)
    return _bounded(int(seconds[1])) if seconds else UNSPECIFIED_WAIT


def surely_unsent(error: BaseException) -> bool:
    """Whether the request never left: no address, no connection, no encryption."""
    return isinstance(error, TelegramNetworkError) and isinstance(
        error.__cause__, (ClientConnectorError, ConnectionTimeoutError)
    )


def _bounded(seconds: int) -> timedelta:
    return min(max(timedelta(seconds=min(seconds, 10**6)), timedelta(seconds=1)), LONGEST_WAIT)


def _outcome_by_text(error: TelegramAPIError) -> Outcome:
    for kind, texts in _GONE:
        if texts.search(error.message):
            return Gone(Reason(kind))
    if isinstance(error, TelegramForbiddenError):
        return Gone(Reason("blocked"))
    return Refused(_complaint(error))


def _complaint(error: TelegramAPIError) -> Reason:
    return Reason("refused", {"text": error.message[:LONGEST_TEXT]})


def _outcome_in(error: ClientDecodeError) -> Outcome:
    """An answer aiogram can't read may still say that the message was taken (a newer server, a new kind of field)."""
    data = error.data
    result = data.get("result") if isinstance(data, dict) and data.get("ok") is True else None
    message_id = result.get("message_id") if isinstance(result, dict) else None
    if isinstance(message_id, int):
        return Delivered(message_id)
    return OutcomeUnknown(Reason("answer_lost"))
