"""Thresholds: about five major and 25 notable stories a day, whatever the installation reads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importance import Thresholds, norms, period, thresholds
from bot.model import History

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIXED = Thresholds()


def a_day(peaks: Sequence[float], threshold: float, days: float) -> float:
    return sum(peak >= threshold for peak in peaks) / days


def test_an_installation_with_under_200_scored_stories_has_fixed_thresholds() -> None:
    assert thresholds([float(n) / 2 for n in range(199)], 13) == FIXED
    assert thresholds([float(n) / 2 for n in range(200)], 13) != FIXED


@pytest.mark.parametrize(("stories", "days"), [(200, 1), (1300, 13), (40_000, 13), (500, 3.5)])
def test_about_five_stories_a_day_are_major_and_25_notable(stories: int, days: float) -> None:
    peaks = [100 * (n / stories) ** 2 for n in range(stories)]
    found = thresholds(peaks, days)
    assert a_day(peaks, found.major, days) == pytest.approx(5, rel=0.1)
    assert a_day(peaks, found.notable, days) == pytest.approx(25, rel=0.1)


def test_where_less_is_published_than_would_be_notable_all_of_it_is() -> None:
    peaks = [30 + n / 10 for n in range(260)]  # 20 a day
    found = thresholds(peaks, 13)
    assert found.notable == 30
    assert a_day(peaks, found.major, 13) == pytest.approx(5, rel=0.1)


def test_ties_go_where_the_number_comes_nearest() -> None:
    stand_out = [50 + n / 10 for n in range(20)]
    assert thresholds([*stand_out, *[40.0] * 400], 1).notable == 50  # 20 a day, not 420
    assert thresholds([*stand_out, *[40.0] * 8, *[20.0] * 400], 1).notable == 40  # 28, not 20
    assert thresholds([*stand_out[:1], *[40.0] * 30, *[20.0] * 400], 1).notable == 40  # 31, not one


def test_where_nothing_stands_out_the_fixed_thresholds_apply() -> None:
    assert thresholds([40.0] * 400, 1) == FIXED


def test_thresholds_are_made_of_the_stories_of_two_weeks_that_are_a_day_old() -> None:
    start, end = period(NOON)
    assert (NOON - start, NOON - end) == (timedelta(days=14), timedelta(days=1))
    peaks = tuple(100 - n / 10 for n in range(400))
    two_days = norms(History(peaks=peaks, since=end - timedelta(days=2)), NOON).thresholds
    assert two_days.major == pytest.approx(100, abs=1.1)
    assert two_days.notable == pytest.approx(95, abs=0.2)
    assert norms(History(), NOON).thresholds == FIXED


@given(st.lists(st.sampled_from([10.0, 40.0, 41.5, 60.0, 97.25]) | st.floats(0, 100), max_size=600), st.floats(0, 14))
def test_major_is_never_easier_to_reach_than_notable(peaks: list[float], days: float) -> None:
    found = thresholds(peaks, days)
    assert found.major >= found.notable
