"""The conversation: one file a dialogue, each with `create_router()`; `create_dispatcher()` joins them.

A handler parses, calls one use case and replies. What it needs arrives as `talk`, made by the
middleware for each update. Nothing about a conversation is kept in memory.
"""

from handlers.dispatcher import create_dispatcher
from handlers.texts import COMMANDS

__all__ = ["COMMANDS", "create_dispatcher"]
