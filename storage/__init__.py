"""What is remembered: schema, migrations and one module a table family; implements the stores of `bot.ports`.

`engine` opens a database and gives transactions; each store method is a function of it, and `Store` lists them all.
"""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

from bot.ports import CollectStore, DeliveryStore, MaintenanceStore, PaidStore, PublisherStore, SubscriberStore
from storage import (
    aliases,
    claims,
    collect,
    corrections,
    delivery,
    digests,
    drafts,
    editions,
    fingerprints,
    leases,
    news,
    paid,
    publisher,
    queries,
    rewind,
    signals,
    silence,
    splitting,
    subscribers,
    tellings,
    upkeep,
    wishes,
)
from storage.engine import Database, connect, parse_url, whole
from storage.migrations import upgrade


def _whole_methods(store: type[Store]) -> type[Store]:
    for name, method in list(vars(store).items()):
        if iscoroutinefunction(method):
            setattr(store, name, whole(method))
    return store


@_whole_methods
class Store(Database):
    """A database with all that can be asked of it: the stores of `bot.ports`, and leases between processes."""

    __slots__ = ()

    register_sources = collect.register_sources
    register_topics = collect.register_topics
    polls = collect.polls
    save_poll = collect.save_poll
    unknown_keys = collect.unknown_keys
    known_aliases = aliases.known_aliases
    add_aliases = aliases.add_aliases
    remembered = fingerprints.remembered
    articles_by_id = fingerprints.articles_by_id
    save_fingerprints = fingerprints.save_fingerprints
    own_topics = queries.own_topics
    coverage = collect.coverage
    publish = collect.publish
    splits_since = splitting.splits_since
    merged_into = collect.merged_into
    rescore = collect.rescore
    members = tellings.members
    texts = collect.texts
    listed = corrections.listed
    note_listed = corrections.note_listed
    correct = corrections.correct
    note_page = corrections.note_page
    note_page_title = corrections.note_page_title
    neighbours = corrections.neighbours
    note_positions = signals.note_positions
    due_readings = signals.due_readings
    note_views = signals.note_views
    history = signals.history

    open_dispatches = delivery.open_dispatches
    expand = delivery.expand
    open_editions = editions.open_editions
    expand_edition = editions.expand_edition
    claim = claims.claim
    settle = delivery.settle
    claim_digests = digests.claim_digests
    settle_digests = digests.settle_digests
    claim_silent = silence.claim_silent
    settle_silent = silence.settle_silent
    release = delivery.release
    next_due_at = delivery.next_due_at

    subscriber = subscribers.subscriber
    add_subscriber = subscribers.add_subscriber
    set_state = subscribers.set_state
    set_preferences = wishes.set_preferences
    note_seen = wishes.note_seen
    plan_digest = wishes.plan_digest
    end_digest = wishes.end_digest
    hold_recent = wishes.hold_recent
    mute_story = wishes.mute_story
    unmute_story = wishes.unmute_story
    move_chat = subscribers.move_chat
    set_chat_state = subscribers.set_chat_state
    topic = queries.topic
    topic_by_id = queries.topic_by_id
    topics_without_key = queries.topics_without_key
    give_keys = queries.give_keys
    add_drafts = drafts.add_drafts
    draft = drafts.draft
    asked_for = drafts.asked_for
    asked_last = drafts.asked_last
    subscriptions = subscribers.subscriptions_of
    follow = subscribers.follow
    unfollow = subscribers.unfollow
    refollow = subscribers.refollow
    set_level = subscribers.set_level
    set_sound = subscribers.set_sound
    set_muted = subscribers.set_muted
    forget = subscribers.forget

    latest = news.latest
    stories_by_id = news.stories_by_id
    carried = news.carried
    level_counts = news.level_counts
    archive = collect.archive
    label = news.label
    mark_shown = news.mark_shown
    explain = news.explain

    take_paid = paid.take_paid

    status = publisher.status
    withdraw = corrections.withdraw
    parts = splitting.parts
    split = splitting.split

    tidy = upkeep.tidy
    rewind = rewind.rewind

    take_lease = leases.take_lease
    drop_lease = leases.drop_lease
    ping = leases.ping
    write_check = leases.write_check


if TYPE_CHECKING:

    def _implements(
        store: Store,
    ) -> tuple[CollectStore, DeliveryStore, MaintenanceStore, PaidStore, PublisherStore, SubscriberStore]:
        return store, store, store, store, store, store


async def open_store(url: str) -> Store:
    """Open the database, made if it isn't there and brought up to date if it's older. Raises StorageError."""
    database = connect(parse_url(url))
    store = Store(database.url, database.reader, database.writer)
    try:
        async with store.write() as connection:
            await connection.run_sync(upgrade)
    except BaseException:
        await store.close()
        raise
    return store


__all__ = ["Store", "open_store"]
