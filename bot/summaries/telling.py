"""How a story of several articles is told: by the best of them, and one line of what another one adds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.language import Token, fold, tokens
from bot.model import Article
from bot.summaries import sieve
from bot.summaries.choice import Claim
from bot.summaries.compose import claims, write

LONGEST_DETAILS: Final = 120
"""Characters of the sentence and the source's name together."""
SHORTEST_DETAILS: Final = 30
FULL: Final = 2_000
"""Characters of an article that tells the whole of a piece of news; more make it no fuller."""
SHARED: Final = 2
"""Words that a sentence has in common with what is told, or it may be about something else."""
LEAST: Final = 4
"""Letters of a word that counts."""
ROOT: Final = 4
"""Letters in which two words of one root begin alike."""

_COUNT: Final = re.compile(r"(?!(?:19|20)\d\d$)\d[\d.,]*")
_CALENDAR: Final = frozenset({
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    "год", "час", "утро", "вечер", "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
})  # fmt: skip
_WORDS: Final = ("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять")
_FIGURES: Final = {word[:ROOT]: str(figure) for figure, word in enumerate(_WORDS, start=1)}
_REPORTERS: Final = frozenset({
    "тасс", "риа", "новость", "интерфакс", "рбк", "регнум", "рейтер", "reuters", "ap", "afp", "bbc", "cnn", "bloomberg",
    "лента", "коммерсант", "известие", "ведомость", "газета", "прайм", "росбалт", "sputnik", "telegram", "facebook",
    "twitter", "youtube", "instagram", "вконтакте", "сми", "россия", "рф",
})  # fmt: skip
"""Whoever reports is no fact, nor where it was said, nor the readers' own country."""


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story, and who published it."""

    article: Article
    source: str
    """The source's name."""
    authority: float = 0.5
    """0 to 1: how often others carry what this source's owner carries."""


@dataclass(frozen=True, slots=True)
class Details:
    """A fact that only another article has, in its own sentence."""

    member: Member
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A story as a subscriber reads it."""

    headline: Member
    summary: str
    details: Details | None = None


def tell(members: Sequence[Member], headline: Member | None = None) -> Told:
    """The story by its best article: fullest, most authoritative, with the latest facts. There is at least one.

    `headline`: the member that tells it already, where that must not change; the details may.
    """
    summaries = {place: write(member.article, member.source) for place, member in enumerate(members)}
    best = (
        members.index(headline)
        if headline in members
        else max(summaries, key=lambda at: _worth(members, at, summaries[at]))
    )
    told = members[best]
    others = [member for member in members if member is not told and fold(member.source) != fold(told.source)]
    return Told(told, summaries[best], _details(told, summaries[best], others))


def _worth(members: Sequence[Member], at: int, summary: str) -> tuple[bool, bool, float, int]:
    """A third each: fullness, authority, and how late in the story it came; the earlier of equals."""
    article, authority = members[at].article, members[at].authority
    times = [member.article.published_at for member in members]
    span = (max(times) - min(times)).total_seconds()
    late = (article.published_at - min(times)).total_seconds() / span if span else 0.0
    full = min(len(article.lead) + len(article.text), FULL) / FULL
    return bool(article.title), bool(summary), full + authority + late, -at


def _details(told: Member, summary: str, others: Sequence[Member]) -> Details | None:
    """Of all sentences that add a fact, the one of the most authoritative source, then with the most facts."""
    known = _known(f"{told.article.title}\n{told.article.lead}\n{told.article.text}")
    about = _words(f"{told.article.title} {summary}")
    found = [
        (member.authority, new, -at, Details(member, text))
        for member in others
        for at, text in enumerate(_sentences(member))
        if (new := _new_facts(text, known)) and len(_words(text) & about) >= SHARED
    ]
    return max(found, key=lambda each: each[:3])[3] if found else None


def _sentences(member: Member) -> Iterator[str]:
    """Sentences that can stand alone in one line, without their full stop."""
    room = LONGEST_DETAILS - len(member.source)
    for claim in claims(member.article, member.source):
        if SHORTEST_DETAILS <= len(claim.text) <= room and _stands_alone(claim):
            yield claim.text.removesuffix(".")


def _stands_alone(claim: Claim) -> bool:
    whole = claim.text.endswith(".") and not claim.text.endswith("..")
    return whole and not claim.sources and ":" not in claim.text and not sieve.leaning(claim.text)


def _known(text: str) -> frozenset[str]:
    """The roots of every reading of every word, and small numbers as figures however they are written."""
    read = [reading for token in tokens(text) for reading in _readings(token)]
    return frozenset([*read, *(_FIGURES[word] for word in read if word in _FIGURES)])


def _readings(token: Token) -> frozenset[str]:
    """A name's root is known from «киевский» as from «Киев»."""
    return frozenset(word if word[:1].isdigit() else word[:ROOT] for word in (fold(token.text), *token.lemmas))


def _new_facts(text: str, known: frozenset[str]) -> int:
    """How many numbers that count something and how many names of the text aren't known."""
    read = tokens(text)
    return sum(
        known.isdisjoint(_readings(token)) and token.lemma not in _REPORTERS
        for before, token, after in zip((None, *read), read, (*read[1:], None), strict=False)
        if _is_number(token, after) or _is_name(text, before, token)
    )


def _is_number(token: Token, after: Token | None) -> bool:
    """No day, year or hour, nor somebody's age."""
    return bool(_COUNT.fullmatch(token.text)) and not (after and after.lemma in _CALENDAR)


def _is_name(text: str, before: Token | None, token: Token) -> bool:
    """A capital in the middle of a sentence."""
    if before is None or not token.text[0].isupper() or len(token.text) < 3:
        return False
    return text[before.end : token.start] in {" ", "\u00a0", " «", ' "', ", ", " („"}


def _words(text: str) -> frozenset[str]:
    return frozenset(token.lemma for token in tokens(text) if len(token.text) >= LEAST)
