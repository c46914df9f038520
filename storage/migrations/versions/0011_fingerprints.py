"""What articles are compared by, so that a restart need not read a week of texts again. Older ones are added later."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "fingerprints",
        sa.Column(
            "article_id",
            ID,
            sa.ForeignKey("articles.id", name="fingerprints_article_id_fk", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="fingerprints_pk"),
    )
