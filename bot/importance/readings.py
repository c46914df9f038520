"""Pages are read when an article is new, and again while their counters can still make it important."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.model import Article, Level

READ_AGAIN: Final = (timedelta(minutes=30), timedelta(hours=2))
"""After the first reading: half an hour's views already say whether an article is in demand, two hours' say it surely.
"""
RECENT: Final = timedelta(hours=6)
"""An article that was older than this when first seen is not read again: it would be told in a digest at most."""


def next_reading(published_at: datetime, seen_at: datetime, read_at: datetime) -> datetime | None:
    """When an article's counter, last read at `read_at`, is to be read again; None: no more."""
    if seen_at - published_at > RECENT:
        return None
    return next((seen_at + wait for wait in READ_AGAIN if seen_at + wait > read_at), None)


def read_again_at(article: Article, level: Level) -> datetime | None:
    """The same for an article whose page was read just now; None too where there is nothing to see on it.

    That is a counter, or, of a story that many are told, whether its source still stands by it.
    """
    return (
        None
        if article.views is None and level < Level.NOTABLE
        else next_reading(article.published_at, article.seen_at, article.seen_at)
    )
