"""`group`: which articles tell of one event. A story is called after its first article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.commands.jsonl import EPOCH, Record, progress, read_records, write_records
from bot.language import analyse
from bot.model import Article
from bot.stories import StoryIndex


def group(path: Path | None) -> None:
    """Write `{id, story}` for each article, in the order of the input, which is the order of time."""
    records = read_records(path)
    write_records({"id": record.id, "story": records[article.story_id - 1].id} for record, article in grouped(records))


def grouped(records: list[Record], *, as_named: bool = False) -> Iterator[tuple[Record, Article]]:
    """Each article with its `story_id`: the number, from 1, of the line that opened the story.

    A later article may bring two stories together, so that none is told before all are read. `as_named`: lines that
    name their story are taken at their word, and only the others looked into.
    """
    index = StoryIndex()
    named: dict[str | int, int] = {}
    into: dict[int, int] = {}
    placed = []
    for record, article in progress(_in_time(records), "group"):
        if as_named and record.story is not None:
            placed.append((record, replace(article, story_id=named.setdefault(record.story, article.id))))
            continue
        document = analyse(article, record.source or None)
        weighed = index.weigh(article, document)
        story, *others = index.find_all(weighed) or (article.id,)
        for other in others:
            index.merge(other, story)
            into[other] = story
        placed.append((record, replace(article, story_id=story)))
        index.add(article.id, story, weighed)
    for record, article in placed:
        story = article.story_id
        while story in into:
            story = into[story]
        yield record, replace(article, story_id=story)


def _in_time(records: Sequence[Record]) -> list[tuple[Record, Article]]:
    """Each as an article; one without a time is as old as the one before it, since they come in order of time."""
    articles = [(record, record.article(number)) for number, record in enumerate(records, start=1)]
    at = next((article.published_at for _, article in articles if article.published_at != EPOCH), EPOCH)
    dated = []
    for record, article in articles:
        at = article.published_at if article.published_at != EPOCH else at
        dated.append((record, replace(article, published_at=at)))
    return dated
