"""What the conversation reads and writes, the publisher's part of it too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from bot.model import (
    Archived,
    DigestKind,
    DigestPlan,
    Draft,
    Evidence,
    Explanation,
    Level,
    Parts,
    Status,
    Story,
    Subscriber,
    SubscriberState,
    Subscription,
    Topic,
)

Carried = Literal["section", "author", "source"]


class SubscriberStore(Protocol):
    """What the conversation reads and writes."""

    async def subscriber(self, chat_id: int, thread_id: int = 0) -> Subscriber | None: ...

    async def add_subscriber(self, subscriber: Subscriber, now: datetime) -> Subscriber:
        """The stored subscriber of that chat: a new one, or the one that was there, unchanged."""
        ...

    async def set_state(self, subscriber_id: int, state: SubscriberState, until: datetime | None = None) -> None:
        """`until`: when a pause ends by itself; None clears it."""
        ...

    async def set_preferences(self, subscriber: Subscriber) -> None:
        """Store the wishes in the value: language, time_zone, quiet, daily_cap, sound_from, digest_only, catch_up,
        follow_ups and sections."""
        ...

    async def plan_digest(self, subscriber_id: int, plan: DigestPlan, next_at: datetime) -> None:
        """Keep the plan (one of each kind) and let the next issue be due at `next_at`."""
        ...

    async def end_digest(self, subscriber_id: int, kind: DigestKind) -> None:
        """Drop the plan; what is held stays held."""
        ...

    async def hold_recent(self, subscriber_id: int, since: datetime, limit: int, now: datetime) -> int:
        """Hold for the next digest the best stories since then on their topics, from each subscription's level on,
        that they were not told; how many. What a first issue is made of."""
        ...

    async def mute_story(self, subscriber_id: int, story_id: int, now: datetime) -> None:
        """Tell nothing more of the story."""
        ...

    async def unmute_story(self, subscriber_id: int, story_id: int) -> None:
        """Undo it; what was skipped meanwhile stays skipped."""
        ...

    async def set_muted(self, subscriber_id: int, topic_id: int, until: datetime | None) -> None:
        """Mute the subscription until then; None unmutes."""
        ...

    async def note_seen(self, subscriber_id: int, now: datetime) -> None:
        """A sign of life: `seen_at` is now and `asked_at` is cleared."""
        ...

    async def move_chat(self, chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup: every thread's subscriber moves along."""
        ...

    async def set_chat_state(self, chat_id: int, state: SubscriberState) -> None:
        """For every subscriber of the chat (blocked, unblocked). ACTIVE only ends GONE, never a pause of their own."""
        ...

    async def topic(self, topic: Topic) -> Topic:
        """The stored topic with that slug, or that asks for the same as the query: by its key, else as it's written.

        It's added if there's none.
        """
        ...

    async def topic_by_id(self, topic_id: int) -> Topic | None: ...

    async def subscriptions(self, subscriber_id: int) -> tuple[Subscription, ...]:
        """Built-in topics first, then own ones, oldest first."""
        ...

    async def follow(self, subscriber_id: int, topic_id: int, level: Level, now: datetime) -> bool:
        """False if they followed it already (nothing changes then)."""
        ...

    async def unfollow(self, subscriber_id: int, topic_id: int) -> bool:
        """False if they didn't follow it. What is due under the topic is skipped when it is decided."""
        ...

    async def refollow(self, subscriber_id: int, topic_id: int, other_id: int, level: Level | None = None) -> bool:
        """Follow the other topic in place of the first, with sound and mute as they are, and the level (None) too.

        False if they don't follow the first. If they follow the other one already, that one stays as it is.
        """
        ...

    async def add_drafts(self, drafts: Sequence[Draft], now: datetime) -> tuple[int, ...]:
        """Keep them for a day or two; their ids."""
        ...

    async def draft(self, chat_id: int, thread_id: int, draft_id: int) -> Draft | None:
        """None if it isn't that chat's, or there no more."""
        ...

    async def asked_last(self, chat_id: int, thread_id: int, since: datetime) -> Draft | None:
        """What was asked for there since then, if no draft has been added after it."""
        ...

    async def asked_for(self, chat_id: int, thread_id: int, question: int) -> Draft | None:
        """What was asked for there by that message; None if nothing was."""
        ...

    async def set_level(self, subscriber_id: int, topic_id: int, level: Level) -> None: ...

    async def set_sound(self, subscriber_id: int, topic_id: int, sound: bool) -> None: ...

    async def latest(self, topic_ids: Sequence[int], limit: int, level: Level = Level.ROUTINE) -> tuple[Story, ...]:
        """Stories of any of the topics at `level` or above, newest first."""
        ...

    async def stories_by_id(self, ids: Sequence[int]) -> tuple[Story, ...]:
        """Those of them that exist, in that order."""
        ...

    async def carried(self, by: Carried, since: datetime) -> Mapping[str, int]:
        """How many stories articles seen since then belong to, by what they carry as section, author or source."""
        ...

    async def level_counts(self, topic_id: int, since: datetime) -> Mapping[Level, int]:
        """How many stories of the topic opened since then, by level reached."""
        ...

    async def archive(self, since: datetime, limit: int, before: Archived | None = None) -> tuple[Archived, ...]:
        """The newest `limit` articles seen after `since`, newest first: what a new query is tried on.

        With `before`, those that come after it in that order: the next page.
        """
        ...

    async def label(self, evidence: Mapping[int, Evidence], now: datetime) -> None:
        """Stories (by id) found to belong to a topic after the fact.

        Nobody is told of them: the level they have reached counts as dispatched.
        """
        ...

    async def mark_shown(self, subscriber_id: int, topic_id: int, story_id: int, now: datetime) -> None:
        """The subscriber was shown the story in an answer, so it's not pushed to them any more."""
        ...

    async def explain(self, subscriber_id: int, story_id: int | None) -> Explanation | None:
        """Of that story, or of the one last told; None if there is none."""
        ...

    async def forget(self, subscriber_id: int) -> None:
        """Delete the subscriber with everything that is theirs, drafts too."""
        ...


class PublisherStore(Protocol):
    """What the publisher's commands read."""

    async def status(self, now: datetime) -> Status:
        """Figures of the whole installation. Reads what is open by its indexes, never the settled past."""
        ...

    async def withdraw(self, story_id: int, now: datetime) -> bool:
        """Take the story back, whoever carries it: it's pushed no more, and messages say so. False if that is done."""
        ...

    async def parts(self, story_id: int) -> Parts | None:
        """What the story is made of; None if there is no such story, or nothing left of it."""
        ...

    async def split(self, article_id: int, evidence: Sequence[Evidence], now: datetime) -> int | None:
        """Take the article out of its story into one of its own, of these topics, and return that one's id.

        Nobody is told of it before another article joins it, and the two never become one again. None, and nothing
        happens, if the article tells its story or isn't there.
        """
        ...
