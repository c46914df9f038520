"""The time, the web and Telegram."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.model import Digest, DigestDue, Due, Outcome, Page, Request, Response, Source, Subscriber

Clock = Callable[[], datetime]
"""The time now, aware UTC."""


class Web(Protocol):
    """HTTP out."""

    async def fetch(self, request: Request) -> Response:
        """Any status is an answer, 304 included. Raises FetchError, AddressRefusedError."""
        ...

    async def fetch_page(self, url: str) -> Response:
        """The same for a page, if the site's robots.txt allows us. Raises FetchError also when it doesn't."""
        ...


class PageReader(Protocol):
    """Reads article pages off the loop, in a process started on demand."""

    async def read(self, response: Response, source: Source) -> Page:
        """Raises ParseError when there's no article in it or it takes too long."""
        ...


class Messenger(Protocol):
    """Telegram, as delivery sees it."""

    async def push(self, due: Due, silent: bool) -> Outcome:
        """Send a notification within the send budget. Never raises for what Telegram answers."""
        ...

    async def push_digest(self, due: DigestDue, digest: Digest, silent: bool) -> Outcome:
        """The same for a digest. `Delivered.lines` says how many entries were listed when they didn't all fit."""
        ...

    async def ask(self, subscriber: Subscriber) -> Outcome:
        """The same for the question whether they still read."""
        ...
