"""What summaries are measured beside: Lead-3, and the two classic sentence graphs."""

from __future__ import annotations

import math
from collections import Counter

from razdel import sentenize

from bot.language import tokens

LIMIT = 400
LOOKED_AT = 40
"""Sentences of a text that enter the graph."""
DAMPING = 0.85
LEAST_ALIKE = 0.1
"""Cosine from which LexRank joins two sentences (Erkan and Radev 2004)."""
ROUNDS = 60


def split(text: str) -> list[str]:
    return [sentence.text for sentence in sentenize(text)][:LOOKED_AT]


def lead3(text: str) -> str:
    """The first three sentences as they stand, of any length."""
    return " ".join(split(text)[:3])


def lead3_cut(text: str) -> str:
    return lead3(text)[:LIMIT]


def lead3_within(text: str) -> str:
    """As many of the first three as fit; at least the first, cut."""
    told = ""
    for sentence in split(text)[:3]:
        if told and len(told) + 1 + len(sentence) > LIMIT:
            break
        told = f"{told} {sentence}".strip()
    return told[:LIMIT]


def textrank(text: str) -> str:
    """Sentences joined by the words they share over the logarithms of their lengths (Mihalcea and Tarau 2004)."""
    said = split(text)
    bags = [{token.lemma for token in tokens(sentence)} for sentence in said]

    def alike(one: int, other: int) -> float:
        size = math.log(max(len(bags[one]), 1)) + math.log(max(len(bags[other]), 1))
        return len(bags[one] & bags[other]) / size if size > 0 else 0.0

    return _best(said, _ranks([[alike(i, j) if i != j else 0.0 for j in range(len(said))] for i in range(len(said))]))


def lexrank(text: str) -> str:
    """Sentences joined where their tf-idf vectors have a cosine of 0.1 or more; idf over the text's own sentences."""
    said = split(text)
    bags = [Counter(token.lemma for token in tokens(sentence)) for sentence in said]
    rarity = Counter(word for bag in bags for word in bag)
    vectors = [{word: times * math.log(1 + len(said) / rarity[word]) for word, times in bag.items()} for bag in bags]
    norms = [math.sqrt(sum(weight**2 for weight in vector.values())) or 1.0 for vector in vectors]

    def alike(one: int, other: int) -> float:
        dot = sum(weight * vectors[other].get(word, 0.0) for word, weight in vectors[one].items())
        return float(dot / norms[one] / norms[other] >= LEAST_ALIKE)

    return _best(said, _ranks([[alike(i, j) if i != j else 0.0 for j in range(len(said))] for i in range(len(said))]))


def _ranks(weights: list[list[float]]) -> list[float]:
    """PageRank by power iteration."""
    size = len(weights)
    sums = [sum(row) or 1.0 for row in weights]
    ranks = [1.0] * size
    for _ in range(ROUNDS):
        ranks = [
            1 - DAMPING + DAMPING * sum(weights[j][i] / sums[j] * ranks[j] for j in range(size)) for i in range(size)
        ]
    return ranks


def _best(said: list[str], ranks: list[float]) -> str:
    """The highest sentences that fit together, in the text's order."""
    taken: list[int] = []
    room = LIMIT
    for index in sorted(range(len(said)), key=lambda each: -ranks[each]):
        if len(said[index]) + bool(taken) <= room:
            room -= len(said[index]) + bool(taken)
            taken.append(index)
    return " ".join(said[index] for index in sorted(taken)) or (said[0][:LIMIT] if said else "")
