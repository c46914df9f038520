"""Feeds as outlets, blogs and bridges really write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Item, Response, Source
from bot.parsing import compose, read_feed

Answer = Callable[..., Response]
Read = Callable[..., list[Item]]
LONG = "Полный текст заметки, в котором сказано куда больше, чем в её начале. " * 6


@pytest.fixture
def read(source: Source, now: datetime, answer: Answer) -> Read:
    def items(*inner: str, names: str = "", url: str = "https://vesti.example/rss") -> list[Item]:
        entries = "".join(f"<item>{each}</item>" for each in inner)
        head = "<title>Вести края</title><link>https://vesti.example/</link>"
        body = f'<rss version="2.0" {names}><channel>{head}{entries}</channel></rss>'
        return list(read_feed(answer(body, url), source, now).items)

    return items


def link(n: int = 1) -> str:
    return f"<link>https://vesti.example/a/{n}</link>"


# --- words ---


@pytest.mark.parametrize("element", ["yandex:full-text", "agency_news:full-text", "full-text", "fulltext"])
def test_a_body_is_read_under_any_prefix(element: str, read: Read) -> None:
    (item,) = read(f"<title>Заметка</title>{link()}<{element}>{LONG}</{element}>")
    assert item.text == LONG.strip()


def test_markup_that_was_not_escaped_costs_no_words(read: Read) -> None:
    (item,) = read(
        f"<title>Уровень CO<sub>2</sub> в <i>городе</i> вырос</title>{link()}"
        "<description><p>Первый <b>жирный</b> абзац.</p><p>Второй.</p></description>"
    )
    assert item.title == "Уровень CO2 в городе вырос"
    assert item.lead == "Первый жирный абзац. Второй."


def test_a_title_that_is_never_closed_swallows_no_other_item(read: Read) -> None:
    items = read(f"<title>Первая {link(1)}", f"<title>Вторая</title>{link(2)}")
    assert items[-1].title == "Вторая"


def test_a_section_that_is_never_closed_swallows_no_other_item(read: Read) -> None:
    items = read(
        f"<title><![CDATA[Первая]]></title>{link(1)}",
        f"<title><![CDATA[Вторая]]></title>{link(2)}<description><![CDATA[Обрыв ]] ></description>",
        f"<title><![CDATA[Третья]]></title>{link(3)}<description><![CDATA[Целое]]></description>",
    )
    assert [(item.title, item.lead) for item in items] == [
        ("Первая", ""),
        ("Вторая", "Обрыв ]] >"),
        ("Третья", "Целое"),
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Хлеб подорожал | Вести края", "Хлеб подорожал"),
        ("Хлеб подорожал - Вести", "Хлеб подорожал"),
        ("Хлеб подорожал — vesti.example", "Хлеб подорожал"),
        ("Вести | Хлеб подорожал", "Хлеб подорожал"),
        ("Вести — дело тонкое", "Вести — дело тонкое"),
        ("Вести края", "Вести края"),
        ("Хлеб, соль | Мнение", "Хлеб, соль | Мнение"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_headline(written: str, title: str, read: Read) -> None:
    (item,) = read(f"<title>{written}</title>{link()}")
    assert item.title == title


def test_an_aggregators_outlet_is_no_part_of_a_headline_nor_the_headline_a_lead(read: Read) -> None:
    (item,) = read(
        f"<title>Хлеб подорожал - Газета.Ru</title>{link()}<source url='https://gazeta.example'>Газета.Ru</source>"
        "<description>&lt;a href='x'&gt;Хлеб подорожал&lt;/a&gt;&amp;nbsp;&lt;i&gt;Газета.Ru&lt;/i&gt;</description>"
    )
    assert (item.title, item.lead) == ("Хлеб подорожал", "")


@pytest.mark.parametrize(
    ("written", "lead"),
    [
        ("Хлеб подорожал на треть. Читать далее →", "Хлеб подорожал на треть."),
        ("Хлеб подорожал на треть […] Сообщение Хлеб дорожает появились сначала на Вести.", "Хлеб подорожал на треть…"),
        ("Bread is the post office's. The post Bread appeared first on News.", "Bread is the post office's."),
        ("Bread costs more. Read more", "Bread costs more."),
        ("Источник рассказал подробности", "Источник рассказал подробности"),
        ("Подробнее", "Подробнее"),
    ],
)  # fmt: skip
def test_an_invitation_to_read_on_is_no_part_of_a_lead(written: str, lead: str, read: Read) -> None:
    (item,) = read(f"<title>Хлеб</title>{link()}<description>{written}</description>")
    assert item.lead == lead


def test_menus_buttons_and_captions_are_no_part_of_a_body(read: Read) -> None:
    (item,) = read(
        f"<title>Хлеб подорожал</title>{link()}<turbo:content><![CDATA[<header><h1>Хлеб подорожал</h1><menu>"
        f"<a href='/'>Главная</a></menu></header><figure><img src='/i.jpg'><figcaption>Пекарь. Фото: Иван Петров"
        f"</figcaption></figure><p>{LONG}</p><button>Позвонить</button>]]></turbo:content>"
    )
    assert item.text == LONG.strip()


def test_what_is_never_closed_hides_nothing(read: Read) -> None:
    (item,) = read(f"<title>Хлеб</title>{link()}<full-text><![CDATA[<p>{LONG}</p><nav><p>{LONG}</p>]]></full-text>")
    assert item.text == f"{LONG.strip()}\n{LONG.strip()}"


def test_a_post_without_a_title_is_told_once(read: Read) -> None:
    (item,) = read(f"<title>⚡</title>{link()}<description>Хлеб подорожал на треть. Причины ищут.</description>")
    assert (item.title, item.lead) == ("Хлеб подорожал на треть.", "Причины ищут.")


def test_a_headline_of_signs_alone_is_kept_where_there_is_no_other(read: Read) -> None:
    (item,) = read(f"<title>🖼</title>{link()}")
    assert item.title == "🖼"


def test_what_stands_over_all_articles_is_no_section(read: Read) -> None:
    categories = "<category>Лента новостей</category><category>Экономика</category>"
    (item,) = read(f"<title>Хлеб</title>{link()}{categories}")
    assert item.section == "Экономика"


# --- links ---


@pytest.mark.parametrize(
    "written",
    [
        "https://vesti.example/a/1?from=newsfeed&amp;PHPSESSID=0a1b2c",
        "https://vesti.example/a/1;jsessionid=AB12?utm_source=rss&amp;_=1781643644",
        "www.vesti.example/a/1",
        "//vesti.example/a/1#top",
    ],
)
def test_what_tells_one_visit_from_another_is_no_part_of_a_key(written: str, read: Read) -> None:
    (item,) = read(f"<title>Хлеб</title><link>{written}</link>")
    assert item.key == "vesti.example/a/1"


def test_an_address_whose_fragment_names_the_page_keeps_it(read: Read) -> None:
    items = read(*(f"<title>Хлеб {n}</title><link>https://vesti.example/#!/news/{n}</link>" for n in (1, 2)))
    assert [item.key for item in items] == ["vesti.example/#!/news/1", "vesti.example/#!/news/2"]


def test_items_without_addresses_stay_apart_where_the_feed_names_no_site(
    source: Source, now: datetime, answer: Answer
) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": n, "title": f"Хлеб {n}"} for n in (1, 2)]}
    assert [item.key for item in read_feed(answer(json.dumps(feed)), source, now).items] == ["1", "2"]


def test_a_picture_may_be_told_by_its_medium(read: Read) -> None:
    media = '<media:content url="https://vesti.example/p/1" medium="image"/>'
    (item,) = read(f"<title>Хлеб</title>{link()}{media}", names='xmlns:media="http://search.yahoo.com/mrss/"')
    assert item.picture == "https://vesti.example/p/1"


def test_a_feed_may_have_a_prefix_of_its_own(source: Source, now: datetime, answer: Answer) -> None:
    body = (
        '<r:rss xmlns:r="http://x.example/rss2" version="2.0"><r:channel><r:title>Вести</r:title><r:item>'
        "<r:title>Хлеб</r:title><r:link>https://vesti.example/a/1</r:link></r:item></r:channel></r:rss>"
    )
    (item,) = read_feed(answer(body), source, now).items
    assert (item.title, item.url) == ("Хлеб", "https://vesti.example/a/1")


# --- dates ---


def test_dublin_core_terms_tell_the_time(read: Read) -> None:
    dated = "<dcterms:created>2026-11-20T10:00:00Z</dcterms:created>"
    (item,) = read(f"<title>Хлеб</title>{link()}{dated}", names='xmlns:dcterms="http://purl.org/dc/terms/"')
    assert item.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    ["2019/05/03/hleb.html", "03-05-2019/17_hleb.html", "03/05/2019/5ccb", "20190503/hleb-1.html", "2019-05-03/hleb"],
)
def test_an_old_article_that_is_dated_anew_stays_as_old_as_its_address(
    address: str, read: Read, source: Source, now: datetime
) -> None:
    dated = f"<pubDate>{now - timedelta(minutes=5):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
    (item,) = read(f"<title>Хлеб</title><link>https://vesti.example/{address}</link>{dated}")
    assert compose(item, None, source, now).published_at == datetime(2019, 5, 3, 9, tzinfo=UTC)


def test_an_address_of_yesterday_leaves_the_date_alone(read: Read, source: Source, now: datetime) -> None:
    published_at = now - timedelta(minutes=5)
    dated = f"<pubDate>{published_at:%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
    (item,) = read(f"<title>Хлеб</title><link>https://vesti.example/{now:%Y/%m/}19/1.html</link>{dated}")
    assert compose(item, None, source, now).published_at == published_at
