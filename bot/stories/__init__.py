"""Article → story: which of the recent articles tell of the same event."""

from bot.stories.index import StoryIndex

__all__ = ["StoryIndex"]
