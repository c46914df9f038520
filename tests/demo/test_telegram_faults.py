"""What goes wrong on order, the rates, and the journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo import faults
from bot.demo.people import Person
from bot.demo.rates import RateKeeper, Rates
from bot.demo.refusal import RefusalError
from bot.demo.telegram import StandIn


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (faults.too_many_requests(3), 429, "Too Many Requests: retry after 3"),
        (faults.server_error(), 500, "Internal Server Error: restart"),
        (faults.blocked(), 403, "bot was blocked by the user"),
        (faults.deactivated(), 403, "user is deactivated"),
        (faults.kicked(), 403, "bot was kicked from the supergroup chat"),
        (faults.group_deleted(), 403, "the group chat was deleted"),
        (faults.chat_not_found(), 400, "chat not found"),
        (faults.bad_message(), 400, "can't parse entities"),
        (faults.migrated(-100), 400, "upgraded to a supergroup"),
    ],
)
async def test_a_refusal_on_order_comes_once_and_nothing_is_sent(
    raw_bot: Any, telegram: StandIn, anna: Person, fault: faults.Fault, code: int, words: str
) -> None:
    telegram.faults.inject(fault, method="sendMessage")
    answer = await raw_bot.send(7, "x")
    assert answer["error_code"] == code
    assert words in answer["description"]
    assert not anna.received
    assert not telegram.journal.sent()
    assert (await raw_bot.send(7, "x"))["ok"]


async def test_429_carries_its_wait_or_not(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    telegram.faults.inject(faults.too_many_requests(5))
    telegram.faults.inject(faults.too_many_requests(5, with_parameters=False))
    assert (await raw_bot.send(7, "x"))["parameters"] == {"retry_after": 5}
    assert "parameters" not in await raw_bot.send(7, "x")


async def test_a_proxys_page_is_no_json(raw_bot: Any, telegram: StandIn, anna: Person, web_client: Any) -> None:
    telegram.faults.inject(faults.bad_gateway())
    async with web_client.post(raw_bot.url("getMe")) as response:
        assert (response.status, response.content_type) == (502, "text/html")


async def test_a_truncated_answer_was_delivered(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    telegram.faults.inject(faults.truncated())
    with pytest.raises(json.JSONDecodeError):
        await raw_bot.send(7, "x")
    assert [message.text for message in anna.received] == ["x"]


@pytest.mark.parametrize("processed", [False, True])
async def test_a_reset_comes_before_or_after_the_message_is_taken(
    raw_bot: Any, telegram: StandIn, anna: Person, processed: bool
) -> None:
    telegram.faults.inject(faults.reset(processed=processed))
    with pytest.raises(aiohttp.ClientError):
        await raw_bot.send(7, "x")
    assert len(anna.received) == len(telegram.journal.sent(7)) == processed
    (call,) = telegram.journal.calls
    assert (call.status, call.ok, call.fault) == (0, False, "connection reset")


async def test_an_answer_that_never_comes_lasts_until_the_bot_gives_up(
    raw_bot: Any, telegram: StandIn, anna: Person, web_client: aiohttp.ClientSession
) -> None:
    telegram.faults.inject(faults.hang(processed=True))
    limit = aiohttp.ClientTimeout(total=0.05)
    with pytest.raises(TimeoutError):
        await web_client.post(raw_bot.url("sendMessage"), json={"chat_id": 7, "text": "x"}, timeout=limit)
    assert len(anna.received) == 1


async def test_latency_delays_an_answer_that_is_otherwise_right(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    telegram.faults.inject(faults.latency(0.03), chat_id=7)
    assert (await raw_bot.send(7, "x"))["ok"]
    (call,) = telegram.journal.sent(7)
    assert call.ok
    assert call.answered - call.came >= 0.03


async def test_a_fault_waits_for_its_method_chat_and_count(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    telegram.person(8, "Борис")
    telegram.faults.inject(faults.server_error(), method="sendMessage", chat_id=7, after=1, times=2)
    assert (await raw_bot.call("getMe"))["ok"]
    assert (await raw_bot.send(8, "x"))["ok"]
    assert [(await raw_bot.send(7, "x"))["ok"] for _ in range(4)] == [True, False, False, True]
    assert telegram.faults.pending == 0


async def test_a_fault_without_count_lasts_until_it_is_cleared(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    telegram.faults.inject(faults.server_error(), times=None)
    assert [(await raw_bot.send(7, "x"))["ok"] for _ in range(3)] == [False] * 3
    telegram.faults.clear()
    assert (await raw_bot.send(7, "x"))["ok"]


def passed(keeper: RateKeeper, chats: list[int], step: float, **how: bool) -> int:
    """How many of the messages, `step` seconds apart, are taken."""
    taken = 0
    for number, chat in enumerate(chats):
        try:
            keeper.check(chat, number * step, is_group=how.get("group", False), paid=how.get("paid", False))
        except RefusalError:
            continue
        taken += 1
    return taken


def test_thirty_messages_pass_in_any_second() -> None:
    assert passed(RateKeeper(Rates()), list(range(60)), 0.01) == 30
    assert passed(RateKeeper(Rates()), list(range(60)), 1 / 29) == 60
    assert passed(RateKeeper(Rates()), list(range(60)), 0.01, paid=True) == 60


def test_a_chat_takes_one_a_second_or_a_short_burst() -> None:
    assert passed(RateKeeper(Rates()), [7, 7, 7], 0.5) == 2
    assert passed(RateKeeper(Rates(chat_burst=3)), [7, 7, 7, 7], 0.1) == 3


def test_a_group_takes_twenty_a_minute() -> None:
    assert passed(RateKeeper(Rates()), [-5] * 30, 1.5, group=True) == 20


async def test_a_strict_stand_in_tells_fast_senders_to_wait(web_client: aiohttp.ClientSession) -> None:
    async with StandIn(rates=Rates()) as telegram:
        telegram.person(7, "Анна")
        url = f"{telegram.url}/bot{telegram.token}/sendMessage"
        answers = [await (await web_client.post(url, json={"chat_id": 7, "text": "x"})).json() for _ in range(2)]
    assert answers[0]["ok"]
    assert answers[1]["parameters"] == {"retry_after": 1}


async def test_the_journal_tells_what_was_sent_and_what_was_refused(
    web_client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    file = tmp_path / "calls.jsonl"
    async with StandIn(journal_file=file) as telegram:
        telegram.person(7, "Анна")
        url = f"{telegram.url}/bot{telegram.token}/sendMessage"
        await web_client.post(url, json={"chat_id": 7, "text": "<b>да</b>", "parse_mode": "HTML"})
        await web_client.post(url, json={"chat_id": 8, "text": "нет"})
        telegram.faults.inject(faults.server_error())
        await web_client.post(url, json={"chat_id": 7, "text": "сбой"})
    assert [call.text for call in telegram.journal.sent(7)] == ["да"]
    assert [call.chat_id for call in telegram.journal.refused()] == [8]
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["method"], line["status"]) for line in lines] == [("sendMessage", s) for s in (200, 400, 500)]


async def test_waiting_ends_with_the_call_waited_for(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    await raw_bot.send(7, "раз")
    assert (await telegram.wait_for(lambda call: call.text == "раз")).ok
    await raw_bot.send(7, "два")
    later = await telegram.wait_for(lambda call: call.method == "sendMessage", since=1)
    assert later.text == "два"
    assert await telegram.wait_until(lambda: len(anna.received) == 2)


async def test_waiting_in_vain_says_what_came_instead(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    await raw_bot.send(7, "не то")
    with pytest.raises(TimeoutError, match="не то"):
        await telegram.wait_for(lambda call: call.text == "то", timeout=0.01)


async def test_an_error_in_a_condition_reaches_the_one_who_waits(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    async def ask() -> None:
        await telegram.wait_until(lambda: [call for call in telegram.journal.calls if call.nonsense])  # type: ignore[attr-defined]

    await raw_bot.send(7, "x")
    with pytest.raises(AttributeError, match="nonsense"):
        await ask()
