"""Feeds of every kind to items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from urllib.parse import urljoin

from bot.errors import ParseError
from bot.model import Item, Response, Source
from bot.parsing.dates import parse_date, zone_of
from bot.parsing.edges import bare, unglued, without_invitation, without_site
from bot.parsing.encoding import decode
from bot.parsing.entries import Entry, RawFeed, read_xml, xml_root
from bot.parsing.jsonfeed import looks_like_json, read_json
from bot.parsing.people import clean_author
from bot.parsing.text import LEAD_LIMIT, first_picture, line, paragraphs, shorten
from bot.parsing.urls import article_key, canonical_url, fit_key, hashed, host_of, http_url, url_key

MOST_ITEMS: Final = 1_000
"""Taken from one feed, the newest; undated ones count as they stand."""
_LONGEST_TTL: Final = timedelta(days=7)
_BODY: Final = 200
"""Characters from which a feed's content may be an article's body: below, it is a lead in the wrong element."""
_SECTION_LIMIT: Final = 100
_NO_SECTION: Final = frozenset({"лента новостей", "все новости", "без рубрики", "без категории", "uncategorized"})
"""What feeds write where an article has none, or over all of them."""
_WORD: Final = re.compile(r"\w")
_SENTENCE: Final = re.compile(r"^.{10,}?[.!?…](?=\s+[«\"„А-ЯЁA-Z0-9–—-])")
_TITLE_FROM_TEXT: Final = 150
"""Characters of a title made from the text of an item that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one answer of a source held. `skipped` counts entries that could not be read."""

    items: tuple[Item, ...]
    ttl: timedelta | None
    skipped: int


def is_feed(body: bytes, content_type: str | None) -> bool:
    """Whether the bytes are a feed of any kind, whatever their type says."""
    return is_feed_text(decode(body, content_type))


def is_feed_text(text: str) -> bool:
    """The same for text already decoded."""
    if looks_like_json(text):
        return read_json(text) is not None
    return xml_root(text) is not None


def read_feed(response: Response, source: Source, now: datetime) -> Feed:  # noqa: ARG001 — every reader has one shape
    """The items of a feed, in its order, without repetitions, at most the newest `MOST_ITEMS`.

    Raises ParseError when the answer is no feed; a feed without entries is one.
    """
    text = decode(response.body, response.headers.get("content-type"))
    raw = read_json(text) if looks_like_json(text) else read_xml(text)
    if raw is None:
        raise ParseError(f"{response.url}: not a feed")
    zone = zone_of(source)
    entries = _newest(raw.entries, zone)
    shared = _shared_links(entries, response.url, raw.home)
    names = frozenset({line(raw.title), source.name, host_of(response.url), host_of(raw.home)})
    place = _Place(response.url, raw.home, names, shared, zone)
    items = [_item(entry, source, place) for entry in entries]
    good = [item for item in items if item is not None]
    return Feed(items=numbered(good), ttl=_ttl(raw), skipped=raw.unreadable + len(items) - len(good))


def numbered(items: Sequence[Item]) -> tuple[Item, ...]:
    """The first item of each key, with its position."""
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.key, item)
    return tuple(replace(item, position=position) for position, item in enumerate(first.values()))


@dataclass(frozen=True, slots=True)
class _Place:
    """What an entry's links, title, key and date depend on beside itself."""

    url: str
    home: str
    names: frozenset[str]
    """Of the site: what it puts behind its headlines."""
    shared: frozenset[str]
    """Links that several entries have in common: they name no article."""
    zone: tzinfo


def _newest(entries: Sequence[Entry], zone: tzinfo) -> Sequence[Entry]:
    if len(entries) <= MOST_ITEMS:
        return entries
    never = datetime.min.replace(tzinfo=UTC)
    dates = [parse_date(entry.published, zone) or never for entry in entries]
    chosen = sorted(range(len(entries)), key=dates.__getitem__, reverse=True)[:MOST_ITEMS]
    return [entries[index] for index in sorted(chosen)]


def _shared_links(entries: Sequence[Entry], base: str, home: str) -> frozenset[str]:
    links = Counter(canonical_url(url) for entry in entries if (url := http_url(entry.link, base)))
    guids: dict[str, set[str]] = {}
    for entry in entries:
        if url := http_url(entry.link, base):
            guids.setdefault(canonical_url(url), set()).add(entry.guid or entry.title)
    repeated = {link for link, count in links.items() if count > 1 and len(guids[link]) > 1}
    # The site's own address is no article's, even where only one entry has it today.
    return frozenset(repeated | {canonical_url(each) for each in (home, base, urljoin(base, "/"))})


def _item(entry: Entry, source: Source, place: _Place) -> Item | None:
    """None for an entry without words, or with a link that can't be followed."""
    written = entry.link.strip() or (entry.guid if entry.guid.startswith("http") else "")
    link = http_url(written, place.url)
    if written and link is None:
        return None
    title, lead, text = _words(entry, place)
    if not title:
        return None
    url = canonical_url(link or http_url(place.home, place.url) or urljoin(place.url, "/"))
    authors = (clean_author(name, source.name) for name in entry.authors)
    return Item(
        key=_key(entry, url, title, source, place),
        url=url,
        title=title,
        lead=lead,
        text=text,
        section=next((name for each in entry.sections if (name := _section(each))), None),
        author=", ".join(dict.fromkeys(name for name in authors if name))[: _SECTION_LIMIT * 2] or None,
        picture=_picture(entry, url),
        published_at=parse_date(entry.published, place.zone),
        guid=entry.guid,
    )


def _section(written: str) -> str:
    name = line(written, _SECTION_LIMIT)
    return "" if name.casefold() in _NO_SECTION else name


def _words(entry: Entry, place: _Place) -> tuple[str, str, str]:
    """Title, lead and body, none of them said twice; a title without a word in it is none, if there's another."""
    written = line(entry.title)
    if not _WORD.search(written):
        lead, text = _lead_and_text(entry, "")
        title = _title_from(lead or text)
        return title or written, lead.removeprefix(title).lstrip(), text
    title = without_site(written, (*place.names, line(entry.outlet)) if entry.outlet else place.names)
    lead, text = _lead_and_text(entry, title)
    again = len(lead) <= 2 * len(written) and bare(lead) in {bare(title), bare(written)}
    return title, "" if again else lead, text


def _lead_and_text(entry: Entry, title: str) -> tuple[str, str]:
    """A content too short for a body is a lead."""
    lead = unglued(without_invitation(line(entry.summary, LEAD_LIMIT)))
    text = without_invitation(_without_title(paragraphs(entry.content), title)) if entry.content else ""
    if len(text) >= _BODY and len(text) > len(lead):
        return lead, text
    return lead or shorten(text.replace("\n", " "), LEAD_LIMIT), ""


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if rest and bare(first) == bare(title) else text


def _title_from(text: str) -> str:
    """The first sentence of `text`, or as many of its words as make a title."""
    whole = " ".join(text[: 4 * _TITLE_FROM_TEXT].split())
    sentence = _SENTENCE.match(whole)
    return shorten(sentence[0] if sentence else whole, _TITLE_FROM_TEXT)


def _key(entry: Entry, url: str, title: str, source: Source, place: _Place) -> str:
    """The pattern's key, else the canonical address, else (where entries share it) the guid, else title and date."""
    if found := article_key(url, source):
        return found
    if url not in place.shared:
        return url_key(url, source)
    if entry.guid and canonical_url(entry.guid) not in place.shared:
        return fit_key(line(entry.guid))
    return hashed(title, entry.published)


def _picture(entry: Entry, base: str) -> str | None:
    written = [*entry.pictures, first_picture(entry.summary), first_picture(entry.content)]
    return next((url for each in written if (url := http_url(each, base))), None)


def _ttl(raw: RawFeed) -> timedelta | None:
    """How long the feed asks to be left alone: minutes, up to a week; None if it doesn't say."""
    digits = raw.ttl.strip()
    if not digits.isdecimal() or len(digits) > 6 or int(digits) == 0:
        return None
    return min(timedelta(minutes=int(digits)), _LONGEST_TTL)
