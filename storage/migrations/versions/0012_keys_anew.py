"""The keys of subscribers' own queries are made anew: names have come to be known in more spellings and cases."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("UPDATE topics SET key = NULL WHERE query IS NOT NULL")
