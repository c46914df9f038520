"""The demo: the real bot, unchanged, between a local stand-in for Telegram and an invented newspaper."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot import app
from bot.config import Settings
from bot.demo.script import DemoSettings
from bot.demo.script import demo as play
from bot.sources import load


async def demo() -> bool:
    """Play it on the terminal; whether every notification came that should have. Nothing of it is kept."""
    return await play(_bot)


@asynccontextmanager
async def _bot(wanted: DemoSettings) -> AsyncIterator[None]:
    """The bot, running on a database that ends with the demo, deaf to the settings of the real one."""
    with TemporaryDirectory(prefix="glavnoe-demo-") as folder:
        settings = Settings(
            _env_file=None,
            bot_token=SecretStr(wanted.token),
            telegram_api_url=wanted.telegram_api_url,
            database_url=f"sqlite+aiosqlite:///{Path(folder, 'demo.db')}",
            poll_interval=wanted.poll_interval,
            allow_private_hosts=wanted.allow_private_hosts,
        )
        stop = asyncio.Event()
        serving = asyncio.create_task(app.serve(settings, load(wanted.sources_toml, "the demo"), stop=stop))
        try:
            yield
        finally:
            stop.set()
            await serving
