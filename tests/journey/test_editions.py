"""From what a newspaper does to a story after it was told, to what becomes of the message on the phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import World, primed, pushes, start

OLD = "Правительство обсудило бюджет на будущий год"
SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
LEAD = "Представители Дамаска и сирийской оппозиции встретились в Алеппо, чтобы обсудить прекращение огня."
MORE = "В Алеппо переговоры о прекращении огня в Сирии продлили на 12 дней"
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


async def test_a_page_that_is_gone_twice_strikes_the_story_out(world: World) -> None:
    anna, ahead = world.telegram.person(7, "Анна"), timedelta(0)
    world.kiosk.publish(OLD)
    async with world.bot(clock=lambda: datetime.now(UTC) + ahead):
        await start(world, anna, "сирия")
        await primed(world)
        printed = world.kiosk.publish(SYRIA, LEAD)
        await world.telegram.wait_until(lambda: pushes(anna, SYRIA), timeout=10)
        page = f"/article/{printed.number}"
        world.kiosk.broken[page] = 410
        for minutes in (31, 42):
            ahead = timedelta(minutes=minutes)
            await world.kiosk.asked(page)
            await world.kiosk.asked("/feed", times=2)  # what was seen there is written down by then
        await world.telegram.wait_until(lambda: "отозвали" in pushes(anna, SYRIA)[0].text, timeout=10)
    (struck,) = pushes(anna, SYRIA)
    assert LEAD not in struck.text
