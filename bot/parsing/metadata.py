"""What a page says of its article in its head: meta tags, JSON-LD, microdata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.parsing.text import LEAD_LIMIT, line, paragraphs

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_ARTICLES: Final = ("article", "blogposting", "report", "liveblogposting")
"""Endings of the schema.org types that are articles (NewsArticle, ReportageNewsArticle, …)."""
_PUBLISHED: Final = (
    "article:published_time", "datePublished", "og:published_time", "og:article:published_time",
    "mediator_published_time", "dateCreated", "uploadDate", "pubdate", "publish_date", "publication_date", "date",
    "sailthru.date", "parsely-pub-date", "dc.date.issued", "DC.date.issued", "dc.date", "DC.date",
)  # fmt: skip
_FRONT: Final = ("главная", "главная страница", "на главную", "home", "main")
_LONGEST_CRUMB: Final = 40
_ROOT: Final = re.compile(r"(?:https?:)?//[^/]+/?$|/$")
_MOST_OBJECTS: Final = 2_000
"""JSON-LD objects looked through on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """All as clean text; dates and addresses as written."""

    title: str = ""
    heading: str = ""
    """The text of the only or first `<h1>`."""
    site: str = ""
    descriptions: tuple[str, ...] = ()
    """The best first; some say nothing of the article."""
    body: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    picture: str = ""
    published: str = ""
    canonical: str = ""


def read_metadata(tree: LexborHTMLParser) -> Metadata:
    """The article's own description of itself; what it does not say is empty. Never raises."""
    meta = _meta_tags(tree)
    objects = tuple(_json_ld(tree))
    article = next((each for each in objects if _is_a(each, *_ARTICLES)), {})
    found = _Found(meta, article)
    title = line(found.first("og:title", "headline", "twitter:title", "title") or _text_of(tree, "title"))
    heading = _heading(tree)
    return Metadata(
        title=title,
        heading=heading,
        site=line(found.first("og:site_name")),
        descriptions=_descriptions(meta, article),
        body=paragraphs(_string(article.get("articleBody"))),
        section=line(found.first("article:section", "articleSection") or _itemprop(tree, "articleSection"), 100)
        or _crumb(objects, title, heading),
        authors=_authors(article, meta, tree),
        picture=found.first("og:image", "og:image:url", "twitter:image") or _string(article.get("image")),
        published=found.first(*_PUBLISHED) or _itemprop(tree, "datePublished") or _time(tree),
        canonical=_canonical(tree) or found.first("og:url"),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    meta: dict[str, str]
    article: dict[str, Any]

    def first(self, *names: str) -> str:
        """The first of the names that the meta tags or the JSON-LD article give a value to."""
        return next((value for name in names if (value := self.meta.get(name) or _string(self.article.get(name)))), "")


def _meta_tags(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        content = (attributes.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().casefold() if ":" in name else name.strip(), content)
    return found


def _descriptions(meta: dict[str, str], article: dict[str, Any]) -> tuple[str, ...]:
    written = [meta.get(name, "") for name in ("og:description", "description")]
    written += [_string(article.get("description")), meta.get("twitter:description", "")]
    return tuple(dict.fromkeys(said for each in written if (said := line(each, LEAD_LIMIT))))


def _heading(tree: LexborHTMLParser) -> str:
    texts = [text for node in tree.css("h1")[:10] if (text := line(node.text(separator=" ")))]
    return texts[0] if texts else ""


def _text_of(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return node.text() if node is not None else ""


def _itemprop(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'[itemprop="{name}"]')
    if node is None:
        return ""
    attributes = node.attributes
    return attributes.get("content") or attributes.get("datetime") or line(node.text(separator=" "))


def _canonical(tree: LexborHTMLParser) -> str:
    node = tree.css_first('link[rel="canonical"][href]')
    return (node.attributes.get("href") or "").strip() if node is not None else ""


def _authors(article: dict[str, Any], meta: dict[str, str], tree: LexborHTMLParser) -> tuple[str, ...]:
    people = article.get("author")
    listed = people if isinstance(people, list) else [people]
    named = [_string(each) for each in listed if not (isinstance(each, dict) and _is_a(each, "organization"))]
    if not any(named):
        named = [meta.get("article:author") or meta.get("author") or _itemprop(tree, "author")]
    return tuple(line(name, 200) for name in named if name)


def _time(tree: LexborHTMLParser) -> str:
    """The first `<time>` of the article; outside one, teasers have times too."""
    node = tree.css_first("article time[datetime], main time[datetime], time[pubdate][datetime]")
    return (node.attributes.get("datetime") or "") if node is not None else ""


def _json_ld(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD; what can't be read is skipped."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            # Line ends inside strings are common and harmless.
            yield from _objects(json.loads(node.text().strip().rstrip(";"), strict=False))
        except (ValueError, RecursionError):
            continue


def _is_a(one: dict[str, Any], *endings: str) -> bool:
    """Whether its type, or one of its types, ends so."""
    kinds = one.get("@type")
    return any(
        isinstance(name, str) and name.casefold().endswith(endings)
        for name in (kinds if isinstance(kinds, list) else [kinds])
    )


def _crumb(objects: Sequence[dict[str, Any]], *titles: str) -> str:
    """The first of the page's breadcrumbs that is neither the front page nor the article itself; a section is short."""
    crumbs = next((each.get("itemListElement") for each in objects if _is_a(each, "breadcrumblist")), None)
    inner = (each for each in _dicts(crumbs) if not _is_front(each.get("item")))
    names = (line(_string(each.get("name") or each.get("item"))) for each in inner)
    passed = {*_FRONT, *(title.casefold() for title in titles)}
    name = next((name for name in names if name and name.casefold() not in passed), "")
    return name if len(name) <= _LONGEST_CRUMB and "/" not in name else ""


def _is_front(item: Any) -> bool:
    """Whether a breadcrumb leads to a site's front page."""
    address = item.get("@id") or item.get("url") if isinstance(item, dict) else item
    return isinstance(address, str) and bool(_ROOT.match(address))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD document: itself, list members, `@graph` and `mainEntity`, in order."""
    waiting = [data]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one[:_MOST_OBJECTS]
        elif isinstance(one, dict):
            yield one
            waiting.extend(each for key in ("@graph", "mainEntity", "mainEntityOfPage") if (each := one.get(key)))


def _string(value: Any) -> str:
    """Text, or the name or address of what JSON-LD wraps in objects and lists."""
    for _ in range(4):
        if isinstance(value, list):
            value = next((each for each in value if each), None)
        elif isinstance(value, dict):
            value = value.get("name") or value.get("url") or value.get("@value") or value.get("contentUrl")
        else:
            break
    return value if isinstance(value, str) else ""
