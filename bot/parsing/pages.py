"""Article pages: the rule for trud.ru, and for every other site its own metadata with a text extractor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.errors import ParseError
from bot.model import Item, Page, Response, Source
from bot.parsing.article_lines import own_lines, time_near, views_of
from bot.parsing.dates import MOSCOW, is_placeholder, parse_date, zone_of
from bot.parsing.edges import bare, unglued, without_invitation, without_site
from bot.parsing.encoding import decode
from bot.parsing.lines import Line, bounded, is_markup, lines, parse, plain_lines
from bot.parsing.marks import find_marks
from bot.parsing.metadata import Metadata, read_metadata
from bot.parsing.people import clean_author
from bot.parsing.teasers import is_outlet
from bot.parsing.text import LEAD_LIMIT, TEXT_LIMIT, TITLE_LIMIT, paragraphs, shorten
from bot.parsing.trud import TrudArticle, is_trud_layout, read_lines_of_article
from bot.parsing.urls import article_number, canonical_url, host_of, http_url, is_trud, same_site

_SHORTEST_TEXT: Final = 80
"""Characters of body below which a page without a description is taken for no article."""
_FIRST_LINES: Final = 4
"""Of a body, one of which a description may be the start of: a credit or a place may stand above."""
_ABOUT: Final = 0.2
"""Share of its longer words that a description has in common with its article: 0.25 and more on 70 pages that other
projects test with; a slogan of the site hardly any."""
_LONG: Final = 5
"""Letters by which words are compared, and which the longer ones have at least: a stem, roughly."""
_LAYOUT: Final = re.compile(r"</?(?:table|tbody|thead|tfoot|tr|td|th|center|font)\b[^<>]*>", re.IGNORECASE)
_TABLE: Final = re.compile(r"<(/?)table\b|<h1\b", re.IGNORECASE)


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
    found = lines(tree)
    page = _trud_page(found, metadata, url)
    if page is None or not page.text:
        page = _trud_page(lines(tree, keep_line_ends=True), metadata, url) or page
    return page or _any_page(markup, found, metadata, url, source)


def _from_text(text: str, url: str) -> Page | None:
    return _trud_page(plain_lines(text), Metadata(), url)


# --- trud.ru --------------------------------------------------------------------------------------------------------


def _trud_page(found: Sequence[Line], metadata: Metadata, url: str) -> Page | None:
    if not (is_trud_layout(found) or (is_trud(url) and article_number(url))):
        return None
    heading = metadata.heading or headline(metadata)
    # Sites put their name or the section into the first heading as well.
    telling = len(heading.split()) > 2 or (heading and metadata.title.startswith(heading))
    usable = heading if telling and not is_outlet(heading) else ""
    article = read_lines_of_article(found, usable, next(iter(metadata.descriptions), ""), url)
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
        marks=find_marks(article.title, article.lead, text, author=author or ""),
    )


def _trud_time(written: str) -> datetime | None:
    at = parse_date(written, MOSCOW)
    return None if at is None or is_placeholder(at) else at


# --- every other site -----------------------------------------------------------------------------------------------


def _any_page(markup: str, found: Sequence[Line], metadata: Metadata, url: str, source: Source) -> Page | None:
    extracted = paragraphs(_as_html(_extract(_without_layout(markup), url)))
    text = extracted if len(extracted) >= _SHORTEST_TEXT or not metadata.body else metadata.body
    title = headline(metadata, source.name, host_of(url))
    if not title or len(text) < (1 if metadata.descriptions else _SHORTEST_TEXT):
        return None
    authors = (clean_author(each, source.name) for each in metadata.authors)
    author = ", ".join(dict.fromkeys(name for name in authors if name))
    marks = find_marks(title, "\n".join(metadata.descriptions), text, author=author, outlet=source.name)
    text = own_lines(text, (title, metadata.title, metadata.heading))
    lead = _lead(metadata, title, text, source)
    return Page(
        url=_own_address(metadata, url),
        title=title,
        lead=lead,
        text=text,
        section=metadata.section or None,
        author=author or None,
        picture=http_url(metadata.picture, url),
        published_at=parse_date(metadata.published or time_near(found, metadata.heading), zone_of(source)),
        views=views_of(found, metadata.heading),
        marks=marks,
    )


def headline(metadata: Metadata, *names: str) -> str:
    """The article's title without the name of its site: `names`, beside the one it gives itself."""
    return without_site(metadata.title or metadata.heading, (metadata.site, *names), metadata.heading)


def _lead(metadata: Metadata, title: str, text: str, source: Source) -> str:
    """The first description that's no more than the headline, the body's start, or the site's words on itself."""
    said = {bare(each) for each in (title, metadata.title, metadata.site, source.name)}
    for description in metadata.descriptions:
        lead = unglued(without_invitation(description))
        if bare(lead) not in said and not _opens(text, lead) and _is_about(lead, f"{title} {text}"):
            return lead
    return ""


def _is_about(description: str, article: str) -> bool:
    """Of a page with hardly a word, such as a video's, nobody can tell."""
    if len(article) < _SHORTEST_TEXT:
        return True
    words = {word[:_LONG] for word in bare(description).split() if len(word) >= _LONG}
    there = {word[:_LONG] for word in bare(article).split()}
    return not words or len(words & there) >= _ABOUT * len(words)


def _without_layout(markup: str) -> str:
    """The page with its tables taken apart, where they hold the whole page: the headline stands in one."""
    depth = 0
    for tag in _TABLE.finditer(markup):
        if tag[1] is None:
            return _LAYOUT.sub(_as_division, markup) if depth > 0 else markup
        depth += -1 if tag[1] else 1
    return markup


def _as_division(tag: re.Match[str]) -> str:
    return "</div>" if tag[0].startswith("</") else "<div>"


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


def _opens(text: str, description: str) -> bool:
    """Whether the description is no more than the start of the body."""
    start = description.rstrip(" .…").casefold()
    rows = text.casefold().split("\n")
    return not start or any(" ".join(rows[row:]).startswith(start) for row in range(min(_FIRST_LINES, len(rows))))


def _own_address(metadata: Metadata, url: str) -> str:
    """The canonical link if it stays on the site and is no bare front page, else where the page came from."""
    canonical = http_url(metadata.canonical, url)
    if canonical and same_site(canonical, url) and canonical_url(canonical).count("/") > 3:
        return canonical_url(canonical)
    return canonical_url(url)
