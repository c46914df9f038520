"""What a query finds among very many articles: those worth it are matched, or where they are too many, an even sample.

Pure, and slow: about 0.03 ms for an article looked at, 1 ms for one that is matched. Not for the loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.language import Document, Token, analyse, fold
from bot.model import NEW, Archived, Evidence, Level
from bot.topics import Matcher, Query, Sieve, names_only
from bot.topics.suggest import narrow, suggest

SPAN: Final = timedelta(days=7)
"""The week by which starting levels are chosen too."""
MOST_MATCHED: Final = 300
"""Articles: a third of a second of matching; beyond, a sample of the stories tells how many there are within 6%."""
MOST_COMPARED: Final = 300
"""Articles whose words better queries are made of: another third of a second, where they're asked for."""
NEWEST: Final = 10
"""Articles that are matched in any case: the latest are shown."""
TOO_BROAD: Final = 0.3
"""Share of the articles; a third of all news is no longer a topic. «Главное» is for those who want everything."""
ENOUGH: Final = 50
"""Articles from which a share means something."""
MANY: Final = 10 * SPAN.days
"""Stories a week beyond which narrower queries are offered: more than ten a day nobody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a query found in the archive."""

    query: Query
    evidence: Mapping[int, Evidence]
    """By story id, the surest of the story's articles, the newest story first; the topic is NEW. Of a sample, if it's
    one."""
    levels: Mapping[Level, int]
    """Of the stories of a whole week."""
    share: float
    """Of the articles looked at: 0 to 1."""
    looked_at: int
    """Articles."""
    sampled: bool = False
    """Whether the numbers are estimates: there was too much to match or to look at."""
    hints: tuple[Query, ...] = ()
    """Better queries: spelt as the archive spells them where nothing was found, narrower ones where it was too much."""

    @property
    def stories(self) -> int:
        """A week."""
        return sum(self.levels.values())

    @property
    def too_broad(self) -> bool:
        """Whether it's no topic any more. Sections, authors and sources are, however much they bring."""
        return self.looked_at >= ENOUGH and self.share > TOO_BROAD and not names_only(self.query)


@dataclass(slots=True)
class Sample:
    """At most so many articles of those that come, of every so-manieth story: all of a story's or none."""

    most: int
    every: int = 1
    came: int = 0
    kept: list[Archived] = field(default_factory=list)

    def add(self, archived: Archived) -> None:
        self.came += 1
        if self._is_kept(archived):
            self.kept.append(archived)
        while len(self.kept) > self.most and self.every < self.came:
            self.every *= 2
            self.kept = list(filter(self._is_kept, self.kept))

    def _is_kept(self, archived: Archived) -> bool:
        """By the story's id, scattered: ids themselves may follow each other in the rhythm of the sources."""
        return (archived.article.story_id * _SCATTER >> 16) % self.every == 0


_SCATTER: Final = 2_654_435_769
"""2³² over the golden ratio (Knuth, TAOCP 3, 6.4)."""


@dataclass(slots=True)
class _Candidates:
    """Of one query."""

    query: Query
    sieve: Sieve
    newest: list[Archived] = field(default_factory=list)
    sample: Sample = field(default_factory=lambda: Sample(MOST_MATCHED))

    def add(self, archived: Archived) -> None:
        if len(self.newest) < NEWEST:
            self.newest.append(archived)
        self.sample.add(archived)


class Survey:
    """Several queries, and articles that come page by page, the newest first."""

    def __init__(self, queries: Sequence[Query], source_names: Mapping[int, str]) -> None:
        self._all = [_Candidates(query, Sieve(query)) for query in queries]
        self._names = source_names
        self._compared = Sample(MOST_COMPARED)
        self._documents: dict[int, Document] = {}
        self._oldest_at: datetime | None = None

    def look_at(self, page: Sequence[Archived]) -> None:
        for archived in page:
            self._compared.add(archived)
            for one in self._all:
                if one.sieve.lets_through(archived.article, self._name(archived)):
                    one.add(archived)
        if page:
            self._oldest_at = page[-1].article.seen_at

    def trials(self, now: datetime, *, whole: bool) -> tuple[Trial, ...]:
        """What each query found, better ones for the first. `whole`: there was no article left to look at."""
        reach = SPAN if whole or self._oldest_at is None else max(now - self._oldest_at, timedelta(hours=1))
        first, *others = (self._trial(one, max(1.0, SPAN / reach)) for one in self._all)
        return (replace(first, hints=self._hints(first, self._all[0])), *others)

    def _trial(self, one: _Candidates, weeks: float) -> Trial:
        sample, matcher = one.sample, Matcher()
        matcher.add(NEW, one.query)
        newest, found = self._matched(matcher, one.newest), self._matched(matcher, sample.kept)
        # One story of very many articles may be none of the sample.
        stories = {archived.article.story_id: archived.level for archived, _ in found or newest}
        scale = (sample.every if found else 1) * weeks
        share = len(found) / len(sample.kept) * sample.came / self._compared.came if sample.kept else 0.0
        return Trial(
            query=one.query,
            evidence=_surest([*newest, *found]),
            levels={level: round(count * scale) for level, count in Counter(stories.values()).items()},
            share=share,
            looked_at=self._compared.came,
            sampled=scale > 1,
        )

    def _matched(self, matcher: Matcher, articles: Sequence[Archived]) -> list[tuple[Archived, Evidence]]:
        return [(one, evidence) for one in articles for evidence in matcher.label(self._document(one))]

    def _hints(self, trial: Trial, of: _Candidates) -> tuple[Query, ...]:
        if not trial.evidence:
            return suggest(trial.query, _vocabulary([self._document(one) for one in self._compared.kept]))
        if not trial.too_broad and trial.stories <= MANY:
            return ()
        found = {one.article.id: one for one in of.sample.kept}
        others = [one for one in self._compared.kept if one.article.id not in found]
        documents = [self._document(one) for one in (*found.values(), *others)]
        # A narrower query may find TOO_BROAD of all articles; those found weigh more among these documents than there.
        most = TOO_BROAD * self._compared.came * len(found) / of.sample.came / len(documents)
        return narrow(trial.query, documents, most)

    def _document(self, archived: Archived) -> Document:
        known = self._documents.get(archived.article.id)
        if known is None:
            known = self._documents[archived.article.id] = analyse(archived.article, self._name(archived))
        return known

    def _name(self, archived: Archived) -> str | None:
        return self._names.get(archived.article.source_id)


class Search:
    """The newest stories that match a query, in articles that come page by page, the newest first."""

    def __init__(self, query: Query, source_names: Mapping[int, str], wanted: int) -> None:
        self._query, self._names, self._wanted = query, source_names, wanted
        self._sieve, self._matcher = Sieve(query), Matcher()
        self._matcher.add(NEW, query)
        self._compared = Sample(MOST_COMPARED)
        self._found: dict[int, None] = {}

    @property
    def is_done(self) -> bool:
        """Whether enough was found."""
        return len(self._found) >= self._wanted

    @property
    def stories(self) -> list[int]:
        """Their ids."""
        return list(self._found)[: self._wanted]

    def look_at(self, page: Sequence[Archived]) -> None:
        for archived in page:
            if self.is_done:
                return
            self._compared.add(archived)
            name = self._names.get(archived.article.source_id)
            if self._sieve.lets_through(archived.article, name) and self._matcher.label(
                analyse(archived.article, name)
            ):
                self._found[archived.article.story_id] = None

    def hints(self) -> tuple[Query, ...]:
        """Queries that would find something, if this one doesn't."""
        if self._found:
            return ()
        names = self._names
        documents = [analyse(one.article, names.get(one.article.source_id)) for one in self._compared.kept]
        return suggest(self._query, _vocabulary(documents))


def _surest(found: Sequence[tuple[Archived, Evidence]]) -> dict[int, Evidence]:
    """By story, the newest first, as they come."""
    surest: dict[int, Evidence] = {}
    for archived, evidence in found:
        known = surest.get(archived.article.story_id)
        if known is None or known.score < evidence.score:
            surest[archived.article.story_id] = evidence
    return surest


def _vocabulary(documents: Sequence[Document]) -> Mapping[str, int]:
    """In how many articles each word stands: its lemma, but a name that no dictionary knows as it's written."""
    articles: Counter[str] = Counter()
    for document in documents:
        articles.update({_called(token) for token in document.title + document.lead + document.body})
    return articles


def _called(token: Token) -> str:
    form = fold(token.text)
    return form if form in token.lemmas else token.lemma
