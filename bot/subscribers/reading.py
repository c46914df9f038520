"""Reading: the latest stories on one's topics, and why a story was or wasn't told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot import topics
from bot.model import MAIN, NEW, Explanation, Level, Story, Subscriber, Subscription, Topic
from bot.subscribers.archive import look_up
from bot.subscribers.following import same_query
from bot.subscribers.preview import add_drafts, drafted
from bot.subscribers.survey import Search
from bot.subscribers.use_cases import UseCases
from bot.topics import Query


@dataclass(frozen=True, slots=True)
class Told:
    """A story shown to a subscriber, under one of the topics it belongs to."""

    story: Story
    topic: Topic


async def latest(use_cases: UseCases, subscriber: Subscriber, limit: int) -> tuple[Told, ...]:
    """The newest stories on the subscriber's topics, as important as they asked for; each story once.

    Where there are none, less important ones do; and who follows nothing gets «Главное».
    """
    subscriptions = await use_cases.store.subscriptions(subscriber.id)
    wanted = [(subscription.topic, subscription.level) for subscription in subscriptions]
    wanted = wanted or [(Topic(id=use_cases.topic_ids[MAIN], slug=MAIN), Level.MAJOR)]
    found = await _newest(use_cases, wanted, limit)
    return found or await _newest(use_cases, [(topic, Level.ROUTINE) for topic, _ in wanted], limit)


async def _newest(use_cases: UseCases, wanted: list[tuple[Topic, Level]], limit: int) -> tuple[Told, ...]:
    told: dict[int, Told] = {}
    for topic, level in sorted(wanted, key=lambda one: one[0].slug == MAIN):
        for story in await use_cases.store.latest((topic.id,), limit, level):
            told.setdefault(story.id, Told(story, topic))
    return tuple(sorted(told.values(), key=lambda one: one.story.opened_at, reverse=True)[:limit])


async def shown(use_cases: UseCases, subscriber: Subscriber, told: Told, now: datetime) -> None:
    """Remember that a story has been shown, so that it isn't pushed as well. Call it after it was sent."""
    if subscriber.id != NEW:
        await use_cases.store.mark_shown(subscriber.id, told.topic.id, told.story.id, now)


async def explain(use_cases: UseCases, subscriber: Subscriber, story_id: int | None) -> Explanation | None:
    """Of that story, or of the one last told; None if there is none."""
    return await use_cases.store.explain(subscriber.id, story_id)


# --- /search -------------------------------------------------------------------------------------------------------


A_PAGE: Final = 5
"""Stories: with their summaries they fit one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what a search found, with drafts of the query and of better ones for the buttons below."""

    stories: tuple[Story, ...]
    """The newest first."""
    page: int
    """From 0."""
    more: bool
    """Whether there is another page."""
    draft: int
    since: datetime | None = None
    """Where the archive is too large to be searched as a whole: how far back it was."""
    hints: tuple[tuple[int, str], ...] = ()
    followed: Subscription | None = None
    """They follow the query already."""


async def search(use_cases: UseCases, subscriber: Subscriber, text: str, now: datetime) -> Found:
    """The first page of the newest stories of the archive that match. Raises QueryError."""
    query = topics.parse(text)
    search, since = await look_up(use_cases, query, A_PAGE + 1, now)
    hints = await asyncio.to_thread(search.hints)
    written = [str(query), *map(str, hints)]
    drafts = await add_drafts(use_cases, subscriber, written, now)
    found = await _found(use_cases, subscriber, search, query, (0, drafts[0]))
    return replace(found, since=since, hints=tuple(zip(drafts[1:], written[1:], strict=True)))


async def search_on(
    use_cases: UseCases, subscriber: Subscriber, draft_id: int, page: int, now: datetime
) -> Found | None:
    """Another page of what a draft's query finds; None if there is no such draft of theirs. Raises QueryError."""
    draft = await drafted(use_cases, subscriber, draft_id)
    if draft is None:
        return None
    query = topics.parse(draft.query or "")
    search, since = await look_up(use_cases, query, (page + 1) * A_PAGE + 1, now)
    return replace(await _found(use_cases, subscriber, search, query, (page, draft_id)), since=since)


async def _found(
    use_cases: UseCases, subscriber: Subscriber, search: Search, query: Query, page_of_draft: tuple[int, int]
) -> Found:
    page, draft = page_of_draft
    start, end = page * A_PAGE, (page + 1) * A_PAGE
    return Found(
        stories=await use_cases.store.stories_by_id(search.stories[start:end]),
        page=page,
        more=len(search.stories) > end,
        draft=draft,
        followed=same_query(await use_cases.store.subscriptions(subscriber.id), query),
    )
