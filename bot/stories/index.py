"""The recent articles by their weightiest words, and the stories they make."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import islice
from typing import Final

from bot.language import Document
from bot.model import Article
from bot.stories.fingerprint import Fingerprint, fingerprint
from bot.stories.rarity import Rarity
from bot.stories.similarity import GIST, SAME_EVENT, Weighed, by_weight, contradict, likeness
from bot.stories.ties import Ties

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

    def had_closed(self, at: datetime) -> bool:
        """Whether an article of that time comes too late."""
        return self.last_at <= at and not self.is_open(at)


class StoryIndex:
    """In memory, rebuilt from the store at start: finds the story an article belongs to."""

    def __init__(self) -> None:
        self._rarity = Rarity()
        self._entries: dict[int, Weighed] = {}
        self._story_ids: dict[int, int] = {}
        self._stories: dict[int, _Story] = {}
        self._by_key: defaultdict[str, set[int]] = defaultdict(set)
        self._by_url: defaultdict[str, set[int]] = defaultdict(set)
        self._by_title: defaultdict[str, set[int]] = defaultdict(set)
        self._ties = Ties()

    def __len__(self) -> int:
        return len(self._entries)

    def weigh(self, article: Article, document: Document) -> Weighed:
        """The article as it's compared with others; `document` is the same article as words."""
        new = fingerprint(article, document)
        return Weighed(new, tuple(by_weight(new, self._rarity.of)[:GIST]))

    def add(self, article_id: int, story_id: int, weighed: Weighed, first_at: datetime | None = None) -> None:
        """Remember an article of that story; one that is known already is replaced.

        `first_at`: the time of the story's first article, where that one is remembered no more.
        """
        if article_id in self._entries:
            first_at = first_at or self._stories[self._story_ids[article_id]].first_at
            self._remove(article_id)
        self._rarity.add(weighed.article.words)
        for postings, key in self._postings(weighed):
            postings[key].add(article_id)
        self._place(article_id, weighed, self._ties.current(story_id), first_at)

    def find(self, new: Weighed) -> int | None:
        """The story the article belongs to, or None: it opens one. The article itself is not added."""
        return next(iter(self.find_all(new)), None)

    def find_all(self, new: Weighed) -> tuple[int, ...]:
        """The stories that the article brings together, the oldest first; () if it opens one.

        It belongs to the one whose articles are most like it in the mean. Another one that it belongs to as well
        becomes part of that, if the two, with it in either, are as alike in the mean. Nothing is added or merged yet.
        """
        same = self._same_address(new.article) or self._same_title(new.article)
        if same is not None:
            return (same,)
        like = self._likeness_to(new)
        together: list[int] = []
        for story in self._alike(new.article, like, partial(_Story.is_open, at=new.article.at)):
            if all(self._are_one(one, story, like) for one in together):
                together.append(story)
        return tuple(sorted(together))

    def find_closed(self, new: Weighed) -> int | None:
        """The story that one which the article opens continues: the latest it would belong to, had that not closed."""
        closed = partial(_Story.had_closed, at=new.article.at)
        found = self._alike(new.article, self._likeness_to(new), closed)
        return max(found, key=lambda story: self._stories[story].last_at, default=None)

    def merge(self, absorbed: int, kept: int) -> None:
        """The one story has become part of the other, and so will what is added to it later."""
        self._ties.merge(absorbed, kept)
        if (story := self._stories.get(absorbed)) is None:
            return
        for article_id in list(story.articles):
            self._move(article_id, kept, story.first_at)

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

    def _place(self, article_id: int, entry: Weighed, story_id: int, first_at: datetime | None) -> None:
        at = entry.article.at
        self._entries[article_id], self._story_ids[article_id] = entry, story_id
        story = self._stories.setdefault(story_id, _Story(at, at))
        story.first_at, story.last_at = min(story.first_at, at, first_at or at), max(story.last_at, at)
        story.articles[article_id] = None

    def _take_out(self, article_id: int) -> Weighed:
        story_id = self._story_ids.pop(article_id)
        story = self._stories[story_id]
        del story.articles[article_id]
        if not story.articles:
            del self._stories[story_id]
        return self._entries.pop(article_id)

    def _move(self, article_id: int, story_id: int, first_at: datetime | None = None) -> None:
        self._place(article_id, self._take_out(article_id), story_id, first_at)

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
        stories = {self._story_ids[article_id] for article_id in article_ids}
        return min((story for story in stories if self._stories[story].is_open(new.at)), default=None)

    def _likeness_to(self, weighed: Weighed) -> Likeness:
        """To each remembered article; compared once."""
        rarity, words = cache(self._rarity.of), frozenset(weighed.article.words)
        return cache(lambda article_id: likeness(weighed, words, self._entries[article_id], rarity))

    def _alike(self, new: Fingerprint, like: Likeness, taking: Callable[[_Story], bool]) -> list[int]:
        """The stories of that kind whose articles are enough like the new one in the mean, the likest first."""
        closest: dict[int, float] = {}
        for article_id in self._candidates(new, taking):
            story = self._story_ids[article_id]
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
            ours_one, like_it = self._entries[article_id], self._likeness_to(self._entries[article_id])
            if any(contradict(ours_one.article, self._entries[another].article) for another in theirs):
                return False
            found += map(like_it, theirs)
        return _mean(found) >= SAME_EVENT

    def _latest(self, story: int, at_most: int) -> tuple[int, ...]:
        return tuple(islice(reversed(self._stories[story].articles), at_most))

    def _candidates(self, new: Fingerprint, taking: Callable[[_Story], bool]) -> list[int]:
        """Articles of such stories that share weighty words with the new one, the weightiest first."""
        keys = list(islice((word for word in by_weight(new, self._rarity.of) if word in self._by_key), GIST))
        least = min(SHARED_KEYS, len(keys))
        shared: defaultdict[int, list[float]] = defaultdict(list)
        for key in keys:
            rarity = self._rarity.of(key)
            for article_id in self._by_key[key]:
                shared[article_id].append(rarity)
        ranked = sorted((-sum(weights), -article_id) for article_id, weights in shared.items() if len(weights) >= least)
        found = (-negative for _, negative in ranked)
        return list(islice((each for each in found if taking(self._stories[self._story_ids[each]])), CANDIDATES))

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
