"""Weighing: a story's importance by all that the store knows, again whenever a signal changes.

It's the part of collect that notes signals; `bot.importance` says what they are worth, and `bot.rereading` goes and
looks at counters again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot import importance
from bot.importance import Norms
from bot.model import NEW, Article, Coverage, Importance, Source
from bot.ports import Clock, CollectStore

NORMS_LAST: Final = timedelta(hours=1)
"""How long what the last two weeks teach is used before it is asked for again."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Weighing:
    """What a story is measured against is read from the store at first and then hourly, never for each article."""

    store: CollectStore
    clock: Clock
    _norms: Norms = importance.UNKNOWN
    _norms_until: datetime = field(default=_NEVER)

    async def first(self, article: Article, source: Source, merges: Sequence[int] = ()) -> Importance:
        """Of the article's story with the article in it, which is not stored yet, and with the stories it brings."""
        joined = (article.story_id, *merges) if article.story_id != NEW else ()
        earlier = [each for story_id in joined for each in await self.store.coverage(story_id)]
        return importance.score((*earlier, _coverage_of(article, source)), self.clock(), await self._known())

    async def again(self, story_id: int) -> None:
        """Score a story anew; a level it first reaches is dispatched."""
        if coverage := await self.store.coverage(story_id):
            judged = importance.score(coverage, self.clock(), await self._known())
            await self.store.rescore(story_id, judged, self.clock())

    async def standings(self, owners: Iterable[str]) -> Mapping[str, float]:
        """How widely each owner's stories are carried, from 0 (nobody's are less) to 1; half for an average owner's."""
        authorities = (await self._known()).authorities
        return {owner: importance.standing((owner,), authorities) for owner in owners}

    async def note_front_page(self, source: Source, keys: Sequence[str]) -> tuple[int, ...]:
        """The front page shows these articles; ids of the stories to be scored anew."""
        return await self.store.note_positions(source.id, keys, self.clock())

    async def _known(self) -> Norms:
        now = self.clock()
        if not now < self._norms_until <= now + NORMS_LAST:  # a clock that was set back is believed
            start, end = importance.period(now)
            self._norms = importance.norms(await self.store.history(start, end), now)
            self._norms_until = now + NORMS_LAST
        return self._norms


def _coverage_of(article: Article, source: Source) -> Coverage:
    return Coverage(
        title=article.title,
        owner=source.owner,
        country=source.country,
        published_at=article.published_at,
        views=article.views,
        seen_at=article.seen_at,
    )
