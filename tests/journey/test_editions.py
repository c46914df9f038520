"""From what a newspaper does to a story after it was told, to what becomes of the message on the phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo.people import Person
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import Watch, World, primed, pushes, start

OLD = "Правительство обсудило бюджет на будущий год"
SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
LEAD = "Представители Дамаска и сирийской оппозиции встретились в Алеппо, чтобы обсудить прекращение огня."
MORE = "В Алеппо переговоры о прекращении огня в Сирии продлили на 12 дней"
MINUTE = timedelta(minutes=1)
CORRECTED = "В Алеппо отложены переговоры о прекращении огня в Сирии"


async def test_a_changed_headline_changes_the_message_that_was_sent(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    async with world.bot():
        await start(world, anna, "сирия")
        await primed(world)
        printed = world.kiosk.publish(SYRIA, LEAD)
        await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
        (told,) = pushes(anna, SYRIA)
        world.kiosk.reprint(printed, CORRECTED)
        await world.telegram.wait_until(lambda: pushes(anna, CORRECTED), timeout=10)
    (corrected,) = pushes(anna, CORRECTED)
    assert corrected.id == told.id
    assert "уточнено" in corrected.text
    assert pushes(anna, SYRIA) == []


async def test_quotes_and_capitals_alone_change_nothing(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    async with world.bot():
        await start(world, anna, "сирия")
        await primed(world)
        printed = world.kiosk.publish(SYRIA, LEAD)
        await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
        world.kiosk.reprint(printed, f"{SYRIA.upper()}!")
        await world.kiosk.asked("/feed", times=3)
    assert world.telegram.journal.of("editMessageText") == []


async def test_what_another_newspaper_adds_is_a_silent_reply(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    async with Kiosk() as other:
        other.publish("Открылась выставка кошек в Самаре")
        world.sources = world.kiosk.source() + other.source("Вестник")
        async with world.bot():
            await start(world, anna, "сирия")
            await primed(world)
            world.kiosk.publish(SYRIA, LEAD)
            await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
            other.publish(MORE, f"{LEAD} Переговоры продлили на 12 дней.")
            await world.telegram.wait_until(lambda: pushes(anna, MORE), timeout=10)
    (told,), (reply,) = pushes(anna, SYRIA), pushes(anna, MORE)
    assert (reply.reply_to, reply.silent) == (told.id, True)
    assert "Продолжение" in reply.text


async def test_a_headline_that_is_changed_on_the_page_alone_changes_the_message(world: World) -> None:
    anna, watch = world.telegram.person(7, "Анна"), Watch()
    world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        await start(world, anna, "сирия")
        await primed(world)
        printed = world.kiosk.publish(SYRIA, LEAD)
        await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
        world.kiosk.page_titles[printed.number] = CORRECTED
        watch.ahead = 31 * MINUTE
        await world.telegram.wait_until(lambda: pushes(anna, CORRECTED), timeout=10)
    (corrected,) = pushes(anna, CORRECTED)
    assert "уточнено" in corrected.text
    assert len(world.telegram.journal.of("editMessageText")) == 1


async def test_a_page_that_is_gone_twice_strikes_the_story_out(world: World) -> None:
    anna, watch = world.telegram.person(7, "Анна"), Watch()
    world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        page = await told(world, anna)
        world.kiosk.broken[page] = 410
        await looked_at(world, page, watch, 31, 42)
        await world.telegram.wait_until(lambda: "отозвали" in pushes(anna, SYRIA)[0].text, timeout=10)
    (struck,) = pushes(anna, SYRIA)
    assert LEAD not in struck.text


async def test_where_every_page_is_gone_none_is_withdrawn_until_the_others_are_back(world: World) -> None:
    anna, watch = world.telegram.person(7, "Анна"), Watch()
    old = world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        page = await told(world, anna)
        others = f"/article/{old.number}"
        world.kiosk.broken |= {page: 404, others: 404}
        await looked_at(world, page, watch, 31, 42, 53)
        assert world.telegram.journal.of("editMessageText") == []
        assert others in world.kiosk.requests
        del world.kiosk.broken[others]
        await looked_at(world, page, watch, 64)
        await world.telegram.wait_until(lambda: "отозвали" in pushes(anna, SYRIA)[0].text, timeout=10)


@pytest.mark.parametrize("status", [200, 302, 503])
async def test_what_is_shown_or_sent_to_in_place_of_an_article_withdraws_and_corrects_nothing(
    world: World, status: int
) -> None:
    anna, watch = world.telegram.person(7, "Анна"), Watch()
    world.kiosk.publish(OLD)
    async with world.bot(clock=watch):
        page = await told(world, anna)
        world.kiosk.broken[page] = status
        await looked_at(world, page, watch, 31, 121)
        del world.kiosk.broken[page]
        more = world.kiosk.publish(MORE, LEAD, at=watch())
        await world.kiosk.asked(f"/article/{more.number}")
        await world.kiosk.asked("/feed", times=2)
    assert world.telegram.journal.of("editMessageText") == []


async def told(world: World, anna: Person) -> str:
    """The address of a page whose story has been told."""
    await start(world, anna, "сирия")
    await primed(world)
    printed = world.kiosk.publish(SYRIA, LEAD)
    await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
    return f"/article/{printed.number}"


async def looked_at(world: World, page: str, watch: Watch, *minutes: int) -> None:
    """Returns when it has been asked for after so many minutes, and what was seen there is written down."""
    for ahead in minutes:
        watch.ahead = ahead * MINUTE
        await world.kiosk.asked(page)
        await world.kiosk.asked("/feed", times=2)
