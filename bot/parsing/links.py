"""A page of links as a source: what it links to, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.errors import ParseError
from bot.model import Item, Response, Source
from bot.parsing.dates import old_day
from bot.parsing.encoding import decode
from bot.parsing.feeds import MOST_ITEMS, Feed, is_feed_text, numbered, read_feed
from bot.parsing.lines import bounded, is_markup, parse
from bot.parsing.text import TITLE_LIMIT, shorten, tidy
from bot.parsing.urls import canonical_url, http_url, matches, same_site, url_key

_LEAST_WORDS: Final = 4
"""Of a link's text, below which it is navigation, where no pattern tells articles apart."""
_CLOCK: Final = re.compile(
    r"^(?:\d{1,2}[:.]\d{2}|\d{1,2}\.\d{2}(?:\.\d{2,4})?|\d{1,2} [а-яё]{3,8}(?: \d{4})?)[\s,|–—-]+(?=\D)", re.IGNORECASE
)


def read_items(response: Response, source: Source, now: datetime) -> Feed:
    """The items of a feed or of a page of links, whichever the bytes are. Raises ParseError when they are neither."""
    text = decode(response.body, response.headers.get("content-type"))
    return read_feed(response, source, now) if is_feed_text(text) else read_links(response, source, now)


def read_links(response: Response, source: Source, now: datetime) -> Feed:
    """The articles that a page links to, by the source's pattern, else by what looks like a headline on the same site.

    Titles are the links' texts (the longest of those to one article), positions the order of first links. There are
    no dates, but an address that names a day over two days back: an old article must not pass for a fresh one.
    Raises ParseError when the page links to no article.
    """
    titles: dict[str, _Link] = {}
    for link in _article_links(response, source):
        known = titles.get(link.key)
        if known is None:
            titles[link.key] = link
        elif len(link.text) > len(known.text):
            titles[link.key] = _Link(known.key, known.url, link.text)
    items = [
        Item(key=link.key, url=link.url, title=link.text, published_at=old_day(link.url, now))
        for link in titles.values()
        if link.text
    ]
    if not items:
        raise ParseError(f"{response.url}: no links to articles")
    return Feed(items=numbered(items[:MOST_ITEMS]), ttl=None, skipped=len(titles) - len(items))


def front_page_keys(response: Response, source: Source) -> tuple[str, ...]:
    """The keys of the articles a front page links to, each at its first place. Raises ParseError for no page at all."""
    return tuple(dict.fromkeys(link.key for link in _article_links(response, source)))


@dataclass(frozen=True, slots=True)
class _Link:
    key: str
    url: str
    text: str


def _article_links(response: Response, source: Source) -> Iterator[_Link]:
    text = decode(response.body, response.headers.get("content-type"))
    if not is_markup(text):
        raise ParseError(f"{response.url}: neither a feed nor a page")
    tree = parse(bounded(text))
    base_node = tree.css_first("base[href]")
    base = http_url(base_node.attributes.get("href"), response.url) if base_node is not None else None
    for node in tree.css("a[href]"):
        url = http_url(node.attributes.get("href"), base or response.url)
        if url is None:
            continue
        words = _title(node.text(separator=" "))
        if matches(url, source) if source.articles else _looks_like_article(url, words, response.url):
            yield _Link(url_key(url, source), canonical_url(url), words)


def _title(text: str) -> str:
    """A link's text without the time that many lists put before it."""
    return shorten(_CLOCK.sub("", tidy(text)), TITLE_LIMIT)


def _looks_like_article(url: str, words: str, page: str) -> bool:
    return same_site(url, page) and canonical_url(url) != canonical_url(page) and len(words.split()) >= _LEAST_WORDS
