"""Which story a later one about the same event continues."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("stories", sa.Column("continues", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
