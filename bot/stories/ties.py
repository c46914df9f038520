"""What stories have to do with one another: which is part of which now, and which the publisher took apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field


@dataclass(slots=True)
class Ties:
    """By story id; of stories that are remembered."""

    _into: dict[int, int] = field(default_factory=dict)
    """Absorbed → kept; never a chain."""
    _apart: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Both ways."""

    def current(self, story: int) -> int:
        """The story, or the one that it's part of."""
        return self._into.get(story, story)

    def are_apart(self, one: int, other: int) -> bool:
        return other in self._apart.get(one, ())

    def part(self, one: int, other: int) -> None:
        """The two must never be one."""
        if one != other:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def merge(self, absorbed: int, kept: int) -> None:
        """From now on one means the other; what one was parted from, the other is."""
        for part, whole in self._into.items():
            if whole == absorbed:
                self._into[part] = kept
        self._into[absorbed] = kept
        for other in self._apart.pop(absorbed, set()):
            self._apart[other].discard(absorbed)
            self.part(kept, other)

    def forget_all_but(self, stories: Container[int]) -> None:
        """Stories that are forgotten need no ties."""
        for part in [part for part, whole in self._into.items() if whole not in stories]:
            del self._into[part]
        for story in list(self._apart):
            self._apart[story] = {other for other in self._apart[story] if story in stories and other in stories}
            if not self._apart[story]:
                del self._apart[story]
