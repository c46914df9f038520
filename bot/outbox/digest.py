"""What an issue of a digest tells, and what to write down of it: pure, as all the rules of delivery.

An issue that must not come now (a pause, quiet hours) or has nothing to tell is not sent; `settle_unsent` then says
when to look again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.model import (
    Delivered,
    Digest,
    DigestDue,
    DigestEntry,
    DigestKind,
    DigestSettlement,
    Gone,
    Missing,
    Moved,
    Notification,
    NotificationKind,
    NotificationState,
    Outcome,
    OutcomeUnknown,
    Reason,
    Refused,
    RetryAfter,
    SubscriberState,
)
from bot.outbox.calendar import lasts_all_day, next_issue, quiet_until
from bot.outbox.decide import is_paused
from bot.outbox.settle import MAX_UNKNOWN_OUTCOMES, unknown_wait

LINES: Final = 20
"""Stories in an issue at most: what a phone shows in three screens; more is no digest any more."""
REACH: Final = {
    DigestKind.MORNING: timedelta(hours=36),
    DigestKind.DAILY: timedelta(hours=36),
    DigestKind.WEEKLY: timedelta(days=7, hours=12),
}
"""How long ago a story may have become important to be told of: the time between two issues, and half a day more, for
what came right after the last issue must not grow too old while quiet hours put off this one."""

_A_DAY: Final = timedelta(days=1)


def fold(due: DigestDue, now: datetime) -> Digest | None:
    """The issue to send at `now`; None if none is to be sent."""
    if not _may_come(due, now):
        return None
    entries = tuple(sorted(_tellable(due, now), key=_worth, reverse=True))
    if not entries:
        return None
    return Digest(kind=due.kind, entries=entries[:LINES], beyond=entries[LINES:])


def by_section(entries: Iterable[DigestEntry], order: Sequence[str] = ()) -> dict[str | None, list[DigestEntry]]:
    """The entries under their sections: first those in the reader's order, then by the best entry of each, and those
    without a section (None) last.

    Sources write a section in capitals or not: it is called as its best entry calls it.
    """
    names: dict[str, str] = {}
    sections: dict[str | None, list[DigestEntry]] = {}
    for entry in entries:
        section = " ".join((entry.section or "").split())
        name = names.setdefault(section.casefold(), section) or None
        sections.setdefault(name, []).append(entry)
    unnamed = sections.pop(None, None)
    wanted = (names.get(" ".join(name.split()).casefold()) for name in order)
    first = {name: sections[name] for name in wanted if name in sections}
    named = first | {name: found for name, found in sections.items() if name not in first}
    return named if unnamed is None else named | {None: unnamed}


def is_silent(due: DigestDue, digest: Digest, now: datetime) -> bool:
    """Whether the issue comes without sound: as its best story would have, and within quiet hours that never end."""
    reader = due.subscriber
    quiet = quiet_until(reader.quiet, reader.time_zone, now) is not None
    return quiet or max(entry.story.level for entry in digest.entries) < reader.sound_from


def settle_unsent(due: DigestDue, now: datetime) -> DigestSettlement:
    """No issue at `now`: the next comes by plan, or after the quiet hours that put this one off.

    If all that was read is no news any more, at once: behind it there may be more, for only so much is read at a time.
    """
    settlement = _settlement(due, now, next_at=_put_off_until(due, now))
    if _may_come(due, now) and settlement.told:
        return replace(settlement, next_at=now)
    return settlement


def settle_bug(due: DigestDue, now: datetime) -> DigestSettlement:
    """Of an issue that we fail to write: what it should have told is parked, and the next one comes in a day.

    By no calendar, for that may be where the bug is.
    """
    parked = tuple(_became(entry, NotificationState.PARKED, Reason("bug")) for entry in due.entries)
    return DigestSettlement(kind=due.kind, subscriber_id=due.subscriber.id, next_at=now + _A_DAY, told=parked)


def settle_digest(  # noqa: PLR0911 - a table: one outcome, one line
    due: DigestDue, digest: Digest, outcome: Outcome, now: datetime
) -> DigestSettlement:
    """What Telegram's answer makes of an issue. An entry is told when it's in a delivered one, else it stays held.

    An issue whose answer is lost for good leaves its entries unknown, one that Telegram refuses leaves them parked: to
    tell them in the next one would be twice, or refused again.
    """
    match outcome:
        case Delivered(message_id, lines):
            return _settlement(due, now, told=_told(digest, message_id, lines))
        case RetryAfter(wait, _):
            return _again(due, now + wait)
        case Gone():
            return replace(_settlement(due, now), gone=True)
        case Moved(chat_id):
            return replace(_again(due, now), chat_id=chat_id)
        case OutcomeUnknown(reason):
            if due.unknown_outcomes + 1 >= MAX_UNKNOWN_OUTCOMES:
                return _settlement(due, now, told=_all(digest, NotificationState.UNKNOWN, reason))
            counted = replace(due, unknown_outcomes=due.unknown_outcomes + 1)
            return _again(counted, now + unknown_wait(due.unknown_outcomes))
        case Missing(reason) | Refused(reason):
            return _settlement(due, now, told=_all(digest, NotificationState.PARKED, reason))
    assert_never(outcome)


# --- whether, and of what ---


def _may_come(due: DigestDue, now: datetime) -> bool:
    reader = due.subscriber
    return (
        reader.state is not SubscriberState.GONE
        and not is_paused(reader, now)
        and _is_wanted(due)
        and _put_off_until(due, now) is None
    )


def _is_wanted(due: DigestDue) -> bool:
    """Whether the plan still stands; the morning digest has none, and comes unless it was stopped."""
    if due.kind is DigestKind.MORNING:
        return due.subscriber.catch_up
    return any(plan.kind is due.kind for plan in due.subscriber.digests)


def _put_off_until(due: DigestDue, now: datetime) -> datetime | None:
    """The end of the quiet hours it falls into, and for the morning digest, which has no next time, that of a pause.

    Quiet hours that last all day put off nothing, or nothing would ever come.
    """
    reader = due.subscriber
    if is_paused(reader, now) and due.kind is DigestKind.MORNING:
        return reader.paused_until
    if reader.quiet is None or lasts_all_day(reader.quiet):
        return None
    return quiet_until(reader.quiet, reader.time_zone, now)


def _tellable(due: DigestDue, now: datetime) -> Iterable[DigestEntry]:
    return (entry for entry in due.entries if _age(entry, now) <= REACH[due.kind] and _void(entry) is None)


def _void(entry: DigestEntry) -> Reason | None:
    """Why an entry is no news any more, however young it is."""
    if entry.story.withdrawn_at is not None:
        return Reason("withdrawn")
    return Reason("superseded") if entry.superseded else None


def _age(entry: DigestEntry, now: datetime) -> timedelta:
    """Since the story became important to this reader, which may be long after it was published."""
    return now - entry.notification.created_at


def _worth(entry: DigestEntry) -> tuple[int, float, datetime, int]:
    story = entry.story
    return story.level, story.score, story.published_at, story.id


# --- what is written down ---


def _told(digest: Digest, message_id: int, lines: int | None) -> tuple[Notification, ...]:
    """Entries with a line are sent; the others were only counted, and the best have gone first."""
    listed = digest.entries[:lines]
    counted = digest.entries[len(listed) :] + digest.beyond
    crowded_out = Reason("crowded_out", {"count": len(listed)})
    return (
        *(_became(entry, NotificationState.SENT, Reason("digest"), message_id) for entry in listed),
        *(_became(entry, NotificationState.SKIPPED, crowded_out) for entry in counted),
    )


def _all(digest: Digest, state: NotificationState, reason: Reason) -> tuple[Notification, ...]:
    return tuple(_became(entry, state, reason) for entry in digest.entries + digest.beyond)


def _became(
    entry: DigestEntry, state: NotificationState, reason: Reason, message_id: int | None = None
) -> Notification:
    return replace(entry.notification, state=state, reason=reason, message_id=message_id, lease_until=None)


def _key(notification: Notification) -> tuple[int, NotificationKind, int]:
    return notification.story_id, notification.kind, notification.edition


def _dropped(due: DigestDue, now: datetime) -> tuple[Notification, ...]:
    """Entries that neither this digest nor another of the reader's plans will tell any more."""
    reach = max(REACH[kind] for kind in (due.kind, *(plan.kind for plan in due.subscriber.digests)))
    return tuple(
        _became(entry, NotificationState.SKIPPED, reason)
        for entry in due.entries
        if (reason := _void(entry) or _outdated(entry, reach, now)) is not None
    )


def _outdated(entry: DigestEntry, reach: timedelta, now: datetime) -> Reason | None:
    age = _age(entry, now)
    return Reason("outdated", {"hours": int(age.total_seconds() // 3600)}) if age > reach else None


def _settlement(
    due: DigestDue, now: datetime, *, told: tuple[Notification, ...] = (), next_at: datetime | None = None
) -> DigestSettlement:
    """This issue is done with."""
    settled = {_key(notification) for notification in told}
    dropped = (notification for notification in _dropped(due, now) if _key(notification) not in settled)
    return DigestSettlement(
        kind=due.kind,
        subscriber_id=due.subscriber.id,
        next_at=next_at or _next_at(due, now),
        told=(*told, *dropped),
    )


def _again(due: DigestDue, at: datetime) -> DigestSettlement:
    """The same issue once more, with what is held by then."""
    return DigestSettlement(
        kind=due.kind, subscriber_id=due.subscriber.id, next_at=at, unknown_outcomes=due.unknown_outcomes
    )


def _next_at(due: DigestDue, now: datetime) -> datetime | None:
    """The plan's next time; None for what has no plan."""
    plan = next((plan for plan in due.subscriber.digests if plan.kind is due.kind), None)
    if plan is None or due.kind is DigestKind.MORNING:
        return None
    return next_issue(plan, due.subscriber.time_zone, now)
