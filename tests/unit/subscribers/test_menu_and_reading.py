"""The menu, the cards and the latest stories."""

from __future__ import annotations

from datetime import datetime

from bot.model import Level, Subscriber
from bot.subscribers import UseCases, following, menu, reading
from bot.topics import BUILT_IN
from tests.fakes.memory_store import MemoryStore
from tests.unit.subscribers.conftest import Tell

STRANGER = Subscriber(chat_id=404)


async def test_the_menu_has_every_built_in_topic_and_then_ones_own(
    use_cases: UseCases, anna: Subscriber, now: datetime
) -> None:
    for text in ("женева переговоры", "сирия"):
        await following.follow_words(use_cases, anna, text, now)
    rows = await menu.rows(use_cases, anna)
    assert [row.topic.slug or row.topic.query for row in rows] == [*BUILT_IN, "женева переговоры"]
    assert [row.followed for row in rows] == [*(slug == "syria" for slug in BUILT_IN), True]


async def test_a_stranger_sees_the_menu_with_nothing_on(use_cases: UseCases, store: MemoryStore) -> None:
    assert not any(row.followed for row in await menu.rows(use_cases, STRANGER))
    assert not store.subscribers


async def test_a_card_says_what_each_level_would_have_brought_in_a_week(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime, tell: Tell
) -> None:
    for level, number in ((Level.ROUTINE, 4), (Level.NOTABLE, 3), (Level.BREAKING, 1)):
        for _ in range(number):
            tell("Сирия", "syria", level=level)
    tell("Давно", "syria", level=Level.BREAKING, hours=24 * 8)
    await following.follow_words(use_cases, anna, "сирия", now)
    card = await menu.card(use_cases, anna, store.topic_ids["syria"], now)
    assert card is not None
    assert card.weekly == {Level.ROUTINE: 8, Level.NOTABLE: 4, Level.MAJOR: 1, Level.BREAKING: 1}


async def test_level_and_sound_are_set_as_wanted_however_often(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime
) -> None:
    topic = (await following.follow_words(use_cases, anna, "сирия", now)).subscription.topic.id
    for _ in range(2):
        louder = await menu.set_level(use_cases, anna, topic, Level.BREAKING, now)
        silent = await menu.set_sound(use_cases, anna, topic, False, now)
    assert louder is not None
    assert louder.subscription.level is Level.BREAKING
    assert silent is not None
    assert not silent.subscription.sound


async def test_what_is_not_followed_has_no_card_and_takes_no_setting(
    use_cases: UseCases, store: MemoryStore, anna: Subscriber, now: datetime
) -> None:
    topic = store.topic_ids["syria"]
    assert await menu.card(use_cases, anna, topic, now) is None
    assert await menu.set_level(use_cases, anna, topic, Level.MAJOR, now) is None
    assert await menu.set_sound(use_cases, anna, topic, False, now) is None
    assert not store.followed


async def test_the_latest_are_newest_first_each_once_and_as_important_as_asked(
    use_cases: UseCases, anna: Subscriber, now: datetime, tell: Tell
) -> None:
    both = tell("Дипломаты о Сирии", "syria", "diplomacy", level=Level.MAJOR, hours=3)
    small = tell("Сирия, мелочь", "syria", level=Level.ROUTINE, hours=1)
    tell("Не о том, мелочь", level=Level.ROUTINE, hours=1)
    for text in ("сирия", "дипломатия", "главное"):
        await following.follow_words(use_cases, anna, text, now)
    told = await reading.latest(use_cases, anna, 5)
    assert [one.story for one in told] == [small, both]
    assert told[1].topic.slug == "syria", "a topic of their choice says more than «Главное»"


async def test_less_important_stories_stand_in_where_there_are_no_others(
    use_cases: UseCases, anna: Subscriber, now: datetime, tell: Tell
) -> None:
    await following.follow_words(use_cases, anna, "главное", now)
    small = tell("Мелочь", level=Level.ROUTINE)
    assert [one.story for one in await reading.latest(use_cases, anna, 5)] == [small]


async def test_who_follows_nothing_reads_the_top_news(use_cases: UseCases, now: datetime, tell: Tell) -> None:
    important = tell("Важное", level=Level.MAJOR)
    told = await reading.latest(use_cases, STRANGER, 5)
    assert [one.story for one in told] == [important]
    await reading.shown(use_cases, STRANGER, told[0], now)


async def test_no_more_than_asked_for(use_cases: UseCases, anna: Subscriber, tell: Tell) -> None:
    for number in range(9):
        tell(f"Важное {number}", level=Level.MAJOR, hours=number)
    told = await reading.latest(use_cases, anna, 5)
    assert [one.story.title for one in told] == [f"Важное {number}" for number in range(5)]
