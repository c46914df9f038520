"""What a new query would have found lately: its first story, its starting level, and whether it finds too much."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.errors import QueryError
from bot.language import analyse
from bot.model import NEW, Archived, Evidence, Topic
from bot.subscribers.use_cases import UseCases
from bot.topics import Matcher, Query

SPAN: Final = timedelta(days=7)
"""The week by which starting levels are chosen too."""
LIMIT: Final = 1000
"""Articles: about what a dozen sources publish in a day, and about a second of matching."""
TOO_BROAD: Final = 0.3
"""Share of the articles; a third of all news is no longer a topic. «Главное» is for those who want everything."""
ENOUGH: Final = 50
"""Articles from which a share means something."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a query found in the archive."""

    evidence: Mapping[int, Evidence]
    """By story id, the surest of the story's articles; the topic is NEW."""
    matched: int
    looked_at: int
    """Both in articles."""

    @property
    def share(self) -> float:
        return self.matched / self.looked_at if self.looked_at else 0.0


def try_out(query: Query, archive: Sequence[Archived], source_names: Mapping[int, str]) -> Trial:
    """Match a query against articles. Takes about a millisecond an article: not for the loop."""
    matcher = Matcher()
    matcher.add(NEW, query)
    evidence: dict[int, Evidence] = {}
    matched = 0
    for archived in archive:
        article = archived.article
        for found in matcher.label(analyse(article, source_names.get(article.source_id))):
            matched += 1
            known = evidence.get(article.story_id)
            if known is None or known.score < found.score:
                evidence[article.story_id] = found
    return Trial(evidence, matched, len(archive))


async def add_topic(use_cases: UseCases, query: Query, now: datetime) -> Topic:
    """The query's topic, with the stories of the last days that belong to it. Raises QueryError when it's too broad."""
    async with use_cases.trials:
        archive = await use_cases.store.archive(now - SPAN, LIMIT)
        trial = await asyncio.to_thread(try_out, query, archive, use_cases.source_names)
    if trial.looked_at >= ENOUGH and trial.share > TOO_BROAD:
        raise QueryError("too_broad", share=round(trial.share * 100))
    topic = await use_cases.store.topic(Topic(query=str(query)))
    found = {story_id: replace(one, topic_id=topic.id) for story_id, one in trial.evidence.items()}
    await use_cases.store.label(found, now)
    return topic
