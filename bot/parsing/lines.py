"""A page as its reader sees it: lines of text, one a block element, and which of them are links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.errors import ParseError
from bot.parsing.text import tidy, without

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_LONGEST_PAGE: Final = 1_500_000
"""Characters of a page without its scripts; real articles stay under 400,000."""
_DEEPEST: Final = 2_000
"""Elements inside each other. HTML parsers take quadratic time in depth: 2,000 cost 10 ms, 100,000 half a minute."""
_LONGEST_TAG: Final = 20_000
"""Characters of one tag; parsers take quadratic time in its attributes. Longer ones hold an embedded picture."""
_SCRIPT: Final = (
    re.compile(r"<script\b(?![^<>]{0,300}ld\+json)", re.IGNORECASE),
    re.compile(r"</script[^<>]*>", re.IGNORECASE),
)
_STYLE: Final = (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style[^<>]*>", re.IGNORECASE))
_COMMENT: Final = (re.compile(r"<!--"), re.compile(r"-->"))
_VECTOR: Final = (re.compile(r"<svg\b", re.IGNORECASE), re.compile(r"</svg[^<>]*>", re.IGNORECASE))
_HUGE_TAG: Final = re.compile(rf"<[a-z][^<>]{{{_LONGEST_TAG},}}>?", re.IGNORECASE)
_MOST_TAGS: Final = 30_000
"""Tags of one page; extraction takes over a second beyond. Real articles stay under 10,000."""
_TAG: Final = re.compile(r"<(/?)([a-z][\w-]*)", re.IGNORECASE)
_NOT_NESTING: Final = frozenset({
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "source", "tbody", "td", "th", "thead", "tr", "track", "wbr",
})  # fmt: skip
"""Void elements, and those that the next of their kind closes."""
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip
_UNSEEN: Final = frozenset({
    "script", "style", "noscript", "template", "head", "iframe", "object", "select", "textarea", "svg",
})  # fmt: skip
_MARKUP: Final = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9]*)[\s/>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. `link` is set where all of it is one link."""

    text: str
    link: str | None = None


def is_markup(text: str) -> bool:
    """Whether there is any HTML in `text`."""
    return bool(_MARKUP.search(text))


def bounded(markup: str) -> str:
    """The page without what costs time and says nothing: scripts (but not JSON-LD), styles, comments, drawings.

    Raises ParseError for pages built to be slow.
    """
    for opening, closing in (_COMMENT, _SCRIPT, _STYLE, _VECTOR):
        markup = without(markup, opening, closing)
    markup = _HUGE_TAG.sub("", markup)[:_LONGEST_PAGE]
    depth = 0
    for number, tag in enumerate(_TAG.finditer(markup)):
        if number >= _MOST_TAGS:
            return markup[: tag.start()]
        if tag[2].lower() in _NOT_NESTING:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _DEEPEST:
            raise ParseError("the page is nested too deep to be an article")
    return markup


def parse(markup: str) -> LexborHTMLParser:
    """The tree of a bounded page."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 — the main process reads no pages

    return LexborHTMLParser(markup)


def plain_lines(text: str) -> tuple[Line, ...]:
    """The lines of a text without markup."""
    return tuple(Line(tidy(each)) for each in text.splitlines() if tidy(each))


def lines(tree: LexborHTMLParser, *, keep_line_ends: bool = False) -> tuple[Line, ...]:
    """The lines of a page in order, without empty ones.

    `keep_line_ends` takes the line ends of the source for line ends: right for text poured into a page without markup.
    """
    writer = _Writer()
    stack: list[tuple[LexborNode, str | None, bool, bool]] = []
    if tree.root is not None:
        stack.append((tree.root, None, keep_line_ends, False))
    while stack:
        node, link, exact, leaving = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            writer.write(node.text_content or "", link, exact)
            continue
        if tag in _UNSEEN:
            continue
        if tag in _BLOCKS:
            writer.end()
        if leaving:
            continue
        inside = (node.attributes.get("href") or link) if tag == "a" else link
        stack.append((node, link, exact, True))
        children = [(child, inside, exact or tag == "pre", False) for child in node.iter(include_text=True)]
        stack.extend(reversed(children))
    writer.end()
    return tuple(writer.lines)


class _Writer:
    """Collects pieces of text into lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._links: set[str | None] = set()

    def write(self, text: str, link: str | None, exact: bool) -> None:
        rows = text.split("\n") if exact else [text]
        for number, row in enumerate(rows):
            if number:
                self.end()
            self._pieces.append(row)
            if row.strip():
                self._links.add(link)

    def end(self) -> None:
        text = tidy("".join(self._pieces))
        if text:
            self.lines.append(Line(text, next(iter(self._links)) if len(self._links) == 1 else None))
        self._pieces.clear()
        self._links.clear()
