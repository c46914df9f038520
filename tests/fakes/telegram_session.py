"""Telegram at the lowest seam under aiogram: what the bot sends is checked as the Bot API checks it, and kept.

Calls are judged by the public table of methods and by Telegram's own parser of texts (or our strict one where that
isn't installed); what is wrong raises aiogram's real errors.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod

from bot.demo.api_table import check_call
from bot.demo.judge import parse, telegrams_parser
from bot.demo.refusal import RefusalError, bad_request

ME = {"id": 42, "is_bot": True, "first_name": "Главное", "username": "glavnoe_bot"}
LONGEST_TEXT = 4096
LONGEST_TOAST = 200


@dataclass(frozen=True)
class Call:
    """One request of the bot."""

    method: str
    data: dict[str, Any]
    plain: str = ""
    """The text as a reader sees it, unbreakable spaces as ordinary ones."""

    @property
    def buttons(self) -> list[dict[str, Any]]:
        rows = (self.data.get("reply_markup") or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def button(self, wanted: str) -> str:
        """The data of the button whose text holds `wanted`."""
        found = [
            button["callback_data"]
            for button in self.buttons
            if wanted in button["text"].replace("\N{NO-BREAK SPACE}", " ")
        ]
        assert found, f"no button {wanted!r} among {[button['text'] for button in self.buttons]}"
        return str(found[0])


@dataclass
class _Fault:
    method: str
    status: int
    answer: dict[str, Any]


@dataclass
class _Shown:
    """A message as it stands in the chat."""

    text: str
    markup: Any = field(default=None)


class TelegramSession(BaseSession):
    """Answers plausibly, remembers everything, goes wrong on order."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.admins: set[int] = set()
        self._faults: list[_Fault] = []
        self._shown: dict[tuple[int, int], _Shown] = {}
        self._next_message = 1000

    def fail(self, method: str, status: int, description: str, **parameters: Any) -> None:
        """The next call of this method is refused."""
        answer = {"ok": False, "error_code": status, "description": description, "parameters": parameters or None}
        self._faults.append(_Fault(method, status, answer))

    def said(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        raise NotImplementedError
        yield b""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 - as aiogram calls it
        name = method.__api_method__
        prepared = {key: self.prepare_value(value, bot, {}) for key, value in method.model_dump(warnings=False).items()}
        form = {key: value for key, value in prepared.items() if value is not None}
        status, answer = self._fault(name) or self._answer(name, form)
        return self.check_response(bot, method, status, json.dumps(answer)).result

    def _fault(self, name: str) -> tuple[int, dict[str, Any]] | None:
        for fault in self._faults:
            if fault.method == name:
                self._faults.remove(fault)
                return fault.status, fault.answer
        return None

    def _answer(self, name: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        try:
            data = check_call(name, form)
            plain = self._plain(name, data)
            result = self._result(name, data, plain)
            if name not in {"getMe", "sendChatAction"}:  # whether somebody had to wait depends on the machine
                self.calls.append(Call(name, data, plain.replace("\N{NO-BREAK SPACE}", " ")))
            return 200, {"ok": True, "result": result}
        except RefusalError as refusal:
            return refusal.code, refusal.as_json()

    def _plain(self, name: str, data: dict[str, Any]) -> str:
        text = data.get("text", "")
        plain = parse(text, data["parse_mode"], telegrams_parser())[0] if "parse_mode" in data else text
        limit = LONGEST_TOAST if name == "answerCallbackQuery" else LONGEST_TEXT
        assert len(plain.encode("utf-16-le")) // 2 <= limit, f"{name}: too long for Telegram"
        return str(plain)

    def _result(self, name: str, data: dict[str, Any], plain: str) -> Any:
        match name:
            case "getMe":
                return ME
            case "getChatMember":
                return self._member(data["user_id"])
            case "sendMessage":
                self._next_message += 1
                return self._message(data, self._next_message, plain)
            case "editMessageText":
                return self._message(data, data["message_id"], plain)
            case "editMessageReplyMarkup":
                return self._message({**data, "text": "…"}, data["message_id"], "…")
            case "answerCallbackQuery" | "sendChatAction":
                return True
        raise AssertionError(f"the bot was not expected to call {name}")

    def _message(self, data: dict[str, Any], message_id: int, plain: str) -> dict[str, Any]:
        key = (data["chat_id"], message_id)
        shown = _Shown(data["text"], data.get("reply_markup"))
        if self._shown.get(key) == shown:
            raise bad_request("message is not modified: specified new message content is exactly the same")
        self._shown[key] = shown
        chat = {"id": data["chat_id"], "type": "private" if data["chat_id"] > 0 else "supergroup", "title": "…"}
        return {"message_id": message_id, "date": 1, "chat": chat, "text": plain or " "}

    def _member(self, user_id: int) -> dict[str, Any]:
        user = {"id": user_id, "is_bot": False, "first_name": "…"}
        if user_id not in self.admins:
            return {"status": "member", "user": user}
        return {"status": "creator", "user": user, "is_anonymous": False}
