"""`summarize`: the summary the bot would send with each article."""

from __future__ import annotations

from pathlib import Path

from bot import summaries
from bot.commands.jsonl import progress, read_records, write_records


def summarize(path: Path | None) -> None:
    """Write `{id, summary}` for each article."""
    records = read_records(path)
    articles = [(record, record.article(number)) for number, record in enumerate(records, start=1)]
    write_records(
        {"id": record.id, "summary": summaries.write(article, record.source)}
        for record, article in progress(articles, "summarize")
    )
