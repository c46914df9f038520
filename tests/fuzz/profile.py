"""How long the fuzzing looks: briefly and always the same in a test run, at random and for minutes with `make fuzz`."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

DEEP: Final = os.environ.get("FUZZ") == "deep"
"""Set by `make fuzz`: other examples each time, and what failed is remembered and tried first."""
TIMES_DEEPER: Final = 10


def fuzzed(examples: int) -> settings:
    """So many examples in a test run; a decorator. The whole folder stays under 30 s on two cores."""
    wary = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    if DEEP:
        return settings(wary, max_examples=examples * TIMES_DEEPER, print_blob=True)
    return settings(wary, max_examples=examples, derandomize=True, database=None)
