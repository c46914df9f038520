"""All queries of all subscribers at once: an index on each query's rarest word finds the few worth checking."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from itertools import chain, islice, pairwise
from sys import intern
from typing import Final

from bot.language import Document
from bot.model import Evidence, Reason
from bot.topics.common import expected_share
from bot.topics.passages import Text, pairs_of, sequence
from bot.topics.query import All, Any, Field, Node, Not, Query, Term, Within

_SHOWN: Final = 6
"""Words shown in a reason."""
_PRIOR: Final = 100
"""Articles that what is expected of a word weighs as much as."""
_COUNTED: Final = 20_000
"""Lemmas whose articles are counted; 3 MB."""
_FIRST_CHECK: Final = 4
"""Articles with a word before queries that wait for it in vain look for a rarer one."""

_READINGS: Final = 9
"""Ways to read two words that an index entry each is made for."""
_SIDE_BY_SIDE: Final = 0.1
"""How often two words are expected to stand side by side where the rarer of them stands."""

Keys = tuple[str, ...]
"""Lemmas, or two side by side, one of which every text that matches a query must hold."""


class Matcher:
    """Holds queries by topic id; topics come and go while it's in use.

    Which word of a query is the rarest is expected at first and learnt from the articles, never from other queries:
    what is held for a query is the same whatever else is, was or comes.
    """

    def __init__(self) -> None:
        self._queries: dict[int, Query] = {}
        self._keys: dict[int, Keys] = {}
        self._index: dict[str, tuple[int, ...]] = {}
        self._seen: dict[str, int] = {}

    def __contains__(self, topic_id: object) -> bool:
        return topic_id in self._queries

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, topic_id: int, query: Query) -> None:
        """From now on match `query` for the topic, instead of what it asked for before."""
        self.remove(topic_id)
        self._queries[topic_id] = query
        self._enter(topic_id, self._rarest(query.root) or ())

    def remove(self, topic_id: int) -> None:
        """Forget the topic; nothing happens if it isn't there."""
        if self._queries.pop(topic_id, None) is not None:
            self._leave(topic_id)

    def label(self, document: Document) -> tuple[Evidence, ...]:
        """The topics whose queries the article matches, by id, with the words that matched as they stand in it."""
        text = Text(document)
        self._count(text.lemmas)
        found, in_vain = [], []
        for topic_id in sorted(self._waiting(text)):
            words: list[str] = []
            if _match(self._queries[topic_id].root, text, None, words):
                found.append(_evidence(topic_id, words))
            else:
                in_vain.append(topic_id)
        self._move(in_vain)
        return tuple(found)

    def _waiting(self, text: Text) -> set[int]:
        """Topics that wait for some word of the text."""
        keys = filter(self._index.__contains__, chain(text.lemmas, text.pairs))
        return set(chain.from_iterable(map(self._index.__getitem__, keys)))

    def _enter(self, topic_id: int, keys: Keys) -> None:
        self._keys[topic_id] = keys = tuple(map(intern, keys))
        for key in keys:
            waiting = list(self._index.get(key, ()))
            insort(waiting, topic_id)
            self._index[key] = tuple(waiting)

    def _leave(self, topic_id: int) -> None:
        for key in self._keys.pop(topic_id):
            waiting = tuple(other for other in self._index[key] if other != topic_id)
            if waiting:
                self._index[key] = waiting
            else:
                del self._index[key]

    def _move(self, topic_ids: Iterable[int]) -> None:
        """Enter topics anew where articles have shown another of their words to be the rarest.

        Looked into whenever twice as many articles as the last time have held a word: seldom, the more is known.
        """
        for topic_id in topic_ids:
            if not any(_is_power_of_two(self._seen.get(key, 0)) for key in self._keys[topic_id]):
                continue
            keys = self._rarest(self._queries[topic_id].root) or ()
            if keys != self._keys[topic_id]:
                self._leave(topic_id)
                self._enter(topic_id, keys)

    def _count(self, lemmas: Iterable[str]) -> None:
        """Remember which words articles hold; the longest ago weigh least, and the rare are forgotten first."""
        for lemma in lemmas:
            self._seen[lemma] = self._seen.get(lemma, 0) + 1
        if len(self._seen) > _COUNTED:
            self._seen = {lemma: count // 2 for lemma, count in self._seen.items() if count > 1}

    def _rarest(self, node: Node) -> Keys | None:
        """The rarest choice of lemmas one of which a matching text must hold; None if there are none."""
        match node:
            case Term():
                places = sequence(node)
                pairs = [pairs_of(*two) for two in pairwise(places) if len(two[0]) * len(two[1]) <= _READINGS]
                return min((*places, *pairs), key=self._commonness)
            case All(parts):
                found = [keys for part in parts if (keys := self._rarest(part)) is not None]
                return min(found, key=self._commonness, default=None)
            case Any(parts):
                alternatives = [self._rarest(part) for part in parts]
                return tuple(sorted({key for keys in alternatives for key in keys or ()}))
            case Within(_, part):
                return self._rarest(part)
            case Not():
                return None

    def _commonness(self, keys: Keys) -> tuple[float, int, Keys]:
        """How many articles are expected to hold one of the lemmas; among equals, long words are the rarer ones."""
        return sum(map(self._articles, keys)), -max(map(len, keys)), keys

    def _articles(self, key: str) -> float:
        one, _, other = key.partition(" ")
        if other:
            return _SIDE_BY_SIDE * min(self._articles(one), self._articles(other))
        return expected_share(key) * _PRIOR + self._seen.get(key, 0)


def _is_power_of_two(number: int) -> bool:
    return number >= _FIRST_CHECK and number & (number - 1) == 0


def _evidence(topic_id: int, found: list[str]) -> Evidence:
    words = found[0] if len(found) == 1 else ", ".join(islice(dict.fromkeys(found), _SHOWN))
    return Evidence(topic_id, 1.0, (Reason("topic_words", {"words": words}),))


def _match(node: Node, text: Text, field: Field | None, words: list[str]) -> bool:
    """Whether the node is true of the text; then `words` gets those that make it so, as they stand there."""
    match node:
        case Term():
            found = text.find(node, field)
            if found is not None:
                words.append(found)
            return found is not None
        case Within(inner, part):
            return _match(part, text, inner, words)
        case Not(part):
            return not _match(part, text, field, [])
        case All(parts):
            for part in parts:  # noqa: SIM110 - a generator takes twice the time
                if not _match(part, text, field, words):
                    return False
            return True
        case Any(parts):
            return _match_any(parts, text, field, words)


def _match_any(parts: tuple[Node, ...], text: Text, field: Field | None, words: list[str]) -> bool:
    """As `_match`, each part that's true adding its words."""
    matches = False
    for part in parts:
        known = len(words)
        if _match(part, text, field, words):
            matches = True
        else:
            del words[known:]
    return matches
