"""A process that has imported the bot once and forks a life of it on demand: 50 ms instead of seconds of importing.

Reads orders from stdin, a line of JSON each, and tells of births and deaths on stdout. It has one thread and runs no
loop of its own, so that its forks begin afresh.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import selectors
import signal
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

from bot import app, language, topics
from bot.config import Settings, read_sources
from bot.errors import ParseError
from bot.logs import configure_logs
from bot.model import Article, Page, Response, Source
from bot.subscribers import UseCases
from bot.words import words
from bot.workers import ProcessPageReader
from handlers import create_dispatcher
from storage import open_store
from tests.journey.crash_points import Doom, lay


def main() -> None:
    bell, ring = os.pipe()
    for end in (bell, ring):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ring)
    ears = selectors.DefaultSelector()
    ears.register(sys.stdin.fileno(), selectors.EVENT_READ, "order")
    ears.register(bell, selectors.EVENT_READ, "death")
    alive: set[int] = set()
    warm_up()
    tell(ready=True)
    while True:
        for key, _ in ears.select():
            if key.data == "death":
                os.read(bell, 4096)
                bury(alive)
            elif not (order := read_line()):
                for pid in alive:
                    os.kill(pid, signal.SIGKILL)
                return
            else:
                alive.add(birth(json.loads(order)))


def warm_up() -> None:
    """Whatever is read or built at its first use: dictionaries, profiles, texts, migrations, models."""
    now = datetime.now(UTC)
    article = Article(
        source_id=1, key="1", url="https://example.org/1", title="В Сирии заключён мир", published_at=now, seen_at=now
    )
    topics.find_built_in("сирия")
    topics.label(language.analyse(article), {slug: place for place, slug in enumerate(topics.BUILT_IN)})
    for spoken in ("ru", "en"):
        language.lemma("peace", spoken)
        words(spoken)("Done!")
    with TemporaryDirectory() as folder:
        uvloop.run(used_store(f"sqlite+aiosqlite:///{folder}/warm.db"))
    gc.freeze()


async def used_store(url: str) -> None:
    store = await open_store(url)
    create_dispatcher(UseCases(store=store, topic_ids={}, source_names={}, time_zone="UTC"))
    await store.claim("", 1, datetime.now(UTC), timedelta(0))
    await store.close()


def read_line() -> bytes:
    """Unbuffered, so that no order waits unseen behind another one."""
    line = b""
    while not line.endswith(b"\n"):
        if not (byte := os.read(sys.stdin.fileno(), 1)):
            return b""
        line += byte
    return line


def tell(**said: object) -> None:
    os.write(sys.__stdout__.fileno(), json.dumps(said).encode() + b"\n")  # type: ignore[union-attr]


def bury(alive: set[int]) -> None:
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        alive.discard(pid)
        tell(dead=pid, code=os.waitstatus_to_exitcode(status))


def birth(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        tell(born=pid)
        return pid
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        os.dup2(2, 1)
        live(order)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def live(order: dict[str, Any]) -> None:
    """As `python -m bot run` does it; ends at SIGTERM, or where the order dooms it."""
    configure_logs("INFO", "json")
    ProcessPageReader.read = no_page  # type: ignore[method-assign]
    lay(Doom(**order["doom"] | {"diary": Path(order["doom"]["diary"]) if order["doom"].get("diary") else None}))
    later = timedelta(seconds=order["later"])
    settings = Settings(_env_file=None, **order["settings"])  # type: ignore[call-arg]
    serving = app.serve(
        settings, read_sources(settings.sources_file), roles=order["roles"], clock=lambda: datetime.now(UTC) + later
    )
    uvloop.run(serving)


async def no_page(_reader: ProcessPageReader, response: Response, _source: Source) -> Page:
    """Pages are read in a process of its own, which would import all it needs for every life; feeds here say all."""
    await asyncio.sleep(0)
    raise ParseError(f"{response.url}: not read")


if __name__ == "__main__":
    main()
