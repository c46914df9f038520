"""`rank`: the stories of a set of articles, most important first, with score, level and reasons.

What is known of owners is learnt from the set itself, each story judged by the others: an owner's authority must not
come from the very story that it's to weigh. Thresholds come from the stories that a store would take them from, those
of the two weeks before the last day; a set without 200 of them has fixed ones.

A line may say which story it belongs to; the others are grouped by what they tell. So the stories of a set of bare
addresses can be ranked too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot import importance
from bot.commands.group import grouped
from bot.commands.jsonl import Record, read_records, write_records
from bot.model import Article, Coverage, History, Importance, OwnerRecord
from bot.words import words


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story: the line it came in, and what bears on importance."""

    record: Record
    coverage: Coverage

    @property
    def name(self) -> str | int:
        """What a story that begins with it is called."""
        return self.record.id if self.record.story is None else self.record.story


def rank(path: Path | None, language: str) -> None:
    """Write one line a story, `{story, ids, score, level, because}`; "now" is the newest article's time."""
    stories = _stories(read_records(path))
    judged = judge([[member.coverage for member in story] for story in stories])
    say = words(language).reason
    order = sorted(range(len(stories)), key=lambda number: (-judged[number].score, -len(stories[number]), number))
    write_records(
        {
            "story": stories[number][0].name,
            "ids": [member.record.id for member in stories[number]],
            "score": judged[number].score,
            "level": judged[number].level.name.lower(),
            "because": [say(reason) for reason in judged[number].because],
        }
        for number in order
    )


def _stories(records: list[Record]) -> list[list[Member]]:
    stories: dict[int, list[Member]] = defaultdict(list)
    for record, article in grouped(records, as_named=True):
        stories[article.story_id].append(Member(record, coverage_of(record, article)))
    return list(stories.values())


def judge(stories: Sequence[Sequence[Coverage]]) -> list[Importance]:
    """Importance of each of the stories, all that there are."""
    if not stories:
        return []
    now = max(article.published_at for story in stories for article in story)
    records = importance.records_of(stories)
    learnt = importance.norms(History(owners=tuple(records.values())), now)
    mean = importance.mean_resonance(records.values())
    own = [replace(learnt, authorities=_authorities(story, records, mean)) for story in stories]
    peaks = (importance.score(story, now, norms).score for story, norms in zip(stories, own, strict=True))
    thresholds = importance.norms(_history(stories, peaks, now), now).thresholds
    return [
        importance.score(story, now, replace(norms, thresholds=thresholds))
        for story, norms in zip(stories, own, strict=True)
    ]


def _authorities(story: Iterable[Coverage], records: dict[str, OwnerRecord], mean: float) -> dict[str, float]:
    """Of a story's owners, by all their other stories."""
    owners = {article.owner for article in story}
    others = (_without(records[owner], len(owners) - 1) for owner in owners)
    return {record.owner: importance.authority(record, mean) for record in others}


def _without(record: OwnerRecord, others: int) -> OwnerRecord:
    """As it would be without one of the stories that so many other owners carried."""
    return replace(record, carried={**record.carried, others: record.carried[others] - 1})


def _history(stories: Sequence[Sequence[Coverage]], peaks: Iterable[float], now: datetime) -> History:
    start, end = importance.period(now)
    opened = [
        (min(article.published_at for article in story), peak) for story, peak in zip(stories, peaks, strict=True)
    ]
    past = [(at, peak) for at, peak in opened if start <= at < end]
    return History(peaks=tuple(peak for _, peak in past), since=min((at for at, _ in past), default=None))


def coverage_of(record: Record, article: Article) -> Coverage:
    """What a line of input says that bears on importance; without an owner each source is its own."""
    return Coverage(
        title=article.title,
        owner=record.text("owner", "") or record.source,
        country=record.text("country", ""),
        published_at=article.published_at,
        views=article.views,
        seen_at=None,  # the counter was read "now", as far as a line can say
        position=record.number("position"),
    )
