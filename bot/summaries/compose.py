"""A summary: the first sentences that can stand by themselves, whole, as long as they fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.language import sentences
from bot.model import Article
from bot.summaries import sieve
from bot.summaries.cleaning import ADDRESS, clean

LIMIT: Final = 400
"""Characters."""
SENTENCES: Final = 4
LOOKED_AT: Final = 10
"""Sentences from the beginning; further down a text no longer tells what happened."""
LONGEST_GAP: Final = 2
"""Sentences that may be passed over for not fitting; what comes after more is another matter."""
SHORTEST_CUT: Final = 60
"""Characters that must be left of a sentence that is cut."""

_BORDER: Final = re.compile(r"[,;:]?\s+[–—-]\s|[,;:]\s")
_SPACE: Final = re.compile(r"\s")
_LOOSE_END: Final = re.compile(r"(?:[\s,;:–—-]|\s(?:и|а|но|или|что|как|в|на|с|по|and|or|but|that|the|a|of|to|in))+$")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence with those that say who made it; they are taken together or not at all."""

    text: str
    sources: tuple[str, ...] = ()
    follows: bool = True
    """The claim before it in the text stands right before it, nothing was left out between them."""

    def __len__(self) -> int:
        return len(self.whole)

    @property
    def whole(self) -> str:
        return " ".join((self.text, *self.sources))


def write(article: Article, source: str) -> str:
    """The article in its own sentences, lead first: at most 400 characters and four sentences, each whole.

    A single longer sentence is cut at a clause with «…». `source` is the outlet's name: an attribution that names only
    the outlet is left out, any other stays with its claim. Empty when there's nothing to tell beside the title.
    """
    told = [*_told(article.lead), *_told(article.text)]
    usable = _claims(told, article.title, source)
    return _filled(usable) or _first_cut(usable) or _remnant(told, article.title)


def _told(text: str) -> tuple[str, ...]:
    """A text's sentences. Newsrooms often set no last full stop; a line alone among others is a caption without it."""
    cleaned = clean(text)
    found = sentences(cleaned)
    last_line = sentences(cleaned.rpartition("\n")[2])
    if not found or sieve.ended(found[-1]) or len(last_line) == 1 < len(found):
        return found
    return (*found[:-1], f"{found[-1].rstrip(' ,;:–—-')}.")


def _claims(told: Sequence[str], title: str, outlet: str) -> list[_Claim]:
    """The beginning's sentences that can be used, each with its attribution."""
    claims: list[_Claim] = []
    unbroken = False
    for sentence in told[:LOOKED_AT]:
        if sieve.supports(sentence) and (not claims or unbroken):
            if unbroken and not sieve.names_only(sentence, outlet):
                claims, unbroken = _attributed(claims, sentence)
            continue
        if not _usable(sentence, title, claims) or (sieve.dangling(sentence) and not unbroken):
            unbroken = False
            continue
        claims.append(_Claim(sentence, follows=unbroken))
        unbroken = True
    return claims


def _attributed(claims: list[_Claim], sentence: str) -> tuple[list[_Claim], bool]:
    """The last claim with its author, or without either where the attribution can't be shown."""
    *others, last = claims
    if not sieve.ended(sentence) or not sieve.balanced(sentence) or ADDRESS in sentence:
        return others, False
    return [*others, _Claim(last.text, (*last.sources, sentence), last.follows)], True


def _usable(sentence: str, title: str, claims: Sequence[_Claim]) -> bool:
    return (
        sieve.newsworthy(sentence)
        and not sieve.torn(sentence)
        and not sieve.repeats(sentence, title)
        and not any(sieve.repeats(sentence, claim.text, sieve.ECHO) for claim in claims)
    )


def _filled(claims: Sequence[_Claim]) -> str:
    """Claims in order while they fit; one that leans on what was left out is left out too."""
    if claims and len(claims[0]) > LIMIT:
        return ""
    taken: list[_Claim] = []
    gap = 0
    for claim in claims:
        leans = sieve.leaning(claim.text) if gap or not claim.follows else False
        if (leans and taken) or not _fits([*taken, claim]):
            gap += 1
        else:
            taken.append(claim)
            gap = 0
        if gap > LONGEST_GAP:
            break
    return " ".join(claim.whole for claim in taken)


def _fits(claims: Sequence[_Claim]) -> bool:
    length = len(" ".join(claim.whole for claim in claims))
    return length <= LIMIT and sum(1 + len(claim.sources) for claim in claims) <= SENTENCES


def _first_cut(claims: Sequence[_Claim]) -> str:
    """The first claim, too long, cut to fit with its author; else the first claims after it that fit."""
    for number, claim in enumerate(claims):
        if len(claim) <= LIMIT:
            if not sieve.dangling(claim.text):
                return _filled(claims[number:])
            continue
        sources = "".join(f" {source}" for source in claim.sources)
        cut = shortened(claim.text, LIMIT - len(sources))
        if cut and (claim.sources or not sieve.loses_its_author(cut, claim.text)):
            return cut + sources
    return ""


def _remnant(told: Sequence[str], title: str) -> str:
    """Where no sentence is fit to be used: the first that is at least readable and no promotion."""
    for sentence in told:
        if sieve.newsworthy(sentence) and not sieve.repeats(sentence, title) and not sieve.supports(sentence):
            shown = sentence if sieve.ended(sentence) else f"{_LOOSE_END.sub('', sentence)}…"
            return shown if len(shown) <= LIMIT else shortened(sentence, LIMIT)
    return ""


def shortened(sentence: str, limit: int) -> str:
    """The sentence up to its last clause (else word) within the limit, with «…»; empty if that would cut a quote."""
    for border in (_BORDER, _SPACE):
        ends = [match.start() for match in border.finditer(sentence[:limit])]
        for end in reversed(ends):
            kept = _LOOSE_END.sub("", sentence[:end])
            if SHORTEST_CUT <= len(kept) < limit and sieve.balanced(kept):
                return f"{kept}…"
    return ""
