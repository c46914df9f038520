"""One article has one address and one key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Source
from bot.parsing import article_key, canonical_url
from bot.parsing.urls import KEY_LIMIT, http_url, url_key


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://News.Example.ORG:443/a/1?utm_source=rss&b=2&a=1&yclid=7#top", "https://news.example.org/a/1?b=2&a=1"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/?", "http://example.org:8080/"),
        ("https://example.org/?fbclid=x&_openstat=y&gclid=z&ysclid=q", "https://example.org/"),
        ("https://example.org/?from=rss&id=1", "https://example.org/?id=1"),
        ("https://example.org/?from=moscow", "https://example.org/?from=moscow"),
        ("https://example.org/a?x=1&amp;y=2", "https://example.org/a?x=1&y=2"),
        ("https://пример.рф/новость", "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a%2fb c", "https://example.org/a%2Fb%20c"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
    ],
)
def test_addresses_have_one_form(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


@pytest.mark.parametrize(
    "written",
    [
        "http://trud.ru/article/03-12-2016/1344790_rossija_gotova.html",
        "https://www.trud.ru/article/03-12-2016/1344790_rossija_gotova.html?utm_source=x#c",
        "http://www.trud.ru/article/03-12-2016/1344790_rossija_gotova/print/",
        "https://m.trud.ru/article/03-12-2016/1344790_rossija_gotova.html",
        "https://www.trud.ru/amp/article/03-12-2016/1344790_rossija_gotova.html",
    ],
)
def test_every_address_of_a_trud_article_is_one(written: str, trud: Source) -> None:
    assert canonical_url(written) == "https://www.trud.ru/article/03-12-2016/1344790_rossija_gotova.html"
    assert url_key(written, trud) == "1344790"


def test_the_patterns_group_is_the_key(trud: Source) -> None:
    assert article_key("http://127.0.0.1:8000/article/03-12-2016/1344790_x.html", trud) == "1344790"
    assert article_key("https://www.trud.ru/news/", trud) is None
    assert article_key("https://www.trud.ru/news/", replace(trud, articles=None)) is None
    assert article_key("https://www.trud.ru/article/1", replace(trud, articles="/article/")) is None


def test_keys_ignore_scheme_and_www(source: Source) -> None:
    assert url_key("http://www.vesti.example/a?utm_medium=x", source) == url_key("https://vesti.example/a", source)


def test_long_keys_become_hashes_of_128_bits(source: Source) -> None:
    one, other = (url_key(f"https://vesti.example/{'x' * 500}{n}", source) for n in "12")
    assert one != other
    assert len(one) == 32 <= KEY_LIMIT


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "ftp://a.example/x",
        "https://",
        "",
        None,
        "http://[bad",
    ],
)
def test_only_web_links_are_followed(link: str | None) -> None:
    assert http_url(link, "https://vesti.example/rss") is None or link == ""


def test_links_are_made_absolute() -> None:
    assert http_url("../a/1?b&amp;c=1", "https://vesti.example/rss/all") == "https://vesti.example/a/1?b&c=1"
    assert http_url("//cdn.example/p.jpg", "https://vesti.example/") == "https://cdn.example/p.jpg"
    assert http_url("/a?x=1&copy=2", "https://vesti.example/") == "https://vesti.example/a?x=1&copy=2"
