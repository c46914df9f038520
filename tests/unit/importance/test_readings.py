"""When a view counter is read again."""

from datetime import UTC, datetime, timedelta

from bot.importance import next_reading, noted
from bot.model import Article, Signal, SignalKind

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_recent_article_is_read_again_half_an_hour_and_two_hours_after_the_first_time() -> None:
    published = NOON - 10 * MINUTE
    assert next_reading(published, NOON, NOON) == NOON + 30 * MINUTE
    assert next_reading(published, NOON, NOON + 31 * MINUTE) == NOON + 120 * MINUTE
    assert next_reading(published, NOON, NOON + 121 * MINUTE) is None


def test_what_was_not_done_in_time_is_left_out() -> None:
    assert next_reading(NOON, NOON, NOON + 100 * MINUTE) == NOON + 120 * MINUTE
    assert next_reading(NOON, NOON, NOON + 500 * MINUTE) is None


def test_an_article_that_was_old_when_first_seen_is_read_once() -> None:
    assert next_reading(NOON - timedelta(hours=6), NOON, NOON) is not None
    assert next_reading(NOON - timedelta(hours=6, minutes=1), NOON, NOON) is None


def test_what_an_article_says_at_first_sight_is_noted_with_its_time() -> None:
    article = Article(source_id=1, key="1", url="u", title="Новость", published_at=NOON, seen_at=NOON + MINUTE)
    at = NOON + MINUTE
    assert noted(article, 3) == (Signal(kind=SignalKind.FEED, at=at, value=3),)
    urgent = Article(source_id=1, key="1", url="u", title="Срочно: новость", published_at=NOON, seen_at=at, views=17)
    assert set(noted(urgent, 0)) == {
        Signal(kind=SignalKind.FEED, at=at, value=0),
        Signal(kind=SignalKind.VIEWS, at=at, value=17),
        Signal(kind=SignalKind.URGENT, at=at),
    }
