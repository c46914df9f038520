"""Bytes to articles: encodings, feeds, pages of links, article pages, canonical addresses, dates, marks, clean text.

Pure functions of what was fetched. What reads pages (trafilatura, lxml) and what reads broken feeds (feedparser) is
imported where it is first needed: this package alone stays small.
"""

from bot.parsing.again import is_page_of, retold
from bot.parsing.compose import compose, is_another_headline
from bot.parsing.encoding import decode
from bot.parsing.feeds import Feed, is_feed, read_feed
from bot.parsing.identity import aliases, asked_aliases, recognise
from bot.parsing.links import front_page_keys, read_items, read_links
from bot.parsing.marks import find_marks
from bot.parsing.pages import needs_page, read_page
from bot.parsing.urls import article_key, canonical_url

__all__ = [
    "Feed",
    "aliases",
    "article_key",
    "asked_aliases",
    "canonical_url",
    "compose",
    "decode",
    "find_marks",
    "front_page_keys",
    "is_another_headline",
    "is_feed",
    "is_page_of",
    "needs_page",
    "read_feed",
    "read_items",
    "read_links",
    "read_page",
    "recognise",
    "retold",
]
