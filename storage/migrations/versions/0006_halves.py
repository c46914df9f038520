"""What is due to a subscriber and what is settled are found by indexes of their own, without a foreign key.

A fan-out then writes in one place instead of one for each subscriber.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

DUE, SETTLED = sa.text("state = 'due'"), sa.text("state != 'due'")
CONSTRAINT = re.compile(
    r",\s*CONSTRAINT notifications_subscriber_id_fk FOREIGN KEY\s*\(subscriber_id\)"
    r" REFERENCES subscribers \(id\) ON DELETE CASCADE"
)


def upgrade() -> None:
    op.drop_index("notifications_subscriber_id", "notifications")
    op.create_index("notifications_waiting", "notifications", ["subscriber_id"], sqlite_where=DUE, postgresql_where=DUE)
    latest = ["subscriber_id", "due_at"]
    op.create_index("notifications_settled", "notifications", latest, sqlite_where=SETTLED, postgresql_where=SETTLED)
    if op.get_context().dialect.name == "sqlite":
        _drop_constraint()
    else:
        op.drop_constraint("notifications_subscriber_id_fk", "notifications")


def _drop_constraint() -> None:
    """In the table's definition alone, as https://www.sqlite.org/lang_altertable.html#otheralter says: it's in no row,
    and to write all of them anew would take minutes."""
    connection, table = op.get_bind(), {"name": "notifications"}
    sql = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), table).scalar_one()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    without = table | {"sql": CONSTRAINT.sub("", sql)}
    connection.execute(sa.text("UPDATE sqlite_master SET sql = :sql WHERE name = :name"), without)
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
