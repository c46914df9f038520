"""Under which topics a subscriber follows a story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Subscription
from storage.people import SUBSCRIPTION_COLUMNS, TOPIC_COLUMNS, as_subscription
from storage.records import as_topic
from storage.schema import story_topics, subscriptions, topics


async def followed_topics(
    connection: AsyncConnection, wanted: Collection[tuple[int, int]]
) -> Mapping[tuple[int, int], tuple[Subscription, ...]]:
    """By (subscriber id, story id), from the lowest level on first; built-in topics before own ones. One query."""
    found: defaultdict[tuple[int, int], tuple[Subscription, ...]] = defaultdict(tuple)
    ids = {"subscribers": sorted({each[0] for each in wanted}), "stories": sorted({each[1] for each in wanted})}
    for row in await connection.execute(_SELECT_FOLLOWED, ids):
        subscription = as_subscription(row, as_topic(row, row.topic_id))
        if subscription is not None:
            found[row.subscriber_id, row.story_id] += (subscription,)
    return found


_SELECT_FOLLOWED: Final = (
    select(
        subscriptions.c.subscriber_id,
        subscriptions.c.topic_id,
        story_topics.c.story_id,
        *TOPIC_COLUMNS,
        *SUBSCRIPTION_COLUMNS,
    )
    .join(story_topics, story_topics.c.topic_id == subscriptions.c.topic_id)
    .join(topics, topics.c.id == subscriptions.c.topic_id)
    .where(
        subscriptions.c.subscriber_id.in_(bindparam("subscribers", expanding=True)),
        story_topics.c.story_id.in_(bindparam("stories", expanding=True)),
    )
    .order_by(subscriptions.c.level, topics.c.slug.is_(None), topics.c.id)
)
