"""[Withdraw] under "why?": the publisher takes a story back; messages that were sent then say so."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.subscribers import Publisher
from bot.telegram.callbacks import WhyStory, WithdrawStory
from bot.words import Words
from handlers.buttons import button, keyboard
from handlers.replies import change, send
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="withdraw")
    router.callback_query.register(withdraw, WithdrawStory.filter())
    return router


def offer(words: Words, story_id: int) -> InlineKeyboardMarkup:
    """The button that asks first."""
    return keyboard([[button(words("🗑 Withdraw this story"), WithdrawStory(story=story_id, answer="ask"))]])


async def withdraw(query: CallbackQuery, callback_data: WithdrawStory, talk: Talk) -> str | None:
    publisher = talk.use_cases.publisher_in(talk.subscriber)
    if publisher is None or query.message is None:
        return talk.words("This button no longer works. Open /topics again.")
    if callback_data.answer == "ask":
        question = talk.words("Withdraw this story? It won’t be sent any more, and messages already sent will say so.")
        await send(query.message, question, _sure(talk.words, callback_data.story))
        return None
    back = button(talk.words("Why?"), WhyStory(story=callback_data.story))
    await change(query, await _answer(callback_data, publisher, talk), keyboard([[back]]))
    return None


async def _answer(callback_data: WithdrawStory, publisher: Publisher, talk: Talk) -> str:
    if callback_data.answer == "no":
        return talk.words("The story stays.")
    if await publisher.store.withdraw(callback_data.story, talk.now):
        return talk.words("Withdrawn. The messages are being changed.")
    return talk.words("This story is withdrawn already.")


def _sure(words: Words, story_id: int) -> InlineKeyboardMarkup:
    yes = button(words("Yes, withdraw it"), WithdrawStory(story=story_id, answer="yes"))
    return keyboard([[yes], [button(words("No, keep it"), WithdrawStory(story=story_id, answer="no"))]])
