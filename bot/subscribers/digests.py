"""Digests: when they come, and what the first one is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.model import DigestKind, DigestPlan, Subscriber
from bot.outbox import LINES, first_issue_at, next_issue, quiet_until
from bot.subscribers.arrivals import stored
from bot.subscribers.preferences import keep
from bot.subscribers.use_cases import UseCases

SPANS: Final[Mapping[DigestKind, timedelta]] = {
    DigestKind.DAILY: timedelta(days=1),
    DigestKind.WEEKLY: timedelta(days=7),
}
"""What the first issue looks back on: as long as it is until the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A digest that comes from now on."""

    subscriber: Subscriber
    plan: DigestPlan
    next_at: datetime
    """When the next issue comes, quiet hours considered; not after `now`: at once."""
    first: bool = False
    """The next issue is the first one, and `held` stories are ready for it."""
    held: int = 0


async def plan(use_cases: UseCases, subscriber: Subscriber, wanted: DigestPlan, now: datetime) -> Planned | None:
    """Send that digest. The first issue comes the same day; one whose time is only changed comes at its new time.

    None if it is planned so already: its first issue may be due still, and keeps its time.
    """
    known = await stored(use_cases, subscriber, now)
    if wanted in known.digests:
        return None
    others = tuple(one for one in known.digests if one.kind is not wanted.kind)
    planned = replace(known, digests=(*others, wanted))
    if len(others) < len(known.digests):
        next_at = next_issue(wanted, known.time_zone, now)
        await use_cases.store.plan_digest(known.id, wanted, next_at)
        return Planned(subscriber=planned, plan=wanted, next_at=_awake(known, next_at))
    held = await use_cases.store.hold_recent(known.id, now - SPANS[wanted.kind], LINES, now)
    first_at = first_issue_at(wanted, known.time_zone, now)
    await use_cases.store.plan_digest(known.id, wanted, first_at)
    return Planned(subscriber=planned, plan=wanted, next_at=_awake(known, first_at), first=True, held=held)


def _awake(subscriber: Subscriber, due_at: datetime) -> datetime:
    """Delivery puts an issue off to the end of the quiet hours it falls into, unless they never end."""
    if subscriber.quiet is None or subscriber.quiet.start == subscriber.quiet.end:
        return due_at
    return quiet_until(subscriber.quiet, subscriber.time_zone, due_at) or due_at


async def stop(use_cases: UseCases, subscriber: Subscriber, kind: DigestKind, now: datetime) -> Subscriber:
    """Send no digest of that kind any more; the morning one has no plan to drop, but a preference."""
    known = await stored(use_cases, subscriber, now)
    await use_cases.store.end_digest(known.id, kind)
    if kind is DigestKind.MORNING:
        return await keep(use_cases, replace(known, catch_up=False), now)
    return replace(known, digests=tuple(one for one in known.digests if one.kind is not kind))
