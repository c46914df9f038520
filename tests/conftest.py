"""For all tests: the same examples every time, and nothing secret in any log.

Whatever a test leaves on stdout, on stderr or in a log is searched when it ends; each worker of a parallel run does so
by itself, and the test is named.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "run",
    deadline=None,  # the machine is shared, and time is measured in bench/
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
if os.environ.get("FUZZ") != "deep":  # `make fuzz` looks elsewhere each time
    settings.load_profile("run")

SECRETS: Final = (
    "StandInForTelegram_NotARealToken",  # the stand-in's token
    "42:TEST",  # that of the tests without one
    "another-token",
    "sesame",  # every password of a database
    "sokrovennoe",  # what subscribers say, write and are called, in the tests that say so
    "сокровенн",
)


def secrets_in(text: str) -> list[str]:
    """Those that stand in `text`, in any case."""
    folded = text.casefold()
    return [secret for secret in SECRETS if secret.casefold() in folded]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Logs are kept from the level on that the bot logs by default."""
    config.option.log_level = config.option.log_level or "INFO"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that logged a secret."""
    report = yield
    found = secrets_in(f"{report.capstdout}{report.capstderr}{report.caplog}")
    if found and report.outcome == "passed":
        report.outcome = "failed"
        report.longrepr = f"secrets were logged: {', '.join(found)}"
    return report
