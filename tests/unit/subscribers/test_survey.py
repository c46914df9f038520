"""What a query would have brought in a week, at installations small and busy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Archived, Article, Level
from bot.subscribers import survey
from bot.subscribers.survey import Sample, Search, Survey, Trial
from bot.topics import parse

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def archive(size: int, title: str = "В Женеве прошли переговоры", every: int = 1) -> list[Archived]:
    """So many articles of a week, the newest first, each `every`-th with that title, the others on other things."""
    return [
        Archived(
            article=Article(
                source_id=1,
                key=str(number),
                url="",
                title=title if number % every == 0 else f"Погода на день {number}",
                published_at=NOW - WEEK * number / size,
                seen_at=NOW - WEEK * number / size,
                id=size - number,
                story_id=size - number,
            ),
            level=Level.NOTABLE if number % (2 * every) == 0 else Level.ROUTINE,
        )
        for number in range(size)
    ]


def tried(articles: Sequence[Archived], *queries: str, whole: bool = True) -> tuple[Trial, ...]:
    of = Survey([parse(query) for query in queries], {1: "Труд"})
    for start in range(0, len(articles), 500):
        of.look_at(articles[start : start + 500])
    return of.trials(NOW, whole=whole)


@pytest.fixture
def frugal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer articles are matched and compared, so that few are very many."""
    monkeypatch.setattr(survey, "MOST_MATCHED", 64)
    monkeypatch.setattr(survey, "MOST_COMPARED", 64)


def test_a_rare_word_is_found_wherever_it_stands_in_a_busy_week() -> None:
    (trial,) = tried(archive(5000, every=1250), "женева")
    assert trial.stories == 4
    assert list(trial.evidence) == [5000, 3750, 2500, 1250]
    assert (trial.looked_at, trial.sampled) == (5000, False)
    assert trial.share == pytest.approx(4 / 5000)


@pytest.mark.usefixtures("frugal")
def test_where_there_is_too_much_to_match_a_sample_tells_how_much_it_is() -> None:
    (trial,) = tried(archive(2000, every=4), "женева")
    assert trial.sampled
    assert trial.stories == pytest.approx(500, rel=0.15)
    assert trial.levels[Level.NOTABLE] == pytest.approx(250, rel=0.3)
    assert trial.share == pytest.approx(0.25, rel=0.15)
    assert not trial.too_broad
    assert list(trial.evidence)[:3] == [2000, 1996, 1992]  # the latest are exact


@pytest.mark.usefixtures("frugal")
def test_what_the_sieve_lets_through_in_vain_is_not_counted() -> None:
    (trial,) = tried(archive(2000, "Женева: не переговоры о переговорах", every=2), '"женева переговоры"')
    assert (trial.stories, trial.share) == (0, 0)


def test_of_an_archive_too_large_to_be_read_a_week_is_reckoned() -> None:
    half = archive(2000, every=10)[:1000]
    (trial,) = tried(half, "женева", whole=False)
    assert trial.stories == pytest.approx(200, rel=0.05)
    assert trial.sampled


def test_several_queries_are_tried_on_the_same_articles() -> None:
    first, second = tried(archive(100, every=10), "женева", "погода")
    assert (first.stories, second.stories) == (10, 90)
    assert second.hints == ()


@pytest.mark.usefixtures("frugal")
def test_what_is_too_broad_gets_narrower_words_that_are_not_too_broad() -> None:
    cities = ("Вене", "Риме", "Осло")
    articles = [
        Archived(
            article=Article(
                source_id=1,
                key=str(number),
                url="",
                title=f"Переговоры в {cities[number % 3]}" if number % 2 else "Погода",
                published_at=NOW,
                seen_at=NOW,
                id=number,
                story_id=number,
            ),
            level=Level.ROUTINE,
        )
        for number in range(1, 1001)
    ]
    (trial,) = tried(articles, "переговоры")
    assert trial.too_broad
    assert trial.share == pytest.approx(0.5, abs=0.1)
    assert {str(hint).partition(" ")[2][:3] for hint in trial.hints} == {"вен", "рим", "осл"}


def test_a_sample_has_all_articles_of_a_story_or_none() -> None:
    sample = Sample(10)
    for one in archive(100):
        sample.add(one)
        sample.add(one)
    kept = [one.article.story_id for one in sample.kept]
    assert len(kept) <= 10
    assert all(kept.count(story_id) == 2 for story_id in kept)
    assert sample.came == 200


def test_a_search_stops_where_it_has_found_enough() -> None:
    search = Search(parse("женева"), {}, 3)
    search.look_at(archive(100, every=2))
    assert search.is_done
    assert search.stories == [100, 98, 96]
    assert search.hints() == ()
