"""How much an article is about a topic: where the evidence stands, how much there is, what speaks against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.language import Document, Token
from bot.model import Reason
from bot.topics.patterns import Found
from bot.topics.profile import Case, Profile, Sign

_PASSAGE: Final = 40
"""Words: about two sentences. The body is read in passages, the first one stands for a missing lead."""
_PASSAGES: Final = 40
"""How many passages of a body are read: beyond some 1,600 words nothing new decides what an article is about."""
_SHOWN: Final = 4
"""Words shown in one reason."""


_Places = tuple[list[Sequence[Token]], list[Sequence[Token]], list[Sequence[Token]]]
"""The passages of title, lead and body."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much speaks for the topic, 0 to 1, lessened by what speaks against it; and the reasons, title first."""

    total: float
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What a passage says: 0 to 1, and the words that say it, as they stand there."""

    strength: float
    words: tuple[str, ...] = ()


def judge(profile: Profile, document: Document) -> Verdict:
    """Weigh title, lead and body for the topic and against it."""
    places = passages(document)
    total, because = _plea(profile, profile.evidence, places)
    if total >= profile.threshold:
        total *= 1.0 - _plea(profile, profile.against, places)[0]
    return Verdict(total, because)


def _plea(profile: Profile, case: Case, places: _Places) -> tuple[float, tuple[Reason, ...]]:
    title, lead, body = ([_weigh(profile, case, passage) for passage in place] for place in places)
    reasons = (_reason("topic_title", title), _reason("topic_lead", lead), _reason("topic_text", body))
    total = _sum(profile, title[0] if title else None, lead[0] if lead else None, body)
    return total, tuple(reason for reason in reasons if reason)


def passages(document: Document) -> _Places:
    """Title, lead and the body in passages, each place only if it's there; a body's first passage stands for a lead."""
    lead, body = document.lead, document.body
    if not lead:
        lead, body = body[:_PASSAGE], body[_PASSAGE:]
    starts = range(0, min(len(body), _PASSAGES * _PASSAGE), _PASSAGE)
    return (
        [document.title] if document.title else [],
        [lead] if lead else [],
        [body[start : start + _PASSAGE] for start in starts],
    )


def _sum(profile: Profile, title: _Weighed | None, lead: _Weighed | None, body: Sequence[_Weighed]) -> float:
    """The mean of what the places say, 0 to 1, weighted by the profile; a place that is missing has no say."""
    places = profile.places
    share = _Weighed(sum(passage.strength for passage in body) / len(body)) if body else None
    said = [(places.title, title), (places.lead, lead), (places.body, share)]
    present = [(weight, one.strength) for weight, one in said if one]
    return sum(weight * strength for weight, strength in present) / (sum(weight for weight, _ in present) or 1.0)


def _weigh(profile: Profile, case: Case, passage: Sequence[Token]) -> _Weighed:
    found = list(case.signs.find(passage))
    if not found:
        return _Weighed(0.0)
    ignored = {place for one in profile.ignored.find(passage) for place in range(one.start, one.end)}
    found = [one for one in found if ignored.isdisjoint(range(one.start, one.end))]
    doubt = 1.0
    shown: list[Found[Sign]] = []
    for proof, weight in _proofs(case, found):
        doubt *= 1.0 - weight
        shown.extend(proof)
    return _Weighed(1.0 - doubt, tuple(_texts(shown, passage)))


def _proofs(case: Case, found: Iterable[Found[Sign]]) -> Iterator[tuple[list[Found[Sign]], float]]:
    """Each different piece of evidence of a passage once, with its weight."""
    groups: dict[str, dict[str, Found[Sign]]] = defaultdict(dict)
    for one in found:
        groups[one.value.group].setdefault(one.value.member, one)
    for one in groups.get("", {}).values():
        yield [one], one.value.weight
    for rule in case.together:
        needed = [(_united(groups, need), count) for need, count in rule.needs.items()]
        if all(len(members) >= count for members, count in needed):
            parts = (islice(members.values(), count) for members, count in needed)
            yield [one for part in parts for one in part], rule.weight


def _united(groups: Mapping[str, dict[str, Found[Sign]]], need: str) -> dict[str, Found[Sign]]:
    """The members found of a group, or of several: «state+leader»; one in two groups counts once."""
    return {member: one for name in need.split("+") for member, one in groups.get(name, {}).items()}


def _texts(shown: Iterable[Found[Sign]], passage: Sequence[Token]) -> Iterator[str]:
    spans = sorted({(one.start, -one.end) for one in shown})
    reached = 0
    for start, minus_end in spans:
        if -minus_end > reached:  # a word inside a phrase already shown adds nothing
            reached = -minus_end
            yield " ".join(token.text for token in passage[start:reached])


def _reason(kind: str, weighed: Iterable[_Weighed]) -> Reason | None:
    words = dict.fromkeys(word for one in weighed for word in one.words)
    return Reason(kind, {"words": ", ".join(islice(words, _SHOWN))}) if words else None
