"""What comes after the first message of a story: a silent reply, or the message itself changed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiogram import Bot

from bot.demo.chats import Message
from bot.demo.people import Person
from bot.demo.telegram import StandIn
from bot.model import Delivered, Due, Missing, NotificationKind, Outcome, Reason, Story
from bot.telegram.bots import make_bot
from bot.telegram.budget import SendBudget
from bot.telegram.render import notification, story_card
from bot.telegram.sender import TelegramMessenger
from bot.words import words


def edition(due: Due, kind: NotificationKind, **changes: Any) -> Due:
    return replace(due, notification=replace(due.notification, kind=kind, edition=1), **changes)


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


# --- how they look ---


def test_a_follow_up_says_that_it_is_one(due: Due, now: datetime) -> None:
    text = notification(edition(due, NotificationKind.FOLLOW_UP), now).text
    assert plain(text).split("\n")[1] == "Продолжение · Труд · 17:40"


@pytest.mark.parametrize(("kind", "said"), [("risen_major", "важная"), ("risen_breaking", "срочная")])
def test_that_it_has_become_important_is_said_with_the_reasons_alone(
    due: Due, now: datetime, kind: str, said: str
) -> None:
    important = replace(due.story, because=(Reason("owners", {"count": 7, "minutes": 40}), Reason("urgent")))
    card = notification(edition(due, NotificationKind.FOLLOW_UP, adds=Reason(kind), story=important), now)
    assert plain(card.text).replace("\u00a0", " ").split("\n") == [
        f"Теперь это {said} новость",
        "• За 40 минут об этом написали 7 редакций",
        "• Источник пометил новость как срочную",
    ]
    assert due.story.title not in card.text


def test_a_corrected_story_says_when(story: Story, now: datetime) -> None:
    corrected = replace(story, corrected_at=now + timedelta(minutes=5))
    text = story_card(corrected, None, words("ru"), "Europe/Moscow", now + timedelta(minutes=6)).text
    assert plain(text).split("\n")[1] == "Труд · 17:40 · уточнено 18:05"
    english = story_card(corrected, None, words("en"), "Europe/Moscow", now + timedelta(minutes=6)).text
    assert "corrected 18:05" in english


def test_a_withdrawn_story_is_struck_out_and_tells_nothing_more(story: Story, now: datetime) -> None:
    card = story_card(replace(story, withdrawn_at=now), None, words("ru"), "Europe/Moscow", now)
    assert card.text.startswith(f"<s>{story.title}</s>")
    assert "Эту новость отозвали (18:00)." in plain(card.text)
    assert story.summary not in card.text
    assert card.preview.is_disabled
    assert [button.text for row in card.keyboard.inline_keyboard for button in row] == ["Почему?"]


# --- how they are sent ---


@dataclass
class Desk:
    telegram: StandIn
    bot: Bot
    anna: Person
    now: datetime

    async def push(self, due: Due, *, silent: bool = True) -> Outcome:
        """Each within a budget of its own, as if the last message had been long ago."""
        return await TelegramMessenger(self.bot, SendBudget(1000), lambda: self.now).push(due, silent)

    async def first(self, due: Due) -> int:
        told = await self.push(due, silent=False)
        assert isinstance(told, Delivered)
        return told.message_id

    @property
    def messages(self) -> list[Message]:
        return list(self.anna.received)


@pytest.fixture
async def desk(due: Due, now: datetime) -> AsyncIterator[Desk]:
    async with StandIn(own_parser=True) as telegram:
        anna = telegram.person(due.subscriber.chat_id, "Анна")
        async with make_bot(telegram.token, telegram.url, SendBudget(1000), urgent=False) as bot:
            yield Desk(telegram, bot, anna, now)


async def test_a_follow_up_is_a_silent_reply_to_the_first_message(desk: Desk, due: Due) -> None:
    first = await desk.first(due)
    more = edition(due, NotificationKind.FOLLOW_UP, first_message_id=first)
    assert isinstance(await desk.push(more), Delivered)
    reply = desk.messages[-1]
    assert (reply.reply_to, reply.silent) == (first, True)


async def test_a_follow_up_comes_even_if_the_first_message_was_deleted(desk: Desk, due: Due) -> None:
    more = edition(due, NotificationKind.FOLLOW_UP, first_message_id=999)
    assert isinstance(await desk.push(more), Delivered)


async def test_a_correction_changes_the_message_and_sends_none(desk: Desk, due: Due, now: datetime) -> None:
    first = await desk.first(due)
    corrected = replace(due.story, title="Переговоры перенесены", corrected_at=now)
    change = edition(due, NotificationKind.CORRECTION, story=corrected, first_message_id=first)

    assert await desk.push(change) == Delivered(first)
    assert await desk.push(change) == Delivered(first)  # made already

    assert len({message.id for message in desk.messages}) == 1
    assert "Переговоры перенесены" in desk.messages[-1].text
    assert "уточнено 18:00" in desk.messages[-1].text


async def test_a_message_that_is_no_longer_there_is_left_alone(desk: Desk, due: Due) -> None:
    change = edition(due, NotificationKind.CORRECTION, first_message_id=999)
    assert await desk.push(change) == Missing(Reason("message_gone"))
