"""Datelines as agencies write them: «МОСКВА, 25 мая. /ТАСС/.», "LONDON (Reuters) -", «25 мая, ФедералПресс.»."""

from __future__ import annotations

import re
from typing import Final

_MONTH: Final = (
    r"(?:янв(?:\.|аря)?|фев(?:\.|р\.?|раля)?|мар(?:\.|та)?|апр(?:\.|еля)?|мая|май|июн[ья]?|июл[ья]?|авг(?:\.|уста)?"
    r"|сен(?:\.|т\.?|тября)?|окт(?:\.|ября)?|ноя(?:\.|б\.?|бря)?|дек(?:\.|абря)?)"
)
_MONTH_EN: Final = (
    r"(?:Jan(?:\.|uary)?|Feb(?:\.|ruary)?|Mar(?:\.|ch)?|Apr(?:\.|il)?|May|June?|July?|Aug(?:\.|ust)?|Sept?(?:\.|ember)?"
    r"|Oct(?:\.|ober)?|Nov(?:\.|ember)?|Dec(?:\.|ember)?)"
)
_HOUR: Final = r"(?:,?\s+\d{1,2}[:.]\d\d(?:\s*(?:мск|МСК|GMT))?)?"
_DATE: Final = (
    rf"(?:\d{{1,2}}\s+{_MONTH}(?:,?\s+\d{{4}})?(?:\s*(?:г\.|года))?{_HOUR}"
    rf"|{_MONTH_EN}\s+\d{{1,2}}(?:,?\s+\d{{4}})?{_HOUR}|\d{{1,2}}\s+{_MONTH_EN}(?:\s+\d{{4}})?"
    rf"|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|\d\d){_HOUR})"
)
_WORD: Final = r"[А-ЯЁA-Z][\w’'.]*(?:[-‑–](?:[\w’']+))*"
_PLACE: Final = rf"{_WORD}(?:\s+{_WORD}){{0,2}}(?:\s*\([^()]{{2,30}}\)|(?:,\s*|/\s*){_WORD}(?:\s{_WORD})?)?"

_NAME: Final = (
    r"(?:(?:ИА\s+|Корр\.?\s+)?(?:ИТАР[-‑]ТАСС|ТАСС|РИА\s+«?Новости»?(?:\s+(?:Украина|Крым))?|РИА\s+ФАН|РИАМО|«?Интерфакс(?:-[\w-]+)?»?|ИНТЕРФАКС(?:-[\w-]+)?"
    r"|INTERFAX(?:\.RU|\.COM)?"
    r"|Interfax(?:-[\w-]+)?(?:\.ru)?|ПРАЙМ|Прайм|«?Росбалт»?|REGNUM|Регнум|РЕГНУМ|«?ФедералПресс»?|Рейтер|Reuters|REUTERS|AFP|AP|UPI|TASS|Xinhua"
    r"|Синьхуа|БЕЛТА|БелТА|УНИАН|УНН|Укринформ|УКРИНФОРМ|Газета\.Ru|РБК|RT|КАЗИНФОРМ|Казинформ|КазТАГ|Sputnik|Bloomberg|dpa|DPA|EFE"
    r"|Anadolu|Kyodo|PTI|ANSA|SANA|САНА|Trend|АЗЕРТАДЖ|AZERTAC|БелаПАН|BelTA|АКИpress|Кабар|Арменпресс|Новости-Армения|UNN|АПА|АРКА|АМИ|Новый\s+Регион|Накануне\.RU|AEX\.RU|Труд|АиФ(?:-\w+)?|НИА(?:-|\s)\w+(?:\s\w+)?"
    r"|Вести(?:\.\w+)?|Российская\s+газета|Правда\.Ру))"
)
_SITE: Final = r"[A-Za-zА-Яа-я0-9-]{2,20}\.(?:ru|RU|com|COM|ua|UA|uz|kz|by|net|info|рф)\b"
"""One that is named by its address: «FINMARKET.RU», «Gazeta.uz»."""
_OTHER: Final = r"(?!(?:США|ООН|НАТО|МИД|РФ|ЕС|ВСУ|СБУ|UN|US|EU|NATO)\b)[A-ZА-ЯЁ]{3,}(?:[.-][A-Za-zА-Яа-я]+)?"
"""An agency of whatever name, written as they are: in capitals."""
_AGENCY: Final = rf"(?:{_SITE}|{_NAME}|/[^/\n]{{2,40}}/|\((?:{_NAME}|[А-ЯЁA-Z][\w .,:«»\"-]{{1,40}})\))"
_BY: Final = r"(?:[,.]\s+[А-ЯЁA-Z][а-яёa-z]+\s+[А-ЯЁA-Z][а-яёa-z]+(?:-[А-ЯЁ][а-яё]+)?){0,3}"
"""Its correspondents."""
_GAP: Final = r"[\s,.;:|–—-]{1,5}"
_DASH: Final = r"\s*[.:]?\s*[-–—_]{1,2}\s*"
_END: Final = rf"(?:{_DASH}|\s*[.:]\s+|\s*\.?$|(?:(?<=/)|(?<=REGNUM)|(?<=АЗЕРТАДЖ))\s+)"
_BEGINS: Final = r"(?=[«\"“„'(]?[А-ЯЁA-Z0-9]|$)"

_WITH_DATE: Final = (
    rf"(?:{_PLACE}{_GAP}{_DATE}(?:{_GAP}|\s*){_AGENCY}{_BY}{_END}|{_PLACE}{_GAP}{_DATE}{_GAP}{_OTHER}{_DASH}"
    rf"|{_PLACE}\s+{_AGENCY}{_GAP}{_DATE}{_END})"
)
_DATELINE: Final = re.compile(
    rf"[\s\"«]*(?:{_WITH_DATE}"
    rf"|{_DATE}{_GAP}(?:{_PLACE}{_GAP}?)?{_AGENCY}{_BY}{_END}"  # 25 мая, Минск /Корр. БЕЛТА/.
    rf"|{_AGENCY}{_GAP}{_DATE}{_END}"  # ТАСС, 17 мая.
    rf"|{_PLACE}[,.]\s+{_DATE}(?:{_DASH}|\s*[.:]\s+)"  # Москва, 18 мая.
    rf"|(?:{_PLACE}\s*)?(?:\({_NAME}\)|/{_NAME}/){_END}"  # LONDON (Reuters) -
    rf"|{_PLACE},\s[^()\n]{{2,25}}\s\({_NAME}\){_DASH}"  # MINSK, 31. März (BelTA) –
    rf"|[A-Z][A-Z .'-]{{3,40}}(?:,\s+(?:[A-Z]\.[A-Z]\.|[A-Z][a-z]+\.?))?\s+[-—–]\s+"  # DAMASCUS, Syria —
    rf"|{_PLACE}[,.]\s+{_NAME}\s?[-–—:]\s*"  # АСТАНА. КАЗИНФОРМ -
    rf"|{_NAME}{_DASH}(?=[А-ЯЁA-Z])"  # INTERFAX.RU —
    rf"|{_SITE}\s*/\s*[А-ЯЁA-Z][\w ]{{2,20}}\.\s+"  # Sport.ru / Футбол.
    rf"){_BEGINS}"
)
_INSIDE: Final = re.compile(
    rf"(?<=[\w»\")])\s+(?:[А-ЯЁ][А-ЯЁ. -]+{_GAP}{_DATE}(?:{_GAP}|\s*){_AGENCY}{_END}"
    rf"|(?<!\bв\s)(?<!\bво\s)(?<!\bна\s)(?<!\bиз\s)(?<!\bпод\s)(?<!\bдля\s)[А-ЯЁ][\w-]+, {_DATE}\.\s){_BEGINS}"
)
_STAMP: Final = re.compile(rf"(?<=[.!?…»\"])\s+{_NAME}[\s,.|–—-]{{1,5}}{_DATE}\s*\.?$")
"""The agency and the date behind a text: «РИА Новости, 15.05.2021»."""
_IN_SMALL: Final = re.compile(
    rf"[^.,\n]{{2,40}},\s\d{{1,2}}\s{_MONTH}\s*[-–—]\s*(?:риа новости|тасс|прайм|интерфакс|рейтер)[^.\n]{{0,80}}\.\s*",
    re.IGNORECASE,
)
"""The same in a text without capitals."""
_HEAD: Final = 700
"""Characters within which a dateline may follow a lead or a page's litter that was glued before it."""


def without_datelines(text: str) -> str:
    """The text without the dateline it begins with; what stood before a dateline becomes a line of its own."""
    head, rest = text[:_HEAD], text[_HEAD:]
    lines = _INSIDE.sub("\n", head, count=1).split("\n")
    whole = "\n".join(_bare(line) for line in lines) + rest
    *others, last = whole.split("\n")
    return "\n".join([*others, _STAMP.sub("", last)])


def _bare(line: str) -> str:
    dateline = _DATELINE.match(line) or _IN_SMALL.match(line)
    return line[dateline.end() :] if dateline else line
