"""Summaries: the source's own sentences, cleaned, at most 400 characters."""

from bot.summaries.choice import LIMIT
from bot.summaries.compose import write

__all__ = ["LIMIT", "write"]
