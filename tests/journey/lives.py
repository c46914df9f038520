"""Lives of the real bot, each a process of its own that can be killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from bot.app import ROLES

ROOT = Path(__file__).parents[2]
START_LIMIT = 60
"""Seconds for importing everything once on a busy machine."""


@dataclass(slots=True)
class Life:
    """One process of the bot, from its fork to its end."""

    pid: int
    log: Path
    ended: asyncio.Future[int]

    def kill(self) -> None:
        if not self.ended.done():
            os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        if not self.ended.done():
            os.kill(self.pid, signal.SIGTERM)

    async def end(self, within: float = 20) -> int:
        """Its exit code; minus the signal's number when it was killed. Raises TimeoutError."""
        async with asyncio.timeout(within):
            return await asyncio.shield(self.ended)

    async def stop(self) -> None:
        """A clean stop."""
        self.terminate()
        assert await self.end() == 0, self.log.read_text()

    def said(self, event: str) -> list[dict[str, Any]]:
        """Its log lines of that event."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in told if line.get("event") == event]


@dataclass(slots=True)
class Lives:
    """An async context manager; `begin()` forks a life from a process that has imported everything."""

    _zygote: Process | None = None
    _births: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    _ends: dict[int, asyncio.Future[int]] = field(default_factory=dict)
    _listening: asyncio.Task[None] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _count: int = 0

    async def __aenter__(self) -> Self:
        self._zygote = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.journey.zygote", stdin=PIPE, stdout=PIPE, cwd=ROOT
        )
        assert self._zygote.stdout is not None
        async with asyncio.timeout(START_LIMIT):
            assert json.loads(await self._zygote.stdout.readline()) == {"ready": True}
        self._listening = asyncio.create_task(self._listen(self._zygote.stdout))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._zygote is not None
        assert self._zygote.stdin is not None
        assert self._listening is not None
        self._zygote.stdin.close()
        await self._listening
        await self._zygote.wait()

    async def _listen(self, told: asyncio.StreamReader) -> None:
        while line := await told.readline():
            event = json.loads(line)
            if pid := event.get("born"):
                self._ends[pid] = asyncio.get_running_loop().create_future()
                self._births.put_nowait(pid)
            else:
                self._ends.pop(event["dead"]).set_result(event["code"])

    async def begin(
        self,
        folder: Path,
        settings: dict[str, Any],
        *,
        kill_at: str | None = None,
        nth: int = 1,
        since: str | None = None,
        diary: Path | None = None,
        later: timedelta = timedelta(0),
        roles: Collection[str] = ROLES,
    ) -> Life:
        """Fork a life. It is killed at the `nth` pass of `kill_at`, counted from the first pass of `since` on.

        `later` is how far its clock is ahead: leases of lives before it have run out.
        """
        assert self._zygote is not None
        assert self._zygote.stdin is not None
        self._count += 1
        log = folder / f"life-{self._count}.log"
        order = {
            "settings": settings,
            "doom": {"place": kill_at, "nth": nth, "since": since, "diary": diary and str(diary)},
            "later": later.total_seconds(),
            "roles": sorted(roles),
            "log": str(log),
        }
        async with self._turn:
            self._zygote.stdin.write(json.dumps(order).encode() + b"\n")
            pid = await self._births.get()
        return Life(pid, log, self._ends[pid])
