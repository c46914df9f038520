"""What is kept of an article to compare it with others: about 3 KB with its places in the index."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final

from bot.language import Document, Token, sentences, words
from bot.model import Article
from bot.stories.rarity import is_common
from bot.stories.roots import root
from bot.stories.titles import Template, normalised, template

LENGTH: Final = 200
"""Words read of an article: the news stands at its beginning, what every article of the site ends with behind it.
150 to 250 do as well, 100 worse (bench/story_choices.py)."""

THIN: Final = 15
"""Distinct words; an article of fewer (a headline alone, a caption) says too little to be judged by likeness."""

OPENING: Final = 1000
"""Characters of an article without a headline in which its first sentence is looked for."""
OPENING_WORDS: Final = range(5, 26)
"""How many words stand in for a headline: «Срочно!» alone says nothing, and some sentences never end."""
HEADLINE: Final = range(3, 17)
"""How many words make a headline: one of fewer is a rubric, one of more a sentence. All 162 of the development set have
3 to 16."""

_COLON: Final = re.compile(r"(?:[:.|]|\s[–—-])\s")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An article as the roots of its words with their counts, and its headline's roots, names and template."""

    at: datetime
    url: str
    title_key: str
    """The normalised headline."""
    words: tuple[str, ...]
    counts: bytes
    """How often each of `words` occurs, at most 255."""
    title: tuple[str, ...]
    rubric: int
    """How many of `title` stand before a colon or the like; they may be what each of a series begins with."""
    names: tuple[frozenset[str], ...]
    """Of each name in the headline, all its readings."""
    numbers: tuple[str, ...]
    """In the headline."""
    headed: bool
    """The headline is one, and not what the text begins with, which names more than it tells of."""
    template: Template
    thin: bool
    """Of a few words only."""


def fingerprint(article: Article, document: Document) -> Fingerprint:
    """The article's; `document` is the same article as words. A post without a headline is called by how it begins."""
    given = _template(document)
    headed = _is_headline(document.title)
    if not headed and len(document.title) < HEADLINE.stop:
        document = _begun(article, document)
    counts = Counter(root(token.lemma) for token in islice(_tokens(document), LENGTH))
    title = tuple(dict.fromkeys(root(token.lemma) for token in document.title))
    return Fingerprint(
        at=article.published_at,
        url=article.url,
        title_key=normalised(article.title),
        words=tuple(counts),
        counts=bytes(min(count, 255) for count in counts.values()),
        title=title,
        rubric=_rubric(article.title, title),
        names=tuple(frozenset(map(root, token.lemmas)) for token in _names(document)),
        numbers=tuple(word for word in title if word[:1].isdigit()),
        headed=headed,
        template=given if given.numbers or given.names else _template(document),
        thin=len(counts) < THIN,
    )


def _is_headline(title: Sequence[Token]) -> bool:
    """Neither a rubric («Срочно», «Курс валют», «Главное за день») nor a sentence."""
    return len(title) in HEADLINE and not all(is_common(root(token.lemma)) for token in title)


def _rubric(written: str, title: Sequence[str]) -> int:
    colon = _COLON.search(written)
    length = len(words(written[: colon.start()])) if colon else 0
    return length if length < len(title) else 0


def _template(document: Document) -> Template:
    return template(document.title, frozenset(token.lemma for token in _names(document)))


def _begun(article: Article, document: Document) -> Document:
    """The document with its first sentence (or more, if that is very short) behind what it has of a headline."""
    said = 0
    for sentence in sentences((article.lead or article.text)[:OPENING]):
        said += len(words(sentence))
        if said >= OPENING_WORDS.start:
            break
    length = min(said, OPENING_WORDS.stop - 1)
    if document.lead:
        return replace(document, title=document.title + document.lead[:length], lead=document.lead[length:])
    return replace(document, title=document.title + document.body[:length], body=document.body[length:])


def _tokens(document: Document) -> chain[Token]:
    return chain(document.title, document.lead, document.body)


def _names(document: Document) -> list[Token]:
    """The headline's capitalised words. Its first word is one only if the text itself capitalises it throughout."""
    title = document.title
    if all(token.text.isupper() or token.text[:1].isdigit() for token in title):
        return []  # all capitals, as in the headlines of 2007
    names = [token for token in title[1:] if token.text[:1].isupper()]
    return [title[0], *names] if _is_name(title[0], document) else names


def _is_name(token: Token, document: Document) -> bool:
    if not token.text[:1].isupper():
        return False
    said = [other for other in islice(chain(document.lead, document.body), LENGTH) if other.lemma == token.lemma]
    return bool(said) and all(other.text[:1].isupper() for other in said) and not _opens_only(token, said)


def _opens_only(token: Token, said: Sequence[Token]) -> bool:
    """The word is met just once, where the text begins: its capital tells nothing."""
    return len(said) == 1 and said[0].start == 0 and token.text == said[0].text
