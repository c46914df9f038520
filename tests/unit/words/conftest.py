"""What the code says, read from its syntax tree: the messages to translate and the kinds of reasons."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import words
from handlers import shelves, why
from handlers.texts import COMMANDS, PUBLISHERS

ROOT = Path(__file__).parents[3]

Message = str | tuple[str, str]


def syntax_trees() -> Iterator[ast.Module]:
    for package in ("bot", "handlers", "storage"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "demo" not in path.parts:
                yield ast.parse(path.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, list[ast.expr]]]:
    """Every call, by the last part of its function's name, with its positional arguments."""
    for tree in syntax_trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                yield name, node.args


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def literals(nodes: list[ast.expr]) -> tuple[str, ...]:
    return tuple(text for node in nodes if (text := literal(node)) is not None)


@pytest.fixture(scope="session")
def messages() -> set[Message]:
    """Every message said anywhere."""
    found: set[Message] = {words.UNREADABLE, words.NO_WORDS, *words.TROUBLES, *words.FIELDS}
    tables = (words.LEVELS, words.REASONS, words.QUERY_ERRORS, words.NAMED, COMMANDS, PUBLISHERS)
    for table in (*tables, why.STATES, shelves.NAMES):
        found.update(table.values())
    for name, arguments in calls():
        if name in {"words", "said", "self"} and len(arguments) == 1 and literals(arguments):  # values are named
            found.add(literals(arguments)[0])
        elif name == "html" and len(arguments) > 1 and literals(arguments[1:2]):
            found.add(literals(arguments[1:2])[0])
        elif name == "plural":
            pair = literals(arguments)
            if pair:
                found.add((pair[0], pair[1]))
    return found


@pytest.fixture(scope="session")
def reason_kinds() -> set[str]:
    """Every kind of reason that is made with its name written out."""
    return {
        literals(arguments[:1])[0]
        for name, arguments in calls()
        if name.lower().endswith("reason") and arguments and literals(arguments[:1])
    }


@pytest.fixture(scope="session")
def query_error_kinds() -> set[str]:
    return {
        literals(arguments[:1])[0]
        for name, arguments in calls()
        if name == "QueryError" and arguments and literals(arguments[:1])
    }
