"""The invented outlets on 127.0.0.1: articles appear when they are published, and stay.

async with Newspaper() as newspaper:
    …SOURCES_FILE holds newspaper.sources_toml()…
    newspaper.publish_next()
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from types import TracebackType
from typing import Final, Self, TypeVar

from aiohttp import web

from bot.demo import pages
from bot.demo.outlets import NewsArticle, Outlet, Published, bundled
from bot.demo.waiting import Watchers

T = TypeVar("T")
READ_WITHIN: Final = timedelta(hours=6)
"""How long it takes an article to be read by all who will."""
ROBOTS: Final = "User-agent: *\nDisallow: /admin/\n"


class Newspaper:
    """Several outlets on one port. An async context manager."""

    def __init__(
        self,
        outlets: Sequence[Outlet] | None = None,
        *,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.outlets = tuple(outlets) if outlets is not None else bundled()
        self.published: list[Published] = []
        self.requests: Counter[str] = Counter()
        """How often each path was asked for."""
        self.not_modified: Counter[str] = Counter()
        """How often the answer was 304."""
        self._watchers = Watchers()
        self._clock = clock
        self._port = port
        self._runner: web.AppRunner | None = None
        every = ((outlet, article) for outlet in self.outlets for article in outlet.items)
        self._waiting = sorted(every, key=lambda pair: (pair[1].minute, pair[1].id))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self._publish_past()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    # --- publishing ---------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """How many articles are still to come."""
        return len(self._waiting)

    def publish_next(self, count: int = 1) -> tuple[Published, ...]:
        """The next articles of the schedule appear now."""
        return tuple(self._publish(*self._waiting.pop(0)) for _ in range(min(count, len(self._waiting))))

    def publish_story(self, story: str) -> tuple[Published, ...]:
        """Every article on that event appears now."""
        return self._publish_where(lambda article: article.story == story)

    def publish_until(self, minute: float) -> tuple[Published, ...]:
        """What the schedule has up to that minute appears now."""
        return self._publish_where(lambda article: article.minute <= minute)

    def publish_all(self) -> tuple[Published, ...]:
        return self._publish_where(lambda _article: True)

    def _publish_where(self, wanted: Callable[[NewsArticle], bool]) -> tuple[Published, ...]:
        chosen = [pair for pair in self._waiting if wanted(pair[1])]
        self._waiting = [pair for pair in self._waiting if pair not in chosen]
        return tuple(self._publish(*pair) for pair in chosen)

    def _publish_past(self) -> None:
        now = self._clock()
        while self._waiting and self._waiting[0][1].minute < 0:
            outlet, article = self._waiting.pop(0)
            self._publish(outlet, article, now + timedelta(minutes=article.minute))

    def _publish(self, outlet: Outlet, article: NewsArticle, at: datetime | None = None) -> Published:
        at = (at or self._clock()).replace(microsecond=0)
        url = self.url + outlet.address(article, at)
        one = Published(outlet=outlet, article=article, published_at=at, url=url)
        self.published.append(one)
        return one

    async def wait_until(self, condition: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """The first true value of `condition`, asked now and at each request. Raises TimeoutError."""
        return await self._watchers.until(condition, timeout)

    def feed_requests(self, outlet: Outlet) -> int:
        """How often its feed was asked for."""
        return self.requests[f"/{outlet.path}/{outlet.feed}"]

    def of(self, outlet: Outlet) -> list[Published]:
        return [one for one in self.published if one.outlet.path == outlet.path]

    def sources_toml(self) -> str:
        """SOURCES_FILE's text for these outlets."""
        return "\n".join(self._source(outlet) for outlet in self.outlets)

    def _source(self, outlet: Outlet) -> str:
        fields = {
            "name": outlet.name,
            "url": f"{self.url}/{outlet.path}/{outlet.feed}",
            "front_page": f"{self.url}/{outlet.path}/",
            "language": outlet.language,
            "owner": outlet.owner,
            "country": outlet.country,
        }
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
        return "\n".join(["[[source]]", *lines, f"articles = '{outlet.articles}'", ""])

    # --- serving ------------------------------------------------------------------------------------------------

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/robots.txt", _robots)
        for outlet in self.outlets:
            app.router.add_get(f"/{outlet.path}/picture/{{id:\\d+}}.png", _picture)
            app.router.add_get(f"/{outlet.path}/{{rest:.*}}", self._serve)
        return app

    async def _serve(self, request: web.Request) -> web.Response:
        self.requests[request.path] += 1
        self._watchers.wake()
        outlet = next(one for one in self.outlets if request.path.startswith(f"/{one.path}/"))
        rest = request.match_info["rest"]
        if rest == outlet.feed:
            return self._conditional(request, outlet, pages.feed(outlet, self.of(outlet), self.url))
        if not rest:
            return _page(pages.front_page(outlet, self.of(outlet), self.url))
        for one in self.of(outlet):
            if one.url == self.url + request.path:
                return _page(pages.article_page(one, self.of(outlet), self._views(one, request.path), self.url))
        raise web.HTTPNotFound

    def _views(self, one: Published, path: str) -> int:
        """The counter on the page: it fills while the article is young, and grows whenever we read it."""
        share = min((self._clock() - one.published_at) / READ_WITHIN, 1.0)
        return int(one.article.views * share) + self.requests[path]

    def _conditional(self, request: web.Request, outlet: Outlet, body: bytes) -> web.Response:
        newest = max((one.published_at for one in self.of(outlet)), default=self._clock())
        tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        headers = {"ETag": tag, "Last-Modified": format_datetime(newest.astimezone(UTC), usegmt=True)}
        if _is_known(request, tag, newest):
            self.not_modified[request.path] += 1
            return web.Response(status=304, headers=headers)
        kind = "application/atom+xml" if outlet.format == "atom" else "application/rss+xml"
        return web.Response(body=body, headers=headers | {"Content-Type": kind})


def _is_known(request: web.Request, tag: str, newest: datetime) -> bool:
    """As RFC 9110 says: If-Modified-Since counts only where there's no If-None-Match."""
    if "If-None-Match" in request.headers:
        return tag in request.headers["If-None-Match"]
    since = request.headers.get("If-Modified-Since")
    try:
        return since is not None and newest <= parsedate_to_datetime(since)
    except ValueError:
        return False


def _page(body: bytes) -> web.Response:
    """HTML whose encoding stands in the page itself."""
    return web.Response(body=body, headers={"Content-Type": "text/html"})


async def _picture(request: web.Request) -> web.Response:
    return web.Response(body=pages.picture(int(request.match_info["id"])), content_type="image/png")


async def _robots(_request: web.Request) -> web.Response:
    return web.Response(text=ROBOTS)
