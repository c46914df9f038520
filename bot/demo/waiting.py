"""Waiting for something to come true without asking again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Watchers:
    """Those who wait. Whoever changes something calls `wake`, and each condition is asked once more."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], object], asyncio.Future[Any]]] = []

    def wake(self) -> None:
        for condition, future in list(self._waiting):
            if future.done():
                continue
            try:
                value = condition()
            except Exception as error:  # it belongs to the one who waits
                future.set_exception(error)
                continue
            if value:
                future.set_result(value)

    async def until(self, condition: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109 (a limit a wait)
        """The first true value of `condition`, asked now and at each `wake`. Raises TimeoutError."""
        value = condition()
        if value:
            return value
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        watcher = (condition, future)
        self._waiting.append(watcher)
        try:
            return await asyncio.wait_for(future, timeout)
        finally:
            self._waiting.remove(watcher)
