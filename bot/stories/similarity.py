"""How likely two articles tell of one event."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final

from bot.stories.fingerprint import Fingerprint
from bot.stories.titles import differ_in_filling

NAME_MISSING: Final = 0.05
"""Taken off per name of one headline that the other article doesn't hold."""

EACH_ITS_OWN: Final = 0.15
"""Taken off per name, and per number, that each headline has and the other article doesn't hold: an account leaves out
a name, but two that don't know of each other's are of two events; so are the eleventh case and the twelfth. Both are
round figures near what a regression gives on the annotated pairs, leaving one out at a time (bench/story_choices.py).
"""

LEAST_TEXT: Final = 0.2
"""Cosine of the texts below which equal headlines («Главное к этому часу») are a coincidence; the least of true pairs
in the development set is .34."""

NEAR_IDENTICAL: Final = 0.75
"""Cosine from which a thin article counts as a copy."""

_FREQUENCY: Final = (0.0, *(1 + math.log(count) for count in range(1, 256)))


def frequency(count: int) -> float:
    """What it's worth that a word occurs so often (0 to 255 times) in an article."""
    return _FREQUENCY[count]


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article whose words have been weighed once, to be compared with many."""

    article: Fingerprint
    weights: dict[str, float]
    norm: float
    rarity: Callable[[str], float]


def weigh(article: Fingerprint, rarity: Callable[[str], float]) -> Weighed:
    """Words by how often they occur (logarithmically) and how rare they are."""
    weights = {
        word: _FREQUENCY[count] * rarity(word) for word, count in zip(article.words, article.counts, strict=True)
    }
    return Weighed(article, weights, math.sqrt(math.fsum(weight**2 for weight in weights.values())), rarity)


def likeness(one: Weighed, other: Fingerprint) -> float | None:
    """From about 0 to 1; None when a thin article allows no judgement.

    ½ cosine of the texts + ½ how far each headline is contained in the other article, less what their names and
    numbers differ by. The containments' geometric mean: a general headline is contained in many articles that aren't
    contained in it.
    """
    cosine = _cosine(one, other)
    if one.article.thin or other.thin:
        return 1.0 if cosine >= NEAR_IDENTICAL else None
    if cosine < LEAST_TEXT or differ_in_filling(one.article.template, other.template):
        return 0.0
    words = frozenset(other.words)
    contained = _contained(one.article, words, one.rarity) * _contained(other, one.weights.keys(), one.rarity)
    return cosine / 2 + math.sqrt(contained) / 2 - _difference(one.article, words, other, one.weights.keys())


def contradict(one: Fingerprint, other: Fingerprint) -> bool:
    """Whatever else they share, the headlines fill one template differently."""
    return differ_in_filling(one.template, other.template)


def _cosine(one: Weighed, other: Fingerprint) -> float:
    # The one hot loop of the stage: 20 articles of 200 words each time.
    product = square = 0.0
    weights, rarity, frequencies = one.weights, one.rarity, _FREQUENCY
    for word, count in zip(other.words, other.counts, strict=True):
        weight = frequencies[count] * rarity(word)
        square += weight * weight
        if word in weights:
            product += weight * weights[word]
    return product / (one.norm * math.sqrt(square)) if product else 0.0


def _contained(article: Fingerprint, words: Collection[str], rarity: Callable[[str], float]) -> float:
    """Share of a headline's words, by their rarity, that the other article holds."""
    total = math.fsum(rarity(word) for word in article.title)
    return math.fsum(rarity(word) for word in article.title if word in words) / total if total else 0.0


def _difference(
    one: Fingerprint, words_of_other: Collection[str], other: Fingerprint, words_of_one: Collection[str]
) -> float:
    """What is taken off for names and numbers of either headline that the other article doesn't hold."""
    names = _missing(one.names, words_of_other), _missing(other.names, words_of_one)
    numbers = tuple(
        sum(number not in words for number in article.numbers)
        for article, words in ((one, words_of_other), (other, words_of_one))
    )
    return NAME_MISSING * sum(names) + EACH_ITS_OWN * (min(names) + min(numbers))


def _missing(names: Iterable[frozenset[str]], words: Collection[str]) -> int:
    return sum(all(reading not in words for reading in name) for name in names)
