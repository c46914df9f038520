"""An article as words, made once and read by every stage that compares, labels or matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.language.detect import detect
from bot.language.notices import without_notices
from bot.language.tokens import Token, tokens
from bot.model import Article

_READ: Final = 60_000
"""Characters of a text: what the longest articles have."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article's words by where they stand; section, author and source as their names are written."""

    title: tuple[Token, ...]
    lead: tuple[Token, ...]
    body: tuple[Token, ...]
    section: str | None
    author: str | None
    source: str | None


def analyse(article: Article, source_name: str | None = None) -> Document:
    """The article as words, in the language it's written in, whatever its source usually writes in.

    Words of legal marks («запрещена в РФ») are left out: they tell nothing of the event.
    """
    language = detect(f"{article.title} {article.lead} {article.text}", article.language)

    def words(text: str) -> tuple[Token, ...]:
        return tokens(without_notices(text[:_READ]), language)

    return Document(
        title=words(article.title),
        lead=words(article.lead),
        body=words(article.text),
        section=article.section,
        author=article.author,
        source=source_name,
    )
