"""The invented newspaper is served as newspapers serve theirs."""

from __future__ import annotations

import tomllib
from urllib.parse import urlsplit

import aiohttp
import feedparser
import pytest

from bot.demo.newspaper import Newspaper
from bot.demo.outlets import Outlet, bundled

OUTLETS = bundled()


async def body_of(session: aiohttp.ClientSession, url: str) -> bytes:
    async with session.get(url) as response:
        assert response.status == 200
        return await response.read()


def test_it_tells_all_kinds_of_stories() -> None:
    articles = [article for outlet in OUTLETS for article in outlet.items]
    assert len(articles) >= 40
    assert all(2 <= len(article.paragraphs) <= 6 for article in articles)
    told_by = {
        article.story: {o.owner for o in OUTLETS for a in o.items if a.story == article.story} for article in articles
    }
    assert len(told_by["truce"]) == 3
    assert len({outlet.country for outlet in OUTLETS}) == 3
    titles = " ".join(article.title for article in articles)
    assert all(trap in titles for trap in ("Закиев", "Посолите", "Прасад", "Дамасскую", "хомяки", "по-киевски"))


def test_every_article_has_a_page_of_its_own() -> None:
    assert all(len({article.id for article in outlet.items}) == len(outlet.items) for outlet in OUTLETS)


def test_its_sources_file_names_what_it_serves() -> None:
    sources = tomllib.loads(Newspaper().sources_toml())["source"]
    assert [source["name"] for source in sources] == [outlet.name for outlet in OUTLETS]
    assert all(source["url"].startswith("http://127.0.0.1:") for source in sources)


@pytest.mark.parametrize("path", [outlet.path for outlet in OUTLETS])
async def test_a_feed_holds_what_has_been_published(
    newspaper: Newspaper, web_client: aiohttp.ClientSession, path: str
) -> None:
    outlet = next(one for one in newspaper.outlets if one.path == path)
    newspaper.publish_story("truce")
    feed = feedparser.parse(await body_of(web_client, f"{newspaper.url}/{path}/{outlet.feed}"))
    assert not feed.bozo
    assert {entry.title for entry in feed.entries} == {one.article.title for one in newspaper.of(outlet)}
    assert all(entry.published_parsed and entry.summary for entry in feed.entries)
    assert all(("content" in entry) is outlet.full_text for entry in feed.entries)


async def test_a_feed_that_has_not_changed_is_not_sent_again(
    newspaper: Newspaper, web_client: aiohttp.ClientSession
) -> None:
    url = f"{newspaper.url}/trud/rssfull"
    async with web_client.get(url) as first:
        known = {"If-None-Match": first.headers["ETag"]}
        dated = {"If-Modified-Since": first.headers["Last-Modified"]}
    for headers in (known, dated):
        async with web_client.get(url, headers=headers) as again:
            assert (again.status, await again.read()) == (304, b"")
    newspaper.publish_next(count=27)
    async with web_client.get(url, headers=known | dated) as changed:
        assert changed.status == 200
    assert newspaper.not_modified["/trud/rssfull"] == 2


async def test_pages_in_trud_layout_are_windows_1251_and_say_so_only_inside(
    newspaper: Newspaper, web_client: aiohttp.ClientSession
) -> None:
    (one, *_) = [p for p in newspaper.publish_story("truce") if p.outlet.path == "trud"]
    async with web_client.get(one.url) as response:
        assert response.headers["Content-Type"] == "text/html"
        body = await response.read()
    assert b"charset=windows-1251" in body
    page = body.decode("windows-1251")
    assert all(paragraph in page for paragraph in one.article.paragraphs)
    assert "Закиев выиграл турнир" in page  # a teaser of another story
    assert "Еженедельная рассылка" in page


async def test_views_grow_with_each_reader(newspaper: Newspaper, web_client: aiohttp.ClientSession) -> None:
    one = newspaper.of(newspaper.outlets[0])[0]
    first, second = [(await body_of(web_client, one.url)).decode("windows-1251") for _ in range(2)]
    assert f'views">{one.article.views + 1}<' in first
    assert f'views">{one.article.views + 2}<' in second


async def test_the_front_page_leads_with_the_story_of_the_hour(
    newspaper: Newspaper, web_client: aiohttp.ClientSession
) -> None:
    newspaper.publish_until(4)
    page = (await body_of(web_client, f"{newspaper.url}/trud/")).decode("windows-1251")
    assert page.index("прекращении огня") < page.index("сошли с рельсов") < page.index("Ставки по вкладам")
    assert "Дамасскую" not in page


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.path)
async def test_every_page_of_an_outlet_can_be_read(
    newspaper: Newspaper, web_client: aiohttp.ClientSession, outlet: Outlet
) -> None:
    newspaper.publish_all()
    for one in newspaper.of(outlet):
        assert one.article.title in (await body_of(web_client, one.url)).decode(outlet.encoding)


async def test_pictures_robots_and_unknown_pages(newspaper: Newspaper, web_client: aiohttp.ClientSession) -> None:
    assert (await body_of(web_client, f"{newspaper.url}/trud/picture/1520101.png")).startswith(b"\x89PNG")
    assert b"User-agent: *" in await body_of(web_client, f"{newspaper.url}/robots.txt")
    async with web_client.get(f"{newspaper.url}/trud/article/01-01-2026/1_x.html") as response:
        assert response.status == 404


async def test_articles_appear_by_the_schedule(newspaper: Newspaper) -> None:
    there, waiting = len(newspaper.published), newspaper.waiting
    (first,) = newspaper.publish_next()
    assert first.article.story == "trains"
    assert len(newspaper.publish_story("trains")) == 2
    newspaper.publish_all()
    assert (len(newspaper.published), newspaper.waiting) == (there + waiting, 0)
    assert newspaper.publish_next() == ()


async def test_one_can_wait_until_a_feed_is_asked_for(newspaper: Newspaper, web_client: aiohttp.ClientSession) -> None:
    outlet = newspaper.outlets[0]
    url = f"{newspaper.url}/{outlet.path}/{outlet.feed}"
    assert urlsplit(url).port
    await body_of(web_client, url)
    assert await newspaper.wait_until(lambda: newspaper.feed_requests(outlet) == 1)
    with pytest.raises(TimeoutError):
        await newspaper.wait_until(lambda: newspaper.feed_requests(outlet) == 2, timeout=0.01)
