"""The first schema: sources to notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    _collect()
    _topics()
    _converse()
    _deliver()


def _collect() -> None:
    op.create_table(
        "sources",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("registered_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="sources_pk"),
        sa.UniqueConstraint("name", name="sources_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "polls",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("asked_at", TIME),
        sa.Column("succeeded_at", TIME),
        sa.Column("first_read_at", TIME),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.PrimaryKeyConstraint("source_id", "kind", "url", name="polls_pk"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="polls_source_id_fk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stories",
        sa.Column("id", ID, nullable=False),
        sa.Column("merged_into", ID),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("published_at", TIME, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("peak_score", sa.Float(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="stories_pk"),
        sa.ForeignKeyConstraint(["merged_into"], ["stories.id"], name="stories_merged_into_fk"),
        sqlite_autoincrement=True,
    )
    op.create_index("stories_opened_at", "stories", ["opened_at"])
    _partial_index("stories_merged_into", "stories", ["merged_into"], "merged_into IS NOT NULL")
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("section", sa.Text()),
        sa.Column("author", sa.Text()),
        sa.Column("picture", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("published_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("views", sa.BigInteger()),
        sa.Column("position", sa.Integer()),
        sa.Column("position_at", TIME),
        sa.PrimaryKeyConstraint("id", name="articles_pk"),
        sa.UniqueConstraint("source_id", "key", name="articles_source_id_key_key"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="articles_source_id_fk"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="articles_story_id_fk"),
        sqlite_autoincrement=True,
    )
    op.create_index("articles_story_id", "articles", ["story_id"])
    op.create_index("articles_seen_at", "articles", ["seen_at"])
    _partial_index("articles_front_page", "articles", ["source_id"], "position IS NOT NULL")


def _topics() -> None:
    op.create_table(
        "topics",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.Text()),
        sa.Column("query", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="topics_pk"),
        sa.UniqueConstraint("slug", name="topics_slug_key"),
        sa.UniqueConstraint("query", name="topics_query_key"),
        sa.CheckConstraint("(slug IS NULL) <> (query IS NULL)", name=op.f("topics_slug_or_query")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "story_topics",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", "topic_id", name="story_topics_pk"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="story_topics_story_id_fk", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="story_topics_topic_id_fk", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("story_topics_topic_id", "story_topics", ["topic_id", "story_id"])


def _converse() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="subscribers_pk"),
        sa.UniqueConstraint("chat_id", "thread_id", name="subscribers_chat_id_thread_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscriptions",
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("muted_until", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("topic_id", "subscriber_id", name="subscriptions_pk"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="subscriptions_topic_id_fk"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="subscriptions_subscriber_id_fk", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("subscriptions_subscriber_id", "subscriptions", ["subscriber_id"])


def _deliver() -> None:
    op.create_table(
        "dispatches",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("cursor", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("done_at", TIME),
        sa.PrimaryKeyConstraint("story_id", "topic_id", "level", name="dispatches_pk"),
        sa.ForeignKeyConstraint(
            ["story_id", "topic_id"],
            ["story_topics.story_id", "story_topics.topic_id"],
            name="dispatches_story_id_topic_id_fk",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    _partial_index("dispatches_open", "dispatches", ["level", "created_at"], "done_at IS NULL")
    op.create_table(
        "notifications",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", TIME),
        sa.Column("unknown_outcomes", sa.SmallInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("story_id", "subscriber_id", "kind", "edition", name="notifications_pk"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="notifications_story_id_fk", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="notifications_subscriber_id_fk", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    in_order = ["priority", "due_at", "story_id", "subscriber_id"]
    _partial_index("notifications_due", "notifications", in_order, "state = 'due'")
    op.create_index("notifications_subscriber_id", "notifications", ["subscriber_id", "story_id"])
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="leases_pk"),
        sqlite_with_rowid=False,
    )


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
