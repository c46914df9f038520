"""What collect and the conversation both do to stories: score, label, dispatch; and how a story is read back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import case, exists, insert, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Details, Evidence, Importance, Level, Story
from storage.columns import Time
from storage.records import Record, as_marks, as_reasons, batches, insert_into, plain_reasons
from storage.schema import articles, dispatches, sources, splits, stories, story_topics, topics
from storage.tellings import headline_of
from storage.wholes import Hold, held


async def open_story(
    connection: AsyncConnection,
    importance: Importance,
    published_at: datetime,
    now: datetime,
    continues: int | None = None,
) -> int:
    values = {
        "opened_at": now,
        "last_at": now,
        "published_at": published_at,
        "score": importance.score,
        "peak_score": importance.score,
        "level": importance.level,
        "reasons": plain_reasons(importance.because),
        "continues": continues,
    }
    statement = insert(stories).values(values).returning(stories.c.id)
    story_id: int = (await connection.execute(statement)).scalar_one()
    return story_id


async def score_story(
    connection: AsyncConnection, story_id: int, importance: Importance, **more: datetime
) -> tuple[int, Level] | None:
    """Its id, or that of the story it was merged into, and the level it has now. None if there is no such story."""
    into = select(stories.c.merged_into).where(stories.c.id == story_id).scalar_subquery()
    level, score = stories.c.level, importance.score
    statement = (
        update(stories)
        .where(stories.c.id == case((into.is_not(None), into), else_=story_id))
        .values(
            score=score,
            peak_score=case((stories.c.peak_score > score, stories.c.peak_score), else_=score),
            level=case((level > int(importance.level), level), else_=int(importance.level)),
            reasons=plain_reasons(importance.because),
            **more,
        )
        .returning(stories.c.id, stories.c.level)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row.id, Level(row.level))


async def label_story(connection: AsyncConnection, story_id: int, evidence: Iterable[Evidence]) -> None:
    """The surest evidence of each topic stays. A topic deleted since it was matched is left out."""
    found = {each.topic_id: each for each in evidence}
    if not found:
        return
    still_there = select(topics.c.id).where(topics.c.id.in_(found)).with_for_update(key_share=True, read=True)
    existing = await connection.scalars(still_there)
    rows = [evidence_values(story_id, found[topic_id]) for topic_id in existing]
    if not rows:
        return
    statement = insert_into(connection, story_topics)
    surer = statement.excluded.score > story_topics.c.score
    new = {"score": statement.excluded.score, "because": statement.excluded.because}
    key = [story_topics.c.story_id, story_topics.c.topic_id]
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new, where=surer), rows)


def evidence_values(story_id: int, evidence: Evidence) -> dict[str, Any]:
    return {
        "story_id": story_id,
        "topic_id": evidence.topic_id,
        "score": evidence.score,
        "because": plain_reasons(evidence.because),
    }


async def dispatch_story(
    connection: AsyncConnection, story_id: int, level: Level, now: datetime, done_at: datetime | None = None
) -> bool:
    """Dispatch the story's level on each of its topics where that has not been done: levels only rise.

    Whether it's the first time that the story reaches the level. One that was taken out of another waits for an
    article that joins it.
    """
    waits = exists().where(splits.c.story_id == story_id, splits.c.waits)
    if await connection.scalar(select(waits)):
        return False
    reached = select(dispatches.c.level).where(dispatches.c.story_id == story_id, dispatches.c.level >= int(level))
    is_first = (await connection.scalar(reached.limit(1))) is None
    done = null() if done_at is None else literal(done_at, Time)
    new = select(
        story_topics.c.story_id, story_topics.c.topic_id, literal(int(level)), literal(0), literal(now, Time), done
    ).where(story_topics.c.story_id == story_id)
    columns = ["story_id", "topic_id", "level", "cursor", "created_at", "done_at"]
    await connection.execute(insert_into(connection, dispatches).from_select(columns, new).on_conflict_do_nothing())
    return is_first


async def read_stories(
    connection: AsyncConnection, ids: Collection[int], *, to_tell: bool = False
) -> Mapping[int, Story]:
    """Those of the stories that exist, each told by its headline article. Two queries for up to 5,000.

    One that is part of another is that one, in the words of its own headline article while that stands: so its readers
    were told it, and so it's corrected. `to_tell`: whoever changes it waits (PostgreSQL), and then finds who is being
    told.
    """
    told = {}
    for batch in batches(sorted(ids)):
        query = select(*(stories.c[name] for name in _OF_PARTS)).where(stories.c.id.in_(batch))
        parts = (await connection.execute(held(query, Hold.STILL if to_tell else Hold.NOT))).all()
        carried = await _carried(connection, {part.merged_into or part.id for part in parts})
        for part in parts:
            if found := carried.get(part.merged_into or part.id):
                told[part.id] = _as_story(found, part)
    return told


async def _carried(connection: AsyncConnection, ids: Collection[int]) -> Mapping[int, list[Record]]:
    rows = await connection.execute(_SELECT_STORIES.where(articles.c.story_id.in_(ids)))
    return {story_id: list(carried) for story_id, carried in groupby(rows, key=lambda row: row.story_id)}


async def read_sections(connection: AsyncConnection, ids: Collection[int]) -> Mapping[int, str | None]:
    """The sections that the stories' headline articles stand in, as their sources call them."""
    found: dict[int, str | None] = {}
    for batch in batches(sorted(ids)):
        headlines = select(articles.c.story_id, articles.c.section).where(
            articles.c.story_id.in_(batch), articles.c.id == headline_of(articles.c.story_id)
        )
        rows = await connection.execute(headlines)
        found.update({row.story_id: row.section for row in rows})
    return found


_SELECT_STORIES = (
    select(
        articles.c.id,
        articles.c.story_id,
        articles.c.title,
        articles.c.url,
        articles.c.summary,
        articles.c.picture,
        articles.c.marks,
        articles.c.published_at,
        articles.c.withdrawn_at.label("article_withdrawn_at"),
        sources.c.name.label("source"),
        stories.c.level,
        stories.c.score,
        stories.c.reasons,
        stories.c.withdrawn_at,
        stories.c.headline_id,
        stories.c.details_id,
        stories.c.details,
    )
    .join(sources, sources.c.id == articles.c.source_id)
    .join(stories, stories.c.id == articles.c.story_id)
    .order_by(articles.c.story_id, articles.c.published_at, articles.c.id)
)


_OF_PARTS = ("id", "merged_into", "opened_at", "headline_id", "corrected_at")
"""Columns of `stories` that a part keeps for itself."""


def _as_story(carried: list[Record], part: Record) -> Story:
    """The whole by its articles; `part` is it, or a part of it."""
    standing = [row for row in carried if row.article_withdrawn_at is None] or carried
    by_id = {row.id: row for row in standing}
    of_whole = by_id.get(standing[0].headline_id) or by_id[min(by_id)]
    headline = by_id.get(part.headline_id) or of_whole
    adding = by_id.get(headline.details_id) if headline is of_whole and headline.details_id != headline.id else None
    return Story(
        id=headline.story_id,
        title=headline.title,
        url=headline.url,
        source=headline.source,
        summary=headline.summary,
        level=Level(headline.level),
        published_at=headline.published_at,
        opened_at=part.opened_at,
        picture=headline.picture,
        marks=as_marks(headline.marks),
        score=headline.score,
        because=as_reasons(headline.reasons),
        sources=tuple(dict.fromkeys(row.source for row in standing)),
        corrected_at=part.corrected_at,
        withdrawn_at=headline.withdrawn_at,
        details=Details(headline.details or "", adding.source, as_marks(adding.marks)) if adding else None,
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as one of its articles tells it."""

    row: Record

    def of(self, story: Story) -> Story:
        return replace(
            story,
            title=self.row.title,
            url=self.row.url,
            source=self.row.source,
            summary=self.row.summary,
            picture=self.row.picture,
            marks=as_marks(self.row.marks),
            published_at=self.row.published_at,
            details=None,
        )


async def read_tellings(connection: AsyncConnection, article_ids: Collection[int]) -> Mapping[int, Telling]:
    """By article id; one that was withdrawn or deleted tells nothing."""
    if not article_ids:
        return {}
    query = _SELECT_STORIES.where(articles.c.id.in_(article_ids), articles.c.withdrawn_at.is_(None))
    return {row.id: Telling(row) for row in await connection.execute(query)}
