"""What deliver reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from bot.model import (
    DigestDue,
    DigestSettlement,
    Dispatch,
    Due,
    Edition,
    Level,
    Settlement,
    SilenceSettlement,
    Subscriber,
)

Levels = tuple[Level, Level]
"""The lowest and the highest that are meant."""
ALL_LEVELS: Final[Levels] = (Level.ROUTINE, Level.BREAKING)


class DeliveryStore(Protocol):
    """What deliver reads and writes."""

    async def open_dispatches(self, limit: int) -> tuple[Dispatch, ...]:
        """Not fully expanded, highest level first, then oldest."""
        ...

    async def expand(self, dispatch: Dispatch, chunk: int, now: datetime) -> int:
        """Turn the next `chunk` subscriptions into due notifications and move the cursor; how many were looked at.

        Resumable and idempotent: whoever already has a notification of the story gets no second one. Fewer than
        `chunk` means the dispatch is done. One INSERT … SELECT.
        """
        ...

    async def open_editions(self, now: datetime, limit: int) -> tuple[Edition, ...]:
        """Due and not fully expanded, oldest first."""
        ...

    async def expand_edition(self, edition: Edition, chunk: int, now: datetime) -> int:
        """As `expand`: follow-ups or corrections for the next `chunk` of those whom the story was dispatched to.

        Whoever got it as a message of its own, or is about to. How many were looked at.
        """
        ...

    async def claim(
        self, owner: str, limit: int, now: datetime, lease: timedelta, *, levels: Levels = ALL_LEVELS
    ) -> tuple[Due, ...]:
        """Lease due notifications of those levels (lowest, highest), by level, then oldest.

        Expired leases count as free; no two owners get the same.
        """
        ...

    async def settle(self, owner: str, settlements: Sequence[Settlement]) -> None:
        """Write down what became of claimed notifications and free their leases, where `owner` still holds them.

        A due notification whose `due_at` moved is tried again then. One that is gone or moved takes its subscriber
        along: `gone` sets the state, `chat_id` re-addresses (if that chat is a subscriber already, the two are joined).
        """
        ...

    async def claim_digests(self, owner: str, limit: int, now: datetime, lease: timedelta) -> tuple[DigestDue, ...]:
        """Lease digests that are due, the longest waiting first, each with what it folds.

        Of one subscriber at most one at a time, so that two issues due together never tell the same entry. Left out
        are entries whose topic they no longer follow, follow from a higher level only, or have muted at `now`, and
        those of a muted story: they stay held. The subscriber comes with every plan of theirs.
        """
        ...

    async def settle_digests(self, owner: str, settlements: Sequence[DigestSettlement]) -> None:
        """Write down what became of claimed digests and free their leases, where `owner` still holds them.

        What was told is written down even where the plan was changed or dropped meanwhile (by the button under this
        very issue), as far as it is still held; the changed plan then keeps its own time. A morning digest that is due
        again at another time, for what was held meanwhile, stays due then.
        """
        ...

    async def claim_silent(
        self, owner: str, limit: int, now: datetime, lease: timedelta, *, seen_before: datetime, asked_before: datetime
    ) -> tuple[Subscriber, ...]:
        """Who may have to be asked whether they still read, or has not answered: the longest silent first.

        Active private chats that follow something, whose last sign of life (`seen_at`; who never gave one,
        `created_at`) is at or before `seen_before`, and whom nobody asked since (`asked_at` is None) or did at or
        before `asked_before`. Left out is who gets the weekly letter alone already: `digest_only`, with a WEEKLY plan
        and no DAILY one. Only one owner asks at a time: it takes the named lease "silence" for so long; () while
        another holds it. `release` drops it.
        """
        ...

    async def settle_silent(self, settlement: SilenceSettlement) -> bool:
        """Write down what became of one of them: False, and nothing is, if they gave a sign of life since.

        With `weekly`: sets `digest_only`, drops a DAILY plan, keeps `weekly` as the WEEKLY one, due at `next_at`.
        `gone` sets the state, as in `settle`.
        """
        ...

    async def release(self, owner: str) -> None:
        """Free every lease of `owner`, on notifications, digests and silent subscribers (a clean stop)."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When the next unleased notification falls due."""
        ...


class PaidStore(Protocol):
    """How many paid messages have gone out today: money, so it's counted in the store and not in memory."""

    async def take_paid(self, day: date, wanted: int, limit: int) -> int:
        """Take `wanted` (> 0) of the `limit` paid messages of a UTC day; how many are granted, 0 to `wanted`.

        What is granted counts as spent, whether or not it's used: neither a restart nor a second process exceeds it.
        """
        ...
