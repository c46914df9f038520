"""What collect reads and writes: `bot.ports.CollectStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    NEW,
    Archived,
    Article,
    Coverage,
    Importance,
    Level,
    Poll,
    PollKind,
    Publication,
    Reason,
    Source,
)
from storage.aliases import name_article
from storage.editions import FOLLOW_UP_EVERY, add_follow_up
from storage.engine import Database
from storage.fingerprints import put_fingerprint
from storage.merging import absorb
from storage.records import Record, article_values, as_archived, batches, insert_into, select_archived
from storage.schema import articles, old_articles, sources, stories, topics
from storage.schema import polls as polls_table
from storage.signals import add_signals
from storage.splitting import are_apart, go_on
from storage.stories import dispatch_story, label_story, open_story, score_story
from storage.tellings import tell_story
from storage.wholes import current, merged

_TEXTS: Final = 20
"""Of a story, that a later article is compared with; what more of them say is seldom something else."""


async def register_sources(db: Database, given: Sequence[Source], now: datetime) -> tuple[Source, ...]:
    async with db.write() as connection:
        await connection.execute(update(sources).values(active=False))
        return tuple([replace(source, id=await _register(connection, source, now)) for source in given])


async def _register(connection: AsyncConnection, source: Source, now: datetime) -> int:
    values: dict[str, Any] = {
        "url": source.url,
        "language": source.language,
        "owner": source.owner,
        "country": source.country,
        "active": True,
    }
    statement = insert_into(connection, sources).values(name=source.name, registered_at=now, **values)
    statement = statement.on_conflict_do_update(index_elements=[sources.c.name], set_=values)
    source_id: int = (await connection.execute(statement.returning(sources.c.id))).scalar_one()
    return source_id


async def register_topics(db: Database, slugs: Sequence[str]) -> Mapping[str, int]:
    async with db.write() as connection:
        for slug in slugs:
            await connection.execute(insert_into(connection, topics).values(slug=slug).on_conflict_do_nothing())
        rows = await connection.execute(select(topics.c.slug, topics.c.id).where(topics.c.slug.in_(slugs)))
        return {row.slug: row.id for row in rows}


async def polls(db: Database) -> tuple[Poll, ...]:
    async with db.read() as connection:
        rows = await connection.execute(select(polls_table).order_by(polls_table.c.source_id))
        return tuple(_as_poll(row) for row in rows)


def _as_poll(row: Record) -> Poll:
    return Poll(**{**row._mapping, "kind": PollKind(row.kind)})


async def save_poll(db: Database, poll: Poll) -> None:
    key = (polls_table.c.source_id, polls_table.c.kind, polls_table.c.url)
    values = asdict(poll)
    rest = {name: value for name, value in values.items() if name not in {column.name for column in key}}
    async with db.write() as connection:
        statement = insert_into(connection, polls_table).values(values)
        await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=rest))


async def unknown_keys(db: Database, source_id: int, keys: Sequence[str]) -> frozenset[str]:
    known: set[str] = set()
    async with db.read() as connection:
        for batch in batches(keys):
            for table in (articles, old_articles):
                query = select(table.c.key).where(table.c.source_id == source_id, table.c.key.in_(batch))
                known.update(await connection.scalars(query))
    return frozenset(keys) - known


async def archive(db: Database, since: datetime, limit: int, before: Archived | None = None) -> tuple[Archived, ...]:
    """With `before`, the page that follows it (`SubscriberStore.archive`)."""
    newest = select_archived().where(articles.c.seen_at > since)
    if before is not None:
        at = before.article.seen_at
        older = or_(articles.c.seen_at < at, articles.c.id < before.article.id)
        newest = newest.where(articles.c.seen_at <= at, older)
    newest = newest.order_by(articles.c.seen_at.desc(), articles.c.id.desc()).limit(limit)
    async with db.read() as connection:
        return tuple(as_archived(row) for row in await connection.execute(newest))


async def coverage(db: Database, story_id: int) -> tuple[Coverage, ...]:
    async with db.read() as connection:
        story_id = await current(connection, story_id)
        return tuple(_as_coverage(row) for row in await connection.execute(_carried(story_id)))


def _carried(story_id: int) -> Select[Any]:
    return (
        select(
            articles.c.title,
            articles.c.published_at,
            articles.c.views,
            articles.c.views_at,
            articles.c.position,
            articles.c.front_since,
            sources.c.owner,
            sources.c.country,
        )
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.story_id == story_id, articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.published_at, articles.c.id)
    )


def _as_coverage(row: Record) -> Coverage:
    return Coverage(
        title=row.title,
        owner=row.owner,
        country=row.country,
        published_at=row.published_at,
        views=row.views,
        seen_at=row.views_at,
        position=row.position,
        front_since=None if row.position is None else row.front_since,
    )


async def texts(db: Database, story_id: int) -> tuple[str, ...]:
    async with db.read() as connection:
        meant = await current(connection, story_id)
        latest = select(articles.c.title, articles.c.lead, articles.c.body).where(articles.c.story_id == meant)
        latest = latest.order_by(articles.c.id.desc()).limit(_TEXTS)
        return tuple("\n".join(row) for row in await connection.execute(latest))


async def publish(db: Database, publication: Publication, now: datetime) -> Article | None:
    """An article whose story has been deleted meanwhile opens one of its own."""
    article = publication.article
    async with db.write() as connection:
        if await _is_old(connection, article):
            return None
        for absorbed in publication.merges:
            kept = await current(connection, article.story_id)
            if not await are_apart(connection, absorbed, kept):
                await absorb(connection, absorbed, kept)
        story_id, level = await _story_of(connection, publication, now)
        values = article_values(article, publication.summary, story_id) | _counter(publication)
        new = insert_into(connection, articles).values(values)
        article_id = await connection.scalar(new.on_conflict_do_nothing().returning(articles.c.id))
        if article_id is None:
            await connection.rollback()
            return None
        await name_article(connection, article.source_id, article_id, publication.aliases)
        if publication.fingerprint:
            await put_fingerprint(connection, article_id, publication.fingerprint)
        await add_signals(connection, [(article_id, signal) for signal in publication.signals])
        if publication.telling is not None:
            await tell_story(connection, story_id, article_id, publication.telling)
        await label_story(connection, story_id, publication.evidence)
        risen = await dispatch_story(connection, story_id, level, now, done_at=now if publication.silent else None)
        if article.story_id != NEW and not publication.silent:
            if publication.adds is not None:
                await add_follow_up(connection, story_id, article_id, publication.adds, now)
            elif risen:
                await _tell_rise(connection, story_id, level, now)
        return replace(article, id=article_id, story_id=story_id)


def _counter(publication: Publication) -> dict[str, datetime | None]:
    """When the article's view counter was read, and is to be read again."""
    article = publication.article
    return {
        "views_at": None if article.views is None else article.seen_at,
        "read_again_at": publication.read_again_at,
    }


async def _tell_rise(connection: AsyncConnection, story_id: int, level: Level, now: datetime) -> None:
    """That a story became so important is news to those who were told of it long before."""
    opened_at = await connection.scalar(select(stories.c.opened_at).where(stories.c.id == story_id))
    if level >= Level.MAJOR and opened_at is not None and now - opened_at >= FOLLOW_UP_EVERY:
        await add_follow_up(connection, story_id, None, Reason(f"risen_{level.name.lower()}"), now)


async def merged_into(db: Database, story_ids: Sequence[int]) -> Mapping[int, int]:
    async with db.read() as connection:
        return await merged(connection, story_ids)


async def _is_old(connection: AsyncConnection, article: Article) -> bool:
    """That it was here before and has been deleted: it's no news."""
    same = and_(old_articles.c.source_id == article.source_id, old_articles.c.key == article.key)
    return (await connection.scalar(select(old_articles.c.key).where(same))) is not None


async def _story_of(connection: AsyncConnection, publication: Publication, now: datetime) -> tuple[int, Level]:
    article, importance = publication.article, publication.importance
    if article.story_id != NEW:
        joined = await score_story(connection, article.story_id, importance, last_at=now)
        if joined is not None:
            if not publication.silent:
                await go_on(connection, joined[0])
            return joined
    opened = await open_story(connection, importance, article.published_at, now, publication.continues)
    return opened, importance.level


async def rescore(db: Database, story_id: int, importance: Importance, now: datetime) -> None:
    async with db.write() as connection:
        scored = await score_story(connection, story_id, importance)
        if scored is not None and await dispatch_story(connection, *scored, now):
            await _tell_rise(connection, *scored, now)
