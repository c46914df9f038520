"""What the stages hand to each other: frozen values, named as docs/GLOSSARY.md names them.

Every time is aware UTC and ends in `_at`; every id is the store's own integer, `NEW` until it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import Final

NEW: Final = 0
MAIN: Final = "main"
"""The slug of «Главное», the built-in topic of every story."""


class Level(IntEnum):
    """How important a story is, and from what importance on a subscription notifies."""

    ROUTINE = 0
    NOTABLE = 1
    MAJOR = 2
    BREAKING = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a kind that `bot.words` knows, and the values its sentence needs (JSON scalars)."""

    kind: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


# --- collect: what is asked, and what comes back -------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article that its source still lists: what is needed to see whether its headline was changed."""

    article_id: int
    story_id: int
    title: str
    """As it is told."""
    listed_title: str
    """As the list showed it last; "" when not known."""


# --- judge: stories, topics, importance ----------------------------------------------------------------------------


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

    article_id: int
    url: str
    published_at: datetime
    seen_at: datetime
    was_missing: bool = False
    """There was no page the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRecord:
    """What the store has counted of an owner."""

    owner: str
    stories: int
    """It carried."""
    echoes: int
    """Other owners that carried them too, summed over the stories."""
    articles: int
    urgent: int
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

    articles: tuple[tuple[Article, str], ...]
    """Each with its source's name, earliest first."""
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
class Correction:
    """An article as its source tells it now."""

    article: Article
    """With its id."""
    summary: str


# --- converse: who reads -------------------------------------------------------------------------------------------


class SubscriberState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    """By their own wish; /resume ends it."""
    GONE = "gone"
    """Telegram refuses delivery (blocked, deactivated, kicked); /start or an unblocking ends it."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which nothing is pushed; `start` after `end` goes over midnight, equal is all day."""

    start: time
    end: time
    breaking_passes: bool = True


class DigestKind(StrEnum):
    """One thing in three rhythms: a message that folds held notifications."""

    MORNING = "morning"
    """«Пока было тихо»: comes by itself when quiet hours that held something end."""
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """When a subscriber wants a digest, in their local time."""

    kind: DigestKind
    at: time
    weekday: int | None = None
    """Of a weekly one; 0 is Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A chat (and forum thread) we may write to, with how it wants to be written to."""

    chat_id: int
    thread_id: int = 0
    """A forum thread's id; 0 is the chat itself."""
    id: int = NEW
    chat_kind: str = "private"
    """private, group, supergroup or channel, as Telegram says."""
    language: str = "ru"
    time_zone: str = "Europe/Moscow"
    state: SubscriberState = SubscriberState.ACTIVE
    paused_until: datetime | None = None
    """When a pause ends by itself; None with PAUSED: only by /resume."""
    quiet: QuietHours | None = None
    daily_cap: int | None = None
    """Pushes a local day; what is beyond waits for the digest. Breaking is not counted in."""
    sound_from: Level = Level.ROUTINE
    """Pushes below this level are silent."""
    digest_only: bool = False
    """Nothing but breaking is pushed; all else waits for the digest."""
    digests: tuple[DigestPlan, ...] = ()
    catch_up: bool = True
    """Whether a morning digest tells what quiet hours held back; without it, /latest does."""
    follow_ups: bool = True
    """Whether they are told what a story adds later."""
    sections: tuple[str, ...] = ()
    """Names of the sections that stand first in a digest, in the subscriber's order; the others follow by their best
    story."""
    created_at: datetime | None = None
    seen_at: datetime | None = None
    """The last sign of life: a command or a button."""
    asked_at: datetime | None = None
    """When they were asked whether they still read; None: not since the last sign of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscriber follows a topic, from a level on."""

    topic: Topic
    level: Level
    sound: bool = True
    muted_until: datetime | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Words that a chat may be about to follow, or (`query` is None) was asked for; kept for a day."""

    chat_id: int
    thread_id: int = 0
    id: int = NEW
    query: str | None = None
    replaces: int | None = None
    """Id of the topic in whose place it would come."""
    question: int | None = None
    """Telegram's id of the message that asks for the words."""


# --- deliver: from importance to a phone ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """That a story first reached a level on a topic: one fan-out, expanded chunk by chunk."""

    story_id: int
    topic_id: int
    level: Level
    created_at: datetime
    cursor: int = 0
    """The last subscriber id expanded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What is told of a story after its first message, to everybody who got that: a second fan-out."""

    story_id: int
    kind: NotificationKind
    """FOLLOW_UP or CORRECTION."""
    edition: int
    """From 1, by story and kind."""
    due_at: datetime
    cursor: int = 0
    """The last subscriber id expanded."""


class NotificationKind(StrEnum):
    PUSH = "push"
    """The first a subscriber is told of a story."""
    FOLLOW_UP = "follow_up"
    """What it adds later: a silent reply to the first message."""
    CORRECTION = "correction"
    """The first message is edited: its headline was changed or withdrawn."""


class NotificationState(StrEnum):
    DUE = "due"
    SENT = "sent"
    SHOWN = "shown"
    """Told in an answer to the subscriber, not pushed."""
    HELD = "held"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    """Telegram's answer was lost too often; it may or may not have arrived."""
    PARKED = "parked"
    """Telegram refuses the message itself: a bug of ours, shown to the publisher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What one subscriber is told about one story. Its key is story, subscriber, kind and edition."""

    story_id: int
    subscriber_id: int
    topic_id: int
    created_at: datetime
    due_at: datetime
    kind: NotificationKind = NotificationKind.PUSH
    edition: int = 0
    state: NotificationState = NotificationState.DUE
    reason: Reason | None = None
    unknown_outcomes: int = 0
    """How often Telegram's answer to it was lost."""
    lease_until: datetime | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A claimed notification with all that deciding and rendering need, read when it was claimed."""

    notification: Notification
    subscriber: Subscriber
    subscription: Subscription | None
    """To the notification's topic; None when it has ended meanwhile."""
    topic: Topic
    story: Story
    """A follow-up's is told by the article that adds something."""
    sent_today: int = 0
    """Pushes below breaking that the subscriber got since their local midnight; 0 where no cap asks for it."""
    story_muted: bool = False
    first_message_id: int | None = None
    """Of the push that a follow-up answers and a correction edits; None if it never went out."""
    superseded: bool = False
    """A later edition of the same kind is there."""
    adds: Reason | None = None
    """What a follow-up adds to what was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Decided: send it now."""

    silent: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Decided: keep it for the next digest."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Skip:
    """Decided: never send it."""

    reason: Reason


Decision = Send | Hold | Skip


@dataclass(frozen=True, slots=True)
class Delivered:
    """Telegram took the message."""

    message_id: int
    lines: int | None = None
    """Of a digest: how many of its entries were listed, where not all fitted the message."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Surely not sent (429, no connection, no slot in time); try again after `wait`."""

    wait: timedelta
    reason: Reason


@dataclass(frozen=True, slots=True)
class Gone:
    """Telegram will deliver nothing more to this chat."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup with this chat id; not sent yet."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The message to be edited is no longer there; nothing was sent, and there is nothing to try again."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request left and no answer came back: it may have been delivered."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram refuses the message itself: a bug of ours."""

    reason: Reason


Outcome = Delivered | RetryAfter | Gone | Moved | Missing | OutcomeUnknown | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What to write down about a claimed notification, all of it in one transaction."""

    notification: Notification
    """As it is from now on: state, reason, due_at, message_id, unknown_outcomes."""
    gone: bool = False
    """The subscriber can't be reached any more."""
    chat_id: int | None = None
    """The subscriber's new chat id."""
    catch_up_at: datetime | None = None
    """Held by quiet hours: their end, when a morning digest is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """A held notification as a line of a digest."""

    notification: Notification
    topic: Topic
    story: Story
    section: str | None = None
    """Of the story's headline article, as the source calls it."""
    superseded: bool = False
    """It's a follow-up, and a later one is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDue:
    """A claimed digest with everything it folds, read when it was claimed."""

    kind: DigestKind
    subscriber: Subscriber
    due_at: datetime
    entries: tuple[DigestEntry, ...]
    """Held and not yet told, of any age that retention leaves; at most 200, best first."""
    unknown_outcomes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What an issue tells."""

    kind: DigestKind
    entries: tuple[DigestEntry, ...]
    """Its lines, best first; never empty."""
    beyond: tuple[DigestEntry, ...] = ()
    """For which there's no line: they are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettlement:
    """What to write down about a claimed digest, all of it in one transaction."""

    kind: DigestKind
    subscriber_id: int
    next_at: datetime | None
    """When it is due again; None: not until it is planned anew."""
    told: tuple[Notification, ...] = ()
    """Entries that are settled by it: their new state and reason."""
    unknown_outcomes: int = 0
    gone: bool = False
    chat_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSettlement:
    """What to write down about a subscriber who gave no sign of life for long."""

    subscriber_id: int
    seen_at: datetime | None
    """As it was when they were claimed: a sign of life that came since then makes this settlement void."""
    asked_at: datetime | None
    weekly: DigestPlan | None = None
    """From now on nothing but breaking is pushed, and this is their only planned digest; None changes neither."""
    next_at: datetime | None = None
    """When the weekly one is due."""
    gone: bool = False


# --- what the conversation reads back ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything /why needs of one story for one subscriber."""

    story: Story
    topic: Topic | None
    """Under which it was told, or would have been."""
    evidence: tuple[Reason, ...] = ()
    subscription: Subscription | None = None
    notification: Notification | None = None
    muted: bool = False
    """They want to hear nothing more of the story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An article of the archive, as matching and grouping read it again."""

    article: Article
    level: Level
    """Of its story."""


# --- what the publisher reads --------------------------------------------------------------------------------------


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
