"""How much an article is about each topic: where the evidence stands, how much there is, what speaks against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice, pairwise
from typing import Final, NamedTuple

from bot.language import Document, Token, tokens
from bot.model import Reason
from bot.topics.patterns import Finder
from bot.topics.profile import Case, Pattern, Profile, Sign, Together

_PASSAGE: Final = 40
"""Words: about two sentences. The body is read in passages, the first one stands for a missing lead."""
_PASSAGES: Final = 40
"""How many passages of a body are read: beyond some 1,600 words nothing new decides what an article is about."""
_PASSING: Final = 0.5
"""What is left of a lead's say whose only word for the topic neither title nor body support: a passing mention."""
_OPENING: Final = 6
"""Words at the beginning of a lead that tell what it is about, however short."""
_FAIR: Final = 0.25
"""Of a body, what speaks for the topic if a lead's only word for it isn't a passing mention."""
_SHOWN: Final = 4
"""Words shown in one reason."""
_MONTHS: Final = frozenset(("янв", "фев", "мар", "апр", "май", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"))
"""How names of months begin."""

_Places = tuple[list[Sequence[Token]], list[Sequence[Token]], list[Sequence[Token]]]
"""The passages of title, lead and body."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much speaks for the topic, 0 to 1, lessened by what speaks against it; and the reasons, title first."""

    total: float = 0.0
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What a passage says: 0 to 1, and the words that say it, as they stand there."""

    strength: float
    words: tuple[str, ...] = ()
    is_passing: bool = False
    """Whether it takes a single word for it, behind the opening ones."""


_NOTHING: Final = _Weighed(0.0)


class _Side(Enum):
    """Which part of a profile a pattern belongs to."""

    EVIDENCE = auto()
    AGAINST = auto()
    MEMBER = auto()
    """Of a group, for either case to combine."""
    IGNORED = auto()


class _Target(NamedTuple):
    """What a pattern stands for in one profile."""

    slug: str
    side: _Side
    sign: Sign


class _Hit(NamedTuple):
    """A pattern of the profile in question, over the tokens `start` to `end` (exclusive)."""

    side: _Side
    sign: Sign
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Passage:
    """The words of a passage, and what they hold of each profile."""

    words: Sequence[Token]
    hits: Mapping[str, Sequence[_Hit]]


class Panel:
    """Profiles that judge together: an article's words are looked up once, however many profiles there are."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._profiles = {profile.slug: profile for profile in profiles}
        self._finder: Finder[_Target] = Finder(
            (steps, _Target(profile.slug, side, sign))
            for profile in self._profiles.values()
            for steps, side, sign in _patterns(profile)
        )

    def judge(self, document: Document) -> Mapping[str, Verdict]:
        """By slug; a profile of which nothing was found at all is left out."""
        title, lead, body = passages(document)
        said_from = dateline(lead[0]) if lead else 0
        places = [
            [self._read(words) for words in title],
            [self._read(words, said_from) for words in lead],
            [self._read(words) for words in body],
        ]
        section = self._read(tokens(document.section or ""))
        found = dict.fromkeys(slug for place in places for passage in place for slug in passage.hits)
        return {slug: _verdict(self._profiles[slug], places, section) for slug in found}

    def _read(self, words: Sequence[Token], said_from: int = 0) -> _Passage:
        """What a passage holds; the words before `said_from` take no part in anything that it tells of."""
        hits: dict[str, list[_Hit]] = defaultdict(list)
        for found in self._finder.find(words):
            for target in found.values:
                if found.start >= said_from or target.side is not _Side.MEMBER:
                    hits[target.slug].append(_Hit(target.side, target.sign, found.start, found.end))
        return _Passage(words, hits)


def _patterns(profile: Profile) -> Iterator[tuple[Pattern, _Side, Sign]]:
    yield from ((steps, _Side.EVIDENCE, sign) for steps, sign in profile.evidence.signs)
    yield from ((steps, _Side.AGAINST, sign) for steps, sign in profile.against.signs)
    yield from ((steps, _Side.MEMBER, sign) for steps, sign in profile.members)
    yield from ((steps, _Side.IGNORED, Sign()) for steps in profile.ignored)


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


def dateline(words: Sequence[Token]) -> int:
    """How many words say only where and when an agency wrote: «МОСКВА, 10 авг — РИА Новости», «Киев. 5 мая»."""
    for number, (day, month) in enumerate(pairwise(words[1:5]), start=1):
        if day.text.isdigit() and month.text.lower()[:3] in _MONTHS:
            return number + 2 if all(word.text[0].isupper() for word in words[:number]) else 0
    return 0


def _verdict(profile: Profile, places: Sequence[Sequence[_Passage]], section: _Passage) -> Verdict:
    """Weigh title, lead and body for the topic and, where that suffices, against it, with the section it stands in."""
    total, because = _plea(profile, _Side.EVIDENCE, places)
    if total >= profile.threshold:
        total *= 1.0 - _plea(profile, _Side.AGAINST, places)[0]
        total *= 1.0 - _weigh(profile, _Side.AGAINST, section).strength
    return Verdict(total, because)


def _plea(profile: Profile, side: _Side, places: Sequence[Sequence[_Passage]]) -> tuple[float, tuple[Reason, ...]]:
    title, lead, body = ([_weigh(profile, side, passage) for passage in place] for place in places)
    if side is _Side.EVIDENCE and title and lead and lead[0].is_passing and not _are_about(title, body):
        lead = [replace(lead[0], strength=lead[0].strength * _PASSING)]
    reasons = (_reason("topic_title", title), _reason("topic_lead", lead), _reason("topic_text", body))
    total = _sum(profile, title[0] if title else None, lead[0] if lead else None, body)
    return total, tuple(reason for reason in reasons if reason)


def _are_about(title: Sequence[_Weighed], body: Sequence[_Weighed]) -> bool:
    """Whether the title or a fair part of the body speaks for the topic at all."""
    return any(one.strength for one in title) or sum(one.strength for one in body) > _FAIR * len(body)


def _sum(profile: Profile, title: _Weighed | None, lead: _Weighed | None, body: Sequence[_Weighed]) -> float:
    """The mean of what the places say, 0 to 1, weighted by the profile; a place that is missing has no say."""
    places = profile.places
    share = _Weighed(sum(passage.strength for passage in body) / len(body)) if body else None
    said = [(places.title, title), (places.lead, lead), (places.body, share)]
    present = [(weight, one.strength) for weight, one in said if one]
    return sum(weight * strength for weight, strength in present) / (sum(weight for weight, _ in present) or 1.0)


def _weigh(profile: Profile, side: _Side, passage: _Passage) -> _Weighed:
    hits = passage.hits.get(profile.slug, ())
    ignored = {place for hit in hits if hit.side is _Side.IGNORED for place in range(hit.start, hit.end)}
    wanted = [
        hit for hit in hits if hit.side in (side, _Side.MEMBER) and ignored.isdisjoint(range(hit.start, hit.end))
    ]  # fmt: skip
    if side is _Side.AGAINST:
        wanted = _without_parts_of_names(wanted, hits)
    if not wanted:
        return _NOTHING
    doubt = 1.0
    shown: list[_Hit] = []
    for proof, weight in _proofs(profile.evidence if side is _Side.EVIDENCE else profile.against, wanted):
        doubt *= 1.0 - weight
        shown.extend(proof)
    said = {hit.start for hit in (*shown, *wanted) if hit in shown or not hit.sign.group}
    return _Weighed(1.0 - doubt, tuple(_texts(shown, passage.words)), len(said) == 1 and min(said) >= _OPENING)


def _without_parts_of_names(wanted: Sequence[_Hit], hits: Sequence[_Hit]) -> list[_Hit]:
    """Leave out counter-evidence that only stands in a longer name of the topic: «Международный уголовный суд»."""
    names = [hit for hit in hits if hit.side is not _Side.AGAINST and hit.end - hit.start > 1]
    return [hit for hit in wanted if hit.side is not _Side.AGAINST or not any(_is_part(hit, name) for name in names)]


def _is_part(hit: _Hit, name: _Hit) -> bool:
    return name.start <= hit.start and hit.end <= name.end and hit.end - hit.start < name.end - name.start


def _proofs(case: Case, hits: Sequence[_Hit]) -> Iterator[tuple[list[_Hit], float]]:
    """Each different piece of evidence of a passage once, with its weight."""
    groups = _grouped(hits)
    for hit in groups.get("", {}).values():
        yield [hit], hit.sign.weight
    for rule in case.together:
        proof = _proof(groups, rule)
        if proof and rule.within:
            proof = _near(hits, rule, rule.within)
        if proof:
            yield proof, rule.weight


def _grouped(hits: Iterable[_Hit]) -> Mapping[str, dict[str, _Hit]]:
    """By group and member, the first of each."""
    groups: dict[str, dict[str, _Hit]] = defaultdict(dict)
    for hit in hits:
        groups[hit.sign.group].setdefault(hit.sign.member, hit)
    return groups


def _proof(groups: Mapping[str, dict[str, _Hit]], rule: Together) -> list[_Hit] | None:
    """What the rule needs together, if it's all there."""
    proof: list[_Hit] = []
    for need, count in rule.needs.items():
        members = _united(groups, need) if "+" in need else groups.get(need)
        if not members or len(members) < count:
            return None
        proof.extend(islice(members.values(), count))
    return proof


def _near(hits: Sequence[_Hit], rule: Together, words: int) -> list[_Hit] | None:
    """The first such proof that begins within so many words."""
    for first in hits:
        if proof := _proof(_grouped(hit for hit in hits if 0 <= hit.start - first.start < words), rule):
            return proof
    return None


def _united(groups: Mapping[str, dict[str, _Hit]], need: str) -> dict[str, _Hit]:
    """The members found of several groups: «state+leader»; one in two groups counts once."""
    return {member: hit for name in need.split("+") if name in groups for member, hit in groups[name].items()}


def _texts(shown: Iterable[_Hit], words: Sequence[Token]) -> Iterator[str]:
    reached = 0
    for start, minus_end in sorted({(hit.start, -hit.end) for hit in shown}):
        if -minus_end > reached:  # a word inside a phrase already shown adds nothing
            reached = -minus_end
            yield " ".join(token.text for token in words[start:reached])


def _reason(kind: str, weighed: Iterable[_Weighed]) -> Reason | None:
    words = dict.fromkeys(word for one in weighed for word in one.words)
    return Reason(kind, {"words": ", ".join(islice(words, _SHOWN))}) if words else None
