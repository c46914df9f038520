"""Typography that careless exports break, put right: spaces, stops, quotes and capitals. Words are never changed."""

from __future__ import annotations

import re
from typing import Final

from bot.language import has_predicate, is_person, is_thing, is_verb

_ESCAPED: Final = re.compile(r"\\r\\n|\\[nrt]")
_WRAPPED: Final = re.compile(r"(?<=[а-яё])n([A-Z][^\n.,;:!?()«»\"]{1,40}?)n(?=[\s.,;:!?)»\"]|$)")
"""The same around a link: «телеканалnAl-Masirahn»."""
_STRAY: Final = re.compile(r"(?<=[А-ЯЁа-яё»\"])n(?=[«\"А-ЯЁа-яё])|(?<=[а-яё])n(?=[A-Z])|(?<=[–—-])n(?=[а-яё])")
"""A line break's «n» that lost its backslash: «сообщаетnТАСС»."""
_ABBREVIATED: Final = re.compile(r"(?<![\w.])(им|ул|просп|пер|г|пос|св|обл)\.(?=[А-ЯЁ])")
"""«им.Чехова»."""
_STRAY_END: Final = re.compile(r"(?<=[»\"а-яё])n(?=[\s,.;:)])|(?<=\s)n(?=[А-ЯЁа-яё])")

_NOT_SPLIT: Final = re.compile(
    r"(?:яндекс|лента|газета|футбол|спорт|чемпионат|рамблер|mail|google|im|им|ул|пр|гг|ст|пос|обл|св|просп|корп|др|долл|руб)$",
    re.IGNORECASE,
)
_DOMAIN: Final = re.compile(r"(?:ру|рф|ru|com|ua|net|org)\b", re.IGNORECASE)
_GLUED: Final = re.compile(
    r"((?<![А-ЯЁа-яёA-Za-z-])[А-ЯЁа-яёA-Za-z-]{2,60}|\d{2}|[»\"”)])([.!?…]+)(?=[«\"“„]?[А-ЯЁA-Z][а-яёa-z]*(?:[\s,«\"]|$))"
)
_MISSING: Final = re.compile(
    r"(?<=[а-яё]{3}[.!?…])(?=[«“„][А-ЯЁA-Z])"  # сказал он.«Мы
    r"|(?<=[а-яёa-z]»)(?=[А-ЯЁа-яёA-Za-z])"  # «Локомотива»по
    r"|(?<=[а-яё»\"”)],)(?=[«„А-ЯЁа-яё–—])"  # сказал он,что
    r"|(?<=[а-яё]:)(?=[«„А-ЯЁ–—])"  # сообщил:Мы
    r"|(?<=[\"»”],)(?=[–—-]\s)"  # ",- сказал
    r"|(?<=\s[–—])(?=[А-ЯЁа-яё«])"  # –новообразования
    r"|(?<=[а-яё])(?=«[А-ЯЁ])"  # компания«Заря»
)
"""Where a space is missing."""
_RUN_TOGETHER: Final = re.compile(r"(?<!\w)([а-яё]{3,40})(?=[А-ЯЁ][а-яё]{2})")
"""Two words without a space: «пресс-службаПолиции»; what begins with a capital («МегаФон») is a name."""
_BEFORE_SIGN: Final = re.compile(r"\s+(?=[,.;:!?»)…](?:\s|$))|(?<=[а-яё])\s+(?=\",?\s[–—-]\s)")
_INSIDE: Final = re.compile(r"(?<=[«(])\s+")
_REPEATED: Final = re.compile(r"(,)(?:\s*,)+|(?<=[а-яёa-z])\.\.(?=\s|$)")

_UNSTOPPED: Final = re.compile(
    r"((?<![А-ЯЁа-яё\w-])[а-яё]{2,40}|[»\"”)]|\d{2})[ ]"
    r"(?=(?:В|На|По|Об|Обо|За|Из|От|До|При|Для|После|Среди|Также|Однако|Кроме|Напомним|Ранее|Как|Мы|Это|Если)"
    r"\s[А-ЯЁа-яё«\"\d])"
)
"""A preposition or the like with a capital in the middle of a sentence: the one before it wasn't ended."""
_LETTERED: Final = re.compile(
    r"(?:витамин|групп|категори|класс|вариант|пункт|точк|гепатит|корпус|литер|подъезд)\w*$", re.IGNORECASE
)
_HEADING: Final = re.compile(
    r"(?<![\w-])([а-яё]{3,40})\s(?=[А-ЯЁ][\w-]{1,30}(?:\s[А-ЯЁ][\w-]{1,30}){0,4}\s"
    r"([а-яё]{3,30})(?<!ть)(?<!ти)(?<!чь)(?<!ться)(?<!тись)(?![\w-]))"
)
"""A word before a name and what its bearer did, where a heading may end: «… ремонт дорог Иван Петров провёл …»."""
_CLAUSE: Final = re.compile(r"[^.!?…,;:—–]*$")
_SUBORDINATE: Final = re.compile(r"\b(?:как|когда|если|что|чтобы|пока|хотя|где|котор\w+)\b", re.IGNORECASE)

LEAST_SAID: Final = 30
"""Characters of a line that can be a sentence."""
_LOWER_HEAD: Final = 400
_BEGINNING: Final = re.compile(r"(^[\s«\"(]*|[.!?…][»\"”)]*\s+[«\"(]*)([a-zа-яё])(?=[\w\s])", re.MULTILINE)
_INITIALS: Final = re.compile(r"(?:^|\s)(?:[a-zа-яё]|г|им|ул|млн|млрд|тыс|руб|т\.\s?[еднпк])\.\s+$")


def unescaped(text: str) -> str:
    """Line breaks that came through as letters are breaks again."""
    return _STRAY_END.sub("", _STRAY.sub(" ", _WRAPPED.sub(r" \1", _ESCAPED.sub("\n", text))))


def recased(text: str) -> str:
    """Capitals at the beginning of sentences, for a text that has none at all."""
    if any(char.isupper() for char in text[:_LOWER_HEAD]) or len(text) < 2:
        return text

    def capital(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - 12) : match.end(1)]
        return match[0] if match.start() and _INITIALS.search(before) else f"{match[1]}{match[2].upper()}"

    return _BEGINNING.sub(capital, text)


def mended(line: str) -> str:
    """One line with single spaces where they belong, and stops between sentences that were run into each other."""
    line = _RUN_TOGETHER.sub(r"\1 ", _MISSING.sub(" ", _ABBREVIATED.sub(r"\1. ", _unglued(line))))
    line = _parted(_stopped(" ".join(line.split())))
    line = _REPEATED.sub(lambda run: run[1] or ".", _INSIDE.sub("", _BEFORE_SIGN.sub("", line)))
    return stopped(line) if line.endswith(";") and line[0].isupper() else line


def _unglued(line: str) -> str:
    """A space between sentences where it's missing: «голкипера.Английские». Names such as «Яндекс.Дзен» stay."""

    def spaced(match: re.Match[str]) -> str:
        name = _NOT_SPLIT.search(match[1]) or _DOMAIN.match(line, match.end())
        return match[0] if name else f"{match[0]} "

    return _GLUED.sub(spaced, line)


def _stopped(line: str) -> str:
    def stop(match: re.Match[str]) -> str:
        return match[0] if _LETTERED.search(match[1]) else f"{match[1]}. "

    return _UNSTOPPED.sub(stop, line)


def stopped(line: str) -> str:
    """A line that says something, such as a post's first line or an item of a list («…;»), with the stop it lacks."""
    if len(line) < LEAST_SAID or not re.search(r"[\w»\";]$", line) or not has_predicate(line, sure=True):
        return line
    return f"{line.rstrip(';')}."


def _parted(line: str) -> str:
    """A stop behind a heading that was run into the text: it says something itself, and so does what follows."""

    def stop(match: re.Match[str]) -> str:
        noun, act = match.groups()
        clause = _CLAUSE.search(line, max(0, match.start() - 200), match.start())
        words = re.findall(r"\b[А-ЯЁа-яё]+\b", clause[0]) if clause else []
        verbs = [at for at, word in enumerate(words) if is_verb(word)]
        if not (verbs and is_thing(noun) and is_verb(act)) or any(map(is_person, words[verbs[-1] :])):
            return match[0]
        return match[0] if clause and _SUBORDINATE.search(clause[0]) else f"{noun}. "

    return _HEADING.sub(stop, line)


_NESTED: Final = re.compile(r"«([^«».,;:!?]{1,60})«([^«»]{1,80})»(?!»)")
"""A name inside a name («Завод «Заря»), both closed by one sign, as most newsrooms set it."""


_SAID_BEHIND: Final = re.compile(r"[^«»\"]+([»\"])\s?,\s?[–—-]\s")
"""Words, a closing quote, a dash and who said them."""


def closed(sentence: str, *, first: bool = False) -> str:
    """A sentence that lacks one quote gets it: where a name ends within a name, or, `first` in its line, in front."""
    missing = sentence.count("«") - sentence.count("»")
    if missing == 1:
        return _NESTED.sub(r"«\1«\2»»", sentence, count=1)
    said = _SAID_BEHIND.match(sentence) if first and (missing == -1 or sentence.count('"') == 1) else None
    return f"{'«' if said[1] == '»' else said[1]}{sentence}" if said else sentence


_CLIPPED: Final = re.compile(r"(?:\.{2,}|…)$")
_BORDER: Final = re.compile(r",\s(?=[«\"а-яёa-z])")
_NEEDED: Final = re.compile(r",\s(?:что|чтобы|если|пока|кроме|ли|that|if|unless)\b", re.IGNORECASE)
"""What begins so can't be left off without changing what is said."""
_LOOSE: Final = re.compile(
    r"(?:\s+(?:в|во|на|с|со|и|о|об|обо|по|из|за|к|от|для|у|при|the|a|of|in|on|and|to))+$", re.IGNORECASE
)
_ASIDE: Final = re.compile(r",\s(?:[а-яё]{1,4}\s)?(?:котор\w+|who|which)\b[^,]*,?", re.IGNORECASE)
"""A clause that tells of a word, not what happens."""
LEAST_LEFT: Final = 0.4
"""Share of a broken sentence that has to remain."""


def unclipped(sentence: str, *, attribution: bool = False) -> str:
    """A sentence that a teaser broke off («…, впервые прокомментировав американскую…») up to its last whole clause.

    An `attribution` may end where the place or the time was to follow. What can't be mended stays as it is.
    """
    clipped = _CLIPPED.search(sentence)
    if not clipped:
        return sentence
    body = sentence[: clipped.start()].rstrip()
    for border in reversed(list(_BORDER.finditer(body))):
        kept, lost = body[: border.start()], body[border.start() :]
        if len(kept) < LEAST_LEFT * len(body) or _NEEDED.search(lost):
            break
        told = _ASIDE.sub("", kept.rpartition(":")[2])
        if has_predicate(told, sure=True) and kept.count('"') % 2 == 0 and kept.count("«") == kept.count("»"):
            return f"{kept}."
    loose = _LOOSE.sub("", body)
    return f"{loose}." if attribution and loose != body else sentence
