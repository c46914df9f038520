"""Which claims are told: those that say most in the least place, the earlier the better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from bot.summaries import sieve

LIMIT: Final = 400
"""Characters."""
SENTENCES: Final = 4
CONSIDERED: Final = 8
"""Claims from the beginning: all choices among them are compared, 162 at most."""
FADING: Final = 0.85
"""What a claim's words are worth of those of the claim before it. bench/summaries.py: from .80 on more of the facts
that two outlets share are told than by taking claims in order (.50, not .48), up to .85 at no cost to ROUGE-1."""
BROKEN: Final = 0.95
"""What is left of a choice's worth for each place where something is passed over: of two equal ones the coherent."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with those that say who made it; they are taken together or not at all."""

    text: str
    sources: tuple[str, ...] = ()
    follows: bool = True
    """The claim before it in the text stands right before it, nothing was left out between them."""
    lead: bool = False
    """It's of the article's own lead."""

    def __len__(self) -> int:
        return len(self.whole)

    @property
    def whole(self) -> str:
        return " ".join((self.text, *self.sources))

    @property
    def sentences(self) -> int:
        return 1 + len(self.sources)


def chosen(claims: Sequence[Claim], title: str, limit: int = LIMIT) -> tuple[Claim, ...]:
    """The claims to tell, in order, with the first among them; () if the first is longer than `limit`.

    Worth most is what has the most different words, those of the title twice, each claim worth less than the one
    before it. One that leans on what was left out is left out too.
    """
    considered = claims[:CONSIDERED]
    said = [sieve.telling_words(claim.whole) for claim in considered]
    asked = sieve.telling_words(title)
    best: tuple[Claim, ...] = ()
    most = 0.0
    for choice in _choices(considered, limit):
        worth = _worth(choice, said, asked)
        if worth > most:
            best, most = tuple(considered[at] for at in choice), worth
    return best


def _choices(claims: Sequence[Claim], limit: int) -> Iterator[tuple[int, ...]]:
    """Every choice of claims, by place, that fits and can be read."""
    for others in range(min(SENTENCES, len(claims))):
        for rest in combinations(range(1, len(claims)), others):
            choice = (0, *rest)
            if _fits([claims[at] for at in choice], limit) and not any(
                _hangs(claims[at], before, at) for before, at in zip(choice, rest, strict=False)
            ):
                yield choice


def _fits(claims: Sequence[Claim], limit: int) -> bool:
    length = sum(len(claim) + 1 for claim in claims) - 1
    return length <= limit and sum(claim.sentences for claim in claims) <= SENTENCES


def _hangs(claim: Claim, before: int, at: int) -> bool:
    """It goes on from a sentence that isn't told."""
    return (before != at - 1 or not claim.follows) and sieve.leaning(claim.text)


def _worth(choice: Sequence[int], said: Sequence[frozenset[str]], asked: frozenset[str]) -> float:
    told: set[str] = set()
    worth = 0.0
    for at in choice:
        new = said[at] - told
        worth += (len(new) + len(new & asked)) * FADING**at
        told |= new
    gaps = sum(after - before > 1 for before, after in pairwise(choice))
    return worth * BROKEN**gaps
