"""Every call to the stand-in, in the order of its answers; tests wait on it instead of sleeping."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.demo.waiting import Watchers

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    method: str
    parameters: Json
    """As checked; as they came when they were refused."""
    came: float
    """When it came, in seconds of the monotonic clock."""
    answered: float
    at: datetime
    """When it came, by the wall clock."""
    status: int
    """Of HTTP; 0 when the connection broke."""
    answer: Json
    """What was answered, or would have been, had the fault not come between."""
    took_effect: bool
    fault: str | None = None

    @property
    def ok(self) -> bool:
        """The bot was told that it worked."""
        return self.status == 200 and self.fault in {None, "latency"}

    @property
    def chat_id(self) -> int | str | None:
        return self.parameters.get("chat_id")

    @property
    def text(self) -> str:
        """Of the message sent, as shown; else the parameter, else empty."""
        result = self.answer.get("result")
        shown = result.get("text") if isinstance(result, dict) else None
        return str(shown or self.parameters.get("text", ""))


class Journal:
    def __init__(self, file: Path | None = None) -> None:
        self.calls: list[Call] = []
        self._watchers = Watchers()
        self._file = file

    def record(self, call: Call) -> None:
        self.calls.append(call)
        if self._file:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(_line(call))
        self._watchers.wake()

    def of(self, method: str, chat_id: int | None = None) -> list[Call]:
        """Calls of a method, to a chat if given."""
        return [c for c in self.calls if c.method == method and chat_id in {None, c.chat_id}]

    def sent(self, chat_id: int | None = None) -> list[Call]:
        """sendMessage calls that took effect, also those whose answer was lost: what phones have got."""
        return [call for call in self.of("sendMessage", chat_id) if call.took_effect]

    def refused(self) -> list[Call]:
        """Calls the stand-in found fault with (not those spoilt on order): a bot under test has none."""
        return [call for call in self.calls if call.status >= 400 and call.fault is None]

    async def wait_until(self, condition: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """The first true value of `condition`, asked now and after each call. Raises TimeoutError."""
        try:
            return await self._watchers.until(condition, timeout)
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s; the last calls were:\n{self.tail()}") from None

    async def wait_for(self, wanted: Callable[[Call], bool], timeout: float = 5.0, *, since: int = 0) -> Call:  # noqa: ASYNC109
        """The first call that is wanted, of those from number `since` on, past ones included."""
        return await self.wait_until(lambda: next(filter(wanted, self.calls[since:]), None), timeout)

    def tail(self, count: int = 12) -> str:
        shown = [call for call in self.calls if call.method != "getUpdates"][-count:]
        return "\n".join(f"  {c.method} {c.chat_id or ''} {c.status} {c.fault or ''} {c.text[:80]!r}" for c in shown)


def _line(call: Call) -> str:
    record = {"method": call.method, "parameters": call.parameters, "at": call.at.isoformat(), "came": call.came}
    record |= {"answered": call.answered, "status": call.status, "answer": call.answer}
    record |= {"took_effect": call.took_effect, "fault": call.fault}
    return json.dumps(record, ensure_ascii=False, default=str) + "\n"
