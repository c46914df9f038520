"""The tables. What each row means is said in docs/GLOSSARY.md; how they came to be so, in storage/migrations.

Ids are never used twice (`sqlite_autoincrement`): a forgotten subscriber's buttons must not reach a stranger. Tables
that are read by their whole key are kept in its order (`sqlite_with_rowid=False`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.columns import ID, CleanText, Json, Time

metadata: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)

# --- collect -------------------------------------------------------------------------------------------------------

sources: Final = Table(
    "sources",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("active", Boolean, nullable=False),  # named in the sources file the last time it was read
    Column("registered_at", Time, nullable=False),
    sqlite_autoincrement=True,
)

polls: Final = Table(
    "polls",
    metadata,
    Column("source_id", ID, ForeignKey(sources.c.id), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("next_at", Time, nullable=False),
    Column("asked_at", Time),
    Column("succeeded_at", Time),
    Column("first_read_at", Time),
    Column("failures", Integer, nullable=False),
    Column("error", CleanText),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("body_hash", Text),
    sqlite_with_rowid=False,
)

stories: Final = Table(
    "stories",
    metadata,
    Column("id", ID, primary_key=True),
    Column("merged_into", ID, ForeignKey("stories.id")),
    Column("opened_at", Time, nullable=False),
    Column("last_at", Time, nullable=False),  # when its latest article joined
    Column("published_at", Time, nullable=False),  # of its headline article
    Column("score", Float, nullable=False),
    Column("peak_score", Float, nullable=False),
    Column("level", SmallInteger, nullable=False),  # the highest reached
    Column("reasons", Json, nullable=False),
    Column("corrected_at", Time),
    Column("withdrawn_at", Time),
    # Articles, without foreign keys: the two tables would wait for each other. One that is gone tells nothing.
    Column("headline_id", ID),  # that tells it; the oldest if there's none
    Column("details_id", ID),  # that the details are from
    Column("details", CleanText),
    Column("continues", ID),  # the story of the same event that had closed; it may be deleted before this one
    sqlite_autoincrement=True,
)
Index("stories_opened_at", stories.c.opened_at)
_merged = stories.c.merged_into.is_not(None)
Index("stories_merged_into", stories.c.merged_into, sqlite_where=_merged, postgresql_where=_merged)

articles: Final = Table(
    "articles",
    metadata,
    Column("id", ID, primary_key=True),
    Column("source_id", ID, ForeignKey(sources.c.id), nullable=False),
    Column("key", CleanText, nullable=False),
    Column("story_id", ID, ForeignKey(stories.c.id), nullable=False),
    Column("url", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("lead", CleanText, nullable=False),
    Column("body", CleanText, nullable=False),
    Column("summary", CleanText, nullable=False),
    Column("section", CleanText),
    Column("author", CleanText),
    Column("picture", CleanText),
    Column("language", Text, nullable=False),
    Column("marks", Json, nullable=False),
    Column("published_at", Time, nullable=False),
    Column("seen_at", Time, nullable=False),
    Column("views", BigInteger),
    Column("views_at", Time),  # when they were read last
    Column("read_again_at", Time),  # when they are to be read again
    Column("position", Integer),  # on the source's front page now
    Column("position_at", Time),  # since when it stands there, or left
    Column("front_since", Time),  # since when it is on the page, at whatever place
    Column("listed_title", CleanText),  # as its source's list showed it last
    Column("page_title", CleanText),  # as its page showed it last
    Column("missing_since", Time),  # its page is gone
    Column("withdrawn_at", Time),
    UniqueConstraint("source_id", "key"),
    sqlite_autoincrement=True,
)
Index("articles_story_id", articles.c.story_id)
Index("articles_seen_at", articles.c.seen_at)
_on_front_page = articles.c.position.is_not(None)
Index("articles_front_page", articles.c.source_id, sqlite_where=_on_front_page, postgresql_where=_on_front_page)

_read_again = articles.c.read_again_at.is_not(None)
Index(
    "articles_read_again",
    *(articles.c[name] for name in ("source_id", "read_again_at")),
    sqlite_where=_read_again,
    postgresql_where=_read_again,
)

fingerprints: Final = Table(  # what articles are compared by, while they may be: made of their texts, at any time again
    "fingerprints",
    metadata,
    Column("article_id", ID, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

signals: Final = Table(  # what was measured of an article, each time: only ever added to, and deleted with the article
    "signals",
    metadata,
    Column("article_id", ID, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", Time, primary_key=True),
    Column("value", BigInteger),
    sqlite_with_rowid=False,
)

old_articles: Final = Table(  # deleted, but not forgotten: a feed may list them for years, and they aren't news
    "old_articles",
    metadata,
    Column("source_id", ID, ForeignKey(sources.c.id), primary_key=True),
    Column("key", CleanText, primary_key=True),
    sqlite_with_rowid=False,
)

aliases: Final = Table(  # by what else an article is known than its key, which some sites change at every poll
    "aliases",
    metadata,
    Column("source_id", ID, ForeignKey(sources.c.id), primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("article_id", ID, ForeignKey(articles.c.id, ondelete="CASCADE"), nullable=False),
    sqlite_with_rowid=False,
)
Index("aliases_article_id", aliases.c.article_id)

splits: Final = Table(  # what the publisher took out of a story into one of its own; they never become one again
    "splits",
    metadata,
    Column("story_id", ID, ForeignKey(stories.c.id, ondelete="CASCADE"), primary_key=True),
    Column("from_id", ID, ForeignKey(stories.c.id, ondelete="CASCADE"), nullable=False),
    Column("article_id", ID, ForeignKey(articles.c.id, ondelete="CASCADE"), nullable=False),
    Column("waits", Boolean, nullable=False),  # nobody is told of it before its next article
    Column("split_at", Time, nullable=False),
    sqlite_with_rowid=False,
)

topics: Final = Table(
    "topics",
    metadata,
    Column("id", ID, primary_key=True),
    Column("slug", Text, unique=True),
    Column("query", CleanText, unique=True),
    Column("unfollowed_at", Time),  # since when nobody is known to follow it
    Column("key", Text),  # the same for queries that ask for the same; without one in rows of older versions
    CheckConstraint("(slug IS NULL) <> (query IS NULL)", name="slug_or_query"),
    sqlite_autoincrement=True,
)
Index("topics_key", topics.c.key, unique=True)

story_topics: Final = Table(
    "story_topics",
    metadata,
    Column("story_id", ID, ForeignKey(stories.c.id, ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ID, ForeignKey(topics.c.id, ondelete="CASCADE"), primary_key=True),
    Column("score", Float, nullable=False),
    Column("because", Json, nullable=False),
    sqlite_with_rowid=False,
)
Index("story_topics_topic_id", story_topics.c.topic_id, story_topics.c.story_id)

# --- converse ------------------------------------------------------------------------------------------------------

subscribers: Final = Table(
    "subscribers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("chat_kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    # Two facts, not one state: a chat that comes back after blocking the bot is still paused if it was.
    Column("paused", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("paused_until", Time),
    Column("quiet_start", SmallInteger),  # minutes since local midnight
    Column("quiet_end", SmallInteger),
    Column("breaking_passes", Boolean, nullable=False, server_default=true()),
    Column("daily_cap", Integer),
    Column("sound_from", SmallInteger, nullable=False, server_default=text("0")),
    Column("digest_only", Boolean, nullable=False, server_default=false()),
    Column("catch_up", Boolean, nullable=False, server_default=true()),
    Column("follow_ups", Boolean, nullable=False, server_default=true()),
    Column("seen_at", Time),  # at first when they came
    Column("asked_at", Time),
    Column("sections", Json),  # names, in the order of digests
    UniqueConstraint("chat_id", "thread_id"),
    sqlite_autoincrement=True,
)
Index("subscribers_seen_at", subscribers.c.seen_at)

subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("topic_id", ID, ForeignKey(topics.c.id), primary_key=True),
    Column("subscriber_id", ID, ForeignKey(subscribers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("sound", Boolean, nullable=False),
    Column("muted_until", Time),
    Column("created_at", Time, nullable=False),
    sqlite_with_rowid=False,
)
Index("subscriptions_subscriber_id", subscriptions.c.subscriber_id)

drafts: Final = Table(
    "drafts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),  # who only looks is no subscriber yet
    Column("thread_id", BigInteger, nullable=False),
    Column("query", CleanText),
    Column("replaces", ID),  # no foreign key: a topic that has gone is nothing to replace any more
    Column("question", BigInteger),
    Column("created_at", Time, nullable=False),
    sqlite_autoincrement=True,
)
Index("drafts_chat_id", drafts.c.chat_id, drafts.c.thread_id, drafts.c.question)
Index("drafts_created_at", drafts.c.created_at)

digests: Final = Table(
    "digests",
    metadata,
    Column("subscriber_id", ID, ForeignKey(subscribers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("minute", SmallInteger),  # of the local day; without it nothing is planned, it only catches up
    Column("weekday", SmallInteger),
    Column("next_at", Time),
    Column("lease_owner", Text),
    Column("lease_until", Time),
    Column("unknown_outcomes", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
_is_planned, _is_leased = digests.c.next_at.is_not(None), digests.c.lease_owner.is_not(None)
Index("digests_next", digests.c.next_at, sqlite_where=_is_planned, postgresql_where=_is_planned)
Index("digests_leased", digests.c.lease_owner, sqlite_where=_is_leased, postgresql_where=_is_leased)

muted_stories: Final = Table(
    "muted_stories",
    metadata,
    Column("story_id", ID, ForeignKey(stories.c.id, ondelete="CASCADE"), primary_key=True),
    Column("subscriber_id", ID, ForeignKey(subscribers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("muted_at", Time, nullable=False),
    sqlite_with_rowid=False,
)
Index("muted_stories_subscriber_id", muted_stories.c.subscriber_id)

# --- deliver -------------------------------------------------------------------------------------------------------

dispatches: Final = Table(
    "dispatches",
    metadata,
    Column("story_id", ID, primary_key=True),
    Column("topic_id", ID, primary_key=True),
    Column("level", SmallInteger, primary_key=True),
    Column("cursor", ID, nullable=False),  # the last subscriber id expanded
    Column("created_at", Time, nullable=False),
    Column("done_at", Time),
    ForeignKeyConstraint(
        ["story_id", "topic_id"], [story_topics.c.story_id, story_topics.c.topic_id], ondelete="CASCADE"
    ),
    sqlite_with_rowid=False,
)
_open = dispatches.c.done_at.is_(None)
Index("dispatches_open", dispatches.c.level, dispatches.c.created_at, sqlite_where=_open, postgresql_where=_open)

editions: Final = Table(  # what is told of a story after its first message
    "editions",
    metadata,
    Column("story_id", ID, ForeignKey(stories.c.id, ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("edition", SmallInteger, primary_key=True),
    Column("article_id", ID),  # that tells a follow-up; without it the story's headline article does
    Column("reason", Json),  # what a follow-up adds
    Column("created_at", Time, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("cursor", ID, nullable=False),  # the last subscriber id expanded
    Column("done_at", Time),
    sqlite_with_rowid=False,
)
_unfinished = editions.c.done_at.is_(None)
Index("editions_open", editions.c.due_at, sqlite_where=_unfinished, postgresql_where=_unfinished)

notifications: Final = Table(
    "notifications",
    metadata,
    Column("story_id", ID, ForeignKey(stories.c.id, ondelete="CASCADE"), primary_key=True),
    # No foreign key, for it would need an index of all that a subscriber ever got; `forget` deletes what is theirs.
    Column("subscriber_id", ID, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("edition", SmallInteger, primary_key=True),
    # Under which it's told. No foreign key: looking for rows to keep would read the whole table when a topic goes.
    Column("topic_id", ID, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Json),
    Column("priority", SmallInteger, nullable=False),  # 0 goes first: levels below breaking; then corrections
    Column("created_at", Time, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Time),
    Column("unknown_outcomes", SmallInteger, nullable=False),
    Column("message_id", BigInteger),
    sqlite_with_rowid=False,
)
_due = notifications.c.state == "due"
_in_order = (notifications.c[name] for name in ("priority", "due_at", "story_id", "subscriber_id"))
Index("notifications_due", *_in_order, sqlite_where=_due, postgresql_where=_due)
# Apart, so that a fan-out writes only among what is due: it touches all subscribers, and between their settled rows
# each new one would be on a page of its own.
Index("notifications_waiting", notifications.c.subscriber_id, sqlite_where=_due, postgresql_where=_due)
_settled, _latest = notifications.c.state != "due", (notifications.c.subscriber_id, notifications.c.due_at)
Index("notifications_settled", *_latest, sqlite_where=_settled, postgresql_where=_settled)
_leased = notifications.c.lease_owner.is_not(None)
Index("notifications_leased", notifications.c.subscriber_id, sqlite_where=_leased, postgresql_where=_leased)
_held, _whose = notifications.c.state == "held", (notifications.c.subscriber_id, notifications.c.story_id)
Index("notifications_held", *_whose, sqlite_where=_held, postgresql_where=_held)
_failed = notifications.c.state.in_(["unknown", "parked"])
Index("notifications_failed", notifications.c.state, sqlite_where=_failed, postgresql_where=_failed)

paid_days: Final = Table(
    "paid_days",
    metadata,
    Column("day", Date, primary_key=True),  # UTC
    Column("taken", Integer, nullable=False),  # paid messages granted
    sqlite_with_rowid=False,
)

leases: Final = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Time, nullable=False),
    sqlite_with_rowid=False,
)
