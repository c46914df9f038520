"""A SQLite file of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import Store, open_store


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "glavnoe.db"


@pytest.fixture
def database_url(database_file: Path) -> str:
    return f"sqlite+aiosqlite:///{database_file}"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = await open_store(database_url)
    yield store
    await store.close()
