"""People, groups and what the bot sees of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.demo.people import Person
from bot.demo.telegram import StandIn

WHY = {"inline_keyboard": [[{"text": "Читать", "url": "https://a.b/c"}, {"text": "Почему?", "callback_data": "why:1"}]]}


async def test_a_command_comes_as_an_update_with_its_entity(raw_bot: Any, anna: Person) -> None:
    await anna.says("😀 /start topic_syria")
    (update,) = await raw_bot.updates()
    assert update["message"]["text"] == "😀 /start topic_syria"
    assert update["message"]["from"]["language_code"] == "ru"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 3, "length": 6}]


async def test_a_poll_waits_until_something_comes(raw_bot: Any, anna: Person) -> None:
    poll = asyncio.create_task(raw_bot.updates(timeout=30))
    await raw_bot.call("getMe")
    assert not poll.done()
    await anna.says("привет")
    assert [update["message"]["text"] for update in await poll] == ["привет"]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(raw_bot: Any, anna: Person) -> None:
    for text in ("1", "2", "3"):
        await anna.says(text)
    first, *_ = await raw_bot.updates()
    assert [u["update_id"] for u in await raw_bot.updates(limit=2)] == [1, 2]
    assert [u["update_id"] for u in await raw_bot.updates(first["update_id"] + 1)] == [2, 3]
    assert [u["update_id"] for u in await raw_bot.updates(-1)] == [3]
    assert await raw_bot.updates(4) == []


async def test_a_second_poll_ends_the_first_with_a_conflict(raw_bot: Any, telegram: StandIn) -> None:
    first = asyncio.create_task(raw_bot.call("getUpdates", timeout=30))
    while telegram.world.updates._poll is None:
        await raw_bot.call("getMe")
    second = asyncio.create_task(raw_bot.call("getUpdates", timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await telegram.person(8, "Борис").says("x")
    assert (await second)["ok"]


async def test_a_webhook_keeps_polls_away(raw_bot: Any) -> None:
    await raw_bot.call("setWebhook", url="https://a.b/hook")
    assert (await raw_bot.call("getUpdates"))["error_code"] == 409
    assert (await raw_bot.call("getWebhookInfo"))["result"]["url"] == "https://a.b/hook"
    await raw_bot.call("deleteWebhook")
    assert (await raw_bot.call("getUpdates"))["ok"]


async def test_only_the_kinds_asked_for_come(raw_bot: Any, anna: Person) -> None:
    await raw_bot.updates(allowed_updates=["my_chat_member"])
    await anna.says("x")
    anna.blocks()
    assert [list(update)[1] for update in await raw_bot.updates()] == ["my_chat_member"]


async def test_a_pressed_button_comes_back_with_its_data_and_can_be_answered(raw_bot: Any, anna: Person) -> None:
    await raw_bot.send(7, "Новость", reply_markup=WHY)
    press = await anna.presses(anna.received[-1], "Почему?")
    (update,) = await raw_bot.updates()
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("why:1", 7, "Новость")
    assert anna.answer_to(press) is None
    await raw_bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Потому")
    assert (anna.answer_to(press) or {})["text"] == "Потому"


async def test_a_button_is_found_by_label_or_data(raw_bot: Any, anna: Person) -> None:
    await raw_bot.send(7, "x", reply_markup=WHY)
    shown = anna.received[-1]
    assert shown.button("why:1") == shown.button("Почему") == shown.buttons[1]
    with pytest.raises(LookupError, match="Читать"):
        shown.button("Follow")
    with pytest.raises(LookupError, match="opens"):
        await anna.presses(shown, "Читать")


async def test_the_phone_shows_edits_and_no_deleted_messages(raw_bot: Any, anna: Person) -> None:
    one = (await raw_bot.send(7, "<b>раз</b>", parse_mode="HTML", disable_notification=True))["result"]
    two = (await raw_bot.send(7, "два"))["result"]
    await raw_bot.call("editMessageText", chat_id=7, message_id=one["message_id"], text="три", reply_markup=WHY)
    await raw_bot.call("deleteMessage", chat_id=7, message_id=two["message_id"])
    (shown,) = anna.phone
    assert (shown.text, shown.silent, shown.entities, len(shown.buttons)) == ("три", True, (), 2)
    assert shown.edited_at is not None


async def test_an_edit_that_changes_nothing_is_refused(raw_bot: Any, anna: Person) -> None:
    sent = (await raw_bot.send(7, "x", reply_markup=WHY))["result"]["message_id"]
    same = await raw_bot.call("editMessageText", chat_id=7, message_id=sent, text="x", reply_markup=WHY)
    assert same["description"].startswith("Bad Request: message is not modified")
    bare = await raw_bot.call("editMessageReplyMarkup", chat_id=7, message_id=sent)
    assert bare["ok"]
    assert anna.received[-1].buttons == ()


async def test_a_persons_message_cannot_be_edited(raw_bot: Any, anna: Person) -> None:
    theirs = await anna.says("x")
    answer = await raw_bot.call("editMessageText", chat_id=7, message_id=theirs.id, text="y")
    assert answer["description"] == "Bad Request: message can't be edited"


async def test_a_block_is_told_at_once_and_refuses_messages_until_it_ends(raw_bot: Any, anna: Person) -> None:
    anna.blocks()
    answer = await raw_bot.send(7, "x")
    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    anna.unblocks()
    assert (await raw_bot.send(7, "x"))["ok"]
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in await raw_bot.updates()]
    assert statuses == ["kicked", "member"]


async def test_a_deleted_account_answers_403(raw_bot: Any, anna: Person) -> None:
    anna.deactivates()
    assert (await raw_bot.send(7, "x"))["description"] == "Forbidden: user is deactivated"


async def test_a_chat_exists_only_once_somebody_opened_it(raw_bot: Any, telegram: StandIn) -> None:
    telegram.person(9, "Вера", opened=False)
    assert (await raw_bot.send(9, "x"))["description"] == "Bad Request: chat not found"


async def test_a_group_has_members_admins_and_forum_threads(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    group = telegram.group(-5, "Редакция", anna, kind="supergroup")
    group.joins(telegram.person(8, "Борис"))
    group.opens_thread(3, "Сирия")
    assert (await raw_bot.send(-5, "x", message_thread_id=3))["result"]["message_thread_id"] == 3
    group.closes_thread(3)
    assert (await raw_bot.send(-5, "x", message_thread_id=3))["description"] == "Bad Request: message thread not found"
    admins = (await raw_bot.call("getChatAdministrators", chat_id=-5))["result"]
    assert [admin["user"]["first_name"] for admin in admins] == ["Анна"]
    assert (await raw_bot.call("getChatMember", chat_id=-5, user_id=8))["result"]["status"] == "member"
    assert (await raw_bot.call("getChatMemberCount", chat_id=-5))["result"] == 3


async def test_a_bot_in_a_group_reads_commands_only_unless_it_is_admin(
    raw_bot: Any, telegram: StandIn, anna: Person
) -> None:
    group = telegram.group(-5, "Редакция", anna)
    await anna.says("болтовня", chat=group)
    await anna.says("/start", chat=group)
    group.adds_bot("administrator")
    await anna.says("ещё", chat=group)
    texts = [update["message"]["text"] for update in await raw_bot.updates() if "message" in update]
    assert texts == ["/start", "ещё"]


async def test_a_removed_bot_is_told_and_refused(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    group = telegram.group(-5, "Редакция", anna, kind="supergroup")
    group.removes_bot()
    assert (await raw_bot.send(-5, "x"))["description"] == "Forbidden: bot was kicked from the supergroup chat"
    (update,) = await raw_bot.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_group_that_became_a_supergroup_names_its_new_id(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    group = telegram.group(-5, "Редакция", anna).becomes_supergroup(-1005)
    answer = await raw_bot.send(-5, "x")
    assert answer["error_code"] == 400
    assert answer["parameters"] == {"migrate_to_chat_id": -1005}
    assert (await raw_bot.send(-1005, "x"))["ok"]
    assert [message.text for message in group.received] == ["x"]
    service = [update["message"] for update in await raw_bot.updates()]
    assert [service[0]["migrate_to_chat_id"], service[1]["migrate_from_chat_id"]] == [-1005, -5]


async def test_a_channel_shows_posts_of_no_person(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    channel = telegram.channel(-1006, "Лента", anna)
    result = (await raw_bot.send(-1006, "x"))["result"]
    assert result["sender_chat"]["id"] == -1006
    assert len(channel.received) == 1


async def test_a_bot_that_left_cannot_write(raw_bot: Any, telegram: StandIn, anna: Person) -> None:
    telegram.group(-5, "Редакция", anna)
    assert (await raw_bot.call("leaveChat", chat_id=-5))["ok"]
    assert (await raw_bot.send(-5, "x"))["error_code"] == 403


async def test_it_can_be_closed_while_a_poll_waits_and_opened_again(web_client: Any) -> None:
    telegram = StandIn()
    async with telegram:
        url = f"{telegram.url}/bot{telegram.token}/getUpdates"
        poll = asyncio.create_task(web_client.post(url, json={"timeout": 50}))
        while telegram.world.updates._poll is None:
            await web_client.get(f"{telegram.url}/bot{telegram.token}/getMe")
    assert (await (await poll).json())["result"] == []
    await telegram.person(7, "Анна").says("x")
    async with telegram, web_client.get(f"{telegram.url}/bot{telegram.token}/getUpdates") as response:
        assert len((await response.json())["result"]) == 1
