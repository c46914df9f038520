"""What the reader's process may be told to call; imported by name within that process."""

import os
import signal
import sys
import time
from pathlib import Path

from bot.errors import ParseError
from bot.model import Page, Response, Source


def read(response: Response, source: Source) -> Page:
    """Does what the page's body says, then answers with the process's id and what it has imported."""
    word, _, argument = response.body.decode().partition(" ")
    match word:
        case "hang":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(0)
        case "nothing":
            raise ParseError("no article in it")
        case "bug":
            raise KeyError("forgotten")
        case "print":
            sys.stdout.write("a library talks")
            sys.stdout.flush()
        case "touch":
            Path(argument).touch()
            time.sleep(60)
    modules = ",".join(name for name in ("aiogram", "aiohttp", "sqlalchemy") if name in sys.modules)
    return Page(url=response.url, title=str(os.getpid()), text="x" * 1_000_000, section=modules)
