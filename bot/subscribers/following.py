"""Following and unfollowing, by a topic's name, by one's own words, or by a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot import topics
from bot.errors import QueryError
from bot.language import fold, tokens
from bot.model import MAIN, Level, Story, Subscriber, Subscription, Topic
from bot.ports import SubscriberStore
from bot.subscribers.archive import add_topic, try_out
from bot.subscribers.arrivals import stored
from bot.subscribers.survey import SPAN, Trial
from bot.subscribers.use_cases import UseCases
from bot.topics import Query

OWN_TOPICS: Final = 50
"""A subscriber's own topics; with the built-in ones they still fit Telegram's 100 buttons of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A topic is followed now."""

    subscriber: Subscriber
    subscription: Subscription
    new: bool
    """False: it was followed already, and nothing has changed."""
    latest: Story | None = None
    """Its latest story, to be shown at once; None if there is none yet, and when it isn't new."""
    hints: tuple[str, ...] = ()
    """Queries that would rather do: when this one finds nothing because of its spelling, or very much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """What /unfollow found: the one subscription that has ended, or those it could have meant."""

    ended: Subscription | None = None
    candidates: tuple[Subscription, ...] = ()


async def follow_words(use_cases: UseCases, subscriber: Subscriber, text: str, now: datetime) -> Followed:
    """Follow a built-in topic by any of its names, or make a topic of the words. Raises QueryError."""
    slug = topics.find_built_in(text)
    if slug is not None and slug in use_cases.topic_ids:
        return await follow_built_in(use_cases, subscriber, slug, now)
    query = topics.parse(text)
    already = await use_cases.store.subscriptions(subscriber.id)
    if (known := same_query(already, query)) is not None:
        return Followed(subscriber=subscriber, subscription=known, new=False)
    refuse_too_many(already)
    (trial,) = await try_out(use_cases, [query], now)
    return await follow_tried(use_cases, subscriber, trial, now)


async def follow_tried(use_cases: UseCases, subscriber: Subscriber, trial: Trial, now: datetime) -> Followed:
    """Follow a query that has been tried on the archive. Raises QueryError when it's too broad."""
    topic = await add_topic(use_cases, trial, now)
    followed = await _follow(use_cases, subscriber, topic, now, starting_level(trial.levels))
    return replace(followed, hints=tuple(map(str, trial.hints)) if followed.new else ())


def same_query(subscriptions: Sequence[Subscription], query: Query) -> Subscription | None:
    """The one that asks for the same, in whatever order and form."""
    return by_digest(subscriptions).get(query.digest)


def by_digest(subscriptions: Sequence[Subscription]) -> Mapping[str, Subscription]:
    """Those to queries, by what they ask for."""
    digests = ((_digest(one.topic.query), one) for one in reversed(subscriptions) if one.topic.query)
    return {digest: one for digest, one in digests if digest is not None}


def refuse_too_many(subscriptions: Sequence[Subscription]) -> None:
    """Raises QueryError if there's no room for another topic of their own."""
    if sum(one.topic.query is not None for one in subscriptions) >= OWN_TOPICS:
        raise QueryError("too_many", limit=OWN_TOPICS)


async def follow_built_in(use_cases: UseCases, subscriber: Subscriber, slug: str, now: datetime) -> Followed:
    """Raises KeyError if there is no such topic."""
    return await _follow(use_cases, subscriber, Topic(id=use_cases.topic_ids[slug], slug=slug), now)


async def follow_button(use_cases: UseCases, subscriber: Subscriber, topic_id: int, now: datetime) -> Followed | None:
    """Follow by a topic's id. Built-in topics only: an id tells nobody what others follow in their own words."""
    for slug, built_in_id in use_cases.topic_ids.items():
        if built_in_id == topic_id:
            return await follow_built_in(use_cases, subscriber, slug, now)
    return None


async def unfollow_words(store: SubscriberStore, subscriber: Subscriber, text: str) -> Unfollowed:
    """End the one subscription that the words mean; several are handed back as candidates."""
    meant = named(await store.subscriptions(subscriber.id), text)
    if len(meant) != 1:
        return Unfollowed(candidates=meant)
    await store.unfollow(subscriber.id, meant[0].topic.id)
    return Unfollowed(ended=meant[0])


async def unfollow_button(store: SubscriberStore, subscriber: Subscriber, topic_id: int) -> Unfollowed:
    """The same by a topic's id; nothing has ended if they don't follow it."""
    for subscription in await store.subscriptions(subscriber.id):
        if subscription.topic.id == topic_id:
            await store.unfollow(subscriber.id, topic_id)
            return Unfollowed(ended=subscription)
    return Unfollowed()


def named(subscriptions: Sequence[Subscription], text: str) -> tuple[Subscription, ...]:
    """Those that the words name: a built-in topic, else exactly this query, else every query with all of the words."""
    name = topics.find_built_in(text) or _normalised(text)
    exact = [one for one in subscriptions if name is not None and name in {one.topic.slug, one.topic.query}]
    if not exact and (same := _same_words(subscriptions, text)) is not None:
        return (same,)
    if exact:
        return tuple(exact[:1])
    wanted = [token.lemmas for token in tokens(text)]
    return tuple(one for one in subscriptions if wanted and one.topic.query and _has_all(one.topic.query, wanted))


def starting_level(counts: Mapping[Level, int]) -> Level:
    """The highest level that brought at least a story a day, by the week's counts of each level; else routine."""
    brought = 0
    for level in sorted(Level, reverse=True):
        brought += counts.get(level, 0)
        if brought >= SPAN.days:
            return level
    return Level.ROUTINE


async def _follow(
    use_cases: UseCases, subscriber: Subscriber, topic: Topic, now: datetime, level: Level | None = None
) -> Followed:
    store, known = use_cases.store, await stored(use_cases, subscriber, now)
    level = await _level_for(store, topic, now) if level is None else level
    new = await store.follow(known.id, topic.id, level, now)
    if not new:
        subscription = next(one for one in await store.subscriptions(known.id) if one.topic.id == topic.id)
        return Followed(subscriber=known, subscription=subscription, new=False)
    return Followed(
        subscriber=known,
        subscription=Subscription(topic=topic, level=level, created_at=now),
        new=True,
        latest=await latest_story(store, topic, level),
    )


async def latest_story(store: SubscriberStore, topic: Topic, level: Level) -> Story | None:
    """The latest at the level, else the latest of all: better a small piece of news than an empty answer."""
    found = await store.latest((topic.id,), 1, level) or await store.latest((topic.id,), 1)
    return found[0] if found else None


async def _level_for(store: SubscriberStore, topic: Topic, now: datetime) -> Level:
    if topic.slug == MAIN:
        return Level.MAJOR
    return starting_level(await store.level_counts(topic.id, now - SPAN))


def _same_words(subscriptions: Sequence[Subscription], text: str) -> Subscription | None:
    try:
        return same_query(subscriptions, topics.parse(text))
    except QueryError:
        return None


def _normalised(text: str) -> str | None:
    try:
        return str(topics.parse(text))
    except QueryError:
        return None


def _digest(query: str) -> str | None:
    try:
        return topics.parse(query).digest
    except QueryError:  # stored by a version with another language
        return None


def _has_all(query: str, wanted: Sequence[frozenset[str]]) -> bool:
    present = frozenset().union(*(token.lemmas for token in tokens(fold(query))))
    return all(one & present for one in wanted)
