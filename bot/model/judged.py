"""Judge: topics, importance, stories, and what one commit of collect stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.basics import NEW, Level, Reason
from bot.model.collected import Article, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject one can follow: built in (`slug`) or a query (`query`, normalised). Exactly one of the two is set."""

    id: int = NEW
    slug: str | None = None
    query: str | None = None
    """As whoever first asked for it wrote it, tidied: what subscribers see."""
    key: str | None = field(default=None, compare=False)
    """Of a query to be stored: the same for all that ask for the same, by which they are one topic."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a text belongs to a topic, how surely (0 to 1), and why."""

    topic_id: int
    score: float
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is known of one article of a story that bears on the story's importance."""

    title: str
    owner: str
    country: str
    published_at: datetime
    views: int | None = None
    seen_at: datetime | None = None
    """When `views` was read."""
    position: int | None = None
    """Place on the source's front page, from 0; None when it is not there or there is no front page."""
    front_since: datetime | None = None
    """Since when it has been on the front page, at whatever place."""


class SignalKind(StrEnum):
    """What is measured of an article again and again, and kept with its time."""

    VIEWS = "views"
    """What the page's counter showed."""
    POSITION = "position"
    """Place on the source's front page, from 0; no value: it left."""
    FEED = "feed"
    """Place in the feed when first seen, from 0."""
    URGENT = "urgent"
    """Its headline opens with an urgent mark; no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One measurement of an article."""

    kind: SignalKind
    at: datetime
    value: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """That an article's page is due to be read again."""

    article: Article
    was_missing: bool = False
    """There was no page the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRecord:
    """What the store has counted of an owner."""

    owner: str
    carried: Mapping[int, int] = field(default_factory=dict)
    """How many of its stories were carried by so many other owners."""
    articles: int = 0
    urgent: int = 0
    """Of the articles, those with an urgent mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The stories that opened within a period, as far as later ones are compared with them."""

    peaks: tuple[float, ...] = ()
    """The highest score each has reached."""
    since: datetime | None = None
    """When the first of them opened."""
    owners: tuple[OwnerRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """A story's score, 0 to 100, its level, and its reasons, weightiest first."""

    score: float
    level: Level
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """A fact that only another article of the story holds, in that one's words."""

    text: str
    """A sentence without its full stop."""
    source: str
    """The source's name."""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles about one event, told by its headline article."""

    id: int
    title: str
    url: str
    source: str
    """The source's name."""
    summary: str
    level: Level
    """The highest it has reached."""
    published_at: datetime
    """Of the headline article."""
    opened_at: datetime
    """When its first article was seen."""
    picture: str | None = None
    marks: tuple[Mark, ...] = ()
    score: float = 0.0
    because: tuple[Reason, ...] = ()
    sources: tuple[str, ...] = ()
    """Names of every source that carries it, earliest first."""
    corrected_at: datetime | None = None
    """When the headline was last changed by its source, or gave way to another one."""
    withdrawn_at: datetime | None = None
    """When the last article that tells it was withdrawn, by its source or by the publisher."""
    details: Details | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The articles of a story that stand, as telling it needs them."""

    articles: tuple[tuple[Article, str, str], ...]
    """Each with its source's name and owner, earliest first."""
    told_by: int | None
    """The article by which subscribers were told of it; None while nobody was."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How a story of several articles is told. NEW stands for the article that is being published."""

    headline_id: int
    details_id: int | None = None
    """The article that the details are from."""
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What one commit of collect stores: an article, its story and topics, and the dispatches they cause."""

    article: Article
    """`story_id` is NEW when the article opens a story."""
    importance: Importance
    """Of the story with this article in it."""
    evidence: tuple[Evidence, ...]
    summary: str
    signals: tuple[Signal, ...] = ()
    """Of the article, as first seen."""
    read_again_at: datetime | None = None
    """When its view counter is to be read again."""
    silent: bool = False
    """Remembered from a source's first poll: its dispatches are stored as done, so nobody is told."""
    adds: Reason | None = None
    """What the article adds to a story that has been told: cause for a follow-up."""
    telling: Telling | None = None
    """How the story is told from now on, where the article joins one."""
    merges: tuple[int, ...] = ()
    """Ids of younger stories that it brings together with its own."""
    aliases: tuple[str, ...] = ()
    """Names beside its key by which the article is to be known."""
    continues: int | None = None
    """Where the article opens a story: the id of the one about the same event that had closed."""
    fingerprint: bytes = b""
    """What the article is compared by, packed; empty: to be made when it is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An article as its source tells it now."""

    article: Article
    """With its id."""
    summary: str
    fingerprint: bytes = b""
    """As in a publication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A recent article, as grouping needs it after a restart."""

    article_id: int
    story_id: int
    first_at: datetime
    """When the first article of its story was published."""
    fingerprint: bytes | None
    """None where it was stored without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An article of the archive, as matching and grouping read it again."""

    article: Article
    level: Level
    """Of its story."""
