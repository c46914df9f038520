"""Names that no dictionary knows: what their forms and spellings have in common.

Lemmas guessed for them differ from case to case («Нусра» нуср, «Нусрой» нусрой); their keys don't.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final

_ENDING: Final = re.compile(
    r"'?(?:ами|ями|ого|его|ому|ему|ой|ою|ей|ею|ом|ем|ам|ям|ах|ях|ов|ев|ові|еві|ію|єю|єм|ів|їв|[аеиоуыюяйьіїє])$"
)
"""Of a case, Russian or Ukrainian."""
_ADJECTIVE: Final = re.compile(r"([^\W\d_]+[сцз]ь?к)(?:ий|ого|ому|им|ім|ом|ій|ой|ая|ої|ую|ою|ое|ие|их|ими|[аеуоі])")
"""Зеленский, Зеленського, українською: the stem, and an ending of either language."""
_SHORTEST: Final = 5
"""Letters: a shorter word is its own stem, unless it may be a name of two letters («Ына»)."""
_SHORT_NAME: Final = re.compile(r"((?:[а-яё]?[аеиоуыэюя][бвгджзклмнпрстфхцчшщ]))(?:а|у|е|ом|ем)")
_DOUBLE: Final = re.compile(r"(\w)\1")
_HARD: Final = re.compile(r"(?<=\w)ы|(?<=\w)і|(?<=\w)ї")
_SAME: Final = (("йо", "е"), ("ськ", "ск"), ("цьк", "цк"), ("зьк", "зк"), ("ґ", "г"), ("є", "е"))
"""Letters of one sound in two spellings or in the two languages."""


def stem(folded: str) -> str:
    """What all forms of an unknown name begin with."""
    if found := _ADJECTIVE.fullmatch(folded):
        return found[1]
    return _ENDING.sub("", folded) if len(folded) >= _SHORTEST else folded


def is_adjective(folded: str) -> bool:
    """Whether it ends as adjectives and surnames in -ский, -цкий, -ський do."""
    return _ADJECTIVE.fullmatch(folded) is not None


def short_stem(folded: str) -> str | None:
    """Of a name of two or three letters in another case: «Ына», «Ыном»."""
    found = _SHORT_NAME.fullmatch(folded)
    return found[1] if found else None


def simple(name: str) -> str:
    """A stem as it sounds: doubled letters single, э as е, ы as и, Ukrainian letters as Russian («Башшар», «Башар»)."""
    for one, other in _SAME:
        name = name.replace(one, other)
    name = name[:1] + _HARD.sub("и", name[1:].replace("э", "е")) if name else name
    return _DOUBLE.sub(r"\1", name)


def other_spellings(keys: Collection[str]) -> Iterator[str]:
    """What names are known by that letters alone don't tell to be one: «Хашогги» for «Хашкаджи»."""
    known = _spellings()
    return (known[key] for key in keys if key in known)


def spelt(name: str) -> Iterator[str]:
    """Every spelling of what a name is known by."""
    return (other for other, known in _spellings().items() if known == name)


@cache
def _spellings() -> Mapping[str, str]:
    text = resources.files("bot.language").joinpath("spellings.toml").read_text(encoding="utf-8")
    return {
        key: group[0]
        for group in tomllib.loads(text)["names"]
        for name in group
        for key in (name, stem(name), simple(stem(name)))
    }
