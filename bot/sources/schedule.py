"""When each address of a source is asked next. Pure: time is handed in, chance is a hash.

An address is asked once an interval, at a moment of its own, so that many sources spread over the interval and stay
spread. Servers may ask for less (Retry-After, max-age, ttl) and are obeyed within reason; a failing address is asked
ever less often; while a source's feed fails, its fallback takes over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from bot.errors import FetchError
from bot.model import Poll, PollKind, Response, Source
from bot.sources.headers import fresh_for, retry_after

INTERVALS: Final[Mapping[PollKind, timedelta]] = {
    PollKind.FEED: timedelta(seconds=60),
    PollKind.FALLBACK: timedelta(seconds=60),
    PollKind.FRONT: timedelta(minutes=5),
}
FIRST_ROUND: Final = timedelta(seconds=10)
"""Everything due at a start is asked within this time: news first, and still no burst of all sources at once."""

BACK_OFF_LIMIT: Final = timedelta(hours=6)
"""The longest a failing address rests, and the longest Retry-After believed."""

FRESH_LIMIT: Final = timedelta(hours=1)
"""The longest max-age, Expires or ttl believed: a careless value must not silence a newspaper for a day."""

JITTER: Final = 0.2
"""The share of a back-off that differs between addresses, so that a host's recovery is not met by all at once."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ZERO: Final = timedelta(0)


def plan(
    sources: Sequence[Source], polls: Sequence[Poll], now: datetime, interval: timedelta | None = None
) -> tuple[Poll, ...]:
    """Every address of every source (with its id) as a poll: as remembered in `polls`, or fresh.

    What is fresh or overdue is asked within FIRST_ROUND (or the interval, if that is shorter), the first source at
    once. `interval` is POLL_INTERVAL: it shortens a wait that an earlier setting left, unless the address is failing.
    """
    remembered = {(poll.source_id, poll.kind, poll.url): poll for poll in polls}
    planned = []
    for index, source in enumerate(sources):
        for kind, url in _addresses(source):
            start_at = now + min(FIRST_ROUND, interval or source.interval or INTERVALS[kind]) * (index / len(sources))
            fresh = Poll(source_id=source.id, kind=kind, url=url, next_at=start_at)
            poll = remembered.get((source.id, kind, url), fresh)
            planned.append(replace(poll, next_at=max(start_at, min(poll.next_at, _latest(poll, now, interval)))))
    return tuple(planned)


def due(polls: Sequence[Poll], now: datetime) -> tuple[Poll, ...]:
    """The polls whose time has come, longest waiting first; a fallback only while its source's feed is failing.

    A poll that was asked in the future, by a clock that has been set back since, is due.
    """
    return tuple(sorted((poll for poll in _awake(polls) if _is_due(poll, now)), key=lambda poll: poll.next_at))


def _is_due(poll: Poll, now: datetime) -> bool:
    return poll.next_at <= now or (poll.asked_at is not None and poll.asked_at > now)


def next_at(polls: Sequence[Poll]) -> datetime:
    """When the next of `polls` is due. Raises ValueError if there is none."""
    return min(poll.next_at for poll in _awake(polls))


def check_answer(response: Response) -> None:
    """Raises FetchError unless the status is a success: 2xx or 304."""
    if not _is_success(response):
        raise FetchError(f"{urlsplit(response.url).hostname}: HTTP {response.status}")


def is_worth_reading(poll: Poll, response: Response) -> bool:
    """Whether the answer can hold news: its body changed since the last one that could be read.

    A front page always can: an article that stands on it may have become known to us only since.
    """
    if response.status == HTTPStatus.NOT_MODIFIED:
        return False
    return poll.kind is PollKind.FRONT or body_hash(response.body) != poll.body_hash


def after_answer(
    poll: Poll, response: Response, now: datetime, *, ttl: timedelta | None = None, interval: timedelta | None = None
) -> Poll:
    """The poll after an answer that could be read, or a 304. An answer with another status is a failure.

    `ttl` is what a feed says of itself. `interval` is how often the publisher wants to ask (POLL_INTERVAL, else the
    source's own); then max-age, Expires and ttl count for nothing, and None leaves it to the kind of poll and to them.
    The next poll is at the address's own moment nearest to one interval from now, and never before the time the
    answer asks for: at most FRESH_LIMIT by freshness or ttl, at most BACK_OFF_LIMIT by Retry-After.
    """
    if not _is_success(response):
        return after_failure(poll, f"HTTP {response.status}", now, response=response, interval=interval)
    wanted = ZERO if interval else min(FRESH_LIMIT, max(ttl or ZERO, fresh_for(response.headers, now)))
    wanted = max(wanted, _asked_wait(response, now))
    unchanged = response.status == HTTPStatus.NOT_MODIFIED
    return replace(
        poll,
        next_at=max(_own_moment(poll.url, now, interval or INTERVALS[poll.kind]), now + wanted),
        asked_at=now,
        succeeded_at=now,
        first_read_at=poll.first_read_at or now,
        failures=0,
        error=None,
        etag=response.headers.get("etag", poll.etag if unchanged else None),
        last_modified=response.headers.get("last-modified", poll.last_modified if unchanged else None),
        body_hash=poll.body_hash if unchanged else body_hash(response.body),
    )


def after_failure(
    poll: Poll, error: str, now: datetime, *, response: Response | None = None, interval: timedelta | None = None
) -> Poll:
    """The poll after no answer, or after a `response` that is of no use: asked again after interval · 2^failures.

    Less some jitter, but not before Retry-After; both at most BACK_OFF_LIMIT, which a 410 (gone) means at once.
    `error` is one line for the publisher. What is remembered of the last success (etag, hash, times) stays.
    """
    failures = poll.failures + 1
    wait = min(BACK_OFF_LIMIT, (interval or INTERVALS[poll.kind]) * 2 ** min(failures, 29))
    wait -= wait * JITTER * _share(f"{poll.url} {failures}")
    if response is not None:
        wait = max(wait, _asked_wait(response, now))
    return replace(poll, next_at=now + wait, asked_at=now, failures=failures, error=error)


def body_hash(body: bytes) -> str:
    """128 bits in hexadecimal; equal for equal bodies, whatever the process."""
    return blake2b(body, digest_size=16).hexdigest()


def _addresses(source: Source) -> Iterator[tuple[PollKind, str]]:
    yield PollKind.FEED, source.url
    if source.fallback:
        yield PollKind.FALLBACK, source.fallback
    if source.front_page:
        yield PollKind.FRONT, source.front_page


def _latest(poll: Poll, now: datetime, interval: timedelta | None) -> datetime:
    """When a remembered poll is to be asked at the latest; a clock that was wrong must not silence it for long."""
    return now + (interval if interval is not None and not poll.failures else BACK_OFF_LIMIT)


def _awake(polls: Sequence[Poll]) -> list[Poll]:
    failing = {poll.source_id for poll in polls if poll.kind is PollKind.FEED and poll.failures > 0}
    return [poll for poll in polls if poll.kind is not PollKind.FALLBACK or poll.source_id in failing]


def _is_success(response: Response) -> bool:
    return 200 <= response.status < 300 or response.status == HTTPStatus.NOT_MODIFIED


def _asked_wait(response: Response, now: datetime) -> timedelta:
    if response.status == HTTPStatus.GONE:
        return BACK_OFF_LIMIT
    return min(BACK_OFF_LIMIT, retry_after(response.headers, now) or ZERO)


def _own_moment(url: str, now: datetime, interval: timedelta) -> datetime:
    """Moments recur every interval, shifted by the address's share; the one nearest to now + interval.

    So it lies between half and one and a half intervals ahead, and in steady state exactly one interval after the
    last, however long the asking took.
    """
    shift = interval * _share(url)
    turns = round((now + interval - EPOCH - shift) / interval)
    return max(EPOCH + shift + interval * turns, now + interval / 2)


def _share(text: str) -> float:
    """Between 0 and 1, evenly over texts, the same at every start."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64
