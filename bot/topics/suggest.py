"""Better queries than the one asked: spelt as the archive spells it, or narrower where it finds too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.errors import QueryError
from bot.language import Document, Token, asked, fold, is_noun
from bot.topics.common import FREQUENT_SHARE, expected_share
from bot.topics.matcher import Matcher
from bot.topics.parser import parse
from bot.topics.query import All, Any, Node, Not, Query, Term, Within, all_of, any_of, terms
from bot.topics.spelling import in_other_layout, misspelling

_SHOWN: Final = 3
"""Suggestions; more are a list to study."""
_NEARLY: Final = 0.5
"""How much dearer than the cheapest a spelling may be: one slip."""
_OPENING: Final = 50
"""Words of a body that stand for a lead where there's none."""
_NARROWEST: Final = 0.03
"""Of the articles found: what a narrowing must keep to be near what was asked."""
_WIDEST: Final = 0.5
"""Of the articles found: what it may keep at most to be of use."""


def suggest(query: Query, vocabulary: Mapping[str, int]) -> tuple[Query, ...]:
    """The query with its unknown words as the archive spells them, likeliest first; () if there's nothing to mend.

    `vocabulary`: folded words or lemmas of the archive, with the number of articles that hold them.
    """
    wanted = dict.fromkeys(word for term in _wanted(query.root) for word in term.words)
    mended = {word: found for word in wanted if (found := _known_variants(word, vocabulary))}
    if not mended:
        return ()
    best = {word: variants[0] for word, variants in mended.items()}
    choices = [best] + [{**best, word: variant} for word, variants in mended.items() for variant in variants[1:]]
    return _readable(_with_words(query.root, choice) for choice in choices)


def narrow(query: Query, documents: Sequence[Document], most: float = 1.0) -> tuple[Query, ...]:
    """The query with one more word, which titles and leads of the articles it finds hold more often than others'.

    Those that keep most and are held by few others come first; () if no word divides what is found. None matches a
    larger share than `most` of the documents.
    """
    matcher = Matcher()
    matcher.add(0, query)
    found = [document for document in documents if matcher.label(document)]
    counts = Counter(lemma for document in found for lemma in _subjects(document))
    everywhere = Counter(lemma for document in documents for lemma in _subjects(document))
    asked_for = {lemma for term in terms(query.root) for word in term.words for lemma in asked(word)}
    useful = [
        lemma
        for lemma, count in counts.items()
        if lemma not in asked_for
        and is_noun(lemma)
        and max(2, _NARROWEST * len(found)) <= count <= _WIDEST * len(found)
        and count * len(documents) >= everywhere[lemma] * len(found)
    ]
    useful.sort(key=lambda lemma: (-(counts[lemma] ** 2) / everywhere[lemma], lemma))
    narrower = (all_of([query.root, Term((_as_written(lemma, found),))]) for lemma in useful)
    return _readable(root for root in narrower if _matched(Query(root), found) <= most * len(documents))


def _matched(query: Query, documents: Sequence[Document]) -> int:
    matcher = Matcher()
    matcher.add(0, query)
    return sum(bool(matcher.label(document)) for document in documents)


def _wanted(node: Node) -> Iterator[Term]:
    """Terms that an article is looked for by, in title, lead or body: no exclusions, nothing exact, no names."""
    match node:
        case Term(_, exact):
            if not exact:
                yield node
        case All(parts) | Any(parts):
            for part in parts:
                yield from _wanted(part)
        case Within(field, part):
            if field == "title":
                yield from _wanted(part)
        case Not():
            return


def _known_variants(word: str, vocabulary: Mapping[str, int]) -> list[str]:
    """The likeliest spellings that the archive knows, best first; none if it knows the word as it is."""
    if any(lemma in vocabulary for lemma in asked(word)):
        return []
    other = in_other_layout(word)
    if any(lemma in vocabulary for lemma in asked(other)):
        return [other]
    measured = sorted(
        (cost, -count, known) for known, count in vocabulary.items() if (cost := misspelling(word, known)) is not None
    )
    return [known for cost, _, known in measured[:_SHOWN] if cost <= measured[0][0] + _NEARLY]


def _with_words(node: Node, words: Mapping[str, str]) -> Node:
    match node:
        case Term(written, exact):
            return node if exact else replace(node, words=tuple(words.get(word, word) for word in written))
        case All(parts):
            return all_of([_with_words(part, words) for part in parts])
        case Any(parts):
            return any_of([_with_words(part, words) for part in parts])
        case Within(field, part):
            return Within(field, _with_words(part, words)) if field == "title" else node
        case Not():
            return node


def _readable(roots: Iterator[Node]) -> tuple[Query, ...]:
    """The first few of them that anyone could have written: within the limits, and not the same twice."""
    found: dict[Query, None] = {}
    for root in roots:
        try:
            found[parse(str(root))] = None
        except QueryError:  # grown over a limit
            continue
        if len(found) == _SHOWN:
            break
    return tuple(found)


def _subjects(document: Document) -> set[str]:
    """Lemmas of title and lead that say what an article is about."""
    return {token.lemma for token in _opening(document) if _tells(token)}


def _opening(document: Document) -> tuple[Token, ...]:
    return document.title + (document.lead or document.body[:_OPENING])


def _tells(token: Token) -> bool:
    return (
        token.text[0].isalpha()
        and (len(token.text) > 3 or token.text.isupper())
        and expected_share(token.lemma) < FREQUENT_SHARE
    )


def _as_written(lemma: str, documents: Sequence[Document]) -> str:
    """The lemma, if it's ever written so, else the form it's written in most often: lemmas of names are guesses."""
    written = Counter(
        fold(token.text) for document in documents for token in _opening(document) if token.lemma == lemma
    )
    return lemma if lemma in written or not written else written.most_common(1)[0][0]
