"""A phone network in memory: `ports.Messenger` that notes what arrived, and fails on order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.model import Delivered, Due, Outcome


@dataclass(slots=True)
class Phones:
    """Every notification that arrived, by subscriber and story, and the outcomes that come first instead."""

    arrived: Counter[tuple[int, str]] = field(default_factory=Counter)
    """(chat id, headline) → how often."""
    answers: list[Outcome] = field(default_factory=list)
    """Given in order; then everything is delivered."""

    async def push(self, due: Due, silent: bool) -> Outcome:
        if self.answers:
            return self.answers.pop(0)
        self.arrived[due.subscriber.chat_id, due.story.title] += 1
        return Delivered(sum(self.arrived.values()))
