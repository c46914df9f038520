"""Whatever a site sends, reading it ends in articles or in one ParseError."""

from __future__ import annotations

import html
import json
from contextlib import suppress
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from bot import language, parsing, summaries
from bot.errors import ParseError
from bot.model import Article, Item, Response, Source
from tests.fuzz.material import NOW, OPEN_SOURCE, SOURCE, real_feeds, real_pages, texts, torn
from tests.fuzz.profile import fuzzed

_types = st.sampled_from(
    [
        None, "", "text/html", "application/rss+xml; charset=windows-1251", "text/xml; charset=utf-16",
        "text/html; charset=ebcdic-cp-us", "text/html; charset=\x00", "text/html; charset=idna",
        "text/html; charset=hex",
    ]
)  # fmt: skip
_encodings = st.sampled_from(["utf-8", "cp1251", "koi8-r", "utf-16", "utf-16-be", "utf-32", "cp866", "utf-7"])
_sources = st.sampled_from([SOURCE, OPEN_SOURCE])
_places = st.sampled_from(["https://www.trud.ru/article/03-12-2016/1_x.html", "https://vesti.example/", "http://[", ""])


def _response(body: bytes, content_type: str | None, url: str = "https://www.trud.ru/rssfull") -> Response:
    return Response(url=url, status=200, headers={"content-type": content_type} if content_type else {}, body=body)


def _told(article: Article) -> None:
    """An article can be stored, and every stage after parsing can take it."""
    for text in (article.title, article.lead, article.text, article.url, article.key, article.author or ""):
        assert "\x00" not in text
        text.encode("utf-8")
    assert article.title
    assert len(article.text) <= 100_000
    assert article.published_at.tzinfo is UTC
    language.analyse(article, "Труд")
    assert len(summaries.write(article, "Труд")) <= 400


def _read(body: bytes, content_type: str | None, source: Source) -> None:
    for read in (parsing.read_items, parsing.read_feed, parsing.read_links):
        with suppress(ParseError):
            feed = read(_response(body, content_type), source, NOW)
            assert len({item.key for item in feed.items}) == len(feed.items)
            for item in feed.items:
                _told(parsing.compose(item, None, source, NOW))
    with suppress(ParseError):
        parsing.front_page_keys(_response(body, content_type), source)


@fuzzed(100)
@given(torn(real_feeds), _types, _sources)
def test_a_torn_feed_is_read_as_far_as_it_goes(body: bytes, content_type: str | None, source: Source) -> None:
    _read(body, content_type, source)


@fuzzed(40)
@given(torn(real_feeds), _encodings, _types)
def test_a_feed_in_any_encoding_is_read_whatever_it_says_of_itself(
    body: bytes, encoding: str, content_type: str | None
) -> None:
    _read(body.decode("utf-8", "ignore").encode(encoding, "ignore"), content_type, SOURCE)


@fuzzed(60)
@given(torn(real_pages), _types, _places, _sources)
def test_a_torn_page_is_an_article_or_none(body: bytes, content_type: str | None, url: str, source: Source) -> None:
    with suppress(ParseError):
        page = parsing.read_page(_response(body, content_type, url), source)
        item = Item(key="1", url="https://a.example/1", title="А")
        _told(parsing.compose(item, page, source, NOW))
    with suppress(ParseError):
        parsing.read_links(_response(body, content_type, url), source, NOW)


@fuzzed(150)
@given(st.binary(max_size=600), _types, _sources)
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str | None, source: Source) -> None:
    _read(body, content_type, source)
    with suppress(ParseError):
        parsing.read_page(_response(body, content_type), source)


@fuzzed(150)
@given(texts, texts, texts, st.sampled_from(["rss", "atom", "json"]))
def test_any_words_in_a_sound_feed_are_read(title: str, lead: str, date: str, kind: str) -> None:
    body = _feed(kind, title, lead, date)
    feed = parsing.read_feed(_response(body.encode("utf-8", "surrogatepass"), None), OPEN_SOURCE, NOW)
    for item in feed.items:
        _told(parsing.compose(item, None, OPEN_SOURCE, NOW))


def _feed(kind: str, title: str, lead: str, date: str) -> str:
    link = "https://vesti.example/1"
    if kind == "json":
        item = {"id": title, "url": link, "title": title, "content_html": lead, "date_published": date}
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": title, "items": [item]})
    title, lead, date = (html.escape(text) for text in (title, lead, date))
    if kind == "atom":
        return (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>{title}</title><link href='{link}'/>"
            f"<summary type='html'>{lead}</summary><updated>{date}</updated></entry></feed>"
        )
    return (
        f"<rss version='2.0'><channel><item><title>{title}</title><link>{link}</link>"
        f"<description>{lead}</description><pubDate>{date}</pubDate></item></channel></rss>"
    )
