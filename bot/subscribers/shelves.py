"""Sections, authors and sources as topics: those that the news of the last week really carry, and their order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Final

from bot import topics
from bot.errors import QueryError
from bot.language import Document
from bot.model import Subscriber, Subscription
from bot.ports import Carried
from bot.subscribers.archive import try_out
from bot.subscribers.arrivals import stored
from bot.subscribers.following import Followed, by_digest, follow_tried, refuse_too_many, same_query
from bot.subscribers.survey import SPAN
from bot.subscribers.use_cases import UseCases
from bot.topics import Query

MOST: Final = 300
"""Names on a shelf: thirty pages; who looks for more writes a query."""
MOST_ORDERED: Final = 30
"""Sections that can be put in an order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A section, author or source that can be followed."""

    name: str
    """As its source writes it."""
    query: Query
    stories: int
    """That following it would have brought in the last seven days; at least one."""
    followed: int | None = None
    """Id of the topic by which they follow it."""

    @property
    def digest(self) -> str:
        """What a button calls it."""
        return self.query.digest[:16]


async def shelf(use_cases: UseCases, subscriber: Subscriber, by: Carried, now: datetime) -> tuple[Shelved, ...]:
    """What is there, with most stories first."""
    already = await use_cases.store.subscriptions(subscriber.id)
    carried = await use_cases.store.carried(by, now - SPAN)
    return await asyncio.to_thread(_shelf, carried, by, already)


def _shelf(carried: Mapping[str, int], by: Carried, already: Sequence[Subscription]) -> tuple[Shelved, ...]:
    """About 50 ms for a thousand names: not for the loop."""
    known = by_digest(already)
    followed = ((one, known.get(one.query.digest)) for one in offered(carried, by))
    return tuple(one if its is None else replace(one, followed=its.topic.id) for one, its in followed)


def offered(carried: Mapping[str, int], by: Carried) -> list[Shelved]:
    """The queries for these names. One that finds others' news too («политика» those of «Внешняя политика») says so."""
    names: dict[str, tuple[str, Query]] = {}
    for name in _frequent_first(carried)[:MOST]:
        bare = " ".join((name.partition(",")[0] if by == "author" else name).split())
        query = _query(by, bare)
        if query is not None:
            names.setdefault(query.digest, (bare, query))
    matcher = topics.Matcher()
    for number, (_, query) in enumerate(names.values()):
        matcher.add(number, query)
    counts = [0] * len(names)
    for name, stories in carried.items():
        for evidence in matcher.label(_document(by, name)):
            counts[evidence.topic_id] += stories
    found = [
        Shelved(name=name, query=query, stories=count)
        for (name, query), count in zip(names.values(), counts, strict=True)
        if count
    ]
    return sorted(found, key=lambda one: (-one.stories, one.name))


def _frequent_first(carried: Mapping[str, int]) -> list[str]:
    """Of names written alike by as many, the one that doesn't shout."""
    return sorted(carried, key=lambda name: (-carried[name], name.isupper(), name))


def _query(by: Carried, name: str) -> Query | None:
    bare = "".join(" " if sign in '"«»“”„‟″＂‹›' else sign for sign in name)
    try:
        return topics.parse(f'{by}:"{bare}"')
    except QueryError:  # no word in it, or too many
        return None


def _document(by: Carried, name: str) -> Document:
    names: dict[Carried, str | None] = {"section": None, "author": None, "source": None, by: name}
    return Document(title=(), lead=(), body=(), **names)


async def follow_shelved(
    use_cases: UseCases, subscriber: Subscriber, by: Carried, digest: str, now: datetime
) -> Followed | None:
    """Follow what a button named; None if it isn't there any more. Raises QueryError."""
    wanted = next((one for one in await shelf(use_cases, subscriber, by, now) if one.digest == digest), None)
    if wanted is None:
        return None
    already = await use_cases.store.subscriptions(subscriber.id)
    if (known := same_query(already, wanted.query)) is not None:
        return Followed(subscriber=subscriber, subscription=known, new=False)
    refuse_too_many(already)
    (trial,) = await try_out(use_cases, [wanted.query], now)
    return await follow_tried(use_cases, subscriber, replace(trial, hints=()), now)


# --- the order of sections in digests ---


@dataclass(frozen=True, slots=True)
class Order:
    """Sections in the subscriber's order, and those that have no place in it."""

    placed: tuple[str, ...]
    others: tuple[str, ...]


def section_digest(name: str) -> str:
    """What a button calls a section, however it's capitalised."""
    return blake2b(_folded(name).encode(), digest_size=8).hexdigest()


async def order(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> Order:
    carried = await use_cases.store.carried("section", now - SPAN)
    placed = {_folded(name) for name in subscriber.sections}
    others = dict(_by_folded(carried))
    return Order(subscriber.sections, tuple(name for folded, name in others.items() if folded not in placed))


async def place_section(
    use_cases: UseCases, subscriber: Subscriber, digest: str, place: int, now: datetime
) -> Subscriber | None:
    """Put a section at that place, or (-1) at none. None if there is no such section any more."""
    there = await order(use_cases, subscriber, now)
    name = next((name for name in (*there.placed, *there.others) if section_digest(name) == digest), None)
    if name is None:
        return None
    known = await stored(use_cases, subscriber, now)
    kept = [one for one in there.placed if one != name]
    if place >= 0:
        kept.insert(place, name)
    changed = replace(known, sections=tuple(kept[:MOST_ORDERED]))
    await use_cases.store.set_preferences(changed)
    return changed


def _by_folded(names: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The names, those written alike once: as most stories have them."""
    seen: set[str] = set()
    for name in _frequent_first(names):
        if (folded := _folded(name)) and folded not in seen:
            seen.add(folded)
            yield folded, " ".join(name.split())


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
