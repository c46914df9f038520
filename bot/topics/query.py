"""A query as a tree, and its normalised text: the same for all who ask for the same.

`str(query)` is in lower case, ё as е, with single spaces, `"` for every quote, `|` for OR and English field names; the
order of words is kept. `parse(str(query)) == query`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from bot.language import lemmas


class Field(StrEnum):
    """Where to look, other than in title, lead and body together."""

    TITLE = "title"
    SECTION = "section"
    SOURCE = "source"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several side by side. `exact`: in this very form and case, else in any form (and then folded)."""

    words: tuple[str, ...]
    exact: bool = False

    def __str__(self) -> str:
        text = " ".join(self.words)
        return ("=" if self.exact else "") + (f'"{text}"' if len(self.words) > 1 else text)


@dataclass(frozen=True, slots=True)
class All:
    """Every part matches. At least two."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Any) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Any:
    """Some part matches. At least two."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    """The part doesn't match."""

    part: Node

    def __str__(self) -> str:
        return "-" + _operand(self.part)


@dataclass(frozen=True, slots=True)
class Within:
    """The part matches in that field alone."""

    field: Field
    part: Node

    def __str__(self) -> str:
        return f"{self.field}:{_operand(self.part)}"


Node = Term | All | Any | Not | Within


@dataclass(frozen=True, slots=True)
class Query:
    """What a subscriber follows in their own words."""

    root: Node

    def __str__(self) -> str:
        return str(self.root)

    @property
    def key(self) -> str:
        """The same for queries that match the same texts by the same words, in whatever order and form they're written.

        To tell topics apart by, not to be read: «Сирии бои» and «бои Сирия» are one topic, named as it was first asked.
        """
        return _key(self.root)

    @property
    def digest(self) -> str:
        """The key in 32 characters, however long the query: what tells topics apart in the store."""
        return blake2b(self.key.encode(), digest_size=16).hexdigest()


def all_of(parts: list[Node]) -> Node:
    """The parts together; nested ones are flattened, repeated ones left out."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,)))
    return All(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def any_of(parts: list[Node]) -> Node:
    """The parts as alternatives; nested ones are flattened, repeated ones left out."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, Any) else (part,)))
    return Any(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def terms(node: Node) -> Iterator[Term]:
    """Every term of a tree, excluded ones too."""
    match node:
        case Term():
            yield node
        case All(parts) | Any(parts):
            for part in parts:
                yield from terms(part)
        case Not(part) | Within(_, part):
            yield from terms(part)


def asks_for_something(node: Node, wanted: Callable[[Term], bool] = lambda _: True) -> bool:
    """Whether a text must hold some wanted term to match: «-футбол» and «сирия | -футбол» match nearly everything."""
    match node:
        case Term():
            return wanted(node)
        case All(parts):
            return any(asks_for_something(part, wanted) for part in parts)
        case Any(parts):
            return all(asks_for_something(part, wanted) for part in parts)
        case Within(_, part):
            return asks_for_something(part, wanted)
        case Not():
            return False


def names_only(query: Query) -> bool:
    """Whether it asks for nothing but a section, an author or a source."""
    match query.root:
        case Within(field, Term()):
            return field is not Field.TITLE
        case _:
            return False


def _operand(node: Node) -> str:
    return str(node) if isinstance(node, Term | Within) else f"({node})"


def _key(node: Node) -> str:
    match node:
        case Term(words, exact):
            return ("=" if exact else "") + "_".join(words if exact else ("/".join(sorted(lemmas(w))) for w in words))
        case All(parts):
            return _joined(parts, " ")
        case Any(parts):
            return _joined(parts, "|")
        case Not(part):
            return f"-{_key(part)}"
        case Within(field, part):
            return f"{field}:{_key(part)}"


def _joined(parts: tuple[Node, ...], sign: str) -> str:
    """The parts' keys in one order, each once: «сирия сирии» asks for no more than «сирия»."""
    keys = sorted(set(map(_key, parts)))
    return f"({sign.join(keys)})" if len(keys) > 1 else keys[0]
