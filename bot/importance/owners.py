"""What an owner's past says of its stories: how widely others carry them, and how sparing it is with urgent marks."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from bot.importance.urgency import is_urgent
from bot.model import Coverage, OwnerRecord

NEWCOMER: Final = 10.0
"""Resonance that every owner is credited with, and the stories that an average owner has it from, so that a newcomer
stands in the middle. Counted in what was heard, not in stories: where few carry each other's news, a hundred stories
teach little. Anything from 5 to 20 ranks equally well; ten average *stories* instead lose .01 where authority is learnt
from five to twenty outlets alone (bench/importance.py)."""

SPARING: Final = 0.02
"""Share of an owner's articles below which its urgent marks mean something (the design's rule)."""


def resonance(record: OwnerRecord) -> float:
    """Of all its stories: each says as much as the logarithm of the owners that carried it, so that one story that
    everybody had makes no owner an authority. With the bare number three followed outlets rank no better than by it.
    """
    return math.fsum(stories * math.log2(1 + others) for others, stories in record.carried.items())


def mean_resonance(records: Iterable[OwnerRecord]) -> float:
    """Of a story of an average owner's: 1 where one other owner carries each. 0 where nobody ever carried another's."""
    known = tuple(records)
    return math.fsum(map(resonance, known)) / max(1, sum(sum(record.carried.values()) for record in known))


def authority(record: OwnerRecord, mean: float) -> float:
    """How widely the owner's stories are carried: 1 as the average owner's, 2 twice as widely."""
    if not mean:
        return 1.0
    return (resonance(record) + NEWCOMER) / (sum(record.carried.values()) * mean + NEWCOMER)


def is_sparing(record: OwnerRecord) -> bool:
    """Its urgent marks count by themselves. The next one is counted in, so that nobody's first 49 articles do."""
    return (record.urgent + 1) / (record.articles + 1) < SPARING


def records_of(stories: Iterable[Iterable[Coverage]]) -> dict[str, OwnerRecord]:
    """What a store would have counted of these stories, by owner."""
    carried: defaultdict[str, Counter[int]] = defaultdict(Counter)
    articles: Counter[str] = Counter()
    urgent: Counter[str] = Counter()
    for story in stories:
        by_owner: defaultdict[str, list[Coverage]] = defaultdict(list)
        for article in story:
            by_owner[article.owner].append(article)
        for owner, theirs in by_owner.items():
            carried[owner][len(by_owner) - 1] += 1
            articles[owner] += len(theirs)
            urgent[owner] += sum(is_urgent(article.title) for article in theirs)
    return {
        owner: OwnerRecord(owner=owner, carried=counted, articles=articles[owner], urgent=urgent[owner])
        for owner, counted in carried.items()
    }


def standing(owners: Iterable[str], authorities: Mapping[str, float]) -> float:
    """Of the weightiest of the owners, from 0 (below all) to 1 (above all); half for who is average, or not known."""
    weight = max(authorities.get(owner, 1.0) for owner in owners)
    return weight / (1 + weight) if math.isfinite(weight) else 1.0
