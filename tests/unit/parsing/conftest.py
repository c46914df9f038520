"""What the parsing tests share: sources, answers, and the folder of real data beside the checkout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model import Response, Source

SHARED = Path(__file__).parents[3].parent / "shared"


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def source() -> Source:
    return Source(name="Вести", url="https://vesti.example/rss", language="ru", owner="vesti", country="RU")


@pytest.fixture
def trud() -> Source:
    return Source(
        name="Труд",
        url="https://www.trud.ru/rssfull",
        language="ru",
        owner="trud",
        country="RU",
        articles=r"/article/\d\d-\d\d-\d{4}/(?P<key>\d+)_",
    )


@pytest.fixture
def answer() -> Callable[..., Response]:
    def make(body: bytes | str, url: str = "https://vesti.example/rss", content_type: str | None = None) -> Response:
        headers = {"content-type": content_type} if content_type else {}
        raw = body.encode() if isinstance(body, str) else body
        return Response(url=url, status=200, headers=headers, body=raw)

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared data is not beside this checkout")
    return SHARED
