"""What sites put around an article's own words: their name behind headlines, ways to read on behind leads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_BETWEEN: Final = re.compile(r"\s+[-–—•·/»]\s+|\s+--\s+|\s*\|\s*|\s*::\s*|(?<=\S)[-–—](?=[^\s\d]+$)")
"""What stands between a headline and a site's name."""
_SURE: Final = frozenset({"|", "::"})
"""What stands between nothing else: «Труд — не волк» begins with no name of a newspaper."""
_BEHIND: Final = re.compile(r"\s*[-–—|:•·/»,(]")
_WORDS: Final = re.compile(r"\w+")
_MOST_PARTS: Final = 4
_SITE_WORDS: Final = 3
"""Words of a site's name with the name of a part of it: «CNN Politics», «Вести Экономика»."""
_TELLING: Final = 3
"""Words from which a first heading is a headline: fewer are a section or the site's name."""
_LETTERS: Final = re.compile(r"[^\W\d_]")

_READ_ON: Final = re.compile(
    r"\s*(?:\b(?:Чита(?:ть|йте) (?:далее|дальше|полностью|подробнее|ещ[её]|больше|полную версию|на сайте)|Подробнее|"
    r"Подробности|Далее|Узнать больше|Read (?:more|on|the (?:full|rest)[^.]{0,40})|Continue reading[^.]{0,200})"
    r"|(?<![^\s.!?…»\"])(?:Сообщение|Запись|Публикация|Статья) (?:(?!Сообщение ).){1,300}? (?:впервые )?"
    r"появил[аио]с[ьи]? (?:сначала )?(?:на|в) .{1,100}"
    r"|\bThe post (?:(?!The post ).){1,300}? (?:appeared first|first appeared) on .{1,100})[\s.…→»>]*$"
)
"""Their capital letter tells them from the end of a sentence: «… сообщил подробности»."""
_MAY_READ_ON: Final = re.compile("Чита|Подробн|Далее|Узнать|Read |Continue reading|появил|appeared")
"""What one of them has: looked for first, since it takes a quarter of the time."""
_GLUED: Final = re.compile(r"(?<=[а-яёіїє]{3}[.!?…])(?=[«А-ЯЁІЇЄ][а-яёіїє ])|(?<=[а-яёіїє]{3}»[.!?…])(?=[«А-ЯЁІЇЄ])")
"""Between Russian words alone: «Газета.Ru» and «т.Иванов» are whole."""
_END: Final = 1_000
"""Characters of a text's end that may be such an invitation."""
_CUT: Final = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\))$")


def bare(text: str) -> str:
    """Its words in small letters, for comparing what differs in quotes, dashes and capitals."""
    return " ".join(_WORDS.findall(text)).casefold()


def without_site(title: str, names: Iterable[str], heading: str = "") -> str:
    """A headline without what sites put behind it, or before it: their `names`, or all that a page's `<h1>` hasn't.

    A `heading` of fewer than three words is no headline. What is left has words; else the title comes back whole.
    """
    telling = len(heading.split()) >= _TELLING
    if telling and title.startswith(heading) and (title == heading or _BEHIND.match(title, len(heading))):
        return heading
    known: set[str] = set()
    parts = title
    for _ in range(_MOST_PARTS):
        between = list(_BETWEEN.finditer(parts))
        if not between:
            break
        known = known or {name for each in names if (name := bare(each))}
        last, first = between[-1], between[0]
        if _is_site(parts[last.end() :], known):
            shorter = parts[: last.start()]
        elif first[0].strip() in _SURE and bare(parts[: first.start()]) in known:
            shorter = parts[first.end() :]
        else:
            break
        if not _LETTERS.search(shorter):
            break
        parts = shorter
    return parts.strip()


def _is_site(part: str, known: set[str]) -> bool:
    words = bare(part)
    few = len(words.split()) <= _SITE_WORDS
    return words in known or (few and any(words.startswith(f"{name} ") for name in known))


def unglued(text: str) -> str:
    """A lead with the spaces between its sentences that were lost with their markup: «… в марте.По словам …»."""
    return _GLUED.sub(" ", text)


def without_invitation(text: str) -> str:
    """A lead, or a body, without «Читать далее», «The post … appeared first on …» and «[…]» at its end."""
    if not text:
        return text
    head, end = text[:-_END], text[-_END:]
    for _ in range(3 if _MAY_READ_ON.search(end) else 0):
        shorter = _READ_ON.sub("", end)
        if shorter == end or not (head or shorter):
            break
        end = shorter
    return head + _CUT.sub("…", end)
