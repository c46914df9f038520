"""What every use case stands on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model import Subscriber
from bot.ports import PublisherStore, SubscriberStore


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who runs the bot, and the store they look into."""

    store: PublisherStore
    user_ids: frozenset[int]
    """Telegram's ids of the people whose /admin is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """The store, and what of the installation a conversation needs to know."""

    store: SubscriberStore
    topic_ids: Mapping[str, int]
    """Ids of the built-in topics by slug."""
    source_names: Mapping[int, str] = field(default_factory=dict)
    """Names of the sources by id: a new query may ask for one (`source:труд`)."""
    time_zone: str = "Europe/Moscow"
    """Of new subscribers."""
    publisher: Publisher | None = None
    """None: nobody has the publisher's commands."""
    trials: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), repr=False, compare=False)
    """A query is tried on the archive by one thread at a time, which leaves the loop its share of the interpreter."""

    def publisher_in(self, subscriber: Subscriber) -> Publisher | None:
        """The publisher, where the subscriber is their private chat; in a group others would read along."""
        theirs = self.publisher is not None and subscriber.chat_id in self.publisher.user_ids
        return self.publisher if theirs and subscriber.chat_kind == "private" else None
