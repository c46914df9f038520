"""Reading: the latest stories on one's topics, and why a story was or wasn't told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import topics
from bot.model import MAIN, NEW, Explanation, Level, Story, Subscriber, Subscription, Topic
from bot.subscribers.archive import looked_up
from bot.subscribers.following import same_query
from bot.subscribers.preview import add_drafts
from bot.subscribers.use_cases import UseCases

_SEARCHED: Final = timedelta(days=90)
"""As long as articles are kept."""
_MOST_SEARCHED: Final = 2000
"""Articles: about two seconds of matching, where nothing is found."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, with drafts of the query and of better ones for the buttons below."""

    stories: tuple[Story, ...]
    """The newest first."""
    draft: int
    hints: tuple[tuple[int, str], ...] = ()
    followed: Subscription | None = None
    """They follow the query already."""


async def search(use_cases: UseCases, subscriber: Subscriber, text: str, limit: int, now: datetime) -> Found:
    """The newest stories of the archive that match. Raises QueryError."""
    query = topics.parse(text)
    async with use_cases.trials:
        archive = await use_cases.store.archive(now - _SEARCHED, _MOST_SEARCHED)
        ids, hints = await asyncio.to_thread(looked_up, query, archive, use_cases.source_names, limit)
    written = [str(query), *map(str, hints)]
    drafts = await add_drafts(use_cases, subscriber, written, now)
    return Found(
        stories=await use_cases.store.stories_by_id(ids),
        draft=drafts[0],
        hints=tuple(zip(drafts[1:], written[1:], strict=True)),
        followed=same_query(await use_cases.store.subscriptions(subscriber.id), query),
    )
