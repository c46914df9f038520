"""`replay`: the notifications a subscriber would have had, with every decision and its reason.

It's the bot itself that reads the articles: its judging, its store (in a folder that goes at the end) and its
decisions, with a clock that goes by the articles, and one subscriber. So stories merge, rise and are followed up as
they would have; an article that comes again under another headline is a correction. What no article can tell isn't
there: view counters read again, pages taken down, what the subscriber would have set.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import parsing, topics
from bot.commands.jsonl import Record, progress, read_records, write_records
from bot.commands.rank import coverage_of
from bot.config import use_topics_of_environment
from bot.delivery import CHUNK, LEASE
from bot.errors import InputError, QueryError
from bot.judging import CORRECTED_WITHIN, Judging
from bot.logs import configure_logs
from bot.model import (
    MAIN,
    NEW,
    Article,
    Decision,
    Delivered,
    Due,
    Item,
    Level,
    NotificationKind,
    Reason,
    Send,
    Skip,
    Source,
    Story,
    Subscriber,
    Subscription,
    Topic,
)
from bot.outbox import decide, settle_decision, settle_outcome
from bot.words import Words, words
from storage import Store, open_store

Line = dict[str, object]
OWNER = "replay"
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
MOST_VIEWS = 10**12
PLACES = 1000
"""Of a front page; what stands further down doesn't stand on it."""
UNFOLLOWED = 0
"""The id of a topic that isn't there: evidence of it is passed over."""
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def replay(path: Path, follow: list[str], level: Level | None, language: str) -> None:
    """Write one line a decision: `{at, id, story, topic, level, decision, because, headline, summary, kind, reason?}`.

    `kind`: push, follow_up or correction. Without `level`, «Главное» notifies from *major* on and every other topic
    from *routine* on.
    """
    use_topics_of_environment()
    configure_logs("ERROR", "console")
    say = words(language)
    subscriptions = [_subscription(wanted, level, say) for wanted in follow]
    records = read_records(path)
    articles = [(record, _plausible(record.article(number))) for number, record in enumerate(records, start=1)]
    for entry in articles:
        coverage_of(*entry)  # what is wrong is told before anything is written
    asyncio.run(_replay(articles, subscriptions, say))


def _plausible(article: Article) -> Article:
    """With a time that has others before and after it and a number that can be stored, whatever the input says."""
    views = None if article.views is None else min(article.views, MOST_VIEWS)
    return replace(article, published_at=min(max(article.published_at, EARLIEST), LATEST), views=views)


def _subscription(wanted: str, level: Level | None, say: Words) -> Subscription:
    slug = topics.find_built_in(wanted)
    try:
        query = None if slug else topics.parse(wanted)
    except QueryError as error:
        raise InputError(f"--follow {wanted!r}: {say.query_error(error)}") from None
    topic = Topic(query=str(query), key=query.digest) if query else Topic(slug=slug)
    start = Level.MAJOR if slug == MAIN else Level.ROUTINE
    return Subscription(topic=topic, level=start if level is None else level)


async def _replay(
    articles: Sequence[tuple[Record, Article]], subscriptions: Sequence[Subscription], say: Words
) -> None:
    with TemporaryDirectory(prefix="glavnoe-") as folder:
        store = await open_store(f"sqlite+aiosqlite:///{folder}/replay.db")
        try:
            bot = await _begin(store, articles, subscriptions, say)
            for record, article in progress(articles, "replay"):
                async for line in bot.reads(record, article):
                    write_records([line])
            async for line in bot.waits(until=FOR_EVER):
                write_records([line])
        finally:
            await store.close()


async def _begin(
    store: Store, articles: Sequence[tuple[Record, Article]], subscriptions: Sequence[Subscription], say: Words
) -> _Bot:
    """A bot that has read nothing yet, with its sources and its subscriber."""
    start = articles[0][1].published_at if articles else datetime.now(UTC)
    given = {record.source: _source(record, article) for record, article in articles}
    sources = await store.register_sources(list(given.values()), start)
    reader = await store.add_subscriber(Subscriber(chat_id=1), start)
    followed = await store.register_topics([each.topic.slug for each in subscriptions if each.topic.slug is not None])
    for each in subscriptions:
        topic = await store.topic(each.topic)
        await store.follow(reader.id, topic.id, each.level, start)
    topic_ids = dict.fromkeys(topics.slugs(), UNFOLLOWED) | dict(followed)
    return _Bot(store, {source.name: source for source in sources}, topic_ids, reader, say, start)


def _source(record: Record, article: Article) -> Source:
    coverage = coverage_of(record, article)
    return Source(name=record.source, url="", language=article.language, owner=coverage.owner, country=coverage.country)


@dataclass(slots=True)
class _Bot:
    """Collect and deliver, a step at a time."""

    store: Store
    sources: dict[str, Source]
    topic_ids: Mapping[str, int]
    reader: Subscriber
    say: Words
    now: datetime
    judging: Judging = field(init=False)
    record: Record | None = None
    """The last one that was read."""
    names: dict[int, str | int] = field(default_factory=dict)
    """Of stories: the id of their first article."""
    below: set[tuple[int, Level]] = field(default_factory=set)
    """Stories, and their levels, that were said to be below the subscriber's."""
    fronts: dict[str, dict[int, str]] = field(default_factory=dict)
    """Front pages by source: keys by position."""

    def __post_init__(self) -> None:
        self.judging = Judging(self.store, lambda: self.now, self.topic_ids)

    async def reads(self, record: Record, article: Article) -> AsyncIterator[Line]:
        """The decisions that one more article causes, after those that fell due before it."""
        async for line in self.waits(until=article.published_at):
            yield line
        self.now, self.record = max(self.now, article.published_at), record
        story_id = await self._take(self.sources[record.source], record, article)
        async for line in self._deliver():
            yield line
        async for line in self._too_low(story_id):
            yield line

    async def waits(self, until: datetime) -> AsyncIterator[Line]:
        """Follow-ups that keep their distance come in their time."""
        while (editions := await self.store.open_editions(FOR_EVER, 1)) and editions[0].due_at <= until:
            self.now = max(self.now, editions[0].due_at)
            async for line in self._deliver():
                yield line

    # --- collect ---

    async def _take(self, source: Source, record: Record, article: Article) -> int | None:
        """The id of its story; None for an article that was known."""
        article = replace(article, id=NEW, source_id=source.id, seen_at=self.now)
        known = await self.store.listed(source.id, [article.key], self.now - CORRECTED_WITHIN)
        if (listed := known.get(article.key)) is not None:
            if parsing.is_another_headline(listed.title, article.title):
                article = replace(article, id=listed.article_id, story_id=listed.story_id)
                await self.judging.correct(source, article)
            return None
        stored = await self.judging.publish(
            source, article, Item(key=article.key, url=article.url, title=article.title)
        )
        if stored is None:
            return None
        await self._note_position(source, record, article)
        self.names.setdefault(stored.story_id, record.id)
        return stored.story_id

    async def _note_position(self, source: Source, record: Record, article: Article) -> None:
        position = record.number("position")
        if position is not None and position < PLACES:
            front = self.fronts.setdefault(source.name, {})
            front[position] = article.key
            await self.judging.note_front_page(source, [front.get(place, "") for place in range(max(front) + 1)])

    # --- deliver ---

    async def _deliver(self) -> AsyncIterator[Line]:
        while dispatches := await self.store.open_dispatches(100):
            for dispatch in dispatches:
                await self.store.expand(dispatch, CHUNK, self.now)
        while editions := await self.store.open_editions(self.now, 100):
            for edition in editions:
                await self.store.expand_edition(edition, CHUNK, self.now)
        while claimed := await self.store.claim(OWNER, CHUNK, self.now, LEASE):
            for due in claimed:
                yield await self._decided(due)

    async def _decided(self, due: Due) -> Line:
        """A decision, and it's written down as if Telegram had taken what was sent."""
        told, decision = due.notification, decide(due, self.now)
        message_id = due.first_message_id or told.story_id
        settled = (
            settle_outcome(told, Delivered(message_id), self.now)
            if isinstance(decision, Send)
            else settle_decision(told, decision)
        )
        await self.store.settle(OWNER, [settled])
        found = await self.store.explain(self.reader.id, due.story.id)
        because = (due.adds, *due.story.because, *(found.evidence if found is not None else ()))
        return self._line(due.story, due.topic, told.kind, decision, because)

    async def _too_low(self, story_id: int | None) -> AsyncIterator[Line]:
        """A story that a followed topic has, at a level below the one from which it notifies: nothing falls due."""
        found = None if story_id is None else await self.store.explain(self.reader.id, story_id)
        if found is None or found.topic is None or found.subscription is None or found.notification is not None:
            return
        key = found.story.id, found.story.level
        if found.story.level < found.subscription.level and key not in self.below:
            self.below.add(key)
            because = (*found.story.because, *found.evidence)
            yield self._line(found.story, found.topic, NotificationKind.PUSH, Skip(Reason("below_level")), because)

    def _line(
        self, story: Story, topic: Topic, kind: NotificationKind, decision: Decision, because: Iterable[Reason | None]
    ) -> Line:
        line: Line = {
            "at": self.now.isoformat(),
            "id": self.record.id if self.record is not None else "",
            "story": self.names.get(story.id, story.id),
            "topic": self.say.topic(topic),
            "level": story.level.name.lower(),
            "decision": type(decision).__name__.lower(),
            "because": [self.say.reason(reason) for reason in because if reason is not None],
            "headline": story.title,
            "summary": story.summary,
            "kind": kind.value,
        }
        return line if isinstance(decision, Send) else line | {"reason": self.say.reason(decision.reason)}
