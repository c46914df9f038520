"""Names in a text: which one ends, or begins, at a given place."""

from __future__ import annotations

import re
from typing import Final

from bot.language import is_verb

_QUOTED: Final = {"»": "«", "”": "“", "“": "„", '"': '"'}
_OPENED: Final = {"«": "»", "„": "“", "“": "”", '"': '"'}
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
_SORTS: Final = frozenset({
    "соцсеть", "компания", "корпорация", "издание", "газета", "журнал", "сайт", "портал", "канал", "сервис",
    "журналист", "журналистка", "политик", "политолог", "музыкант", "певец", "певица", "рэпер", "писатель", "блогер",
    "актер", "актёр", "актриса", "режиссер", "режиссёр", "экономист", "юрист", "адвокат", "эксперт", "депутат",
    "экс-депутат", "оппозиционер", "общественник", "активист", "правозащитник", "группировка", "полк", "батальон",
})  # fmt: skip
"""What a name belongs to, but no part of it."""
_NAME_LIMIT: Final = 120
_MOST: Final = 4
_KINDS: Final = re.compile(r"[\s,]*(?:[а-яё-]{3,20}\s+){0,4}")
_RUN: Final = re.compile(
    r"[A-ZА-ЯЁ][\w'’-]*(?:\s+(?:(?:аль|ан|аш|ад|эль|ибн|бен|фон|де|of|the)[\s-])?[A-ZА-ЯЁ][\w'’-]*){0,3}"
)
_LINK: Final = re.compile(r"(?:^|\s)(?:и|and)\s")
_JOINED: Final = re.compile(r"(?:,\s+|\s+(?:и|а\s+также|and)\s+)$")


def name_before(text: str) -> str:
    """The name that ends where `text` does: a quotation, or capitalised words; "" if there is none."""
    text = text.rstrip(" *\u00a0")
    if not text:
        return ""
    if text[-1] in _QUOTED:
        return _quotation(text)
    ends = list(_CLAUSE_END.finditer(text))
    clause = text[ends[-1].end() :] if ends else text
    return _capitalised(clause, opens=not ends or ends[-1][0][0] not in ",;:(")


def names_before(text: str) -> list[str]:
    """All the names that end there, in their order: «Заря», «Луч» и Иван Петров."""
    names: list[str] = []
    while len(names) < _MOST:
        joined = _JOINED.search(text) if names else None
        if names and joined is None:
            break
        text = text[: joined.start()] if joined else text
        name = _LINK.split(name_before(text))[-1]
        at = text.rfind(name)
        if not name or at < 0:
            break
        names.append(name)
        text = text[:at].rstrip('«„“"')
    return names[::-1]


def name_behind(text: str) -> str:
    """The name that begins there, behind what it is: «группировка „Имя“», «журналист Имя Фамилия»."""
    kinds = _KINDS.match(text)
    text = text[kinds.end() :] if kinds else text
    if text[:1] in _OPENED:
        inner, closed, _ = text[1:].partition(_OPENED[text[0]])
        return inner.strip(" *")[:_NAME_LIMIT] if closed else ""
    run = _RUN.match(text)
    return run[0][:_NAME_LIMIT] if run else ""


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
    words = clause.lstrip(" *").split()
    start = len(words)
    while start and (_is_name_word(words[start - 1]) or (words[start - 1] in _PARTICLES and start < len(words))):
        start -= 1
    while start < len(words) and words[start] in _PARTICLES:
        start += 1
    run = words[start:]
    if run:
        # «Журналист Иван Петров» at the head of a sentence: the first word is capitalised for its place only.
        if start == 0 and opens and run[0].casefold() not in _BODIES and (len(run) > 2 or _is_no_name(run)):
            run = run[1:]
        while run and run[0] in _PARTICLES:
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


def _is_no_name(run: list[str]) -> bool:
    """Of two capitalised words at the head of a sentence: the first says what the second is, or does."""
    first = run[0].casefold()
    return len(run) == 2 and (first in _SORTS or is_verb(run[0]))


def last_name(text: str) -> str:
    """The last of the names that end there."""
    return _LINK.split(name_before(text))[-1].strip(" *")


def _is_name_word(word: str) -> bool:
    return bool(_CAPITAL.match(word.lstrip("«\"'")))
