"""`classify`: which topics each article belongs to, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bot import topics
from bot.commands.jsonl import Record, progress, read_records, write_records
from bot.config import use_topics_of_environment
from bot.errors import InputError, QueryError
from bot.language import Document, analyse
from bot.model import MAIN, Evidence
from bot.words import words

QUERY_TOPIC = "query"

Label = Callable[[Document], tuple[Evidence, ...]]


def classify(path: Path | None, query: str | None, language: str) -> None:
    """Write `{id, topics: [{topic, score, because}]}` for each article; «Главное», the topic of all, is left out."""
    use_topics_of_environment()
    names, label = _by_query(query, language) if query is not None else _by_profiles()
    write_records(_classified(read_records(path), names, label, language))


def _by_profiles() -> tuple[dict[int, str], Label]:
    ids = {slug: number for number, slug in enumerate(topics.slugs(), start=1)}
    names = {number: slug for slug, number in ids.items() if slug != MAIN}
    return names, lambda document: topics.label(document, ids)


def _by_query(query: str, language: str) -> tuple[dict[int, str], Label]:
    matcher = topics.Matcher()
    try:
        matcher.add(1, topics.parse(query))
    except QueryError as error:
        raise InputError(f"--query: {words(language).query_error(error)}") from None
    return {1: QUERY_TOPIC}, matcher.label


def _classified(
    records: list[Record], names: dict[int, str], label: Label, language: str
) -> Iterator[dict[str, object]]:
    say = words(language).reason
    articles = [(record, record.article(number)) for number, record in enumerate(records, start=1)]
    for record, article in progress(articles, "classify"):
        found = [item for item in label(analyse(article, record.source or None)) if item.topic_id in names]
        yield {
            "id": record.id,
            "topics": [
                {
                    "topic": names[item.topic_id],
                    "score": round(item.score, 3),
                    "because": [say(reason) for reason in item.because],
                }
                for item in found
            ],
        }
