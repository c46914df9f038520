"""`catalogue`: the outlets that can be turned on, and a trial of one before it is."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Final

from bot import parsing, summaries
from bot.config import read_settings
from bot.errors import InputError
from bot.model import Article, Request
from bot.sources import Outlet, check_answer, outlets
from bot.web import HttpWeb

_SHOWN: Final = 3
"""Articles of a trial."""


def listed() -> None:
    """Print a line an outlet."""
    for outlet in outlets():
        source = outlet.source
        sys.stdout.write(f"{source.name} · {source.language} · {source.owner} · {source.country} · {outlet.note}\n")


async def tried(name: str) -> None:
    """Read the outlet's feed, print its latest articles as the bot would tell them, and the entry to copy.

    Raises InputError when there's no such outlet, SourceError when it can't be read.
    """
    outlet = _find(name)
    settings = read_settings()
    async with HttpWeb(contact_url=settings.contact_url, allow_private_hosts=settings.allow_private_hosts) as web:
        response = await web.fetch(Request(url=outlet.source.url))
    check_answer(response)
    now = datetime.now(UTC)
    items = parsing.read_items(response, outlet.source, now).items
    sys.stdout.write(f"{outlet.source.name} answers with {len(items)} articles. {outlet.note}\n\n")
    for item in items[:_SHOWN]:
        sys.stdout.write(_told(parsing.compose(item, None, outlet.source, now), outlet))
    sys.stdout.write(f"To turn it on, add this to your SOURCES_FILE:\n\n{outlet.entry}\n")


def _told(article: Article, outlet: Outlet) -> str:
    summary = summaries.write(article, outlet.source.name)
    return "\n".join((article.title, article.url, *([summary] if summary else []), "", ""))


def _find(name: str) -> Outlet:
    known = {outlet.source.name.casefold(): outlet for outlet in outlets()}
    wanted = name.strip().casefold()
    found = [outlet for title, outlet in known.items() if title == wanted] or [
        outlet for title, outlet in known.items() if wanted and title.startswith(wanted)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{name}: several outlets begin so: {', '.join(outlet.source.name for outlet in found)}")
    near = get_close_matches(wanted, known, n=1)
    hint = f"; did you mean {known[near[0]].source.name}?" if near else "; `python -m bot catalogue` lists them"
    raise InputError(f"{name}: no such outlet in the catalogue{hint}")
