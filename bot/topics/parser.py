"""The query language: signs, then recursive descent.

either   = together { ("|" | "OR" | "ИЛИ") together }
together = factor { factor }
factor   = ["-"] operand
operand  = [field ":"] operand | ["="] word | ["="] phrase | "(" either ")"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.errors import QueryError
from bot.language import fold, unify, words
from bot.topics.common import STOP_WORDS
from bot.topics.query import Field, Node, Not, Query, Term, Within, all_of, any_of, asks_for_something, terms

MAX_LENGTH: Final = 200
"""Characters."""
MAX_TERMS: Final = 20
"""Words, those of phrases and exclusions included."""

MAX_NESTING: Final = 100
"""Parentheses within each other: as many as can be closed again within the length; Python's stack ends at about 200."""

_FIELDS: Final = {
    "title": Field.TITLE,
    "заголовок": Field.TITLE,
    "section": Field.SECTION,
    "раздел": Field.SECTION,
    "рубрика": Field.SECTION,
    "source": Field.SOURCE,
    "источник": Field.SOURCE,
    "author": Field.AUTHOR,
    "автор": Field.AUTHOR,
}

_OPENING: Final = '"«»“”„‟″＂‹›'
_SIGN: Final = re.compile(
    rf"\s*(?:(?P<or>\||(?:OR|ИЛИ)(?![^\s()|]))"
    r"|(?P<open>\()|(?P<close>\))"
    rf"|(?P<quote>[{_OPENING}])"
    r"|(?P<not>[-–—−](?=[^\s)|–—−-]))"
    r"|(?P<exact>=(?=\S))"
    r"|(?P<field>[^\W\d_]+):(?!//)"
    rf"|(?P<word>[^\s()|{_OPENING}]+))"
)
_NESTING: Final = {"«": "»", "‹": "›"}


class _Kind(Enum):
    OR = auto()
    OPEN = auto()
    CLOSE = auto()
    NOT = auto()
    EXACT = auto()
    FIELD = auto()
    WORDS = auto()
    DASH = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: _Kind
    position: int
    text: str = ""


def parse(query: str) -> Query:
    """Read a query. Raises QueryError: `too_long`, `too_many_words`, `empty`, `unclosed_quote`, `unclosed_parenthesis`,
    `unopened_parenthesis`, `too_deep`, `dangling_operator`, `unknown_field`, `only_exclusions`. Words that stand
    in every text are no words to look for: a query of nothing else is `empty`.
    """
    if len(query) > MAX_LENGTH:
        raise QueryError("too_long", MAX_LENGTH, length=len(query), limit=MAX_LENGTH)
    parser = _Parser([*_signs(query), _Sign(_Kind.END, len(query))])
    root = parser.query()
    count = sum(len(term.words) for term in terms(root))
    if count > MAX_TERMS:
        raise QueryError("too_many_words", 0, count=count, limit=MAX_TERMS)
    if not asks_for_something(root):
        raise QueryError("only_exclusions")
    if not asks_for_something(root, _says_something):
        raise QueryError("empty")
    return Query(root)


def _says_something(term: Term) -> bool:
    """Whether it's more than words that stand in every text; what's exact and longer is a name («Что? Где? Когда?»)."""
    if term.exact and len(term.words) > 1:
        return True
    return not STOP_WORDS.issuperset(fold(part) for word in term.words for part in word.split("-"))


def _signs(query: str) -> Iterator[_Sign]:
    place = 0
    while match := _SIGN.match(query, place):
        kind, text, start = match.lastgroup or "", match[match.lastgroup or 0], match.start(match.lastgroup or 0)
        place = match.end()
        if kind == "quote":
            end = _closing(query, start)
            yield _Sign(_Kind.WORDS, start, query[start + 1 : end])
            place = end + 1
        elif kind == "word":
            yield from _word(text, start)
        else:
            yield _Sign(_Kind[kind.upper()], start, text)


def _word(text: str, start: int) -> Iterator[_Sign]:
    if text == "-":
        yield _Sign(_Kind.DASH, start, text)
    elif words(text):
        yield _Sign(_Kind.WORDS, start, text)
    # Anything else is punctuation between words («Россия — США», «сирия , дамаск») and says nothing.


def _closing(query: str, start: int) -> int:
    """Where the quote opened at `start` is closed: by its own kind if it nests, else by any quote."""
    opening, depth = query[start], 0
    closing = _NESTING.get(opening)
    for place in range(start + 1, len(query)):
        sign = query[place]
        if sign == opening and closing:
            depth += 1
        elif sign in _OPENING and (closing is None or sign == closing or depth == 0):
            if depth == 0:
                return place
            depth -= 1
    raise QueryError("unclosed_quote", start, quote=opening)


class _Parser:
    """Reads signs from left to right; each method reads one rule of the grammar."""

    def __init__(self, signs: list[_Sign]) -> None:
        self._signs = signs
        self._place = 0
        self._nesting = 0

    def query(self) -> Node:
        if self._kind() is _Kind.END:
            raise QueryError("empty")
        root = self._either()
        if self._kind() is _Kind.CLOSE:
            raise QueryError("unopened_parenthesis", self._next().position)
        return root

    def _next(self) -> _Sign:
        return self._signs[self._place]

    def _kind(self) -> _Kind:
        return self._signs[self._place].kind

    def _take(self) -> _Sign:
        self._place += 1
        return self._signs[self._place - 1]

    def _either(self) -> Node:
        parts = [self._together()]
        while self._kind() is _Kind.OR:
            operator = self._take()
            if self._kind() in {_Kind.OR, _Kind.CLOSE, _Kind.END}:
                raise QueryError("dangling_operator", operator.position, operator=operator.text)
            parts.append(self._together())
        return any_of(parts)

    def _together(self) -> Node:
        parts = [self._factor()]
        while self._kind() not in {_Kind.OR, _Kind.CLOSE, _Kind.END}:
            parts.append(self._factor())
        return all_of(parts)

    def _factor(self) -> Node:
        if self._kind() is _Kind.NOT:
            operator = self._take()
            return Not(self._operand(operator))
        return self._operand(None)

    def _operand(self, operator: _Sign | None) -> Node:
        """A word, phrase, field or group; `operator` is the one that waits for it."""
        sign = self._take()
        match sign.kind:
            case _Kind.WORDS:
                return _term(sign, exact=False)
            case _Kind.EXACT if self._kind() is _Kind.WORDS:
                return _term(self._take(), exact=True)
            case _Kind.FIELD:
                return Within(_field(sign), self._operand(sign))
            case _Kind.OPEN:
                return self._group(sign)
            case _Kind.CLOSE if operator is None:
                raise QueryError("unopened_parenthesis", sign.position)
            case _:
                wrong = operator if operator and sign.kind in {_Kind.END, _Kind.CLOSE} else sign
                raise QueryError("dangling_operator", wrong.position, operator=wrong.text)

    def _group(self, opening: _Sign) -> Node:
        if self._kind() is _Kind.CLOSE:
            raise QueryError("empty", opening.position)
        if self._kind() is _Kind.END:
            raise QueryError("unclosed_parenthesis", opening.position)
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise QueryError("too_deep", opening.position, limit=MAX_NESTING)
        inner = self._either()
        self._nesting -= 1
        if self._take().kind is not _Kind.CLOSE:
            raise QueryError("unclosed_parenthesis", opening.position)
        return inner


def _term(sign: _Sign, *, exact: bool) -> Term:
    written = words(unify(sign.text) if exact else fold(sign.text))
    if not written:
        raise QueryError("empty", sign.position)
    return Term(written, exact)


def _field(sign: _Sign) -> Field:
    field = _FIELDS.get(fold(sign.text))
    if field is None:
        raise QueryError("unknown_field", sign.position, field=sign.text, fields=", ".join(Field))
    return field
