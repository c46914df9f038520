"""`rank`: the stories of a set of articles, most important first, with score, level and reasons."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from bot import importance
from bot.commands.group import grouped
from bot.commands.jsonl import Record, read_records, write_records
from bot.model import Article, Coverage
from bot.words import words


def rank(path: Path | None, language: str) -> None:
    """Write one line a story, `{story, ids, score, level, because}`; "now" is the newest article's time."""
    records = read_records(path)
    stories: dict[int, list[tuple[Record, Article]]] = defaultdict(list)
    for record, article in grouped(records):
        stories[article.story_id].append((record, article))
    now = max((article.published_at for members in stories.values() for _, article in members), default=None)
    if now is None:
        return
    scored = [
        (importance.score([coverage_of(*member) for member in members], now), members) for members in stories.values()
    ]
    say = words(language).reason
    write_records(
        {
            "story": members[0][0].id,
            "ids": [record.id for record, _ in members],
            "score": round(judged.score, 1),
            "level": judged.level.name.lower(),
            "because": [say(reason) for reason in judged.because],
        }
        for judged, members in sorted(scored, key=lambda entry: -entry[0].score)
    )


def coverage_of(record: Record, article: Article) -> Coverage:
    """What a line of input says that bears on importance; without an owner each source is its own."""
    return Coverage(
        title=article.title,
        owner=record.text("owner", "") or record.source,
        country=record.text("country", ""),
        published_at=article.published_at,
        views=article.views,
        seen_at=article.seen_at,
        position=record.number("position"),
    )
