"""Nothing secret in any log: whatever a test leaves on stdout, on stderr or in a log is searched when it ends.

Works in each worker of a parallel run by itself, and names the test.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

import pytest

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
