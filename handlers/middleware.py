"""Around every update: who is speaking, and what happens when something goes wrong."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from aiogram.dispatcher.middlewares.user_context import EventContext
from aiogram.enums import ChatType
from aiogram.exceptions import AiogramError, TelegramForbiddenError
from aiogram.types import CallbackQuery, Chat, InaccessibleMessage, Message, TelegramObject, Update, User

from bot.model import Subscriber, SubscriberState
from bot.ports import Clock
from bot.subscribers import UseCases, arrivals
from bot.words import Words
from bot.words import words as words_in
from handlers.replies import send
from handlers.talk import Handler, Talk

_log = structlog.get_logger()


class Guard:
    """One update's failure is one log line and a short apology; a pressed button is answered whatever happens.

    A callback handler returns what the button's answer shall say, or None for a silent one.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)  # noqa: S101 - registered for updates only
        try:
            result = await handler(event, data)
        except TelegramForbiddenError:  # they left while we were answering
            _log.info("conversation.reply_refused", update_id=event.update_id)
            return None
        except Exception as error:
            _log.error(
                "conversation.failed", update_id=event.update_id, error=type(error).__name__, where=_where(error)
            )
            result = await self._apologise(event, _words_of(data["event_context"].user))
        if event.callback_query is not None:
            await _answer(event.callback_query, result if isinstance(result, str) else None)
        return None

    async def _apologise(self, event: Update, words: Words) -> str:
        apology = words("Sorry, something went wrong. Please try again a little later.")
        message = event.message or event.edited_message
        if message is not None and _speaks_to_us(message):
            try:
                await send(message, apology)
            except AiogramError as error:
                _log.info("conversation.no_apology", update_id=event.update_id, error=type(error).__name__)
        return apology


@dataclass(frozen=True)
class Context:
    """Finds out who the chat is to us, and hands on what handlers need to answer it."""

    use_cases: UseCases
    clock: Clock

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        context: EventContext = data["event_context"]
        if context.chat is None or _of_unknown_thread(event, context.chat) or _of_another_chat(context):
            return _words_of(context.user)("This button no longer works. Open /topics again.")
        subscriber = await self._subscriber(context.chat, context.user, context.thread_id or 0)
        if subscriber.state is SubscriberState.GONE and isinstance(event, Update) and event.message is not None:
            # Whoever writes to us can be reached again, even if Telegram never told us of the unblocking.
            await arrivals.returned(self.use_cases, subscriber.chat_id)
        now = self.clock()
        if isinstance(event, Update) and _is_sign_of_life(event):
            subscriber = await arrivals.seen(self.use_cases, subscriber, now)
        data["talk"] = Talk(self.use_cases, subscriber, words_in(subscriber.language), now)
        return await handler(event, data)

    async def _subscriber(self, chat: Chat, user: User | None, thread_id: int) -> Subscriber:
        """As stored; else a stranger, who is stored when they first change something."""
        return await self.use_cases.store.subscriber(chat.id, thread_id) or Subscriber(
            chat_id=chat.id,
            thread_id=thread_id,
            chat_kind=chat.type,
            language=arrivals.language_for(user.language_code if user else None, chat.title),
            time_zone=self.use_cases.time_zone,
        )


async def _answer(query: CallbackQuery, text: str | None) -> None:
    try:
        await query.answer(text)
    except AiogramError as error:  # too old to be answered, or Telegram is away: nobody waits for it any more
        _log.info("conversation.button_not_answered", error=type(error).__name__)


def _language_of(user: User | None) -> str:
    return arrivals.language_for(user.language_code if user else None)


def _words_of(user: User | None) -> Words:
    return words_in(_language_of(user))


def _of_unknown_thread(event: TelegramObject, chat: Chat) -> bool:
    """A button below a message so old that Telegram no longer says which forum thread it stands in."""
    query = event.callback_query if isinstance(event, Update) else None
    return query is not None and isinstance(query.message, InaccessibleMessage) and bool(chat.is_forum)


def _of_another_chat(context: EventContext) -> bool:
    """A private chat has the id of its only person: from anybody else it is forged."""
    chat, user = context.chat, context.user
    return chat is not None and user is not None and chat.type == ChatType.PRIVATE and chat.id != user.id


def _is_sign_of_life(event: Update) -> bool:
    return event.callback_query is not None or (event.message is not None and _speaks_to_us(event.message))


def _speaks_to_us(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE or (message.text or "").startswith("/")


def _where(error: Exception) -> str:
    """The innermost places of our own code: enough to find it, and nothing of what anybody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))
