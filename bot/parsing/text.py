"""HTML, entities and odd characters to clean text."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from bot.parsing.encoding import remove_controls

TITLE_LIMIT: Final = 1_000
LEAD_LIMIT: Final = 2_000
TEXT_LIMIT: Final = 100_000
"""Characters; a longer headline, lead or body is a fault of the page or an attack."""
_RAW_LIMIT: Final = 1_000_000
"""Characters of markup looked at for one field."""

_INVISIBLE: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]")
_NAMES: Final = (
    "a|abbr|acronym|address|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blockquote|body|br|button|canvas|"
    "caption|center|cite|code|col|colgroup|data|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|"
    "figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|"
    "main|map|mark|meta|nav|nobr|noindex|noscript|object|ol|optgroup|option|p|param|picture|pre|progress|q|rp|rt|ruby|"
    "s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|path|table|tbody|td|"
    "template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr"
)
# Only names of HTML are tags, so that «x<y» and «<3» stay text. No alternative reaches past the next `<`, which keeps
# the time linear whatever the quotes do.
_TAG: Final = re.compile(
    rf"""<(/?)({_NAMES})(?=[\s/>])(?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+>)|<(/?)([a-z]\w*[:-]\w+)[^<>]*+>""",
    re.IGNORECASE,
)
_BLOCK: Final = frozenset({
    "address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_UNSEEN: Final = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script[^<>]*>", re.IGNORECASE)),
    (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style[^<>]*>", re.IGNORECASE)),
)
_FURNITURE: Final = tuple(
    (re.compile(rf"<{name}(?=[\s>])", re.IGNORECASE), re.compile(rf"</{name}\s*>", re.IGNORECASE))
    for name in ("nav", "menu", "button", "select", "figcaption")
)
_ANY_FURNITURE: Final = re.compile("|".join(opening.pattern for opening, _ in _FURNITURE), re.IGNORECASE)
"""Elements inside an article's own markup that hold none of its words: ways to go elsewhere, captions, credits."""
_ESCAPED: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_PICTURE: Final = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*["']?([^"'\s<>]+)[^<>]*>""", re.IGNORECASE)
_PIXEL: Final = re.compile(r"""\b(?:width|height)\s*=\s*["']?[01]["'\s/>]""", re.IGNORECASE)


def tidy(text: str) -> str:
    """One line: NFC, no control, zero-width, bidirectional or soft-hyphen characters, white space folded."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", remove_controls(text))).split())


def line(markup: str, limit: int = TITLE_LIMIT) -> str:
    """The text of a piece of HTML, or of text with entities, in one line of at most `limit` characters."""
    return shorten(tidy(_plain(markup).replace("\n", " ")), limit)


def paragraphs(markup: str, limit: int = TEXT_LIMIT) -> str:
    """The text of a piece of HTML, a line a block element, empty lines dropped, at most `limit` characters."""
    lines = (tidy(each) for each in _plain(markup).split("\n"))
    return shorten("\n".join(each for each in lines if each), limit)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a word and marked with «…» where it had to be cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > limit // 2 else head).rstrip() + "…"


def first_picture(markup: str) -> str | None:
    """The address of the first image that is not a counting pixel, as written."""
    for match in _PICTURE.finditer(markup[:_RAW_LIMIT]):
        if not _PIXEL.search(match[0]):
            return match[1]
    return None


def without(markup: str, opening: re.Pattern[str], closing: re.Pattern[str], *, closed: bool = False) -> str:
    """`markup` without what stands between. Linear in time.

    What is never closed runs to the end, as in a browser; with `closed` it stays.
    """
    kept, at = [], 0
    while start := opening.search(markup, at):
        end = closing.search(markup, start.end())
        if end is None and closed:
            break
        kept.append(markup[at : start.start()])
        if end is None:
            return "".join(kept)
        at = end.end()
    return "".join([*kept, markup[at:]])


def _plain(markup: str) -> str:
    """Tags off and entities resolved until none is left: feeds escape twice, some three times."""
    text = markup[:_RAW_LIMIT]
    for _ in range(3):
        if "<" in text:
            text = _strip(text)
        if not _ESCAPED.search(text):
            return text
        text = html.unescape(text)
    return _strip(text)


def _strip(markup: str) -> str:
    for opening, closing in _UNSEEN:
        markup = without(markup, opening, closing)
    if _ANY_FURNITURE.search(markup):
        for opening, closing in _FURNITURE:
            markup = without(markup, opening, closing, closed=True)
    if "<" in markup and _TAG.search(markup):
        # White space of the markup is no line end; only block elements are.
        return _TAG.sub(_gap, markup.replace("\n", " "))
    return markup


def _gap(tag: re.Match[str]) -> str:
    return "\n" if (tag[2] or "").lower() in _BLOCK else ""
