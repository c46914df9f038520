"""The recent articles by their weightiest words, and the stories they make."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Final

from bot.language import Document
from bot.model import Article
from bot.stories.fingerprint import Fingerprint, fingerprint
from bot.stories.rarity import Rarity
from bot.stories.similarity import GIST, Weighed, by_weight, contradict, likeness
from bot.stories.ties import Ties

SAME_EVENT: Final = 0.36
"""Mean likeness from which an article belongs to a story. With it precision is above recall, for news withheld by a
wrong merge is worse than news told twice, and articles without headlines stay above .80 in both
(bench/story_choices.py, docs/decisions/0006)."""

WINDOW: Final = timedelta(hours=72)
"""Since (or before) the story's last article; later ones are news of another day."""

LIFETIME: Final = timedelta(days=7)
"""From the story's first article on; then it is closed."""

SAME_TITLE_WINDOW: Final = timedelta(hours=24)
"""Within it an equal headline without a text of its own is the same news."""

SAME_TITLE_WORDS: Final = 4
"""Shorter headlines («Курс валют») return every day."""

SHARED_KEYS: Final = 2
"""Words of both gists by which an article is found: with two every true pair of the development set is."""
CANDIDATES: Final = 20
"""Articles compared; those sharing the rarest words first."""
STORIES: Final = 5
"""Stories whose mean is taken, those with the most similar article first."""
MEMBERS: Final = 20
"""Latest articles of a story that are compared for the mean."""
MERGE_MEMBERS: Final = 5
"""Latest articles of each of two stories that are compared before they become one: 25 comparisons, some 3 ms."""


Likeness = Callable[[int], float | None]
"""Of one article to another one, by its id; None where a thin one allows no judgement."""


@dataclass(slots=True)
class _Story:
    """What is known of a story while any of its articles is recent."""

    first_at: datetime
    last_at: datetime
    articles: dict[int, None] = field(default_factory=dict)
    """Ids, in the order they were added."""

    def is_open(self, at: datetime) -> bool:
        """Whether an article of that time may join."""
        near = self.first_at - at <= WINDOW and at - self.last_at <= WINDOW
        return near and abs(at - self.first_at) <= LIFETIME


class StoryIndex:
    """In memory, rebuilt from the store at start: finds the story an article belongs to."""

    def __init__(self) -> None:
        self._rarity = Rarity()
        self._entries: dict[int, Weighed] = {}
        self._stories: dict[int, _Story] = {}
        self._by_key: defaultdict[str, set[int]] = defaultdict(set)
        self._by_url: defaultdict[str, set[int]] = defaultdict(set)
        self._by_title: defaultdict[str, set[int]] = defaultdict(set)
        self._ties = Ties()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, article: Article, document: Document) -> None:
        """Remember a stored article (with its id and story_id); one that is known already is replaced."""
        if article.id in self._entries:
            self._remove(article.id)
        new = fingerprint(article, document)
        self._rarity.add(new.words)
        entry = Weighed(new, self._gist(new))
        for postings, key in self._postings(entry):
            postings[key].add(article.id)
        self._place(article.id, entry, self._ties.current(new.story_id))

    def find(self, article: Article, document: Document) -> int | None:
        """The story the article belongs to, or None: it opens one. The article itself is not added."""
        return next(iter(self.find_all(article, document)), None)

    def find_all(self, article: Article, document: Document) -> tuple[int, ...]:
        """The stories that the article brings together, the oldest first; () if it opens one.

        It belongs to the one whose articles are most like it in the mean. Another one that it belongs to as well
        becomes part of that, if the two, with it in either, are as alike in the mean. Nothing is added or merged yet.
        """
        new = fingerprint(article, document)
        same = self._same_address(new) or self._same_title(new)
        if same is not None:
            return (same,)
        like = self._likeness_to(new)
        together: list[int] = []
        for story in self._alike(new, like):
            if all(self._are_one(one, story, like) for one in together):
                together.append(story)
        return tuple(sorted(together))

    def merge(self, absorbed: int, kept: int) -> None:
        """The one story has become part of the other, and so will what is added to it later."""
        self._ties.merge(absorbed, kept)
        story = self._stories.get(absorbed)
        for article_id in list(story.articles) if story else ():
            self._move(article_id, kept)

    def split(self, article_id: int, story: int, from_story: int) -> None:
        """The publisher took the article out of a story into one of its own: those two never become one again."""
        if article_id in self._entries:
            self._move(article_id, story)
        self._ties.part(story, self._ties.current(from_story))

    def forget_before(self, at: datetime) -> None:
        """Drop the articles published before then, and the stories that have none left."""
        for article_id in [known for known, entry in self._entries.items() if entry.article.at < at]:
            self._remove(article_id)
        self._ties.forget_all_but(self._stories)

    def _remove(self, article_id: int) -> None:
        entry = self._take_out(article_id)
        self._rarity.remove(entry.article.words)
        for postings, key in self._postings(entry):
            postings[key].discard(article_id)
            if not postings[key]:
                del postings[key]

    def _place(self, article_id: int, entry: Weighed, story_id: int) -> None:
        article = entry.article if entry.article.story_id == story_id else replace(entry.article, story_id=story_id)
        self._entries[article_id] = replace(entry, article=article)
        story = self._stories.setdefault(story_id, _Story(article.at, article.at))
        story.first_at, story.last_at = min(story.first_at, article.at), max(story.last_at, article.at)
        story.articles[article_id] = None

    def _take_out(self, article_id: int) -> Weighed:
        entry = self._entries.pop(article_id)
        story = self._stories[entry.article.story_id]
        del story.articles[article_id]
        if not story.articles:
            del self._stories[entry.article.story_id]
        return entry

    def _move(self, article_id: int, story_id: int) -> None:
        self._place(article_id, self._take_out(article_id), story_id)

    def _postings(self, entry: Weighed) -> Iterable[tuple[defaultdict[str, set[int]], str]]:
        """Every list the article stands in, with its key there."""
        yield from ((self._by_key, key) for key in entry.gist)
        if entry.article.url:
            yield self._by_url, entry.article.url
        if entry.article.title_key:
            yield self._by_title, entry.article.title_key

    def _same_address(self, new: Fingerprint) -> int | None:
        return self._oldest(new, self._by_url.get(new.url, ()))

    def _same_title(self, new: Fingerprint) -> int | None:
        """By an equal headline, where one of the two is little more than its headline."""
        if new.title_key.count(" ") + 1 < SAME_TITLE_WORDS:
            return None
        known = (
            (article_id, self._entries[article_id].article) for article_id in self._by_title.get(new.title_key, ())
        )
        return self._oldest(
            new,
            [
                article_id
                for article_id, article in known
                if (new.thin or article.thin) and abs(new.at - article.at) <= SAME_TITLE_WINDOW
            ],
        )

    def _oldest(self, new: Fingerprint, article_ids: Iterable[int]) -> int | None:
        """The oldest open story among those of the articles."""
        stories = {self._entries[article_id].article.story_id for article_id in article_ids}
        return min((story for story in stories if self._stories[story].is_open(new.at)), default=None)

    def _likeness_to(self, article: Fingerprint) -> Likeness:
        """To each remembered article; compared once."""
        rarity = cache(self._rarity.of)
        weighed, words = Weighed(article, self._gist(article)), frozenset(article.words)
        return cache(lambda article_id: likeness(weighed, words, self._entries[article_id], rarity))

    def _gist(self, article: Fingerprint) -> tuple[str, ...]:
        return tuple(by_weight(article, self._rarity.of)[:GIST])

    def _alike(self, new: Fingerprint, like: Likeness) -> list[int]:
        """The stories whose articles are enough like the new one in the mean, the likest first."""
        closest: dict[int, float] = {}
        for article_id in self._candidates(new):
            story = self._entries[article_id].article.story_id
            closest[story] = max(closest.get(story, 0.0), like(article_id) or 0.0)
        likely = sorted((-best, story) for story, best in closest.items() if best >= SAME_EVENT)[:STORIES]
        means = sorted((-self._mean_likeness(new, story, like), story) for _, story in likely)
        return [story for mean, story in means if -mean >= SAME_EVENT]

    def _are_one(self, one: int, other: int, like: Likeness) -> bool:
        """Average link between two stories, the article that `like` is of being counted to both."""
        if self._ties.are_apart(one, other):
            return False
        ours, theirs = (self._latest(story, MERGE_MEMBERS) for story in (one, other))
        found = [like(article_id) for article_id in (*ours, *theirs)]
        for article_id in ours:
            article, like_it = self._entries[article_id].article, self._likeness_to(self._entries[article_id].article)
            if any(contradict(article, self._entries[another].article) for another in theirs):
                return False
            found += map(like_it, theirs)
        return _mean(found) >= SAME_EVENT

    def _latest(self, story: int, at_most: int) -> tuple[int, ...]:
        return tuple(islice(reversed(self._stories[story].articles), at_most))

    def _candidates(self, new: Fingerprint) -> list[int]:
        """Articles of open stories that share weighty words with the new one, the weightiest first."""
        keys = list(islice((word for word in by_weight(new, self._rarity.of) if word in self._by_key), GIST))
        least = min(SHARED_KEYS, len(keys))
        shared: defaultdict[int, list[float]] = defaultdict(list)
        for key in keys:
            rarity = self._rarity.of(key)
            for article_id in self._by_key[key]:
                shared[article_id].append(rarity)
        ranked = sorted((-sum(weights), -article_id) for article_id, weights in shared.items() if len(weights) >= least)
        return list(islice((-found for _, found in ranked if self._story_of(-found).is_open(new.at)), CANDIDATES))

    def _story_of(self, article_id: int) -> _Story:
        return self._stories[self._entries[article_id].article.story_id]

    def _mean_likeness(self, new: Fingerprint, story: int, like: Likeness) -> float:
        """Average link: over the story's latest articles that can be judged; 0 if any of them contradicts."""
        latest = self._latest(story, MEMBERS)
        if any(contradict(new, self._entries[article_id].article) for article_id in latest):
            return 0.0
        return _mean(map(like, latest))


def _mean(found: Iterable[float | None]) -> float:
    """Of what can be judged; 0 if nothing can."""
    judged = [each for each in found if each is not None]
    return math.fsum(judged) / len(judged) if judged else 0.0
