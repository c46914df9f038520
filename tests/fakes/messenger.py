"""A phone network in memory: `ports.Messenger` that notes what arrived, and fails on order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.model import Delivered, Digest, DigestDue, DigestKind, Due, Outcome, Subscriber


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest that arrived."""

    chat_id: int
    kind: DigestKind
    headlines: tuple[str, ...]
    silent: bool


@dataclass(slots=True)
class Phones:
    """Every notification that arrived, by subscriber and story, and the outcomes that come first instead."""

    arrived: Counter[tuple[int, str]] = field(default_factory=Counter)
    """(chat id, headline) → how often, in a notification of its own."""
    issues: list[Issue] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    """Chat ids that got the question whether they still read."""
    answers: list[Outcome] = field(default_factory=list)
    """Given in order; then everything is delivered."""

    async def push(self, due: Due, silent: bool) -> Outcome:
        if self.answers:
            return self.answers.pop(0)
        self.arrived[due.subscriber.chat_id, due.story.title] += 1
        return Delivered(sum(self.arrived.values()))

    async def push_digest(self, due: DigestDue, digest: Digest, silent: bool) -> Outcome:
        if self.answers:
            return self.answers.pop(0)
        headlines = tuple(entry.story.title for entry in digest.entries)
        self.issues.append(Issue(due.subscriber.chat_id, due.kind, headlines, silent))
        return Delivered(10_000 + len(self.issues))

    async def ask(self, subscriber: Subscriber) -> Outcome:
        if self.answers:
            return self.answers.pop(0)
        self.asked.append(subscriber.chat_id)
        return Delivered(20_000 + len(self.asked))
