"""`replay`: the notifications a subscriber would have had, with every decision and its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot import importance, summaries, topics
from bot.commands.jsonl import Record, progress, read_records, write_records
from bot.commands.rank import coverage_of
from bot.config import use_topics_of_environment
from bot.errors import InputError, QueryError
from bot.language import Document, analyse
from bot.model import (
    MAIN,
    Article,
    Coverage,
    Due,
    Evidence,
    Importance,
    Level,
    Notification,
    Send,
    Story,
    Subscriber,
    Subscription,
    Topic,
)
from bot.outbox import decide
from bot.stories import StoryIndex
from bot.words import Words, words

READER = Subscriber(id=1, chat_id=1)


def replay(path: Path, follow: list[str], level: Level | None, language: str) -> None:
    """Write one line a decision: `{at, id, story, topic, level, decision, reason, because, headline, summary}`.

    Without `level`, «Главное» notifies from *major* on and every other topic from *routine* on.
    """
    use_topics_of_environment()
    say = words(language)
    reader = _Reader([_subscription(number, wanted, level, say) for number, wanted in enumerate(follow, start=1)])
    records = read_records(path)
    articles = [(record, record.article(number)) for number, record in enumerate(records, start=1)]
    for entry in articles:
        coverage_of(*entry)  # what is wrong is told before anything is written
    write_records(line for entry in progress(articles, "replay") for line in reader.reads(*entry, say))


def _subscription(number: int, wanted: str, level: Level | None, say: Words) -> Subscription:
    slug = topics.find_built_in(wanted)
    try:
        topic = Topic(id=number, slug=slug) if slug else Topic(id=number, query=str(topics.parse(wanted)))
    except QueryError as error:
        raise InputError(f"--follow {wanted!r}: {say.query_error(error)}") from None
    start = Level.MAJOR if slug == MAIN else Level.ROUTINE
    return Subscription(topic=topic, level=start if level is None else level)


@dataclass(slots=True)
class _Reader:
    """One subscriber's view of a stream of articles: what collect and deliver would have done, in memory."""

    subscriptions: list[Subscription]
    stories: StoryIndex = field(default_factory=StoryIndex)
    own: topics.Matcher = field(default_factory=topics.Matcher)
    coverage: dict[int, list[Coverage]] = field(default_factory=lambda: defaultdict(list))
    story: dict[int, Story] = field(default_factory=dict)
    dispatched: dict[tuple[int, int], Level] = field(default_factory=dict)
    evidence: dict[tuple[int, int], Evidence] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    names: dict[int, str | int] = field(default_factory=dict)
    """Of stories: the id of their first article."""

    def __post_init__(self) -> None:
        for subscription in self.subscriptions:
            if subscription.topic.query is not None:
                self.own.add(subscription.topic.id, topics.parse(subscription.topic.query))

    def reads(self, record: Record, article: Article, say: Words) -> Iterator[dict[str, object]]:
        """The decisions that one more article causes."""
        document = analyse(article, record.source or None)
        story = self._story(record, article, document)
        for found in self._labels(document):
            self.evidence[story.id, found.topic_id] = found
        for subscription in self.subscriptions:
            if (line := self._line(record, article, story, subscription, say)) is not None:
                yield line

    def _story(self, record: Record, article: Article, document: Document) -> Story:
        weighed = self.stories.weigh(article, document)
        story_id = self.stories.find(weighed) or article.id
        self.stories.add(article.id, story_id, weighed)
        self.coverage[story_id].append(coverage_of(record, article))
        judged = importance.score(self.coverage[story_id], article.published_at)
        self.names.setdefault(story_id, record.id)
        first = self.story.get(story_id) or self._opened(record, article, judged)
        level = max(first.level, judged.level)
        self.story[story_id] = replace(first, level=level, score=judged.score, because=judged.because)
        return self.story[story_id]

    @staticmethod
    def _opened(record: Record, article: Article, judged: Importance) -> Story:
        return Story(
            id=article.id,
            title=article.title,
            url=article.url,
            source=record.source,
            summary=summaries.write(article, record.source),
            level=judged.level,
            published_at=article.published_at,
            opened_at=article.seen_at,
        )

    def _labels(self, document: Document) -> tuple[Evidence, ...]:
        ids = {sub.topic.slug: sub.topic.id for sub in self.subscriptions if sub.topic.slug is not None}
        built_in = topics.label(document, {slug: ids.get(slug, 0) for slug in topics.slugs()})
        return tuple(found for found in built_in if found.topic_id) + self.own.label(document)

    def _line(
        self, record: Record, article: Article, story: Story, subscription: Subscription, say: Words
    ) -> dict[str, object] | None:
        key = (story.id, subscription.topic.id)
        found = self.evidence.get(key)
        if found is None or self.dispatched.get(key, -1) >= story.level or story.id in self.told:
            return None
        self.dispatched[key] = story.level
        decision = decide(_due(story, subscription, article.published_at), article.published_at)
        reason = None if isinstance(decision, Send) else decision.reason
        if reason is None or reason.kind != "below_level":
            self.told.add(story.id)
        line: dict[str, object] = {
            "at": article.published_at.isoformat(),
            "id": record.id,
            "story": self.names[story.id],
            "topic": say.topic(subscription.topic),
            "level": story.level.name.lower(),
            "decision": type(decision).__name__.lower(),
            "because": [say.reason(one) for one in (*story.because, *found.because)],
            "headline": story.title,
            "summary": story.summary,
        }
        return line if reason is None else line | {"reason": say.reason(reason)}


def _due(story: Story, subscription: Subscription, at: datetime) -> Due:
    return Due(
        notification=Notification(
            story_id=story.id, subscriber_id=READER.id, topic_id=subscription.topic.id, created_at=at, due_at=at
        ),
        subscriber=READER,
        subscription=subscription,
        topic=subscription.topic,
        story=story,
    )
