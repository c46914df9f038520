"""Summaries: the source's own sentences, cleaned, at most 400 characters."""

from bot.summaries.compose import LIMIT, write

__all__ = ["LIMIT", "write"]
