"""Queries that ask for the same are one topic, by their key; drafts of queries; the order of sections in digests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    # Keys are made of the query language, which no migration knows: `bot.upkeep` fills them in at start.
    op.add_column("topics", sa.Column("key", sa.Text()))
    op.create_index("topics_key", "topics", ["key"], unique=True)
    op.add_column("subscribers", sa.Column("sections", sa.Text()))
    op.create_table(
        "drafts",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("query", sa.Text()),
        sa.Column("replaces", ID),
        sa.Column("question", sa.BigInteger()),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="drafts_pk"),
        sqlite_autoincrement=True,
    )
    op.create_index("drafts_chat_id", "drafts", ["chat_id", "thread_id", "question"])
    op.create_index("drafts_created_at", "drafts", ["created_at"])
