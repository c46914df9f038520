"""`python -m bot …`: each command calls one function. Light on purpose: worker processes import it again."""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.errors import GlavnoeError, InputError, SettingsError

WRONG_USE = 2
FAILED = 1

cli = typer.Typer(
    help="Glavnoe: the most important news on your topics, once.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Language(StrEnum):
    RU = "ru"
    EN = "en"


class LevelName(StrEnum):
    ROUTINE = "routine"
    NOTABLE = "notable"
    MAJOR = "major"
    BREAKING = "breaking"


class Role(StrEnum):
    COLLECT = "collect"
    DELIVER = "deliver"
    CONVERSE = "converse"


Articles = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="JSON Lines; without it, the standard input.", show_default=False),
]
Say = Annotated[Language, typer.Option(help="Of the reasons.")]


@cli.command()
def run(
    roles: Annotated[str, typer.Option(help="What this process does, separated by commas.")] = ",".join(Role),
) -> None:
    """Run the bot; without a BOT_TOKEN, play the demo."""
    try:
        wanted = frozenset(Role(role.strip()).value for role in roles.split(","))
    except ValueError:
        raise InputError(f"--roles {roles}: one or more of {', '.join(Role)}, separated by commas") from None
    from bot.commands.run import run as command

    command(wanted)


@cli.command()
def classify(
    path: Articles = None,
    query: Annotated[str | None, typer.Option(help="Match this query instead of the built-in topics.")] = None,
    language: Say = Language.RU,
) -> None:
    """Which topics each article belongs to: {id, title, text, …} → {id, topics}."""
    from bot.commands.classify import classify as command

    command(path, query, language)


@cli.command()
def summarize(path: Articles = None) -> None:
    """The summary of each article: {id, title, lead, text} → {id, summary}."""
    from bot.commands.summarize import summarize as command

    command(path)


@cli.command()
def group(path: Articles = None) -> None:
    """Which articles tell of one event: {id, title, text, url, published}, in order of time → {id, story}."""
    from bot.commands.group import group as command

    command(path)


@cli.command()
def rank(path: Articles = None, language: Say = Language.RU) -> None:
    """Stories, most important first: as group, + source, owner, country, views, position → {story, ids, score, …}.

    A line with a `story` belongs to the one of that name; the others are grouped by what they tell.
    """
    from bot.commands.rank import rank as command

    command(path, language)


@cli.command()
def replay(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Articles as JSON Lines, in order of time.")],
    follow: Annotated[list[str], typer.Option(metavar="WORDS", help="A topic to follow; may be given again.")],
    level: Annotated[LevelName | None, typer.Option(help="From which level on to notify.")] = None,
    language: Say = Language.RU,
) -> None:
    """The notifications a subscriber would have had, with every decision and its reason."""
    from bot.commands.replay import replay as command
    from bot.model import Level

    command(path, follow, None if level is None else Level[level.name], language)


@cli.command()
def read(
    places: Annotated[list[str], typer.Argument(metavar="URL_OR_FILE …", help="Feeds or article pages.")],
    pages: Annotated[bool, typer.Option(help="Read the articles' own pages too, where a feed says too little.")] = True,
) -> None:
    """What the bot would read: one article a line."""
    from bot.commands.read import read as command

    asyncio.run(command(places, with_pages=pages))


@cli.command()
def catalogue(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Of an outlet, or the beginning of it.")] = None,
) -> None:
    """Outlets that can be turned on; with a NAME, reads that one for a trial and prints its entry."""
    from bot.commands.catalogue import listed, tried

    if name is None:
        listed()
    else:
        asyncio.run(tried(name))


@cli.command()
def check() -> None:
    """Configuration, database, sources, token: each with a plain verdict; exit 1 if any fails."""
    from bot.commands.check import check as command

    if not asyncio.run(command()):
        raise typer.Exit(FAILED)


@cli.command()
def migrate() -> None:
    """Bring an empty or older database up to date."""
    from bot.commands.migrate import migrate as command

    asyncio.run(command())


@cli.command()
def backup(path: Annotated[Path, typer.Argument(metavar="PATH", help="A file that is not there yet.")]) -> None:
    """Copy the database, also while the bot runs."""
    from bot.commands.backup import backup as command

    command(path)


@cli.command()
def restore(path: Annotated[Path, typer.Argument(metavar="PATH", help="What `backup` has made.")]) -> None:
    """Put a backup in the database's place; the one before is kept beside it."""
    from bot.commands.backup import restore as command

    command(path)


def main() -> None:
    """Exit codes: 0 fine, 1 a run that failed, 2 wrong use; an error of ours is one line."""
    try:
        cli()
    except (SettingsError, InputError) as error:
        _leave(error, WRONG_USE)
    except GlavnoeError as error:
        _leave(error, FAILED)
    except BrokenPipeError:  # whoever read our output has read enough
        sys.stderr.close()
        sys.exit(FAILED)


def _leave(error: GlavnoeError, code: int) -> NoReturn:
    print(f"glavnoe: {error}", file=sys.stderr)  # noqa: T201 - the command line's own output
    sys.exit(code)


if __name__ == "__main__":
    main()
