"""Made-up articles, two a case, from cases.toml: one event told twice, and two events that look alike."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

Said = tuple[str, str]
"""An article's headline and text."""


@dataclass(frozen=True)
class Case:
    name: str
    one: Said
    other: Said
    later: timedelta
    """From the first to the second."""


def _case(raw: dict[str, Any]) -> Case:
    said = [(raw[side]["title"], raw[side]["text"]) for side in ("first", "second")]
    return Case(raw["name"], *said, timedelta(hours=raw.get("hours", 1)))


_CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
ONE_EVENT = [_case(raw) for raw in _CASES["one"]]
TWO_EVENTS = [_case(raw) for raw in _CASES["two"]]
