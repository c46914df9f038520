"""A built-in topic as a publisher writes it: weighted evidence in TOML, checked on load."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from bot.errors import SettingsError
from bot.topics.patterns import Step, compile_pattern

LANGUAGES: Final = ("ru", "en")

_THRESHOLD: Final = 0.35
"""Of a profile that names none: what the built-in ones use, chosen by bench/topics.py."""

Pattern = tuple[Step, ...]


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
    within: int | None = None
    """Words in which all of it must begin, if that matters: two states of one sentence deal with each other."""


@dataclass(frozen=True, slots=True)
class Case:
    """What speaks for a topic, or against it."""

    signs: tuple[tuple[Pattern, Sign], ...]
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
    includes: tuple[str, ...]
    """Slugs of topics whose every article belongs here too."""
    evidence: Case
    against: Case
    members: tuple[tuple[Pattern, Sign], ...]
    """Of the groups that `together` of either case names."""
    ignored: tuple[Pattern, ...]
    """Names that hold a word of the topic without being about it («Украинская правда», «Дамасская улица»)."""
    places: Places
    threshold: float


def load(text: str, slug: str, vocabulary: Mapping[str, Any], where: str | None = None) -> Profile:
    """Read a profile. Raises SettingsError that names `where` (the file, else the profile), the entry and the field."""
    reader = _Reader(where or f"profile {slug}", vocabulary)
    data = reader.document(text)
    groups = reader.table("groups", data.get("groups", {}))
    return Profile(
        slug=slug,
        names={language: reader.names(data, language) for language in LANGUAGES},
        includes=tuple(reader.words("includes", data.get("includes", []))),
        evidence=reader.case(data, "evidence", "together", groups),
        against=reader.case(data, "against", "against_together", groups),
        members=(*reader.members(groups), *reader.phrases(data.get("phrases", []), groups)),
        ignored=tuple(reader.ignored(data)),
        places=reader.places(data.get("places", {"title": 1.0, "lead": 1.0, "body": 1.0})),
        threshold=reader.number("threshold", data.get("threshold", _THRESHOLD), 1.0),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes the parts of a profile's TOML, or says what is wrong with them."""

    where: str
    vocabulary: Mapping[str, Any]
    """Lists of words that several profiles name: {"sport": ["матч", …]}."""

    _KNOWN = frozenset(
        {
            "names", "includes", "groups", "evidence", "together", "against", "against_together",
            "ignored", "namesakes", "places", "threshold", "phrases",
        }
    )  # fmt: skip

    def table(self, field: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse(f"{field} must be a table")
        return value

    def entries(self, field: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            self._refuse(f"{field} must be a list of tables: [[{field}]]")
        return value

    def words(self, field: str, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self._refuse(f"{field} must be a list of words")
        return value

    def document(self, text: str) -> dict[str, Any]:
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._refuse(str(error))
        for key in data.keys() - self._KNOWN:
            self._refuse(f"unknown field {key!r}")
        return data

    def names(self, data: Mapping[str, Any], language: str) -> tuple[str, ...]:
        names = self.table("names", data.get("names", {})).get(language, [])
        valid = isinstance(names, list) and all(isinstance(name, str) and name.strip() for name in names)
        if not names or not valid:
            self._refuse(f"names.{language} must be a list of names")
        return tuple(names)

    def places(self, data: Any) -> Places:
        if not isinstance(data, dict) or data.keys() != {"title", "lead", "body"}:
            self._refuse("places must have title, lead and body")
        return Places(**{name: self.number(f"places.{name}", value, 100.0) for name, value in data.items()})

    def ignored(self, data: Mapping[str, Any]) -> Iterator[Pattern]:
        """Names of other things: the profile's own, and each of `namesakes` beside a thing of the vocabulary."""
        yield from self.patterns("ignored", data.get("ignored", []))
        for word in self.words("namesakes", data.get("namesakes", [])):
            things = [pair for thing in self.vocabulary["namesakes"] for pair in (f"{word} {thing}", f"{thing} {word}")]
            yield from self.patterns("namesakes", things)

    def case(self, data: Mapping[str, Any], words: str, together: str, groups: Mapping[str, Any]) -> Case:
        rules = enumerate(self.entries(together, data.get(together, [])))
        return Case(
            tuple(self._weighted(words, self.entries(words, data.get(words, [])))),
            tuple(self._together(f"{together}[{place}]", rule, groups) for place, rule in rules),
        )

    def _weighted(self, field: str, entries: Iterable[Any]) -> Iterator[tuple[Pattern, Sign]]:
        for place, entry in enumerate(entries):
            where = f"{field}[{place}]"
            if not isinstance(entry, dict) or entry.keys() not in ({"weight", "words"}, {"weight", "list"}):
                self._refuse(f"{where} must have weight and words, or weight and list")
            weight = self.number(f"{where}.weight", entry["weight"], 1.0)
            words = self._listed(f"{where}.list", entry["list"]) if "list" in entry else entry["words"]
            for number, steps in enumerate(self.patterns(f"{where}.words", words)):
                # Each word of the list is a sign of its own: two different ones prove more than one said twice.
                yield steps, Sign(weight=weight, member=f"{where}.{number}")

    def _listed(self, field: str, name: Any) -> Any:
        if not isinstance(name, str) or name not in self.vocabulary:
            self._refuse(f"{field} names no list of the vocabulary")
        return self.vocabulary[name]

    def members(self, groups: Mapping[str, Any]) -> Iterator[tuple[Pattern, Sign]]:
        for group, members in groups.items():
            for member, words in self._named(group, members):
                for steps in self.patterns(f"groups.{group}.{member}", words):
                    yield steps, Sign(group=group, member=member)

    def phrases(self, entries: Any, groups: Mapping[str, Any]) -> Iterator[tuple[Pattern, Sign]]:
        """Members made of two groups: each word of the first, by its member, before each of the second."""
        for place, entry in enumerate(self.entries("phrases", entries)):
            where = f"phrases[{place}]"
            if not isinstance(entry, dict) or entry.keys() != {"group", "first", "second"}:
                self._refuse(f"{where} must have group, first and second")
            for name in entry.values():
                if name not in groups:
                    self._refuse(f"{where} names the unknown group {name!r}")
            seconds = [word for _, words in self._named(entry["second"], groups[entry["second"]]) for word in words]
            for member, words in self._named(entry["first"], groups[entry["first"]]):
                pairs = [f"{word} {second}" for word in words for second in seconds]
                for steps in self.patterns(f"{where}.{member}", pairs):
                    yield steps, Sign(group=entry["group"], member=member)

    def _named(self, group: str, members: Any) -> Iterable[tuple[str, Any]]:
        if isinstance(members, dict):
            return members.items()
        if not isinstance(members, list):
            self._refuse(f"groups.{group} must be a list of words or a table of lists")
        return ((word, [word]) for word in members)

    def _together(self, where: str, rule: Any, groups: Mapping[str, Any]) -> Together:
        if not isinstance(rule, dict) or rule.keys() - {"within"} != {"weight", "needs"}:
            self._refuse(f"{where} must have weight and needs")
        if not isinstance(rule["needs"], dict):
            self._refuse(f"{where}.needs must be a table")
        for need, count in rule["needs"].items():
            for group in set(need.split("+")) - groups.keys():
                self._refuse(f"{where}.needs names the unknown group {group!r}")
            if not isinstance(count, int) or count < 1:
                self._refuse(f"{where}.needs.{need} must be a whole number from 1 on")
        within = rule.get("within")
        if within is not None and (type(within) is not int or within < 1):
            self._refuse(f"{where}.within must be a whole number from 1 on")
        # Groups by themselves first: most passages lack one of them, and need not unite the others.
        needs = dict(sorted(rule["needs"].items(), key=lambda need: "+" in need[0]))
        return Together(self.number(f"{where}.weight", rule["weight"], 1.0), needs, within)

    def patterns(self, field: str, words: Any) -> Iterator[Pattern]:
        for word in self.words(field, words):
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
