"""Article → story: which of the recent articles tell of the same event."""

from bot.stories.compact import packed, unpacked
from bot.stories.index import StoryIndex
from bot.stories.novelty import adds
from bot.stories.similarity import Weighed

__all__ = ["StoryIndex", "Weighed", "adds", "packed", "unpacked"]
