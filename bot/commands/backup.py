"""`backup` and `restore`: a copy of the database, made while the bot runs, and put in its place while it doesn't."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.config import read_settings
from storage.backup import backup as make_backup
from storage.backup import restore as restore_backup


def backup(to: Path) -> None:
    """Raises StorageError with one line; then there's no new file."""
    make_backup(read_settings().database_url, to)
    sys.stdout.write(f"The database was copied to {to}.\n")


def restore(source: Path) -> None:
    """Raises StorageError with one line; then all is as it was."""
    replaced = restore_backup(read_settings().database_url, source)
    sys.stdout.write(f"The database is that of {source} now.\n")
    if replaced is not None:
        sys.stdout.write(f"The one before is kept as {replaced}.\n")
