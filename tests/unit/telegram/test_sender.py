"""Notifications out: one call, one outcome, under a real Bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import SendMessage
from aiohttp import ConnectionTimeoutError
from structlog.testing import capture_logs

from bot.errors import TelegramError
from bot.model import Delivered, Due, Outcome, OutcomeUnknown, Reason, Refused, RetryAfter
from bot.telegram.bots import make_bot, pacing
from bot.telegram.budget import SendBudget
from bot.telegram.profile import whoami
from bot.telegram.sender import TelegramMessenger

_TOKEN = "42:AAF-secret_secret_secret_secret_secret"
_TAKEN = '{"ok":true,"result":{"message_id":7,"date":1480779600,"chat":{"id":42,"type":"private"}}}'

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def _utc_now() -> datetime:
    return datetime(2016, 12, 3, 15, 0, tzinfo=UTC)


def _http(status: int, body: str) -> bytes:
    content = body.encode()
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(content)) + content


@dataclass(slots=True)
class _Server:
    """A Bot API made of bytes; `answers` are given in turn, the last one again and again."""

    url: str
    answers: list[bytes | None]
    requests: list[bytes]


@asynccontextmanager
async def _server(*answers: bytes | None) -> AsyncIterator[_Server]:
    """None closes the connection without an answer, once the request is read."""
    told: list[bytes] = []
    left = list(answers)

    async def serve(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line)
        told.append(head + await reader.readexactly(length))
        answer = left.pop(0) if len(left) > 1 else left[0]
        if answer is None:
            writer.transport.abort()
            return
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield _Server(f"http://127.0.0.1:{port}", left, told)


@asynccontextmanager
async def _bot(url: str, budget: SendBudget, *, urgent: bool = False) -> AsyncIterator[Bot]:
    bot = make_bot(_TOKEN, url, budget, urgent=urgent)
    try:
        yield bot
    finally:
        await bot.session.close()


async def _push(due: Due, *answers: bytes | None) -> Outcome:
    budget = SendBudget(1000)
    async with _server(*answers) as server, _bot(server.url, budget) as bot:
        return await TelegramMessenger(bot, budget, _utc_now).push(due, silent=False)


async def test_a_push_reaches_telegram_as_html_with_preview_and_buttons(due: Due) -> None:
    budget = SendBudget(1000)
    async with _server(_http(200, _TAKEN)) as server, _bot(server.url, budget) as bot:
        outcome = await TelegramMessenger(bot, budget, _utc_now).push(due, silent=True)
    assert outcome == Delivered(7)
    [request] = server.requests
    assert request.startswith(b"POST /bot42:AAF-secret_secret_secret_secret_secret/sendMessage ")
    for field in (
        b'"chat_id":42',
        b'"parse_mode":"HTML"',
        b'"disable_notification":true',
        b'"link_preview_options":{',
        b"why:17",
    ):
        assert field in request
    assert b"show_above_text" in request
    assert b"message_thread_id" not in request


async def test_a_forum_thread_is_named(due: Due) -> None:
    budget = SendBudget(1000)
    thread = replace(due, subscriber=replace(due.subscriber, chat_id=-1001, thread_id=77))
    async with _server(_http(200, _TAKEN)) as server, _bot(server.url, budget) as bot:
        await TelegramMessenger(bot, budget, _utc_now).push(thread, silent=False)
    assert b'"message_thread_id":77' in server.requests[0]
    assert b"disable_notification" not in server.requests[0]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + _TAKEN.encode()[:40],
        b"garbage\r\n\r\n",
        _http(502, "<html>Bad Gateway</html>"),
        _http(200, _TAKEN[:40]),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n\xff\xfe",
        _http(500, '{"ok":false,"error_code":500,"description":"Internal Server Error"}'),
    ],
    ids=["reset", "cut body", "no http", "html", "cut json", "no text", "500"],
)
async def test_when_the_request_left_and_no_answer_came_the_outcome_is_unknown(due: Due, answer: bytes | None) -> None:
    assert await _push(due, answer) == OutcomeUnknown(Reason("answer_lost"))


async def test_without_a_connection_it_is_surely_not_sent(due: Due) -> None:
    async with _server(None) as server:
        url = server.url
    budget = SendBudget(1000)
    async with _bot(url, budget) as bot:
        outcome = await TelegramMessenger(bot, budget, _utc_now).push(due, silent=False)
    assert outcome == RetryAfter(timedelta(seconds=10), Reason("unreachable"))


async def test_no_error_names_the_token(due: Due) -> None:
    async with _server(None) as server:
        url = server.url
    async with _bot(f"{url}/\u0000", SendBudget(1000)) as bot:
        with pytest.raises(TelegramNetworkError) as raised:
            await bot.send_message(42, "text")
    error: BaseException | None = raised.value
    while error is not None:
        assert "secret" not in f"{error!s}{error!r}{error.args}"
        error = error.__cause__ or error.__context__


def test_what_is_no_token_is_one_clear_line_without_it() -> None:
    with pytest.raises(TelegramError, match="BOT_TOKEN") as raised:
        make_bot("secret", "http://127.0.0.1", SendBudget(1), urgent=True)
    assert "secret" not in str(raised.value)


async def test_a_second_push_to_a_chat_within_a_second_is_put_off_without_a_call(due: Due) -> None:
    budget = SendBudget(1000)
    async with _server(_http(200, _TAKEN)) as server, _bot(server.url, budget) as bot:
        messenger = TelegramMessenger(bot, budget, _utc_now)
        outcomes = await asyncio.gather(*(messenger.push(due, silent=False) for _ in range(3)))
    assert outcomes[0] == Delivered(7)
    assert all(isinstance(outcome, RetryAfter) and outcome.reason.kind == "too_slow" for outcome in outcomes[1:])
    assert len(server.requests) == 1


async def test_a_429_puts_the_chat_off_for_as_long_as_it_says(due: Due) -> None:
    flood = (
        '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 9","parameters":{"retry_after":9}}'
    )
    budget = SendBudget(1000)
    other = replace(due, subscriber=replace(due.subscriber, chat_id=43))
    async with _server(_http(429, flood), _http(200, _TAKEN)) as server, _bot(server.url, budget) as bot:
        messenger = TelegramMessenger(bot, budget, _utc_now)
        assert await messenger.push(due, silent=False) == RetryAfter(
            timedelta(seconds=9), Reason("flood", {"seconds": 9})
        )
        again = await messenger.push(due, silent=False)
        assert await messenger.push(other, silent=False) == Delivered(7)
    assert isinstance(again, RetryAfter)
    assert timedelta(seconds=8.5) < again.wait <= timedelta(seconds=9)
    assert len(server.requests) == 2


async def test_a_push_caught_by_a_pause_while_it_waits_its_turn_is_put_off(due: Due) -> None:
    budget = SendBudget(0.5)
    other = replace(due, subscriber=replace(due.subscriber, chat_id=43))
    async with _server(_http(200, _TAKEN)) as server, _bot(server.url, budget) as bot:
        messenger = TelegramMessenger(bot, budget, _utc_now)
        assert await messenger.push(due, silent=False) == Delivered(7)
        waiting = asyncio.ensure_future(messenger.push(other, silent=False))
        await asyncio.sleep(0)
        budget.pause(timedelta(seconds=30))
        outcome = await waiting
    assert isinstance(outcome, RetryAfter)
    assert outcome.reason == Reason("too_slow")
    assert timedelta(seconds=29) < outcome.wait <= timedelta(seconds=30)
    assert len(server.requests) == 1


async def test_a_story_whose_link_is_refused_goes_out_without_it(due: Due) -> None:
    refusal = '{"ok":false,"error_code":400,"description":"Bad Request: BUTTON_URL_INVALID"}'
    budget = SendBudget(1000)
    others = [replace(due, subscriber=replace(due.subscriber, chat_id=chat)) for chat in (43, 44)]
    async with _server(_http(400, refusal), _http(200, _TAKEN)) as server, _bot(server.url, budget) as bot:
        messenger = TelegramMessenger(bot, budget, _utc_now)
        first = await messenger.push(due, silent=False)
        assert isinstance(first, RetryAfter)
        assert first.wait < timedelta(seconds=1.1)
        assert [await messenger.push(other, silent=False) for other in others] == [Delivered(7)] * 2
    assert b"trud.ru" in server.requests[0]
    assert all(b"trud.ru" not in request for request in server.requests[1:])


async def test_a_story_refused_even_without_its_link_is_refused(due: Due) -> None:
    refusal = _http(400, '{"ok":false,"error_code":400,"description":"Bad Request: BUTTON_DATA_INVALID"}')
    budget = SendBudget(1000)
    other = replace(due, subscriber=replace(due.subscriber, chat_id=43))
    async with _server(refusal) as server, _bot(server.url, budget) as bot:
        messenger = TelegramMessenger(bot, budget, _utc_now)
        assert isinstance(await messenger.push(due, silent=False), RetryAfter)
        assert isinstance(await messenger.push(other, silent=False), Refused)


async def test_a_refused_token_is_one_loud_line_and_nobody_is_gone(due: Due) -> None:
    answer = _http(401, '{"ok":false,"error_code":401,"description":"Unauthorized"}')
    budget = SendBudget(1000)
    readers = [replace(due, subscriber=replace(due.subscriber, chat_id=chat)) for chat in range(50, 55)]
    async with _server(answer) as server, _bot(server.url, budget) as bot:
        messenger = TelegramMessenger(bot, budget, _utc_now)
        with capture_logs() as logs:
            outcomes = [await messenger.push(reader, silent=False) for reader in readers]
    assert outcomes == [RetryAfter(timedelta(minutes=1), Reason("unauthorized"))] * 5
    assert [line["event"] for line in logs] == ["telegram.token_refused"]


# --- replies ---


def test_a_reply_that_meets_a_429_waits_and_is_sent_again(in_virtual_time: Any, api: Any) -> None:
    async def reply() -> float:
        loop = asyncio.get_running_loop()
        api.session.middleware(pacing(SendBudget(29, clock=loop.time), urgent=True))
        answers = [api.failed(429, "Too Many Requests: retry after 3", retry_after=3), api.taken()]
        api.session.answer = lambda method: answers.pop(0)
        await api.bot.send_message(42, "text")
        return loop.time()

    assert in_virtual_time(reply()) == pytest.approx(3.0)


def test_a_reply_is_not_tried_for_ever(in_virtual_time: Any, api: Any) -> None:
    async def reply() -> None:
        loop = asyncio.get_running_loop()
        api.session.middleware(pacing(SendBudget(29, clock=loop.time), urgent=True))
        api.session.answer = lambda method: api.failed(429, "Too Many Requests: retry after 1", retry_after=1)
        with pytest.raises(TelegramRetryAfter):
            await api.bot.send_message(42, "text")

    in_virtual_time(reply())
    assert len(api.session.calls) == 3


async def test_a_reply_that_found_no_connection_is_tried_again(api: Any) -> None:
    api.session.middleware(pacing(SendBudget(1000), urgent=True))
    unsent = TelegramNetworkError(SendMessage(chat_id=42, text="text"), "ClientConnectorError")
    unsent.__cause__ = ConnectionTimeoutError("no route")
    answers = [unsent, api.taken()]
    api.session.answer = lambda method: answers.pop(0)
    assert (await api.bot.send_message(42, "text")).message_id == 7


async def test_a_reply_whose_answer_was_lost_is_not_sent_again() -> None:
    async with _server(None) as server, _bot(server.url, SendBudget(1000), urgent=True) as bot:
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(42, "text")
    assert len(server.requests) == 1


async def test_a_call_that_is_no_message_takes_no_slot() -> None:
    budget = SendBudget(0.001)
    async with _server(_http(200, '{"ok":true,"result":true}')) as server, _bot(server.url, budget, urgent=True) as bot:
        await bot.answer_callback_query("1")
        await bot.send_chat_action(42, "typing")
    assert len(server.requests) == 2


# --- whose token it is ---

_ME = '{"ok":true,"result":{"id":42,"is_bot":true,"first_name":"Главное","username":"glavnoe_bot"}}'


async def test_a_token_is_known_by_its_bots_name() -> None:
    async with _server(_http(200, _ME)) as server:
        assert await whoami(_TOKEN, server.url) == "glavnoe_bot"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (_http(401, '{"ok":false,"error_code":401,"description":"Unauthorized"}'), "refuses the token"),
        (_http(404, '{"ok":false,"error_code":404,"description":"Not Found"}'), "refuses the token"),
        (_http(404, "<html>no Bot API here</html>"), "no usable answer"),
        (None, "no usable answer"),
    ],
)
async def test_a_token_that_can_not_be_verified_is_one_clear_line(answer: bytes | None, says: str) -> None:
    async with _server(answer) as server:
        with pytest.raises(TelegramError, match=says) as raised:
            await whoami(_TOKEN, server.url)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_an_unreachable_telegram_is_said_to_be_that() -> None:
    async with _server(None) as server:
        url = server.url
    with pytest.raises(TelegramError, match="can't be reached"):
        await whoami(_TOKEN, url)
