"""A text without what isn't the news: markup, addresses, datelines, credits, and glued or broken typography."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from bot.language import without_marks
from bot.summaries.datelines import without_datelines
from bot.summaries.mending import mended, recased, unescaped

ADDRESS: Final = "\ufffc"
"""Stands where a web address stood, so that the sentence around it can be left out."""

LONGEST: Final = 10_000
"""Characters of a text that are read; the news stands at its beginning."""

CAPTION: Final = 300
"""Characters below which a line that ends in a credit is a picture's caption."""

_BULLET: Final = re.compile(r"(:?)[ \t]*[•‼\u25a0-\u27bf\ufe0f🔹🔸🔻🔺📷📹🎥]+[ \t]*")
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufe0f\ufffc\ufffd]")
_RUN: Final = re.compile(r"([^\w\s])\1{3,}")
"""The same sign again and again: «!!!!!!», a ruled line."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAK: Final = re.compile(r"<(?:br|p|div|li|h\d|tr|/p|/div|/li|/h\d|/tr)\b[^<>]{0,300}>", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"<(script|style)\b.{0,5000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.{0,1000}?-->", re.DOTALL)

_URL: Final = r"(?:https?://|www\.)[!-~]+"
_LINKED: Final = re.compile(rf"\[{_URL}\s+([^\]\n]{{1,200}})\]|\[([^\]\n]{{1,200}})\]\({_URL}\)")
_BETWEEN: Final = re.compile(rf"(?<=[.!?…»\"])\s*{_URL}\s+(?=[«\"“А-ЯЁA-Z])")
_ADDRESS: Final = re.compile(
    rf"{_URL}|\b[\w-]{{1,40}}\.(?:ru|com|me|net|org|ua|рф)/[!-~]+|\b[\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.\w{{2,64}})+"
)
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?")
_CLOCK: Final = re.compile(r"^\s*\d{1,2}:\d\d[\s,]+\d{1,2}\.\d\d\.\d{4}\s*")

_AGENCY: Final = (
    r"(?:Reuters|Рейтер|AFP|AP|ТАСС|РИА Новости|Getty Images|iStock|РГ|[Dd]epositphotos|[Ss]hutterstock"
    r"|Unsplash|Pixabay|Global Look Press|Коммерсантъ?|Известия|dpa|EPA|URA\.RU|[\w-]+\.(?:com|ru|ua|net|org|рф|ру))"
)
_CREDITED: Final = (
    r"(?:Фото|Фотография|Фотографии|Иллюстрация|Кадр(?:\s+из)?\s+видео|Скриншот|Видео"
    r"|Photos?|Photograph|Image|Picture|Credit)"
)
_CREDIT_LAST: Final = re.compile(
    rf"(?<!\w){_CREDITED}(?:\s+by)?\s*[:©](?:(?![.!?…]\s+[«\"“А-ЯЁA-Z])[^\n]){{0,120}}$", re.IGNORECASE
)
"""A credit that ends its line."""
_CREDIT: Final = re.compile(
    rf"(?<!\w){_CREDITED}\s*[:©]\s*[^\n]{{0,80}}?{_AGENCY}\d*(?:\s+\d{{1,3}})?(?:\.(?=\s)|(?=\s*$)|(?=\s+[«\"“А-ЯЁA-Z]))"
)
_EMBED: Final = re.compile(r"Embed from Getty Images|\(\s*(?:ВИДЕО|ФОТО|VIDEO|PHOTO)\s*\)", re.IGNORECASE)

_MORE: Final = re.compile(
    r"(?:Читать (?:далее|дальше|полностью)|Подробнее|Continue reading|Keep reading|Read more)\s*(?:→|»|>>|\[…\])"
    r"|\b\d{1,2} min(?:ute)?s? read\b",
    re.IGNORECASE,
)
"""A page's button."""

_ASTERISKS: Final = re.compile(r"(?<=[\w»\"”])\*+|(?<=[»”\"])[¹²³⁴⁵⁶⁷⁸⁹]|^[ \t]*\*+(?=\w)", re.MULTILINE)


def clean(text: str) -> str:
    """The text as lines of readable prose; whatever it holds, it comes out. Words are never changed."""
    text = without_marks(_typography(unescaped(_unwrapped(_without_markup(text[:LONGEST])))))
    text = _without_addresses(_ASTERISKS.sub("", _MORE.sub("\n", text)))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    lines = _without_captions([_CLOCK.sub("", line) for line in lines])
    text = without_datelines(recased("\n".join(line for line in lines if line.strip())))
    return "\n".join(line for line in map(mended, text.split("\n")) if line)


def _without_markup(text: str) -> str:
    """Entities resolved (twice escaped ones too), tags gone, block tags as line breaks."""
    unescaped = html.unescape(html.unescape(text))
    return _TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub(" ", unescaped)))


def _typography(text: str) -> str:
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = re.sub(r"[\u2028\u2029\x85]", "\n", text)
    text = _BULLET.sub(lambda bullet: ": " if bullet[1] else "\n", _RUN.sub(r"\1\1\1", text))
    return text.replace("``", '"').replace("''", '"').replace('""', '"')


def _without_addresses(text: str) -> str:
    text = _LINKED.sub(lambda link: link[1] or link[2], _STAMP.sub(" ", text))
    return _ADDRESS.sub(ADDRESS, _BETWEEN.sub("\n", text))


def _without_captions(lines: Sequence[str]) -> list[str]:
    """The lines without credits; a caption that stands there a second time, without its credit, goes as well."""
    kept = [_without_credits(line, alone=len(lines) == 1) for line in lines]
    captions = {_bare(_CREDIT_LAST.sub("", line)) for line, rest in zip(lines, kept, strict=True) if not rest} - {""}
    return [rest for rest in kept if _bare(rest) not in captions]


def _bare(line: str) -> str:
    return line.strip(" .(/").casefold()


def _without_credits(line: str, alone: bool) -> str:
    """A picture's caption goes with the credit behind it; a credit run into the text goes where its end can be told.

    `alone`: it's the text's only line, so no caption.
    """
    line = _EMBED.sub(" ", line)
    inside = list(_CREDIT.finditer(line))
    if inside and line[inside[-1].end() :].strip():
        return _CREDIT.sub(" ", line)
    last = _CREDIT_LAST.search(line)
    if last is None:
        return line
    return "" if len(line) < CAPTION and not alone else line[: last.start()]


def _unwrapped(text: str) -> str:
    """Quotes around the whole text, as careless exports leave them, taken off."""
    text = text.strip()
    if not text.startswith('"'):
        return text
    if '""' in text[1:-1]:  # a field of a table: every quote inside is doubled
        closed = (len(text) - len(text.rstrip('"'))) % 2
        return text[1 : len(text) - closed].replace('""', '"')
    second = text.find('"', 1)
    opens = second > 0 and text[second - 1] in " (" and text[second + 1 : second + 2].strip() != ""
    if opens or text.count('"') % 2:
        return text[1:].removesuffix('"') if opens and text.count('"') % 2 == 0 else text[1:]
    return text
