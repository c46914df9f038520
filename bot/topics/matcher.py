"""All queries of all subscribers at once: an index on each query's rarest word finds the few worth checking."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from itertools import chain, islice
from typing import Final

from bot.language import Document
from bot.model import Evidence, Reason
from bot.topics.keys import Key, Keys, rarest
from bot.topics.passages import Text
from bot.topics.query import All, Any, Field, Node, Not, Query, Term, Within

_SHOWN: Final = 6
"""Words shown in a reason."""
_COUNTED: Final = 20_000
"""Lemmas whose articles are counted; 3 MB."""
_FIRST_CHECK: Final = 4
"""Articles with a word before queries that wait for it in vain look for a rarer one."""


class Matcher:
    """Holds queries by topic id; topics come and go while it's in use.

    Which word of a query is the rarest is expected at first and learnt from the articles, never from other queries:
    what is held for a query is the same whatever else is, was or comes.
    """

    def __init__(self) -> None:
        self._queries: dict[int, Query] = {}
        self._index: dict[Key, tuple[int, ...]] = {}
        self._moved: dict[int, Keys] = {}
        """What queries wait for that articles have taught better than was expected."""
        self._seen: dict[str, int] = {}

    def __contains__(self, topic_id: object) -> bool:
        return topic_id in self._queries

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, topic_id: int, query: Query) -> None:
        """From now on match `query` for the topic, instead of what it asked for before."""
        self.remove(topic_id)
        self._queries[topic_id] = query
        self._enter(topic_id, self._keys(topic_id))

    def remove(self, topic_id: int) -> None:
        """Forget the topic; nothing happens if it isn't there."""
        if topic_id in self._queries:
            self._leave(topic_id, self._keys(topic_id))
            self._moved.pop(topic_id, None)
            del self._queries[topic_id]

    def label(self, document: Document) -> tuple[Evidence, ...]:
        """The topics whose queries the article matches, by id, with the words that matched as they stand in it."""
        text = Text(document)
        self._count(text.lemmas)
        keys: set[Key] = self._index.keys() & text.lemmas | self._index.keys() & text.pairs
        found = []
        for topic_id in sorted(self._waiting(keys)):
            words = _matched(self._queries[topic_id].root, text)
            if words is not None:
                found.append(_evidence(topic_id, words))
        # Seldom, and the seldomer the more is known: whenever twice as many articles as the last time held a word.
        doubled = self._waiting(key for key in keys if isinstance(key, str) and self._has_doubled(key))
        self._move(doubled.difference(one.topic_id for one in found))
        return tuple(found)

    def _waiting(self, keys: Iterable[Key]) -> set[int]:
        return set(chain.from_iterable(map(self._index.__getitem__, keys)))

    def _has_doubled(self, lemma: str) -> bool:
        seen = self._seen.get(lemma, 0)
        return seen >= _FIRST_CHECK and seen & (seen - 1) == 0

    def _keys(self, topic_id: int) -> Keys:
        """What the topic's query waits for."""
        return self._moved.get(topic_id) or rarest(self._queries[topic_id].root, {})

    def _enter(self, topic_id: int, keys: Keys) -> None:
        for key in keys:
            waiting = list(self._index.get(key, ()))
            insort(waiting, topic_id)
            self._index[key] = tuple(waiting)

    def _leave(self, topic_id: int, keys: Keys) -> None:
        for key in keys:
            waiting = tuple(other for other in self._index[key] if other != topic_id)
            if waiting:
                self._index[key] = waiting
            else:
                del self._index[key]

    def _move(self, topic_ids: Iterable[int]) -> None:
        """Let topics that waited in vain wait for another of their words, if articles have shown it to be rarer."""
        for topic_id in topic_ids:
            before, keys = self._keys(topic_id), rarest(self._queries[topic_id].root, self._seen)
            if keys != before:
                self._leave(topic_id, before)
                self._enter(topic_id, keys)
                self._moved[topic_id] = keys

    def _count(self, lemmas: Iterable[str]) -> None:
        """Remember which words articles hold; the longest ago weigh least, and the rare are forgotten first."""
        for lemma in lemmas:
            self._seen[lemma] = self._seen.get(lemma, 0) + 1
        if len(self._seen) > _COUNTED:
            self._seen = {lemma: count // 2 for lemma, count in self._seen.items() if count > 1}


def _evidence(topic_id: int, found: list[str]) -> Evidence:
    words = found[0] if len(found) == 1 else ", ".join(islice(dict.fromkeys(found), _SHOWN))
    return Evidence(topic_id, 1.0, (Reason("topic_words", {"words": words}),))


def _matched(root: Node, text: Text) -> list[str] | None:
    """The words that make a query true of the text, as they stand there; None if it isn't."""
    if isinstance(root, Term):  # half of all queries: spared the way through `holds`, all together cost a fifth less
        article, end = text.passages[None]
        found = article.find(root, end)
        return None if found is None else [found]
    words: list[str] = []
    return words if holds(root, text, None, words) else None


def holds(node: Node, text: Text, field: Field | None, words: list[str]) -> bool:
    """Whether the node is true of the text; then `words` gets those that make it so, as they stand there."""
    match node:
        case Term():
            passage, end = text.passages[field]
            found = passage.find(node, end)
            if found is not None:
                words.append(found)
            return found is not None
        case Within(inner, part):
            return holds(part, text, inner, words)
        case Not(part):
            return not holds(part, text, field, [])
        case All(parts):
            for part in parts:  # noqa: SIM110 - a generator takes twice the time
                if not holds(part, text, field, words):
                    return False
            return True
        case Any(parts):
            return _any_holds(parts, text, field, words)


def _any_holds(parts: tuple[Node, ...], text: Text, field: Field | None, words: list[str]) -> bool:
    """As `holds`, each part that's true adding its words."""
    matches = False
    for part in parts:
        known = len(words)
        if holds(part, text, field, words):
            matches = True
        else:
            del words[known:]
    return matches
