"""Converse: who reads, and how they want to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.model.basics import NEW, Level
from bot.model.judged import Topic


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
