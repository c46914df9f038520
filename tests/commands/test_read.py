"""`read`: what the bot would read, one article a line; what can't be read is one line each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Command, CommandBeside
from tests.fakes.kiosk import Kiosk

KNOWN = {
    "from", "key", "url", "title", "lead", "text", "section", "author", "picture", "published", "views", "marks",
    "language",
}  # fmt: skip
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Труд</title>
<item><title>В Алеппо начались переговоры</title><link>https://www.trud.ru/article/03-12-2016/1344567_aleppo.html</link>
<description>Стороны встретились в субботу.</description><category>Политика</category>
<pubDate>Sat, 03 Dec 2016 17:40:00 +0300</pubDate></item></channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16"])
def test_a_feed_in_a_file_is_read(run: Command, encoding: str) -> None:
    Path("feed.xml").write_bytes(FEED.replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding))
    ended = run("read", "feed.xml")
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines == [
        {
            "from": "feed.xml",
            "key": "1344567",
            "url": "https://www.trud.ru/article/03-12-2016/1344567_aleppo.html",
            "title": "В Алеппо начались переговоры",
            "lead": "Стороны встретились в субботу.",
            "section": "Политика",
            "published": "2016-12-03T14:40:00+00:00",
            "language": "ru",
        }
    ]


async def test_a_feed_and_its_pages_are_read_from_the_web(
    run_beside: CommandBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "true")
    async with Kiosk() as kiosk:
        printed = kiosk.publish("В Алеппо начались переговоры о прекращении огня", "Стороны встретились в субботу.")
        ended = await run_beside("read", f"{kiosk.url}/feed")
    assert (ended.code, ended.err) == (0, "")
    (line,) = ended.lines
    assert set(line) <= KNOWN
    assert line["from"] == f"{kiosk.url}/feed"
    assert line["title"] == printed.title
    assert printed.body in line["text"]
    assert line["picture"].endswith(".jpg")


async def test_an_address_of_this_machine_is_refused_unless_allowed(run_beside: CommandBeside) -> None:
    ended = await run_beside("read", "http://127.0.0.1:8080/feed")
    assert (ended.code, ended.out) == (2, "")
    assert "private, local or reserved" in ended.err


@pytest.mark.parametrize(
    "bytes_of_it",
    [b"", b"\x00" * 1000, b"\x89PNG\r\n" + bytes(range(256)), b"{" * 1000, b"<html>", b'{"version": "https://jsonfeed'],
)
def test_what_is_neither_feed_nor_page_is_one_line_and_exit_code_2(run: Command, bytes_of_it: bytes) -> None:
    Path("odd").write_bytes(bytes_of_it)
    ended = run("read", "odd")
    assert (ended.code, ended.out) == (2, "")
    assert [line.partition(": ")[0] for line in ended.err.splitlines()] == ["glavnoe"] * 2
    assert ended.err.splitlines()[0].startswith("glavnoe: odd: ")
    assert ended.err.splitlines()[0].count("odd") == 1
    assert ended.err.splitlines()[1] == "glavnoe: 1 of 1 could not be read"


@pytest.mark.parametrize("place", ["nowhere.xml", ".", "a\x00b", "x" * 5000, "http://", "http://[", "ftp://a.b/"])
def test_a_place_that_is_none_is_named(run: Command, place: str) -> None:
    ended = run("read", place)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
    assert ended.err.splitlines()[-1] == "glavnoe: 1 of 1 could not be read"


def test_one_bad_place_does_not_cost_the_others(run: Command) -> None:
    Path("feed.xml").write_text(FEED, encoding="utf-8")
    ended = run("read", "nowhere.xml", "feed.xml")
    assert ended.code == 2
    assert [line["key"] for line in ended.lines] == ["1344567"]
    assert ended.err.splitlines() == [
        "glavnoe: nowhere.xml: no such file or directory",
        "glavnoe: 1 of 2 could not be read",
    ]
