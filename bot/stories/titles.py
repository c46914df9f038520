"""Headlines compared: the same one written differently, and one template filled differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.language import Token, fold

_AGENCY: Final = (
    r"(?:риа новости|риа|тасс|итар-тасс|интерфакс|interfax|рбк|регнум|regnum|reuters|рейтер|ap|afp|bbc|би-би-си|сми"
    r"|росбалт|прайм|москва 24|лента\.ру|коммерсантъ?|известия)"
)
_MARK: Final = r"(?:срочно|молния|breaking(?: news)?|urgent|видео|фото|video|photo|обновлено|обновляется|updated)"
_BEFORE: Final = re.compile(
    rf"^\W*(?:(?:{_MARK}|{_AGENCY})\s*(?:[:!|/\].]+|\s-\s)\s*"
    rf"|[а-яa-z][а-яa-z .-]{{1,30}}, \d{{1,2}} [а-я]{{3,8}}\.?\s*[-/.(]\s*(?:{_AGENCY}\W+)?)+"
)
_BEHIND: Final = re.compile(rf"\s*(?:[-|,.]\s+{_AGENCY}|[(\[]\s*{_MARK}(?:\s*[,и+]\s*{_MARK})*\s*[)\]]|\b{_MARK})\W*$")
_NOT_WORDS: Final = re.compile(r"[\W_]+")

_MONTHS: Final = (
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь january february march april may"
    " june july august september october november december січень лютий березень квітень травень червень липень серпень"
    " вересень жовтень листопад грудень"
)
_WEEKDAYS: Final = (
    "понедельник вторник среда четверг пятница суббота воскресенье monday tuesday wednesday thursday friday saturday"
    " sunday понеділок вівторок середа четвер пʼятниця п'ятниця субота неділя"
    " суботу п'ятницть пʼятницть"  # what the lemmatiser makes of «суботу» and «п'ятницю»
)
CALENDAR: Final = frozenset(f"{_MONTHS} {_WEEKDAYS}".split())

_IN_WORDS: Final = (
    "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать двадцать тридцать сорок двое трое"
    " четверо пятеро шестеро семеро one two three four five six seven eight nine ten eleven twelve twenty thirty forty"
    " чотири п'ять пʼять шість сім вісім дев'ять девʼять десять двоє троє четверо п'ятеро пʼятеро"
)
_COUNTS: Final = frozenset(_IN_WORDS.split())
"""They make no other template, nor fill it differently, for other accounts write the same numbers in digits."""

LONGEST: Final = 500
"""Characters of a headline that are read."""

TEMPLATE_LIKENESS: Final = 0.65
"""Share of the two headlines' ordinary words they must have in common to be one template: in «Цена нефти выросла до 75
долларов» and «… упала до 72», 4 of 6. From .60 to .75 the annotated pairs are told apart equally well."""


@dataclass(frozen=True, slots=True)
class Template:
    """A headline taken apart: its ordinary words, and what fills the gaps between them."""

    words: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]


def normalised(title: str) -> str:
    """The headline's words alone: no case, ё, punctuation, dateline, agency, or mark such as «(ВИДЕО)»."""
    written = " ".join(fold(title[:LONGEST]).split())
    bare = _BEHIND.sub("", _BEFORE.sub("", written))
    return _NOT_WORDS.sub(" ", bare).strip()


def template(title: Sequence[Token], names: frozenset[str]) -> Template:
    """`names` are the lemmas of the headline's names."""
    numbers = frozenset(token.lemma.replace(",", ".") for token in title if _is_number(token))
    lemmas = frozenset(token.lemma for token in title if not _is_number(token) and token.lemma not in _COUNTS)
    return Template(words=lemmas - names, numbers=numbers, names=names & lemmas)


def are_one_template(one: Template, other: Template) -> bool:
    """Whatever fills it. Where both are dated one may say more: «Курс на 8 ноября», «Официальный курс на 9 ноября»."""
    whole = one.words | other.words
    if is_dated(one) and is_dated(other):
        whole = min(one.words, other.words, key=len)
    return bool(whole) and len(one.words & other.words) >= TEMPLATE_LIKENESS * len(whole)


def each_has_its_own(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one - other) and bool(other - one)


def is_dated(headline: Template) -> bool:
    return not headline.numbers.isdisjoint(CALENDAR)


def _is_number(token: Token) -> bool:
    return token.text[:1].isdigit() or token.lemma in CALENDAR
