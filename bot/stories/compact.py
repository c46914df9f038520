"""A weighed article as bytes, for a restart: to read its text again takes a hundred times as long."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import orjson

from bot.stories.fingerprint import Fingerprint
from bot.stories.similarity import Weighed
from bot.stories.titles import Template

FORMAT: Final = 1
"""To be raised with every change of what a fingerprint holds: bytes of another format are made anew."""

_LEVEL: Final = 1
"""Of compression: 0.9 KB an article; the best saves 5% and takes twice as long."""


def packed(weighed: Weighed) -> bytes:
    article = weighed.article
    content = {
        "format": FORMAT,
        "at": article.at.isoformat(),
        "url": article.url.encode("utf-8", "replace").decode(),  # half a surrogate pair is no text
        "title_key": article.title_key,
        "words": article.words,
        "counts": list(article.counts),
        "title": article.title,
        "rubric": article.rubric,
        "names": [sorted(readings) for readings in article.names],
        "numbers": article.numbers,
        "headed": article.headed,
        "template": [
            sorted(part) for part in (article.template.words, article.template.numbers, article.template.names)
        ],
        "thin": article.thin,
        "gist": weighed.gist,
    }
    return zlib.compress(orjson.dumps(content), _LEVEL)


def unpacked(content: bytes) -> Weighed | None:
    """None if it was made by another version, or can't be read."""
    try:
        fields: dict[str, Any] = orjson.loads(zlib.decompress(content))
        return _weighed(**fields) if fields.pop("format") == FORMAT else None
    except (zlib.error, ValueError, TypeError, KeyError, AttributeError):
        return None


def _weighed(
    *,
    at: str,
    url: str,
    title_key: str,
    words: list[str],
    counts: list[int],
    title: list[str],
    rubric: int,
    names: list[list[str]],
    numbers: list[str],
    headed: bool,
    template: list[list[str]],
    thin: bool,
    gist: list[str],
) -> Weighed:
    article = Fingerprint(
        at=datetime.fromisoformat(at),
        url=url,
        title_key=title_key,
        words=_shared(words),
        counts=bytes(counts),
        title=_shared(title),
        rubric=rubric,
        names=tuple(frozenset(_shared(readings)) for readings in names),
        numbers=_shared(numbers),
        headed=headed,
        template=Template(*map(frozenset, template)),
        thin=thin,
    )
    return Weighed(article, _shared(gist))


def _shared(words: Iterable[str]) -> tuple[str, ...]:
    """Each word in memory once, however many articles hold it."""
    return tuple(map(sys.intern, words))
