"""What every part speaks of: ids, levels, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

NEW: Final = 0
MAIN: Final = "main"
"""The slug of «Главное», the built-in topic of every story."""


class Level(IntEnum):
    """How important a story is, and from what importance on a subscription notifies."""

    ROUTINE = 0
    NOTABLE = 1
    MAJOR = 2
    BREAKING = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a kind that `bot.words` knows, and the values its sentence needs (JSON scalars)."""

    kind: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)
