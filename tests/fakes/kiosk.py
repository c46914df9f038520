"""A newspaper on this machine whose every article a test decides: a feed, article pages, a front page, over HTTP."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Self
from zoneinfo import ZoneInfo

from aiohttp import web

MOSCOW = ZoneInfo("Europe/Moscow")
MONTHS = ("Января", "Февраля", "Марта", "Апреля", "Мая", "Июня", "Июля", "Августа")
MONTHS += ("Сентября", "Октября", "Ноября", "Декабря")
ERROR_PAGE = (
    "<html><head><title>Страница не найдена</title></head><body><article><h1>Страница не найдена</h1>"
    f"<p>{'Возможно, она была удалена или перенесена на другой адрес. ' * 5}</p></article></body></html>"
)
"""What a newspaper says where there is nothing, as an article to whoever doesn't look at the status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An article as the kiosk prints it."""

    number: int
    title: str
    lead: str
    body: str
    published_at: datetime
    section: str = "Политика"
    guid: str = ""


@dataclass(slots=True)
class Kiosk:
    """An async context manager. `publish()` adds an article to the top of the feed."""

    charset: str = "utf-8"
    articles: list[Printed] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Paths, in order."""
    asked_at: dict[str, float] = field(default_factory=dict)
    """When a path was last asked for, by the monotonic clock."""
    broken: dict[str, int] = field(default_factory=dict)
    """Paths that answer with a status instead; 302 sends to the front page."""
    page_titles: dict[int, str] = field(default_factory=dict)
    """Headlines that pages (by number) show in place of the feed's."""
    full_text: bool = False
    """The feed carries whole articles, so that no page needs to be read."""
    front: list[int] = field(default_factory=list)
    """Numbers of the articles on the front page, in its order."""
    views: dict[int, int] = field(default_factory=dict)
    """What the pages of articles (by number) show on their counters; they are then laid out as trud.ru's."""
    link: str = "/article/{number}"
    """The path of an article in the feed; `{visit}` is another one at every poll."""
    redated: bool = False
    """Every article is from just now, whenever the feed is asked for."""
    url: str = ""
    _runner: web.AppRunner | None = None
    _request: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._noted])
        app.router.add_get("/feed", self._feed)
        app.router.add_get("/", self._front)
        app.router.add_get("/article/{number}", self._page)
        app.router.add_get("/moved/{number}", self._page)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def publish(
        self, title: str, lead: str = "", body: str = "", *, at: datetime | None = None, section: str = "Политика"
    ) -> Printed:
        number = 1000 + len(self.articles)
        printed = Printed(
            number=number,
            title=title,
            lead=lead or f"{title}: подробности сообщили в пятницу.",
            body=body
            or f"О том, что «{title}», рассказали очевидцы. Подробности уточняются, сообщила редакция {number}.",
            published_at=at or datetime.now(UTC),
            section=section,
        )
        self.articles.insert(0, printed)
        return printed

    def reprint(self, printed: Printed, title: str) -> None:
        """Under another headline, in the feed and on its page."""
        self.articles[self.articles.index(printed)] = replace(printed, title=title)

    def source(self, name: str = "Труд", **fields: str) -> str:
        """Its entry for SOURCES_FILE."""
        entry = {
            "name": name,
            "url": f"{self.url}/feed",
            "owner": name.lower(),
            "country": "RU",
            "articles": r"/article/(?P<key>\d+)",
        } | fields
        return "[[source]]\n" + "".join(f"{key} = '{value}'\n" for key, value in entry.items())

    async def asked(self, path: str, *, times: int = 1) -> None:
        """Returns when the path has been asked for so often from now on."""
        wanted = self.requests.count(path) + times
        async with asyncio.timeout(15), self._request:
            await self._request.wait_for(lambda: self.requests.count(path) >= wanted)

    @web.middleware
    async def _noted(self, request: web.Request, handler: object) -> web.StreamResponse:
        self.asked_at[request.path] = time.monotonic()
        self.requests.append(request.path)
        async with self._request:
            self._request.notify_all()
        if request.path in self.broken:
            status, home = self.broken[request.path], {"Location": "/"}
            return web.Response(status=status, text=ERROR_PAGE, content_type="text/html", headers=home)
        response: web.StreamResponse = await handler(request)  # type: ignore[operator]
        return response

    async def _feed(self, _: web.Request) -> web.Response:
        items = "".join(self._item(printed) for printed in self.articles)
        xml = (
            f'<?xml version="1.0" encoding="{self.charset}"?><rss version="2.0" '
            f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Киоск</title>{items}</channel></rss>'
        )
        return web.Response(body=xml.encode(self.charset, "xmlcharrefreplace"), content_type="application/rss+xml")

    def _item(self, printed: Printed) -> str:
        body = escape(f"<p>{escape(printed.body)}</p>")
        full = f"<content:encoded>{body}</content:encoded>" if self.full_text else ""
        address = self.url + self.link.format(number=printed.number, visit=len(self.requests))
        at = datetime.now(UTC) if self.redated else printed.published_at
        return (
            f"<item><title>{escape(printed.title)}</title><link>{address}</link>"
            f"<guid>{address}</guid><description>{escape(printed.lead)}</description>{full}"
            f"<category>{printed.section}</category><pubDate>{format_datetime(at)}</pubDate></item>"
        )

    async def _front(self, _: web.Request) -> web.Response:
        titles = {printed.number: printed.title for printed in self.articles}
        links = "".join(f'<a href="/article/{number}">{escape(titles[number])}</a>' for number in self.front)
        return web.Response(text=f"<html><body>{links}</body></html>", content_type="text/html")

    async def _page(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        printed = next((printed for printed in self.articles if printed.number == number), None)
        if printed is None:
            return web.Response(status=404)
        title = escape(self.page_titles.get(number, printed.title))
        html = (
            f'<html><head><meta charset="{self.charset}"><title>{title}</title>'
            f'<meta property="og:image" content="{self.url}/picture/{number}.jpg"></head><body>'
            f"{self._counter(printed)}<article><h1>{title}</h1><p><b>{escape(printed.lead)}</b></p><p>{escape(printed.body)}</p>"
            f"</article>{self._signature(number)}</body></html>"
        )
        return web.Response(body=html.encode(self.charset, "xmlcharrefreplace"), content_type="text/html")

    def _counter(self, printed: Printed) -> str:
        if printed.number not in self.views:
            return ""
        at = printed.published_at.astimezone(MOSCOW)
        day = f"{at:%H:%M} {at.day} {MONTHS[at.month - 1]} {at.year}"
        return f"<p>Главная {printed.section} {day} {self.views[printed.number]}</p>"

    def _signature(self, number: int) -> str:
        return "<p>© Труд</p>" if number in self.views else ""
