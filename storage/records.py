"""Between rows and the model: the only place that knows both names of a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Table, and_, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    Archived,
    Article,
    Level,
    Mark,
    Notification,
    NotificationKind,
    NotificationState,
    Reason,
    Topic,
)
from storage.schema import articles, notifications, stories

Record = Row[*tuple[Any, ...]]
T = TypeVar("T")

MANY: Final = 5000
"""Values in one IN list: both engines refuse more than 32,766 parameters in a statement."""


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), MANY):
        yield values[start : start + MANY]


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """An INSERT that may say ON CONFLICT: the same words on both engines, but a class of each dialect's own."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]  # the same methods, no common base
    return sqlite.insert(table)


# --- reasons and marks ---------------------------------------------------------------------------------------------


def plain_reason(reason: Reason | None) -> dict[str, Any] | None:
    return None if reason is None else {"kind": reason.kind, "values": dict(reason.values)}


def plain_reasons(reasons: Iterable[Reason]) -> list[dict[str, Any] | None]:
    return [plain_reason(reason) for reason in reasons]


def as_reason(plain: Mapping[str, Any] | None) -> Reason | None:
    return None if plain is None else Reason(plain["kind"], plain["values"])


def as_reasons(plain: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(each["kind"], each["values"]) for each in plain)


def plain_marks(marks: Iterable[Mark]) -> list[list[str]]:
    return [[mark.name, mark.notice] for mark in marks]


def as_marks(plain: Iterable[Sequence[str]]) -> tuple[Mark, ...]:
    return tuple(Mark(name, notice) for name, notice in plain)


# --- articles ------------------------------------------------------------------------------------------------------


def article_values(article: Article, summary: str, story_id: int) -> dict[str, Any]:
    return {
        "source_id": article.source_id,
        "key": article.key,
        "story_id": story_id,
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "body": article.text,
        "summary": summary,
        "section": article.section,
        "author": article.author,
        "picture": article.picture,
        "language": article.language,
        "marks": plain_marks(article.marks),
        "published_at": article.published_at,
        "seen_at": article.seen_at,
        "views": article.views,
        "listed_title": article.listed_title or None,
        "page_title": article.page_title or None,
    }


def select_archived() -> Select[Any]:
    return select(articles, stories.c.level.label("story_level")).join(stories, stories.c.id == articles.c.story_id)


def as_archived(row: Record) -> Archived:
    article = Article(
        id=row.id,
        source_id=row.source_id,
        key=row.key,
        story_id=row.story_id,
        url=row.url,
        title=row.title,
        lead=row.lead,
        text=row.body,
        section=row.section,
        author=row.author,
        picture=row.picture,
        language=row.language,
        marks=as_marks(row.marks),
        published_at=row.published_at,
        seen_at=row.seen_at,
        views=row.views,
        listed_title=row.listed_title or "",
        page_title=row.page_title or "",
    )
    return Archived(article=article, level=Level(row.story_level))


# --- topics --------------------------------------------------------------------------------------------------------


def as_topic(row: Record, topic_id: int) -> Topic:
    return Topic(id=topic_id, slug=row.slug, query=row.query)


# --- notifications -------------------------------------------------------------------------------------------------

IS_DUE: Final = notifications.c.state == literal(NotificationState.DUE.value, literal_execute=True)
"""Spelled into the statement, not bound: only so can SQLite see that the partial index fits."""

CORRECTIONS: Final = Level.BREAKING + 1
"""The priority of corrections: behind that of every level, which is how far it is below breaking."""
PRIORITIES: Final = range(CORRECTIONS + 1)

IS_SETTLED: Final = notifications.c.state != literal(NotificationState.DUE.value, literal_execute=True)
"""Said beside any other state that is looked for, for the same reason."""

NOTIFICATION_COLUMNS: Final = (
    notifications.c.story_id,
    notifications.c.subscriber_id,
    notifications.c.topic_id,
    notifications.c.kind,
    notifications.c.edition,
    notifications.c.state,
    notifications.c.reason,
    notifications.c.created_at,
    notifications.c.due_at,
    notifications.c.unknown_outcomes,
    notifications.c.lease_until,
    notifications.c.message_id,
)


def notifications_of(subscriber_id: int) -> ColumnElement[bool]:
    """All of a subscriber's, spelled so that the indexes of both halves are used."""
    theirs = notifications.c.subscriber_id == subscriber_id
    return or_(and_(theirs, IS_DUE), and_(theirs, IS_SETTLED))


TOLD: Final = tuple(
    state.value for state in (NotificationState.SENT, NotificationState.SHOWN, NotificationState.UNKNOWN)
)
"""States of what has, or may have, reached the subscriber."""


def as_notification(row: Record, lease_until: datetime | None = None) -> Notification:
    """`lease_until`: of the lease that is taken now, in place of an older one's."""
    return Notification(
        story_id=row.story_id,
        subscriber_id=row.subscriber_id,
        topic_id=row.topic_id,
        kind=NotificationKind(row.kind),
        edition=row.edition,
        state=NotificationState(row.state),
        reason=as_reason(row.reason),
        created_at=row.created_at,
        due_at=row.due_at,
        unknown_outcomes=row.unknown_outcomes,
        lease_until=lease_until or row.lease_until,
        message_id=row.message_id,
    )
