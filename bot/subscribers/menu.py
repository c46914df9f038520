"""The topics with their states, and what can be set of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import topics
from bot.model import Level, Subscriber, Subscription, Topic
from bot.subscribers.survey import SPAN
from bot.subscribers.use_cases import UseCases


@dataclass(frozen=True, slots=True)
class Row:
    """A topic of the menu; `followed` says whether it is on."""

    topic: Topic
    followed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A followed topic with how many stories a week each level would bring."""

    subscription: Subscription
    weekly: Mapping[Level, int]
    """Stories of the last seven days at this level or above."""


async def rows(use_cases: UseCases, subscriber: Subscriber) -> tuple[Row, ...]:
    """Every built-in topic in menu order, then the subscriber's own, and those that are offered no more."""
    followed = await use_cases.store.subscriptions(subscriber.id)
    on = {subscription.topic.id for subscription in followed}
    ids = {slug: use_cases.topic_ids[slug] for slug in topics.slugs() if slug in use_cases.topic_ids}
    built_in = (Topic(id=topic_id, slug=slug) for slug, topic_id in ids.items())
    own = (Row(one.topic, followed=True) for one in followed if one.topic.slug not in ids)
    return (*(Row(topic, followed=topic.id in on) for topic in built_in), *own)


async def card(use_cases: UseCases, subscriber: Subscriber, topic_id: int, now: datetime) -> Card | None:
    """None if the subscriber doesn't follow the topic."""
    for subscription in await use_cases.store.subscriptions(subscriber.id):
        if subscription.topic.id == topic_id:
            counts = await use_cases.store.level_counts(topic_id, now - SPAN)
            return Card(subscription, weekly(counts))
    return None


def weekly(counts: Mapping[Level, int]) -> Mapping[Level, int]:
    """From how many stories reached each level to how many a subscription from that level on would have brought."""
    return {level: sum(n for reached, n in counts.items() if reached >= level) for level in Level}


async def set_level(
    use_cases: UseCases, subscriber: Subscriber, topic_id: int, level: Level, now: datetime
) -> Card | None:
    """The card as it is now; None, and nothing set, if the subscriber doesn't follow the topic."""
    if await card(use_cases, subscriber, topic_id, now) is None:
        return None
    await use_cases.store.set_level(subscriber.id, topic_id, level)
    return await card(use_cases, subscriber, topic_id, now)


async def set_sound(
    use_cases: UseCases, subscriber: Subscriber, topic_id: int, sound: bool, now: datetime
) -> Card | None:
    """The same for the sound."""
    if await card(use_cases, subscriber, topic_id, now) is None:
        return None
    await use_cases.store.set_sound(subscriber.id, topic_id, sound)
    return await card(use_cases, subscriber, topic_id, now)


async def mute(
    use_cases: UseCases, subscriber: Subscriber, topic_id: int, until: datetime | None, now: datetime
) -> Card | None:
    """The same for silence until then; None ends it."""
    if await card(use_cases, subscriber, topic_id, now) is None:
        return None
    await use_cases.store.set_muted(subscriber.id, topic_id, until)
    return await card(use_cases, subscriber, topic_id, now)
