"""Newspapers on loopback, and names that lead to them."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


class Names(AbstractResolver):
    """Every name leads to loopback, but those that say otherwise; a list of lists is used up, answer by answer."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.unknown: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if host in self.unknown:
            raise OSError(None, "no such name")
        left = self.answers.get(host, [["127.0.0.1"]])
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a site whose every address is answered by the handler; gives its URL, without a final slash."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> str:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", handler)
            server = TestServer(app)
            await server.start_server()
            stack.push_async_callback(server.close)
            return str(server.make_url("")).rstrip("/")

        yield start
