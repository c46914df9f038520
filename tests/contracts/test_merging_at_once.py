"""Stories merge while everything else goes on: nobody is told twice, nobody is left out, and no one waits in a ring.

Several connections at once, let go together at a barrier, many times over.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.model import Correction, Due, Evidence, Importance, Level, NotificationKind, NotificationState, Reason
from tests.contracts.conftest import NOON

ROUNDS = 6
READERS = 12
MINUTE = timedelta(minutes=1)


@dataclass
class Rush:
    """One round: two stories that become one while readers of either, or of both, are told."""

    newsroom: Any
    chance: random.Random
    told: Counter[int] = field(default_factory=Counter)
    """By reader, first messages."""
    shown: dict[int, Due] = field(default_factory=dict)
    """By the message's id, what it was sent or edited by last."""
    begun: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(7))
    messages: Iterator[int] = field(default_factory=lambda: count(1))
    kept: int = 0
    absorbed: int = 0

    async def prepare(self) -> list[Any]:
        self.kept = await self.newsroom.publish(None, "main")
        self.absorbed = await self.newsroom.publish(None, "syria")
        choices = [("main",), ("syria",), ("main", "syria")]
        return [await self.newsroom.reader(0, *self.chance.choice(choices)) for _ in range(READERS)]

    async def merge(self) -> None:
        await self.begun.wait()
        joining = self.newsroom.publication(None, "main", "syria", story=self.kept, level=Level.BREAKING)
        await self.newsroom.store.publish(
            replace(joining, merges=(self.absorbed,), adds=Reason("adds", {"words": "12"})), NOON + MINUTE
        )

    async def expand(self) -> None:
        await self.begun.wait()
        while dispatches := await self.newsroom.store.open_dispatches(10):
            await self.newsroom.store.expand(self.chance.choice(dispatches), 3, NOON)

    async def deliver(self, owner: str) -> None:
        await self.begun.wait()
        for _ in range(6):
            await self.send(owner, limit=4)

    async def send(self, owner: str, limit: int, now: Any = NOON + MINUTE) -> int:
        claimed = await self.newsroom.claim(owner, limit, now=now)
        for due in claimed:
            kind = due.notification.kind
            self.told[due.subscriber.id] += kind is NotificationKind.PUSH
            message = due.first_message_id if kind is NotificationKind.CORRECTION else next(self.messages)
            if kind is not NotificationKind.FOLLOW_UP:
                assert message is not None
                self.shown[message] = due
            await self.newsroom.settle(
                due, owner, state=NotificationState.SENT, due_at=now, message_id=message, reason=None
            )
        return len(claimed)

    async def talk(self) -> None:
        """What people do meanwhile."""
        await self.begun.wait()
        store = self.newsroom.store
        stranger = await self.newsroom.reader()
        await store.set_muted(stranger.id, self.newsroom.topics["main"], NOON + 9 * MINUTE)
        for story in (self.absorbed, self.kept):
            await store.mute_story(stranger.id, story, NOON)
            await store.label({story: Evidence(self.newsroom.topics["main"], 2.0)}, NOON)
            await store.mark_shown(stranger.id, self.newsroom.topics["main"], story, NOON)

    async def edit(self) -> None:
        """What its source does to the article that tells the absorbed story."""
        archive = await self.newsroom.store.archive(NOON - MINUTE, 99)
        article = next(each.article for each in archive if each.article.story_id == self.absorbed)
        await self.begun.wait()
        correction = Correction(article=replace(article, title="Иначе"), summary="Кратко")
        await self.newsroom.store.correct(correction, NOON)
        await self.newsroom.store.note_page(article.id, missing=True, now=NOON, patience=MINUTE)

    async def weigh(self) -> None:
        await self.begun.wait()
        for story in (self.absorbed, self.kept):
            await self.newsroom.store.rescore(story, Importance(score=90, level=Level.BREAKING), NOON)

    async def rest(self) -> None:
        """What is left is expanded, told and edited."""
        for _ in range(2):
            await self.newsroom.expand(NOON + MINUTE)
            while editions := await self.newsroom.store.open_editions(NOON + MINUTE, 1):
                await self.newsroom.store.expand_edition(editions[0], 100, NOON + MINUTE)
            while await self.send("last", 100, NOON + 2 * MINUTE):
                pass


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_whoever_merges_expands_claims_and_settles_at_once_tells_everybody_once(newsroom: Any, seed: int) -> None:
    rush = Rush(newsroom, random.Random(seed))  # noqa: S311 - it must come again as it was
    readers = await rush.prepare()
    steps: list[Callable[[], Awaitable[None]]] = [rush.merge, rush.expand, rush.talk, rush.weigh, rush.edit]

    await asyncio.gather(*(step() for step in steps), rush.deliver("one"), rush.deliver("two"))
    await rush.rest()

    assert await newsroom.store.merged_into([rush.absorbed]) == {rush.absorbed: rush.kept}
    assert {reader.id: rush.told[reader.id] for reader in readers} == {reader.id: 1 for reader in readers}
    absorbed = [due for due in rush.shown.values() if due.notification.story_id == rush.absorbed]
    assert {due.story.title for due in absorbed} <= {"Иначе"}
    await newsroom.store.withdraw(rush.kept, NOON + MINUTE)
    await rush.rest()
    assert {due.story.withdrawn_at for due in rush.shown.values()} == {NOON + MINUTE}
