"""Every way Telegram can answer a message, as an outcome."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiogram.exceptions import AiogramError, TelegramNetworkError
from aiogram.methods import SendMessage
from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientOSError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from aiohttp.client_reqrep import ConnectionKey

from bot.model import Delivered, Gone, Moved, Outcome, OutcomeUnknown, Reason, Refused, RetryAfter
from bot.telegram.answers import NO_ANSWER, outcome_of

_GONE = {
    (403, "Forbidden: bot was blocked by the user"): "blocked",
    (403, "Forbidden: user is deactivated"): "deactivated",
    (403, "Forbidden: bot was kicked from the supergroup chat"): "kicked",
    (403, "Forbidden: bot was kicked from the group chat"): "kicked",
    (403, "Forbidden: bot is not a member of the channel chat"): "kicked",
    (403, "Forbidden: bot is not a member of the supergroup chat"): "kicked",
    (403, "Forbidden: the group chat was deleted"): "no_chat",
    (403, "Forbidden: bot can't initiate conversation with a user"): "no_chat",
    (403, "Forbidden: bot can't send messages to bots"): "no_chat",
    (403, "Forbidden: CHAT_WRITE_FORBIDDEN"): "kicked",
    (403, "Forbidden: something new"): "blocked",
    (403, None): "blocked",
    (400, "Bad Request: chat not found"): "no_chat",
    (400, "Bad Request: PEER_ID_INVALID"): "no_chat",
    (400, "Bad Request: group chat was deactivated"): "no_chat",
    (400, "Bad Request: group chat was upgraded to a supergroup chat"): "no_chat",
    (400, "Bad Request: message thread not found"): "no_chat",
    (400, "Bad Request: TOPIC_CLOSED"): "no_chat",
    (400, "Bad Request: TOPIC_DELETED"): "no_chat",
    (400, "Bad Request: have no rights to send a message"): "kicked",
    (400, "Bad Request: not enough rights to send text messages to the chat"): "kicked",
    (400, "Bad Request: need administrator rights in the channel chat"): "kicked",
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"): "kicked",
    (400, "Bad Request: CHAT_ADMIN_REQUIRED"): "kicked",
}

_REFUSED = (
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "х" at byte offset 0'),
    (400, "Bad Request: message is too long"),
    (400, "Bad Request: message text is empty"),
    (400, "Bad Request: BUTTON_URL_INVALID"),
    (400, "Bad Request: WEBPAGE_URL_INVALID"),
    (413, "Request Entity Too Large"),
    (402, "Payment Required"),
)


async def _outcome(api: Any, answer: Any) -> Outcome:
    api.session.answer = lambda method: answer
    with pytest.raises(NO_ANSWER) as raised:
        await api.bot.send_message(42, "text")
    assert isinstance(raised.value, AiogramError | UnicodeDecodeError)
    return outcome_of(raised.value)


@pytest.mark.parametrize(("answer", "kind"), _GONE.items())
async def test_a_chat_that_can_not_be_written_to_any_more_is_gone(
    api: Any, answer: tuple[int, str | None], kind: str
) -> None:
    assert await _outcome(api, api.failed(*answer)) == Gone(Reason(kind))


@pytest.mark.parametrize(("status", "text"), _REFUSED)
async def test_a_message_telegram_will_not_have_is_refused_with_its_words(api: Any, status: int, text: str) -> None:
    outcome = await _outcome(api, api.failed(status, text))
    assert isinstance(outcome, Refused)
    assert outcome.reason.kind == "refused"
    assert text in str(outcome.reason.values["text"])


async def test_what_telegram_complains_of_is_kept_short(api: Any) -> None:
    outcome = await _outcome(api, api.failed(400, "x" * 5000))
    assert isinstance(outcome, Refused)
    assert len(str(outcome.reason.values["text"])) == 200


async def test_a_group_that_became_a_supergroup_has_moved(api: Any) -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    assert await _outcome(api, api.failed(400, text, migrate_to_chat_id=-100123)) == Moved(-100123)


@pytest.mark.parametrize(
    ("status", "text", "parameters", "seconds"),
    [
        (429, "Too Many Requests: retry after 17", {"retry_after": 17}, 17),
        (429, "Too Many Requests: retry after 17", {}, 17),
        (429, "Too Many Requests: retry after 0", {}, 1),
        (429, "Too Many Requests", {}, 5),
        (200, "Too Many Requests: retry after 3", {}, 3),
        (400, "Bad Request: SLOWMODE_WAIT_9", {}, 9),
        (429, "Too Many Requests: retry after 99999999", {"retry_after": 99_999_999}, 86_400),
    ],
)
async def test_a_flood_wait_is_read_with_or_without_parameters(
    api: Any, status: int, text: str, parameters: dict[str, int], seconds: int
) -> None:
    outcome = await _outcome(api, api.failed(status, text, **parameters))
    assert outcome == RetryAfter(timedelta(seconds=seconds), Reason("flood", {"seconds": seconds}))


@pytest.mark.parametrize(("status", "text"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_refused_token_makes_nobody_gone(api: Any, status: int, text: str) -> None:
    assert await _outcome(api, api.failed(status, text)) == RetryAfter(timedelta(minutes=1), Reason("unauthorized"))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, "<html><h1>502 Bad Gateway</h1></html>"),
        (200, '{"ok": true, "result": {"message_'),
        (200, ""),
        (200, "[]"),
        (200, '{"ok": true, "result": {"surprise": 1}}'),
        (200, "[" * 100_000),
        (500, '{"ok": false, "error_code": 500, "description": "Internal Server Error: restart"}'),
        (500, '{"ok": false, "error_code": 500, "description": "Internal Server Error"}'),
        (500, '{"ok": false}'),
        (503, '{"ok": false, "description": "Service Unavailable"}'),
        (400, '{"ok": false, "description": 5}'),
    ],
)
async def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(api: Any, status: int, body: str) -> None:
    assert await _outcome(api, api.raw(status, body)) == OutcomeUnknown(Reason("answer_lost"))


async def test_an_answer_of_a_newer_server_still_says_that_the_message_was_taken(api: Any) -> None:
    result = {"message_id": 99, "date": "a new kind of date", "chat": {"id": 42}}
    assert await _outcome(api, api.ok(result)) == Delivered(99)


def test_bytes_that_are_no_text_leave_the_outcome_unknown() -> None:
    error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
    assert outcome_of(error) == OutcomeUnknown(Reason("answer_lost"))


_NOWHERE = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    "cause",
    [
        ClientConnectorDNSError(_NOWHERE, OSError(8, "name not known")),
        ClientConnectorError(_NOWHERE, ConnectionRefusedError(111, "refused")),
        ClientConnectorCertificateError(_NOWHERE, ValueError("wrong certificate")),
        ConnectionTimeoutError("connecting took too long"),
    ],
)
def test_what_never_left_is_surely_unsent(cause: Exception) -> None:
    error = TelegramNetworkError(SendMessage(chat_id=42, text="text"), "lost")
    error.__cause__ = cause
    assert outcome_of(error) == RetryAfter(timedelta(seconds=10), Reason("unreachable"))


@pytest.mark.parametrize(
    "cause", [TimeoutError(), SocketTimeoutError("reading took too long"), ServerDisconnectedError(), ClientOSError()]
)
def test_what_may_have_left_is_unknown(cause: Exception) -> None:
    error = TelegramNetworkError(SendMessage(chat_id=42, text="text"), "lost")
    error.__cause__ = cause
    assert outcome_of(error) == OutcomeUnknown(Reason("answer_lost"))
