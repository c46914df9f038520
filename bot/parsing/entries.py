"""XML feeds to plain records: the fast parser first, feedparser behind it.

Both are given text that we decoded and mended, never an address or a file name (either would open it). Everything
before the root element is dropped, and with it every entity declaration: no external entity, no entity bomb reaches
them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import feedparser_rs

MOST_ENTRIES: Final = 20_000
"""Read from one feed before the newest are chosen; ten megabytes hold no more real ones."""
_SECOND_OPINION: Final = 4_000_000
"""Bytes up to which feedparser is asked about a damaged feed (about 0.6 s); beyond, only if there is nothing else."""
_MOST_TAGS: Final = 200_000
"""Up to which feedparser is asked at all: it takes 12 µs a tag, and a feed of 10 MB may hold 2 million."""

_ROOT: Final = re.compile(r"<(?:(?:(\w+):)?(?:rss|feed)|(?:\w+:)?RDF|channel)(?=[\s>])", re.IGNORECASE)
_PAGE: Final = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_ROOT_REACH: Final = 50_000
"""Characters of declarations, style sheets, comments and stray warnings that may stand before the root."""
_LOOSE_AMPERSAND: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(\w{2,32};)?")
_FULL_TEXT: Final = re.compile(
    r"<(/?)(?:(?:[\w-]+:)?full-?text|(?:yandex|turbo|rambler|mailru):content)(?=[\s>])", re.IGNORECASE
)
_CREATED: Final = re.compile(r"<(/?)dcterms:(?:created|issued)(?=[\s>])", re.IGNORECASE)
_UNCLOSED: Final = re.compile(
    r"<(title|link|guid|pubDate|description)>([^<]*+)"
    r"(?=<(?:title|link|guid|pubDate|description|category|enclosure|item)[\s/>]|</item>)",
    re.IGNORECASE,
)
_CDATA: Final = "<![CDATA["
_CDATA_END: Final = "]]>"
_ELEMENT_END: Final = re.compile(r"</(?:title|link|guid|description|summary|content|content:encoded)>", re.IGNORECASE)
_INLINE: Final = (
    "a|abbr|b|big|blockquote|br|center|code|del|div|em|figure|font|h[1-6]|hr|i|iframe|img|ins|li|mark|nobr|ol|p|pre|q|"
    "s|small|span|strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul|wbr"
)
_HOLDS_MARKUP: Final = re.compile(r"<(?:title|description)>[^<]*+<(?!/(?:title|description)>|!)", re.IGNORECASE)
_MARKUP_INSIDE: Final = re.compile(
    rf"<(title|description)>((?:[^<]++|</?(?:{_INLINE})(?=[\s/>])[^<>]*+>|<(?![/a-z!?]))*+)</\1>", re.IGNORECASE
)
_AUTHOR: Final = re.compile(
    r"<(atom|a10):author>\s*<\1:name>([^<>]{0,300})</\1:name>(?:(?!</?\1:author>).){0,600}</\1:author>",
    re.DOTALL | re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as its feed wrote it: markup, entities and all."""

    link: str = ""
    guid: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    published: str = ""
    outlet: str = ""
    """The name of the site it was taken from, where the feed collects from several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed as it was written. `home` is the site it belongs to, `ttl` a number of minutes or nonsense."""

    entries: tuple[Entry, ...]
    title: str = ""
    home: str = ""
    ttl: str = ""
    unreadable: int = 0


def xml_root(text: str) -> int | None:
    """Where the root element of an RSS, RDF or Atom feed starts in `text`; None when it is none."""
    root = _ROOT.search(text, 0, _ROOT_REACH)
    if root is None or _PAGE.search(text, 0, root.start()):
        return None
    return root.start()


def read_xml(text: str) -> RawFeed | None:
    """The entries of an RSS, RDF or Atom feed; None when neither parser finds a feed in it."""
    root = xml_root(text)
    if root is None:
        return None
    mended = _mend(_unprefixed(text[root:])).encode("utf-8", "replace")
    fast, whole = _fast(mended)
    if fast is not None and fast.entries and (len(mended) > _SECOND_OPINION or (whole and _linked(fast))):
        return fast
    slow = _slow(mended) if mended.count(b"<") <= _MOST_TAGS else None
    if fast is None or slow is None:
        return fast or slow
    return slow if len(slow.entries) > len(fast.entries) or (_linked(slow) and not _linked(fast)) else fast


def _linked(feed: RawFeed) -> bool:
    """Whether any entry says where its article is. The fast parser drops links into private networks."""
    return any(entry.link or entry.guid.startswith("http") for entry in feed.entries)


def _unprefixed(text: str) -> str:
    """`<r:rss><r:channel>…` is the same without the prefix; both parsers know only some of them."""
    root = _ROOT.match(text)
    prefix = root[1] if root else None
    return re.sub(rf"<(/?){re.escape(prefix)}:", r"<\1", text) if prefix else text


def _mend(text: str) -> str:
    """Repairs what the fast parser stumbles over or drops, so that the slow one is seldom needed."""
    text = _LOOSE_AMPERSAND.sub(_as_text, text)
    # It knows elements by their prefix only, and not these, by which Russian feeds carry bodies and authors.
    if "full" in text or "turbo:" in text:
        text = _FULL_TEXT.sub(r"<\1content:encoded", text)
    if "<dcterms:" in text:
        text = _CREATED.sub(r"<\1dc:date", text)
    if ":author>" in text:
        text = _AUTHOR.sub(r"<dc:creator>\2</dc:creator>", text)
    text = _UNCLOSED.sub(r"<\1>\2</\1>", text)
    if text.count(_CDATA) > text.count(_CDATA_END):
        text = _closed_cdata(text)
    # Of markup that was not escaped it keeps the words before and within the first tag only.
    return _MARKUP_INSIDE.sub(_escaped, text) if _HOLDS_MARKUP.search(text) else text


def _closed_cdata(text: str) -> str:
    """Sections that are never closed end with their element: they would swallow the items after theirs."""
    kept, at, end = [], 0, 0
    while (start := text.find(_CDATA, at)) >= 0:
        end = text.find(_CDATA_END, start) if 0 <= end < start else end
        another = text.find(_CDATA, start + len(_CDATA))
        if end >= 0 and (another < 0 or end < another):
            kept.append(text[at : end + len(_CDATA_END)])
            at = end + len(_CDATA_END)
            continue
        closing = _ELEMENT_END.search(text, start)
        if closing is None:
            break
        kept += [text[at : closing.start()], _CDATA_END]
        at = closing.start()
    return "".join([*kept, text[at:]])


def _escaped(element: re.Match[str]) -> str:
    return f"<{element[1]}>{element[2].replace('<', '&lt;')}</{element[1]}>"


def _as_text(loose: re.Match[str]) -> str:
    """HTML's own entities become characters, any other ampersand an escaped one."""
    return html.escape(html.unescape(loose[0]), quote=False) if loose[1] else "&amp;"


def _fast(body: bytes) -> tuple[RawFeed | None, bool]:
    """What feedparser-rs finds, and whether it read to the end."""
    limits = feedparser_rs.ParserLimits(max_entries=MOST_ENTRIES)
    try:
        parsed = feedparser_rs.parse_with_limits(body, limits=limits, sanitize_html=False, resolve_relative_uris=False)
    except ValueError:
        return None, False
    except BaseException as error:  # pragma: no cover — no feed is known to cause it
        # A panic of its Rust code is no Exception; it must not end the process as ^C does.
        if type(error).__name__ != "PanicException":
            raise
        return None, False
    if not parsed.version:
        return None, False
    entries, unreadable = _each(parsed.entries, _fast_entry)
    head = parsed.feed
    named = {"title": _text(head.title), "home": _text(head.link), "ttl": _text(head.ttl)}
    return RawFeed(entries=entries, unreadable=unreadable, **named), not parsed.bozo


def _slow(body: bytes) -> RawFeed | None:
    """What feedparser finds. It adds half a second and tens of megabytes to a process, hence the late import."""
    import feedparser  # noqa: PLC0415

    try:
        parsed: Any = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError, LookupError):
        # feedparser's loose parser lets these out on broken markup.
        return None
    if not parsed.get("version") and not parsed.entries:
        return None
    entries, unreadable = _each(parsed.entries[:MOST_ENTRIES], _slow_entry)
    head = parsed.get("feed", {})
    named = {"title": _text(head.get("title")), "home": _text(head.get("link")), "ttl": _text(head.get("ttl"))}
    return RawFeed(entries=entries, unreadable=unreadable, **named)


def _each(found: Iterable[Any], read: Any) -> tuple[tuple[Entry, ...], int]:
    entries: list[Entry] = []
    unreadable = 0
    for one in found:
        try:
            entries.append(read(one))
        except (ValueError, TypeError, AttributeError, KeyError):
            unreadable += 1
    return tuple(entries), unreadable


def _fast_entry(entry: Any) -> Entry:
    media = [(each.url, each.type or each.medium) for each in entry.media_content]
    summary, content = _text(entry.summary), _longest(each.value for each in entry.content)
    authors = [each.name for each in entry.authors] or [entry.author]
    return Entry(
        link=_text(entry.link),
        guid=_text(entry.id),
        title=_text(entry.title),
        # It fills a missing summary with the content.
        summary="" if summary == content else summary,
        content=content,
        authors=tuple(_text(each) for each in authors if each),
        sections=tuple(_text(each.label or each.term) for each in entry.tags),
        pictures=_pictures(
            [(each.href, each.type) for each in entry.enclosures], media, [each.url for each in entry.media_thumbnail]
        ),
        published=_text(entry.published or entry.updated or entry.dc_date),
        outlet=_text(entry.source.title) if entry.source else "",
    )


def _slow_entry(entry: Any) -> Entry:
    summary, content = _text(entry.get("summary")), _longest(each.get("value") for each in entry.get("content", ()))
    authors = [each.get("name") for each in entry.get("authors", ())] or [entry.get("author")]
    return Entry(
        link=_text(entry.get("link")),
        guid=_text(entry.get("id")),
        title=_text(entry.get("title")),
        summary="" if summary == content else summary,
        content=content,
        authors=tuple(_text(each) for each in authors if each),
        sections=tuple(_text(each.get("label") or each.get("term")) for each in entry.get("tags", ())),
        pictures=_pictures(
            [(each.get("href"), each.get("type")) for each in entry.get("enclosures", ())],
            [(each.get("url"), each.get("type") or each.get("medium")) for each in entry.get("media_content", ())],
            [each.get("url") for each in entry.get("media_thumbnail", ())],
        ),
        published=_text(entry.get("published") or entry.get("updated")),
        outlet=_text(entry.get("source", {}).get("title")),
    )


def _pictures(
    enclosures: list[tuple[Any, Any]], media: list[tuple[Any, Any]], thumbnails: list[Any]
) -> tuple[str, ...]:
    """Addresses of pictures, best first. A kind that is not told is judged by the address."""
    found = [_text(url) for url, kind in (*enclosures, *media) if url and _is_image(_text(url), _text(kind))]
    return (*found, *(_text(url) for url in thumbnails if url))


def _is_image(url: str, kind: str) -> bool:
    if kind in {"", "unknown"}:
        return bool(_IMAGE.search(url))
    return kind.startswith("image")


def _longest(values: Iterable[Any]) -> str:
    return max((_text(value) for value in values), key=len, default="")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
