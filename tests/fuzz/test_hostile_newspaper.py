"""A newspaper that means harm costs nobody anything: not the bot, nor other newspapers, nor whoever reads the log."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.demo.judge import parse, telegrams_parser
from bot.model import Archived, Level, Story
from bot.telegram.render import story_card
from bot.telegram.text import units
from bot.words import words
from storage import Store
from tests.fakes.kiosk import Kiosk
from tests.fuzz import hostile

ROOT = Path(__file__).parents[2]
PATIENCE = 1.0
"""Seconds a request may take here; 20 in the bot."""
LONGEST = 25.0
"""Seconds for one turn of the wheel, on a machine that is busy with other tests."""
SOUND = "В Алеппо начались переговоры о прекращении огня"
READ = {
    "external entity", "100,000 nested tags", "NUL and controls", "a wrong charset", "a charset that does not exist",
    "half of a UTF-16", "50,000 items", "duplicate guids", "a date in year 1", "a date in year 9999",
    "a date that is none", "a title of 1 MB", "a nasty title", "a feed without end", "a ttl for ever",
}  # fmt: skip
"""Of the hostile feeds, those that hold an article all the same."""


async def stored(store: Store) -> tuple[Archived, ...]:
    return await store.archive(datetime.now(UTC) - timedelta(days=1), 5_000)


async def survived(tmp_path: Path, answer: bytes | hostile.Answer) -> tuple[list[str], list[str]]:
    """One turn with the hostile newspaper and a sound one: what the first is said to have done, and its headlines."""
    async with Kiosk(full_text=True) as kiosk, hostile.newspaper(answer) as url:
        kiosk.publish(SOUND, body="Стороны встретились в субботу. " * 20)
        addresses = (f"{url}/feed", f"{kiosk.url}/feed")
        async with hostile.collecting(tmp_path, *addresses, seconds=PATIENCE) as (journey, store):
            began = time.monotonic()
            with capture_logs() as logs:
                await journey.turn()
            assert time.monotonic() - began < LONGEST
            articles = [archived.article for archived in await stored(store)]
    names = {one.id: one.name for one in journey.sources}
    assert [one.title for one in articles if names[one.source_id] == "1"] == [SOUND]
    lines = [f"{line['event']}: {line.get('error', '')}" for line in logs if line.get("source") == "0"]
    assert all("\n" not in line and len(line) < 400 for line in lines)
    for article in articles:
        assert_accepted(article.title, article.lead, article.url)
    return lines, [one.title for one in articles if names[one.source_id] == "0"]


def assert_accepted(title: str, summary: str, url: str) -> None:
    now = datetime.now(UTC)
    story = Story(
        id=1,
        title=title,
        url=url,
        source="Труд",
        summary=summary[:400],
        level=Level.MAJOR,
        published_at=now,
        opened_at=now,
    )
    judge = telegrams_parser()
    assert judge is not None
    shown, _ = parse(story_card(story, None, words("ru"), "Europe/Moscow", now).text, "HTML", judge)
    assert 0 < units(shown) <= 4096


@pytest.mark.parametrize("name", hostile.FEEDS)
async def test_a_hostile_feed_is_read_or_refused_in_one_line(name: str, tmp_path: Path) -> None:
    lines, titles = await survived(tmp_path, hostile.served(hostile.FEEDS[name]()))
    failing = [line for line in lines if line.startswith("source.failing")]
    if name in READ:
        assert titles
        assert failing == []
    else:
        assert len(failing) + bool(titles) == 1, (lines, titles)
    assert not any("root:" in title or "хаха" in title for title in titles)


@pytest.mark.parametrize("name", hostile.bombs())
async def test_a_bomb_is_one_line(name: str, tmp_path: Path) -> None:
    lines, titles = await survived(tmp_path, hostile.bombs()[name])
    assert titles == []
    assert len(lines) == 1
    assert lines[0].startswith("source.failing: ")


@pytest.mark.parametrize("name", hostile.TALKS)
async def test_a_hostile_server_is_one_line(name: str, tmp_path: Path) -> None:
    lines, titles = await survived(tmp_path, hostile.TALKS[name])
    assert titles == []
    assert len(lines) <= 1
    assert all(line.startswith("source.failing: ") for line in lines)


PAGES = {
    "100,000 nested tags": "<div>" * 100_000,
    "100,000 attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
    "100,000 tables": "<table><tr><td>" * 100_000,
    "5 MB of text": "<p>" + "слово " * 500_000,
    "500,000 paragraphs": "<p>а" * 500_000,
    "NUL": "<p>" + "\x00" * 100_000,
    "an unclosed comment": "<!--" + "-" * 100_000,
    "nothing": "",
}


@pytest.mark.timeout(120)
async def test_a_hostile_page_costs_its_article_no_more_than_the_body(tmp_path: Path) -> None:
    lead = "Стороны встретились в субботу."
    items = []
    async with Kiosk() as kiosk:
        sound = kiosk.publish(SOUND)
        answers = {name: hostile.served(hostile.article_page(name, body)) for name, body in PAGES.items()}
        answers |= {"a gzip bomb": hostile.bombs()["a gzip bomb"]}
        async with AsyncExitStack() as stack:
            for number, (name, answer) in enumerate(answers.items()):
                url = await stack.enter_async_context(hostile.newspaper(answer))
                items.append(
                    f"<item><title>Заголовок {name}</title><link>{url}/article/{number}</link>"
                    f"<description>{lead}</description></item>"
                )
            feed = await stack.enter_async_context(hostile.newspaper(hostile.served(hostile.rss(*items))))
            addresses = (f"{feed}/feed", f"{kiosk.url}/feed")
            journey, store = await stack.enter_async_context(hostile.collecting(tmp_path, *addresses, seconds=5))
            with capture_logs() as logs:
                await journey.turn()
            articles = [archived.article for archived in await stored(store)]
    assert {one.title for one in articles} >= {sound.title}
    assert len(articles) == len(answers) + 1, logs
    assert all(one.lead or one.text for one in articles)
    events = [line["event"] for line in logs if line["event"] != "collect.merged"]  # they are as alike as items get
    assert set(events) <= {"collect.page_failed", "collect.items_skipped"}
    assert len(events) <= len(answers)


@pytest.mark.deep
@pytest.mark.timeout(180)
def test_bombs_cost_less_than_600_mb() -> None:
    heavy = [*hostile.bombs(), "entity bomb", "quadratic entities", "50,000 items", "10 MB of brackets"]
    ended = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "tests.fuzz.hostile", *heavy], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(ended.stdout.split()[-1]) < 600
