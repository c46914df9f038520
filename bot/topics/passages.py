"""An article's words laid out for queries: where each lemma stands, field by field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from itertools import chain, product
from typing import Final

from bot.language import Document, Token, asked, fold, lemmas, tokens, unify
from bot.topics.query import Field, Term

_LONGEST: Final = 5_000
"""Words, or parts of words, that are read: twenty times a usual article, and what keeps a monstrous one under 50 ms."""
_ARTICLES: Final = frozenset({"аль", "эль", "ан", "ас", "ат", "аш", "ад", "аз", "ар", "ал"})
"""The Arabic article before a name, by the letter that follows and as it's spelled: «ан-Нусра» is «аль-Нусра»."""

Lemmas = tuple[str, ...]
Pair = tuple[str, str]
Places = list[list[int]]
"""Of each lemma that stands somewhere, all its places in order."""


class Passage:
    """Words in order. A hyphenated word is as many as it has parts, so that «ан-Нусра» is «Ан Нусра»."""

    def __init__(self, *texts: Sequence[Token]) -> None:
        """Texts in order; nothing that is found goes over the border between two of them."""
        self._tokens: list[Token] = []
        self._token_at: list[int] = []
        self._known: dict[str, list[Places]] = {}
        self.places: dict[str, list[int]] = {}
        """Of each lemma, in order."""
        self.pairs: set[Pair] = set()
        """Lemmas that stand side by side."""
        self.ends: list[int] = []
        """The place after each text."""
        for text in texts:
            before: Collection[str] = ()
            for token in text:
                if len(self._token_at) >= _LONGEST:
                    break
                before = self._put(token, before)
            self.ends.append(len(self._token_at))
            self._token_at.append(-1)

    def _put(self, token: Token, before: Collection[str]) -> Collection[str]:
        """Lay out a word after those lemmas; its own ones."""
        for part in _parts_of(token):
            place = len(self._token_at)
            for lemma in part:
                self.places.setdefault(lemma, []).append(place)
            self.pairs.update(product(before, part))
            self._token_at.append(len(self._tokens))
            before = part
        self._tokens.append(token)
        return before

    def find(self, term: Term, before: int) -> str | None:
        """The first place of a term that ends before a place: the words as they stand there."""
        columns: list[Places] = []
        for word in term.words:
            columns += self._known.get(word) or self._where(word)
            if not columns[-1]:
                return None
        if len(columns) == 1 and not term.exact:
            first = min([places[0] for places in columns[0]])
            return self._tokens[self._token_at[first]].text if first < before else None
        starts = _side_by_side([set(chain.from_iterable(column)) for column in columns])
        if term.exact:
            starts = {start for start in starts if self._is_exact(term, start)}
        start = min(starts, default=before)
        end = start + len(columns)
        if end > before:
            return None
        return " ".join(self._tokens[number].text for number in dict.fromkeys(self._token_at[start:end]))

    def _where(self, word: str) -> list[Places]:
        """Of each part of a word, where its lemmas stand; remembered, as many queries ask for the same."""
        get = self.places.get
        found = self._known[word] = [[places for lemma in lemmas if (places := get(lemma))] for lemmas in forms(word)]
        return found

    def _is_exact(self, term: Term, start: int) -> bool:
        number = self._token_at[start]
        first = start == 0 or self._token_at[start - 1] != number
        return first and self._written[number : number + len(term.words)] == term.words

    @cached_property
    def _written(self) -> tuple[str, ...]:
        """The words as exact terms have them."""
        return tuple(unify(token.text) for token in self._tokens)


class Text:
    """A document as queries see it."""

    def __init__(self, document: Document) -> None:
        article = Passage(document.title, document.lead, document.body)
        self.passages: dict[Field | None, tuple[Passage, int]] = {
            None: (article, article.ends[-1]),
            Field.TITLE: (article, article.ends[0]),
            Field.SECTION: _name(document.section),
            Field.SOURCE: _name(document.source),
            Field.AUTHOR: _name(document.author),
        }
        """Where to look, and up to which place: a title is the beginning of its article."""
        passages = [passage for passage, _ in self.passages.values()]
        self.lemmas: set[str] = set().union(*(passage.places for passage in passages))
        self.pairs: set[Pair] = set().union(*(passage.pairs for passage in passages))


def _name(text: str | None) -> tuple[Passage, int]:
    passage = Passage(tokens(text or ""))
    return passage, passage.ends[0]


def _side_by_side(columns: Sequence[set[int]]) -> set[int]:
    """From where on each column holds the place after the one before it."""
    rarest = min(range(len(columns)), key=lambda number: len(columns[number]))
    starts = {place - rarest for place in columns[rarest]}
    for offset, column in enumerate(columns):
        starts = {start for start in starts if start + offset in column}
    return starts


def sequence(term: Term) -> tuple[Lemmas, ...]:
    """For each place of a term in a text, the lemmas that may stand there."""
    if len(term.words) == 1:
        return forms(term.words[0])
    return tuple(chain.from_iterable(map(forms, term.words)))


@lru_cache(maxsize=16_384)
def forms(word: str) -> tuple[Lemmas, ...]:
    """What a word may be a form of, part by part where it has hyphens: «экс-премьер» isn't any «премьер»."""
    *before, last = [part for part in unify(word).split("-") if part] or [word]
    return (*map(_before_hyphen, before), tuple(sorted(asked(last))))


def _before_hyphen(part: str) -> Lemmas:
    return tuple(sorted(asked(part) | {"аль"} if fold(part) in _ARTICLES else asked(part)))


def _parts_of(token: Token) -> Sequence[Collection[str]]:
    if token.text.isalnum() or "-" not in (unified := unify(token.text)):
        return (token.lemmas,)
    return _parts_of_hyphenated(token.text, unified)


def _parts_of_hyphenated(text: str, unified: str) -> Sequence[Collection[str]]:
    first, *others = forms(text)
    return ({*first, *asked(unified.replace("-", ""))}, *others)  # «алькаида» finds «Аль-Каиду»


def may_be(word: str) -> frozenset[str]:
    """All that a word of a text may be a form of, whatever language the text is in."""
    unified = unify(word)
    parts = _parts_of_hyphenated(word, unified) if "-" in unified else ()
    return lemmas(word).union(lemmas(word, "uk"), *parts)
