"""How an older database becomes today's, and an empty one too: Alembic's environment, and `upgrade`, which runs it.

A change of `storage.schema` appends a file to versions/; the files there are never edited.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import StorageError

_LOCK: Final = 0x474C41564E4F45
"""Key of the advisory lock under which PostgreSQL is migrated: "GLAVNOE" in ASCII."""


def upgrade(connection: Connection) -> None:
    """Bring the database up to date within the connection's transaction. Raises StorageError if it's newer than we.

    Whoever starts at the same time waits: on SQLite because the transaction is IMMEDIATE, on PostgreSQL at the lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    config = _config(connection)
    found, known = _revision(connection), ScriptDirectory.from_config(config)
    if found == known.get_current_head():
        return
    if found is not None and found not in {script.revision for script in known.walk_revisions()}:
        raise StorageError(f"the database was written by a newer version of this program (its revision is {found})")
    command.upgrade(config, "head")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
