"""By what else an article is known than its key."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "alias", name="aliases_pk"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="aliases_source_id_fk"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="aliases_article_id_fk", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("aliases_article_id", "aliases", ["article_id"])
