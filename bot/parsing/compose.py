"""An item and its page to one article."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import Final

from bot.model import Article, Item, Page, Source
from bot.parsing.dates import believable, old_day, zone_of
from bot.parsing.edges import bare
from bot.parsing.marks import find_marks
from bot.parsing.urls import canonical_url, host_of, is_trud, same_site

_LETTER: Final = re.compile(r"[^\W\d_]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_UKRAINIAN: Final = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN_ONLY: Final = re.compile("[ыэёъЫЭЁЪ]")
_IN_CYRILLIC: Final = frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"})
_LANGUAGE_SAMPLE: Final = 2_000
_LEAST_LETTERS: Final = 30
"""Letters below which a text's alphabet says nothing."""


def compose(item: Item, page: Page | None, source: Source, now: datetime) -> Article:
    """The article that a feed's item and its page, if it was read, make together; ids are NEW.

    The page wins where it says something, since it shows the whole article; dates that can't be true give way to the
    item's, and at last to `now`, the time first seen. The lead is not repeated at the start of the body.
    """
    known = page or Page(url=item.url, title="")
    lead, text = _apart(known.lead or item.lead, known.text or item.text)
    title = _title(item, known, source)
    author = known.author or item.author
    return Article(
        source_id=source.id,
        key=item.key,
        url=_address(item, known, source),
        title=title,
        published_at=_published(item, known, source, now),
        seen_at=now,
        lead="" if lead == title else lead,
        text=text,
        section=known.section or item.section,
        author=author,
        picture=known.picture or item.picture,
        views=known.views,
        marks=known.marks or find_marks(title, lead, text, author=author or "", outlet=source.name),
        language=_language(f"{title} {lead} {text[:_LANGUAGE_SAMPLE]}", source.language),
        listed_title=item.title,
        page_title=known.title,
    )


def _address(item: Item, page: Page, source: Source) -> str:
    """The item's, or the page's where the item's leads from neither site: through a shortener or a feed's own host."""
    through = not same_site(item.url, source.url) and not same_site(item.url, page.url)
    return canonical_url(page.url if through else item.url)


def is_another_headline(before: str, after: str) -> bool:
    """Whether a headline was changed, in more than its quotes, dashes and capitals."""
    return bare(before) != bare(after)


def _published(item: Item, page: Page, source: Source, now: datetime) -> datetime:
    zone: tzinfo = zone_of(source)
    placeholder = is_trud(item.url) or source.owner.casefold() == "trud"
    dates = (believable(at, now, zone, placeholder=placeholder) for at in (page.published_at, item.published_at))
    at = next((at for at in dates if at is not None), now)
    return old_day(item.url, at) or at


def _title(item: Item, page: Page, source: Source) -> str:
    """The page's, unless it is the site's name, or the item's title with something of the site's added."""
    if not page.title or bare(page.title) in {bare(source.name), bare(host_of(item.url)), "главная", "новости"}:
        return item.title
    cut = item.title.endswith(("…", "..."))
    return item.title if bare(item.title) in bare(page.title) and item.title and not cut else page.title


def _apart(lead: str, text: str) -> tuple[str, str]:
    """Lead and body without the lead at the body's start."""
    if lead and text.startswith(lead):
        rest = text[len(lead) :].lstrip("\n .")
        return (lead, rest) if rest else ("", text)
    first, _, rest = text.partition("\n")
    same = bool(lead) and bare(first) == bare(lead)
    return (lead, rest) if same and rest else (lead, text)


def _language(text: str, told: str) -> str:
    """The source's language, unless the text is plainly in another alphabet, or Ukrainian in a Russian source."""
    letters = len(_LETTER.findall(text))
    if letters < _LEAST_LETTERS:
        return told
    share = len(_CYRILLIC.findall(text)) / letters
    if told in _IN_CYRILLIC and share < 0.1:
        return "en"
    if told == "ru" and len(_UKRAINIAN.findall(text)) > 0.03 * letters and not _RUSSIAN_ONLY.search(text):
        return "uk"
    return "ru" if told not in _IN_CYRILLIC and share > 0.6 else told
