"""A story's score: from routine to breaking by what is known of it, and never down for what isn't."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importance import score
from bot.model import Coverage, Level, Reason

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
URGENT = "Срочно: новость"
TRUD = Coverage(title="Новость", owner="trud", country="RU", published_at=NOON)


def carried_by(count: int, *, every: timedelta, country: str = "RU") -> list[Coverage]:
    """One article of each of `count` owners, one after another."""
    return [replace(TRUD, owner=f"owner-{n}", country=country, published_at=NOON + n * every) for n in range(count)]


def test_a_story_nothing_is_known_of_is_notable() -> None:
    importance = score([TRUD], LATER)
    assert importance.level is Level.NOTABLE
    assert importance.because == (Reason("no_signals"),)


@pytest.mark.parametrize(
    ("article", "level"),
    [
        (replace(TRUD, position=25), Level.ROUTINE),
        (replace(TRUD, views=20, seen_at=LATER), Level.ROUTINE),
        (replace(TRUD, position=4), Level.NOTABLE),
        (replace(TRUD, views=200, seen_at=LATER), Level.NOTABLE),
        (replace(TRUD, position=0), Level.MAJOR),
        (replace(TRUD, views=3000, seen_at=LATER), Level.MAJOR),
        (replace(TRUD, title=URGENT), Level.MAJOR),
        (replace(TRUD, position=0, views=3000, seen_at=LATER), Level.BREAKING),
    ],
)
def test_one_source_alone_reaches_every_level(article: Coverage, level: Level) -> None:
    assert score([article], LATER).level is level


def test_a_lone_urgent_mark_does_not_make_a_story_breaking() -> None:
    assert score([replace(TRUD, title=URGENT, position=0)], LATER).level is Level.MAJOR


def test_an_urgent_mark_borne_out_within_15_minutes_does() -> None:
    mark = replace(TRUD, title=URGENT)
    echo = Coverage(title="Новость", owner="other", country="RU", published_at=NOON + timedelta(minutes=15))
    importance = score([mark, echo], LATER)
    assert importance.level is Level.BREAKING
    assert importance.because[0] == Reason("urgent")
    late = replace(echo, published_at=NOON + timedelta(minutes=16))
    assert score([mark, late], LATER).level < Level.BREAKING
    same_owner = replace(echo, owner="trud")
    assert score([mark, same_owner], LATER).level < Level.BREAKING


def test_many_owners_within_the_hour_make_a_story_major_and_say_so() -> None:
    importance = score(carried_by(7, every=timedelta(minutes=7)), LATER)
    assert importance.level is Level.MAJOR
    assert importance.because == (Reason("owners", {"count": 7, "minutes": 42}),)


def test_a_story_carried_everywhere_at_once_is_breaking() -> None:
    assert score(carried_by(20, every=timedelta(minutes=2)), LATER).level is Level.BREAKING


def test_owners_count_once_however_many_sources_and_countries_they_have() -> None:
    twice = [TRUD, replace(TRUD, country="BY", published_at=NOON + timedelta(minutes=5))]
    assert all(reason.kind != "owners" for reason in score(twice, LATER).because)


def test_an_echo_within_one_country_counts_less_than_voices_of_several() -> None:
    at_home = carried_by(4, every=timedelta(minutes=5))
    abroad = [replace(article, country=country) for article, country in zip(at_home, "ABCD", strict=True)]
    assert score(abroad, LATER).score > score(at_home, LATER).score
    gains = [
        score(carried_by(n + 1, every=timedelta(hours=3)), LATER).score
        - score(carried_by(n, every=timedelta(hours=3)), LATER).score
        for n in range(2, 8)
    ]
    assert gains == sorted(gains, reverse=True)


def test_spreading_fast_counts_more_than_spreading_slowly() -> None:
    fast, slow = (carried_by(4, every=timedelta(minutes=minutes)) for minutes in (5, 90))
    assert score(fast, LATER).score > score(slow, LATER).score


@pytest.mark.parametrize("then", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_news_from_an_end_of_the_calendar_is_scored_too(then: datetime) -> None:
    assert score([replace(TRUD, published_at=then, owner=owner) for owner in "ab"], then).score > 0


def test_follow_ups_of_the_same_owner_raise_the_score() -> None:
    later = [replace(TRUD, published_at=NOON + timedelta(hours=hours)) for hours in (1, 2)]
    importance = score([TRUD, *later], LATER)
    assert importance.score > score([TRUD], LATER).score
    assert importance.because == (Reason("follow_ups", {"count": 2}),)


def test_a_view_counter_read_too_early_does_not_make_a_story_routine() -> None:
    fresh = replace(TRUD, views=3, seen_at=NOON + timedelta(minutes=2))
    assert score([fresh], LATER).because == (Reason("no_signals"),)
    hit = replace(fresh, views=2000)
    assert score([hit], LATER).because == (Reason("views_per_hour", {"count": 4000}),)


def test_views_are_normalised_by_age_up_to_a_day() -> None:
    def seen(hours: int) -> Coverage:
        return replace(TRUD, views=1200, seen_at=NOON + timedelta(hours=hours))

    assert score([seen(1)], LATER).score > score([seen(6)], LATER).score > score([seen(24)], LATER).score
    assert score([seen(24)], LATER).score == score([seen(240)], LATER).score


def test_reasons_stand_weightiest_first_and_count_places_from_one() -> None:
    article = replace(TRUD, position=0, views=200, seen_at=LATER, title=URGENT)
    kinds = [reason.kind for reason in score([article], LATER).because]
    assert kinds == ["front_page", "urgent", "views_per_hour"]
    assert Reason("front_page", {"place": 1}) in score([article], LATER).because


moments = st.integers(-5_000, 5_000).map(lambda minutes: NOON + timedelta(minutes=minutes))
articles = st.builds(
    Coverage,
    owner=st.sampled_from("abcdefgh"),
    country=st.sampled_from(["RU", "US", "DE"]),
    published_at=moments,
    title=st.sampled_from(["Новость", "Срочно: новость"]),
    views=st.none() | st.integers(-5, 10**9),
    seen_at=st.none() | moments,
    position=st.none() | st.integers(-2, 200),
)
stories = st.lists(articles, min_size=1, max_size=8)


@given(stories, moments)
def test_a_score_lies_between_0_and_100_and_has_reasons(coverage: Sequence[Coverage], now: datetime) -> None:
    importance = score(coverage, now)
    assert 0 <= importance.score <= 100
    assert importance.because


@given(stories, articles, moments)
def test_one_more_owner_never_lowers_the_score(coverage: Sequence[Coverage], new: Coverage, now: datetime) -> None:
    before, after = score(coverage, now), score([*coverage, replace(new, owner="newcomer")], now)
    assert after.score >= before.score
    assert after.level >= before.level


@given(stories, moments, st.randoms(use_true_random=False))
def test_the_order_of_coverage_does_not_matter(coverage: list[Coverage], now: datetime, random) -> None:
    shuffled = random.sample(coverage, len(coverage))
    assert score(shuffled, now) == score(coverage, now)
