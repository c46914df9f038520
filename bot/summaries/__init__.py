"""Summaries: the source's own sentences, cleaned, at most 400 characters; and how several articles tell one story."""

from bot.summaries.choice import LIMIT
from bot.summaries.compose import write
from bot.summaries.telling import Details, Member, Told, tell

__all__ = ["LIMIT", "Details", "Member", "Told", "tell", "write"]
