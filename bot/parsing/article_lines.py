"""The lines of an article page: which of an extracted body are the article's own, and what those around tell of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.parsing.dates import has_clock, parse_date
from bot.parsing.edges import bare, without_invitation
from bot.parsing.lines import Line
from bot.parsing.teasers import is_credit_alone, is_noise

_HEAD: Final = 4
"""Lines at the start of a body that may be the headline again, or a date."""
_ABOVE, _BELOW = 4, 3
"""Lines around the headline where a page tells the time and the counter of the article itself."""
_LONGEST: Final = 80
"""Characters of a line with a date or a counter."""
_MOST_WORDS: Final = 2
"""Of two letters and more in a line that is a date: a month, and «мск», «обновлено» or a day of the week."""
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_PROMOTION_LIMIT: Final = 200
_PROMOTION: Final = re.compile(
    r"\W*(?:читайте (?:также|нас|ещ[её]|больше|подробнее|на |в |по теме|[^.!?]{2,40} в (?:telegram|max|дзен))|"
    r"читать (?:также|далее|дальше|ещ[её]|подробнее|полностью)|смотрите (?:также|ещ[её])|подпи(?:сывайтесь|шитесь)\b|"
    r"подписаться(?: на (?:канал|рассылк|нас|новост|обновлен)\w*)?\W*$|следите за (?:наш|новост|событ|обновлен)|"
    r"(?:материалы?|новости|статьи|ещ[её]) по теме|"
    r"(?:этот|данный) (?:материал|текст) доступен (?:только|по подписке)|(?:материал|текст) доступен только|"
    r"оформи(?:те|ть) подписку|доступно (?:только )?(?:по подписке|подписчикам)|продолжение доступно|"
    r"нашли (?:ошибку|опечатку)|сообщить об (?:ошибке|опечатке)|хотите (?:получать|видеть) (?:новост|уведомлен|только)|"
    r"при (?:перепечатке|цитировании|использовании) (?:материал|ссылк)|все права защищены|"
    r"мы используем (?:файлы )?cookie|поделиться(?: в .{0,40})?\W*$|фото:|видео:|реклама\W*$|\((?:c|с)\)|©|"
    r"(?:read|see) (?:more|also|next)\b|sign up|subscribe\b|follow us|all rights reserved|advertisement$|"
    r"sponsored(?: ads?| content| links?)?\W*$|"
    r"(?:this (?:article|story) is|become a|already a) (?:for )?(?:subscriber|member)|loading\b.{0,30}$)",
    re.IGNORECASE,
)
"""How lines begin that ask the reader to go on elsewhere, to subscribe, or to mind the rights."""
_COUNTER: Final = re.compile(
    r"\W*(?:(?:просмотр\w*|прочит\w*|views)\W{1,4}(?P<behind>\d[\d ]{0,11})"
    r"|(?P<before>\d[\d ]{0,11})\s+(?:просмотр\w*|views))\W*$",
    re.IGNORECASE,
)


def own_lines(text: str, headings: Sequence[str]) -> str:
    """An extracted body without its headline, dates, buttons, credits and promotions."""
    known = {bare(heading) for heading in headings} - {""}
    kept: list[str] = []
    for number, line in enumerate(text.split("\n")):
        again = number < _HEAD and bare(line) in known
        if not (again or is_noise(line) or is_credit_alone(line) or _is_furniture(line)):
            kept.append(line)
    return without_invitation("\n".join(kept))


def _is_furniture(line: str) -> bool:
    """A promotion, a counter, or a date."""
    promotes = len(line) <= _PROMOTION_LIMIT and _PROMOTION.match(line)
    return bool(promotes) or _count(line) is not None or _is_dated(line)


def _is_dated(line: str) -> bool:
    """A day and a time with hardly a word."""
    short = len(line) <= _LONGEST and has_clock(line) and len(_WORD.findall(line)) <= _MOST_WORDS
    return short and parse_date(line, None) is not None


def time_near(lines: Sequence[Line], heading: str) -> str:
    """The line nearest to the headline that tells day and time, as written; "" where there is none."""
    return next((line.text for line in _near(lines, heading) if _is_dated(line.text)), "")


def views_of(lines: Sequence[Line], heading: str) -> int | None:
    """The counter near the headline, or the only one of the page: teasers have counters too."""
    near = [count for line in _near(lines, heading) if (count := _count(line.text)) is not None]
    if near:
        return near[0]
    everywhere = [count for line in lines if (count := _count(line.text)) is not None]
    return everywhere[0] if len(everywhere) == 1 else None


def _count(text: str) -> int | None:
    found = _COUNTER.match(text) if len(text) <= _LONGEST else None
    return int("".join((found["behind"] or found["before"]).split())) if found else None


def _near(lines: Sequence[Line], heading: str) -> list[Line]:
    """The lines around the headline, the nearest first."""
    place = next((index for index, line in enumerate(lines) if heading and line.text == heading), None)
    if place is None:
        return []
    around = range(max(0, place - _ABOVE), min(len(lines), place + _BELOW + 1))
    return [lines[index] for index in sorted(around, key=lambda index: abs(index - place))]
