"""Signals of importance with their times; when a view counter was read and is to be read again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    for name in ("views_at", "read_again_at", "front_since"):
        op.add_column("articles", sa.Column(name, TIME))
    op.execute("UPDATE articles SET views_at = seen_at WHERE views IS NOT NULL")
    op.execute("UPDATE articles SET front_since = position_at WHERE position IS NOT NULL")
    waits = sa.text("read_again_at IS NOT NULL")
    op.create_index(
        "articles_read_again",
        "articles",
        ["source_id", "read_again_at"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_table(
        "signals",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("value", sa.BigInteger()),
        sa.PrimaryKeyConstraint("article_id", "kind", "at", name="signals_pk"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="signals_article_id_fk", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
