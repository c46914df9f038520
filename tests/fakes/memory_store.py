"""A SubscriberStore in memory, with what tests need to put stories and articles into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, count
from typing import Any

from bot.model import (
    MAIN,
    NEW,
    Archived,
    Article,
    DigestKind,
    DigestPlan,
    Draft,
    Evidence,
    Explanation,
    Level,
    Notification,
    NotificationState,
    Part,
    Parts,
    Reason,
    Status,
    Story,
    Subscriber,
    SubscriberState,
    Subscription,
    Topic,
)
from bot.ports import Carried
from bot.topics import BUILT_IN

PREFERENCES = (
    "language", "time_zone", "quiet", "daily_cap", "sound_from", "digest_only", "catch_up", "follow_ups", "sections",
)  # fmt: skip


class MemoryStore:
    """Keeps everything in dictionaries; the contracts are those of `bot.ports`: SubscriberStore and PublisherStore."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.topics: dict[int, Topic] = {}
        self.subscribers: dict[int, Subscriber] = {}
        self.followed: dict[tuple[int, int], Subscription] = {}
        self.stories: dict[int, Story] = {}
        self.labels: dict[tuple[int, int], Evidence] = {}
        """By story and topic."""
        self.articles: list[Archived] = []
        self.notifications: dict[tuple[int, int], Notification] = {}
        """By subscriber and story, the last one told last."""
        self.issues: dict[tuple[int, DigestKind], datetime] = {}
        """When each planned digest is due, by subscriber."""
        self.drafts: dict[int, Draft] = {}
        self.drafted_at: dict[int, datetime] = {}
        self.source_names = {1: "Труд"}
        self.muted_stories: set[tuple[int, int]] = set()
        """Subscriber and story."""
        self.continues: dict[int, int] = {}
        self.signs_of_life = 0
        """How often one was written down."""
        self.figures = Status(subscribers={}, notifications={})
        self.topic_ids = {slug: self._topic(Topic(slug=slug)).id for slug in BUILT_IN}

    # --- what tests put in ---

    def add_story(self, story: Story, *slugs: str, article: Article | None = None) -> Story:
        """A story of these built-in topics, and an article of it for the archive."""
        story = replace(story, id=story.id or next(self._ids))
        self.stories[story.id] = story
        for slug in slugs:
            topic_id = self.topic_ids[slug]
            because = () if slug == MAIN else (Reason("topic_title", {"words": story.title}),)
            self.labels[story.id, topic_id] = Evidence(topic_id, 1.0, because)
        if article is not None:
            article = replace(article, id=next(self._ids), story_id=story.id)
            self.articles.insert(0, Archived(article=article, level=story.level))
        return story

    def notify(self, notification: Notification) -> None:
        self.notifications[notification.subscriber_id, notification.story_id] = notification

    # --- bot.ports.SubscriberStore ---

    async def subscriber(self, chat_id: int, thread_id: int = 0) -> Subscriber | None:
        wanted = (chat_id, thread_id)
        return next((one for one in self.subscribers.values() if (one.chat_id, one.thread_id) == wanted), None)

    async def add_subscriber(self, subscriber: Subscriber, now: datetime) -> Subscriber:
        known = await self.subscriber(subscriber.chat_id, subscriber.thread_id)
        if known is None:
            known = replace(subscriber, id=next(self._ids), created_at=now, seen_at=now)
            self.subscribers[known.id] = known
        return known

    async def set_state(self, subscriber_id: int, state: SubscriberState, until: datetime | None = None) -> None:
        self._change(subscriber_id, state=state, paused_until=until)

    async def set_preferences(self, subscriber: Subscriber) -> None:
        self._change(subscriber.id, **{name: getattr(subscriber, name) for name in PREFERENCES})

    async def plan_digest(self, subscriber_id: int, plan: DigestPlan, next_at: datetime) -> None:
        others = tuple(one for one in self.subscribers[subscriber_id].digests if one.kind is not plan.kind)
        self._change(subscriber_id, digests=(*others, plan))
        self.issues[subscriber_id, plan.kind] = next_at

    async def end_digest(self, subscriber_id: int, kind: DigestKind) -> None:
        left = tuple(one for one in self.subscribers[subscriber_id].digests if one.kind is not kind)
        self._change(subscriber_id, digests=left)
        self.issues.pop((subscriber_id, kind), None)

    async def hold_recent(self, subscriber_id: int, since: datetime, limit: int, now: datetime) -> int:
        wanted = {
            story_id: topic_id
            for (story_id, topic_id) in self.labels
            if (subscription := self.followed.get((subscriber_id, topic_id))) is not None
            and self.stories[story_id].level >= subscription.level
            and self.stories[story_id].opened_at >= since
            and (subscriber_id, story_id) not in self.notifications
        }
        best = sorted(wanted, key=lambda story_id: self.stories[story_id].level, reverse=True)[:limit]
        for story_id in best:
            held = Notification(
                story_id=story_id,
                subscriber_id=subscriber_id,
                topic_id=wanted[story_id],
                created_at=now,
                due_at=now,
                state=NotificationState.HELD,
            )
            self.notify(held)
        return len(best)

    async def mute_story(self, subscriber_id: int, story_id: int, now: datetime) -> None:
        assert subscriber_id in self.subscribers
        self.muted_stories.add((subscriber_id, story_id))

    async def unmute_story(self, subscriber_id: int, story_id: int) -> None:
        self.muted_stories.discard((subscriber_id, story_id))

    async def set_muted(self, subscriber_id: int, topic_id: int, until: datetime | None) -> None:
        if (key := (subscriber_id, topic_id)) in self.followed:
            self.followed[key] = replace(self.followed[key], muted_until=until)

    async def note_seen(self, subscriber_id: int, now: datetime) -> None:
        self.signs_of_life += 1
        self._change(subscriber_id, seen_at=now, asked_at=None)

    def _change(self, subscriber_id: int, **values: Any) -> None:
        if subscriber_id in self.subscribers:
            self.subscribers[subscriber_id] = replace(self.subscribers[subscriber_id], **values)

    async def move_chat(self, chat_id: int, new_chat_id: int) -> None:
        for subscriber in tuple(self.subscribers.values()):
            if subscriber.chat_id == chat_id:
                self.subscribers[subscriber.id] = replace(subscriber, chat_id=new_chat_id)

    async def set_chat_state(self, chat_id: int, state: SubscriberState) -> None:
        for subscriber in tuple(self.subscribers.values()):
            resumes_own_pause = state is SubscriberState.ACTIVE and subscriber.state is not SubscriberState.GONE
            if subscriber.chat_id == chat_id and not resumes_own_pause:
                self.subscribers[subscriber.id] = replace(subscriber, state=state)

    async def topic(self, topic: Topic) -> Topic:
        return self._topic(topic)

    def _topic(self, topic: Topic) -> Topic:
        wanted = (topic.slug, topic.query)
        same_key = (one for one in self.topics.values() if topic.key is not None and one.key == topic.key)
        as_written = (one for one in self.topics.values() if (one.slug, one.query) == wanted)
        known = next(chain(same_key, as_written), None)
        if known is None:
            known = replace(topic, id=next(self._ids))
            self.topics[known.id] = known
        return known

    async def topic_by_id(self, topic_id: int) -> Topic | None:
        return self.topics.get(topic_id)

    async def subscriptions(self, subscriber_id: int) -> tuple[Subscription, ...]:
        theirs = [one for (who, _), one in self.followed.items() if who == subscriber_id]
        return tuple(sorted(theirs, key=lambda one: (one.topic.slug is None, one.created_at, one.topic.id)))

    async def follow(self, subscriber_id: int, topic_id: int, level: Level, now: datetime) -> bool:
        if (subscriber_id, topic_id) in self.followed:
            return False
        assert subscriber_id in self.subscribers
        subscription = Subscription(topic=self.topics[topic_id], level=level, created_at=now)
        self.followed[subscriber_id, topic_id] = subscription
        return True

    async def unfollow(self, subscriber_id: int, topic_id: int) -> bool:
        return self.followed.pop((subscriber_id, topic_id), None) is not None

    async def refollow(self, subscriber_id: int, topic_id: int, other_id: int, level: Level | None = None) -> bool:
        subscription = self.followed.pop((subscriber_id, topic_id), None)
        if subscription is None:
            return False
        level = subscription.level if level is None else level
        changed = replace(subscription, topic=self.topics[other_id], level=level)
        self.followed.setdefault((subscriber_id, other_id), changed)
        return True

    async def add_drafts(self, drafts: Sequence[Draft], now: datetime) -> tuple[int, ...]:
        new = [replace(draft, id=next(self._ids)) for draft in drafts]
        self.drafts |= {draft.id: draft for draft in new}
        self.drafted_at |= {draft.id: now for draft in new}
        return tuple(draft.id for draft in new)

    async def draft(self, chat_id: int, thread_id: int, draft_id: int) -> Draft | None:
        found = self.drafts.get(draft_id)
        return found if found is not None and (found.chat_id, found.thread_id) == (chat_id, thread_id) else None

    async def asked_for(self, chat_id: int, thread_id: int, question: int) -> Draft | None:
        wanted = (chat_id, thread_id, question)
        theirs = (one for one in self.drafts.values() if (one.chat_id, one.thread_id, one.question) == wanted)
        return next(theirs, None)

    async def asked_last(self, chat_id: int, thread_id: int, since: datetime) -> Draft | None:
        theirs = [one for one in self.drafts.values() if (one.chat_id, one.thread_id) == (chat_id, thread_id)]
        recent = [one for one in theirs if self.drafted_at[one.id] >= since]
        return recent[-1] if recent and recent[-1].question is not None else None

    async def set_level(self, subscriber_id: int, topic_id: int, level: Level) -> None:
        if (key := (subscriber_id, topic_id)) in self.followed:
            self.followed[key] = replace(self.followed[key], level=level)

    async def set_sound(self, subscriber_id: int, topic_id: int, sound: bool) -> None:
        if (key := (subscriber_id, topic_id)) in self.followed:
            self.followed[key] = replace(self.followed[key], sound=sound)

    async def latest(self, topic_ids: Sequence[int], limit: int, level: Level = Level.ROUTINE) -> tuple[Story, ...]:
        found = {
            story_id: self.stories[story_id]
            for story_id, topic_id in self.labels
            if topic_id in topic_ids and self.stories[story_id].level >= level
        }
        newest = sorted(found.values(), key=lambda story: (story.opened_at, story.id), reverse=True)
        return tuple(newest[:limit])

    async def stories_by_id(self, ids: Sequence[int]) -> tuple[Story, ...]:
        return tuple(self.stories[one] for one in ids if one in self.stories)

    async def carried(self, by: Carried, since: datetime) -> Mapping[str, int]:
        found: dict[str, set[int]] = {}
        for article in (one.article for one in self.articles if one.article.seen_at > since):
            name = self.source_names[article.source_id] if by == "source" else getattr(article, by)
            if name:
                found.setdefault(name, set()).add(article.story_id)
        counts = {name: len(stories) for name, stories in found.items()}
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    async def level_counts(self, topic_id: int, since: datetime) -> Mapping[Level, int]:
        counts: dict[Level, int] = {}
        for story_id, labelled in self.labels:
            story = self.stories[story_id]
            if labelled == topic_id and story.opened_at >= since:
                counts[story.level] = counts.get(story.level, 0) + 1
        return counts

    async def archive(self, since: datetime, limit: int, before: Archived | None = None) -> tuple[Archived, ...]:
        def place(one: Archived) -> tuple[datetime, int]:
            return one.article.seen_at, one.article.id

        recent = [one for one in self.articles if one.article.seen_at > since]
        older = [one for one in recent if before is None or place(one) < place(before)]
        return tuple(sorted(older, key=place, reverse=True)[:limit])

    async def label(self, evidence: Mapping[int, Evidence], now: datetime) -> None:
        for story_id, one in evidence.items():
            self.labels.setdefault((story_id, one.topic_id), one)

    async def mark_shown(self, subscriber_id: int, topic_id: int, story_id: int, now: datetime) -> None:
        assert subscriber_id in self.subscribers
        self.notifications.setdefault(
            (subscriber_id, story_id),
            Notification(
                story_id=story_id,
                subscriber_id=subscriber_id,
                topic_id=topic_id,
                created_at=now,
                due_at=now,
                state=NotificationState.SHOWN,
            ),
        )

    async def explain(self, subscriber_id: int, story_id: int | None) -> Explanation | None:
        if story_id is None:
            story_id = next((story for who, story in reversed(self.notifications) if who == subscriber_id), None)
        story = self.stories.get(story_id or NEW)
        if story is None:
            return None
        notification = self.notifications.get((subscriber_id, story.id))
        mine = (
            one.topic.id for one in await self.subscriptions(subscriber_id) if (story.id, one.topic.id) in self.labels
        )
        topic_id = notification.topic_id if notification else next(mine, None)
        return Explanation(
            story=story,
            topic=self.topics[topic_id] if topic_id else None,
            evidence=self.labels[story.id, topic_id].because if topic_id else (),
            subscription=self.followed.get((subscriber_id, topic_id)) if topic_id else None,
            notification=notification,
            muted=(subscriber_id, story.id) in self.muted_stories,
            continued=self.stories.get(self.continues.get(story.id, NEW)),
        )

    async def status(self, now: datetime) -> Status:
        return self.figures

    async def withdraw(self, story_id: int, now: datetime) -> bool:
        story = self.stories.get(story_id)
        if story is None or story.withdrawn_at is not None:
            return False
        self.stories[story_id] = replace(story, withdrawn_at=now)
        return True

    async def parts(self, story_id: int) -> Parts | None:
        theirs = sorted((one.article for one in self.articles if one.article.story_id == story_id), key=lambda a: a.id)
        parts = tuple(
            Part(article=article, source=self.stories[story_id].source, tells=article == theirs[0])
            for article in theirs
        )
        labelled = tuple(self.topics[topic_id] for story, topic_id in self.labels if story == story_id)
        return Parts(articles=parts, topics=labelled) if parts else None

    async def split(self, article_id: int, evidence: Sequence[Evidence], now: datetime) -> int | None:
        for place, one in enumerate(self.articles):
            parts = await self.parts(one.article.story_id) if one.article.id == article_id else None
            if parts is None or parts.articles[0].article.id == article_id:
                continue
            told = replace(self.stories[one.article.story_id], id=next(self._ids), title=one.article.title)
            self.stories[told.id] = replace(told, level=Level.ROUTINE)
            self.articles[place] = replace(one, article=replace(one.article, story_id=told.id))
            self.labels.update({(told.id, each.topic_id): each for each in evidence})
            return told.id
        return None

    async def forget(self, subscriber_id: int) -> None:
        gone = self.subscribers.pop(subscriber_id, None)
        self.muted_stories = {one for one in self.muted_stories if one[0] != subscriber_id}
        self.followed = {key: one for key, one in self.followed.items() if key[0] != subscriber_id}
        self.notifications = {key: one for key, one in self.notifications.items() if key[0] != subscriber_id}
        self.issues = {key: at for key, at in self.issues.items() if key[0] != subscriber_id}
        here = gone and (gone.chat_id, gone.thread_id)
        self.drafts = {key: one for key, one in self.drafts.items() if (one.chat_id, one.thread_id) != here}
