"""`check`: configuration, database, sources, token, each with a plain verdict; all are made, whatever fails."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot import parsing
from bot.config import Settings, read_settings, read_sources, use_topics
from bot.errors import GlavnoeError, SettingsError, SourceError
from bot.model import Request, Source
from bot.sources import check_answer
from bot.telegram.profile import whoami
from bot.topics import slugs
from bot.web import HttpWeb
from storage import open_store


async def check() -> bool:
    """Print a line a check; True if all passed. Nothing is sent to anybody and no article is stored."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return _verdicts([("configuration", error)])
    results: list[tuple[str, str | GlavnoeError]] = [("configuration", "is in order")]
    if settings.topics_dir is not None:
        results.append(("topics", _topics(settings.topics_dir)))
    results.append(("database", await _tried(_database(settings))))
    try:
        sources = read_sources(settings.sources_file)
    except SettingsError as error:
        results.append(("sources", error))
    else:
        results += await _sources(settings, sources)
    results.append(("token", await _tried(_token(settings))))
    return _verdicts(results)


def _verdicts(results: Iterable[tuple[str, str | GlavnoeError]]) -> bool:
    passed = True
    for name, result in results:
        failed = isinstance(result, GlavnoeError)
        passed = passed and not failed
        sys.stdout.write(f"{'FAILED' if failed else 'ok':<7} {name}: {result}\n")
    return passed


def _topics(folder: Path) -> str | GlavnoeError:
    try:
        use_topics(folder)
    except SettingsError as error:
        return error
    return f"{len(slugs())} are in order"


async def _tried(verdict: Awaitable[str]) -> str | GlavnoeError:
    try:
        return await verdict
    except GlavnoeError as error:
        return error


async def _database(settings: Settings) -> str:
    store = await open_store(settings.database_url)
    try:
        await store.write_check()
    finally:
        await store.close()
    return "can be written, and is up to date"


async def _sources(settings: Settings, sources: Sequence[Source]) -> list[tuple[str, str | GlavnoeError]]:
    async with HttpWeb(contact_url=settings.contact_url, allow_private_hosts=settings.allow_private_hosts) as web:
        verdicts = await asyncio.gather(*(_tried(_source(web, source)) for source in sources))
    return [(f"source {source.name}", verdict) for source, verdict in zip(sources, verdicts, strict=True)]


async def _source(web: HttpWeb, source: Source) -> str:
    try:
        return await _readable(web, source, source.url)
    except SourceError as error:
        if source.fallback is None:
            raise
        try:
            return f"{await _readable(web, source, source.fallback)} (by its fallback; the first says: {error})"
        except SourceError as second:
            raise SourceError(f"{error}; and its fallback: {second}") from second


async def _readable(web: HttpWeb, source: Source, url: str) -> str:
    response = await web.fetch(Request(url=url))
    check_answer(response)
    items = parsing.read_items(response, source, datetime.now(UTC)).items
    if not items:  # as the running bot sees it, which turns to the fallback then
        raise SourceError("answers, but there are no articles in it")
    return f"answers with {len(items)} articles"


async def _token(settings: Settings) -> str:
    if not settings.token:
        return "none is set, so `run` plays the demo; get one from @BotFather and write it into BOT_TOKEN"
    return f"is that of @{await whoami(settings.token, settings.telegram_api_url)}"
