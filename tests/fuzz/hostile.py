"""A newspaper that means harm, on this machine: every path answers in another bad way."""

from __future__ import annotations

import asyncio
import gzip
import resource
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from bot.journey import Journey
from bot.model import Source
from bot.topics import BUILT_IN
from bot.web import HttpWeb, Limits
from bot.workers import ProcessPageReader
from storage import Store, open_store

MEGABYTE: Final = 1024 * 1024
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def item(title: str = "Новость", link: str = "/article/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><description>Текст новости.</description>{more}</item>"


def rss(*items: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def _bomb(size: int, wbits: int) -> bytes:
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(size // MEGABYTE)) + packer.flush()


_LAUGHS: Final = '<!DOCTYPE l [<!ENTITY l0 "ха">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)
_NASTY_TITLE: Final = "\u202e<b>Срочно</b>\u200b&#xD800;" + "e\u0301\u0301" * 200 + "&amp;lt;script&gt;"
FEEDS: Final[dict[str, Callable[[], str | bytes]]] = {
    "external entity": lambda: rss(
        item("&x;"), before='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "entity bomb": lambda: rss(item("&l9;"), before=_LAUGHS + "]>"),
    "quadratic entities": lambda: rss(
        item("&q;" * 50_000), before=f'<!DOCTYPE r [<!ENTITY q "{"а" * 50_000}">]>'
    ),
    "100,000 nested tags": lambda: rss(item(more="<description>" + "<b>" * 100_000 + "</description>")),
    "100,000 elements inside each other": lambda: rss("<a>" * 100_000),
    "NUL and controls": lambda: rss(item("Ново\x00сть \x07\x1b[31m")),
    "nothing but NUL": lambda: bytes(100_000),
    "noise": lambda: bytes(range(256)) * 400,
    "a wrong charset": lambda: rss(item()).replace("?>", ' encoding="utf-8"?>', 1).encode("cp1251"),
    "a charset that does not exist": lambda: rss(item()).replace("?>", ' encoding="x-троллейбус"?>', 1).encode(),
    "half of a UTF-16": lambda: rss(item()).encode("utf-16-le")[:-1],
    "50,000 items": lambda: rss(*(item(f"Новость номер {n}", f"/article/{n % 40}") for n in range(50_000))),
    "duplicate guids": lambda: rss(*(item(f"Новость {n}", "/", "<guid>1</guid>") for n in range(300))),
    "a date in year 1": lambda: rss(item(more="<pubDate>Mon, 01 Jan 0001 00:00:00 +1400</pubDate>")),
    "a date in year 9999": lambda: rss(item(more="<pubDate>Fri, 31 Dec 9999 23:59:59 -1200</pubDate>")),
    "a date that is none": lambda: rss(item(more="<pubDate>вчера после обеда 99:99</pubDate>")),
    "a title of 1 MB": lambda: rss(item("слово " * 170_000)),
    "a title nobody can see": lambda: rss(item("\u200b\u202e\u2060")),
    "a nasty title": lambda: rss(item(_NASTY_TITLE)),
    "an address of 1 MB": lambda: rss(item(link="/article/" + "x" * MEGABYTE)),
    "addresses that are none": lambda: rss(*(item(link=link) for link in ("http://[", "javascript:x", "//", "\u202e"))),
    "a feed without end": lambda: rss(item()).removesuffix("</channel></rss>") + "<item><title>ещё",
    "an empty body": lambda: b"",
    "a page of an error": lambda: "<!doctype html><html><body><h1>500</h1></body></html>",
    "a ttl for ever": lambda: rss(item(), "<ttl>99999999999999999999</ttl>"),
    "10 MB of brackets": lambda: "[" * (10 * MEGABYTE - 1),
    "10 MB of open tags": lambda: "<rss><channel>" + "<item" * (2 * MEGABYTE - 10),
    "10 MB of ampersands": lambda: "<rss><channel><item><title>" + "&" * (10 * MEGABYTE - 100),
}  # fmt: skip


@cache
def bombs() -> dict[str, bytes]:
    """Bodies that grow when they are unpacked, with their headers."""
    packed = {
        "a gzip bomb": ("gzip", _bomb(300 * MEGABYTE, 31)),
        "a deflate bomb": ("deflate", _bomb(300 * MEGABYTE, 15)),
        "a gzip bomb in a gzip": ("gzip", gzip.compress(_bomb(300 * MEGABYTE, 31))),
        "brotli, which nobody asked for": ("br", b"\x0b\x02\x80brotli\x03"),
    }
    return {
        name: f"HTTP/1.1 200 OK\r\nContent-Encoding: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        for name, (kind, body) in packed.items()
    }


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + rss(item()).encode())
    while True:
        writer.write(b"<item>" * 10_000)
        await writer.drain()


async def _dripping(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _silent(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def _saying(text: str) -> Answer:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(text.replace("\n", "\r\n").encode("utf-8", "surrogateescape"))
        await writer.drain()

    return say


TALKS: Final[dict[str, Answer]] = {
    "a body without end": _endless,
    "a body that drips": _dripping,
    "silence": _silent,
    "a redirect to itself": _saying("HTTP/1.1 302 Found\nLocation: ?again\nContent-Length: 0\n\n"),
    "a redirect to a metadata service": _saying(
        "HTTP/1.1 302 Found\nLocation: http://169.254.169.254/latest\nContent-Length: 0\n\n"
    ),
    "a redirect to a file": _saying("HTTP/1.1 301 Moved\nLocation: file:///etc/passwd\nContent-Length: 0\n\n"),
    "a redirect to nonsense": _saying("HTTP/1.1 301 Moved\nLocation: http://[\nContent-Length: 0\n\n"),
    "an answer that breaks off": _saying("HTTP/1.1 200 OK\nContent-Length: 1000000\n\n<rss>"),
    "a chunk that breaks off": _saying("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nfffff\n<rss>"),
    "a header of 1 MB": _saying(f"HTTP/1.1 200 OK\nX-Long: {'x' * MEGABYTE}\n\n"),
    "another protocol": _saying("SSH-2.0-OpenSSH_9.2\n\n"),
    "no answer to speak of": _saying("HTTP/1.1 204 No Content\n\n"),
    "not modified, unasked": _saying("HTTP/1.1 304 Not Modified\n\n"),
    "429 for ever": _saying(f"HTTP/1.1 429 Slow\nRetry-After: {'9' * 400}\nContent-Length: 0\n\n"),
    "503 until year 9999": _saying(
        "HTTP/1.1 503 Away\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\nContent-Length: 0\n\n"
    ),
    "status 999": _saying("HTTP/1.1 999 Odd\nContent-Length: 0\n\n"),
}


@asynccontextmanager
async def newspaper(answer: Answer | bytes) -> AsyncIterator[str]:
    """Its address. Whatever is asked, the answer is this one; its robots.txt allows all."""

    talking: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        task.add_done_callback(talking.discard)
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            if b"/robots.txt" in asked.split(b"\r\n")[0]:
                writer.write(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            elif isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked has left
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tuple(talking):
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)


def served(body: str | bytes, content_type: str = "") -> bytes:
    """The whole HTTP answer."""
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"HTTP/1.1 200 OK\r\n{kind}Content-Length: {len(raw)}\r\nConnection: close\r\n\r\n".encode() + raw


def source(name: str, url: str) -> Source:
    return Source(name=name, url=url, language="ru", owner=name, country="RU", articles=r"/article/(?P<key>\w+)")


@asynccontextmanager
async def collecting(folder: Path, *urls: str, seconds: float = 20.0) -> AsyncIterator[tuple[Journey, Store]]:
    """The real wheel over the real store and web; sources are called after their number, from 0."""
    async with AsyncExitStack() as stack:
        store = await open_store(f"sqlite+aiosqlite:///{folder}/glavnoe.db")
        stack.push_async_callback(store.close)
        named = [source(str(number), url) for number, url in enumerate(urls)]
        ahead = timedelta()
        journey = Journey(
            store=store,
            web=await stack.enter_async_context(HttpWeb(None, True, limits=Limits(seconds=seconds))),
            pages=await stack.enter_async_context(ProcessPageReader()),
            clock=lambda: datetime.now(UTC) + ahead,
            sources=await store.register_sources(named, datetime.now(UTC)),
            topic_ids=await store.register_topics(BUILT_IN),
            owner="test",
        )
        await journey.prepare()
        ahead = timedelta(hours=1)  # by then every source is due
        yield journey, store


async def _weigh(name: str) -> None:
    answer = bombs().get(name) or served(FEEDS[name]())
    with tempfile.TemporaryDirectory() as folder:
        async with newspaper(answer) as url, collecting(Path(folder), f"{url}/feed") as (journey, _):
            await journey.turn()


def article_page(title: str, body: str) -> str:
    return f"<html><head><title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>{body}</body></html>"


if __name__ == "__main__":  # in a process of its own, whose memory is weighed
    for each in sys.argv[1:]:
        asyncio.run(_weigh(each))
    # Not RUSAGE_SELF: its peak begins with that of the process we were started from.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(f"{max(int(peak.split()[1]), workers) // 1024}\n")
