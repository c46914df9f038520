"""Which articles are worth matching with a query: many at once, at a thirtieth of what matching costs.

An article that isn't analysed is a text, and only those of its words are looked up that begin as a word of the query
may begin. What passes holds the query's words somewhere; whether side by side, in the field and not excluded, is the
matcher's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language import beginning_with, beginnings
from bot.model import Article
from bot.topics.common import expected_share
from bot.topics.keys import Key, rarest
from bot.topics.parts import may_be, sequence
from bot.topics.query import All, Any, Node, Not, Query, Term, Within


class Sieve:
    """For one query and one pass: it remembers every word it has looked up."""

    def __init__(self, query: Query) -> None:
        self._root = query.root
        self._wanted = frozenset(_lemmas(query.root))
        self._rarest = frozenset(_rarer(key) for key in rarest(query.root, {}))
        self._words, self._first = _finder(self._wanted), _finder(self._rarest)
        self._known: dict[str, frozenset[str]] = {}

    def lets_through(self, article: Article, source_name: str | None = None) -> bool:
        """False only where the query can't match the article."""
        names = (article.section, article.author, source_name)
        text = "\n".join((article.title, article.lead, article.text, *filter(None, names)))
        # Most articles hold none of the words that the query waits for, and need no second look.
        if self._rarest.isdisjoint(self._held(self._first, text)):
            return False
        return _may_hold(self._root, self._held(self._words, text))

    def _held(self, finder: re.Pattern[str], text: str) -> set[str]:
        held: set[str] = set()
        for word in finder.findall(text):
            known = self._known.get(word)
            held |= self._look_up(word) if known is None else known
        return held

    def _look_up(self, word: str) -> frozenset[str]:
        found = self._known[word] = may_be(word) & self._wanted
        return found


def _finder(lemmas: Iterable[str]) -> re.Pattern[str]:
    return beginning_with({start for lemma in lemmas for start in beginnings(lemma)})


def _rarer(key: Key) -> str:
    """Of two lemmas side by side the rarer."""
    return key if isinstance(key, str) else min(key, key=expected_share)


def _lemmas(node: Node) -> set[str]:
    """What its words may be forms of, but for those it excludes."""
    match node:
        case Term():
            return {lemma for place in sequence(node) for lemma in place}
        case All(parts) | Any(parts):
            return set().union(*map(_lemmas, parts))
        case Within(_, part):
            return _lemmas(part)
        case Not():
            return set()


def _may_hold(node: Node, held: set[str]) -> bool:
    match node:
        case Term():
            return all(not held.isdisjoint(place) for place in sequence(node))
        case All(parts):
            return all(_may_hold(part, held) for part in parts)
        case Any(parts):
            return any(_may_hold(part, held) for part in parts)
        case Within(_, part):
            return _may_hold(part, held)
        case Not():
            return True
