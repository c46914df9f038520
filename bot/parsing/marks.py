"""Marks: legal notices that belong to a name, as the source wrote them. None is invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from bot.language import Notice, Token, Where, about_itself, legal, notices, tokens, without_notices
from bot.model import Mark
from bot.parsing.names import last_name, name_before, name_behind, names_before

_MOST_MARKS: Final = 50
_READ: Final = 20_000
"""Characters of a text in which the names of a notice about itself are looked for."""
_NEVER: Final = frozenset(
    {"СМИ", "РФ", "США", "ООН", "ЕС", "Россия", "России", "Минюст", "Минюстом", "Росфинмониторинг", "НКО"}
)
"""Capitalised, but nobody's name that a notice could belong to."""
_SEVERAL: Final = re.compile(
    r"\b(?:признаны|запрещены|вн[её]сены|включены|входят|принадлежат|признанные|запрещ[её]нные|организации|СМИ)\b",
    re.IGNORECASE,
)
"""A notice that speaks of more than one name."""
_ALIAS: Final = re.compile(r"^((?:[A-ZА-ЯЁ]{2,8}|[«\"][^«»\"]{2,40}[»\"])(?:,\s+|\s+и\s+|\s*[–—-]\s+|\s+\())")
"""Another name of the same, in the bracket before the notice: «(ИГ, запрещена в РФ)»."""
_AGENT: Final = re.compile(r"(?:иностранн\w{2,3}\s+агент\w*|иноагент\w*)\s+([^.,;()\n]{3,160})", re.IGNORECASE)
_NAME_RUN: Final = re.compile(
    r"(?:[А-ЯЁA-Z][А-ЯЁA-Z.-]+(?:\s+|$))+(?![а-яёa-z])|(?:[А-ЯЁA-Z][\wё.-]+(?:\s+|$)){1,4}|[А-ЯЁA-Z0-9 .«»\"-]+$"
)
"""Words in capitals, else capitalised ones: a notice that isn't closed runs into the text."""
_PERSON: Final = re.compile(r"физическ\w+\s+лиц|гражданин", re.IGNORECASE)
_BODY: Final = re.compile(r"массовой\s+информации|\bСМИ\b|юридическ\w+\s+лиц|организаци|редакци|издани", re.IGNORECASE)
"""Whom a notice that names nobody speaks of: the author, or the outlet."""
_NO_NAME: Final = re.compile(
    r"^(?:либо|или|и|на|в|российск|касается|выполняющ|средств|\(|юридическ)|\s(?:либо|или|касается|18)\b.*$",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"\s[–—-]\s|\s(?=признан|вн[её]с[её]н|включ[её]н|запрещ[её]н|является|входит)|\s\(", re.IGNORECASE
)


def find_marks(*texts: str, author: str = "", outlet: str = "") -> tuple[Mark, ...]:
    """The marks in title, lead and text, one a name, in the order of the notices: those in brackets first.

    `author` and `outlet` are who made the material: a notice about the material that names nobody belongs to the one it
    speaks of, where the text names them.
    """
    found: dict[str, Mark] = {}
    whole = "\n".join(texts)
    written = list(notices(whole))
    inside = any(notice.where is Where.WITHIN for notice in written)
    material = _Material(author, outlet, *_prose(whole if inside else ""))
    for notice in written:
        for mark in _marks(notice, whole, material):
            found.setdefault(mark.name.casefold(), mark)
        if len(found) >= _MOST_MARKS:
            break
    return tuple(found.values())[:_MOST_MARKS]


class _Material(NamedTuple):
    """Who made the text, and its words outside of notices."""

    author: str
    outlet: str
    prose: str
    words: Sequence[Token]


def _prose(whole: str) -> tuple[str, Sequence[Token]]:
    prose = without_notices(whole)[:_READ]
    return prose, tokens(prose)


def _marks(notice: Notice, text: str, material: _Material) -> Iterator[Mark]:
    """The notice with each name it belongs to; with none, where no name is to be found."""
    match notice.where:
        case Where.BEFORE:
            yield from _before(notice, text)
        case Where.BEHIND:
            yield from _marks_of([name_behind(text[notice.end : notice.end + 300])], notice.words)
        case Where.STARRED:
            yield from _starred(notice, text)
        case Where.WITHIN:
            names = list(_told_within(notice.words, material)) or _made_by(notice.words, material)
            yield from _marks_of(names, notice.words)


def _marks_of(names: Iterable[str], words: str) -> Iterator[Mark]:
    return (Mark(name, words) for name in names if name and name not in _NEVER)


def _before(notice: Notice, text: str) -> Iterator[Mark]:
    """«Имя» (ИМ, запрещена в РФ – прим. Труд); Имя и «Имя» (признаны иноагентами)."""
    before = text[max(0, notice.start - 200) : notice.start]
    words, aliases = notice.words, []
    while (alias := _ALIAS.match(words)) and legal(words[alias.end() :]):
        aliases.append(alias[1].strip(' ,–—-«»"('))
        words = words[alias.end() :]
    names = names_before(before) if _SEVERAL.search(words) else [name_before(before)]
    if any(names):
        yield from _marks_of([*names, *aliases], words)


def _starred(notice: Notice, text: str) -> Iterator[Mark]:
    """«ФБК* сообщил …» with «* — признан …» below: where both have the same number of asterisks."""
    head, words = _footnote(notice.words)
    places = (place.start() for place in re.finditer(rf"(?<=[\w»”\"]){re.escape(notice.stars)}(?![*¹²³⁴⁵⁶⁷⁸⁹])", text))
    outside = (place for place in places if not notice.start <= place < notice.end)
    names = [last_name(text[max(0, place - 200) : place]) for place in outside]
    if not any(names) and head:
        names = [name_before(f" {head}") or head]
    yield from _marks_of(names, words)


def _footnote(written: str) -> tuple[str, str]:
    """A footnote's own name, "" if it has none, and what it says: «Meta — признана …»."""
    if about_itself(written):
        return "", legal(written) or written
    parts = _SPLIT.split(written, maxsplit=1)
    head = parts[0].strip(" –—-")
    said = legal(written[len(parts[0]) :].strip(" –—-(").split(". ")[0].rstrip(")")) if len(parts) > 1 else ""
    if said and head and re.match(r"[«\"A-ZА-ЯЁ]", head) and not legal(head):
        return head.strip('«»"'), said
    whole = legal(written.lstrip(" –—-").split(". ")[0]) or legal(written)
    return "", whole if whole.count("(") == whole.count(")") else whole.rstrip(")")


def _told_within(words: str, material: _Material) -> Iterator[str]:
    """Names of the notice as the text writes them: «… ИНОСТРАННЫМ АГЕНТОМ ПЕТРОВЫМ ИВАНОМ …» is Иван Петров."""
    for agent in _AGENT.finditer(words):
        written = _NO_NAME.sub("", agent[1]).strip(" .-–—")
        quoted = re.search(r"[«\"]([^«»\"]{2,80})[»\"]", written)
        run = _NAME_RUN.match(written)
        if name := quoted[1] if quoted else run[0].strip() if run else "":
            yield _mention(name, material) or name
            return
    if not about_itself(words):
        yield _footnote(words)[0]


def _made_by(words: str, material: _Material) -> list[str]:
    """Who made the material, as the text names them; nobody if it may be either of two."""
    person, body = _PERSON.search(words), _BODY.search(words)
    makers = [] if body else [material.author]
    makers += [] if person else [material.outlet]
    named = [name for maker in makers if maker and (name := _mention(maker, material))]
    return named if about_itself(words) and len(named) == 1 else []


def _mention(name: str, material: _Material) -> str:
    """The name as the text has it, capitalised, whatever the order and the form of its parts; "" if it hasn't."""
    parts = [token.lemmas for token in tokens(name)][:2]
    for wanted in (parts, parts[:1]) if parts else ():
        for at in range(len(material.words) - len(wanted) + 1):
            run = material.words[at : at + len(wanted)]
            if material.prose[run[0].start].isupper() and _same(run, wanted):
                return material.prose[run[0].start : run[-1].end]
    return ""


def _same(run: Sequence[Token], wanted: Sequence[frozenset[str]]) -> bool:
    return all(any(not word.lemmas.isdisjoint(part) for part in wanted) for word in run) and all(
        any(not word.lemmas.isdisjoint(part) for word in run) for part in wanted
    )
