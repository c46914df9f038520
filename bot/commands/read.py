"""`read`: what the bot would read from feeds and article pages, from the web or from files."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from bot import parsing
from bot.commands.jsonl import progress, write_records
from bot.config import read_settings, read_sources
from bot.errors import InputError, SourceError
from bot.model import Article, Item, Page, Request, Response, Source
from bot.ports import PageReader, Web
from bot.sources import check_answer
from bot.web import HttpWeb
from bot.workers import ProcessPageReader


async def read(places: Sequence[str], *, with_pages: bool) -> None:
    """Write one line an article, `{from, key, url, title, …}`; what is unknown is absent.

    A file's articles are not looked up on the web. A place that can't be read is one line on stderr; if none of them
    can, raises InputError.
    """
    settings = read_settings()
    known = read_sources(settings.sources_file)
    failed = 0
    async with (
        HttpWeb(contact_url=settings.contact_url, allow_private_hosts=settings.allow_private_hosts) as web,
        ProcessPageReader() as pages,
    ):
        reader = _Reader(web, pages, known, with_pages)
        for place in progress(places, "read"):
            try:
                async for article in reader.articles(place):
                    write_records([_record(place, article)])
            except SourceError as error:
                failed += 1
                sys.stderr.write(f"glavnoe: {place}: {str(error).removeprefix(f'{place}: ')}\n")
    if failed:
        raise InputError(f"{failed} of {len(places)} could not be read")


@dataclass(frozen=True, slots=True)
class _Reader:
    web: Web
    pages: PageReader
    known: Sequence[Source]
    with_pages: bool

    async def articles(self, place: str) -> AsyncIterator[Article]:
        """The articles of one feed, page of links or article page. Raises SourceError."""
        on_the_web = place.startswith(("http://", "https://"))
        response = await self.web.fetch(Request(url=place)) if on_the_web else _file(place)
        if response.status != HTTPStatus.OK:
            raise SourceError(f"answers {response.status}")
        source = self._source(place, response.url)
        now = datetime.now(UTC)
        if not parsing.is_feed(response.body, response.headers.get("content-type")) and not _is_list(place, source):
            page = await self.pages.read(response, source)
            yield _of_page(page, self._source(page.url, place), now)
            return
        for item in parsing.read_items(response, source, now).items:
            item_source = self._source(item.url, item.url) if not on_the_web else source
            item = replace(item, key=parsing.article_key(item.url, item_source) or item.key)  # noqa: PLW2901
            own_page = await self._page(item, item_source) if on_the_web and self.with_pages else None
            yield parsing.compose(item, own_page, item_source, now)

    async def _page(self, item: Item, source: Source) -> Page | None:
        if not parsing.needs_page(item, source):
            return None
        try:
            response = await self.web.fetch_page(item.url)
            check_answer(response)
            return await self.pages.read(response, source)
        except SourceError as error:
            sys.stderr.write(f"glavnoe: {item.url}: {error}\n")
            return None

    def _source(self, *urls: str) -> Source:
        """The configured source whose site this is, or one made up for it."""
        host = next((host for url in urls if (host := _site(url))), "")
        for source in self.known:
            if host and host == _site(source.url):
                return source
        return Source(name=host or urls[0], url="", language="ru", owner=host, country="")


def _file(place: str) -> Response:
    try:
        return Response(url=place, status=HTTPStatus.OK, body=Path(place).read_bytes())
    except ValueError:
        raise SourceError("is no name of a file") from None
    except OSError as error:
        raise SourceError(str(error.strerror).lower()) from None


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _is_list(place: str, source: Source) -> bool:
    """Whether the place is a page of links that the sources name, rather than an article's page."""
    return place in {source.url, source.fallback, source.front_page}


def _of_page(page: Page, source: Source, now: datetime) -> Article:
    """The article of a page that no feed pointed to."""
    key = parsing.article_key(page.url, source) or parsing.canonical_url(page.url)
    item = Item(key=key, url=page.url, title=page.title)
    return parsing.compose(item, page, source, now)


def _record(place: str, article: Article) -> dict[str, object]:
    known = {
        "from": place,
        "key": article.key,
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "section": article.section,
        "author": article.author,
        "picture": article.picture,
        "published": article.published_at.isoformat() if article.published_at != article.seen_at else None,
        "views": article.views,
        "marks": [{"name": mark.name, "notice": mark.notice} for mark in article.marks],
        "language": article.language,
    }
    return {name: value for name, value in known.items() if value not in (None, "", [])}
