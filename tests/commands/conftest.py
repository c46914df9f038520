"""The command line, run within the test's own process: what it was given, and what it left behind."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.__main__ import main
from bot.config import Settings


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its output, as the JSON Lines it must be."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> str:
        """The one line on stderr."""
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err.strip()


Command = Callable[..., Ended]
CommandBeside = Callable[..., Awaitable[Ended]]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the machine's, a folder of its own, and logging as it was."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    """`run("classify", "--query", "сирия", given=[…])`; `given` is the standard input: bytes, or records."""

    def command(*arguments: str, given: bytes | list[dict[str, object]] = b"") -> Ended:
        data = given if isinstance(given, bytes) else b"".join(json.dumps(one).encode() + b"\n" for one in given)
        monkeypatch.setattr(sys, "argv", ["glavnoe", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        capfdbinary.readouterr()  # what was said before is not ours
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfdbinary.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else int(code is not None), said.out.decode(), said.err.decode())

    return command


@pytest.fixture
def run_beside(run: Command) -> CommandBeside:
    """The same beside servers of the test, on a loop of its own in a thread of its own."""

    async def command(*arguments: str) -> Ended:
        return await asyncio.to_thread(run, *arguments)

    return command
