"""What an article is about: built-in topics by weighted evidence, subscribers' own by queries on lemmas."""

from bot.topics.built_in import BUILT_IN, find_built_in, label, names

__all__ = ["BUILT_IN", "find_built_in", "label", "names"]
