"""A page of links is a source too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import ParseError
from bot.model import Response, Source
from bot.parsing import front_page_keys, is_feed, read_items, read_links

Answer = Callable[..., Response]
FRONT = """<html><head><meta charset="windows-1251"><title>Труд</title></head><body>
<a href="/">Главная</a> <a href="/politics/">Политика</a>
<a href="/article/20-11-2026/200_x.html"><img src="/p.jpg"></a>
<a href="/article/20-11-2026/200_x.html">14:20 Цены на хлеб&nbsp;выросли на треть</a>
<div><a href="http://trud.ru/article/19-11-2026/199_y/print/">Вклады населения прибавили</a></div>
<a href="https://www.trud.ru/article/20-11-2026/200_x.html?utm_source=main">Ещё раз</a>
<a href="/article/03-12-2016/100_z.html">Россия готова преодолевать кризис</a>
<a href="javascript:void(0)">Подписаться</a> <a href="/article/20-11-2026/201_q.html"></a>
</body></html>""".encode("cp1251")


def test_links_that_match_the_pattern_are_its_items(trud: Source, now: datetime, answer: Answer) -> None:
    feed = read_links(answer(FRONT, "https://www.trud.ru/"), trud, now)
    assert [(item.key, item.title) for item in feed.items] == [
        ("200", "Цены на хлеб выросли на треть"),
        ("199", "Вклады населения прибавили"),
        ("100", "Россия готова преодолевать кризис"),
    ]
    assert feed.items[1].url == "https://www.trud.ru/article/19-11-2026/199_y.html"
    assert feed.skipped == 1


def test_an_old_article_among_the_links_is_dated_by_its_address(trud: Source, now: datetime, answer: Answer) -> None:
    dates = [item.published_at for item in read_links(answer(FRONT, "https://www.trud.ru/"), trud, now).items]
    assert dates == [None, None, datetime(2016, 12, 3, 9, 0, tzinfo=UTC)]


def test_front_page_keys_are_in_the_order_of_the_page(trud: Source, answer: Answer) -> None:
    assert front_page_keys(answer(FRONT, "https://www.trud.ru/"), trud) == ("200", "199", "100", "201")


def test_without_a_pattern_headlines_of_the_same_site_are_taken(source: Source, now: datetime, answer: Answer) -> None:
    page = """<a href="/about">О нас</a><a href="/n/1">Цены на хлеб выросли на треть</a>
    <a href="https://other.example/n/2">Чужая длинная новость о чужих делах</a><base href="https://vesti.example/x/">
    <a href="3">Вклады населения за месяц прибавили</a>"""
    items = read_links(answer(page, "https://vesti.example/"), source, now).items
    assert [item.url for item in items] == ["https://vesti.example/n/1", "https://vesti.example/x/3"]


def test_read_items_takes_whichever_it_is(trud: Source, now: datetime, answer: Answer) -> None:
    assert len(read_items(answer(FRONT, "https://www.trud.ru/"), trud, now).items) == 3
    rss = "<rss><channel><item><title>А</title><link>https://www.trud.ru/article/01-01-2026/5_a.html</link></item></channel></rss>"
    assert read_items(answer(rss), trud, now).items[0].key == "5"
    assert not is_feed(FRONT, "application/rss+xml")


@pytest.mark.parametrize("body", ["", "слова без ссылок", "<p>ни одной ссылки</p>"])
def test_a_page_without_articles_is_refused(body: str, trud: Source, now: datetime, answer: Answer) -> None:
    with pytest.raises(ParseError):
        read_items(answer(body, "https://www.trud.ru/"), trud, now)


def test_an_unmatched_pattern_gives_nothing(trud: Source, now: datetime, answer: Answer) -> None:
    with pytest.raises(ParseError):
        read_links(answer(FRONT, "https://www.trud.ru/"), replace(trud, articles="/novost/"), now)
