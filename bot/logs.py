"""Logs: events with fields, for people (console) or machines (JSON); a token never gets through."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import orjson
import structlog

TOKEN: Final = re.compile(r"\d{3,}:[\w-]{20,}")
"""What a bot token looks like, wherever it turns up: in an address, an error, a traceback."""


def configure_logs(level: str, form: str) -> None:
    """Send structlog's events and the libraries' records to stderr; `form` is console or json."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, hide_tokens, structlog.processors.JSONRenderer(serializer=_json)]
        if form == "json"
        else [
            structlog.processors.format_exc_info,
            hide_tokens,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for chatty in ("aiogram", "aiosqlite", "asyncio", "pymorphy3", "trafilatura", "htmldate", "alembic", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def hide_tokens(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace whatever looks like a bot token in any text field."""
    for name, value in event.items():
        if isinstance(value, str) and ":" in value:
            event[name] = TOKEN.sub("<token>", value)
    return event


def _json(value: Any, default: Any = None, **_: Any) -> str:
    return orjson.dumps(value, default=default or str).decode()
