"""`migrate`: bring an empty or older database up to date, as `run` does by itself."""

from __future__ import annotations

import sys

from bot.config import read_settings
from storage import open_store


async def migrate() -> None:
    """Raises StorageError with one line when the database can't be opened or is newer than this program."""
    store = await open_store(read_settings().database_url)
    await store.close()
    sys.stdout.write("The database is up to date.\n")
