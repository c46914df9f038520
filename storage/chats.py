"""What happens to a chat, with every subscriber (forum thread) in it: it goes, comes back, or moves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import NamedFromClause

from bot.model import NotificationState, Reason, SubscriberState
from storage.people import state_values
from storage.records import IS_DUE, TOLD, notifications_of, plain_reason
from storage.schema import digests, muted_stories, notifications, subscribers, subscriptions


async def set_states(
    connection: AsyncConnection, whom: ColumnElement[bool], state: SubscriberState, until: datetime | None = None
) -> None:
    await connection.execute(update(subscribers).where(whom).values(state_values(state, until)))


async def set_chat_state(connection: AsyncConnection, chat_id: int, state: SubscriberState) -> None:
    """ACTIVE says that the chat can be reached again, and nothing about a pause."""
    facts = {"gone": False} if state is SubscriberState.ACTIVE else state_values(state)
    await connection.execute(update(subscribers).where(subscribers.c.chat_id == chat_id).values(facts))


async def take_along(connection: AsyncConnection, subscriber_id: int, chat_id: int | None, *, gone: bool) -> None:
    """What Telegram's answer said of the subscriber's chat: its new id, or that it's gone.

    What another worker is sending them meanwhile it still settles: its lease stays.
    """
    whom = subscribers.c.id == subscriber_id
    if chat_id is not None:
        old = await connection.scalar(select(subscribers.c.chat_id).where(whom))
        if old is not None:
            await move_chat(connection, old, chat_id)
    if gone:
        await set_states(connection, whom, SubscriberState.GONE)
        others = update(notifications).where(notifications.c.subscriber_id == subscriber_id, IS_DUE)
        skipped = {"state": NotificationState.SKIPPED.value, "reason": plain_reason(Reason("gone"))}
        await connection.execute(others.values(skipped))


async def move_chat(connection: AsyncConnection, chat_id: int, new_chat_id: int) -> None:
    """Every subscriber of the chat moves; one that was at the new address becomes part of the one that comes."""
    if chat_id == new_chat_id:
        return
    movers = await connection.execute(
        select(subscribers.c.id, subscribers.c.thread_id, subscribers.c.gone).where(subscribers.c.chat_id == chat_id)
    )
    for mover in movers.all():
        there = and_(subscribers.c.chat_id == new_chat_id, subscribers.c.thread_id == mover.thread_id)
        other = (await connection.execute(select(subscribers.c.id, subscribers.c.gone).where(there))).one_or_none()
        if other is not None:
            await _absorb(connection, mover.id, other.id)
        await connection.execute(
            update(subscribers)
            .where(subscribers.c.id == mover.id)
            .values(chat_id=new_chat_id, chat_kind="supergroup", gone=mover.gone and (other is None or other.gone))
        )


async def _absorb(connection: AsyncConnection, mover: int, other: int) -> None:
    """The mover's settings stand. What either was told stays told: the chat isn't told it twice."""
    followed = select(subscriptions.c.topic_id).where(subscriptions.c.subscriber_id == mover)
    new = and_(subscriptions.c.subscriber_id == other, subscriptions.c.topic_id.not_in(followed))
    await connection.execute(update(subscriptions).where(new).values(subscriber_id=mover))
    ours, theirs = notifications_of(mover), notifications_of(other)
    told_to_other = _twin(other, notifications.alias(), told=True)
    await connection.execute(delete(notifications).where(ours, notifications.c.state.not_in(TOLD), told_to_other))
    await connection.execute(delete(notifications).where(theirs, _twin(mover, notifications.alias())))
    await connection.execute(update(notifications).where(theirs).values(subscriber_id=mover))
    for table, same in ((digests, "kind"), (muted_stories, "story_id")):
        has = select(table.c[same]).where(table.c.subscriber_id == mover)
        lacking = and_(table.c.subscriber_id == other, table.c[same].not_in(has))
        await connection.execute(update(table).where(lacking).values(subscriber_id=mover))
    await connection.execute(delete(subscribers).where(subscribers.c.id == other))


def _twin(subscriber_id: int, twin: NamedFromClause, told: bool = False) -> ColumnElement[bool]:
    """That the subscriber has the same notification, too."""
    same = [twin.c[name] == notifications.c[name] for name in ("story_id", "kind", "edition")]
    if told:
        same.append(twin.c.state.in_(TOLD))
    return exists().where(twin.c.subscriber_id == subscriber_id, *same)
