"""Collect: what is asked, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.basics import NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where we ask: a feed or a page of links. `owner` counts once however many sources it has."""

    name: str
    url: str
    language: str
    owner: str
    country: str
    id: int = NEW
    fallback: str | None = None
    front_page: str | None = None
    articles: str | None = None
    """A regular expression that article URLs match; its group `key`, if any, is the article's key."""
    interval: timedelta | None = None
    """How often to ask; None leaves it to the kind of poll."""


class PollKind(StrEnum):
    FEED = "feed"
    FALLBACK = "fallback"
    FRONT = "front"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One address of a source that is asked in turn, and what is remembered from asking."""

    source_id: int
    kind: PollKind
    url: str
    next_at: datetime
    asked_at: datetime | None = None
    succeeded_at: datetime | None = None
    """When an answer could last be read."""
    first_read_at: datetime | None = None
    """When an answer could first be read: what that one shows is remembered, not pushed."""
    failures: int = 0
    """In a row; 0 after a success."""
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    url: str
    """Where the answer came from, after redirects."""
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Mark:
    """A legal notice and the name it belongs to, both as the source wrote them."""

    name: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a feed or a page of links says of one article; the article page may add the rest."""

    key: str
    """Unique within its source and the same at every poll."""
    url: str
    title: str
    lead: str = ""
    text: str = ""
    """The body, when the feed carries it in full, else empty."""
    section: str | None = None
    author: str | None = None
    picture: str | None = None
    published_at: datetime | None = None
    position: int = 0
    """Place in the feed or on the page, from 0."""
    guid: str = ""
    """As its feed names it, which may be anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an article page says of its article."""

    url: str
    title: str
    lead: str = ""
    text: str = ""
    section: str | None = None
    author: str | None = None
    picture: str | None = None
    published_at: datetime | None = None
    views: int | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One publication of one source."""

    source_id: int
    key: str
    url: str
    """Canonical: no tracking parameters."""
    title: str
    published_at: datetime
    seen_at: datetime
    id: int = NEW
    story_id: int = NEW
    lead: str = ""
    text: str = ""
    section: str | None = None
    author: str | None = None
    picture: str | None = None
    views: int | None = None
    marks: tuple[Mark, ...] = ()
    language: str = "ru"
    listed_title: str = ""
    """As its source's list shows it, which may differ from the page's headline; "" when not known."""
    page_title: str = ""
    """As its own page shows it; "" when the page was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article that its source still lists: what is needed to see whether its headline was changed."""

    article_id: int
    story_id: int
    title: str
    """As it is told."""
    listed_title: str
    """As the list showed it last; "" when not known."""
