"""What the publisher reads and takes apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.model.collected import Article
from bot.model.judged import Topic
from bot.model.outbox import NotificationState
from bot.model.subscribers import SubscriberState


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One article of a story, for the publisher to judge whether it belongs there."""

    article: Article
    source: str
    tells: bool
    """It's the one whose words the story is told in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a story is made of: its articles that stand, oldest first, and all of its topics."""

    articles: tuple[Part, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An article that the publisher took out of a story into one of its own."""

    number: int
    """Later ones are higher."""
    article_id: int
    story_id: int
    """Its own, or the one which that is part of now."""
    from_story_id: int
    """The same of the story it was taken out of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingPoll:
    """An address of a source that could not be read the last time it was asked."""

    source: str
    """The source's name."""
    url: str
    failures: int
    """In a row."""
    error: str
    succeeded_at: datetime | None = None
    """When it could last be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the installation is doing, in figures: nothing in it tells of a single subscriber."""

    subscribers: Mapping[SubscriberState, int]
    """How many there are in each state; a state that nobody is in may be missing."""
    notifications: Mapping[NotificationState, int]
    """How many are in each of the states DUE, HELD, UNKNOWN and PARKED; 0 may be missing."""
    oldest_due_at: datetime | None = None
    """Since when the longest waiting notification is due; None: nothing is."""
    polled_at: datetime | None = None
    """When any source was last asked."""
    failing: tuple[FailingPoll, ...] = ()
    """Of the sources that are asked now, most failures first."""
