"""A stand-in for a thousand messages a second: answers sendMessage as Telegram does, and only notes who got one.

`StandIn` judges every call, which costs as much CPU as the bot it is to measure. This one judges each text once, keeps
Telegram's rates if asked to, and knows no chats: all exist.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self, cast
from urllib.parse import parse_qsl

import orjson

from bot.demo.api_table import check_call
from bot.demo.chats import Chat, Json, Message, message_json
from bot.demo.faults import FaultPlan
from bot.demo.judge import telegrams_parser
from bot.demo.rates import RateKeeper, Rates
from bot.demo.refusal import RefusalError, bad_request
from bot.demo.rules import check_markup, formatted
from bot.demo.telegram import BOT, TOKEN

_LENGTH: Final = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_HEAD: Final = "HTTP/1.1 {} -\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"


@dataclass(frozen=True, slots=True)
class LightCall:
    """A sendMessage, in the order in which they came."""

    came: float
    """Seconds of the monotonic clock."""
    chat_id: int
    status: int
    paid: bool
    retry_after: int = 0
    """Seconds, with status 429."""


class LightStandIn:
    """Telegram's sendMessage on 127.0.0.1, as an async context manager."""

    def __init__(self, *, token: str = TOKEN, rates: Rates | None = None, latency: float = 0.0) -> None:
        """`rates` makes it strict. `latency`: seconds until a call is answered."""
        self.token = token
        self.calls: list[LightCall] = []
        self.latency = latency
        self.faults = FaultPlan()
        """Of these only refusals are played."""
        self._shown: dict[object, Json] = {}
        self._judge = telegrams_parser()
        self._port = 0
        self._keeper = RateKeeper(rates) if rates else None
        self._path = f" /bot{token}/sendMessage ".encode()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.close()

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The whole answer to one call."""
        now, chat_id, paid = time.monotonic(), 0, False
        try:
            if self._path not in head[:200]:
                raise RefusalError(404, "Not Found")
            given = _parameters(head, body)
            shown = self._judged(given)
            chat_id, paid = int(given["chat_id"]), given.get("allow_paid_broadcast") in {True, "true"}
            self._spoil(chat_id)
            if self._keeper:
                self._keeper.check(chat_id, now, is_group=chat_id < 0, paid=paid)
        except RefusalError as refusal:
            wait = (refusal.parameters or {}).get("retry_after", 0)
            self.calls.append(LightCall(now, chat_id, refusal.code, paid, wait))
            return _written(refusal.code, refusal.as_json())
        self.calls.append(LightCall(now, chat_id, 200, paid))
        chat = {"id": chat_id, "type": "supergroup" if chat_id < 0 else "private"}
        message = shown | {"message_id": len(self.calls), "date": int(time.time()), "chat": chat}
        return _written(200, {"ok": True, "result": message})

    def _spoil(self, chat_id: int) -> None:
        fault = self.faults.take("sendMessage", chat_id)
        if fault and fault.refusal:
            raise fault.refusal

    def _judged(self, given: Json) -> Json:
        """The message as phones show it; a text that was seen before isn't judged again."""
        if given.get("text") not in self._shown:
            checked: Json = check_call("sendMessage", given)
            check_markup(checked.get("reply_markup"))
            text, entities = formatted(checked, self._judge)
            message = Message(
                id=1,
                chat_id=1,
                text=text,
                entities=entities,
                sender=BOT,
                sent_at=datetime.now(UTC),
                markup=checked.get("reply_markup"),
                link_preview=checked.get("link_preview_options"),
            )
            self._shown[given["text"]] = message_json(message, Chat(id=1, kind="private", name=""))
        return self._shown[given["text"]]


def _parameters(head: bytes, body: bytes) -> Json:
    try:
        if b"application/json" in head:
            return dict(orjson.loads(body))
        return dict(parse_qsl(body.decode()))
    except ValueError:
        raise bad_request("can't parse request: it is neither JSON nor a form") from None


def _written(status: int, answer: dict[str, object]) -> bytes:
    body = orjson.dumps(answer)
    return _HEAD.format(status, len(body)).encode() + body


class _Connection(asyncio.Protocol):
    """One kept-alive connection; calls on it are answered in turn."""

    def __init__(self, stand_in: LightStandIn) -> None:
        self._stand_in = stand_in
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._read) < whole:
                return
            answer = self._stand_in.answer(head, self._read[end + 4 : whole])
            self._read = self._read[whole:]
            if self._stand_in.latency:
                asyncio.get_running_loop().call_later(self._stand_in.latency, self._write, answer)
            else:
                self._write(answer)

    def _write(self, answer: bytes) -> None:
        if self._transport:
            self._transport.write(answer)
