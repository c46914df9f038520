"""Deliver: from a story's importance to a phone, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.basics import Level, Reason
from bot.model.judged import Story, Topic
from bot.model.subscribers import DigestKind, DigestPlan, Subscriber, Subscription


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
    continued: Story | None = None
    """The earlier story about the same event, which had closed."""
