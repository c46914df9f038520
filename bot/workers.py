"""ProcessPageReader: article pages are read in a process of their own.

Extraction takes tens of milliseconds and runs parsers written in C over pages from anywhere; in a process it neither
holds up the loop nor takes the bot down. The process is a fresh interpreter that imports this module and the function
it is to call, nothing else of the bot, and is there only while there are pages to read.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import sys
import traceback
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from bot.errors import ParseError
from bot.model import Page, Response, Source

READ_PAGE: Final = "bot.parsing:read_page"
START_LIMIT: Final = 60.0
"""Seconds the process may take to start and import its function: a few on a busy machine, never a minute."""

HEADER: Final = 8
"""Bytes of a message's length, big-endian, before the message."""

PROGRAM: Final = "import sys; from bot.workers import main; main(*sys.argv[1:])"


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """What the process says of a page it can't read. `trace` is set when that's our mistake, not the page's."""

    message: str
    trace: str | None = None


class _WorkerTraceError(Exception):
    """Carries the process's traceback as text; the cause of a ParseError, for the log."""


class ProcessPageReader:
    """ports.PageReader: one process, started by the first page, ended when idle. Use as an async context manager.

    Pages asked for at once queue up. `read` names the function ("module:function") that the process imports and calls
    with (Response, Source); `seconds` is its limit for a page, `idle` how long the process outlives the last page.
    """

    def __init__(self, *, read: str = READ_PAGE, seconds: float = 10.0, idle: float = 60.0) -> None:
        self._read = read
        self._seconds = seconds
        self._idle = idle
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._ended = False
        self._bedtime: asyncio.TimerHandle | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the process at once; pages being read or queued then give ParseError."""
        self._closed = True
        self._end()
        async with self._turn:
            self._stay_up()
            await self._bury()

    async def read(self, response: Response, source: Source) -> Page:
        """Raises ParseError when there is no article in it, or when it takes too long or kills the process."""
        async with self._turn:
            self._stay_up()
            try:
                answer = await self._ask(response, source)
            except BaseException:
                self._end()  # whatever happened, the process may still be at this page: the next gets a fresh one
                raise
            self._bedtime = asyncio.get_running_loop().call_later(self._idle, self._end)
        if isinstance(answer, _Unreadable):
            raise ParseError(answer.message) from (_WorkerTraceError(answer.trace) if answer.trace else None)
        return answer

    async def _ask(self, response: Response, source: Source) -> Page | _Unreadable:
        if self._closed:
            raise ParseError(f"{response.url}: not read, the bot is stopping")
        process = await self._awake()
        try:
            async with asyncio.timeout(self._seconds):
                return await _exchange(process, (response, source))
        except TimeoutError as error:
            raise ParseError(f"{response.url}: reading the page took more than {self._seconds:g} s") from error
        except (EOFError, ConnectionError) as error:
            raise ParseError(f"{response.url}: the process that read the page ended") from error

    async def _awake(self) -> Process:
        """The process, started if there is none."""
        if self._process is not None and not self._ended and self._process.returncode is None:
            return self._process
        await self._bury()
        try:
            async with asyncio.timeout(START_LIMIT):
                self._process = await _start(self._read, self._seconds)
                self._ended = False
                await _receive(self._process)
        except (OSError, EOFError) as error:  # a TimeoutError is an OSError
            raise ParseError("the process that reads pages does not start") from error
        return self._process

    def _stay_up(self) -> None:
        if self._bedtime is not None:
            self._bedtime.cancel()
            self._bedtime = None

    def _end(self) -> None:
        """Not by `Process.kill`: that reaps a process which has just died by itself, and asyncio misses its end."""
        self._ended = True
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def _bury(self) -> None:
        """Waits until the process is gone and its pipes are closed."""
        if self._process is not None:
            self._end()
            cast("asyncio.StreamWriter", self._process.stdin).close()
            await self._process.communicate()
            self._process = None


async def _start(read: str, seconds: float) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-c", PROGRAM, read, str(seconds)),
        stdin=PIPE,
        stdout=PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,  # a ctrl-C in the terminal is for the bot alone
    )


async def _exchange(process: Process, job: tuple[Response, Source]) -> Page | _Unreadable:
    jobs = cast("asyncio.StreamWriter", process.stdin)
    jobs.write(_message(job))
    await jobs.drain()
    return cast("Page | _Unreadable", await _receive(process))


async def _receive(process: Process) -> object:
    answers = cast("asyncio.StreamReader", process.stdout)
    size = int.from_bytes(await answers.readexactly(HEADER), "big")
    return pickle.loads(await answers.readexactly(size))  # noqa: S301 - our own process wrote it


def _message(value: object) -> bytes:
    body = pickle.dumps(value)
    return len(body).to_bytes(HEADER, "big") + body


# --- in the process ------------------------------------------------------------------------------------------------

Read = Callable[[Response, Source], Page]


def main(read: str, seconds: str) -> None:
    """The process: answer on stdout what comes on stdin, until that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable()  # libraries tell of pages; what matters comes back as an answer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not mix with the answers
    module, _, function = read.partition(":")
    with contextlib.suppress(BrokenPipeError):  # the bot is gone
        serve(_watched(getattr(import_module(module), function), float(seconds)), sys.stdin.buffer, answers)


def serve(read: Read, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Say that all is ready, then answer jobs until there are no more."""
    answers.write(_message(None))
    answers.flush()
    while header := jobs.read(HEADER):
        response, source = pickle.loads(jobs.read(int.from_bytes(header, "big")))  # noqa: S301 - the bot wrote it
        answers.write(_message(_outcome(read, response, source)))
        answers.flush()


def _outcome(read: Read, response: Response, source: Source) -> Page | _Unreadable:
    try:
        return read(response, source)
    except ParseError as error:
        return _Unreadable(str(error))
    except Exception as error:  # a bug that this page shows: told with its traceback, and no other page's problem
        return _Unreadable(f"{response.url}: {type(error).__name__} while reading the page", traceback.format_exc())


def _watched(read: Read, seconds: float) -> Read:
    """The bot ends a page that takes too long; if the bot itself was killed meanwhile, this alarm does."""

    def watched(response: Response, source: Source) -> Page:
        signal.alarm(max(1, round(2 * seconds)))
        try:
            return read(response, source)
        finally:
            signal.alarm(0)

    return watched
