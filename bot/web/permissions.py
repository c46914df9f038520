"""Each site's robots.txt: asked for when a page of it is, remembered for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from yarl import URL

from bot.errors import AddressRefusedError, FetchError
from bot.model import Response
from bot.web.robots import ALLOW_ALL, DISALLOW_ALL, Rules, parse

REMEMBERED: Final = 24 * 3600.0
"""Seconds a robots.txt, or its absence, is believed: the most that RFC 9309, 2.4, allows."""

RETRY: Final = 600.0
"""Seconds until an unreachable robots.txt is asked for again."""

GIVE_UP: Final = 24 * 3600.0
"""Seconds after which a robots.txt that was never reachable counts as absent.

RFC 9309, 2.3.1.4, disallows everything meanwhile and names 30 days as an example of its end. A day is enough here:
the pages asked are those the site's own feed names, a few an hour, and a server whose robots.txt fails for a day
while its feed works has no rules to tell, only a fault. Without the end its articles would stay unread for ever.
"""

SITES: Final = 1000
"""Sites remembered at once."""


@dataclass(frozen=True, slots=True)
class _Known:
    rules: Rules
    until: float
    failing_since: float | None = None
    """When it was first unreachable, if no rules were known then."""


class Permissions:
    """Asks and remembers. `fetch` gets one address; `clock` counts seconds, from anywhere."""

    def __init__(self, fetch: Callable[[URL], Awaitable[Response]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._known: dict[URL, _Known] = {}
        self._turns: WeakValueDictionary[URL, asyncio.Lock] = WeakValueDictionary()

    async def allow(self, url: URL) -> bool:
        """Whether the page at `url` may be asked. Raises AddressRefusedError."""
        site = url.origin()
        async with self._turns.setdefault(site, asyncio.Lock()):
            known = self._known.get(site)
            if known is None or known.until <= self._clock():
                known = await self._ask(site, known)
                self._remember(site, known)
        return known.rules.allow(url.raw_path_qs)

    async def _ask(self, site: URL, known: _Known | None) -> _Known:
        try:
            response = await self._fetch(site.with_path("/robots.txt"))
        except AddressRefusedError:
            raise
        except FetchError:
            return self._unreachable(known)
        if response.status == 429 or response.status >= 500:
            return self._unreachable(known)
        rules = parse(response.body) if 200 <= response.status < 300 else ALLOW_ALL
        return _Known(rules, self._clock() + REMEMBERED)

    def _unreachable(self, known: _Known | None) -> _Known:
        now = self._clock()
        if known is not None and known.failing_since is None:
            return _Known(known.rules, now + RETRY)  # the last rules that were read go on
        since = now if known is None or known.failing_since is None else known.failing_since
        return _Known(ALLOW_ALL if now - since >= GIVE_UP else DISALLOW_ALL, now + RETRY, since)

    def _remember(self, site: URL, known: _Known) -> None:
        self._known.pop(site, None)
        self._known[site] = known
        if len(self._known) > SITES:
            del self._known[next(iter(self._known))]
