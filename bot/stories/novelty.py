"""What an article adds to its story: numbers and names that none of the earlier articles held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from bot.language import Document, Token, fold, words
from bot.model import Article
from bot.stories.roots import root
from bot.stories.titles import CALENDAR

OPENING: Final = 60
"""Words of the lead, or of the body without one, in which news is told; further down a text recalls what was."""
SHOWN: Final = 4
"""Words named."""
NAMES: Final = 2
"""New names below the headline that make a new fact; one may be whoever was asked this time. In the headline one does.
"""

_COUNT: Final = re.compile(r"(?!(?:19|20)\d\d$)\d[\d.,]*")
"""A number that is no year, and no part of a word («59-летний»)."""
_NO_NEWS: Final = frozenset({
    "тасс", "итар-тасс", "риа", "новость", "новости", "интерфакс", "рбк", "регнум", "рейтер", "reuters", "ap", "afp",
    "bbc", "би-би-си", "cnn", "bloomberg", "укринформ", "унн", "униан", "лента", "коммерсант", "известие", "труд",
    "ведомость", "газета", "прайм", "росбалт", "спутник", "sputnik", "telegram", "facebook", "twitter", "youtube",
    "instagram", "вконтакте", "getty", "images", "сми", "россия", "рф", "москва",
})  # fmt: skip
"""Whoever reports is no news, nor where it was said, nor the readers' own country."""


def adds(article: Article, document: Document, earlier: Iterable[str]) -> tuple[str, ...]:
    """The new numbers and names as written, the headline's first; () if they make no new fact.

    `earlier`: the texts of the story's other articles, headlines and all. `document` is the article as words.
    """
    known = frozenset(root(word) for text in earlier for word in words(fold(text)))
    ours = frozenset(word.casefold() for word in (document.source or "").split())

    def new(tokens: Iterable[Token]) -> list[str]:
        return [token.text for token in tokens if _is_new(token, known) and token.text.casefold() not in ours]

    told = (article.lead, document.lead) if document.lead else (article.text, document.body[:OPENING])
    in_title = new((*_numbers(article.title, document.title), *_names(article.title, document.title)))
    numbers, names = new(_numbers(*told)), new(_names(*told))
    if not in_title and not numbers and len({name.casefold() for name in names}) < NAMES:
        return ()
    return tuple(dict.fromkeys((*in_title, *numbers, *names)))[:SHOWN]


def _is_new(token: Token, known: frozenset[str]) -> bool:
    """By the roots of its readings and of what is written: words of earlier texts are not looked up for this."""
    return known.isdisjoint(map(root, (fold(token.text), *token.lemmas))) and token.lemmas.isdisjoint(_NO_NEWS)


def _numbers(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Numbers that count something: no dates, years and times of day."""
    for token, following in pairwise((*tokens, None)):
        if token is None or not _COUNT.fullmatch(token.text):
            continue
        is_date = following is not None and following.lemma in CALENDAR
        if not is_date and ":" not in text[max(0, token.start - 1) : token.end + 1]:
            yield token


def _names(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Capitalised words that neither begin a sentence nor stand in a text of capitals alone."""
    if all(token.text.isupper() for token in tokens):
        return
    for before, token in pairwise(tokens):
        if token.text[0].isupper() and text[before.end : token.start] in {" ", "\u00a0", " «", ' "', ", ", " ("}:
            yield token
