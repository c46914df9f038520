"""How a subscriber wants to be told: preferences, digests, muted stories. And indexes for what grows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    _preferences()
    _digests()
    _muted_stories()
    _paid()
    _remembered_articles()
    _indexes()


def _preferences() -> None:
    for column in (
        sa.Column("paused_until", TIME),
        sa.Column("quiet_start", sa.SmallInteger()),
        sa.Column("quiet_end", sa.SmallInteger()),
        sa.Column("breaking_passes", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("daily_cap", sa.Integer()),
        sa.Column("sound_from", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("digest_only", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("catch_up", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("seen_at", TIME),
        sa.Column("asked_at", TIME),
    ):
        op.add_column("subscribers", column)
    op.execute("UPDATE subscribers SET seen_at = created_at")
    op.create_index("subscribers_seen_at", "subscribers", ["seen_at"])
    op.add_column("topics", sa.Column("unfollowed_at", TIME))


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("minute", sa.SmallInteger()),
        sa.Column("weekday", sa.SmallInteger()),
        sa.Column("next_at", TIME),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", TIME),
        sa.Column("unknown_outcomes", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", "kind", name="digests_pk"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="digests_subscriber_id_fk", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    _partial_index("digests_next", "digests", ["next_at"], "next_at IS NOT NULL")
    _partial_index("digests_leased", "digests", ["lease_owner"], "lease_owner IS NOT NULL")


def _muted_stories() -> None:
    op.create_table(
        "muted_stories",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("muted_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("story_id", "subscriber_id", name="muted_stories_pk"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="muted_stories_story_id_fk", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="muted_stories_subscriber_id_fk", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("muted_stories_subscriber_id", "muted_stories", ["subscriber_id"])


def _paid() -> None:
    op.create_table(
        "paid_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="paid_days_pk"),
        sqlite_with_rowid=False,
    )


def _remembered_articles() -> None:
    op.create_table(
        "old_articles",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "key", name="old_articles_pk"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="old_articles_source_id_fk"),
        sqlite_with_rowid=False,
    )


def _indexes() -> None:
    op.drop_index("notifications_subscriber_id", "notifications")
    op.create_index("notifications_subscriber_id", "notifications", ["subscriber_id", "due_at"])
    _partial_index("notifications_leased", "notifications", ["subscriber_id"], "lease_owner IS NOT NULL")
    _partial_index("notifications_held", "notifications", ["subscriber_id", "story_id"], "state = 'held'")
    _partial_index("notifications_failed", "notifications", ["state"], "state IN ('unknown', 'parked')")


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
