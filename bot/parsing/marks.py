"""Marks: legal notices that belong to a name, as the source wrote them. None is invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.language import Notice, Where, legal, notices, tokens
from bot.model import Mark
from bot.parsing.names import last_name, name_before, name_behind, names_before

_MOST_MARKS: Final = 50
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
_AGENT: Final = re.compile(r"(?:иностранн\w{2,3}\s+агент\w*|иноагент\w*)\s+([^.,;\n]{3,160})", re.IGNORECASE)
_ABOUT_ITSELF: Final = re.compile(r"(?:настоящ|данн)", re.IGNORECASE)
_NO_NAME: Final = re.compile(
    r"^(?:либо|или|и|на|в|российск|касается|выполняющ|средств|\(|юридическ)|\s(?:либо|или|касается|18)\b.*$",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"\s[–—-]\s|\s(?=признан|вн[её]с[её]н|включ[её]н|запрещ[её]н|является|входит)|\s\(", re.IGNORECASE
)


def find_marks(*texts: str) -> tuple[Mark, ...]:
    """The marks in title, lead and text, one a name, in the order of the notices: those in brackets first."""
    found: dict[str, Mark] = {}
    whole = "\n".join(texts)
    for notice in notices(whole):
        for mark in _marks(notice, whole):
            found.setdefault(mark.name.casefold(), mark)
        if len(found) >= _MOST_MARKS:
            break
    return tuple(found.values())[:_MOST_MARKS]


def _marks(notice: Notice, text: str) -> Iterator[Mark]:
    """The notice with each name it belongs to; with none, where no name is to be found."""
    match notice.where:
        case Where.BEFORE:
            yield from _before(notice, text)
        case Where.BEHIND:
            yield from _marks_of([name_behind(text[notice.end : notice.end + 300])], notice.words)
        case Where.STARRED:
            yield from _starred(notice, text)
        case Where.WITHIN:
            names = _told_within(notice.words, text[: notice.start] + text[notice.end :])
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
    parts = _SPLIT.split(written, maxsplit=1)
    head = parts[0].strip(" –—-")
    said = legal(written[len(parts[0]) :].strip(" –—-(").split(". ")[0].rstrip(")")) if len(parts) > 1 else ""
    if said and head and re.match(r"[«\"A-ZА-ЯЁ]", head) and not legal(head):
        return head.strip('«»"'), said
    whole = legal(written.lstrip(" –—-").split(". ")[0]) or legal(written)
    return "", whole if whole.count("(") == whole.count(")") else whole.rstrip(")")


def _told_within(words: str, text: str) -> Iterator[str]:
    """Names of the notice as the text writes them: «… ИНОСТРАННЫМ АГЕНТОМ ПЕТРОВЫМ ИВАНОМ …» is Иван Петров."""
    for agent in _AGENT.finditer(words):
        written = _NO_NAME.sub("", agent[1]).strip(" .-–—")
        quoted = re.search(r"[«\"]([^«»\"]{2,80})[»\"]", written)
        name = quoted[1] if quoted else written
        if name:
            yield _as_mentioned(name, text)
            return
    if not _ABOUT_ITSELF.match(words):
        yield _footnote(words)[0]


def _as_mentioned(name: str, text: str) -> str:
    """The name as the text has it, whatever its case and the order of its parts; as in the notice if it hasn't."""
    parts = [token.lemmas for token in tokens(name)][:3]
    if not parts:
        return ""
    words = tokens(text[:20_000])
    for size in (min(2, len(parts)), 1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            wanted = parts[:size]
            if all(any(not word.lemmas.isdisjoint(part) for part in wanted) for word in run) and all(
                any(not word.lemmas.isdisjoint(part) for word in run) for part in wanted
            ):
                return text[run[0].start : run[-1].end]
    return name
