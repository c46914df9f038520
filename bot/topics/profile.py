"""A built-in topic as a publisher writes it: weighted evidence in TOML, checked on load."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from bot.errors import SettingsError
from bot.topics.patterns import Finder, Step, compile_pattern

LANGUAGES: Final = ("ru", "en")


@dataclass(frozen=True, slots=True)
class Sign:
    """What a found pattern stands for: evidence of its own weight, or a member of a group for `Together`."""

    weight: float = 0.0
    """0 to 1: how surely a passage with it in is about the topic."""
    group: str = ""
    member: str = ""
    """Two patterns of one member («Россия», «Кремль») count as one."""


@dataclass(frozen=True, slots=True)
class Together:
    """Evidence made of several things in one passage: of each group, or of several united («state+leader»), so many
    different members.
    """

    weight: float
    needs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """What speaks for a topic, or against it."""

    signs: Finder[Sign]
    together: tuple[Together, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """How much a passage counts by where it stands."""

    title: float
    lead: float
    body: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A built-in topic. An article belongs to it when its sum over title, lead and body reaches the threshold."""

    slug: str
    names: Mapping[str, tuple[str, ...]]
    """By language, the title of the menus first."""
    evidence: Case
    against: Case
    ignored: Finder[None]
    """Names that hold a word of the topic without being about it («Украинская правда», «Дамасская улица»)."""
    places: Places
    threshold: float


def load(text: str, slug: str, vocabulary: Mapping[str, Any]) -> Profile:
    """Read a profile. Raises SettingsError that names the profile, the entry and the field."""
    reader = _Reader(f"profile {slug}", vocabulary)
    data = reader.document(text)
    return Profile(
        slug=slug,
        names={language: reader.names(data, language) for language in LANGUAGES},
        evidence=reader.case(data, "evidence", "together", data.get("groups", {})),
        against=reader.case(data, "against", "against_together", data.get("groups", {})),
        ignored=Finder((steps, None) for steps in reader.ignored(data)),
        places=reader.places(data.get("places", {"title": 1.0, "lead": 1.0, "body": 1.0})),
        threshold=reader.number("threshold", data.get("threshold", 1.0), 100.0),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes the parts of a profile's TOML, or says what is wrong with them."""

    where: str
    vocabulary: Mapping[str, Any]
    """Lists of words that several profiles name: {"sport": ["матч", …]}."""

    _KNOWN = frozenset(
        {
            "names", "groups", "evidence", "together", "against", "against_together",
            "ignored", "namesakes", "places", "threshold",
        }
    )  # fmt: skip

    def document(self, text: str) -> dict[str, Any]:
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._refuse(str(error))
        for key in data.keys() - self._KNOWN:
            self._refuse(f"unknown field {key!r}")
        return data

    def names(self, data: Mapping[str, Any], language: str) -> tuple[str, ...]:
        names = data.get("names", {}).get(language, [])
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            self._refuse(f"names.{language} must be a list of names")
        return tuple(names)

    def places(self, data: Any) -> Places:
        if not isinstance(data, dict) or data.keys() != {"title", "lead", "body"}:
            self._refuse("places must have title, lead and body")
        return Places(**{name: self.number(f"places.{name}", value, 100.0) for name, value in data.items()})

    def ignored(self, data: Mapping[str, Any]) -> Iterator[tuple[Step, ...]]:
        """Names of other things: the profile's own, and each of `namesakes` beside a thing of the vocabulary."""
        yield from self.patterns("ignored", data.get("ignored", []))
        for word in data.get("namesakes", []):
            things = [pair for thing in self.vocabulary["namesakes"] for pair in (f"{word} {thing}", f"{thing} {word}")]
            yield from self.patterns("namesakes", things)

    def case(self, data: Mapping[str, Any], words: str, together: str, groups: Any) -> Case:
        signs = [*self._weighted(words, data.get(words, [])), *self._members(groups)]
        rules = tuple(
            self._together(f"{together}[{place}]", rule, groups) for place, rule in enumerate(data.get(together, []))
        )
        return Case(Finder(signs), rules)

    def _weighted(self, field: str, entries: Any) -> Iterator[tuple[tuple[Step, ...], Sign]]:
        for place, entry in enumerate(entries):
            where = f"{field}[{place}]"
            if not isinstance(entry, dict) or not entry.keys() <= {"weight", "words", "list"}:
                self._refuse(f"{where} must have weight and words, or weight and list")
            weight = self.number(f"{where}.weight", entry.get("weight"), 1.0)
            words = self.vocabulary.get(entry["list"]) if "list" in entry else entry.get("words")
            for number, steps in enumerate(self.patterns(f"{where}.words", words)):
                # Each word of the list is a sign of its own: two different ones prove more than one said twice.
                yield steps, Sign(weight=weight, member=f"{where}.{number}")

    def _members(self, groups: Any) -> Iterator[tuple[tuple[Step, ...], Sign]]:
        for group, members in groups.items():
            for member, words in self._named(group, members):
                for steps in self.patterns(f"groups.{group}.{member}", words):
                    yield steps, Sign(group=group, member=member)

    def _named(self, group: str, members: Any) -> Iterable[tuple[str, Any]]:
        if isinstance(members, dict):
            return members.items()
        if not isinstance(members, list):
            self._refuse(f"groups.{group} must be a list of words or a table of lists")
        return ((word, [word]) for word in members)

    def _together(self, where: str, rule: Any, groups: Mapping[str, Any]) -> Together:
        if not isinstance(rule, dict) or rule.keys() != {"weight", "needs"} or not isinstance(rule["needs"], dict):
            self._refuse(f"{where} must have weight and needs")
        for need, count in rule["needs"].items():
            for group in set(need.split("+")) - groups.keys():
                self._refuse(f"{where}.needs names the unknown group {group!r}")
            if not isinstance(count, int) or count < 1:
                self._refuse(f"{where}.needs.{need} must be a whole number from 1 on")
        return Together(self.number(f"{where}.weight", rule["weight"], 1.0), rule["needs"])

    def patterns(self, field: str, words: Any) -> Iterator[tuple[Step, ...]]:
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            self._refuse(f"{field} must be a list of words")
        for word in words:
            try:
                yield compile_pattern(word)
            except ValueError:
                self._refuse(f"{field} has an empty word")

    def number(self, field: str, value: Any, most: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            self._refuse(f"{field} must be a number over 0, at most {most:g}")
        return float(value)

    def _refuse(self, what: str) -> NoReturn:
        raise SettingsError(f"{self.where}: {what}")
