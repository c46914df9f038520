"""An article page of trud.ru, read by the order of its lines.

The site's class names have changed with every redesign, the order has not: breadcrumbs with time and views, headline,
lead, author, photo credit, body; then some twenty teasers of other stories, and the newsletter, the order of sections,
the lawyer and the notification prompt. So the rule is about lines, and works on whatever markup surrounds them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.parsing.lines import Line
from bot.parsing.people import clean_author
from bot.parsing.teasers import (
    before_teasers,
    is_byline,
    is_credit,
    is_credit_alone,
    is_noise,
    is_outlet,
    reads_as_head,
    without_noise,
)

_HEADER: Final = re.compile(
    r"(?:^|\n)(?:[^\n]{0,20}\bТруд\b[^\n]{0,5}[\s/›»>|→·•—-]+)?Главная(?P<section>(?:(?!Главная)[^\n\d]){0,60}(?:\n(?:(?!Главная)[^\n\d]){1,60}){0,4}?)?"
    r"[\s,|·•/›»>—-]*(?P<date>(?:\d{1,2}:\d{2}[\s,|·•]*)?\d{1,2}\s+[А-ЯЁа-яё]{3,8}\.?\s+\d{4}(?:[\s,|·•]*\d{1,2}:\d{2})?)"
    r"(?:\s*г(?:ода|\.))?(?:[^\w\n]*(?:просмотр\w*:?\s*)?(?P<views>\d[\d ]{0,11})(?:\s*просмотр\w*)?(?=\n|$)"
    r"|\n[^\w\n]*(?:просмотр\w*:?\s*)?(?P<own_line>\d[\d ]{0,11})(?:\s*просмотр\w*)?(?=\n|$))?"
)
_SEPARATORS: Final = " \n\t/›»>|→·•,-—"
_FOOTER: Final = re.compile(
    r"^(?:Еженедельная рассылка самых важных|Порядок разделов\s*$|Для того, чтобы изменить порядок|Спроси у юриста\s*$|"
    r"Квалифицированные юристы помогут|Хотите получать уведомления о самых важных|"
    r"Вы подписались на еженедельную рассылку|"
    r"Вы подписаны на рассылку|©\s*(?:\d{4}[\s–-]*)*.{0,20}Труд\b)",
    re.IGNORECASE,
)
_OURS: Final = re.compile(r"\btrud\.ru\b|\bТруда?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrudArticle:
    """What the lines say. `date` is as written: Moscow's time."""

    title: str
    lead: str
    body: tuple[str, ...]
    section: str | None = None
    author: str | None = None
    date: str = ""
    views: int | None = None


def is_trud_layout(lines: Sequence[Line]) -> bool:
    """Whether a page from anywhere is laid out, and signed, as trud.ru's."""
    header = _HEADER.search(_joined(lines))
    seen = header is not None and (header["views"] or header["own_line"])
    return bool(seen) and any(_OURS.search(line.text) for line in lines)


def read_lines_of_article(lines: Sequence[Line], heading: str, description: str, url: str) -> TrudArticle | None:
    """The article in the lines of its page; None when there is no headline or no body.

    `heading` is the page's `<h1>` or og:title and `description` its og:description, each "" where it has none.
    """
    text = _joined(lines)
    header = _HEADER.search(text)
    start = _line_after(text, header.end()) if header else _after_heading(lines, heading)
    if start is None or start >= len(lines):
        return None
    title, start = _title(lines, start, heading)
    end = _footer(lines, start)
    preamble = _preamble(lines[start:end], description)
    begin = start + preamble.length
    end = before_teasers(lines, begin, end, url)
    body = tuple(line.text for line in lines[begin:end] if not is_credit_alone(line.text))
    if not title or not (body or preamble.lead):
        return None
    return TrudArticle(
        title=title,
        lead=preamble.lead,
        body=body,
        section=_section(header["section"]) if header else None,
        author=preamble.author,
        date=header["date"] if header else "",
        views=_number(header["views"] or header["own_line"]) if header else None,
    )


# --- the head -------------------------------------------------------------------------------------------------------


def _joined(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _line_after(text: str, end: int) -> int:
    """The index of the first line that starts after `end` in the joined text."""
    return text.count("\n", 0, end) + 1


def _after_heading(lines: Sequence[Line], heading: str) -> int | None:
    """Where the headline stands, on a page without the header line."""
    return next((index for index, line in enumerate(lines) if heading and line.text == heading), None)


def _title(lines: Sequence[Line], start: int, heading: str) -> tuple[str, int]:
    """The headline, and where what follows it begins.

    It is the page's `<h1>` where that stands within a few lines, or stood above the header; else the first line.
    """
    for index in range(start, min(start + 4, len(lines))):
        if heading and lines[index].text == heading:
            return heading, index + 1
    above = {line.text for line in lines[max(0, start - 8) : start]}
    if heading and heading in above:
        return heading, start
    return lines[start].text, start + 1


def _section(written: str | None) -> str | None:
    """The last crumb: «Главная / Политика» is in Политика."""
    crumbs = [crumb.strip(_SEPARATORS) for crumb in re.split(r"[\n/›»>|→·•]", written or "")]
    return next((crumb for crumb in reversed(crumbs) if crumb), None)


def _number(digits: str | None) -> int | None:
    return int("".join(digits.split())) if digits else None


@dataclass(frozen=True, slots=True)
class _Preamble:
    lead: str
    author: str | None
    length: int
    """How many lines it takes."""


def _preamble(lines: Sequence[Line], description: str) -> _Preamble:
    """Lead, author and credit before the body.

    The lead is what stands before the author's or credit's line; where there is neither, the first line if the page's
    description says so or it has no full stop, as leads on trud.ru have none.
    """
    sign = next((index for index, line in enumerate(lines[:4]) if _is_sign(line.text, first=index == 0)), None)
    if sign is None:
        has_lead = len(lines) > 1 and _reads_as_lead(lines[0].text, description)
        return _Preamble(lines[0].text, None, 1) if has_lead else _Preamble("", None, 0)
    authors: list[str] = []
    length = sign
    while length < len(lines) and length < sign + 5 and _is_sign(lines[length].text):
        text = lines[length].text
        if not is_credit(text) and not is_outlet(text) and (name := clean_author(text)):
            authors.append(name)
        length += 1
    return _Preamble(" ".join(line.text for line in lines[:sign]), ", ".join(authors) or None, length)


def _reads_as_lead(text: str, description: str) -> bool:
    same = bool(description) and text[:80] == description[:80]
    return same or reads_as_head(text)


def _is_sign(text: str, *, first: bool = False) -> bool:
    """Author, outlet, credit, or something that is no text at all (a date, buttons).

    A long line right below the headline is a lead, even if it starts as an author's does: «Имя Фамилия, …».
    """
    return (is_byline(text) and not (first and len(text) > 60)) or is_credit(text) or is_noise(text)


# --- the end --------------------------------------------------------------------------------------------------------


def _footer(lines: Sequence[Line], start: int) -> int:
    """Where the newsletter form, the order of sections or the prompt begins."""
    found = next((index for index in range(start, len(lines)) if _FOOTER.match(lines[index].text)), len(lines))
    return without_noise(lines, start, found)
