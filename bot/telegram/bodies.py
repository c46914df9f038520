"""Notifications as bytes: a story is rendered and serialised once, and each reader's address is put in.

A sendMessage costs aiogram about half a millisecond of forms and models, nearly all of it for what is the same in every
chat; bench/delivery.py has the figures.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from aiogram import Bot
from aiogram.methods import SendMessage

from bot.model import Due, NotificationKind, Story, Topic
from bot.telegram.render import Rendered, notification

MOST_BODIES: Final = 512
"""Kept at a time, a few kilobytes each: stories being told, times their topics, languages and time zones."""
_QUARTER: Final = 900
"""Seconds. No local day begins within a quarter of an hour, so «17:40» can't become «вчера, 17:40» during one."""

_Key = tuple[int, NotificationKind, int, Topic, str, str, int]
"""Story, kind and edition, topic (its hashtag), language, time zone and quarter of an hour: all that a text depends on.
"""


@dataclass(frozen=True, slots=True)
class _Body:
    story: Story
    """As it was when it was written; a story that changed since is written anew."""
    start: bytes
    """All fields but the reader's own, without the closing brace."""


class Bodies:
    """The JSON bodies of pushes. What is remembered is bounded."""

    def __init__(self, bot: Bot) -> None:
        """`bot` gives the defaults (parse mode), as it does for all that aiogram sends itself."""
        self._bot = bot
        self._bodies: OrderedDict[_Key, _Body] = OrderedDict()

    def body(self, due: Due, now: datetime, *, silent: bool, paid: bool) -> bytes:
        """The whole of a call as JSON: sendMessage, or for a correction editMessageText."""
        kind, first = due.notification.kind, due.first_message_id
        parts = [self._start(due, now), b',"chat_id":%d' % due.subscriber.chat_id]
        if kind is NotificationKind.CORRECTION:
            return b"".join((*parts, b',"message_id":%d}' % (first or 0)))
        if kind is NotificationKind.FOLLOW_UP and first is not None:
            parts.append(b',"reply_parameters":{"message_id":%d,"allow_sending_without_reply":true}' % first)
        if due.subscriber.thread_id:
            parts.append(b',"message_thread_id":%d' % due.subscriber.thread_id)
        if silent:
            parts.append(b',"disable_notification":true')
        if paid:
            parts.append(b',"allow_paid_broadcast":true')
        parts.append(b"}")
        return b"".join(parts)

    def _start(self, due: Due, now: datetime) -> bytes:
        reader, story = due.subscriber, due.story
        quarter = int(now.timestamp() // _QUARTER)
        told = due.notification
        key = (story.id, told.kind, told.edition, due.topic, reader.language, reader.time_zone, quarter)
        known = self._bodies.get(key)
        if known is None or (known.story is not story and known.story != story):
            known = _Body(story, self._serialised(notification(due, now)))
        elif known.story is not story:  # each claim reads it anew, and all of a claim share it
            known = _Body(story, known.start)
        self._bodies[key] = known
        self._bodies.move_to_end(key)
        if len(self._bodies) > MOST_BODIES:
            self._bodies.popitem(last=False)
        return known.start

    def _serialised(self, rendered: Rendered) -> bytes:
        message = SendMessage(
            chat_id=0,
            text=rendered.text,
            link_preview_options=rendered.preview,
            reply_markup=rendered.keyboard,
        )
        return orjson.dumps(_fields(self._bot, message))[:-1]


def _fields(bot: Bot, message: SendMessage) -> dict[str, Any]:
    """What aiogram would put into its form, as values: what is empty or nought is left out, a chat id of 0 too."""
    given = message.model_dump(warnings=False).items()
    prepared = {name: bot.session.prepare_value(value, bot, {}, _dumps_json=False) for name, value in given}
    return {name: value for name, value in prepared.items() if value}
