"""An article page of trud.ru, read by the order of its lines.

The site's class names have changed with every redesign, the order has not: breadcrumbs with time and views, headline,
lead, author, photo credit, body; then some twenty teasers of other stories, and the newsletter, the order of sections,
the lawyer and the notification prompt. So the rule is about lines, and works on whatever markup surrounds them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.parsing.lines import Line
from bot.parsing.people import clean_author
from bot.parsing.urls import article_number

_HEADER: Final = re.compile(
    r"(?:^|\n)(?:[^\n]{0,20}\bТруд\b[^\n]{0,5}[\s/›»>|→·•—-]+)?Главная(?P<section>(?:(?!Главная)[^\n\d]){0,60}(?:\n(?:(?!Главная)[^\n\d]){1,60}){0,4}?)?"
    r"[\s,|·•/›»>—-]*(?P<date>(?:\d{1,2}:\d{2}[\s,|·•]*)?\d{1,2}\s+[А-ЯЁа-яё]{3,8}\.?\s+\d{4}(?:[\s,|·•]*\d{1,2}:\d{2})?)"
    r"(?:\s*г(?:ода|\.))?(?:[^\w\n]*(?:просмотр\w*:?\s*)?(?P<views>\d[\d ]{0,11})(?:\s*просмотр\w*)?(?=\n|$)"
    r"|\n[^\w\n]*(?:просмотр\w*:?\s*)?(?P<own_line>\d[\d ]{0,11})(?:\s*просмотр\w*)?(?=\n|$))?"
)
_SEPARATORS: Final = " \n\t/›»>|→·•,-—"
_BYLINE_WORD: Final = r"[А-ЯЁA-Z][\w’'-]*\.?"
_BYLINE: Final = re.compile(
    rf"^(?:(?:Автор|Текст|Подготовил[аи]?|Беседовал[аи]?)\s*:?\s+)?{_BYLINE_WORD}(?:\s+{_BYLINE_WORD}){{1,3}}"
    rf"(?:(?:,|\s+и)\s+{_BYLINE_WORD}(?:\s+{_BYLINE_WORD}){{1,3}})*(?:,\s+[^.!?]{{3,100}})?$"
)
_OUTLET: Final = re.compile(
    r"^(?:(?:www\.)?trud\.ru|[«\"]?Труд[»\"]?|Газета\s+[«\"]?Труд[»\"]?|Редакция.{0,30})$", re.IGNORECASE
)
_CREDIT: Final = re.compile(
    r"(?:^|[\s.!?»)])(?:Фото|Кадр|Скриншот|Коллаж|Иллюстрация|Изображение|Стоп-кадр)\b(?:\s*(?:видео|с|из|и)\b|\s*:|\s*©|\s*/)"
    r"|^©|globallookpress\.com\s*$"
)
_CREDIT_ALONE: Final = re.compile(r"^(?:Фото|Кадр|Скриншот|Коллаж|Иллюстрация|Стоп-кадр)\s*(?:видео|с|из|:|©)")
_CREDIT_LIMIT: Final = 300
_CUT: Final = re.compile(r"(?:\.\.\.|…)[»\"]?(?:\s*(?:Читать\s+)?(?:далее|подробнее|дальше)\W*)?$", re.IGNORECASE)
_CUT_LEAST: Final = 60
"""Characters; the site cuts a teaser's text at about 230."""
_HEAD_LIMIT: Final = 350
_UNIT_LIMIT: Final = 8
"""Lines of one teaser at most: title, lead, two of the author, credit, text, and a date."""
_SENTENCE_END: Final = re.compile(r"[.…][»\")]*$")
_NOISE: Final = re.compile(
    r"^(?:\W*|[\d\s.,:]+|"
    r"(?:\d{1,2}:\d{2}\s*,?\s*)?\d{1,2}\s+[а-яё]{3,8}(?:\s+\d{4})?(?:\s*,?\s*\d{1,2}:\d{2})?(?:\s+\d[\d ]*)?|"
    r"подписаться|поделиться|реклама|читайте также|материалы по теме|другие (?:новости|материалы)|по теме|"
    r"новости по теме|загрузить ещ[её]|показать ещ[её]|все новости|"
    r"смотрите также|самое (?:читаемое|важное|популярное)|главное|ещё|еще|комментарии(?:\s*\(?\d+\)?)?|комментировать|"
    r"вконтакте|одноклассники|telegram|facebook|twitter|whatsapp|viber|vk|ok|распечатать|версия для печати|печать|"
    r"теги:?.{0,200}|метки:?.{0,200}|поделиться(?: в)?:?.{0,60}|читать далее|подробнее|далее|новости партн[её]ров|"
    r"следите за нами.{0,80}|подписывайтесь на.{0,120}|сохранить|назад|наверх)\W*$",
    re.IGNORECASE,
)
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
    end = _before_teasers(lines, begin, end, url)
    body = tuple(line.text for line in lines[begin:end] if not _is_credit_alone(line.text))
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


def is_outlet(text: str) -> bool:
    """Whether it is no more than the newspaper's own name."""
    return bool(_OUTLET.match(text))


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
        if not is_credit(text) and not _OUTLET.match(text) and (name := clean_author(text)):
            authors.append(name)
        length += 1
    return _Preamble(" ".join(line.text for line in lines[:sign]), ", ".join(authors) or None, length)


def _reads_as_lead(text: str, description: str) -> bool:
    same = bool(description) and text[:80] == description[:80]
    return same or (len(text) <= _HEAD_LIMIT and not _SENTENCE_END.search(text))


def _is_sign(text: str, *, first: bool = False) -> bool:
    """Author, outlet, credit, or something that is no text at all (a date, buttons).

    A long line right below the headline is a lead, even if it starts as an author's does: «Имя Фамилия, …».
    """
    return (is_byline(text) and not (first and len(text) > 60)) or is_credit(text) or bool(_NOISE.match(text))


def is_byline(text: str) -> bool:
    """«Олег Шевцов, политический обозреватель «Труда»», «trud.ru», «Труд»."""
    return len(text) <= 160 and bool(_OUTLET.match(text) or _BYLINE.match(text))


def is_credit(text: str) -> bool:
    """«Фото: …», also after a caption; «Кадр видео из …»."""
    return len(text) <= _CREDIT_LIMIT and bool(_CREDIT.search(text))


def _is_credit_alone(text: str) -> bool:
    return len(text) <= _CREDIT_LIMIT and bool(_CREDIT_ALONE.match(text))


# --- the end --------------------------------------------------------------------------------------------------------


def _footer(lines: Sequence[Line], start: int) -> int:
    """Where the newsletter form, the order of sections or the prompt begins."""
    found = next((index for index in range(start, len(lines)) if _FOOTER.match(lines[index].text)), len(lines))
    return _without_noise(lines, start, found)


def _without_noise(lines: Sequence[Line], begin: int, end: int) -> int:
    while end > begin and _NOISE.match(lines[end - 1].text):
        end -= 1
    return end


def _before_teasers(lines: Sequence[Line], begin: int, end: int, url: str) -> int:
    """Where the body that begins at `begin` ends.

    Teasers are read from the last one upwards. One is: a line or two of title and lead, lines of author and credit,
    and text cut with «...». The body is what stands above the first; a page's own teasers teach how many lines they
    have above the author, so that the body's last words are not taken for a title. A line that is all a link to
    another article belongs to a teaser too.
    """
    cuts = _run_of_cuts(lines, begin, end, url)
    if not cuts:
        return _without_noise(lines, begin, _before_links(lines, begin, end, url))
    shapes = [_shape(lines, above + 1, cut, url) for above, cut in pairwise(cuts)]
    heads = Counter(shape.heads for shape in shapes).most_common(1)[0][0] if shapes else 1
    signed = bool(shapes) and sum(shape.signed for shape in shapes) >= 0.8 * len(shapes)
    for cut in cuts:
        first = _unit_start(lines, begin, cut, max(1, heads), url)
        # A single one teaches nothing: it must be signed or a link, lest it be the article's own last words.
        surely = not signed and (len(cuts) > 1 or (first is not None and _is_elsewhere(lines[first], url)))
        if first is not None and (surely or _shape(lines, first, cut, url).signed):
            return _without_noise(lines, begin, _before_links(lines, begin, first, url))
    return end


def _run_of_cuts(lines: Sequence[Line], begin: int, end: int, url: str) -> list[int]:
    """The lines with the cut text of teasers, in order: from the last line upwards, while only teasers lie between."""
    below = next((index for index in range(end - 1, max(begin, end - 4) - 1, -1) if _is_cut(lines[index].text)), None)
    run: list[int] = []
    while below is not None:
        run.insert(0, below)
        reach = range(below - 1, max(begin, below - _UNIT_LIMIT) - 1, -1)
        above = next((index for index in reach if _is_cut(lines[index].text)), None)
        if above is None or not _shape(lines, above + 1, below, url).whole:
            break
        below = above
    return run


@dataclass(frozen=True, slots=True)
class _Shape:
    heads: int
    signed: bool
    whole: bool
    """Every line of it may be a teaser's."""


def _shape(lines: Sequence[Line], first: int, cut: int, url: str) -> _Shape:
    """Of the lines from `first` up to the cut text at `cut`."""
    heads, signed, whole = 0, False, cut > first
    for index in range(first, cut):
        text = lines[index].text
        if is_credit(text) or is_byline(text):
            signed = True
        elif not _NOISE.match(text):
            heads += 1
            whole = whole and (_is_head(lines, index) or _is_elsewhere(lines[index], url))
    return _Shape(heads, signed, whole and heads > 0)


def _unit_start(lines: Sequence[Line], begin: int, cut: int, heads: int, url: str) -> int | None:
    """Where the teaser whose text is at `cut` starts; None if nothing above it is a title or lead."""
    index, found = cut, 0
    while index > begin and (cut - index) < _UNIT_LIMIT:
        above = lines[index - 1]
        plain = not (is_credit(above.text) or is_byline(above.text) or _NOISE.match(above.text))
        if plain:
            if found >= heads and not _is_elsewhere(above, url):
                break
            if not (_is_head(lines, index - 1) or _is_elsewhere(above, url)) or _is_cut(above.text):
                break
            found += 1
        elif found:
            break
        index -= 1
    return index if found else None


def _is_head(lines: Sequence[Line], index: int) -> bool:
    """A teaser's title or lead: short, and without a full stop unless the author or credit comes right below."""
    text = lines[index].text
    if len(text) > _HEAD_LIMIT:
        return False
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return not _SENTENCE_END.search(text) or is_credit(below) or is_byline(below)


def _is_cut(text: str) -> bool:
    return len(text) >= _CUT_LEAST and bool(_CUT.search(text))


def _is_elsewhere(line: Line, url: str) -> bool:
    """All of the line is a link to another article."""
    target = article_number(line.link) if line.link else None
    return target is not None and target != article_number(url)


def _before_links(lines: Sequence[Line], begin: int, end: int, url: str) -> int:
    """Steps over lines at the end that are all links to other articles, with their dates and headings."""
    last = end
    while last > begin and (_is_elsewhere(lines[last - 1], url) or _NOISE.match(lines[last - 1].text)):
        last -= 1
    return last
