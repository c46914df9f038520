"""Feeds of every kind become items, and one bad item costs only itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import ParseError
from bot.model import Response, Source
from bot.parsing import Feed, is_feed, read_feed

Answer = Callable[..., Response]
NAMESPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:yandex="http://news.yandex.ru"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
)
LONG = "Полный текст заметки, в котором сказано куда больше, чем в её начале. " * 6


def rss(*items: str, head: str = "") -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"{NAMESPACES}><channel><title>Вести</title>'
        f"<link>https://vesti.example/</link>{head}{inner}</channel></rss>"
    )


def entry(n: int | str, extra: str = "") -> str:
    return f"<title>Заметка {n}</title><link>https://vesti.example/a/{n}</link>{extra}"


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("tutby-2019-12-30.xml", 100, "Гороскоп наоборот."),
        ("large_atom.xml", 25, "Using vale with vim"),
        ("small_atom.xml", 20, "Parse podcast categories"),
        ("encoding_WINDOWS-1251.xml", 50, "Цитата #17703"),
    ],
)
def test_real_feeds_are_read_completely(
    name: str, count: int, first: str, shared: Path, source: Source, now: datetime, answer: Answer
) -> None:
    body = (shared / "data" / "feeds" / name).read_bytes()
    feed = read_feed(answer(body, content_type="text/xml"), source, now)
    assert (len(feed.items), feed.skipped) == (count, 0)
    assert feed.items[0].title.startswith(first)
    assert [item.position for item in feed.items] == list(range(count))
    assert len({item.key for item in feed.items}) == count
    assert all(item.published_at and item.url.startswith("http") for item in feed.items)


def test_the_real_russian_feed_gives_authors_pictures_and_leads(
    shared: Path, source: Source, now: datetime, answer: Answer
) -> None:
    body = (shared / "data" / "feeds" / "tutby-2019-12-30.xml").read_bytes()
    feed = read_feed(answer(body), source, now)
    assert feed.ttl == timedelta(minutes=10)
    first = feed.items[0]
    assert first.author == "Елена Мельникова"
    assert first.lead == "Давайте проверим, сбылся ли ваш гороскоп на 2019 год."
    assert first.url == "https://news.tut.by/go/666242.html"
    assert first.published_at == datetime(2019, 12, 30, 8, 38, tzinfo=UTC)
    assert sum(item.picture is not None for item in feed.items) == 100


def test_everything_a_russian_feed_says_is_kept(source: Source, now: datetime, answer: Answer) -> None:
    item = entry(
        1,
        "<description>&lt;p&gt;Начало &amp;laquo;заметки&amp;raquo;&lt;/p&gt;</description>"
        f"<yandex:full-text>{LONG}</yandex:full-text><category>Политика</category><category>Мир</category>"
        "<dc:creator>Анна Львова</dc:creator><pubDate>Fri, 20 Nov 2026 14:00:00 +0300</pubDate>"
        '<enclosure url="/p.jpg" type="image/jpeg" length="1"/>',
    )
    (found,) = read_feed(answer(rss(item, head="<ttl>15</ttl>")), source, now).items
    assert found.lead == "Начало «заметки»"
    assert found.text == LONG.strip()
    assert (found.section, found.author) == ("Политика", "Анна Львова")
    assert found.picture == "https://vesti.example/p.jpg"
    assert found.published_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    assert (found.url, found.key) == ("https://vesti.example/a/1", "vesti.example/a/1")


RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://x.example/">
 <title>C</title></channel><item rdf:about="http://x.example/1"><title>Заметка</title><link>http://x.example/1</link>
 <dc:date>2020-01-02T03:04:05+03:00</dc:date></item></rdf:RDF>"""
RSS_090 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>C</title></channel>
 <item><title>Заметка</title><link>http://x.example/1</link></item></rdf:RDF>"""
RSS_091 = """<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>C</title>
 <item><title>Заметка</title><link>http://x.example/1</link></item></channel></rss>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>C</title><entry><title>Заметка</title>
 <link rel="alternate" href="http://x.example/1"/><issued>2003-12-13T08:29:29-04:00</issued></entry></feed>"""
ATOM_10 = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://x.example/"><title>C</title><entry>
 <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><b>Заметка</b></div></title><link href="1"/>
 <id>tag:x</id></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": 1, "url": "http://x.example/1", "title": "Заметка"}],
    }
)


@pytest.mark.parametrize("body", [RDF, RSS_090, RSS_091, ATOM_03, ATOM_10, JSON_FEED])
def test_every_kind_of_feed_is_read(body: str, source: Source, now: datetime, answer: Answer) -> None:
    (item,) = read_feed(answer(body, "http://x.example/feed"), source, now).items
    assert (item.title, item.url) == ("Заметка", "http://x.example/1")
    assert is_feed(body.encode(), None)


def test_a_json_feed_gives_all_it_has(source: Source, now: datetime, answer: Answer) -> None:
    body = {
        "version": "https://jsonfeed.org/version/1",
        "items": [
            {
                "id": "a",
                "url": "/a",
                "title": "Заметка <1>",
                "summary": "Начало",
                "content_html": f"<p>{LONG}</p>",
                "image": "/p.png",
                "date_published": "2020-01-02T03:04:05Z",
                "authors": [{"name": "Анна Львова"}],
                "tags": ["Политика"],
            },
            "мусор",
            {"id": 2, "content_text": "Первое предложение без названия. Второе."},
        ],
    }
    feed = read_feed(answer(json.dumps(body)), source, now)
    first, second = feed.items
    assert (first.title, first.lead, first.author) == ("Заметка <1>", "Начало", "Анна Львова")
    assert (first.section, first.picture, first.text) == ("Политика", "https://vesti.example/p.png", LONG.strip())
    assert second.title == "Первое предложение без названия."
    assert feed.skipped == 1


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8", "utf-16"])
def test_the_feeds_encoding_does_not_matter(encoding: str, source: Source, now: datetime, answer: Answer) -> None:
    text = rss(entry(1)).replace('encoding="utf-8"', f'encoding="{encoding}"')
    (item,) = read_feed(answer(text.encode(encoding)), source, now).items
    assert item.title == "Заметка 1"


@pytest.mark.parametrize(
    ("flaw", "titles"),
    [
        ("<title>AT&T и &laquo;друзья&raquo; &nbsp; тут</title>", ["AT&T и «друзья» тут"]),
        ("<title>a < b</title>", ["a < b"]),
        ("<title>незакрытый <b>тег</title>", ["незакрытый тег"]),
        ("<title>знак \x08 \x00 тут</title>", ["знак тут"]),
        ("<title>&nosuchentity; тут</title>", ["&nosuchentity; тут"]),
    ],
)
def test_flawed_markup_loses_no_item(
    flaw: str, titles: list[str], source: Source, now: datetime, answer: Answer
) -> None:
    body = rss(entry(1), flaw + "<link>https://vesti.example/a/2</link>", entry(3), entry(4))
    found = [item.title for item in read_feed(answer(body), source, now).items]
    assert found == ["Заметка 1", *titles, "Заметка 3", "Заметка 4"]


def test_a_truncated_feed_gives_what_arrived(source: Source, now: datetime, answer: Answer) -> None:
    body = rss(*(entry(n) for n in range(10)))
    found = read_feed(answer(body[: len(body) * 2 // 3]), source, now).items
    assert len(found) >= 5


def test_words_before_the_feed_are_stepped_over(source: Source, now: datetime, answer: Answer) -> None:
    body = "\n\n<br>Warning: deprecated in /var/www/rss.php\n" + rss(entry(1))
    assert len(read_feed(answer(body), source, now).items) == 1


def test_bad_items_are_counted_and_skipped(source: Source, now: datetime, answer: Answer) -> None:
    body = rss(
        "<title>Опасная</title><link>javascript:alert(1)</link>",
        "<link>https://vesti.example/empty</link>",
        "<title>Данные</title><link>data:text/html,x</link>",
        entry(1),
        entry(1),
    )
    feed = read_feed(answer(body), source, now)
    assert [item.title for item in feed.items] == ["Заметка 1"]
    assert feed.skipped == 3


def test_items_that_share_a_link_are_told_apart_by_guid_or_words(source: Source, now: datetime, answer: Answer) -> None:
    link = "<link>https://vesti.example/live</link>"
    body = rss(
        f"<title>Раз</title>{link}<guid>id-1</guid>",
        f"<title>Два</title>{link}<guid>id-2</guid>",
        f"<title>Три</title>{link}",
        "<title>Четыре</title><guid isPermaLink='false'>id-4</guid>",
    )
    items = read_feed(answer(body), source, now).items
    assert [item.key for item in items[:2]] == ["id-1", "id-2"]
    assert len(items[2].key) == 32
    assert (items[3].key, items[3].url) == ("id-4", "https://vesti.example/")


def test_an_item_keeps_its_key_when_its_neighbours_go(source: Source, now: datetime, answer: Answer) -> None:
    both = read_feed(answer(rss(entry(1), entry(2))), source, now).items
    alone = read_feed(answer(rss(entry(2).replace("https:", "http:") + "<guid>x</guid>")), source, now).items
    assert alone[0].key == both[1].key


def test_the_sources_pattern_gives_the_key(trud: Source, now: datetime, answer: Answer) -> None:
    body = rss("<title>Т</title><link>http://trud.ru/article/03-12-2016/1344790_x/print/</link>")
    (item,) = read_feed(answer(body), trud, now).items
    assert item.key == "1344790"
    assert item.url == "https://www.trud.ru/article/03-12-2016/1344790_x.html"


def test_a_giant_feed_gives_its_newest_thousand(source: Source, now: datetime, answer: Answer) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    items = [
        entry(n, f"<pubDate>{(start + timedelta(minutes=n)).strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate>")
        for n in range(1_500)
    ]
    found = read_feed(answer(rss(*items)), source, now).items
    assert len(found) == 1_000
    assert {item.title for item in found} == {f"Заметка {n}" for n in range(500, 1_500)}


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("<title>Б</title>", ""),
        ("", "Начало заметки"),
        (f"<content:encoded>{LONG}</content:encoded>", "Начало заметки"),
    ],
)
def test_a_lead_is_kept_apart_from_title_and_body(
    inside: str, read: str, source: Source, now: datetime, answer: Answer
) -> None:
    description = "Б" if "title" in inside else "Начало заметки"
    title = inside if "title" in inside else "<title>А</title>" + inside
    item = f"{title}<link>/1</link><description>{description}</description>"
    assert read_feed(answer(rss(item)), source, now).items[0].lead == read


def test_photographers_and_addresses_are_no_authors(source: Source, now: datetime, answer: Answer) -> None:
    item = entry(1, "<author>news@vesti.example (Фото: Анна Львова)</author>")
    assert read_feed(answer(rss(item)), source, now).items[0].author is None
    item = entry(1, "<author>news@vesti.example (Анна Львова)</author>")
    assert read_feed(answer(rss(item)), source, now).items[0].author == "Анна Львова"


def bomb() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return rss(entry(1), "<title>&l11;</title><link>/b</link>").replace(
        "<rss", f'<!DOCTYPE x [<!ENTITY l0 "ха">{levels}]><rss', 1
    )


def test_entity_bombs_do_not_go_off(source: Source, now: datetime, answer: Answer) -> None:
    started = time.process_time()
    feed = read_feed(answer(bomb()), source, now)
    assert time.process_time() - started < 2
    assert feed.items[0].title == "Заметка 1"


def test_external_entities_are_not_fetched(source: Source, now: datetime, answer: Answer, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("тайна")
    body = rss(entry(1, f"<description>до &e; после {'и <' * 3}</description>")).replace(
        "<rss", f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><rss', 1
    )
    assert "тайна" not in repr(read_feed(answer(body), source, now))


@pytest.mark.parametrize(
    "body", ["http://127.0.0.1:9/feed", "/etc/passwd", "", "{}", "[]", "<html><body>нет</body></html>", "просто текст"]
)
def test_what_is_no_feed_is_refused_and_never_opened(body: str, source: Source, now: datetime, answer: Answer) -> None:
    assert not is_feed(body.encode(), "application/rss+xml")
    with pytest.raises(ParseError):
        read_feed(answer(body), source, now)


def test_an_empty_feed_is_a_feed(source: Source, now: datetime, answer: Answer) -> None:
    assert read_feed(answer(rss()), source, now) == Feed(items=(), ttl=None, skipped=0)


@pytest.mark.parametrize(
    ("ttl", "read"),
    [("15", timedelta(minutes=15)), ("0", None), ("x", None), ("999999", timedelta(days=7)), ("99999999999", None)],
)
def test_ttl_is_minutes_within_reason(
    ttl: str, read: timedelta | None, source: Source, now: datetime, answer: Answer
) -> None:
    assert read_feed(answer(rss(entry(1), head=f"<ttl>{ttl}</ttl>")), source, now).ttl == read


def test_deep_nesting_in_a_feed_is_survived(source: Source, now: datetime, answer: Answer) -> None:
    body = rss(entry(1), entry(2, "<description>" + "<div>" * 50_000 + "</description>"), entry(3))
    assert len(read_feed(answer(body), source, now).items) >= 1


@pytest.mark.parametrize("piece", ["<item", "&", "&nbsp;", "<![CDATA["])
def test_a_feed_of_ten_megabytes_of_nothing_is_soon_done_with(
    piece: str, source: Source, now: datetime, answer: Answer
) -> None:
    body = "<rss><channel><item><title>" + piece * (10_000_000 // len(piece))
    began = time.process_time()
    with suppress(ParseError):
        read_feed(answer(body), source, now)
    assert time.process_time() - began < 15


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "192.168.0.7", "localhost", "[::1]:80"])
def test_links_into_a_private_network_are_kept(host: str, source: Source, now: datetime, answer: Answer) -> None:
    items = "".join(f"<item><title>Заметка {n}</title><link>http://{host}/{n}</link></item>" for n in range(3))
    feed = read_feed(answer(f"<rss version='2.0'><channel>{items}</channel></rss>"), source, now)
    assert [item.url.rpartition("/")[2] for item in feed.items] == ["0", "1", "2"]
