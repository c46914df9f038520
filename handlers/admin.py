"""/admin: how the installation is doing, for its publisher only; to anybody else there is no such command."""

from __future__ import annotations

from typing import Any, Final

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.model import FailingPoll, NotificationState, Status, SubscriberState
from bot.subscribers import Publisher
from bot.telegram.callbacks import ShowStatus
from handlers.buttons import button, column
from handlers.replies import change, send
from handlers.talk import Talk
from handlers.texts import html

_MOST_FAILING: Final = 10
"""Addresses named; the rest are counted."""


def create_router() -> Router:
    router = Router(name="admin")
    # Only in private: a group would read along.
    router.message.register(admin, Command("admin", ignore_case=True), F.chat.type == ChatType.PRIVATE, _is_publisher)
    router.callback_query.register(show_anew, ShowStatus.filter())
    return router


async def _is_publisher(message: Message, talk: Talk, **_: Any) -> bool:
    publisher, user = talk.use_cases.publisher, message.from_user
    return publisher is not None and user is not None and user.id in publisher.user_ids


async def admin(message: Message, talk: Talk) -> None:
    publisher = talk.use_cases.publisher
    if publisher is not None:
        await send(message, *await _page(publisher, talk))


async def show_anew(query: CallbackQuery, talk: Talk) -> str | None:
    publisher = talk.use_cases.publisher_in(talk.subscriber)
    if publisher is None:
        return talk.words("This button no longer works. Open /topics again.")
    await change(query, *await _page(publisher, talk))
    return talk.words("So it is now.")


async def _page(publisher: Publisher, talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    text = figures(await publisher.store.status(talk.now), talk)
    return text, column([button(talk.words("🔄 Show anew"), ShowStatus())])


def figures(status: Status, talk: Talk) -> str:
    """The status as HTML."""
    words = talk.words
    people, news = status.subscribers, status.notifications
    due = html(words, "Waiting to be sent: {count}", count=news.get(NotificationState.DUE, 0))
    if status.oldest_due_at is not None and status.oldest_due_at < talk.now:
        due += " " + html(words, "(the oldest for {span})", span=words.span(talk.now - status.oldest_due_at))
    lines = (
        html(
            words,
            "Subscribers: {active}; paused: {paused}; gone: {gone}",
            active=people.get(SubscriberState.ACTIVE, 0),
            paused=people.get(SubscriberState.PAUSED, 0),
            gone=people.get(SubscriberState.GONE, 0),
        ),
        due,
        html(words, "Held for a digest: {count}", count=news.get(NotificationState.HELD, 0)),
        html(words, "Outcome unknown: {count}", count=news.get(NotificationState.UNKNOWN, 0)),
        html(words, "Refused by Telegram: {count}", count=news.get(NotificationState.PARKED, 0)),
        html(words, "Sources last asked: {when}", when=_when(status, talk)),
    )
    return "\n".join((words("<b>How the bot is doing</b>"), "", *lines, "", *_failing(status.failing, talk)))


def _when(status: Status, talk: Talk) -> str:
    if status.polled_at is None:
        return talk.words("never")
    return talk.words.when(status.polled_at, talk.subscriber.time_zone, talk.now)


def _failing(polls: tuple[FailingPoll, ...], talk: Talk) -> list[str]:
    words = talk.words
    if not polls:
        return [words("Every source can be read.")]
    lines = [words("<b>Cannot be read:</b>"), *(_poll(poll, talk) for poll in polls[:_MOST_FAILING])]
    if len(polls) > _MOST_FAILING:
        lines.append(html(words, "and {count} more", count=len(polls) - _MOST_FAILING))
    return lines


def _poll(poll: FailingPoll, talk: Talk) -> str:
    times = talk.words.plural("{count} failure in a row", "{count} failures in a row", poll.failures)
    return html(
        talk.words,
        "• {source}: {error} ({times})",
        source=poll.source,
        error=talk.words.trouble(poll.error),
        times=times,
    )
