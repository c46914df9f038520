"""An article's page, read again: whether it is still that article's, and what it says otherwise now."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.model import Article, Item, Page, Source
from bot.parsing.compose import compose, is_another_headline

_FEW: Final = 10
"""Different words below which a text can't be told from another."""
_SAME: Final = 0.5
"""Share of the shorter text's words that two versions of an article have in common at least. 99 of 100 pairs of one
source's articles share less than .16, an article and a page of six others less than .38 (docs/decisions/0013)."""
_WORD: Final = re.compile(r"\w{4,}")
"""Shorter ones stand in every text."""


def is_page_of(article: Article, page: Page) -> bool:
    """Whether a page is still that article's: by its headline, or by the words of what was read there before.

    Where an article was, a site may show its front page, or say with status 200 that there is nothing.
    """
    if not is_another_headline(article.page_title or article.title, page.title):
        return True
    before, now = _words(f"{article.lead} {article.text}"), _words(f"{page.lead} {page.text}")
    fewest = min(len(before), len(now))
    return fewest >= _FEW and len(before & now) >= _SAME * fewest


def retold(article: Article, page: Page, source: Source) -> Article | None:
    """The article as its page tells it now, if the headline was changed there since it was read; else None.

    A page that was never read before has changed nothing: its headline may always have been another than the list's.
    """
    if not article.page_title or not is_another_headline(article.page_title, page.title):
        return None
    item = Item(key=article.key, url=article.url, title=article.listed_title or article.title, lead=article.lead)
    now = compose(item, page, source, article.seen_at)
    if not is_another_headline(article.title, now.title) or not is_page_of(article, page):
        return None
    return replace(
        article, title=now.title, lead=now.lead, text=now.text or article.text, marks=now.marks, page_title=page.title
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
