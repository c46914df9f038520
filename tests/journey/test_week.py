"""What the running bot has logged of its signals is what a week is judged by (bench/week.py)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bench import week
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import Watch, World

NEWS = "Срочно: на Камчатке проснулся вулкан"
MINUTE = timedelta(minutes=1)
WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_week_can_be_judged_by_what_was_logged(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch()
    async with Kiosk() as other:
        other.publish("Вестник: вышел свежий номер газеты")
        world.sources = world.kiosk.source(front_page=f"{world.kiosk.url}/") + other.source("Вестник")
        async with world.read_by_anna("главное", clock=watch):
            news = world.kiosk.publish(NEWS)
            world.kiosk.views[news.number] = 500
            page = f"/article/{news.number}"
            await world.kiosk.asked(page)
            world.kiosk.front = [news.number]
            await world.kiosk.asked("/", times=2)
            for ahead in (31, 121):
                watch.ahead = ahead * MINUTE
                await world.kiosk.asked(page)
                await world.kiosk.asked("/feed", times=2)
            other.publish(NEWS, at=watch())
            await other.asked("/feed", times=3)

    logged = list(week.rows(world.database))
    assert {row["kind"] for row in logged} == {"views", "position", "feed", "urgent"}
    (story,) = (each for each in week.stories(logged) if len(each) == 2)
    case = week.case(story)
    assert (case.others, case.views) == (1, 500)
    (early,) = case.coverage
    assert (early.position, early.title, early.views) == (0, "⚡", 500)

    week.judge(world.database)
    told = capsys.readouterr().out
    assert "judged by views 1" in told
    assert all(name in told for name in week.ALONE)


def test_what_is_left_out_is_as_if_it_were_not_known() -> None:
    article = week.Measured(
        "a",
        "RU",
        WHEN,
        WHEN,
        (("feed", WHEN, 0), ("position", WHEN, 3), ("position", WHEN + MINUTE, None), ("urgent", WHEN, None)),
    )
    before, after = article.coverage(WHEN), article.coverage(WHEN + 2 * MINUTE)
    assert (before.position, before.front_since) == (3, WHEN)
    assert (after.position, after.front_since) == (None, None)
    (bare,) = week.without("urgent", week.without("position", [before]))
    assert (bare.title, bare.position) == ("", None)
    assert len(week.without("follow-ups", [before, before])) == 1
