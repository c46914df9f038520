"""How important a story is: signals of its coverage → a score from 0 to 100, a level, and the reasons for both."""

from bot.importance.scoring import score
from bot.importance.urgency import is_urgent

__all__ = ["is_urgent", "score"]
