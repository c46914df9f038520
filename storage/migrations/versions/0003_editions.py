"""What is told of a story after its first message: follow-ups, corrections, withdrawals."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("article_id", ID),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("cursor", ID, nullable=False),
        sa.Column("done_at", TIME),
        sa.PrimaryKeyConstraint("story_id", "kind", "edition", name="editions_pk"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="editions_story_id_fk", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    unfinished = sa.text("done_at IS NULL")
    op.create_index("editions_open", "editions", ["due_at"], sqlite_where=unfinished, postgresql_where=unfinished)
    op.add_column("stories", sa.Column("corrected_at", TIME))
    op.add_column("stories", sa.Column("withdrawn_at", TIME))
    op.add_column("articles", sa.Column("listed_title", sa.Text()))
    op.add_column("articles", sa.Column("missing_since", TIME))
    op.add_column("articles", sa.Column("withdrawn_at", TIME))
    op.add_column("subscribers", sa.Column("follow_ups", sa.Boolean(), nullable=False, server_default=sa.true()))
