"""Which calls the stand-in accepts, and in what words it refuses the others."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from bot.demo.people import Person
from bot.demo.telegram import StandIn


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x"} | button]]}


def message(**parameters: Any) -> dict[str, Any]:
    return {"chat_id": 7, "text": "x"} | parameters


GOOD = [
    ("getMe", {}),
    ("getme", {}),
    ("sendMessage", message()),
    ("sendMessage", message(text="😀" * 2048)),
    ("sendMessage", message(text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML")),
    ("sendMessage", message(reply_markup=keyboard(callback_data="ж" * 32))),
    ("sendMessage", message(reply_markup=keyboard(url="https://a.b/c"), disable_notification=True)),
    ("sendMessage", message(reply_markup=keyboard(url="tg://resolve?domain=x"))),
    ("sendMessage", message(reply_markup=keyboard(callback_data="x", style="danger"))),
    ("sendMessage", message(reply_markup=keyboard(copy_text={"text": "x"}))),
    ("sendMessage", message(reply_markup=keyboard(disabled={}))),
    ("sendMessage", message(reply_markup={"remove_keyboard": True})),
    ("sendMessage", message(reply_markup={"keyboard": [[{"text": "x"}]]})),
    ("sendMessage", message(link_preview_options={"url": "https://a.b", "show_above_text": True})),
    ("sendMessage", message(entities=[{"type": "bold", "offset": 0, "length": 1}])),
    ("sendMessage", message(reply_parameters={"message_id": 99, "allow_sending_without_reply": True})),
    ("sendMessage", message(parse_mode=None)),
    ("sendChatAction", {"chat_id": 7, "action": "typing"}),
    ("setMyCommands", {"commands": [{"command": "start", "description": "x"}], "scope": {"type": "all_private_chats"}}),
    ("setMyDescription", {"description": "x" * 512, "language_code": "ru"}),
    ("setMyShortDescription", {"short_description": "x" * 120}),
    ("setMyName", {"name": "x" * 64}),
    ("setChatMenuButton", {"menu_button": {"type": "commands"}}),
    ("getChat", {"chat_id": 7}),
    ("setWebhook", {"url": "https://a.b/hook", "allowed_updates": ["message"]}),
    ("deleteWebhook", {"drop_pending_updates": True}),
    ("getWebhookInfo", {}),
    ("setMessageReaction", {"chat_id": 7, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}]}),
]
BAD = [
    ("sendMessage", {"text": "x"}, 400, "chat_id is empty"),
    ("sendMessage", {"chat_id": 7}, 400, "message text is empty"),
    ("sendMessage", message(text=""), 400, "message text is empty"),
    ("sendMessage", message(text=" \n\u200b"), 400, "message text is empty"),
    ("sendMessage", message(text="<b> </b>", parse_mode="HTML"), 400, "message text is empty"),
    ("sendMessage", message(text="x" * 4097), 400, "message is too long"),
    ("sendMessage", message(text="<b>x", parse_mode="HTML"), 400, "can't parse entities"),
    ("sendMessage", message(text="a < b", parse_mode="HTML"), 400, 'Unsupported start tag ""'),
    ("sendMessage", message(chat_id=8), 400, "chat not found"),
    ("sendMessage", message(chat_id="@nobody"), 400, "chat not found"),
    ("sendMessage", message(text=5), 400, 'parameter "text" must be of type String'),
    ("sendMessage", message(chat_id=7.5), 400, '"chat_id" is none of Integer, String'),
    ("sendMessage", message(disable_notification="maybe"), 400, "disable_notification"),
    ("sendMessage", message(disable_notification=1), 400, "Boolean"),
    ("sendMessage", message(disable_web_page_preview=True), 400, 'no field "disable_web_page_preview"'),
    ("sendMessage", message(message_thread_id=3), 400, "message thread not found"),
    ("sendMessage", message(reply_parameters={"message_id": 99}), 400, "message to be replied not found"),
    ("sendMessage", message(reply_parameters={}), 400, "message identifier is not specified"),
    ("sendMessage", message(reply_parameters="nonsense"), 400, "reply_parameters"),
    ("sendMessage", message(link_preview_options={"above": True}), 400, 'no field "above"'),
    ("sendMessage", message(reply_markup=keyboard()), 400, "Text buttons are unallowed"),
    ("sendMessage", message(reply_markup=keyboard(text=" ", callback_data="x")), 400, "non-empty"),
    ("sendMessage", message(reply_markup=keyboard(callback_data="x" * 65)), 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", message(reply_markup=keyboard(callback_data="ж" * 33)), 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", message(reply_markup=keyboard(callback_data="")), 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", message(reply_markup=keyboard(callback_data="x", url="https://a.b")), 400, "several things"),
    ("sendMessage", message(reply_markup=keyboard(url="ftp://a.b")), 400, "Wrong HTTP URL"),
    ("sendMessage", message(reply_markup=keyboard(url="http://localhost/x")), 400, "Wrong HTTP URL"),
    ("sendMessage", message(reply_markup=keyboard(url="http://")), 400, "Wrong HTTP URL"),
    ("sendMessage", message(reply_markup=keyboard(callback_data="x", style="pink")), 400, "style"),
    ("sendMessage", message(reply_markup=keyboard(callback_data="x", colour="red")), 400, 'no field "colour"'),
    ("sendMessage", message(reply_markup=keyboard(copy_text={"text": "x" * 257})), 400, "257 characters"),
    ("sendMessage", message(reply_markup={"inline_keyboard": [{"text": "x"}]}), 400, "must be an array"),
    ("sendMessage", message(entities=[{"type": "bold", "offset": 0, "length": 2}]), 400, "outside the text"),
    ("sendMessage", message(entities=[{"type": "loud", "offset": 0, "length": 1}]), 400, "unknown type"),
    ("sendMessage", message(text="😀", entities=[{"type": "bold", "offset": 1, "length": 1}]), 400, "in two"),
    ("sendMessage", message(text="\ud800"), 400, "UTF-8"),
    ("editMessageText", {"chat_id": 7, "message_id": 99, "text": "x"}, 400, "message to edit not found"),
    ("editMessageText", {"text": "x"}, 400, "message identifier is not specified"),
    ("deleteMessage", {"chat_id": 7, "message_id": 99}, 400, "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, 400, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, 400, "201 characters"),
    ("sendChatAction", {"chat_id": 7, "action": "sleeping"}, 400, "wrong parameter action"),
    ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, 400, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "start", "description": "x" * 257}]}, 400, "257 characters"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, 400, "101 items"),
    ("setMyCommands", {"commands": [], "scope": {"type": "nobody"}}, 400, "scope"),
    ("setMyCommands", {"commands": [], "language_code": "russian"}, 400, "LANG_CODE_INVALID"),
    ("setMyDescription", {"description": "x" * 513}, 400, "513 characters"),
    ("setMyShortDescription", {"short_description": "x" * 121}, 400, "121 characters"),
    ("setMyName", {"name": "x" * 65}, 400, "65 characters"),
    ("setWebhook", {"url": "http://a.b"}, 400, "HTTPS"),
    ("getChatMember", {"chat_id": 7, "user_id": 5}, 400, "user not found"),
    ("sendPhoto", {"chat_id": 7, "photo": "x"}, 400, "doesn't play sendPhoto"),
    ("sendNothing", {}, 404, "method not found"),
]


@pytest.mark.parametrize(("method", "parameters"), GOOD)
async def test_a_right_call_is_accepted(raw_bot: Any, anna: Person, method: str, parameters: dict[str, Any]) -> None:
    assert (await raw_bot.call(method, **parameters))["ok"]


@pytest.mark.parametrize(("method", "parameters", "code", "words"), BAD)
async def test_a_wrong_call_is_refused_with_the_reason(
    raw_bot: Any, anna: Person, method: str, parameters: dict[str, Any], code: int, words: str
) -> None:
    answer = await raw_bot.call(method, **parameters)
    assert (answer["ok"], answer["error_code"]) == (False, code)
    assert words in answer["description"]
    assert not anna.phone


async def test_the_verdicts_are_the_same_without_telegrams_own_parser(web_client: aiohttp.ClientSession) -> None:
    async with StandIn(own_parser=True) as telegram:
        telegram.person(7, "Анна")
        url = f"{telegram.url}/bot{telegram.token}/sendMessage"
        texts = ["<b>x</b>", "<b>x", "a < b"]
        answers = [await web_client.post(url, json=message(text=text, parse_mode="HTML")) for text in texts]
        assert [answer.status for answer in answers] == [200, 400, 400]


async def test_another_token_is_unauthorized(telegram: StandIn, web_client: aiohttp.ClientSession) -> None:
    async with web_client.get(f"{telegram.url}/bot1:x/getMe") as response:
        assert response.status == 401
        assert (await response.json())["description"] == "Unauthorized"


async def test_forms_queries_and_json_say_the_same(
    raw_bot: Any, anna: Person, web_client: aiohttp.ClientSession
) -> None:
    markup = keyboard(callback_data="x")
    fields = {"chat_id": "7", "text": "x", "disable_notification": "true", "reply_markup": json.dumps(markup)}
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    await web_client.post(raw_bot.url("sendMessage"), data=fields)
    await web_client.post(raw_bot.url("sendMessage"), data=multipart)
    await web_client.get(raw_bot.url("sendMessage"), params=fields)
    await raw_bot.send(7, "x", disable_notification=True, reply_markup=markup)
    assert [(m.text, m.silent, m.buttons[0].data) for m in anna.received] == [("x", True, "x")] * 4


async def test_a_file_is_taken_by_the_field_it_comes_in(raw_bot: Any, web_client: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"url": "https://a.b"})
    form.add_field("certificate", b"pem", filename="cert.pem")
    async with web_client.post(raw_bot.url("setWebhook"), data=form) as response:
        assert response.status == 200


async def test_a_body_that_is_no_json_is_refused(raw_bot: Any, web_client: aiohttp.ClientSession) -> None:
    for body in ("{", "[]"):
        async with web_client.post(
            raw_bot.url("getMe"), data=body, headers={"Content-Type": "application/json"}
        ) as response:
            assert response.status == 400


async def test_the_profile_is_kept_by_language(raw_bot: Any) -> None:
    commands = [{"command": "start", "description": "Начать"}]
    await raw_bot.call("setMyCommands", commands=commands, language_code="ru")
    await raw_bot.call("setMyDescription", description="О боте", language_code="ru")
    await raw_bot.call("setMyDescription", description="About")
    assert (await raw_bot.call("getMyCommands", language_code="ru"))["result"] == commands
    assert (await raw_bot.call("getMyCommands"))["result"] == []
    assert (await raw_bot.call("getMyDescription", language_code="ru"))["result"] == {"description": "О боте"}
    assert (await raw_bot.call("getMyDescription", language_code="en"))["result"] == {"description": "About"}
    await raw_bot.call("deleteMyCommands", language_code="ru")
    assert (await raw_bot.call("getMyCommands", language_code="ru"))["result"] == []
