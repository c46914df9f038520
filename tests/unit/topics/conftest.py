"""Articles and queries as the tests of topics write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.language import Document, analyse
from bot.model import Article

DocumentMaker = Callable[..., Document]


@pytest.fixture(scope="session")
def document() -> DocumentMaker:
    def make(
        title: str = "", text: str = "", *, source: str | None = None, language: str = "ru", **fields: str
    ) -> Document:
        now = datetime(2026, 11, 23, tzinfo=UTC)
        article = Article(
            source_id=1, key="1", url="https://x/1", title=title, text=text, language=language,
            published_at=now, seen_at=now, **fields,
        )  # fmt: skip
        return analyse(article, source)

    return make
