"""A story's score: from routine to breaking by what is known of it, and never down for what isn't."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importance import Norms, Thresholds, level_of, score
from bot.model import Coverage, Level, Reason

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
HOUR = timedelta(hours=1)
URGENT = "Срочно: новость"
TRUD = Coverage(title="Новость", owner="trud", country="RU", published_at=NOON)
SPARING = Norms(sparing=frozenset({"trud"}))
"""An installation where «Труд» is known to mark little as urgent."""


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
    assert score([article], LATER, SPARING).level is level


def test_a_lone_urgent_mark_does_not_make_a_story_breaking() -> None:
    assert score([replace(TRUD, title=URGENT, position=0)], LATER, SPARING).level is Level.MAJOR


def test_a_lone_urgent_mark_of_a_source_that_marks_much_or_is_not_known_says_nothing() -> None:
    assert score([replace(TRUD, title=URGENT)], LATER) == score([TRUD], LATER)


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
    because = score([article], LATER, SPARING).because
    assert [reason.kind for reason in because] == ["front_page", "urgent", "views_per_hour"]
    assert because[0] == Reason("front_page", {"place": 1})


def test_a_place_on_the_front_page_is_worth_more_the_longer_it_is_held() -> None:
    def held(hours: float) -> Coverage:
        return replace(TRUD, position=5, front_since=LATER - timedelta(hours=hours))

    scores = [score([held(hours)], LATER).score for hours in (0, 1, 3, 6)]
    assert scores == sorted(set(scores))
    assert score([held(60)], LATER).score == score([held(6)], LATER).score
    assert score([held(0.9)], LATER).because == (Reason("front_page", {"place": 6}),)
    assert score([held(3)], LATER).because == (Reason("front_page_stay", {"place": 6, "minutes": 180}),)


# --- authority and countries ---


def known(**authorities: float) -> Norms:
    return Norms(authorities=authorities)


def test_of_two_lone_stories_that_of_the_owner_others_follow_is_more_important() -> None:
    listened_to, average, ignored = (score([TRUD], LATER, known(trud=weight)) for weight in (4.0, 1.0, 0.0))
    assert listened_to.score > average.score > ignored.score
    assert average == score([TRUD], LATER)
    assert ignored.level is Level.NOTABLE  # by itself that's no reason to keep news back
    assert Reason("authority") in listened_to.because
    assert Reason("authority") not in average.because + ignored.because


def test_one_owner_more_outweighs_any_authority() -> None:
    slow = timedelta(hours=3)
    nobodies = score(carried_by(3, every=slow), LATER, known(**{f"owner-{n}": 0.0 for n in range(3)}))
    greats = score(carried_by(2, every=slow), LATER, known(**{f"owner-{n}": 50.0 for n in range(2)}))
    assert nobodies.score > greats.score


def test_voices_of_several_countries_are_told() -> None:
    abroad = [
        replace(article, country=country) for article, country in zip(carried_by(2, every=HOUR), "AB", strict=True)
    ]
    assert Reason("countries", {"count": 2}) in score(abroad, LATER).because
    unknown = [replace(article, country="") for article in abroad]
    assert all(reason.kind != "countries" for reason in score([abroad[0], *unknown[1:]], LATER).because)


def test_stories_of_one_moment_are_not_said_to_have_spread_within_minutes() -> None:
    assert score(carried_by(3, every=timedelta()), LATER).because == (Reason("owners_at_once", {"count": 3}),)


# --- levels ---


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (44.9, Level.ROUTINE),
        (45.0, Level.NOTABLE),
        (69.9, Level.NOTABLE),
        (70.0, Level.MAJOR),
        (79.9, Level.MAJOR),
        (80.0, Level.BREAKING),
    ],
)
def test_a_level_begins_at_its_threshold(points: float, level: Level) -> None:
    assert level_of(points, Thresholds(major=70.0, notable=45.0)) is level


def test_breaking_is_never_a_matter_of_rank_alone() -> None:
    quiet_week = Thresholds(major=45.0, notable=41.0)
    assert level_of(79.9, quiet_week) is Level.MAJOR
    wild_week = Thresholds(major=92.0, notable=85.0)
    assert level_of(91.9, wild_week) is Level.NOTABLE
    assert level_of(92.0, wild_week) is Level.BREAKING


def test_what_was_borne_out_as_urgent_is_breaking_in_any_week() -> None:
    mark = replace(TRUD, title=URGENT)
    echo = replace(TRUD, owner="other", published_at=NOON + timedelta(minutes=5))
    importance = score([mark, echo], LATER, Norms(thresholds=Thresholds(major=92.0, notable=85.0)))
    assert importance.level is Level.BREAKING
    assert importance.score >= 92.0


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
    front_since=st.none() | moments,
)
stories = st.lists(articles, min_size=1, max_size=8)
some_norms = st.builds(
    Norms,
    thresholds=st.floats(0, 100).flatmap(
        lambda notable: st.builds(Thresholds, notable=st.just(notable), major=st.floats(notable, 100))
    ),
    authorities=st.dictionaries(st.sampled_from([*"abcdefgh", "newcomer"]), st.floats(0, 1000), max_size=9),
    sparing=st.frozensets(st.sampled_from("abcdefgh")),
)


@given(stories, moments, some_norms)
def test_a_score_lies_between_0_and_100_and_has_reasons(
    coverage: Sequence[Coverage], now: datetime, norms: Norms
) -> None:
    importance = score(coverage, now, norms)
    assert 0 <= importance.score <= 100
    assert importance.because


@given(stories, articles, moments, some_norms)
def test_one_more_owner_never_lowers_the_score(
    coverage: Sequence[Coverage], new: Coverage, now: datetime, norms: Norms
) -> None:
    before, after = (score(told, now, norms) for told in (coverage, [*coverage, replace(new, owner="newcomer")]))
    assert after.score >= before.score
    assert after.level >= before.level


@given(stories, moments, some_norms, st.randoms(use_true_random=False))
def test_the_order_of_coverage_does_not_matter(coverage: list[Coverage], now: datetime, norms: Norms, random) -> None:
    shuffled = random.sample(coverage, len(coverage))
    assert score(shuffled, now, norms) == score(coverage, now, norms)


@given(articles, moments, some_norms)
def test_what_is_not_known_drags_no_story_down(article: Coverage, now: datetime, norms: Norms) -> None:
    """A story of which nothing can be measured scores as much as the neutral one, whatever else is known of others."""
    unknown = replace(article, views=None, position=None, front_since=None, owner="stranger", title="Новость")
    assert score([unknown], now, norms).score == score([TRUD], now).score
