"""A process that is killed between any two steps: after the chosen call at a port, nothing more gets through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class KilledError(BaseException):
    """Not an Exception: no code of ours may catch it and tidy up."""


@dataclass(slots=True)
class Lifeline:
    """Counts the calls at all ports of one process and ends it before or after the chosen one."""

    last_call: int
    after: bool
    """Whether the last call still takes effect."""
    calls: int = 0
    dead: bool = False

    def around(self, port: Any) -> Any:
        return _Mortal(port, self)


class _Mortal:
    def __init__(self, port: Any, life: Lifeline) -> None:
        self._port = port
        self._life = life

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            life = self._life
            life.calls += 1
            is_last = life.calls == life.last_call
            if life.dead or (is_last and not life.after):
                life.dead = True
                raise KilledError
            result = await method(*args, **kwargs)
            if is_last:
                life.dead = True
            if life.dead:
                raise KilledError
            return result

        return call
