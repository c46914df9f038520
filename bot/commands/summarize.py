"""`summarize`: the summary the bot would send with each article, with the legal marks in their places."""

from __future__ import annotations

from pathlib import Path

from bot import parsing, summaries
from bot.commands.jsonl import progress, read_records, write_records
from bot.model import Article
from bot.telegram.marks import annotate


def summarize(path: Path | None) -> None:
    """Write `{id, summary}` for each article."""
    records = read_records(path)
    articles = [(record, record.article(number)) for number, record in enumerate(records, start=1)]
    write_records(
        {"id": record.id, "summary": _shown(article, record.source)}
        for record, article in progress(articles, "summarize")
    )


def _shown(article: Article, source: str) -> str:
    """The summary with its marks; shorter than the one a message has, where both together pass the 400 characters.

    A message has its marks in the headline as well, and beside the 400; who reads a single field counts them in.
    """
    marks = parsing.find_marks(article.title, article.lead, article.text, author=article.author or "", outlet=source)
    summary = summaries.write(article, source)
    (shown,) = annotate((summary,), marks)
    if len(shown) <= summaries.LIMIT or shown == summary:
        return shown
    (shorter,) = annotate((summaries.write(article, source, summaries.LIMIT - len(shown) + len(summary)),), marks)
    return shorter if shorter and len(shorter) <= summaries.LIMIT else shown
