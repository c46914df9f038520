"""The polling loop, on a clock that jumps, under a real Bot and a real Dispatcher."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable
from itertools import pairwise
from typing import Any

import pytest
from aiogram import Dispatcher
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetMe, SendMessage, SetMyCommands
from aiogram.types import Message
from structlog.testing import capture_logs

from bot.errors import TelegramError
from bot.telegram.updates import RawUpdates, Updates

RunInVirtualTime = Callable[[Coroutine[Any, Any, Any]], Any]
Handler = Callable[[Message], Coroutine[Any, Any, Any]]

_COMMANDS = {"topics": "My topics", "help": "What I can do"}
_PROFILE = {
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}


def _message(update_id: int, text: str, chat_id: int = 1) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private"}
    sender = {"id": chat_id, "is_bot": False, "first_name": "Вера"}
    return {
        "update_id": update_id,
        "message": {"message_id": update_id, "date": 1480779600, "chat": chat, "from": sender, "text": text},
    }


class _Inbox:
    """getUpdates as Telegram keeps it: an update stays until a call with a higher offset."""

    def __init__(self, api: Any, waiting: Iterable[Any] = ()) -> None:
        self.api = api
        self.waiting = list(waiting)
        self.failures: list[Any] = []
        self.polled_at: list[float] = []
        api.session.answer = self.answer

    def answer(self, method: Any) -> Any:
        if not isinstance(method, RawUpdates):
            return self.api.ok(_PROFILE.get(method.__api_method__, True))
        self.polled_at.append(_now())
        if self.failures:
            return self.failures.pop(0)
        self.waiting = [each for each in self.waiting if not _confirmed(each, method.offset)]
        return self._updates(method.timeout)

    async def _updates(self, seconds: int) -> Any:
        if not self.waiting:
            await asyncio.sleep(seconds)
        return self.api.ok(self.waiting)


def _confirmed(update: Any, offset: int | None) -> bool:
    return offset is not None and isinstance(update, dict) and update.get("update_id", offset) < offset


def _now() -> float:
    return asyncio.get_running_loop().time()


def _updates(api: Any, handler: Handler) -> Updates:
    dispatcher = Dispatcher()
    dispatcher.message.register(handler)
    return Updates(api.bot, dispatcher, _COMMANDS)


async def _run_for(updates: Updates, seconds: float) -> None:
    asyncio.get_running_loop().call_later(seconds, updates.stop)
    await updates.run()


def test_updates_of_a_chat_are_handled_in_order_and_chats_side_by_side(
    in_virtual_time: RunInVirtualTime, api: Any
) -> None:
    handled: list[tuple[float, str]] = []

    async def slow(message: Message) -> None:
        await asyncio.sleep(2)
        handled.append((_now(), message.text or ""))

    async def run() -> None:
        _Inbox(api, [_message(1, "a", 1), _message(2, "b", 1), _message(3, "c", 2), _message(4, "d", 1)])
        await _run_for(_updates(api, slow), 60)

    in_virtual_time(run())
    assert [text for _, text in handled if text != "c"] == ["a", "b", "d"]
    assert {text: at for at, text in handled}["c"] == pytest.approx(2)
    assert handled[-1][0] == pytest.approx(6)


def test_a_button_and_a_message_of_one_chat_are_in_order_too(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    handled: list[str] = []
    pressed = {
        "update_id": 1,
        "callback_query": {
            "id": "1",
            "from": {"id": 9, "is_bot": False, "first_name": "Вера"},
            "chat_instance": "1",
            "data": "topics",
            "message": _message(1, "menu", -5)["message"],
        },
    }

    async def run() -> None:
        _Inbox(api, [pressed, _message(2, "text", -5)])
        dispatcher = Dispatcher()

        async def on_button(_: Any) -> None:
            await asyncio.sleep(5)
            handled.append("button")

        async def on_message(_: Message) -> None:
            handled.append("message")

        dispatcher.callback_query.register(on_button)
        dispatcher.message.register(on_message)
        await _run_for(Updates(api.bot, dispatcher, _COMMANDS), 60)

    in_virtual_time(run())
    assert handled == ["button", "message"]
    assert set(api.session.calls[0].allowed_updates) == {"callback_query", "message"}


def test_a_server_that_does_not_wait_for_news_is_not_asked_all_the_time(
    in_virtual_time: RunInVirtualTime, api: Any
) -> None:
    class Hasty(_Inbox):
        async def _updates(self, seconds: int) -> Any:
            return self.api.ok(self.waiting)

    inbox = Hasty(api)

    async def run() -> None:
        await _run_for(_updates(api, _stuck), 10)

    in_virtual_time(run())
    assert 15 <= len(inbox.polled_at) <= 25


def test_nothing_is_confirmed_before_it_is_handled(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def killed_while_handling() -> None:
        inbox = _Inbox(api, [_message(7, "text")])
        running = asyncio.create_task(_updates(api, _stuck).run())
        await asyncio.sleep(5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [call.offset for call in api.session.calls if isinstance(call, RawUpdates)] == [None]
        assert inbox.waiting

    in_virtual_time(killed_while_handling())


def test_what_was_handled_is_confirmed_by_the_next_poll(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def run() -> None:
        inbox = _Inbox(api, [_message(7, "a"), _message(9, "b")])
        await _run_for(_updates(api, _nothing), 40)
        assert not inbox.waiting

    in_virtual_time(run())
    assert [call.offset for call in api.session.calls if isinstance(call, RawUpdates)][:2] == [None, 10]


async def _nothing(message: Message) -> None: ...


async def _stuck(message: Message) -> None:
    await asyncio.sleep(3600)


_POISON: dict[str, Any] = {
    "unparsable": {"update_id": 5, "message": {"message_id": "many", "text": "секрет"}},
    "unknown": {"update_id": 5, "thought_read": {"text": "секрет"}},
    "empty": {"update_id": 5},
    "half a pair": _message(5, "секрет \ud83d"),
    "huge number": {"update_id": 5, "message": {"message_id": 10**400}},
}


@pytest.mark.parametrize("poison", _POISON.values(), ids=_POISON.keys())
def test_an_update_that_can_not_be_read_is_parked_and_never_comes_again(
    in_virtual_time: RunInVirtualTime, api: Any, poison: dict[str, Any]
) -> None:
    handled: list[str] = []

    async def note(message: Message) -> None:
        handled.append((message.text or "").encode("ascii", "replace").decode())

    async def run() -> None:
        inbox = _Inbox(api, [poison, _message(6, "after")])
        await _run_for(_updates(api, note), 40)
        assert not inbox.waiting

    with capture_logs() as logs:
        in_virtual_time(run())
    assert handled[-1] == "after"
    parked = [line for line in logs if line["event"] == "updates.parked"]
    assert [line["update_id"] for line in parked] in ([5], [])
    assert bool(parked) != (len(handled) == 2)
    assert "секрет" not in json.dumps(logs, ensure_ascii=False)


def test_things_without_a_number_neither_stop_the_rest_nor_spin(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def run() -> list[float]:
        inbox = _Inbox(api, [["no", "update"], {"message": {}}])
        await _run_for(_updates(api, _nothing), 30)
        return inbox.polled_at

    with capture_logs():
        assert len(in_virtual_time(run())) <= 6


def test_a_bug_in_a_handler_is_logged_without_what_was_written(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def broken(message: Message) -> None:
        raise ValueError(message.text)

    async def run() -> None:
        inbox = _Inbox(api, [_message(5, "секрет")])
        await _run_for(_updates(api, broken), 40)
        assert not inbox.waiting

    with capture_logs() as logs:
        in_virtual_time(run())
    [parked] = [line for line in logs if line["event"] == "updates.parked"]
    assert (parked["update_id"], parked["kind"], parked["problem"]) == (5, "message", "ValueError")
    assert parked["where"].startswith("test_updates.py:")
    assert "секрет" not in json.dumps(logs, ensure_ascii=False)


def test_a_handler_that_takes_too_long_is_given_up(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    handled_at: list[float] = []

    async def stuck_on_first(message: Message) -> None:
        if message.text == "stuck":
            await asyncio.sleep(3600)
        handled_at.append(_now())

    async def run() -> None:
        _Inbox(api, [_message(5, "stuck"), _message(6, "next")])
        await _run_for(_updates(api, stuck_on_first), 60)

    with capture_logs() as logs:
        in_virtual_time(run())
    assert handled_at == [pytest.approx(10)]
    assert [line["problem"] for line in logs if line["event"] == "updates.parked"] == ["too slow"]


def test_a_method_returned_by_a_handler_is_called(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def answer(message: Message) -> SendMessage:
        return SendMessage(chat_id=message.chat.id, text="answer")

    async def run() -> None:
        _Inbox(api, [_message(5, "question")])
        await _run_for(_updates(api, answer), 5)

    in_virtual_time(run())
    assert [call.text for call in api.session.sent()] == ["answer"]


# --- trouble ---


def test_a_second_poller_is_one_clear_line_and_a_wait(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def run() -> list[float]:
        inbox = _Inbox(api)
        conflict = api.failed(409, "Conflict: terminated by other getUpdates request")
        inbox.failures = [conflict] * 4
        await _run_for(_updates(api, _nothing), 40)
        return inbox.polled_at

    with capture_logs() as logs:
        polled_at = in_virtual_time(run())
    assert polled_at[:5] == pytest.approx([0, 1, 3, 7, 15])
    assert [(line["event"], line.get("problem")) for line in logs] == [
        ("updates.interrupted", "conflict"),
        ("updates.resumed", None),
    ]


def test_a_lost_network_is_waited_for_ever_longer_up_to_a_minute(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def run() -> list[float]:
        inbox = _Inbox(api)
        inbox.failures = [TelegramNetworkError(GetMe(), "Request timeout error")] * 50
        await _run_for(_updates(api, _nothing), 1000)
        return inbox.polled_at

    with capture_logs() as logs:
        polled_at = in_virtual_time(run())
    rests = [later - earlier for earlier, later in pairwise(polled_at)]
    assert rests == pytest.approx([1, 2, 4, 8, 16, 32, *[60] * (len(rests) - 6)])
    assert [line["event"] for line in logs] == ["updates.interrupted"]


def test_a_429_for_polling_is_obeyed(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def run() -> list[float]:
        inbox = _Inbox(api)
        inbox.failures = [api.failed(429, "Too Many Requests: retry after 17", retry_after=17)]
        await _run_for(_updates(api, _nothing), 20)
        return inbox.polled_at

    with capture_logs():
        assert in_virtual_time(run())[1] == pytest.approx(17)


def test_html_and_broken_json_in_place_of_updates_are_lived_through(
    in_virtual_time: RunInVirtualTime, api: Any
) -> None:
    handled: list[str] = []

    async def note(message: Message) -> None:
        handled.append(message.text or "")

    async def run() -> None:
        inbox = _Inbox(api, [_message(5, "a")])
        inbox.failures = [api.raw(502, "<html>"), api.raw(200, '{"ok": true, "res'), api.failed(500, None)]
        await _run_for(_updates(api, note), 60)

    with capture_logs():
        in_virtual_time(run())
    assert handled == ["a"]


@pytest.mark.parametrize(("status", "text"), [(401, "Unauthorized"), (404, "Not Found")])
def test_a_refused_token_is_one_clear_error(
    in_virtual_time: RunInVirtualTime, api: Any, status: int, text: str
) -> None:
    async def run() -> None:
        _Inbox(api).failures = [api.failed(status, text)]
        await _updates(api, _nothing).run()

    with pytest.raises(TelegramError, match=r"token.*BOT_TOKEN") as raised:
        in_virtual_time(run())
    assert api.bot.token not in str(raised.value)


# --- stopping ---


def test_a_stop_during_a_poll_takes_no_time(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def run() -> float:
        _Inbox(api)
        await _run_for(_updates(api, _nothing), 3)
        return _now()

    assert in_virtual_time(run()) == pytest.approx(3)


def test_a_stop_lets_running_handlers_finish_confirms_them_and_begins_no_others(
    in_virtual_time: RunInVirtualTime, api: Any
) -> None:
    handled: list[str] = []

    async def slow(message: Message) -> None:
        await asyncio.sleep(5)
        handled.append(message.text or "")

    async def run() -> tuple[float, list[Any]]:
        inbox = _Inbox(api, [_message(5, "a"), _message(6, "b"), _message(7, "c")])
        await _run_for(_updates(api, slow), 2)
        return _now(), inbox.waiting

    ended, waiting = in_virtual_time(run())
    assert handled == ["a"]
    assert ended == pytest.approx(5)
    assert [update["update_id"] for update in waiting] == [6, 7]


def test_a_stop_does_not_wait_for_a_stuck_handler(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    async def run() -> tuple[float, list[Any]]:
        inbox = _Inbox(api, [_message(5, "stuck")])
        await _run_for(_updates(api, _stuck), 1)
        return _now(), inbox.waiting

    with capture_logs() as logs:
        ended, waiting = in_virtual_time(run())
    assert ended == pytest.approx(8)
    assert waiting
    assert [line["event"] for line in logs] == ["updates.unfinished_at_stop"]


def test_a_stop_while_telegram_is_away_leaves_the_updates_to_the_next_run(
    in_virtual_time: RunInVirtualTime, api: Any
) -> None:
    async def slow(message: Message) -> None:
        inbox_failures.extend([TelegramNetworkError(GetMe(), "Request timeout error")] * 9)
        await asyncio.sleep(5)

    inbox_failures: list[Any] = []

    async def run() -> list[Any]:
        inbox = _Inbox(api, [_message(5, "a")])
        inbox.failures = inbox_failures
        await _run_for(_updates(api, slow), 2)
        return inbox.waiting

    with capture_logs() as logs:
        assert in_virtual_time(run())
    assert [line["event"] for line in logs] == ["updates.unconfirmed_at_stop"]


# --- the profile ---


def test_commands_and_descriptions_are_set_in_each_language_once_telegram_answers(
    in_virtual_time: RunInVirtualTime, api: Any
) -> None:
    async def run() -> None:
        _Inbox(api)
        await _run_for(_updates(api, _nothing), 5)

    in_virtual_time(run())
    menus = {call.language_code: call.commands for call in api.session.calls if isinstance(call, SetMyCommands)}
    assert set(menus) == {None, "ru"}
    assert [(command.command, command.description) for command in menus[None]] == list(_COMMANDS.items())
    names = [call.__api_method__ for call in api.session.calls]
    assert names.count("setMyDescription") == names.count("setMyShortDescription") == 2


def test_a_profile_telegram_has_already_is_left_alone(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    stored: dict[tuple[str, str | None], Any] = {}

    def answer(method: Any) -> Any:
        name: str = method.__api_method__
        code = getattr(method, "language_code", None)
        if name.startswith("setMy"):
            kind = name.removeprefix("set")
            stored[kind, code] = json.loads(method.model_dump_json(exclude_none=True, exclude_unset=True))
        if name == "getMyCommands":
            return api.ok(stored.get(("MyCommands", code), {}).get("commands", []))
        if name.startswith("getMy"):
            empty = {"description": "", "short_description": ""}
            return api.ok({**empty, **stored.get((name.removeprefix("get"), code), {})})
        return api.ok(True)

    async def introduced_twice() -> int:
        inbox = _Inbox(api)
        api.session.answer = lambda method: inbox.answer(method) if isinstance(method, RawUpdates) else answer(method)
        await _run_for(_updates(api, _nothing), 5)
        first = len(api.session.calls)
        await _run_for(_updates(api, _nothing), 5)
        return first

    first = in_virtual_time(introduced_twice())
    later = [call.__api_method__ for call in api.session.calls[first:]]
    assert not [name for name in later if name.startswith("set")]


def test_a_profile_telegram_refuses_does_not_stop_the_bot(in_virtual_time: RunInVirtualTime, api: Any) -> None:
    handled: list[str] = []

    async def note(message: Message) -> None:
        handled.append(message.text or "")

    async def run() -> None:
        inbox = _Inbox(api, [_message(5, "a")])
        api.session.answer = lambda method: (
            inbox.answer(method)
            if isinstance(method, RawUpdates)
            else api.failed(429, "Too Many Requests: retry after 90", retry_after=90)
        )
        await _run_for(_updates(api, note), 5)

    with capture_logs() as logs:
        in_virtual_time(run())
    assert handled == ["a"]
    assert [line["event"] for line in logs] == ["telegram.profile_not_set"] * 2
