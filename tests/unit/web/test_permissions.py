import asyncio

import pytest
from aiohttp import web
from yarl import URL

from bot.errors import AddressRefusedError, FetchError
from bot.model import Request, Response
from bot.web import HttpWeb
from bot.web.permissions import GIVE_UP, REMEMBERED, RETRY, SITES, Permissions


class Site:
    """A newspaper with a robots.txt that can be changed, and a list of what it was asked for."""

    def __init__(self, robots: str = "", status: int = 200) -> None:
        self.robots = robots
        self.status = status  # 0: the connection breaks off
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path == "/robots.txt" and self.status == 0:
            assert request.transport is not None
            request.transport.abort()
        if request.path == "/robots.txt" and self.status != 302:
            return web.Response(text=self.robots, status=self.status)
        if self.status == 302:
            raise web.HTTPFound("http://169.254.169.254/robots.txt")
        if request.path == "/moved":
            raise web.HTTPFound("/private/1")
        return web.Response(text="article")


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


CLOSED = "User-agent: *\nDisallow: /private/\n"


async def allowed(http: HttpWeb, url: str) -> bool:
    try:
        return (await http.fetch_page(url)).status == 200
    except FetchError as error:
        if str(error) != "127.0.0.1: robots.txt does not allow this page":
            raise
        return False


async def test_a_page_that_robots_txt_closes_is_not_asked(serve):
    site = Site(CLOSED)
    url = await serve(site.answer)
    async with HttpWeb(None, True) as http:
        assert not await allowed(http, f"{url}/private/1")
        assert await allowed(http, f"{url}/article/1")
    assert site.asked == ["/robots.txt", "/article/1"]


async def test_a_page_is_not_reached_by_a_redirect_either(serve):
    site = Site(CLOSED)
    async with HttpWeb(None, True) as http:
        assert not await allowed(http, f"{await serve(site.answer)}/moved")
    assert site.asked == ["/robots.txt", "/moved"]


async def test_a_feed_is_asked_without_looking(serve):
    site = Site("User-agent: *\nDisallow: /")
    async with HttpWeb(None, True) as http:
        assert (await http.fetch(Request(url=f"{await serve(site.answer)}/rss"))).status == 200
    assert site.asked == ["/rss"]


async def test_pages_asked_at_once_ask_for_robots_txt_once(serve):
    site = Site(CLOSED)
    url = await serve(site.answer)
    async with HttpWeb(None, True) as http:
        assert all(await asyncio.gather(*(allowed(http, f"{url}/{number}") for number in range(10))))
    assert site.asked.count("/robots.txt") == 1


async def test_each_site_has_its_own(serve):
    open_site, closed_site = await serve(Site().answer), await serve(Site(CLOSED).answer)
    async with HttpWeb(None, True) as http:
        assert await allowed(http, f"{open_site}/private/1")
        assert not await allowed(http, f"{closed_site}/private/1")


async def test_what_it_says_is_believed_for_a_day(serve):
    site, clock = Site(CLOSED), Seconds()
    url = await serve(site.answer)
    async with HttpWeb(None, True, clock=clock) as http:
        assert not await allowed(http, f"{url}/private/1")
        site.robots = ""
        clock.now = REMEMBERED - 1
        assert not await allowed(http, f"{url}/private/1")
        clock.now = REMEMBERED
        assert await allowed(http, f"{url}/private/1")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_site_without_one_allows_everything(serve, status: int):
    async with HttpWeb(None, True) as http:
        assert await allowed(http, f"{await serve(Site(CLOSED, status).answer)}/private/1")


@pytest.mark.parametrize("status", [429, 500, 503, 0])
async def test_one_that_can_not_be_had_closes_the_site_until_it_is_asked_again(serve, status: int):
    site, clock = Site(CLOSED, status), Seconds()
    url = await serve(site.answer)
    async with HttpWeb(None, True, clock=clock) as http:
        assert not await allowed(http, f"{url}/article/1")
        site.status = 200
        assert not await allowed(http, f"{url}/article/1")
        clock.now = RETRY
        assert await allowed(http, f"{url}/article/1")


async def test_one_that_can_not_be_had_for_a_day_counts_as_absent(serve):
    site, clock = Site(CLOSED, 500), Seconds()
    url = await serve(site.answer)
    async with HttpWeb(None, True, clock=clock) as http:
        assert not await allowed(http, f"{url}/article/1")
        clock.now = GIVE_UP - 1
        assert not await allowed(http, f"{url}/article/1")
        clock.now = GIVE_UP + RETRY
        assert await allowed(http, f"{url}/article/1")


async def test_rules_that_were_read_once_outlive_a_failure(serve):
    site, clock = Site(CLOSED), Seconds()
    url = await serve(site.answer)
    async with HttpWeb(None, True, clock=clock) as http:
        assert await allowed(http, f"{url}/article/1")
        site.status = 500
        for clock.now in (REMEMBERED, REMEMBERED + RETRY, REMEMBERED + GIVE_UP + RETRY):
            assert await allowed(http, f"{url}/article/1")
            assert not await allowed(http, f"{url}/private/1")


async def test_a_site_where_sources_may_not_be_is_refused_as_such():
    async with HttpWeb(None, False) as http:
        with pytest.raises(AddressRefusedError):
            await http.fetch_page("http://127.0.0.1:8080/article/1")


async def test_a_robots_txt_beyond_all_measure_is_read_as_far_as_it_counts(serve):
    site = Site(CLOSED + "# padding\n" * 2_000_000)
    url = await serve(site.answer)
    async with HttpWeb(None, True) as http:
        assert not await allowed(http, f"{url}/private/1")
        assert await allowed(http, f"{url}/article/1")


async def test_one_that_leads_to_a_forbidden_address_is_refused_as_such(serve):
    async with HttpWeb(None, True) as http:
        with pytest.raises(AddressRefusedError, match=r"^169\.254\.169\.254: "):
            await http.fetch_page(f"{await serve(Site(status=302).answer)}/article/1")


async def test_only_so_many_sites_are_remembered_and_the_oldest_forgotten():
    asked = []

    async def fetch(url: URL) -> Response:
        asked.append(url.host)
        return Response(url=str(url), status=404)

    permissions = Permissions(fetch, Seconds())
    for number in (*range(SITES + 1), SITES, 1, 0):
        assert await permissions.allow(URL(f"https://s{number}.test/a"))
    assert len(asked) == SITES + 2
    assert asked[-1] == "s0.test"
