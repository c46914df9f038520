"""Telegram's rates, enforced: who sends faster is told 429 and when to come back."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.demo.refusal import RefusalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Messages in any window of that many seconds; Telegram calls its own figures approximate."""

    overall: int = 30
    """A second."""
    paid: int = 1000
    """A second, with allow_paid_broadcast."""
    chat_burst: int = 1
    """In a chat within as many seconds: 1 a second, `chat_burst` at once."""
    group: int = 20
    """A minute, in a group."""


@dataclass(slots=True)
class _Window:
    limit: int
    seconds: float
    sent: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until another one fits."""
        while self.sent and now - self.sent[0] >= self.seconds:
            self.sent.popleft()
        return self.sent[0] + self.seconds - now if len(self.sent) >= self.limit else 0.0


class RateKeeper:
    def __init__(self, rates: Rates) -> None:
        self._free = _Window(rates.overall, 1.0)
        self._paid = _Window(rates.paid, 1.0)
        self._chats = defaultdict[int, _Window](lambda: _Window(rates.chat_burst, float(rates.chat_burst)))
        self._groups = defaultdict[int, _Window](lambda: _Window(rates.group, 60.0))

    def check(self, chat_id: int, now: float, *, is_group: bool, paid: bool) -> None:
        """Count a message at `now` (seconds of any steady clock), or raise RefusalError 429."""
        windows = [self._paid if paid else self._free, self._chats[chat_id]]
        windows += [self._groups[chat_id]] if is_group else []
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            seconds = math.ceil(wait)
            raise RefusalError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        for window in windows:
            window.sent.append(now)
