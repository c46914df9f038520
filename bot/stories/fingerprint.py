"""What is kept of an article to compare it with others: about 3 KB with its places in the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final

from bot.language import Document, Token, sentences, words
from bot.model import Article
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


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An article as the roots of its words with their counts, and its headline's roots, names and template."""

    story_id: int
    at: datetime
    url: str
    title_key: str
    """The normalised headline."""
    words: tuple[str, ...]
    counts: bytes
    """How often each of `words` occurs, at most 255."""
    title: tuple[str, ...]
    names: tuple[frozenset[str], ...]
    """Of each name in the headline, all its readings."""
    numbers: tuple[str, ...]
    """In the headline."""
    template: Template
    thin: bool
    """Of a few words only."""


def fingerprint(article: Article, document: Document) -> Fingerprint:
    """The article's; `document` is the same article as words. A post without a headline is called by how it begins."""
    document = document if document.title else _headed(article, document)
    counts = Counter(root(token.lemma) for token in islice(_tokens(document), LENGTH))
    title = tuple(dict.fromkeys(root(token.lemma) for token in document.title))
    names = tuple(_names(document))
    return Fingerprint(
        story_id=article.story_id,
        at=article.published_at,
        url=article.url,
        title_key=normalised(article.title),
        words=tuple(counts),
        counts=bytes(min(count, 255) for count in counts.values()),
        title=title,
        names=tuple(frozenset(map(root, token.lemmas)) for token in names),
        numbers=tuple(word for word in title if word[:1].isdigit()),
        template=template(document.title, frozenset(token.lemma for token in names)),
        thin=len(counts) < THIN,
    )


def _headed(article: Article, document: Document) -> Document:
    """The document with its first sentence (or more, if that is very short) as its headline."""
    said = 0
    for sentence in sentences((article.lead or article.text)[:OPENING]):
        said += len(words(sentence))
        if said >= OPENING_WORDS.start:
            break
    length = min(said, OPENING_WORDS.stop - 1)
    if document.lead:
        return replace(document, title=document.lead[:length], lead=document.lead[length:])
    return replace(document, title=document.body[:length], body=document.body[length:])


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
