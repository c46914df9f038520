"""Whatever comes, nothing but ParseError goes out."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.model import Item, Page, Response, Source
from bot.parsing import (
    canonical_url,
    compose,
    decode,
    find_marks,
    front_page_keys,
    read_feed,
    read_items,
    read_links,
    read_page,
)
from bot.parsing.dates import MOSCOW, parse_date
from bot.parsing.text import line, paragraphs

SOURCE = Source(name="Труд", url="https://www.trud.ru/rssfull", language="ru", owner="trud", country="RU")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PIECES = (
    '<?xml version="1.0" encoding="windows-1251"?>', "<!DOCTYPE x [", "]>", "<rss>", "<channel>", "<item>",
    "</item>", "<title>", "</title>", "<link>", "https://a.example/1?utm_source=x", "</link>", "<description>",
    "<![CDATA[", "]]>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<content type='html'>",
    "<pubDate>", "17:40 03 Декабря 2016", "Главная Политика 17:40 03 Декабря 2016 1748", "<p>", "<h1>",
    "<a href='/article/03-12-2016/1_x.html'>", "trud.ru", "Фото: кто-то", "Заголовок без точки",
    "Длинный текст, который обрывается на самом интересном месте, потому что...", "«Имя» (запрещена в РФ)", "{",
    '"items": [', "}", "&", "&amp;", "&laquo;", "&#0;", "&#x110000;", "\x00", "\ud800", "\n",
    "<script type='application/ld+json'>", '{"@type": "NewsArticle"}', "</script>",
    "<meta property='og:title' content='", "'>", '"', "\u202e", "*", "* — признан иноагентом", "<br>",
    "javascript:alert(1)", "http://[", "Мероприятие", " ",
)  # fmt: skip
soup = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join)
bodies = (
    st.binary(max_size=400)
    | soup.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | soup.map(lambda text: text.encode("cp1251", "replace"))
)
types = (
    st.none() | st.text(max_size=30) | st.sampled_from(["text/html; charset=windows-1251", "text/xml; charset=utf-16"])
)
thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def response_of(
    body: bytes, content_type: str | None, url: str = "https://www.trud.ru/article/03-12-2016/1_x.html"
) -> Response:
    return Response(url=url, status=200, headers={"content-type": content_type} if content_type else {}, body=body)


@thorough
@given(bodies, types)
def test_any_bytes_decode(body: bytes, content_type: str | None) -> None:
    decode(body, content_type).encode("utf-8")


@thorough
@given(bodies, types)
def test_any_bytes_are_items_or_refused(body: bytes, content_type: str | None) -> None:
    for read in (read_feed, read_links, read_items):
        with suppress(ParseError):
            for item in read(response_of(body, content_type), SOURCE, NOW).items:
                assert 0 < len(item.key) <= 200
                assert item.url.startswith("http")
                compose(item, None, SOURCE, NOW).title.encode("utf-8")
    with suppress(ParseError):
        front_page_keys(response_of(body, content_type), SOURCE)


@thorough
@given(
    bodies,
    types,
    st.sampled_from(["https://www.trud.ru/article/03-12-2016/1_x.html", "https://a.example/", "x", "http://["]),
)
def test_any_bytes_are_a_page_or_refused(body: bytes, content_type: str | None, url: str) -> None:
    with suppress(ParseError):
        page = read_page(response_of(body, content_type, url), SOURCE)
        assert page.title
        f"{page.lead}{page.text}".encode()
        compose(Item(key="1", url="https://a.example/1", title="А"), page, SOURCE, NOW)


@thorough
@given(st.text() | st.builds("https://{}/{}?{}#{}".format, st.text(), st.text(), st.text(), st.text()))
def test_canonical_addresses_are_canonical(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@thorough
@given(st.text() | soup, st.text() | soup)
def test_any_text_is_cleaned(one: str, other: str) -> None:
    line(one).encode("utf-8")
    paragraphs(one).encode("utf-8")
    parse_date(one, MOSCOW)
    find_marks(one, other)
    compose(Item(key="1", url=one, title=other), Page(url=one, title=other, lead=one, text=other), SOURCE, NOW)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_feeds_are_survived(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    whole = "".join(
        f"<item><title>Заметка {n}</title><link>https://a.example/{n}</link><description>&lt;p&gt;Текст</description></item>"
        for n in range(20)
    )
    body = f"<rss><channel>{whole}</channel></rss>".encode()
    for _ in range(40):
        damaged = bytearray(body)
        for _ in range(dice.choice((1, 3, 20))):
            at = dice.randrange(len(damaged))
            damaged[at : at + dice.randrange(6)] = dice.choice(
                (b"", b"<", b"&", b"\xff", b"]]>", b"<![CDATA[", b"</item>")
            )
        with suppress(ParseError):
            read_feed(response_of(bytes(damaged), None), SOURCE, NOW)


def test_the_package_alone_stays_small() -> None:
    heavy = "trafilatura lxml feedparser selectolax cchardet"
    code = f"import sys, bot.parsing; print(*(name for name in '{heavy}'.split() if name in sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ended.stdout.strip() == ""
