"""What an article is about: built-in topics by weighted evidence, subscribers' own by queries on lemmas."""

from bot.topics.built_in import BUILT_IN, find_built_in, label, load_folder, names, slugs, use
from bot.topics.live import PAGE, LiveQueries
from bot.topics.matcher import Matcher
from bot.topics.parser import MAX_LENGTH, MAX_TERMS, parse
from bot.topics.query import Query, names_only
from bot.topics.sieve import Sieve

__all__ = [
    "BUILT_IN",
    "MAX_LENGTH",
    "MAX_TERMS",
    "PAGE",
    "LiveQueries",
    "Matcher",
    "Query",
    "Sieve",
    "find_built_in",
    "label",
    "load_folder",
    "names",
    "names_only",
    "parse",
    "slugs",
    "use",
]
