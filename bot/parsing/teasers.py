"""Where an article of trud.ru ends and the teasers of other stories begin.

A teaser is a line or two of title and lead, lines of author and credit, and text cut with «...»; a page ends in some
twenty of them. Nothing else on the page says where the body ends, so they are read from the last one upwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.parsing.lines import Line
from bot.parsing.urls import article_number

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
_TAIL: Final = 4
"""Lines after the last teaser at most (buttons, «Загрузить ещё»), where the footer is not known."""
_CONVINCING: Final = 3
"""Teasers in a row that are teasers whatever comes below."""
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


def is_outlet(text: str) -> bool:
    """Whether it is no more than the newspaper's own name."""
    return bool(_OUTLET.match(text))


def is_byline(text: str) -> bool:
    """«Олег Шевцов, политический обозреватель «Труда»», «trud.ru», «Труд»."""
    return len(text) <= 160 and bool(_OUTLET.match(text) or _BYLINE.match(text))


def is_credit(text: str) -> bool:
    """«Фото: …», also after a caption; «Кадр видео из …»."""
    return len(text) <= _CREDIT_LIMIT and bool(_CREDIT.search(text))


def is_credit_alone(text: str) -> bool:
    """A credit and nothing else, as pictures inside a body have."""
    return len(text) <= _CREDIT_LIMIT and bool(_CREDIT_ALONE.match(text))


def reads_as_head(text: str) -> bool:
    """Short, and without the full stop that ends a paragraph: a title or a lead."""
    return len(text) <= _HEAD_LIMIT and not _SENTENCE_END.search(text)


def is_noise(text: str) -> bool:
    """No text at all: dates, numbers, buttons, headings of lists."""
    return bool(_NOISE.match(text))


def without_noise(lines: Sequence[Line], begin: int, end: int) -> int:
    """Steps back over buttons, dates and headings of lists before `end`."""
    while end > begin and is_noise(lines[end - 1].text):
        end -= 1
    return end


def before_teasers(lines: Sequence[Line], begin: int, end: int, url: str) -> int:
    """Where the body that begins at `begin` ends.

    Teasers are read from the last one upwards. One is: a line or two of title and lead, lines of author and credit,
    and text cut with «...». The body is what stands above the first; a page's own teasers teach how many lines they
    have above the author, so that the body's last words are not taken for a title. A line that is all a link to
    another article belongs to a teaser too.
    """
    cuts = _run_of_cuts(lines, begin, end, url)
    if not cuts:
        return without_noise(lines, begin, _before_links(lines, begin, end, url))
    shapes = [_shape(lines, above + 1, cut, url) for above, cut in pairwise(cuts)]
    heads = Counter(shape.heads for shape in shapes).most_common(1)[0][0] if shapes else 1
    signed = bool(shapes) and sum(shape.signed for shape in shapes) >= 0.8 * len(shapes)
    for cut in cuts:
        first = _unit_start(lines, begin, cut, max(1, heads), url)
        # A single one teaches nothing: it must be signed or a link, lest it be the article's own last words.
        surely = not signed and (len(cuts) > 1 or (first is not None and _is_elsewhere(lines[first], url)))
        if first is not None and (surely or _shape(lines, first, cut, url).signed):
            return without_noise(lines, begin, _before_links(lines, begin, first, url))
    return end


def _run_of_cuts(lines: Sequence[Line], begin: int, end: int, url: str) -> list[int]:
    """The lines with the cut text of teasers, in order; [] where there are none.

    The last run is meant: near the end of the page, or, above a footer nobody knows, one of several signed teasers.
    """
    last = end - 1
    while last > begin:
        if not _is_cut(lines[last].text):
            last -= 1
            continue
        run = _run_up_from(lines, begin, last, url)
        signed = _signed(lines, run, url)
        # Questions and trailing answers look the same, but have no credits, and no footer of the site right below.
        at_the_end = end - last <= _TAIL and (len(run) == 1 or signed > 0 or end < len(lines))
        if at_the_end or (len(run) >= _CONVINCING and signed >= len(run) // 2):
            return run
        last = run[0] - 1
    return []


def _run_up_from(lines: Sequence[Line], begin: int, last: int, url: str) -> list[int]:
    """The cut text at `last` and those above it, while only teasers lie between."""
    run = [last]
    while True:
        reach = range(run[0] - 1, max(begin, run[0] - _UNIT_LIMIT) - 1, -1)
        above = next((index for index in reach if _is_cut(lines[index].text)), None)
        if above is None or not _shape(lines, above + 1, run[0], url).whole:
            return run
        run.insert(0, above)


def _signed(lines: Sequence[Line], run: Sequence[int], url: str) -> int:
    """How many teasers below the first have an author, a credit or a link of their own."""
    linked = [any(_is_elsewhere(line, url) for line in lines[above + 1 : cut]) for above, cut in pairwise(run)]
    shapes = [_shape(lines, above + 1, cut, url) for above, cut in pairwise(run)]
    return sum(shape.signed or link for shape, link in zip(shapes, linked, strict=True))


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
        elif not is_noise(text):
            heads += 1
            whole = whole and (_is_head(lines, index) or _is_elsewhere(lines[index], url))
    return _Shape(heads, signed, whole and heads > 0)


def _unit_start(lines: Sequence[Line], begin: int, cut: int, heads: int, url: str) -> int | None:
    """Where the teaser whose text is at `cut` starts; None if nothing above it is a title or lead."""
    index, found = cut, 0
    while index > begin and (cut - index) < _UNIT_LIMIT:
        above = lines[index - 1]
        plain = not (is_credit(above.text) or is_byline(above.text) or is_noise(above.text))
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
    while last > begin and (_is_elsewhere(lines[last - 1], url) or is_noise(lines[last - 1].text)):
        last -= 1
    return last
