"""Following by name or in one's own words, and ending it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from bot.errors import QueryError
from bot.model import NEW, Level, NotificationState, Subscriber, Topic
from bot.subscribers import UseCases, following, reading
from bot.subscribers.following import OWN_TOPICS, Followed
from bot.subscribers.survey import ENOUGH
from tests.fakes.memory_store import MemoryStore
from tests.unit.subscribers.conftest import Tell

Follow = Callable[[str], Awaitable[Followed]]


@pytest.fixture
def follow(use_cases: UseCases, anna: Subscriber, now: datetime) -> Follow:
    async def follow(text: str) -> Followed:
        return await following.follow_words(use_cases, anna, text, now)

    return follow


@pytest.mark.parametrize("name", ["Сирия", "сирии", "#сирия", "Syria", "  СИРИЯ "])
async def test_a_built_in_topic_goes_by_any_of_its_names(follow: Follow, name: str) -> None:
    assert (await follow(name)).subscription.topic.slug == "syria"


async def test_other_words_make_a_topic_of_ones_own(follow: Follow, store: MemoryStore) -> None:
    followed = await follow("Женева  переговоры")
    assert followed.subscription.topic.query == "женева переговоры"
    assert store.topics[followed.subscription.topic.id] == followed.subscription.topic


async def test_the_latest_matching_story_of_the_archive_is_found_at_once(follow: Follow, tell: Tell) -> None:
    tell("Переговоры прошли в Женеве", hours=30)
    newest = tell("В Женеве продолжаются переговоры", hours=2)
    tell("Футбол: ничья", hours=1)
    assert (await follow("женева переговоры")).latest == newest


async def test_the_evidence_is_kept_for_why(follow: Follow, use_cases: UseCases, anna: Subscriber, tell: Tell) -> None:
    story = tell("Переговоры прошли в Женеве")
    await follow("женева переговоры")
    explanation = await reading.explain(use_cases, anna, story.id)
    assert explanation is not None
    assert explanation.topic is not None
    assert explanation.topic.query == "женева переговоры"
    assert [reason.kind for reason in explanation.evidence] == ["topic_words"]


async def test_a_query_may_name_the_source(follow: Follow, tell: Tell) -> None:
    story = tell("Переговоры прошли в Женеве")
    assert (await follow("source:труд женева")).latest == story


async def test_articles_older_than_a_week_are_not_tried(follow: Follow, tell: Tell) -> None:
    tell("Переговоры прошли в Женеве", hours=24 * 7 + 1)
    assert (await follow("женева переговоры")).latest is None


async def test_nothing_found_is_no_failure(follow: Follow) -> None:
    followed = await follow("женева переговоры")
    assert followed.new
    assert followed.latest is None
    assert followed.subscription.level is Level.ROUTINE


async def test_following_twice_changes_nothing(
    follow: Follow, store: MemoryStore, anna: Subscriber, tell: Tell
) -> None:
    tell("Переговоры прошли в Женеве", "syria")
    for text in ("женева переговоры", "сирия"):
        first = await follow(text)
        await store.set_level(anna.id, first.subscription.topic.id, Level.BREAKING)
        again = await follow(text)
        assert not again.new
        assert again.latest is None
        assert again.subscription.level is Level.BREAKING
    assert len(store.followed) == 2


async def test_a_stranger_who_follows_is_remembered(use_cases: UseCases, store: MemoryStore, now: datetime) -> None:
    followed = await following.follow_words(use_cases, Subscriber(chat_id=55), "сирия", now)
    assert followed.subscriber.id != NEW
    assert store.subscribers[followed.subscriber.id].chat_id == 55


async def test_a_refused_query_leaves_nothing_behind(
    follow: Follow, use_cases: UseCases, store: MemoryStore, now: datetime
) -> None:
    topics = dict(store.topics)
    for query in ("", "   ", "(", "-футбол", "x" * 5000):
        with pytest.raises(QueryError):
            await following.follow_words(use_cases, Subscriber(chat_id=55), query, now)
    assert store.topics == topics
    assert await store.subscriber(55) is None


async def test_a_query_that_matches_nearly_everything_is_refused_with_its_share(
    follow: Follow, store: MemoryStore, tell: Tell
) -> None:
    for number in range(ENOUGH):
        tell(f"Россия: новость номер {number}" if number % 2 else f"Новость номер {number}")
    with pytest.raises(QueryError) as refused:
        await follow("россия")
    assert (refused.value.kind, refused.value.values) == ("too_broad", {"share": 50})
    assert not store.followed


async def test_a_small_archive_proves_nothing(follow: Follow, tell: Tell) -> None:
    tell("Россия: новость")
    assert (await follow("россия")).new


async def test_own_topics_are_limited_and_built_in_ones_are_not(follow: Follow) -> None:
    for number in range(OWN_TOPICS):
        await follow(f"женева{number}")
    with pytest.raises(QueryError) as refused:
        await follow("париж")
    assert (refused.value.kind, refused.value.values) == ("too_many", {"limit": OWN_TOPICS})
    assert not (await follow("женева3")).new
    assert (await follow("сирия")).new


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        ({}, Level.ROUTINE),
        ({Level.ROUTINE: 500}, Level.ROUTINE),
        ({Level.NOTABLE: 6}, Level.ROUTINE),
        ({Level.NOTABLE: 7}, Level.NOTABLE),
        ({Level.NOTABLE: 100, Level.MAJOR: 5, Level.BREAKING: 2}, Level.MAJOR),
        ({Level.BREAKING: 7}, Level.BREAKING),
    ],
)
def test_a_topic_starts_at_the_highest_level_with_a_story_a_day(counts: dict[Level, int], level: Level) -> None:
    assert following.starting_level(counts) is level


async def test_top_news_start_at_major_whatever_happened(follow: Follow, tell: Tell) -> None:
    for number in range(30):
        tell(f"Новость {number}", level=Level.BREAKING)
    assert (await follow("главное")).subscription.level is Level.MAJOR


async def test_the_story_shown_is_of_the_level_if_there_is_one(follow: Follow, tell: Tell) -> None:
    important = tell("Важное", level=Level.MAJOR, hours=5)
    tell("Мелочь", level=Level.ROUTINE, hours=1)
    assert (await follow("главное")).latest == important


async def test_else_the_latest_of_any_level(follow: Follow, tell: Tell) -> None:
    small = tell("Мелочь", level=Level.ROUTINE, hours=1)
    assert (await follow("главное")).latest == small


async def test_a_button_follows_built_in_topics_only(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime
) -> None:
    private = await store.topic(Topic(query="тайна другого читателя"))
    assert await following.follow_button(use_cases, anna, private.id, now) is None
    assert await following.follow_button(use_cases, anna, 10**9, now) is None
    assert await following.follow_button(use_cases, anna, store.topic_ids["syria"], now)
    assert len(store.followed) == 1


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("сирию", "syria"),
        ("Женева переговоры", "женева переговоры"),
        ("женева", "женева переговоры"),
        ("женевские переговоры", None),
        ("париж", None),
        ("((", None),
        ("", None),
    ],
)
async def test_unfollowing_by_name_by_query_or_by_some_of_its_words(
    follow: Follow, store: MemoryStore, anna: Subscriber, text: str, ended: str | None
) -> None:
    for topic in ("сирия", "женева переговоры", "москва переговоры"):
        await follow(topic)
    unfollowed = await following.unfollow_words(store, anna, text)
    if ended is None:
        assert unfollowed.ended is None
        assert len(store.followed) == 3
    else:
        assert unfollowed.ended is not None
        assert ended in {unfollowed.ended.topic.slug, unfollowed.ended.topic.query}
        assert len(store.followed) == 2


async def test_words_that_could_mean_several_topics_end_none(
    follow: Follow, store: MemoryStore, anna: Subscriber
) -> None:
    for topic in ("женева переговоры", "москва переговоры"):
        await follow(topic)
    unfollowed = await following.unfollow_words(store, anna, "переговоров")
    assert unfollowed.ended is None
    assert [one.topic.query for one in unfollowed.candidates] == ["женева переговоры", "москва переговоры"]


async def test_unfollowing_twice_is_harmless(follow: Follow, store: MemoryStore, anna: Subscriber) -> None:
    topic_id = (await follow("сирия")).subscription.topic.id
    assert (await following.unfollow_button(store, anna, topic_id)).ended
    assert (await following.unfollow_button(store, anna, topic_id)).ended is None


async def test_what_was_shown_is_remembered(
    follow: Follow, use_cases: UseCases, store: MemoryStore, anna: Subscriber, tell: Tell, now: datetime
) -> None:
    story = tell("Сирия", "syria")
    followed = await follow("сирия")
    await reading.shown(use_cases, anna, reading.Told(story, followed.subscription.topic), now)
    assert store.notifications[anna.id, story.id].state is NotificationState.SHOWN
