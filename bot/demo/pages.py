"""How the invented outlets look over HTTP: feeds, front pages, article pages and pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from bot.demo.outlets import Outlet, Published

MOSCOW: Final = timezone(timedelta(hours=3), "MSK")
MONTHS: Final = (
    *("Января", "Февраля", "Марта", "Апреля", "Мая", "Июня"),
    *("Июля", "Августа", "Сентября", "Октября", "Ноября", "Декабря"),
)
FEED_SIZE: Final = 25


def feed(outlet: Outlet, published: Sequence[Published], site: str) -> bytes:
    """The newest articles first, as RSS 2.0 or Atom."""
    newest = sorted(published, key=lambda one: one.published_at, reverse=True)[:FEED_SIZE]
    text = (_atom if outlet.format == "atom" else _rss)(outlet, newest, f"{site}/{outlet.path}/")
    return text.encode(outlet.encoding, errors="xmlcharrefreplace")


def _rss(outlet: Outlet, newest: Sequence[Published], home: str) -> str:
    items = "".join(_rss_item(one) for one in newest)
    return (
        f'<?xml version="1.0" encoding="{outlet.encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{escape(outlet.name)}</title><link>{home}</link><description>{escape(outlet.name)}</description>"
        f"<language>{outlet.language}</language>\n{items}</channel></rss>\n"
    )


def _rss_item(one: Published) -> str:
    article = one.article
    full = f"<content:encoded>{escape(_body(one))}</content:encoded>" if one.outlet.full_text else ""
    return (
        f"<item><title>{escape(article.title)}</title><link>{one.url}</link>"
        f'<guid isPermaLink="true">{one.url}</guid><pubDate>{format_datetime(one.published_at)}</pubDate>'
        f"<category>{escape(article.section)}</category><dc:creator>{escape(article.author)}</dc:creator>"
        f"<description>{escape(article.lead)}</description>{full}"
        f'<enclosure url="{picture_url(one)}" type="image/png" length="{len(picture(article.id))}"/></item>\n'
    )


def _atom(outlet: Outlet, newest: Sequence[Published], home: str) -> str:
    updated = newest[0].published_at.isoformat() if newest else "1970-01-01T00:00:00Z"
    entries = "".join(_atom_entry(one) for one in newest)
    return (
        f'<?xml version="1.0" encoding="{outlet.encoding}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}"><title>{escape(outlet.name)}</title>'
        f'<id>{home}</id><link href="{home}"/><updated>{updated}</updated>\n{entries}</feed>\n'
    )


def _atom_entry(one: Published) -> str:
    article, at = one.article, one.published_at.isoformat()
    return (
        f'<entry><title>{escape(article.title)}</title><link href="{one.url}"/><id>{one.url}</id>'
        f"<published>{at}</published><updated>{at}</updated><author><name>{escape(article.author)}</name></author>"
        f'<category term="{escape(article.section)}"/><summary>{escape(article.lead)}</summary>'
        f'<content type="html">{escape(_body(one))}</content></entry>\n'
    )


def _body(one: Published) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in one.article.paragraphs)


def front_page(outlet: Outlet, published: Sequence[Published], site: str) -> bytes:
    """Links to the articles that have a place there; of two with the same place the newer stands higher."""
    newest = sorted(published, key=lambda one: one.published_at, reverse=True)
    placed = sorted((one.article.place, n, one) for n, one in enumerate(newest) if one.article.place is not None)
    links = "\n".join(f'<h2><a href="{one.url}">{escape(one.article.title)}</a></h2>' for _, _, one in placed)
    feed_link = f'<a href="{site}/{outlet.path}/{outlet.feed}">RSS</a>'
    page = (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}"><head><meta http-equiv="Content-Type" '
        f'content="text/html; charset={outlet.encoding}"><title>{escape(outlet.name)}</title></head>\n'
        f"<body><h1>{escape(outlet.name)}</h1>\n{links}\n{feed_link}</body></html>\n"
    )
    return page.encode(outlet.encoding, errors="xmlcharrefreplace")


@cache
def _template(name: str) -> Template:
    return Template(files("bot.demo").joinpath("newspaper", name).read_text(encoding="utf-8"))


def article_page(one: Published, others: Sequence[Published], views: int, site: str) -> bytes:
    """The article with teasers of others below, as such pages have them."""
    outlet, article = one.outlet, one.article
    values = {
        "title": article.title,
        "lead": article.lead,
        "author": article.author,
        "section": article.section,
        "outlet": outlet.name,
        "language": outlet.language,
        "url": one.url,
        "home": f"{site}/{outlet.path}/",
        "feed": f"{site}/{outlet.path}/{outlet.feed}",
        "picture": picture_url(one),
        "published": one.published_at.isoformat(),
        "when": long_date(one.published_at),
        "views": str(views),
    }
    html = {name: escape(value) for name, value in values.items()}
    html |= {"body": _body(one), "teasers": "\n".join(_teaser(other) for other in others if other.url != one.url)}
    name = "page_trud.html" if outlet.path == "trud" else "page.html"
    return _template(name).substitute(html).encode(outlet.encoding, errors="xmlcharrefreplace")


def _teaser(other: Published) -> str:
    start = other.article.paragraphs[0][:150].rsplit(" ", 1)[0]
    return (
        f'<div class="teaser"><a href="{other.url}">{escape(other.article.title)}</a>'
        f"<p>{escape(other.article.lead)}</p><p>{escape(start)}...</p></div>"
    )


def long_date(at: datetime) -> str:
    """`17:40 03 Декабря 2016`, Moscow time."""
    local = at.astimezone(MOSCOW)
    return f"{local:%H:%M %d} {MONTHS[local.month - 1]} {local.year}"


def picture_url(one: Published) -> str:
    site = one.url.split(f"/{one.outlet.path}/", maxsplit=1)[0]
    return f"{site}/{one.outlet.path}/picture/{one.article.id}.png"


@cache
def picture(number: int) -> bytes:
    """A small PNG of one colour, another for each number."""
    width, height = 320, 180
    colour = bytes((60 + number * shade % 150) for shade in (37, 59, 83))
    rows = (b"\x00" + colour * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
