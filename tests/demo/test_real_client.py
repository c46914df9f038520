"""The stand-in answers as the bot's own Telegram library expects."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, LinkPreviewOptions, ReplyParameters
from aiogram.types import InlineKeyboardButton as Button
from aiogram.types import InlineKeyboardMarkup as Keyboard

from bot.demo import faults
from bot.demo.people import Person
from bot.demo.telegram import StandIn


@pytest.fixture
async def client(telegram: StandIn) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))) as bot:
        yield bot


async def test_a_message_with_buttons_arrives_and_comes_back_typed(client: Bot, anna: Person) -> None:
    keyboard = Keyboard(
        inline_keyboard=[[Button(text="Читать", url="https://a.b/c"), Button(text="Почему?", callback_data="why:1")]]
    )
    sent = await client.send_message(
        7,
        "<b>Новость</b> &amp; <a href='https://a.b/c'>ссылка</a>",
        parse_mode="HTML",
        reply_markup=keyboard,
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(url="https://a.b/c", show_above_text=True),
    )
    (shown,) = anna.received
    assert (shown.id, shown.text, shown.silent) == (sent.message_id, "Новость & ссылка", True)
    assert shown.links == ("https://a.b/c",)
    assert shown.link_preview == {"url": "https://a.b/c", "show_above_text": True}
    assert sent.reply_markup
    assert sent.reply_markup.model_dump() == keyboard.model_dump()
    reply = await client.send_message(7, "ещё", reply_parameters=ReplyParameters(message_id=sent.message_id))
    assert reply.reply_to_message is not None


async def test_every_kind_of_update_is_understood(client: Bot, telegram: StandIn, anna: Person) -> None:
    await client.send_message(7, "x", reply_markup=Keyboard(inline_keyboard=[[Button(text="y", callback_data="y")]]))
    await anna.says("/start")
    await anna.presses(anna.received[0], "y")
    anna.blocks()
    group = telegram.group(-5, "Редакция", anna)
    group.adds_bot("administrator")
    group.becomes_supergroup(-1005)
    updates = await client.get_updates()
    kinds = ["message", "callback_query", "my_chat_member", "my_chat_member", "message", "message"]
    assert [update.event_type for update in updates] == kinds


async def test_the_profile_and_chats_come_back_typed(client: Bot, telegram: StandIn, anna: Person) -> None:
    commands = [BotCommand(command="start", description="Начать")]
    scope = BotCommandScopeAllPrivateChats()
    await client.set_my_commands(commands, scope, "ru")
    assert [command.description for command in await client.get_my_commands(scope, "ru")] == ["Начать"]
    telegram.group(-5, "Редакция", anna, bot="administrator")
    assert (await client.get_me()).is_bot
    assert (await client.get_chat(7)).first_name == "Анна"
    assert len(await client.get_chat_administrators(-5)) == 2
    assert (await client.get_webhook_info()).url == ""


async def test_refusals_become_the_librarys_own_errors(client: Bot, telegram: StandIn, anna: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await client.send_message(7, "<b>x", parse_mode="HTML")
    telegram.faults.inject(faults.too_many_requests(3))
    with pytest.raises(TelegramRetryAfter) as waited:
        await client.send_message(7, "x")
    assert waited.value.retry_after == 3
    telegram.faults.inject(faults.migrated(-1005))
    with pytest.raises(TelegramMigrateToChat) as moved:
        await client.send_message(7, "x")
    assert moved.value.migrate_to_chat_id == -1005
