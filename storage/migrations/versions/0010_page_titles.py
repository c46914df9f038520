"""The headline that an article's own page shows, to see whether it was changed there alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("articles", sa.Column("page_title", sa.Text()))
