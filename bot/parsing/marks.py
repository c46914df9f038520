"""Marks: legal notices that belong to a name, as the source wrote them. None is invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.model import Mark

_FORM: Final = "(?:[аоы]|н(?:ая|ое|ый|ые))?"
"""Of a participle that speaks of a name in the nominative: «запрещена», not «запрещённых к ввозу»."""
_NOTICE: Final = re.compile(
    rf"запрещ[её]н{_FORM}\b.{{0,120}}?(?:\bРФ\b|\bРоссии\b|\bРоссийской\b|\bстран\w|террит|решени\w+ суда|судом)"
    r"|(?:\bРФ\b|\bРоссии\b|Российской Федерации)\W.{0,60}?запрещ[её]н(?:[аоы]|н(?:ая|ое|ый|ые))?\b"
    rf"|признан{_FORM}\b.{{0,160}}?(?:иноагент|иностранн\w+ агент|нежелательн|террорист|экстремист)"
    rf"|(?:вн[её]с[её]н|включ[её]н){_FORM}\b.{{0,120}}?(?:переч\w+|реестр|спис\w+).{{0,60}}?"
    r"(?:террорист|экстремист|иноагент|иностранн\w+ агент|нежелательн)"
    rf"|(?:вн[её]с[её]н|включ[её]н){_FORM}\b.{{0,60}}?(?:Минюст|Росфинмониторинг)"
    r"|\bиноагент|иностранн\w+ агент|нежелательн\w+ организаци|выполняющ\w+ функции иностранн",
    re.IGNORECASE,
)
_NOT_SO: Final = re.compile(r"\b(?:не|ранее не|исключ[её]н\w*|отмен\w+|снят\w*|если|был[аи]? бы)\b", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\(([^()\[\]]{6,400}(?:\([^()]{1,60}\)[^()\[\]]{0,300})?)\)|\[([^\[\]]{6,400})\]")
_ASIDE: Final = re.compile(
    r"\s*[,;.–—-]?\s*(?:[–—-]\s*)?\b(?:прим(?:\.|ечание)|ред(?:\.|акц))\s*.*$", re.IGNORECASE | re.DOTALL
)
_STARRED: Final = re.compile(r"(?<![*\w])(\*{1,4})\s*(?![*\s])([^\n*]{6,400})")
_QUOTED: Final = {"»": "«", "”": "“", "“": "„", '"': '"'}
_CAPITAL: Final = re.compile(r"[A-ZА-ЯЁ]")
_CLAUSE_END: Final = re.compile(r"[\n;:!?()]\s*|,\s|(?<=[а-яёa-z»\d)])[.…]\s+")
_PARTICLES: Final = frozenset({
    "и", "де", "ди", "да", "фон", "ван", "дер", "аль", "ан", "аш", "ад", "эль", "бен", "ибн", "оф", "of", "the",
    "and",
})  # fmt: skip
_BODIES: Final = frozenset({
    "фонд", "движение", "комитет", "центр", "союз", "партия", "общество", "армия", "совет", "институт",
    "агентство", "радио", "телеканал", "организация", "группа", "ассоциация", "фронт", "братство", "исламское",
    "правый", "национал", "левый", "свидетели", "меджлис", "свободный",
})  # fmt: skip
"""Words that open the name of a body and so may stand at the head of a sentence as part of the name."""
_NAME_LIMIT: Final = 120
_MOST_MARKS: Final = 50


def find_marks(*texts: str) -> tuple[Mark, ...]:
    """The marks in title, lead and text, one a name, in the order in which they occur."""
    found: dict[str, Mark] = {}
    whole = "\n".join(texts)[:200_000]
    for mark in (*_bracketed(whole), *_starred(whole)):
        found.setdefault(mark.name.casefold(), mark)
        if len(found) >= _MOST_MARKS:
            break
    return tuple(found.values())


def _bracketed(text: str) -> Iterator[Mark]:
    """«Имя» (запрещена в РФ – прим. Труд), Имя Фамилия (признан иноагентом)."""
    for bracket in _BRACKETS.finditer(text):
        notice = _notice(bracket[1] or bracket[2])
        name = _name_before(text[max(0, bracket.start() - 200) : bracket.start()]) if notice else ""
        if notice and name:
            yield Mark(name, notice)


def _starred(text: str) -> Iterator[Mark]:
    """«ФБК* сообщил …» with «* — признан …» below: only where both have the same number of asterisks."""
    footnotes: dict[str, str] = {}
    for footnote in _STARRED.finditer(text):
        if notice := _notice(_footnote_notice(footnote[2])):
            footnotes.setdefault(footnote[1], notice)
    for stars, notice in footnotes.items():
        for place in re.finditer(rf"(?<=[\w»”\"]){re.escape(stars)}(?!\*)", text):
            if name := _name_before(text[max(0, place.start() - 200) : place.start()]):
                yield Mark(name, notice)


def _footnote_notice(written: str) -> str:
    """What a footnote says, without the name that it may repeat before a dash."""
    head, dash, tail = (
        re.split(r"(\s[–—-]\s)", written, maxsplit=1) if re.search(r"\s[–—-]\s", written) else ("", "", "")
    )
    whole = tail if dash and not _NOTICE.search(head) else written
    return whole.lstrip(" –—-").split(". ")[0]


def _notice(written: str) -> str:
    """The legal part of a bracket, without «прим. ред.»; "" if it is no notice, or says the contrary."""
    notice = _ASIDE.sub("", " ".join(written.split())).strip(" ,;.–—-*")
    return notice if _NOTICE.search(notice) and not _NOT_SO.search(notice) else ""


def _name_before(text: str) -> str:
    """The name that ends where `text` does: a quotation, or capitalised words; "" if there is none."""
    text = text.rstrip(" *\u00a0")
    if not text:
        return ""
    if text[-1] in _QUOTED:
        return _quotation(text)
    ends = list(_CLAUSE_END.finditer(text))
    clause = text[ends[-1].end() :] if ends else text
    return _capitalised(clause, opens=not ends or ends[-1][0][0] not in ",;:(")


def _quotation(text: str) -> str:
    """What stands in the quotation marks that close `text`."""
    closing = text[-1]
    opening = _QUOTED[closing]
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        if text[index] == closing and (closing != opening or index == len(text) - 1):
            depth += 1
        elif text[index] == opening:
            depth -= 1
            if depth == 0:
                return text[index + 1 : -1].strip(" *")[:_NAME_LIMIT]
    return ""


def _capitalised(clause: str, *, opens: bool) -> str:
    """The capitalised words at the end of a clause; or small ones behind a capital: «Фонд борьбы с …».

    `opens`: the clause starts a sentence, so that its first word is capitalised anyway.
    """
    words = clause.split()
    start = len(words)
    while start and (_is_name_word(words[start - 1]) or (words[start - 1] in _PARTICLES and start < len(words))):
        start -= 1
    while start < len(words) and words[start] in _PARTICLES:
        start += 1
    run = words[start:]
    if run:
        # «Журналист Иван Петров» at the head of a sentence: the first word is capitalised for its place only.
        if start == 0 and opens and len(run) > 2 and run[0].casefold() not in _BODIES:
            run = run[1:]
        return " ".join(run).strip(" *«»\"'")[:_NAME_LIMIT]
    return _small_name(words, opens=opens)


def _small_name(words: list[str], *, opens: bool) -> str:
    for back in range(2, min(6, len(words)) + 1):
        word = words[-back].strip("«»\"'")
        if _is_name_word(word):
            first = back == len(words)
            sure = word.casefold() in _BODIES or word.isupper()
            return " ".join(words[-back:]).strip(" *") if sure and (not first or opens) else ""
    return ""


def _is_name_word(word: str) -> bool:
    return bool(_CAPITAL.match(word.lstrip("«\"'")))
