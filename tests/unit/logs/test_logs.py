"""Logs are events with fields, and no token gets through."""

import json
import logging

import pytest
import structlog

from bot.logs import configure_logs, hide_tokens

SECRET = "123456:" + "A" * 35


@pytest.fixture(autouse=True)
def _restored_logging() -> object:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_token_never_gets_through(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", form)
    structlog.get_logger().error("telegram.failed", url=f"https://api.telegram.org/bot{SECRET}/getMe")
    try:
        raise ValueError(f"no answer from /bot{SECRET}/sendMessage")
    except ValueError:
        structlog.get_logger().exception("telegram.bug")
    logging.getLogger("library").error("GET /bot%s/getMe", SECRET)
    said = capsys.readouterr().err
    assert "telegram.failed" in said
    assert "<token>" in said
    assert SECRET not in said


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    structlog.get_logger().info("source.recovered", source="Труд")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["source"], line["level"]) == ("source.recovered", "Труд", "info")


def test_what_is_below_the_level_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("ERROR", "console")
    structlog.get_logger().warning("source.failing")
    assert capsys.readouterr().err == ""


def test_other_text_is_left_alone() -> None:
    event = {"event": "poll", "url": "http://127.0.0.1:8080/feed", "count": 3}
    assert hide_tokens(None, "info", dict(event)) == event
