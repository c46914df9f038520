"""Topics by profile, as a menu offers them: what they are called, and which of them an article belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.errors import SettingsError
from bot.language import Document, fold, tokens
from bot.model import MAIN, Evidence
from bot.topics.judge import Panel, Verdict
from bot.topics.profile import Profile


class Catalogue:
    """Profiles in the order of the menus. «Главное» is every article's and needs no evidence."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        """Raises SettingsError when a profile includes a topic that isn't there."""
        self._profiles = {profile.slug: profile for profile in profiles}
        for profile in self._profiles.values():
            for slug in profile.includes:
                if slug not in self._profiles:
                    raise SettingsError(f"profile {profile.slug}: includes names the unknown topic {slug!r}")
        self._panel = Panel(self._profiles.values())
        self._slugs = dict(self._keys())
        self.slugs = tuple(self._profiles)

    def profile(self, slug: str) -> Profile:
        return self._profiles[slug]

    def changed(self, profiles: Iterable[Profile]) -> Catalogue:
        """The same with these instead of those of the same slug, and new ones after the others."""
        return Catalogue({**self._profiles, **{profile.slug: profile for profile in profiles}}.values())

    def label(self, document: Document, ids: Mapping[str, int]) -> tuple[Evidence, ...]:
        """The topics of an article, among those that `ids` names, in the order of the menus."""
        verdicts = self._panel.judge(document)
        found = []
        for slug, profile in self._profiles.items():
            if slug not in ids:
                continue
            if slug == MAIN:
                found.append(Evidence(ids[MAIN], 1.0))
            elif proofs := list(self._proofs(profile, verdicts)):
                score, verdict = max(proofs, key=lambda proof: proof[0])
                found.append(Evidence(ids[slug], score, verdict.because))
        return tuple(found)

    def _proofs(self, profile: Profile, verdicts: Mapping[str, Verdict]) -> Iterator[tuple[float, Verdict]]:
        """What makes the article belong: its own evidence, or that of a topic it includes. Scores are over 0.5."""
        for one in (profile, *(self._profiles[slug] for slug in profile.includes)):
            verdict = verdicts.get(one.slug, Verdict())
            if verdict.total >= one.threshold:
                yield round(verdict.total / (verdict.total + one.threshold), 2), verdict

    def names(self, slug: str, language: str) -> tuple[str, ...]:
        """What a topic is called, the title of the menus first; unknown languages read English."""
        if slug not in self._profiles:  # a publisher's that was taken away; whoever follows it still sees it listed
            return (slug,)
        by_language = self.profile(slug).names
        return by_language.get(language, by_language["en"])

    def find(self, words: str) -> str | None:
        """The slug of the topic that goes by this name, in any case and form; None if none does."""
        return self._slugs.get(_name_key(words)) or self._slugs.get(fold(words.strip(" #«»\"'“”„")))

    def _keys(self) -> Iterator[tuple[str, str]]:
        for slug, profile in reversed(self._profiles.items()):  # of two that share a name the first keeps it
            for name in (name for every in profile.names.values() for name in every):
                yield _name_key(name), slug
                yield fold(name), slug
        yield from ((slug, slug) for slug in self._profiles)


def _name_key(words: str) -> str:
    return " ".join(token.lemma for token in tokens(words.replace("_", " ")))
