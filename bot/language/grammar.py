"""What a sentence has to have: something that is said of somebody."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.language.lemmas import analyser
from bot.language.writing import fold

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CYRILLIC: Final = re.compile(r"[а-яё]", re.IGNORECASE)
_SAYING: Final = frozenset({"VERB", "PRTS", "ADJS", "PRED", "INFN", "COMP"})
"""Parts of speech a Russian sentence can be built on."""
_PROBABLE: Final = 0.15
"""«стали» is a verb in most sentences, «вид» hardly ever."""
_DASHED: Final = re.compile(r"\s[–—-]\s")


def has_predicate(sentence: str, *, sure: bool = False) -> bool:
    """Whether a Russian sentence says something: a verb, a short form, or a dash that stands for one.

    A caption («Вид Галифакса», «Honda CR-V») doesn't. True for text that isn't Russian. `sure`: by each word's most
    probable reading alone: «крыло» is no verb then.
    """
    words = _WORD.findall(sentence)
    if sum(bool(_CYRILLIC.match(word)) for word in words) < 0.5 * len(words):
        return True
    says = _surely_says if sure else _says
    return bool(_DASHED.search(sentence)) or any(says(fold(word)) for word in words)


def is_verb(word: str) -> bool:
    """Whether a Russian word is a verb in its most probable reading: «сообщили», «вошли»."""
    return bool(_CYRILLIC.match(word)) and _best(fold(word)) in {"VERB", "INFN"}


def is_person(word: str) -> bool:
    """Whether a Russian word is in its most probable reading somebody in the nominative: «министр», not «министра»."""
    tag = analyser().parse(fold(word[:40]))[0].tag if _CYRILLIC.match(word) else None
    return tag is not None and tag.POS == "NOUN" and "anim" in tag and "nomn" in tag


def is_thing(word: str) -> bool:
    """Whether a Russian word is in its most probable reading the noun for a thing: «дорога», not «министр»."""
    tag = analyser().parse(fold(word[:40]))[0].tag if _CYRILLIC.match(word) else None
    return tag is not None and tag.POS == "NOUN" and "inan" in tag


def is_common_noun(word: str) -> bool:
    """Whether a word is a Russian noun or adjective that names no one thing: «дождь», «новый», not «Иран» or «ИГИЛ»."""
    folded = fold(word)
    if len(folded) > 40 or not _CYRILLIC.match(folded) or not analyser().word_is_known(folded):
        return False
    tag = analyser().parse(folded)[0].tag
    return tag.POS in {"NOUN", "ADJF", "ADVB"} and not {"Name", "Surn", "Patr", "Geox", "Orgn", "Abbr"} & set(
        tag.grammemes
    )


@lru_cache(maxsize=8_192)
def _says(word: str) -> bool:
    if len(word) > 40 or not _CYRILLIC.match(word):
        return False
    return any(parse.score >= _PROBABLE and parse.tag.POS in _SAYING for parse in analyser().parse(word))


def _surely_says(word: str) -> bool:
    return bool(_CYRILLIC.match(word)) and _best(word) in _SAYING


@lru_cache(maxsize=4_096)
def _best(word: str) -> str | None:
    return None if len(word) > 40 else analyser().parse(word)[0].tag.POS
