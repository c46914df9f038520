"""An article's words laid out for queries: where each lemma stands, field by field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain, product
from typing import Final

from bot.language import Document, Token, tokens, unify
from bot.topics.parts import sequence, special
from bot.topics.query import Field, Term

_LONGEST: Final = 5_000
"""Words, or parts of words, that are read: twenty times a usual article, and what keeps a monstrous one under 50 ms."""

_SPECIAL: Final = 80
"""Different words with hyphens or particles that are laid out in parts; further ones are words like any other."""

Pair = tuple[str, str]
Places = list[list[int]]
"""Of each lemma that stands somewhere, all its places in order."""


class Passage:
    """Words in order. A hyphenated word is as many as it has parts, so that «ан-Нусра» is «Ан Нусра»."""

    def __init__(self, *texts: Sequence[Token]) -> None:
        """Texts in order; nothing that is found goes over the border between two of them."""
        self._tokens: list[Token] = []
        self._token_at: list[int] = []
        self._particles: set[int] = set()
        """Places where a name stands as well that follows."""
        self._known: dict[tuple[str, ...], list[Places]] = {}
        self.places: dict[str, list[int]] = {}
        """Of each lemma, in order."""
        self.pairs: set[Pair] = set()
        """Lemmas that stand side by side."""
        self.ends: list[int] = []
        """The place after each text."""
        for text in texts:
            self._put(text)
            self.ends.append(len(self._token_at))
            self._token_at.append(-1)

    def _put(self, text: Sequence[Token]) -> None:
        """Lay out the words of a text, as many as there's room for."""
        first = len(self._token_at)
        laid_out: list[Collection[str]] = []
        seen: set[str] = set()
        for number, token in enumerate(text, start=len(self._tokens)):
            if len(self._token_at) >= _LONGEST:
                break
            self._tokens.append(token)
            if len(seen) < _SPECIAL and (parts := special(token.text)):
                seen.add(token.text)
                place = first + len(laid_out)
                self._particles.update(place + at for at, part in enumerate(parts) if part.particle)
                laid_out += [frozenset(part.lemmas) for part in parts]
                self._token_at += [number] * len(parts)
            else:
                laid_out.append(token.lemmas)
                self._token_at.append(number)
        self._let_names_stand_for_particles(laid_out, first)
        before: Collection[str] = ()
        for place, lemmas in enumerate(laid_out, start=first):
            for lemma in lemmas:
                self.places.setdefault(lemma, []).append(place)
            self.pairs.update(product(before, lemmas))
            before = lemmas

    def _let_names_stand_for_particles(self, laid_out: list[Collection[str]], first: int) -> None:
        """A name stands at the places of its particles too: «Башар Асад» finds «Башар аль-Асад»."""
        self._particles.discard(first + len(laid_out) - 1)
        for place in sorted((place for place in self._particles if place >= first), reverse=True):
            laid_out[place - first] = {*laid_out[place - first], *laid_out[place - first + 1]}

    def find(self, term: Term, before: int) -> str | None:
        """The first place of a term that ends before a place: the words as they stand there."""
        columns = None if term.exact else self._known.get(term.words)
        if columns is None:
            columns = self._columns(term)
        if not all(columns):
            return None
        if len(columns) == 1 and not term.exact:
            first = min([places[0] for places in columns[0]])
            return self._written_from(first, first + 1) if first < before else None
        starts = _side_by_side([set(chain.from_iterable(column)) for column in columns])
        if term.exact:
            starts = {start for start in starts if self._is_exact(term, start)}
        start = min(starts, default=before)
        end = start + len(columns)
        return None if end > before else self._written_from(start, end)

    def _columns(self, term: Term) -> list[Places]:
        """For each place of a term, where what may stand there does, up to the first that nothing stands at.

        Remembered, as many queries ask for the same.
        """
        get, found = self.places.get, []
        for lemmas in sequence(term):
            found.append([places for lemma in lemmas if (places := get(lemma))])
            if not found[-1]:
                break
        if not term.exact:
            self._known[term.words] = found
        return found

    def _written_from(self, start: int, end: int) -> str:
        """The words at these places as they stand there; a particle at the end with the name it belongs to."""
        while end - 1 in self._particles:
            end += 1
        if end == start + 1:
            return self._tokens[self._token_at[start]].text
        return " ".join(self._tokens[number].text for number in dict.fromkeys(self._token_at[start:end]))

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
