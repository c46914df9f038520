"""Articles that the publisher took out of a story into one of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "splits",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("from_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("split_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("story_id", name="splits_pk"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="splits_story_id_fk", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["from_id"], ["stories.id"], name="splits_from_id_fk", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="splits_article_id_fk", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
