"""Two stories turn out to be one: the younger becomes part of the older.

What moves is what the story *is*: its articles, topics with their fan-outs, and who wants to hear no more of it. What
its readers were told, or are to be told, stays where it is (`storage.wholes`), so a merge takes as long for a million
readers as for one. All of it is one transaction, the one that stores the article which brought them together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import insert_into
from storage.schema import articles, dispatches, muted_stories, stories, story_topics
from storage.tellings import headline_of
from storage.wholes import Hold, held


async def absorb(connection: AsyncConnection, absorbed: int, kept: int) -> bool:
    """Make one story part of the other; False, and nothing happens, if they are one already or must stay two.

    One that was withdrawn stays what it is: its readers were told so.
    """
    involved = (absorbed, kept)
    fan_outs = select(dispatches.c.story_id).where(dispatches.c.story_id.in_(involved))
    await connection.execute(fan_outs.order_by(*dispatches.primary_key).with_for_update())
    both = select(stories.c.id, stories.c.merged_into, stories.c.withdrawn_at).where(stories.c.id.in_(involved))
    rows = await connection.execute(held(both, Hold.TO_CHANGE))
    whole = [row.id for row in rows if row.merged_into is None and row.withdrawn_at is None]
    if sorted(involved) != sorted(whole):
        return False
    await _fix_headlines(connection, involved)
    await _move_articles(connection, absorbed, kept)
    await _move_topics(connection, absorbed, kept)
    await _move_mutes(connection, absorbed, kept)
    part = or_(stories.c.id == absorbed, stories.c.merged_into == absorbed)
    await connection.execute(update(stories).where(part).values(merged_into=kept))
    return True


async def _fix_headlines(connection: AsyncConnection, involved: tuple[int, int]) -> None:
    """Each goes on being told by the article that tells it, though their articles are one heap from now on."""
    told_by = update(stories).where(stories.c.id.in_(involved)).values(headline_id=headline_of(stories.c.id))
    await connection.execute(told_by)


async def _move_articles(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    await connection.execute(update(articles).where(articles.c.story_id == absorbed).values(story_id=kept))
    other = stories.alias("other")

    def higher(name: str) -> ColumnElement[Any]:
        theirs = select(other.c[name]).where(other.c.id == absorbed).scalar_subquery()
        return case((theirs > stories.c[name], theirs), else_=stories.c[name])

    highest = {name: higher(name) for name in ("level", "peak_score", "last_at")}
    await connection.execute(update(stories).where(stories.c.id == kept).values(highest))


async def _move_topics(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    """The surer evidence stays. A dispatch that is open for either is open: who was told is found by what they have."""
    new = insert_into(connection, story_topics)
    surer = new.excluded.score > story_topics.c.score
    better = {name: new.excluded[name] for name in ("score", "because")}
    labelled = _as_of(kept, story_topics, absorbed)
    await connection.execute(
        new.from_select(list(labelled.selected_columns.keys()), labelled).on_conflict_do_update(
            index_elements=["story_id", "topic_id"], set_=better, where=surer
        )
    )
    again = insert_into(connection, dispatches)
    theirs_open, ours_open = again.excluded.done_at.is_(None), dispatches.c.done_at.is_(None)
    earlier = case((again.excluded.cursor < dispatches.c.cursor, again.excluded.cursor), else_=dispatches.c.cursor)
    cursor = case((and_(theirs_open, ours_open), earlier), else_=again.excluded.cursor)
    dispatched = _as_of(kept, dispatches, absorbed)
    await connection.execute(
        again.from_select(list(dispatched.selected_columns.keys()), dispatched).on_conflict_do_update(
            index_elements=["story_id", "topic_id", "level"],
            set_={"cursor": cursor, "done_at": None},
            where=theirs_open,
        )
    )
    await connection.execute(delete(story_topics).where(story_topics.c.story_id == absorbed))  # its dispatches, too


async def _move_mutes(connection: AsyncConnection, absorbed: int, kept: int) -> None:
    muted = _as_of(kept, muted_stories, absorbed)
    new = insert_into(connection, muted_stories).from_select(list(muted.selected_columns.keys()), muted)
    await connection.execute(new.on_conflict_do_nothing())
    await connection.execute(delete(muted_stories).where(muted_stories.c.story_id == absorbed))


def _as_of(kept: int, table: Any, absorbed: int) -> Any:
    """The absorbed story's rows as the kept one's. `WHERE` also keeps SQLite from reading ON CONFLICT as a join."""
    columns = [literal(kept).label("story_id") if c.name == "story_id" else c for c in table.columns]
    return select(*columns).where(table.c.story_id == absorbed)
