"""Article pages: the rule for trud.ru, and for every other site its own metadata with a text extractor."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.errors import ParseError
from bot.model import Item, Page, Response, Source
from bot.parsing.dates import MOSCOW, is_placeholder, parse_date, zone_of
from bot.parsing.encoding import decode
from bot.parsing.lines import Line, bounded, is_markup, lines, parse, plain_lines
from bot.parsing.marks import find_marks
from bot.parsing.metadata import Metadata, read_metadata
from bot.parsing.people import clean_author
from bot.parsing.teasers import is_outlet
from bot.parsing.text import LEAD_LIMIT, TEXT_LIMIT, TITLE_LIMIT, paragraphs, shorten
from bot.parsing.trud import TrudArticle, is_trud_layout, read_lines_of_article
from bot.parsing.urls import article_number, canonical_url, http_url, is_trud, same_site

_SHORTEST_TEXT: Final = 80
"""Characters of body below which a page without a description is taken for no article."""
_SUFFIXES: Final = (" - ", " – ", " — ", " | ", " :: ", " • ", " / ")
"""What sites put between a headline and their own name."""


def read_page(response: Response, source: Source) -> Page:
    """What the page says of its article. Raises ParseError when there is no article in it.

    Takes 10 to 50 ms and, at first, half a second: it belongs in a worker process.
    """
    text = decode(response.body, response.headers.get("content-type"))
    try:
        page = _from_markup(text, response.url, source) if is_markup(text) else _from_text(text, response.url)
    except RecursionError as error:
        raise ParseError(f"{response.url}: nested too deep") from error
    if page is None:
        raise ParseError(f"{response.url}: no article in the page")
    return page


def needs_page(item: Item, source: Source) -> bool:
    """Whether the article page would add to what the feed gave: its body, or what only trud.ru's pages show."""
    return not item.text or is_trud(item.url) or source.owner.casefold() == "trud"


def _from_markup(text: str, url: str, source: Source) -> Page | None:
    markup = bounded(text)
    tree = parse(markup)
    metadata = read_metadata(tree)
    # Text poured into a page without block elements shows its lines only when its own line ends are kept.
    for keep in (False, True):
        page = _trud_page(lines(tree, keep_line_ends=keep), metadata, url)
        if page is not None and page.text:
            return page
    return page or _any_page(markup, metadata, url, source)


def _from_text(text: str, url: str) -> Page | None:
    return _trud_page(plain_lines(text), Metadata(), url)


# --- trud.ru --------------------------------------------------------------------------------------------------------


def _trud_page(found: tuple[Line, ...], metadata: Metadata, url: str) -> Page | None:
    if not (is_trud_layout(found) or (is_trud(url) and article_number(url))):
        return None
    heading = metadata.heading or headline(metadata)
    # Sites put their name or the section into the first heading as well.
    telling = len(heading.split()) > 2 or (heading and metadata.title.startswith(heading))
    usable = heading if telling and not is_outlet(heading) else ""
    article = read_lines_of_article(found, usable, metadata.description, url)
    return _as_page(article, metadata, url) if article is not None else None


def _as_page(article: TrudArticle, metadata: Metadata, url: str) -> Page:
    author = article.author or next((name for each in metadata.authors if (name := clean_author(each))), None)
    text = shorten("\n".join(article.body), TEXT_LIMIT)
    return Page(
        url=_own_address(metadata, url),
        title=shorten(article.title, TITLE_LIMIT),
        lead=shorten(article.lead, LEAD_LIMIT),
        text=text,
        section=article.section or metadata.section or None,
        author=author,
        picture=http_url(metadata.picture, url),
        published_at=_trud_time(article.date or metadata.published),
        views=article.views,
        marks=find_marks(article.title, article.lead, text),
    )


def _trud_time(written: str) -> datetime | None:
    at = parse_date(written, MOSCOW)
    return None if at is None or is_placeholder(at) else at


# --- every other site -----------------------------------------------------------------------------------------------


def _any_page(markup: str, metadata: Metadata, url: str, source: Source) -> Page | None:
    extracted = paragraphs(_as_html(_extract(markup, url)))
    text = extracted if len(extracted) >= _SHORTEST_TEXT or not metadata.body else metadata.body
    title = headline(metadata)
    if not title or len(text) < (1 if metadata.description else _SHORTEST_TEXT):
        return None
    text = _without_first_line(text, title)
    lead = "" if _opens(text, metadata.description) or metadata.description == title else metadata.description
    authors = (clean_author(each, source.name) for each in metadata.authors)
    return Page(
        url=_own_address(metadata, url),
        title=title,
        lead=lead,
        text=text,
        section=metadata.section or None,
        author=", ".join(dict.fromkeys(name for name in authors if name)) or None,
        picture=http_url(metadata.picture, url),
        published_at=parse_date(metadata.published, zone_of(source)),
        marks=find_marks(title, lead, text),
    )


def headline(metadata: Metadata) -> str:
    """The article's title without the name of its site."""
    title, heading = metadata.title, metadata.heading
    if not title:
        return heading
    for between in _SUFFIXES:
        head, found, tail = title.rpartition(between)
        if found and head and (tail.casefold() == metadata.site.casefold() or head == heading):
            return head
    return title


def _extract(markup: str, url: str) -> str:
    """The body as trafilatura finds it: "" where it finds none."""
    import trafilatura  # noqa: PLC0415 — half a second and 60 MB, for the worker process only
    from lxml.etree import LxmlError  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        found: Any = trafilatura.bare_extraction(
            markup, url=url, favor_precision=True, include_comments=False, include_tables=True
        )
    except (LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        # Its heuristics let these out on markup that no tree can be made of; there is no article then.
        return ""
    return str(found.text or "") if found is not None else ""


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _without_first_line(text: str, title: str) -> str:
    """Extractors like to begin the body with the headline."""
    first, _, rest = text.partition("\n")
    return rest if rest and first.casefold() == title.casefold() else text


def _opens(text: str, description: str) -> bool:
    """Whether the description is no more than the start of the body."""
    start = description.rstrip(" .…").casefold()
    return not start or text.replace("\n", " ").casefold().startswith(start)


def _own_address(metadata: Metadata, url: str) -> str:
    """The canonical link if it stays on the site and is no bare front page, else where the page came from."""
    canonical = http_url(metadata.canonical, url)
    if canonical and same_site(canonical, url) and canonical_url(canonical).count("/") > 3:
        return canonical_url(canonical)
    return canonical_url(url)
