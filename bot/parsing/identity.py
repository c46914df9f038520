"""By what an article is known beside its key: links may change at every poll, and a site may move."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import Item
from bot.parsing.edges import bare
from bot.parsing.urls import canonical_url, hashed

A_MOVE: Final = 5
"""New articles with headlines and leads that the source has had, from which they are the old ones at new addresses.

Standing headlines (weather, exchange rates) come one or two at a poll, with news among them.
"""
_TELLING: Final = 40
"""Characters of headline and lead below which two articles of one minute may well share both: «Фото дня»."""
_BEGINNING: Final = 500
"""Characters of a body that stand for it where there is no lead."""
_OPENING: Final = 60
"""Characters of a lead that tell today's horoscopes from yesterday's twelve, under the same names; cut at whatever
length, a lead begins the same."""


def aliases(item: Item) -> tuple[str, ...]:
    """All names to remember an article by, as hashes; the last, of its first words, means it only among others."""
    return (*_sure(item), _first_words(item))


def asked_aliases(items: Sequence[Item]) -> list[str]:
    """All names under which any of the items may be known."""
    return [alias for item in items for alias in (*aliases(item), _moved(item))]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What items with new keys are."""

    fresh: Sequence[Item]
    """New articles."""
    moved: Mapping[str, str]
    """Further aliases of articles whose site has moved, and the alias that each has already."""


def recognise(items: Sequence[Item], known: Collection[str]) -> Recognised:
    """Tell new articles from known ones under new keys; `known` are the aliases that the source's articles have.

    One that has an alias of another is no news. Where most of the others, and at least A_MOVE, begin with words that
    the source has begun with before, its site has moved: these aren't news either, whatever dates they have now.
    """
    taken = set(known)
    fresh = []
    for item in items:
        sure = _sure(item)
        if taken.isdisjoint((*sure, _moved(item))):
            fresh.append(item)
        taken.update(sure)
    moved = [item for item in fresh if _first_words(item) in known]
    # Different ones: bridges put the name of their channel over every post.
    if len({_first_words(item) for item in moved}) < max(A_MOVE, len(fresh) / 2):
        return Recognised(fresh, {})
    others = [item for item in fresh if _first_words(item) not in known]
    return Recognised(others, {_moved(item): _first_words(item) for item in moved})


def _sure(item: Item) -> list[str]:
    """Names under which the source surely means the same article.

    One is its guid with its headline: some feeds merely number their items, so that a guid alone says nothing. The
    other is all that it says, and when.
    """
    said = (item.lead or item.text)[:_BEGINNING]
    named = []
    if item.guid and canonical_url(item.guid) != item.url:
        named.append(hashed("guid", item.guid, bare(item.title)))
    if item.published_at is not None and len(item.title) + len(said) >= _TELLING:
        named.append(hashed("said", bare(item.title), bare(said), item.published_at.isoformat()))
    return named


def _first_words(item: Item) -> str:
    return hashed("words", bare(item.title), bare(item.lead or item.text[:_BEGINNING])[:_OPENING])


def _moved(item: Item) -> str:
    """Of an article that has moved, its headline at its new address: it's known there when most others have gone."""
    return hashed("moved", bare(item.title), item.key.partition("?")[0])
