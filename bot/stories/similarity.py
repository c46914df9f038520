"""How likely two articles tell of one event."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.stories.fingerprint import Fingerprint
from bot.stories.titles import are_one_template, each_has_its_own, is_dated

Rarity = Callable[[str], float]

SAME_EVENT: Final = 0.36
"""Mean likeness from which an article belongs to a story. With it precision is above recall, for news withheld by a
wrong merge is worse than news told twice, and articles without headlines stay above .80 in both
(bench/story_choices.py, docs/decisions/0006)."""

NAME_MISSING: Final = 0.05
"""Taken off per name of one headline that the other article doesn't hold."""

EACH_ITS_OWN: Final = 0.15
"""Taken off per name, and per number, that each headline has and the other article doesn't hold: an account leaves out
a name, but two that don't know of each other's are of two events; so are the eleventh case and the twelfth. Both are
round figures near what a regression gives on the annotated pairs, leaving one out at a time (bench/story_choices.py).
"""

SAME_NUMBERS: Final = 2
"""Below headlines that differ in a number only: one (an age, a year) may be the same by chance."""

GIST: Final = 15
"""Weightiest words of an article that should be found in the other one; 10 tell the annotated pairs apart worse, 20 as
well (bench/story_choices.py)."""

LEAST_GIST: Final = 0.15
"""Share of the gists in common below which equal headlines («Главное к этому часу») are a coincidence; that of true
pairs is .21 or more, whatever breaks ties of weight."""

UNEQUAL: Final = 1 / 3
"""Share of another article's distinct words; one of fewer (a post of one sentence) can't hold the other's gist."""

SHORT: Final = 0.05
"""Taken off where only the shorter one's gist is looked for."""

THIN: Final = 0.09
"""The same where one is of a few words only. Of the annotated pairs, cut to a headline or a first sentence on one side,
9 of 10 joined so are one event; at less it's fewer, and posts of one template pass for one (bench/stories.py)."""

_FREQUENCY: Final = (0.0, *(1 + math.log(count) for count in range(1, 256)))
"""What it's worth that a word occurs so often in an article."""


def by_weight(article: Fingerprint, rarity: Rarity) -> list[str]:
    """Its words by how much they say about it: how often they occur, and how rare they are.

    Of equal ones the alphabet decides, not their place: the headline is compared by itself.
    """
    ranked = sorted(
        (-_FREQUENCY[count] * rarity(word), word) for word, count in zip(article.words, article.counts, strict=True)
    )
    return [word for _, word in ranked]


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article with the words that say most about it."""

    article: Fingerprint
    gist: tuple[str, ...]


def likeness(one: Weighed, words_of_one: Collection[str], other: Weighed, rarity: Rarity) -> float | None:
    """From about 0 to 1; None when a thin article allows no judgement.

    ½ how far the gist of each article is contained in the other + ½ how far its headline is, less what their names and
    numbers differ by. Of the gists the mean, of the headlines the lesser: a general headline is contained in many
    articles that aren't contained in it. A much shorter article can't hold the other's gist: there the greater counts,
    less something for how little it says.
    """
    if contradict(one.article, other.article):
        return 0.0
    words, thin = frozenset(other.article.words), one.article.thin or other.article.thin
    unequal = thin or min(len(words), len(words_of_one)) < UNEQUAL * max(len(words), len(words_of_one))
    gists = _contained(one.gist, words, rarity), _contained(other.gist, words_of_one, rarity)
    gist = max(gists) if unequal else sum(gists) / 2
    if gist < LEAST_GIST:
        return None if thin else 0.0
    of_one, of_other = _headlines(one.article, other.article)
    headline = min(_contained(of_one, words, rarity), _contained(of_other, words_of_one, rarity))
    found = gist / 2 + headline / 2 - _difference(one.article, words, other.article, words_of_one)
    found -= THIN if thin else SHORT if unequal else 0.0
    return None if thin and found < SAME_EVENT else found


def _headlines(one: Fingerprint, other: Fingerprint) -> tuple[Sequence[str], Sequence[str]]:
    """Without the rubric that both begin with: «Письма читателей: про пенсию» is about a pension."""
    if one.rubric and one.title[: one.rubric] == other.title[: other.rubric]:
        return one.title[one.rubric :], other.title[other.rubric :]
    return one.title, other.title


def contradict(one: Fingerprint, other: Fingerprint) -> bool:
    """Whatever else they share, the headlines fill one template differently: «Прогноз на 8 ноября», «… на 18 ноября».

    Not by a number that was put right or has grown (5 dead, 7 dead), while the articles tell the same ones otherwise.
    """
    if not are_one_template(one.template, other.template):
        return False
    if each_has_its_own(one.template.names, other.template.names):
        return True
    return each_has_its_own(one.template.numbers, other.template.numbers) and not _tell_the_same_numbers(one, other)


def _tell_the_same_numbers(one: Fingerprint, other: Fingerprint) -> bool:
    """Most of those below the headline, and two at least; what is dated was never the same."""
    if is_dated(one.template) or is_dated(other.template):
        return False
    ours, theirs = (
        {word for word in article.words if word[:1].isdigit()}.difference(article.numbers) for article in (one, other)
    )
    same = len(ours & theirs)
    return same >= SAME_NUMBERS and 2 * same >= max(len(ours), len(theirs))


def _contained(said: Iterable[str], words: Collection[str], rarity: Rarity) -> float:
    """Share of what one article says, by its rarity, that the other one holds."""
    total = held = 0.0
    for word in said:
        rare = rarity(word)
        total += rare
        held += rare if word in words else 0.0
    return held / total if total else 0.0


def _difference(
    one: Fingerprint, words_of_other: Collection[str], other: Fingerprint, words_of_one: Collection[str]
) -> float:
    """What is taken off for names and numbers of either headline that the other article doesn't hold."""
    sides = ((one, words_of_other), (other, words_of_one))
    names = [_counted(_missing(article.names, words), len(article.names), article) for article, words in sides]
    numbers = [
        _counted(sum(number not in words for number in article.numbers), len(article.numbers), article)
        for article, words in sides
    ]
    return NAME_MISSING * sum(names) + EACH_ITS_OWN * (min(names) + min(numbers))


def _counted(missing: int, of: int, article: Fingerprint) -> float:
    """All that a first sentence names weighs as much as one name in a headline."""
    return missing if article.headed or not missing else missing / of


def _missing(names: Iterable[frozenset[str]], words: Collection[str]) -> int:
    return sum(all(reading not in words for reading in name) for name in names)
