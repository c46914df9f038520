"""From a newspaper's feed to a phone, over real HTTP."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.telegram import StandIn
from tests.fakes.kiosk import Kiosk
from tests.journey.conftest import OLD, World, primed, pushes, start

SYRIA = "В Алеппо начались переговоры о прекращении огня в Сирии"
LEAD = "Представители Дамаска и сирийской оппозиции встретились в Алеппо."
AGAIN = "Сирийская армия отвела танки от Хомса"


async def test_news_reaches_a_phone_within_two_seconds_of_the_poll(world: World) -> None:
    async with world.read_by_anna("сирия") as anna:
        world.kiosk.publish(SYRIA, LEAD)
        await world.told(anna, SYRIA)
        told_at = time.monotonic()
    page = f"/article/{world.kiosk.articles[0].number}"
    assert told_at - world.kiosk.asked_at[page] < 2
    (message,) = pushes(anna, SYRIA)
    assert LEAD in message.text
    assert "#Сирия" in message.text
    assert [button.text for row in message.rows for button in row] == ["Читать", "Почему?"]
    assert message.link_preview is not None
    assert message.link_preview["show_above_text"] is True


async def test_the_first_poll_remembers_and_does_not_push(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(SYRIA, LEAD)
    async with world.bot():
        await start(world, anna, "дипломатия", "сирия")
        await primed(world)
        world.kiosk.publish(AGAIN)
        await world.told(anna, AGAIN)
        assert all("Почему?" in str(message.rows) for message in pushes(anna, SYRIA))
    assert len(pushes(anna, SYRIA)) <= 1  # shown in answer to /follow, at most


@pytest.mark.parametrize("full_text", [True, False])
async def test_a_windows_1251_newspaper_is_read(world: World, full_text: bool) -> None:
    world.kiosk.charset = "windows-1251"
    world.kiosk.full_text = full_text
    async with world.read_by_anna("сирия") as anna:
        world.kiosk.publish(SYRIA, LEAD)
        await world.told(anna, SYRIA)
    assert LEAD in pushes(anna, SYRIA)[0].text


async def test_a_restart_sends_nothing_twice_and_misses_nothing(world: World) -> None:
    async with world.read_by_anna("сирия") as anna:
        world.kiosk.publish(SYRIA, LEAD)
        await world.told(anna, SYRIA)
    world.kiosk.publish(AGAIN)  # while the bot is away
    async with world.bot():
        await world.told(anna, AGAIN)
    async with world.bot():
        await primed(world)
    assert len(pushes(anna, SYRIA)) == 1
    assert len(pushes(anna, AGAIN)) == 1


async def test_an_error_page_is_no_article(world: World) -> None:
    async with world.read_by_anna("сирия") as anna:
        world.kiosk.broken["/article/1001"] = 404
        world.kiosk.publish(SYRIA, LEAD)
        await world.told(anna, SYRIA)
    assert LEAD in pushes(anna, SYRIA)[0].text
    assert "не найдена" not in pushes(anna, SYRIA)[0].text


async def test_what_two_newspapers_tell_is_told_once(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    async with Kiosk() as other:
        other.publish("Открылась выставка кошек в Самаре")
        world.sources = world.kiosk.source() + other.source("Вестник")
        async with world.bot():
            await start(world, anna, "сирия")
            await primed(world)
            world.kiosk.publish(SYRIA, LEAD)
            await world.told(anna, SYRIA)
            other.publish(SYRIA, LEAD)
            other.publish(AGAIN)
            await world.told(anna, AGAIN)
    assert len(pushes(anna, SYRIA)) == 1


async def test_a_passing_mention_is_not_told(world: World) -> None:
    async with world.read_by_anna("украина") as anna:
        world.kiosk.publish("«Динамо» из Киева обыграло «Шахтёр» в матче чемпионата", "Футболисты забили три мяча.")
        world.kiosk.publish("Верховная рада Украины приняла бюджет страны", "Депутаты в Киеве голосовали дважды.")
        await world.told(anna, "Верховная рада")
    assert not pushes(anna, "«Динамо»")


async def test_news_of_yesterday_is_not_pushed(world: World) -> None:
    async with world.read_by_anna("сирия") as anna:
        world.kiosk.publish(SYRIA, LEAD, at=datetime.now(UTC) - timedelta(hours=20))
        world.kiosk.publish(AGAIN)
        await world.told(anna, AGAIN)
    assert not pushes(anna, SYRIA)


async def test_the_fallback_is_asked_while_the_feed_is_dead(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    world.kiosk.broken["/feed"] = 503
    world.sources = world.kiosk.source(fallback=f"{world.kiosk.url}/")
    world.kiosk.front = [world.kiosk.articles[0].number]
    async with world.bot():
        await start(world, anna, "сирия")
        await world.kiosk.asked("/", times=2)
        world.kiosk.publish(SYRIA, LEAD)
        world.kiosk.front.insert(0, world.kiosk.articles[0].number)
        await world.told(anna, SYRIA)
    assert not pushes(anna, OLD)


async def test_a_story_is_told_when_the_front_page_makes_it_important(world: World) -> None:
    world.sources = world.kiosk.source(front_page=f"{world.kiosk.url}/")
    async with world.read_by_anna("главное") as anna:
        world.kiosk.publish(SYRIA, LEAD)
        await world.kiosk.asked(f"/article/{world.kiosk.articles[0].number}")
        before = len(anna.received)
        world.kiosk.front = [world.kiosk.articles[0].number]
        await world.told(anna, SYRIA)
    (message,) = pushes(anna, SYRIA)
    assert "#Главное" in message.text
    assert before < len(anna.received)


async def test_one_dead_newspaper_does_not_stop_the_others(world: World) -> None:
    anna = world.telegram.person(7, "Анна")
    world.kiosk.publish(OLD)
    async with Kiosk() as dead:
        dead.broken["/feed"] = 500
        world.sources = dead.source("Мёртвый вестник") + world.kiosk.source()
        async with world.bot():
            await start(world, anna, "сирия")
            await primed(world)
            world.kiosk.publish(SYRIA, LEAD)
            await world.told(anna, SYRIA)


async def test_a_reader_who_blocked_the_bot_is_left_alone_until_they_return(world: World) -> None:
    anna, boris = world.telegram.person(7, "Анна"), world.telegram.person(8, "Борис")
    world.kiosk.publish(OLD)
    async with world.bot():
        await start(world, anna, "сирия")
        await start(world, boris, "сирия")
        await primed(world)
        anna.blocks()
        world.kiosk.publish(SYRIA, LEAD)
        await world.told(boris, SYRIA)
        anna.unblocks()
        await start(world, anna)
        world.kiosk.publish(AGAIN)
        await world.told(anna, AGAIN)
    assert not pushes(anna, SYRIA)


async def test_a_poll_that_finds_nothing_new_reads_no_page_again(world: World) -> None:
    world.kiosk.publish(OLD)
    async with world.bot():
        await primed(world)
        await world.kiosk.asked("/feed", times=4)
    assert world.kiosk.requests.count(f"/article/{world.kiosk.articles[0].number}") == 1


async def test_the_command_list_is_set_in_both_languages(world: World, telegram: StandIn) -> None:
    anna = world.telegram.person(7, "Анна")
    async with world.bot():
        await start(world, anna)
        await telegram.wait_until(lambda: len(_languages_set(telegram)) == 2)
    assert _languages_set(telegram) == {None, "ru"}


def _languages_set(telegram: StandIn) -> set[str | None]:
    return {call.parameters.get("language_code") for call in telegram.journal.calls if call.method == "setMyCommands"}
