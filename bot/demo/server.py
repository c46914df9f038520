"""The stand-in's HTTP side: reads calls as Telegram does, spoils them on order, answers and writes the journal."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from bot.demo.api_table import check_call, table
from bot.demo.chats import Json
from bot.demo.faults import Fault, FaultPlan
from bot.demo.journal import Call, Journal
from bot.demo.methods import play
from bot.demo.rates import RateKeeper
from bot.demo.refusal import RefusalError, bad_request
from bot.demo.world import World

MAX_BODY: Final = 50 * 2**20
"""Bytes; Telegram's limit for uploads."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call. Status 0: no answer reaches the bot."""

    status: int
    answer: Json
    took_effect: bool = False


@dataclass(slots=True)
class Server:
    token: str
    world: World
    journal: Journal
    faults: FaultPlan
    rates: RateKeeper | None

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self.handle)
        app.router.add_route("*", "/{anything:.*}", _not_found)
        return app

    async def handle(self, request: web.Request) -> web.StreamResponse:
        came, at = time.monotonic(), self.world.clock()
        method = table().names.get(request.match_info["method"].lower(), request.match_info["method"])
        given: Json = {}
        fault: Fault | None = None
        try:
            self._admit(request, method)
            given = await read_parameters(request)
            given = check_call(method, given)
            fault = self.faults.take(method, given.get("chat_id"))
            outcome = await self._perform(method, given, fault)
        except RefusalError as refusal:
            outcome = Outcome(refusal.code, refusal.as_json())
        if fault:
            outcome = _spoilt(outcome, fault)
        self.journal.record(
            Call(
                method=method,
                parameters=given,
                came=came,
                answered=time.monotonic(),
                at=at,
                status=outcome.status,
                answer=outcome.answer,
                took_effect=outcome.took_effect,
                fault=fault.name if fault else None,
            )
        )
        if fault and fault.delay is None:
            await asyncio.Event().wait()
        return _response(request, outcome, fault)

    def _admit(self, request: web.Request, method: str) -> None:
        if request.match_info["token"] != self.token:
            raise RefusalError(401, "Unauthorized")
        if method not in table().methods:
            raise RefusalError(404, "Not Found: method not found")
        if request.method not in {"GET", "POST"}:
            raise RefusalError(405, "Method Not Allowed")

    async def _perform(self, method: str, checked: Json, fault: Fault | None) -> Outcome:
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and not (fault.processed or fault.is_delay):
            return Outcome(0, {})
        self._keep_rates(method, checked)
        result = play(self.world, method, checked)
        if inspect.isawaitable(result):
            result = await result
        return Outcome(200, {"ok": True, "result": result}, took_effect=True)

    def _keep_rates(self, method: str, checked: Json) -> None:
        if self.rates is None or not _is_message(method) or "chat_id" not in checked:
            return
        chat = self.world.chat(checked["chat_id"])
        paid = checked.get("allow_paid_broadcast", False)
        self.rates.check(chat.id, time.monotonic(), is_group=chat.is_group, paid=paid)


def _spoilt(outcome: Outcome, fault: Fault) -> Outcome:
    """What the bot gets to see of it."""
    if fault.refusal:
        return replace(outcome, status=fault.refusal.code, answer=fault.refusal.as_json())
    if fault.page:
        return replace(outcome, status=fault.page[0])
    return replace(outcome, status=0) if fault.reset or fault.delay is None else outcome


def _is_message(method: str) -> bool:
    """Whether Telegram's rates for messages count this call."""
    return method.startswith(("send", "copy", "forward")) and method not in {"sendChatAction", "sendMessageDraft"}


async def read_parameters(request: web.Request) -> Json:
    """Of the query, a form (urlencoded or multipart) or a JSON object; an uploaded file counts as `attach://field`."""
    given: Json = dict(request.query)
    if request.method == "POST" and request.content_type == "application/json":
        given |= await _read_json(request)
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            given[name] = value if isinstance(value, str) else f"attach://{name}"
    if not _is_utf8(given):
        raise bad_request("strings must be encoded in UTF-8")
    attached = {name for name, value in given.items() if value == f"attach://{name}"}
    return {name: value for name, value in given.items() if value is not None and not _is_part(name, given, attached)}


def _is_part(name: str, given: Json, attached: set[str]) -> bool:
    """Whether the field is a file that another field refers to."""
    reference = f"attach://{name}"
    return name in attached and any(reference in str(value) for other, value in given.items() if other != name)


async def _read_json(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise bad_request("can't parse request: it is not JSON") from None
    if not isinstance(body, dict):
        raise bad_request("can't parse request: an object is expected")
    return body


def _is_utf8(given: Json) -> bool:
    """Whether it holds no half of a surrogate pair."""
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _response(request: web.Request, outcome: Outcome, fault: Fault | None) -> web.StreamResponse:
    if fault and fault.reset and request.transport:
        request.transport.abort()
    if fault and fault.page:
        return web.Response(status=outcome.status, text=fault.page[1], content_type="text/html")
    text = json.dumps(outcome.answer, ensure_ascii=False)
    if fault and fault.cut:
        text = text[: len(text) // 2]
    wait = outcome.answer.get("parameters", {}).get("retry_after")
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return web.Response(status=outcome.status or 200, text=text, content_type="application/json", headers=headers)


async def _not_found(_request: web.Request) -> web.StreamResponse:
    return web.json_response(RefusalError(404, "Not Found").as_json(), status=404)
