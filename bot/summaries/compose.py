"""A summary: the first sentences that can stand by themselves, whole, as long as they fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.model import Article
from bot.summaries import sieve
from bot.summaries.choice import LIMIT, Claim, chosen
from bot.summaries.cleaning import ADDRESS, clean
from bot.summaries.mending import stopped, unclipped
from bot.summaries.voices import Sentence, own_voice

LOOKED_AT: Final = 12
"""Whole sentences from the beginning; further down a text no longer tells what happened."""
READ: Final = 60
"""Lines and sentences from the beginning: a page's litter (weather, rates, sections) may stand before the news."""
LONGEST_TITLE: Final = 500
"""Characters of a title that are read."""
SHORTEST_CUT: Final = 60
"""Characters that must be left of a sentence that is cut."""

_BORDER: Final = re.compile(r"[,;:]?\s+[–—-]\s|[,;:]\s")
_SPACE: Final = re.compile(r"\s")
_LOOSE_END: Final = re.compile(r"(?:[\s,;:–—-]|\s(?:и|а|но|или|что|как|в|на|с|по|and|or|but|that|the|a|of|to|in))+$")


def write(article: Article, source: str, limit: int = LIMIT) -> str:
    """The article in its own sentences, lead first: at most 400 characters and four sentences, each whole.

    A single longer sentence is cut at a clause with «…». `source` is the outlet's name: an attribution that names only
    the outlet is left out, any other stays with its claim. Empty when there's nothing to tell beside the title.
    `limit`: characters, where something else needs a part of the 400.
    """
    told, title = _all_told(article), article.title[:LONGEST_TITLE]
    usable = _claims(told, title, source)
    return _whole(usable, title, limit) or _first_cut(usable, title, limit) or _remnant(told, title, limit)


def claims(article: Article, source: str) -> list[Claim]:
    """What the article's beginning says that can be told, with its authors, in order."""
    return _claims(_all_told(article), article.title[:LONGEST_TITLE], source)


def _all_told(article: Article) -> tuple[Sentence, ...]:
    lead, text = clean(article.lead), clean(article.text)
    if not article.title and not lead:
        first, _, rest = text.partition("\n")
        text = f"{stopped(first)}\n{rest}" if rest else text
    return (*_told(lead, lead=True), *_told(text))


def _told(cleaned: str, *, lead: bool = False) -> tuple[Sentence, ...]:
    """A text's sentences. Newsrooms often set no last full stop; a line alone among others is a caption without it."""
    *whole, last = own_voice(cleaned) or (Sentence(""),)
    mended = ended = unclipped(last.text, attribution=sieve.supports(last.text))
    alone = bool(whole) and len(own_voice(cleaned.rpartition("\n")[2])) == 1
    if mended and not (sieve.ended(mended) or mended.endswith(":") or alone):
        ended = f"{mended.rstrip(' ,;:–—-')}."
    # A teaser's last sentence, broken off, is no better than the text's own.
    shown = replace(last, text=ended, lead=lead and mended == last.text)
    found = (*(replace(each, lead=lead) for each in whole), shown)
    return found if ended else ()


def _claims(told: Sequence[Sentence], title: str, outlet: str) -> list[Claim]:
    """The beginning's sentences that can be used, each with its attribution."""
    claims: list[Claim] = []
    unbroken = False
    for each, following in _beginning(told):
        sentence = each.text
        if sieve.supports(sentence) and (not claims or unbroken):
            if unbroken and not sieve.names_only(sentence, outlet):
                claims, unbroken = _attributed(claims, sentence)
            continue
        if not each.own or not _usable(sentence, title, supported=sieve.supports(following.text)):
            unbroken = False
            continue
        if (again := _told_already(sentence, claims, title)) is not None:
            # What goes on from a fact told twice goes on from its first telling.
            unbroken = again == len(claims) - 1
            claims = _fuller(claims, each.text) if unbroken else claims
            continue
        if sieve.dangling(sentence) and not unbroken:
            unbroken = False
            continue
        claims.append(Claim(sentence, follows=unbroken, lead=each.lead))
        unbroken = True
    return [_within_limit(claim) for claim in claims]


def _beginning(told: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """The sentences to look at, each with the one behind it."""
    whole = 0
    for each, following in zip(told[:READ], [*told[1:], Sentence("")], strict=False):
        whole += each.own and not sieve.torn(each.text)
        if whole > LOOKED_AT:
            return
        yield each, following


def _told_already(sentence: str, claims: Sequence[Claim], title: str) -> int | None:
    """Which claim tells it already; -1 if the title does, or all together; None if it's new."""
    for at, claim in enumerate(claims):
        if sieve.repeats(sentence, claim.text, sieve.ECHO) or sieve.echoes(sentence, claim.text):
            return at
    told = [title, *(claim.text for claim in claims)]
    again = bool(claims) and (sieve.rephrases(sentence, title) or sieve.adds_nothing(sentence, told))
    return -1 if again else None


def _fuller(claims: Sequence[Claim], sentence: str) -> list[Claim]:
    """A fuller telling of the last claim's fact takes its place, unless that is of the lead or has authors."""
    *others, last = claims
    fuller = len(last.text) < len(sentence) <= LIMIT and not sieve.leaning(sentence)
    return [*others, replace(last, text=sentence) if fuller and not last.lead and not last.sources else last]


def _attributed(claims: list[Claim], sentence: str) -> tuple[list[Claim], bool]:
    """The last claim with its author, or without either where the attribution can't be shown."""
    *others, last = claims
    if not sieve.ended(sentence) or not sieve.balanced(sentence) or ADDRESS in sentence:
        return others, False
    return [*others, replace(last, sources=(*last.sources, sentence))], True


def _within_limit(claim: Claim) -> Claim:
    """A claim that names its author itself can do without the sentence that adds to it, if they don't fit together."""
    alone = len(claim) > LIMIT >= len(claim.text) and sieve.names_its_author(claim.text)
    return replace(claim, sources=()) if alone else claim


def _usable(sentence: str, title: str, *, supported: bool) -> bool:
    return (
        sieve.newsworthy(sentence)
        and not sieve.torn(sentence)
        and not sieve.tells_the_title(sentence, title, needed=supported)
    )


def _whole(claims: Sequence[Claim], title: str, limit: int) -> str:
    return " ".join(claim.whole for claim in chosen(claims, title, limit))


def _first_cut(claims: Sequence[Claim], title: str, limit: int) -> str:
    """The first claim, too long, cut to fit with its author; else the first claims after it that fit."""
    for number, claim in enumerate(claims):
        if len(claim) <= limit:
            if not sieve.dangling(claim.text):
                return _whole(claims[number:], title, limit)
            continue
        sources = "".join(f" {source}" for source in claim.sources)
        cut = shortened(claim.text, limit - len(sources))
        if cut and (claim.sources or not sieve.loses_its_author(cut, claim.text)):
            return cut + sources
    return ""


def _remnant(told: Sequence[Sentence], title: str, limit: int) -> str:
    """Where no sentence is fit to be used: the first that is at least readable and no promotion."""
    for sentence in (each.text for each in told):
        if sieve.newsworthy(sentence) and not sieve.tells_the_title(sentence, title) and not sieve.supports(sentence):
            shown = sentence if sieve.ended(sentence) else f"{_LOOSE_END.sub('', sentence)}…"
            return shown if len(shown) <= limit else shortened(sentence, limit)
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
