"""Article → story: which of the recent articles tell of the same event."""

from bot.stories.index import StoryIndex
from bot.stories.novelty import adds

__all__ = ["StoryIndex", "adds"]
