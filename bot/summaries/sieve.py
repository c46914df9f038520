"""Which sentences can stand in a summary, and what each needs beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bot.language import fold, tokens
from bot.summaries import phrases
from bot.summaries.cleaning import ADDRESS

_FINAL: Final = re.compile(r"[.!?…][»\"”)\]]*$")
_CUT_OFF: Final = re.compile(r"(?:\.{2,}|…)[»\"”)\]]*$")
_QUESTION: Final = re.compile(r"\?[!.…]*[»\"”)\]]*$")
_WORD: Final = re.compile(r"\w+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_BULLET: Final = re.compile(r"\s*[-–—•*·>|]")

REPETITION: Final = 0.15
"""Share of new words up to which a sentence repeats the title."""
ALIKE: Final = 0.75
"""Share of all their words that sentence and title have in common when one is the other again."""
PART: Final = 0.6
"""Share of the title's words up to which a sentence tells a part of it only."""
ECHO: Final = 0.25
"""The same for a sentence already taken: a lead is often the body's first sentence, cut a little shorter."""
SAME: Final = 0.75
"""Share of the shorter sentence's telling words that the other has when both tell one fact: so it was with eleven of
the twelve pairs from here on among the claims of bench/summaries.py's articles, with two of eleven from .65 to here."""
LEAST_SAME: Final = 4
"""Telling words in common, or the sentences are too short to judge by them."""
TITLE_AGAIN: Final = 2 / 3
"""Share of a later sentence's telling words that the title has when it tells the title in other words."""
SHORTEST_WORD: Final = 4
"""Letters; shorter words tell little."""


def ended(sentence: str) -> bool:
    """It ends as sentences end, be it in the dots of a text broken off there."""
    return bool(_FINAL.search(sentence))


def complete(sentence: str) -> bool:
    """It ends as sentences end, and wasn't broken off."""
    return ended(sentence) and not _CUT_OFF.search(sentence)


def balanced(text: str) -> bool:
    """Every quote and bracket in it is closed."""
    pairs = all(text.count(opening) == text.count(closing) for opening, closing in ("«»", "()", "[]"))
    return pairs and text.count('"') % 2 == 0 and sum(text.count(quote) for quote in "„“”") % 2 == 0


def newsworthy(sentence: str) -> bool:
    """It tells something: no promotion, credit, background, question, line of a list or half of a quote."""
    return not (
        ADDRESS in sentence
        or len(sentence.split()) < 2
        or not balanced(sentence)
        or _QUESTION.search(sentence)
        or phrases.BACKGROUND.match(sentence)
        or phrases.PROMOTION.search(sentence)
        or phrases.CREDIT.match(sentence)
        or _BULLET.match(sentence)
        or not _LETTERS.search(sentence)
    )


def torn(sentence: str) -> bool:
    """It begins in the middle, wasn't ended, or shouts."""
    word = _LETTERS.search(sentence)
    begins_low = sentence[:1].islower() and word is not None and word[0].islower()
    return begins_low or sentence.isupper() or not complete(sentence)


def dangling(sentence: str) -> bool:
    """It's understood only after the sentence before it: a pronoun, a connective, a quote without its speaker."""
    return bool(phrases.DANGLING.match(fold(sentence))) or _only_quote(sentence)


def leaning(sentence: str) -> bool:
    """It goes on from what was said before: after a gap it would go on from something else."""
    return dangling(sentence) or bool(phrases.LEANING.search(sentence))


def _only_quote(sentence: str) -> bool:
    inner = sentence.rstrip(".!?…")
    return any(
        inner.startswith(opening) and inner.endswith(closing) and closing not in inner[1:-1]
        for opening, closing in ("«»", '""', "“”", "„“")
    )


def supports(sentence: str) -> bool:
    """It says who made the claim before it: «Об этом сообщает …»."""
    return bool(phrases.SUPPORTING.match(sentence)) and bool(phrases.SAYS.search(sentence))


def names_only(sentence: str, outlet: str) -> bool:
    """Of an attribution: it names the outlet itself and nobody else."""
    own = {token.lemma for token in tokens(outlet)}
    said = {token.lemma for token in tokens(sentence) if not token.text.isdigit()}
    return bool(own & said) and not said - own - phrases.OF_AN_OUTLET


def loses_its_author(kept: str, sentence: str) -> bool:
    """Cut to `kept`, the sentence would no longer say whose claim it is."""
    behind = phrases.SAYS_BEHIND.search(sentence, max(len(kept) - 2, 0))
    return behind is not None and not phrases.SAYS.search(kept)


def names_its_author(sentence: str) -> bool:
    """It says itself who says so: «…, сообщает ТАСС», «Премьер заявил, что …»."""
    return bool(phrases.SAYS_BEHIND.search(sentence) or phrases.SAYS_BEFORE.search(sentence))


def repeats(sentence: str, other: str, share: float = REPETITION) -> bool:
    """It says hardly a word that the other doesn't: at most `share` of its words are new."""
    words = set(_WORD.findall(fold(sentence)))
    return len(words - set(_WORD.findall(fold(other)))) <= share * len(words)


@lru_cache(maxsize=64)
def telling_words(text: str) -> frozenset[str]:
    """The words that tell something, whatever their form: the longer ones, and numbers."""
    return frozenset(
        token.lemma for token in tokens(text) if len(token.text) >= SHORTEST_WORD or token.text[0].isdigit()
    )


def echoes(sentence: str, other: str) -> bool:
    """It tells the fact that the other tells, more or less fully: «Министры … не успели», «Дипломаты … не успели»."""
    said, told = telling_words(sentence), telling_words(other)
    return len(said & told) >= max(LEAST_SAME, SAME * min(len(said), len(told)))


def adds_nothing(sentence: str, told: Iterable[str]) -> bool:
    """But for its author it says nothing that isn't told: «Погибших нет, сообщили в МЧС» after «…, погибших нет»."""
    behind = phrases.SAYS_BEHIND.search(sentence)
    said = _lemmas(sentence[: behind.start()] if behind else sentence)
    return bool(said) and said <= frozenset[str]().union(*map(_lemmas, told))


@lru_cache(maxsize=64)
def _lemmas(text: str) -> frozenset[str]:
    return frozenset(token.lemma for token in tokens(text))


def rephrases(sentence: str, title: str) -> bool:
    """Of a sentence that isn't the first: it tells little but the title in other words."""
    said = telling_words(sentence)
    shared = len(said & telling_words(title))
    return shared >= LEAST_SAME and shared >= TITLE_AGAIN * len(said)


def tells_the_title(sentence: str, title: str, *, needed: bool = False) -> bool:
    """It is the title again, or all but; `needed`: what follows leans on it, so that a part of the title may stand."""
    words, asked = set(_WORD.findall(fold(sentence))), set(_WORD.findall(fold(title)))
    if len(words & asked) >= ALIKE * len(words | asked) and words:
        return True
    return repeats(sentence, title) and not (needed and len(words) <= PART * len(asked))
