"""HttpWeb: one request, with time, size, redirect and private-network limits."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Final, Self
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.typedefs import LooseHeaders
from multidict import CIMultiDictProxy
from yarl import URL

from bot.errors import AddressRefusedError, FetchError
from bot.model import Request, Response
from bot.web.addresses import may_ask, may_connect
from bot.web.permissions import Permissions
from bot.web.robots import SIZE_LIMIT

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
CHUNK: Final = 64 * 1024
KEEP_ALIVE: Final = 15.0
"""Seconds an idle connection is kept: enough for the articles of one poll, less than the wait for the next."""

ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, "
    "application/xml;q=0.9, text/html;q=0.9, */*;q=0.5"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may cost."""

    seconds: float = 20.0
    """For the whole of it, redirects and body included, from when its host has a place free."""
    size: int = 10 * 1024 * 1024
    """Bytes of the body after decompression."""
    redirects: int = 5
    at_once: int = 2
    """Requests a host."""


class HttpWeb:
    """ports.Web over aiohttp. Use as an async context manager.

    Every connection, of every hop, is checked where its socket is made: against the very address it goes to, so it
    makes no difference how the address was written or what a name resolved to a moment ago. Proxies of the
    environment are not used and cookies not kept.
    """

    def __init__(
        self,
        contact_url: str | None,
        allow_private_hosts: bool,
        *,
        limits: Limits = Limits(),
        resolver: AbstractResolver | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._headers = {"User-Agent": user_agent(contact_url), "Accept": ACCEPT}
        self._allow_private = allow_private_hosts
        self._limits = limits
        self._resolver = resolver
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._permissions = Permissions(self._fetch_robots, clock)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self._resolver, socket_factory=self._open_socket, keepalive_timeout=KEEP_ALIVE
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            timeout=aiohttp.ClientTimeout(),  # none of its own: ours covers the redirects too
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def fetch(self, request: Request) -> Response:
        """Any status is an answer, 304 included. Raises FetchError, AddressRefusedError."""
        return await self._follow(_parse(request.url), validators(request))

    async def fetch_page(self, url: str) -> Response:
        """The same for a page, if robots.txt allows it, on every hop."""
        return await self._follow(_parse(url), {}, obey_robots=True)

    async def _fetch_robots(self, url: URL) -> Response:
        return await self._follow(url, {}, cut_at=SIZE_LIMIT)

    async def _follow(
        self, url: URL, headers: LooseHeaders, *, obey_robots: bool = False, cut_at: int | None = None
    ) -> Response:
        first = url
        try:
            async with asyncio.timeout(None) as limit:
                for _ in range(self._limits.redirects + 1):
                    self._check(url)
                    if obey_robots and not await self._permissions.allow(url):
                        raise _error(url, "robots.txt does not allow this page")
                    async with self._place(url):
                        if limit.when() is None:
                            limit.reschedule(asyncio.get_running_loop().time() + self._limits.seconds)
                        answer = await self._ask(url, headers, cut_at)
                    if isinstance(answer, Response):
                        return answer
                    url = answer
        except TimeoutError as error:
            raise _error(url, f"no complete answer within {self._limits.seconds:g} s") from error
        raise _error(first, f"more than {self._limits.redirects} redirects")

    async def _ask(self, url: URL, headers: LooseHeaders, cut_at: int | None) -> Response | URL:
        """One hop: the answer, or where it redirects to."""
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status in REDIRECTS and "Location" in answer.headers:
                    return _redirected(url, answer.headers["Location"])
                body = await _read(answer.content, cut_at or self._limits.size + 1)
                if len(body) > self._limits.size:
                    raise _error(url, f"the answer is larger than {self._limits.size} bytes")
                return Response(url=str(url), status=answer.status, headers=_plain(answer.headers), body=body)
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise _explained(url, error) from error

    def _check(self, url: URL) -> None:
        if url.scheme not in ("http", "https") or not url.raw_host:
            raise _error(url, "only http and https addresses are asked")
        if url.raw_user is not None or url.raw_password is not None:
            raise _error(url, "addresses with a user name or password are not asked")
        if not (url.port in (80, 443) or (url.port or 0) >= 1024):
            raise AddressRefusedError(_line(url, f"port {url.port} belongs to another service"))
        if not may_ask(url.raw_host, self._allow_private):
            raise AddressRefusedError(_line(url, _REFUSED))

    def _place(self, url: URL) -> asyncio.Semaphore:
        host = (url.raw_host or "").rstrip(".")
        return self._places.setdefault(host, asyncio.Semaphore(self._limits.at_once))

    def _open_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        if not may_connect(str(address[0]), self._allow_private):
            raise _RefusedSocketError
        return socket.socket(family, kind, protocol)


_REFUSED: Final = "its address is private, local or reserved; sources may not be there"


class _RefusedSocketError(OSError):
    """As an OSError, so that aiohttp tries a host's next address; without text, so that several stay one."""


def user_agent(contact_url: str | None) -> str:
    try:
        ours = f"Glavnoe/{version('glavnoe')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        ours = "Glavnoe"
    return f"{ours} (+{contact_url})" if contact_url else ours


def validators(request: Request) -> dict[str, str]:
    """The headers that make a request conditional. One that can't be sent as it came is left out."""
    headers = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}


def _parse(url: str) -> URL:
    try:
        return URL(url.strip()).with_fragment(None)
    except ValueError as error:
        raise FetchError("this is not an address that can be asked") from error


def _redirected(url: URL, location: str) -> URL:
    try:
        return url.join(URL(location.strip())).with_fragment(None)
    except ValueError as error:
        raise _error(url, "it redirects to something that is not an address") from error


async def _read(content: aiohttp.StreamReader, limit: int) -> bytes:
    """The body, decompressed, but not more than `limit` bytes of it; aiohttp unpacks only as much as is read."""
    body = bytearray()
    async for chunk in content.iter_chunked(CHUNK):
        body += chunk
        if len(body) >= limit:
            break
    return bytes(body[:limit])


def _plain(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Names in lower case, equal ones joined, bytes that are not UTF-8 replaced."""
    joined = {name.lower(): ", ".join(headers.getall(name)) for name in headers}
    return {name: value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name, value in joined.items()}


def _explained(url: URL, error: Exception) -> FetchError:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, _RefusedSocketError):
        return AddressRefusedError(_line(url, _REFUSED))
    return _error(url, _what(error))


_WHAT: Final[tuple[tuple[type[Exception], str], ...]] = (
    # the first that fits, so the narrow ones come before the wide
    (aiohttp.ClientConnectorDNSError, "its name can not be resolved"),
    (aiohttp.ClientConnectorCertificateError, "its certificate can not be trusted"),
    (aiohttp.ClientSSLError, "no TLS connection"),
    (aiohttp.ClientConnectorError, "no connection"),
    (aiohttp.ClientPayloadError, "the answer broke off or can not be decompressed"),
    (aiohttp.ClientResponseError, "the answer can not be read as HTTP"),
    (aiohttp.InvalidURL, "this is not an address that can be asked"),
    (UnicodeError, "its name can not be resolved"),
    (Exception, "the connection broke off"),
)


def _what(error: Exception) -> str:
    return next(text for kind, text in _WHAT if isinstance(error, kind))


def _error(url: URL, what: str) -> FetchError:
    return FetchError(_line(url, what))


def _line(url: URL, what: str) -> str:
    """Names the host only: the rest of an address may hold what is nobody's business."""
    return f"{url.host or 'address'}: {what}"
