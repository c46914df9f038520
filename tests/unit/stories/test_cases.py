"""Made-up cases of one event told twice, and of two that look alike: alone, either way round, and all in one stream."""

import pytest

from tests.unit.stories.articles import NOON, found, index_of, written
from tests.unit.stories.cases import ONE_EVENT, TWO_EVENTS, Case


def either_way_round(case: Case) -> list[int | None]:
    """The story that the second article joins, 1 if that of the first; then with the two changing places."""
    return [
        found(index_of(written(1, *first)), written(2, *second, published_at=NOON + case.later))
        for first, second in ((case.one, case.other), (case.other, case.one))
    ]


@pytest.mark.parametrize("case", ONE_EVENT, ids=lambda case: case.name)
def test_one_event_told_twice_is_one_story(case: Case) -> None:
    assert either_way_round(case) == [1, 1]


@pytest.mark.parametrize("case", TWO_EVENTS, ids=lambda case: case.name)
def test_two_events_that_look_alike_are_two_stories(case: Case) -> None:
    assert either_way_round(case) == [None, None]


def test_so_they_are_among_all_the_others() -> None:
    index = index_of(*(written(number, *case.one) for number, case in enumerate(TWO_EVENTS, start=1)))
    for number, case in enumerate(TWO_EVENTS, start=1):
        assert found(index, written(99, *case.other, published_at=NOON + case.later)) != number, case.name


@pytest.mark.parametrize("case", ONE_EVENT, ids=lambda case: case.name)
def test_and_so_is_one_event_told_twice(case: Case) -> None:
    others = [written(number, *case.one) for number, case in enumerate(TWO_EVENTS, start=2)]
    index = index_of(written(1, *case.one), *others)
    assert found(index, written(99, *case.other, published_at=NOON + case.later)) == 1
