"""What an owner's past says: how widely others carry its stories, and whether its urgent marks mean something."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.importance import authority, mean_resonance, norms, records_of
from bot.model import Coverage, History, OwnerRecord

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def story(*owners: str, title: str = "Новость") -> list[Coverage]:
    return [Coverage(title=title, owner=owner, country="RU", published_at=NOON) for owner in owners]


def record(carried: Mapping[int, int] | None = None, **counted: int) -> OwnerRecord:
    return replace(OwnerRecord(owner="trud", carried=carried or {}), **counted)


def test_records_count_each_owner_once_a_story() -> None:
    stories = [story("trud", "trud", "tass"), story("trud"), story("tass", title="Срочно: новость")]
    assert records_of(stories) == {
        "trud": OwnerRecord(owner="trud", carried={0: 1, 1: 1}, articles=3, urgent=0),
        "tass": OwnerRecord(owner="tass", carried={0: 1, 1: 1}, articles=2, urgent=1),
    }


def test_authority_is_how_widely_an_owners_stories_are_carried_beside_the_average() -> None:
    widely, seldom = record({7: 10_000}), record({1: 10_000})
    mean = mean_resonance([widely, seldom])
    assert mean == 2.0
    assert authority(widely, mean) == pytest.approx(1.5, abs=0.01)
    assert authority(seldom, mean) == pytest.approx(0.5, abs=0.01)


def test_one_story_that_everybody_had_makes_no_authority() -> None:
    steady, lucky = record({3: 100}), record({0: 99, 300: 1})
    mean = mean_resonance([steady, lucky])
    assert authority(steady, mean) > 1.5
    assert authority(lucky, mean) < 0.3


def test_a_newcomer_is_average_until_it_has_shown_what_it_is() -> None:
    shown = [authority(record({1023: n}), 1.0) for n in (0, 1, 10, 1000)]
    assert shown[0] == 1.0
    assert shown == sorted(set(shown))
    assert shown[1] < 3
    assert shown[3] > 9


def test_where_little_is_carried_by_another_nobody_is_far_from_average() -> None:
    """Ten echoes among a hundred stories are chance; the same share among ten thousand is none."""
    few, many = (authority(record({0: 95 * n, 1: 5 * n}), 0.1) for n in (1, 1000))
    assert 0.7 < few < 1.0
    assert many == pytest.approx(0.5, abs=0.01)


def test_where_nobody_carries_anothers_stories_all_are_average() -> None:
    alone = record({0: 500}, articles=500)
    assert mean_resonance([]) == mean_resonance([alone]) == 0.0
    assert authority(alone, 0.0) == 1.0


@pytest.mark.parametrize(
    ("articles", "urgent", "counts"),
    [(0, 0, False), (48, 0, False), (50, 0, True), (1000, 18, True), (1000, 20, False), (60, 60, False)],
)
def test_marks_count_from_a_source_that_marks_under_two_in_a_hundred(articles: int, urgent: int, counts: bool) -> None:
    history = History(owners=(record(articles=articles, urgent=urgent),))
    assert ("trud" in norms(history, NOON).sparing) is counts
