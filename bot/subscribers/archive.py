"""What a query would have found lately: its stories and how important they were, and better queries where it's none."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.errors import QueryError
from bot.language import Document, Token, analyse, fold
from bot.model import NEW, Archived, Evidence, Level, Topic
from bot.subscribers.use_cases import UseCases
from bot.topics import Matcher, Query, names_only
from bot.topics.suggest import narrow, suggest

SPAN: Final = timedelta(days=7)
"""The week by which starting levels are chosen too."""
LIMIT: Final = 1000
"""Articles: about what a dozen sources publish in a day, and about a second of matching."""
TOO_BROAD: Final = 0.3
"""Share of the articles; a third of all news is no longer a topic. «Главное» is for those who want everything."""
ENOUGH: Final = 50
"""Articles from which a share means something."""
MANY: Final = 10 * SPAN.days
"""Stories a week beyond which narrower queries are offered: more than ten a day nobody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a query found in the archive."""

    query: Query
    evidence: Mapping[int, Evidence]
    """By story id, the surest of the story's articles, the newest story first; the topic is NEW."""
    levels: Mapping[Level, int]
    """Of these stories, as many as a whole week brings where the archive was not read that far back."""
    share: float
    """Of the articles looked at: 0 to 1."""
    looked_at: int
    """Articles."""
    hints: tuple[Query, ...] = ()
    """Better queries: spelt as the archive spells them where nothing was found, narrower ones where it was too much."""

    @property
    def stories(self) -> int:
        """A week."""
        return sum(self.levels.values())

    @property
    def too_broad(self) -> bool:
        """Whether it's no topic any more. Sections, authors and sources are, however much they bring."""
        return self.looked_at >= ENOUGH and self.share > TOO_BROAD and not names_only(self.query)


async def try_out(use_cases: UseCases, queries: Sequence[Query], now: datetime) -> tuple[Trial, ...]:
    """What each of the queries would have brought in the last seven days; hints for the first one."""
    async with use_cases.trials:
        archive = await use_cases.store.archive(now - SPAN, LIMIT)
        return await asyncio.to_thread(tried, queries, archive, use_cases.source_names, now)


def tried(
    queries: Sequence[Query], archive: Sequence[Archived], source_names: Mapping[int, str], now: datetime
) -> tuple[Trial, ...]:
    """Match queries against articles, the newest first. Takes about a millisecond an article: not for the loop."""
    documents = [analyse(one.article, source_names.get(one.article.source_id)) for one in archive]
    trials = [_tried(query, archive, documents, now) for query in queries]
    return (replace(trials[0], hints=_hints(trials[0], documents)), *trials[1:])


def _tried(query: Query, archive: Sequence[Archived], documents: Sequence[Document], now: datetime) -> Trial:
    matcher = Matcher()
    matcher.add(NEW, query)
    evidence: dict[int, Evidence] = {}
    levels: dict[int, Level] = {}
    matched = 0
    for archived, document in zip(archive, documents, strict=True):
        for found in matcher.label(document):
            matched += 1
            story_id = archived.article.story_id
            levels[story_id] = archived.level
            known = evidence.get(story_id)
            if known is None or known.score < found.score:
                evidence[story_id] = found
    return Trial(
        query=query,
        evidence=evidence,
        levels=_a_week(Counter(levels.values()), archive, now),
        share=matched / len(archive) if archive else 0.0,
        looked_at=len(archive),
    )


def _a_week(counts: Mapping[Level, int], archive: Sequence[Archived], now: datetime) -> Mapping[Level, int]:
    """As many as in a week, when the articles that are looked at don't reach back so far."""
    if len(archive) < LIMIT:
        return counts
    reach = max(now - archive[-1].article.seen_at, timedelta(hours=1))
    return {level: round(count * max(1.0, SPAN / reach)) for level, count in counts.items()}


def looked_up(
    query: Query, archive: Sequence[Archived], source_names: Mapping[int, str], limit: int
) -> tuple[list[int], tuple[Query, ...]]:
    """Ids of the first stories that match, and queries that would find something if none does. Not for the loop."""
    matcher = Matcher()
    matcher.add(NEW, query)
    found: dict[int, None] = {}
    documents = []
    for one in archive:
        document = analyse(one.article, source_names.get(one.article.source_id))
        if matcher.label(document):
            found[one.article.story_id] = None
        if len(found) == limit:
            break
        documents.append(document)
    return list(found), () if found else suggest(query, _vocabulary(documents))


def _hints(trial: Trial, documents: Sequence[Document]) -> tuple[Query, ...]:
    if not trial.evidence:
        return suggest(trial.query, _vocabulary(documents))
    if trial.too_broad or trial.stories > MANY:
        return narrow(trial.query, documents, TOO_BROAD)
    return ()


def _vocabulary(documents: Sequence[Document]) -> Mapping[str, int]:
    """In how many articles each word stands: its lemma, but a name that no dictionary knows as it's written."""
    articles: Counter[str] = Counter()
    for document in documents:
        articles.update({_called(token) for token in document.title + document.lead + document.body})
    return articles


def _called(token: Token) -> str:
    form = fold(token.text)
    return form if form in token.lemmas else token.lemma


async def add_topic(use_cases: UseCases, trial: Trial, now: datetime) -> Topic:
    """The query's topic, with the stories it found. Raises QueryError when it's too broad."""
    if trial.too_broad:
        raise too_broad(trial)
    topic = await use_cases.store.topic(Topic(query=str(trial.query), key=trial.query.digest))
    found = {story_id: replace(one, topic_id=topic.id) for story_id, one in trial.evidence.items()}
    await use_cases.store.label(found, now)
    return topic


def too_broad(trial: Trial) -> QueryError:
    """What is said of it."""
    return QueryError("too_broad", share=round(trial.share * 100), narrower=tuple(map(str, trial.hints)))
