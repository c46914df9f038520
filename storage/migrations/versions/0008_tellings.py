"""Which article tells a story of several, and what another one adds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("stories", sa.Column("headline_id", ID))
    op.add_column("stories", sa.Column("details_id", ID))
    op.add_column("stories", sa.Column("details", sa.Text()))
