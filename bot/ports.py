"""Every door to the outside, as Protocols over model types: what the engine asks of the world, and nothing more.

Implementations: `bot.web` (Web), `bot.workers` (PageReader), `storage` (the stores), `bot.telegram` (Messenger).
A store method is one transaction. Times are handed in; no implementation asks a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol

from bot.model import (
    Archived,
    Article,
    Correction,
    Coverage,
    Digest,
    DigestDue,
    DigestKind,
    DigestPlan,
    DigestSettlement,
    Dispatch,
    Draft,
    Due,
    Edition,
    Evidence,
    Explanation,
    History,
    Importance,
    Level,
    Listed,
    Members,
    Outcome,
    Page,
    Parts,
    Poll,
    Publication,
    Reading,
    Request,
    Response,
    Settlement,
    SilenceSettlement,
    Source,
    Split,
    Status,
    Story,
    Subscriber,
    SubscriberState,
    Subscription,
    Topic,
)

Carried = Literal["section", "author", "source"]
Levels = tuple[Level, Level]
"""The lowest and the highest that are meant."""
ALL_LEVELS: Final[Levels] = (Level.ROUTINE, Level.BREAKING)

Clock = Callable[[], datetime]
"""The time now, aware UTC."""


class Web(Protocol):
    """HTTP out."""

    async def fetch(self, request: Request) -> Response:
        """Any status is an answer, 304 included. Raises FetchError, AddressRefusedError."""
        ...

    async def fetch_page(self, url: str) -> Response:
        """The same for a page, if the site's robots.txt allows us. Raises FetchError also when it doesn't."""
        ...


class PageReader(Protocol):
    """Reads article pages off the loop, in a process started on demand."""

    async def read(self, response: Response, source: Source) -> Page:
        """Raises ParseError when there's no article in it or it takes too long."""
        ...


class CollectStore(Protocol):
    """What collect reads and writes."""

    async def register_sources(self, sources: Sequence[Source], now: datetime) -> tuple[Source, ...]:
        """The same sources with their ids, known by name. Others stay stored but are asked no more."""
        ...

    async def register_topics(self, slugs: Sequence[str]) -> Mapping[str, int]:
        """Ids of the built-in topics by slug; new ones are added."""
        ...

    async def polls(self) -> tuple[Poll, ...]:
        """What is remembered of every address asked so far."""
        ...

    async def save_poll(self, poll: Poll) -> None: ...

    async def unknown_keys(self, source_id: int, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` under which the source has no article yet."""
        ...

    async def recent_articles(self, since: datetime, limit: int) -> tuple[Archived, ...]:
        """The newest `limit` articles seen after `since`, newest first, with their story ids."""
        ...

    async def own_topics(self, after: int, limit: int) -> tuple[Topic, ...]:
        """The first `limit` query topics with ids above `after`, by id; among them some that nobody follows any more.

        Ids are never used twice, but a topic may appear a moment later than one with a higher id.
        """
        ...

    async def coverage(self, story_id: int) -> tuple[Coverage, ...]:
        """One record an article of the story, earliest first, with its latest signals."""
        ...

    async def publish(self, publication: Publication, now: datetime) -> Article | None:
        """The design's one commit: article, story, topics, dispatches. The article with its ids; None if it was known.

        A story's level never falls. For each of its topics the story's level is dispatched the first time it's reached.
        The stories that it `merges` become part of the article's own, with articles, topics, what is muted, due and
        held: whoever was told any of them has been told it. Their ids go on meaning it, here and in every other store.
        One that was withdrawn, or told to very many, stays a story of its own.
        """
        ...

    async def splits_since(self, number: int) -> tuple[Split, ...]:
        """Those with a higher number, in order: every one of them, with 0."""
        ...

    async def merged_into(self, story_ids: Sequence[int]) -> Mapping[int, int]:
        """Those of the stories that are part of another one now, and of which."""
        ...

    async def note_positions(self, source_id: int, keys: Sequence[str], now: datetime) -> tuple[int, ...]:
        """The front page shows these articles, in this order. Ids of recent stories whose positions changed."""
        ...

    async def due_readings(self, source_id: int, now: datetime, limit: int) -> tuple[Reading, ...]:
        """Articles of the source whose view counter is due to be read again, the longest due first."""
        ...

    async def note_views(
        self, article_id: int, views: int | None, now: datetime, again_at: datetime | None
    ) -> int | None:
        """The counter was read now (`views` None: it could not be), and is due again then. The story's id, if read."""
        ...

    async def history(self, since: datetime, until: datetime) -> History:
        """Of the stories that opened from `since` until `until`; articles and marks are counted from `since` till now.

        One pass over those stories' articles: meant to be asked once an hour.
        """
        ...

    async def rescore(self, story_id: int, importance: Importance, now: datetime) -> None:
        """Store a new score; a level reached for the first time is dispatched in the same commit."""
        ...

    async def members(self, story_id: int) -> Members:
        """The story's articles that stand, the latest 12."""
        ...

    async def texts(self, story_id: int) -> tuple[str, ...]:
        """What the story's articles say, headlines and all: the latest 20."""
        ...

    async def listed(self, source_id: int, keys: Sequence[str], since: datetime) -> Mapping[str, Listed]:
        """Those of `keys` whose articles were seen since then and stand, by key."""
        ...

    async def note_listed(self, article_id: int, listed_title: str) -> None:
        """The source's list shows it under that title now."""
        ...

    async def correct(self, correction: Correction, now: datetime) -> None:
        """Store the article as its source tells it now.

        If it's its story's headline article and its title is another one, those who were told are told the correction.
        """
        ...

    async def note_page(self, article_id: int, *, missing: bool, now: datetime, patience: timedelta) -> bool:
        """The article's page is there, or is gone (404, 410). Whether that withdraws the article: it was gone before,
        `patience` ago or more. The story is then told by another article, or its readers are told that it's withdrawn.
        """
        ...

    async def take_lease(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take or prolong what only one process may do at a time; False while another owner holds it."""
        ...

    async def drop_lease(self, name: str, owner: str) -> None:
        """Let another one take it at once. Nothing happens where `owner` doesn't hold it."""
        ...


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


class SubscriberStore(Protocol):
    """What the conversation reads and writes."""

    async def subscriber(self, chat_id: int, thread_id: int = 0) -> Subscriber | None: ...

    async def add_subscriber(self, subscriber: Subscriber, now: datetime) -> Subscriber:
        """The stored subscriber of that chat: a new one, or the one that was there, unchanged."""
        ...

    async def set_state(self, subscriber_id: int, state: SubscriberState, until: datetime | None = None) -> None:
        """`until`: when a pause ends by itself; None clears it."""
        ...

    async def set_preferences(self, subscriber: Subscriber) -> None:
        """Store the wishes in the value: language, time_zone, quiet, daily_cap, sound_from, digest_only, catch_up,
        follow_ups and sections."""
        ...

    async def plan_digest(self, subscriber_id: int, plan: DigestPlan, next_at: datetime) -> None:
        """Keep the plan (one of each kind) and let the next issue be due at `next_at`."""
        ...

    async def end_digest(self, subscriber_id: int, kind: DigestKind) -> None:
        """Drop the plan; what is held stays held."""
        ...

    async def hold_recent(self, subscriber_id: int, since: datetime, limit: int, now: datetime) -> int:
        """Hold for the next digest the best stories since then on their topics, from each subscription's level on,
        that they were not told; how many. What a first issue is made of."""
        ...

    async def mute_story(self, subscriber_id: int, story_id: int, now: datetime) -> None:
        """Tell nothing more of the story."""
        ...

    async def unmute_story(self, subscriber_id: int, story_id: int) -> None:
        """Undo it; what was skipped meanwhile stays skipped."""
        ...

    async def set_muted(self, subscriber_id: int, topic_id: int, until: datetime | None) -> None:
        """Mute the subscription until then; None unmutes."""
        ...

    async def note_seen(self, subscriber_id: int, now: datetime) -> None:
        """A sign of life: `seen_at` is now and `asked_at` is cleared."""
        ...

    async def move_chat(self, chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup: every thread's subscriber moves along."""
        ...

    async def set_chat_state(self, chat_id: int, state: SubscriberState) -> None:
        """For every subscriber of the chat (blocked, unblocked). ACTIVE only ends GONE, never a pause of their own."""
        ...

    async def topic(self, topic: Topic) -> Topic:
        """The stored topic with that slug, or that asks for the same as the query: by its key, else as it's written.

        It's added if there's none.
        """
        ...

    async def topic_by_id(self, topic_id: int) -> Topic | None: ...

    async def subscriptions(self, subscriber_id: int) -> tuple[Subscription, ...]:
        """Built-in topics first, then own ones, oldest first."""
        ...

    async def follow(self, subscriber_id: int, topic_id: int, level: Level, now: datetime) -> bool:
        """False if they followed it already (nothing changes then)."""
        ...

    async def unfollow(self, subscriber_id: int, topic_id: int) -> bool:
        """False if they didn't follow it. What is due under the topic is skipped when it is decided."""
        ...

    async def refollow(self, subscriber_id: int, topic_id: int, other_id: int, level: Level | None = None) -> bool:
        """Follow the other topic in place of the first, with sound and mute as they are, and the level (None) too.

        False if they don't follow the first. If they follow the other one already, that one stays as it is.
        """
        ...

    async def add_drafts(self, drafts: Sequence[Draft], now: datetime) -> tuple[int, ...]:
        """Keep them for a day or two; their ids."""
        ...

    async def draft(self, chat_id: int, thread_id: int, draft_id: int) -> Draft | None:
        """None if it isn't that chat's, or there no more."""
        ...

    async def asked_for(self, chat_id: int, thread_id: int, question: int) -> Draft | None:
        """What was asked for there by that message; None if nothing was."""
        ...

    async def set_level(self, subscriber_id: int, topic_id: int, level: Level) -> None: ...

    async def set_sound(self, subscriber_id: int, topic_id: int, sound: bool) -> None: ...

    async def latest(self, topic_ids: Sequence[int], limit: int, level: Level = Level.ROUTINE) -> tuple[Story, ...]:
        """Stories of any of the topics at `level` or above, newest first."""
        ...

    async def stories_by_id(self, ids: Sequence[int]) -> tuple[Story, ...]:
        """Those of them that exist, in that order."""
        ...

    async def carried(self, by: Carried, since: datetime) -> Mapping[str, int]:
        """How many stories articles seen since then belong to, by what they carry as section, author or source."""
        ...

    async def level_counts(self, topic_id: int, since: datetime) -> Mapping[Level, int]:
        """How many stories of the topic opened since then, by level reached."""
        ...

    async def archive(self, since: datetime, limit: int) -> tuple[Archived, ...]:
        """The newest `limit` articles seen after `since`, newest first: what a new query is tried on."""
        ...

    async def label(self, evidence: Mapping[int, Evidence], now: datetime) -> None:
        """Stories (by id) found to belong to a topic after the fact.

        Nobody is told of them: the level they have reached counts as dispatched.
        """
        ...

    async def mark_shown(self, subscriber_id: int, topic_id: int, story_id: int, now: datetime) -> None:
        """The subscriber was shown the story in an answer, so it's not pushed to them any more."""
        ...

    async def explain(self, subscriber_id: int, story_id: int | None) -> Explanation | None:
        """Of that story, or of the one last told; None if there is none."""
        ...

    async def forget(self, subscriber_id: int) -> None:
        """Delete the subscriber with everything that is theirs, drafts too."""
        ...


class PublisherStore(Protocol):
    """What the publisher's commands read."""

    async def status(self, now: datetime) -> Status:
        """Figures of the whole installation. Reads what is open by its indexes, never the settled past."""
        ...

    async def withdraw(self, story_id: int, now: datetime) -> bool:
        """Take the story back, whoever carries it: it's pushed no more, and messages say so. False if that is done."""
        ...

    async def parts(self, story_id: int) -> Parts | None:
        """What the story is made of; None if there is no such story, or nothing left of it."""
        ...

    async def split(self, article_id: int, evidence: Sequence[Evidence], now: datetime) -> int | None:
        """Take the article out of its story into one of its own, of these topics, and return that one's id.

        Nobody is told of it before another article joins it, and the two never become one again. None, and nothing
        happens, if the article tells its story or isn't there.
        """
        ...


class MaintenanceStore(Protocol):
    """What keeps the store from growing for ever."""

    async def tidy(self, now: datetime, limit: int) -> int:
        """One step, of about `limit` rows (1,000 take about 20 ms on SQLite); how many went, 0 when nothing is left.

        Articles go after 90 days, their keys never; notifications (settled or held) and dispatches of stories that
        opened 30 days ago; words of one's own a day after the last who followed them, drafts after a day. No story is
        told again for it.
        """
        ...

    async def topics_without_key(self, limit: int) -> tuple[Topic, ...]:
        """Query topics stored by a version that knew no keys."""
        ...

    async def give_keys(self, keys: Mapping[int, str]) -> None:
        """Note the keys of topics by id. Where another topic has the key, the one becomes part of that other: who
        follows it, what it has found and what is still to be told of it.
        """
        ...

    async def rewind(self, now: datetime) -> bool:
        """If the store was used by a clock that was ahead, what waits for that clock's time waits no more; whether so.

        Notifications are due at once; a lease of somebody dead runs out as soon as any other.
        """
        ...


class Messenger(Protocol):
    """Telegram, as delivery sees it."""

    async def push(self, due: Due, silent: bool) -> Outcome:
        """Send a notification within the send budget. Never raises for what Telegram answers."""
        ...

    async def push_digest(self, due: DigestDue, digest: Digest, silent: bool) -> Outcome:
        """The same for a digest. `Delivered.lines` says how many entries were listed when they didn't all fit."""
        ...

    async def ask(self, subscriber: Subscriber) -> Outcome:
        """The same for the question whether they still read."""
        ...
