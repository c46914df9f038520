"""All queries of all subscribers at once: an index on each query's rarest word finds the few worth checking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from bot.language import Document, Token, fold, lemmas, tokens
from bot.model import Evidence, Reason
from bot.topics.query import All, Any, Field, Node, Not, Query, Term, Within

_LONGEST: Final = 5_000
"""Words of a body that are read: twenty times a usual article, and what keeps a monstrous one under 50 ms."""
_SHOWN: Final = 6
"""Words shown in a reason."""
_SHORT: Final = 3
"""Letters: a lemma no longer than this («в», «на», «что») is likely to be in every text."""


class Matcher:
    """Holds queries by topic id; topics come and go while it's in use."""

    def __init__(self) -> None:
        self._queries: dict[int, Query] = {}
        self._keys: dict[int, frozenset[str]] = {}
        self._index: dict[str, set[int]] = {}

    def __contains__(self, topic_id: object) -> bool:
        return topic_id in self._queries

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, topic_id: int, query: Query) -> None:
        """From now on match `query` for the topic, instead of what it asked for before."""
        self.remove(topic_id)
        keys = self._required(query.root) or frozenset()
        self._queries[topic_id], self._keys[topic_id] = query, keys
        for key in keys:
            self._index.setdefault(key, set()).add(topic_id)

    def remove(self, topic_id: int) -> None:
        """Forget the topic; nothing happens if it isn't there."""
        self._queries.pop(topic_id, None)
        for key in self._keys.pop(topic_id, frozenset()):
            waiting = self._index[key]
            waiting.discard(topic_id)
            if not waiting:
                del self._index[key]

    def label(self, document: Document) -> tuple[Evidence, ...]:
        """The topics whose queries the article matches, by id, with the words that matched as they stand in it."""
        text = _Text(document)
        candidates: set[int] = set()
        for key in text.lemmas & self._index.keys():
            candidates |= self._index[key]
        evidence = (_evidence(topic_id, self._queries[topic_id], text) for topic_id in sorted(candidates))
        return tuple(one for one in evidence if one)

    def _required(self, node: Node) -> frozenset[str] | None:
        """Lemmas one of which a matching text must hold, rare ones if there's a choice; None if there are none."""
        match node:
            case Term(words):
                return min((word_lemmas(word) for word in words), key=self._commonness)
            case All(parts):
                found = [keys for part in parts if (keys := self._required(part)) is not None]
                return min(found, key=self._commonness, default=None)
            case Any(parts):
                alternatives = [self._required(part) for part in parts]
                return frozenset().union(*(keys or frozenset() for keys in alternatives))
            case Within(_, part):
                return self._required(part)
            case Not():
                return None

    def _commonness(self, keys: frozenset[str]) -> tuple[bool, int]:
        """How often a text will hold one of the lemmas, as far as queries tell: what many ask for is often written."""
        return min(map(len, keys)) <= _SHORT, sum(len(self._index.get(key, ())) for key in keys)


def _evidence(topic_id: int, query: Query, text: _Text) -> Evidence | None:
    found = _match(query.root, text, None)
    if found is None:
        return None
    words = ", ".join(islice(dict.fromkeys(found), _SHOWN))
    return Evidence(topic_id, 1.0, (Reason("topic_words", {"words": words}),))


def _match(node: Node, text: _Text, field: Field | None) -> tuple[str, ...] | None:
    """The words of the text that make the node true, as they stand there; None when it's false."""
    match node:
        case Term():
            return text.find(node, field)
        case Within(inner, part):
            return _match(part, text, inner)
        case Not(part):
            return None if _match(part, text, field) is not None else ()
        case All(parts):
            found = [_match(part, text, field) for part in parts]
            return None if None in found else sum((one for one in found if one), ())
        case Any(parts):
            alternatives = [one for part in parts if (one := _match(part, text, field)) is not None]
            return sum(alternatives, ()) if alternatives else None


class _Text:
    """A document with its words indexed, field by field."""

    def __init__(self, document: Document) -> None:
        fields: Mapping[Field, str | None] = {
            Field.SECTION: document.section,
            Field.SOURCE: document.source,
            Field.AUTHOR: document.author,
        }
        title = _Passage(document.title)
        self._passages: dict[Field | None, tuple[_Passage, ...]] = {
            None: (title, _Passage(document.lead), _Passage(document.body[:_LONGEST])),
            Field.TITLE: (title,),
            **{field: (_Passage(tokens(value or "")),) for field, value in fields.items()},
        }
        every = (passage.places for passages in self._passages.values() for passage in passages)
        self.lemmas: frozenset[str] = frozenset().union(*every)

    def find(self, term: Term, field: Field | None) -> tuple[str, ...] | None:
        """The words of the term's first place in the field (or in title, lead and body), as they stand there."""
        for passage in self._passages[field]:
            place = next(passage.find(term), None)
            if place is not None:
                return (" ".join(token.text for token in passage.tokens[place : place + len(term.words)]),)
        return None


class _Passage:
    """Words in order, and where each lemma stands."""

    def __init__(self, words: Sequence[Token]) -> None:
        self.tokens = words
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(words):
            for lemma in token.lemmas:
                self.places[lemma].append(place)

    def find(self, term: Term) -> Iterator[int]:
        """Where the term begins."""
        wanted = [word_lemmas(word) for word in term.words]
        counts = [sum(len(self.places.get(lemma, ())) for lemma in word) for word in wanted]
        rarest = counts.index(min(counts))
        starts = {place - rarest for lemma in wanted[rarest] for place in self.places.get(lemma, ())}
        for start in sorted(starts):
            if 0 <= start <= len(self.tokens) - len(wanted) and self._stands(term, wanted, start):
                yield start

    def _stands(self, term: Term, wanted: Sequence[frozenset[str]], start: int) -> bool:
        here = self.tokens[start : start + len(wanted)]
        if term.exact:
            return all(_same(token.text, word) for token, word in zip(here, term.words, strict=True))
        return all(not token.lemmas.isdisjoint(word) for token, word in zip(here, wanted, strict=True))


@lru_cache(maxsize=32_768)
def word_lemmas(word: str) -> frozenset[str]:
    """What a word of a query may be a form of; a hyphenated one as a whole: «экс-премьер» isn't any «премьер»."""
    if "-" not in word:
        return lemmas(word)
    parts = frozenset().union(*(lemmas(part) for part in fold(word).split("-") if part))
    return (lemmas(word) - parts) or lemmas(word)


def _same(text: str, word: str) -> bool:
    return text.replace("ё", "е").replace("Ё", "Е") == word.replace("ё", "е").replace("Ё", "Е")
