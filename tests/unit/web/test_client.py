import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.errors import AddressRefusedError, FetchError
from bot.model import Request, Response
from bot.web import HttpWeb, Limits

MEGABYTE = 1024 * 1024


async def ask(url: str, *, allow_private: bool = True, resolver=None, contact: str | None = None, **limits) -> Response:
    async with HttpWeb(contact, allow_private, limits=Limits(**limits), resolver=resolver) as http:
        return await http.fetch(Request(url=url))


async def failure(url: str, **about) -> str:
    with pytest.raises(FetchError) as caught:
        await ask(url, **about)
    return str(caught.value)


async def nothing(request: web.Request) -> web.StreamResponse:
    return web.Response(text="nothing")


@asynccontextmanager
async def raw_site(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """A site that says on the wire whatever `talk` writes, once it was asked."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def say(writer: asyncio.StreamWriter, text: str) -> None:
    writer.write(text.replace("\n", "\r\n").encode())
    await writer.drain()


class TestAnswers:
    async def test_an_answer_comes_with_its_address_status_headers_and_body(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(body="Труд".encode("cp1251"), headers={"Content-Type": "text/html", "X-One": "1"})

        site = await serve(page)
        response = await ask(f"{site}/статья?a=1#part")
        assert response.url == f"{site}/%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F?a=1"
        assert (response.status, response.body) == (200, "Труд".encode("cp1251"))
        assert response.headers["content-type"] == "text/html"
        assert response.headers["x-one"] == "1"

    @pytest.mark.parametrize("status", [204, 304, 400, 404, 410, 429, 503])
    async def test_any_status_is_an_answer_with_its_headers(self, serve, status: int):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Retry-After": "120"})

        response = await ask(await serve(page))
        assert (response.status, response.headers["retry-after"]) == (status, "120")

    async def test_headers_said_twice_are_joined_and_odd_bytes_replaced(self):
        async def talk(reader, writer):
            writer.write(b"HTTP/1.1 200 OK\r\nCache-Control: no-cache\r\ncache-control: max-age=5\r\n")
            writer.write(b'ETag: "\xff"\r\nContent-Length: 0\r\n\r\n')

        async with raw_site(talk) as site:
            response = await ask(site)
        assert response.headers["cache-control"] == "no-cache, max-age=5"
        assert response.headers["etag"] == '"\ufffd"'

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    async def test_a_compressed_body_is_unpacked(self, serve, encoding: str):
        pack = {"gzip": gzip.compress, "deflate": zlib.compress}[encoding]

        async def page(request: web.Request) -> web.StreamResponse:
            assert encoding in request.headers["Accept-Encoding"]
            return web.Response(body=pack(b"news" * 1000), headers={"Content-Encoding": encoding})

        assert (await ask(await serve(page))).body == b"news" * 1000


class TestRequests:
    async def test_a_request_is_conditional_when_something_is_remembered(self, serve):
        async def feed(request: web.Request) -> web.StreamResponse:
            told = (request.headers["If-None-Match"], request.headers["If-Modified-Since"])
            assert told == ('"1"', "Mon, 23 Nov 2026 08:00:00 GMT")
            return web.Response(status=304, headers={"ETag": '"1"'})

        async with HttpWeb(None, True) as http:
            response = await http.fetch(
                Request(url=await serve(feed), etag='"1"', last_modified="Mon, 23 Nov 2026 08:00:00 GMT")
            )
        assert (response.status, response.body) == (304, b"")

    async def test_a_tag_that_can_not_be_sent_is_left_out(self, serve):
        async def feed(request: web.Request) -> web.StreamResponse:
            assert "If-None-Match" not in request.headers
            return web.Response()

        async with HttpWeb(None, True) as http:
            for etag in ('"\ufffd"', '"a\r\nX: y"', ""):
                assert (await http.fetch(Request(url=await serve(feed), etag=etag))).status == 200

    @pytest.mark.parametrize("contact", [None, "https://example.org/bot"])
    async def test_the_user_agent_says_who_asks(self, serve, contact: str | None):
        agents = []

        async def page(request: web.Request) -> web.StreamResponse:
            agents.append(request.headers["User-Agent"])
            return web.Response()

        await ask(await serve(page), contact=contact)
        assert agents[0].startswith("Glavnoe")
        assert agents[0].endswith(f" (+{contact})") is (contact is not None)

    async def test_cookies_are_not_kept(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            assert "Cookie" not in request.headers
            return web.Response(headers={"Set-Cookie": "id=1"})

        site = await serve(page)
        async with HttpWeb(None, True) as http:
            for _ in range(2):
                assert (await http.fetch(Request(url=site))).status == 200

    async def test_a_proxy_of_the_environment_is_not_used(self, serve, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert (await ask(await serve(nothing))).body == b"nothing"


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_a_redirect_is_followed_and_the_last_address_told(self, serve, status: int):
        async def page(request: web.Request) -> web.StreamResponse:
            if request.path == "/old/feed":
                return web.Response(status=status, headers={"Location": "../new?a=1#x"})
            return web.Response(text="here")

        site = await serve(page)
        response = await ask(f"{site}/old/feed")
        assert (response.url, response.body) == (f"{site}/new?a=1", b"here")

    async def test_five_are_followed_and_no_sixth(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            left = int(request.path.strip("/"))
            return web.Response(status=302, headers={"Location": f"/{left - 1}"}) if left else web.Response(text="here")

        site = await serve(page)
        assert (await ask(f"{site}/5")).body == b"here"
        assert await failure(f"{site}/6") == "127.0.0.1: more than 5 redirects"

    async def test_a_loop_ends(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=301, headers={"Location": str(request.url)})

        assert "more than 5 redirects" in await failure(await serve(page))

    async def test_a_redirect_to_nowhere_is_an_answer(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302)

        assert (await ask(await serve(page))).status == 302

    @pytest.mark.parametrize("location", ["ftp://a.test/", "file:///etc/passwd", "javascript:alert(1)", "data:,x"])
    async def test_only_http_is_followed(self, serve, location: str):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": location})

        assert "only http and https addresses are asked" in await failure(await serve(page))

    @pytest.mark.parametrize("location", ["http://[::1", "http://a.test:99999/", "http://a\\b/"])
    async def test_a_redirect_to_no_address_is_told(self, serve, location: str):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": location})

        assert await failure(await serve(page)) == "127.0.0.1: it redirects to something that is not an address"

    @pytest.mark.parametrize(
        "target",
        [
            "http://169.254.169.254/latest/",
            "http://[fe80::1]/",
            "http://2852039166/",
            "http://metadata.google.internal/",
        ],
    )
    async def test_every_hop_is_checked(self, serve, target: str):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": target})

        with pytest.raises(AddressRefusedError):
            await ask(await serve(page))

    async def test_the_time_covers_all_of_them(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            await asyncio.sleep(0.05)
            return web.Response(status=302, headers={"Location": "/"})

        assert "no complete answer within 0.12 s" in await failure(await serve(page), seconds=0.12)


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:{port}/",
            "http://127.0.0.1.:{port}/",
            "http://0x7f.1:{port}/",
            "http://2130706433:{port}/",
            "http://127.1:{port}/",
            "http://0177.0.0.1:{port}/",
            "http://①②⑦.0.0.1:{port}/",
            "http://127。0。0。1:{port}/",
            "http://0.0.0.0:{port}/",
            "http://[::]:{port}/",
            "http://[::1]:{port}/",
            "http://[::ffff:127.0.0.1]:{port}/",
            "http://[64:ff9b::7f00:1]:{port}/",
            "http://localhost:{port}/",
            "http://LOCALHOST.:{port}/",
        ],
    )
    async def test_this_machine_is_not_asked_however_it_is_spelt(self, serve, url: str):
        asked = []

        async def page(request: web.Request) -> web.StreamResponse:
            asked.append(request)
            return web.Response()

        port = (await serve(page)).rpartition(":")[2]
        with pytest.raises(AddressRefusedError, match="private, local or reserved"):
            await ask(url.format(port=port), allow_private=False)
        assert asked == []

    @pytest.mark.parametrize(
        "address", ["127.0.0.1", "10.0.0.1", "192.168.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"]
    )
    async def test_a_name_is_refused_by_what_it_resolves_to(self, names, address: str):
        names.answers["news.test"] = [[address]]
        with pytest.raises(AddressRefusedError, match=r"^news\.test: its address is private, local or reserved"):
            await ask("http://news.test/", allow_private=False, resolver=names)

    async def test_a_name_with_only_refused_addresses_is_refused(self, names):
        names.answers["news.test"] = [["10.0.0.1", "169.254.169.254", "fe80::1"]]
        with pytest.raises(AddressRefusedError):
            await ask("https://news.test/", allow_private=False, resolver=names)

    async def test_of_several_addresses_only_the_allowed_are_asked(self, serve, names):
        names.answers["news.test"] = [["169.254.169.254", "fe80::1", "127.0.0.1"]]
        site = (await serve(nothing)).replace("127.0.0.1", "news.test")
        assert (await ask(site, resolver=names)).body == b"nothing"

    async def test_a_name_that_changes_its_mind_is_refused_at_the_next_connection(self, serve, names):
        names.answers["news.test"] = [["127.0.0.1"], ["169.254.169.254"]]

        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": "http://news.test:1080/"})

        site = (await serve(page)).replace("127.0.0.1", "news.test")
        with pytest.raises(AddressRefusedError):
            await ask(site, resolver=names)

    async def test_private_hosts_are_asked_where_the_publisher_allows_it(self, serve):
        assert (await ask(await serve(nothing), allow_private=True)).body == b"nothing"

    @pytest.mark.parametrize("port", [1, 22, 25, 993])
    async def test_ports_of_other_services_are_refused(self, port: int):
        with pytest.raises(AddressRefusedError, match="belongs to another service"):
            await ask(f"http://trud.test:{port}/")

    @pytest.mark.parametrize(
        "url", ["ftp://a.test/", "file:///etc/passwd", "trud.ru", "//trud.ru/", "", "http://", "https:///x"]
    )
    async def test_only_http_and_https_are_asked(self, url: str):
        assert "only http and https addresses are asked" in await failure(url)

    @pytest.mark.parametrize("url", ["http://[::1", "http://a.test:port/", "http://127.0.0.1\\@a.test/"])
    async def test_what_is_no_address_is_told(self, url: str):
        assert await failure(url) == "this is not an address that can be asked"

    async def test_a_user_name_in_an_address_is_refused_and_never_shown(self):
        told = await failure("https://me:hunter2@trud.test/feed?key=secret")
        assert told == "trud.test: addresses with a user name or password are not asked"


class TestSize:
    async def test_the_largest_body_allowed_is_read_and_one_byte_more_refused(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(body=b"x" * int(request.path.strip("/")))

        site = await serve(page)
        assert len((await ask(f"{site}/{MEGABYTE}", size=MEGABYTE)).body) == MEGABYTE
        assert (
            await failure(f"{site}/{MEGABYTE + 1}", size=MEGABYTE)
            == "127.0.0.1: the answer is larger than 1048576 bytes"
        )

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    async def test_a_compression_bomb_is_cut_off_as_it_streams(self, serve, encoding: str):
        wbits = {"gzip": 31, "deflate": 15}[encoding]
        packer = zlib.compressobj(wbits=wbits)
        bomb = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(100)) + packer.flush()

        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(body=bomb, headers={"Content-Encoding": encoding})

        site = await serve(page)
        tracemalloc.start()
        try:
            assert "the answer is larger than" in await failure(site, size=2 * MEGABYTE)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 10 * MEGABYTE

    async def test_a_body_without_an_end_is_cut_off(self):
        async def talk(reader, writer):
            await say(writer, "HTTP/1.1 200 OK\n\n")
            while True:
                writer.write(b"x" * 65536)
                await writer.drain()

        async with raw_site(talk) as site:
            assert "the answer is larger than" in await failure(site, size=MEGABYTE)


class TestTime:
    async def test_a_body_that_drips_is_given_up(self):
        async def talk(reader, writer):
            await say(writer, "HTTP/1.1 200 OK\n\n")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)

        async with raw_site(talk) as site:
            assert await failure(site, seconds=0.2) == "127.0.0.1: no complete answer within 0.2 s"

    @pytest.mark.parametrize("first", ["", "HTTP/1.1 200 OK\n"])
    async def test_a_site_that_says_nothing_more_is_given_up(self, first: str):
        async def talk(reader, writer):
            await say(writer, first)
            await reader.read()

        async with raw_site(talk) as site:
            assert "no complete answer" in await failure(site, seconds=0.1)

    async def test_waiting_for_ones_turn_does_not_count(self, serve):
        async def page(request: web.Request) -> web.StreamResponse:
            await asyncio.sleep(0.2)
            return web.Response()

        site = await serve(page)
        async with HttpWeb(None, True, limits=Limits(seconds=0.6, at_once=1)) as http:
            answers = await asyncio.gather(*(http.fetch(Request(url=site)) for _ in range(4)))
        assert [answer.status for answer in answers] == [200] * 4


class TestTrouble:
    async def test_a_name_nobody_knows_is_told(self, names):
        names.unknown.add("gone.test")
        told = await failure("https://gone.test/feed?key=secret", resolver=names)
        assert told == "gone.test: its name can not be resolved"

    async def test_a_name_no_resolver_can_take_is_told(self):
        assert "its name can not be resolved" in await failure(f"http://{'a' * 64}.test/")

    async def test_a_site_that_is_down_is_told(self, unused_tcp_port_of_loopback: int):
        assert await failure(f"http://127.0.0.1:{unused_tcp_port_of_loopback}/") == "127.0.0.1: no connection"

    async def test_a_site_without_tls_is_told(self, serve):
        site = (await serve(nothing)).replace("http://", "https://")
        assert await failure(site) == "127.0.0.1: no TLS connection"

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("", "the connection broke off"),
            ("SSH-2.0-OpenSSH_9.2\n\n", "the answer can not be read as HTTP"),
            ("HTTP/1.1 abc\n\n", "the answer can not be read as HTTP"),
            ("HTTP/1.1 200 OK\nContent-Length: 100\n\nhalf", "the answer broke off"),
            ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nab", "the answer broke off"),
            ("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 4\n\nnews", "can not be decompressed"),
            ("HTTP/1.1 200 OK\nContent-Encoding: br\nContent-Length: 4\n\nnews", "the answer can not be read as HTTP"),
            (f"HTTP/1.1 200 OK\nX: {'x' * 100_000}\n\n", "the answer can not be read as HTTP"),
        ],
    )
    async def test_half_an_answer_is_told(self, said: str, told: str):
        async def talk(reader, writer):
            await say(writer, said)

        async with raw_site(talk) as site:
            assert told in await failure(site)


class TestAtOnce:
    async def test_a_host_gets_at_most_two_requests_at_once_and_others_are_not_held_up(self, serve, names):
        asking = {"one.test": 0, "two.test": 0}
        most = dict(asking)
        four = asyncio.Event()

        async def page(request: web.Request) -> web.StreamResponse:
            host = request.host.partition(":")[0]
            asking[host] += 1
            most[host] = max(most[host], asking[host])
            if sum(asking.values()) == 4:
                four.set()
            await four.wait()
            asking[host] -= 1
            return web.Response()

        port = (await serve(page)).rpartition(":")[2]
        async with HttpWeb(None, True, resolver=names) as http:
            urls = [f"http://{host}:{port}/{number}" for host in asking for number in range(5)]
            answers = await asyncio.gather(*(http.fetch(Request(url=url)) for url in urls))
        assert len(answers) == 10
        assert most == {"one.test": 2, "two.test": 2}

    async def test_a_request_that_fails_or_is_cancelled_gives_its_place_back(self, serve):
        waiting = asyncio.Event()

        async def page(request: web.Request) -> web.StreamResponse:
            if request.path == "/hang":
                waiting.set()
                await asyncio.Event().wait()
            return web.Response()

        site = await serve(page)
        async with HttpWeb(None, True, limits=Limits(at_once=1, seconds=5, redirects=0)) as http:
            hanging = asyncio.ensure_future(http.fetch(Request(url=f"{site}/hang")))
            await waiting.wait()
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            assert (await http.fetch(Request(url=site))).status == 200


@pytest.fixture
async def unused_tcp_port_of_loopback() -> int:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return int(port)
