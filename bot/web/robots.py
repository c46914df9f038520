"""What a robots.txt allows (RFC 9309).

Not `urllib.robotparser`: it takes the first rule that fits where the RFC takes the longest, knows no `*` and `$`
within paths, and reads only one of several groups for the same robot; Russian newspapers' files rely on all three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

PRODUCT: Final = "glavnoe"
"""Our product token, in lower case: the group of a robots.txt that speaks to us."""

SIZE_LIMIT: Final = 500 * 1024
"""Bytes read of a robots.txt; what comes later is ignored (RFC 9309, 2.5)."""

_ASCII: Final = "".join(map(chr, range(128)))
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
_AGENT: Final = re.compile(r"[A-Za-z_-]+|\*")


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: str
    """A path with `*` for anything and a final `$` for the end, percent-encoded."""
    allow: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for us; the longest pattern that fits decides, `Allow` between equals."""

    rules: tuple[Rule, ...] = ()

    def allow(self, path: str) -> bool:
        """Whether `path`, with its query and percent-encoded, may be asked."""
        path = _normal(path)
        if path == "/robots.txt":
            return True
        fitting = [rule for rule in self.rules if _fits(rule.pattern, path)]
        return max(fitting, key=lambda rule: (len(rule.pattern), rule.allow), default=Rule("", True)).allow


ALLOW_ALL: Final = Rules()
DISALLOW_ALL: Final = Rules((Rule("/", allow=False),))


def parse(body: bytes) -> Rules:
    """The rules for our token, else those for `*`. Never fails: what is no rule is passed over."""
    ours: list[Rule] = []
    everyone: list[Rule] = []
    named = False
    for agents, rules in _groups(_fields(_decode(body[:SIZE_LIMIT]))):
        if PRODUCT in agents:
            named = True
            ours += rules
        if "*" in agents:
            everyone += rules
    return Rules(tuple(ours if named else everyone))


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end >= len(body) - 3:  # cut off within a character
            return body[: error.start].decode("utf-8-sig")
        return body.decode("cp1251", errors="replace")


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split(r"[\r\n]+", text):
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _groups(fields: Iterable[tuple[str, str]]) -> Iterator[tuple[set[str], list[Rule]]]:
    agents: set[str] = set()
    rules: list[Rule] = []
    open_to_agents = True
    for name, value in fields:
        if name == "user-agent":
            if not open_to_agents:
                yield agents, rules
                agents, rules, open_to_agents = set(), [], True
            agents.update(_agent(value))
        elif name in ("allow", "disallow"):
            open_to_agents = False
            if value:
                rules.append(Rule(_normal(value), allow=name == "allow"))
    yield agents, rules


def _agent(value: str) -> tuple[str, ...]:
    found = _AGENT.match(value)
    return (found[0].lower(),) if found else ()


def _normal(path: str) -> str:
    """Two spellings of one path made equal: non-ASCII encoded, needless escapes undone, the others in capitals."""
    return _ESCAPE.sub(_normal_escape, quote(path, safe=_ASCII))


def _normal_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[0][1:], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def _fits(pattern: str, path: str) -> bool:
    """Piece by piece, not as a regular expression: a file full of `*` costs no more than its length."""
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in rest[:-1] if pattern.endswith("$") else rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not pattern.endswith("$"):
        return True
    return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at if rest else at == len(path)
