"""Legal notices in a text: «(запрещена в РФ)», «* признан иноагентом», «НАСТОЯЩИЙ МАТЕРИАЛ … ИНОСТРАННЫМ АГЕНТОМ …».

A notice is attached to a name; that somebody is declared one («Минюст признал X иноагентом») is news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain
from typing import Final

LONGEST_READ: Final = 200_000
"""Characters."""

_FORM: Final = "(?:[аоы]|н(?:ая|ое|ый|ые))?"
"""Of a participle that speaks of a name in the nominative: «запрещена», not «запрещённых к ввозу»."""
_ANY_FORM: Final = r"н(?:ый|ая|ое|ые|ого|ой|ому|ым|ую|ом|ых|ыми)"
_PLACE: Final = r"(?:в|на\s+территории)\s+(?:РФ|России|Российской\s+Федерации|стран[еы])"
_LIST: Final = r"(?:единый\s+)?(?:переч\w+|реестр\w*|спис\w+)"
_WHAT: Final = r"(?:террорист|экстремист|иноагент|иностранн\w+\s+агент|нежелательн)"

_LEGAL: Final = re.compile(
    rf"запрещ[её]н{_FORM}\b.{{0,120}}?(?:\bРФ\b|\bРоссии\b|\bРоссийской\b|\bстран\w|террит|решени\w+\s+суда|судом)"
    rf"|(?:\bРФ\b|\bРоссии\b|Российской\s+Федерации)\W.{{0,60}}?запрещ[её]н{_FORM}\b"
    r"|^\W*запрещ[её]н[аоы]?(?:\s+(?:организация|группировка|движение))?\W*$"
    r"|(?:террористическ|экстремистск)\w+\s+(?:и\s+экстремистск\w+\s+)?(?:организаци|группировк|движени|сообществ)\w*"
    r"|запрещ[её]нн\w+\s+(?:террорист|экстремист|организац|группировк)"
    rf"|признан{_FORM}\b.{{0,160}}?{_WHAT}"
    rf"|(?:вн[её]с[её]н|включ[её]н){_FORM}\b.{{0,120}}?{_LIST}.{{0,60}}?{_WHAT}"
    rf"|(?:вн[её]с[её]н|включ[её]н){_FORM}\b.{{0,60}}?(?:Минюст|Росфинмониторинг)"
    rf"|(?:входит|входят|состоит|состоят|находится|находятся)\s+в\s+{_LIST}.{{0,60}}?{_WHAT}"
    r"|\bиноагент|иностранн\w+\s+агент|нежелательн\w+\s+(?:организаци|на\s+территории|в\s+(?:РФ|России))"
    r"|выполняющ\w+\s+функции\s+иностранн|принадлеж\w+.{0,60}?(?:признанн|запрещ[её]нн)\w+",
    re.IGNORECASE,
)
_CONTRARY: Final = re.compile(
    r"\bне\s+(?:(?:был|являл|является|являют|внес|внёс|признан|признав|включ|запрещ|вход|состо|иноагент)\w*)"
    r"|исключ[её]н\w*|отмен\w+|снят\w*|\bесли\b|был[аи]?\s+бы\b|незаконно",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"\s*[,;.–—-]?\s*(?:[–—-]\s*)?\b(?:прим(?:\.|ечание)|ред(?:\.|акц))\s*.*$", re.IGNORECASE | re.DOTALL
)

_ANY: Final = re.compile(
    r"запрещ[её]н|иноагент|иностранн\w+\s+агент|нежелательн|экстремист|террорист|Минюст", re.IGNORECASE
)
"""A word that every notice has; most texts have none."""
_BRACKETS: Final = re.compile(r"\(([^()\[\]]{6,400}(?:\([^()]{1,60}\)[^()\[\]]{0,300}){0,3})\)|\[([^\[\]]{6,400})\]")
_STAR: Final = r"(?:\*{1,4}|[¹²³⁴⁵⁶⁷⁸⁹])"
_FOOTNOTE: Final = re.compile(rf"(?<![*¹²³⁴⁵⁶⁷⁸⁹\w»\"”])({_STAR})[ \t]*(?![*\s])([^\n*¹²³⁴⁵⁶⁷⁸⁹]{{6,500}})")
_REMARK: Final = re.compile(r"^[ \t]*Прим(?:ечание|\.)(?:\s+ред\w*\.?)?\s*[:—–-]\s*([^\n.]{6,400})\.?", re.MULTILINE)
_MATERIAL: Final = re.compile(
    r"(?:настоящ|данн)\w{2,3}\s+(?:материал|сообщени|информаци|публикаци)\w*+(?>[^\n]{0,60}?"
    r"(?:произвед|созда|распростран|направл))[^\n]{0,400}?(?:иностранн\w{2,3}\s+агент\w*|иноагент\w*)"
    r"(?:(?!18\s?\+)(?:[^.\n()]|\([^()\n]{1,60}\))){0,300}\.?(?:\s{0,3}18\s?\+)?",
    re.IGNORECASE,
)

_ITSELF: Final = re.compile(
    r"(?:настоящ|данн)\w{2,3}\s+(?:материал|сообщени|информаци|публикаци)|^материал\w*\s.{0,60}(?:произвед|созда|распростран)",
    re.IGNORECASE,
)
"""What a notice about the material itself, not about a name beside it, begins with."""

_DECLARED: Final = (
    rf"запрещ[её]н{_ANY_FORM}\s+(?:и\s+признан{_ANY_FORM}\s+\w+\s+)?{_PLACE}"
    rf"|признан{_ANY_FORM}(?:\s+{_PLACE}|\s+Минюстом(?:\s+(?:РФ|России))?|\s+(?:российским\s+)?судом)?\s+"
    r"(?:иноагент\w+|иностранн\w+\s+агент\w+|нежелательн\w+|террорист\w+|экстремист\w+)"
    rf"(?:\s+организаци\w+)?(?:\s+{_PLACE})?(?:\s+и\s+запрещ[её]н{_ANY_FORM}(?:\s+{_PLACE})?)?"
    rf"|(?:вн[её]с[её]н{_ANY_FORM}|включ[её]н{_ANY_FORM}|входящ\w{{2,3}})\s+(?:Минюстом\s+(?:РФ\s+|России\s+)?)?в\s+{_LIST}\s+"
    rf"{_WHAT}\w*(?:\s+(?:и\s+)?(?:экстремист\w+|агент\w*|организаци\w+)){{0,2}}"
)
_BEFORE_NAME: Final = re.compile(
    rf"(?<!\bне\s)(?<!\w)((?i:{_DECLARED})),?\s+((?:[а-яё-]{{3,20}}\s+){{0,4}})(?=[«„“\"]|[А-ЯЁA-Z])"
)
_BEHIND_NAME: Final = re.compile(
    rf",\s+(?!не\s)((?:(?:которы[йе]|которая|которое)\s+)?(?:{_DECLARED}"
    rf"|(?<=\w\s)запрещ[её]н[аоы]?\s+{_PLACE}|(?<=\w\s)признан[аоы]?(?:\s+{_PLACE})?\s+(?:иноагент\w+|иностранн\w+\s+агент\w+)"
    rf"|(?<=\w\s)(?:вход[ия]т|вн[её]с[её]н[аоы]?)\s+в\s+{_LIST}\s+{_WHAT}\w*(?:\s+(?:и\s+)?(?:экстремист\w+|агент\w*)){{0,2}}))"
    r"(?=\s*[,.;!?)]|\s+[–—-]\s)",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(
    r"(?<!реестр )(?<!статус )(?<!список )(?<!реестра )(?<!статуса )(?<!списка )(?<!признан )"
    r"\b((?:СМИ-)?[Ии]ноагент|[Ии]ностранный агент|[Нн]ежелательная организация)\s+"
    r"(?=[«„“\"][А-ЯЁA-Z]|[А-ЯЁA-Z][\w-]+\s+[А-ЯЁA-Z][а-яёa-z]|[A-Z])"
)
_HELD: Final = re.compile(
    r"(?:признал|признать|объявил|объявить|назвал|стал|счита|реестр|статус)\w*\s+$", re.IGNORECASE
)


class Where(Enum):
    """Where the name stands that a notice belongs to."""

    BEFORE = auto()
    """Right before the notice."""
    BEHIND = auto()
    """Right behind it."""
    STARRED = auto()
    """Wherever the notice's asterisks stand."""
    WITHIN = auto()
    """In the notice itself, if anywhere."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A legal notice as the source wrote it, at `text[start:end]`."""

    start: int
    end: int
    words: str
    """What it says, without brackets, asterisks and «прим. ред.»."""
    where: Where
    apart: bool = True
    """It stands beside the text, which can do without it; otherwise it is a part of a sentence."""
    stars: str = ""


def notices(text: str) -> Iterator[Notice]:
    """Every legal notice of a text, by kind; those in brackets first."""
    text = text[:LONGEST_READ]
    if not _ANY.search(text):
        return iter(())
    return chain(_bracketed(text), _footnotes(text), _materials(text), _running(text))


def legal(written: str) -> str:
    """The legal part of what stands in a bracket or footnote; "" if it is no notice, or says the contrary."""
    words = _ASIDE.sub("", " ".join(written.split())).strip(" ,;.–—-*")
    return words if _LEGAL.search(words) and not _CONTRARY.search(words) else ""


def about_itself(words: str) -> bool:
    """Whether a notice speaks of the material it stands in: «Настоящий материал произведён иностранным агентом …»."""
    return bool(_ITSELF.search(words))


def _bracketed(text: str) -> Iterator[Notice]:
    for bracket in _BRACKETS.finditer(text):
        if words := legal(bracket[1] or bracket[2]):
            where = Where.WITHIN if about_itself(words) else Where.BEFORE
            yield Notice(bracket.start(), bracket.end(), words, where)


def _footnotes(text: str) -> Iterator[Notice]:
    for found in _FOOTNOTE.finditer(text):
        if legal(found[2]):
            yield Notice(found.start(), found.end(), found[2].strip(), Where.STARRED, stars=found[1])
    for found in _REMARK.finditer(text):
        if legal(found[1]):
            yield Notice(found.start(), found.end(), found[1].strip(), Where.WITHIN)


def _materials(text: str) -> Iterator[Notice]:
    for found in _MATERIAL.finditer(text):
        yield Notice(found.start(), found.end(), " ".join(found[0].split()).rstrip("."), Where.WITHIN)


def _running(text: str) -> Iterator[Notice]:
    for found in _BEFORE_NAME.finditer(text):
        if not _CONTRARY.search(found[1]):
            yield Notice(found.start(1), found.end(1), " ".join(found[1].split()), Where.BEHIND, apart=False)
    for found in _BEHIND_NAME.finditer(text):
        yield Notice(found.start(), found.end(), " ".join(found[1].split()), Where.BEFORE, apart=False)
    for found in _TITLE.finditer(text):
        if not _HELD.search(text[max(0, found.start() - 20) : found.start()]):
            yield Notice(found.start(1), found.end(1), found[1], Where.BEHIND, apart=False)


def without_marks(text: str) -> str:
    """The text with legal notices in brackets and footnotes blanked out; every other character keeps its place."""
    return _blanked(text, (notice for notice in notices(text) if notice.apart))


def without_notices(text: str) -> str:
    """The same, with notices in the middle of a sentence («запрещённая в РФ группировка») blanked out too."""
    return _blanked(text, notices(text))


def _blanked(text: str, found: Iterable[Notice]) -> str:
    chars: list[str] = []
    for notice in found:
        chars = chars or list(text)
        chars[notice.start : notice.end] = ["\n" if char == "\n" else " " for char in text[notice.start : notice.end]]
    return "".join(chars) if chars else text
