"""What is told of a story after its first message: who gets a follow-up or a correction, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.model import (
    Correction,
    DigestEntry,
    DigestKind,
    DigestPlan,
    DigestSettlement,
    Due,
    Level,
    NotificationKind,
    NotificationState,
    Reason,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
FOLLOW_UP, CORRECTION = NotificationKind.FOLLOW_UP, NotificationKind.CORRECTION
SENT, HELD = NotificationState.SENT, NotificationState.HELD
MORE = Reason("adds", {"words": "12"})
AGAIN = Reason("adds", {"words": "15"})


async def tell(newsroom: Any, now: datetime = NOON) -> None:
    """Everything due is sent at that time; a message's id is 100 and the reader's chat."""
    await newsroom.expand(now)
    while claimed := await newsroom.claim(now=now):
        for due in claimed:
            sent = due.first_message_id or 100 + due.subscriber.chat_id
            await newsroom.settle(due, state=SENT, due_at=now, message_id=sent, reason=None)


async def add(newsroom: Any, story: int, at: datetime, adds: Reason | None = MORE, **more: Any) -> None:
    """An article joins the story."""
    publication = newsroom.publication(None, "main", story=story, level=Level.NOTABLE, **more)
    assert await newsroom.store.publish(replace(publication, adds=adds), at)


async def editions(newsroom: Any, at: datetime) -> tuple[Due, ...]:
    """What is due of them at that time, expanded and claimed."""
    while opened := await newsroom.store.open_editions(at, 1):
        await newsroom.store.expand_edition(opened[0], 1000, at)
    claimed: tuple[Due, ...] = await newsroom.claim(now=at)
    return claimed


@pytest.fixture
async def story(newsroom: Any) -> int:
    """Told at noon to the reader of chat 1."""
    await newsroom.reader(1)
    found: int = await newsroom.publish("first", level=Level.NOTABLE, title="Пожар в порту")
    await tell(newsroom)
    return found


async def correct(newsroom: Any, story: int, title: str, at: datetime) -> None:
    stored = next(
        each.article for each in await newsroom.store.archive(NOON - HOUR, 99) if each.article.story_id == story
    )
    await newsroom.store.correct(Correction(article=replace(stored, title=title), summary="Кратко иначе"), at)


# --- follow-ups ---


async def test_a_follow_up_goes_to_those_who_were_told_and_is_told_by_its_own_article(
    newsroom: Any, story: int
) -> None:
    await newsroom.reader(2)  # follows since after the first message
    await add(newsroom, story, NOON + MINUTE, title="Число пострадавших выросло до 12")

    (due,) = await editions(newsroom, NOON + MINUTE)

    assert (due.notification.kind, due.notification.edition) == (FOLLOW_UP, 1)
    assert due.subscriber.chat_id == 1
    assert due.first_message_id == 101
    assert due.story.title == "Число пострадавших выросло до 12"
    assert due.story.id == story
    assert due.adds == MORE
    assert not due.superseded


async def test_an_article_that_adds_nothing_is_no_follow_up(newsroom: Any, story: int) -> None:
    await add(newsroom, story, NOON + MINUTE, adds=None)
    assert await editions(newsroom, NOON + 2 * HOUR) == ()


async def test_what_nobody_was_told_needs_no_follow_up(newsroom: Any) -> None:
    untold = await newsroom.publish(level=Level.NOTABLE)
    await newsroom.expand()
    await add(newsroom, untold, NOON + MINUTE)
    assert await newsroom.store.open_editions(NOON + HOUR, 9) == ()


async def test_whoever_is_told_only_after_it_gets_no_follow_up(newsroom: Any) -> None:
    await newsroom.reader(1)
    late = await newsroom.publish(level=Level.NOTABLE)
    await newsroom.expand()
    await add(newsroom, late, NOON + MINUTE)
    await tell(newsroom, NOON + 2 * MINUTE)
    assert await editions(newsroom, NOON + 3 * MINUTE) == ()


async def test_follow_ups_keep_an_hour_between_them_and_then_tell_the_latest(newsroom: Any, story: int) -> None:
    await add(newsroom, story, NOON + MINUTE, title="Второй")
    first = await editions(newsroom, NOON + MINUTE)
    await newsroom.settle(first[0], state=SENT, due_at=NOON + MINUTE, message_id=7)
    await add(newsroom, story, NOON + 10 * MINUTE, title="Третий")
    await add(newsroom, story, NOON + 20 * MINUTE, adds=AGAIN, title="Четвёртый")

    assert await editions(newsroom, NOON + HOUR) == ()
    (due,) = await editions(newsroom, NOON + HOUR + MINUTE)

    assert (due.notification.edition, due.story.title, due.adds) == (2, "Четвёртый", AGAIN)


async def test_a_story_has_three_follow_ups_at_most(newsroom: Any, story: int) -> None:
    numbers = []
    for hours in range(1, 7):
        await add(newsroom, story, NOON + hours * HOUR)
        for due in await editions(newsroom, NOON + hours * HOUR):
            numbers.append(due.notification.edition)
            await newsroom.settle(due, state=SENT, due_at=NOON + hours * HOUR, message_id=7)
    assert numbers == [1, 2, 3]


async def test_that_a_told_story_becomes_major_is_a_follow_up_and_no_second_push(newsroom: Any, story: int) -> None:
    await newsroom.reader(3, level=Level.MAJOR)
    major = newsroom.publication(None, "main", story=story, level=Level.MAJOR)
    await newsroom.store.publish(major, NOON + HOUR)
    await tell(newsroom, NOON + HOUR + MINUTE)

    found = await editions(newsroom, NOON + HOUR + 2 * MINUTE)

    assert [(due.subscriber.chat_id, due.notification.kind) for due in found] == [(1, FOLLOW_UP)]
    assert found[0].adds == Reason("risen_major")


async def test_a_new_score_alone_may_make_it_so(newsroom: Any, story: int) -> None:
    importance = newsroom.publication(level=Level.BREAKING).importance
    await newsroom.store.rescore(story, importance, NOON + HOUR)
    await newsroom.expand(NOON + HOUR)
    (due,) = await editions(newsroom, NOON + HOUR)
    assert due.adds == Reason("risen_breaking")
    assert due.story.title == "Пожар в порту"


async def test_a_story_that_rises_within_its_first_hour_is_not_told_again_for_it(newsroom: Any, story: int) -> None:
    importance = newsroom.publication(level=Level.BREAKING).importance
    await newsroom.store.rescore(story, importance, NOON + 59 * MINUTE)
    await newsroom.expand(NOON + 59 * MINUTE)
    assert await editions(newsroom, NOON + 59 * MINUTE) == ()


async def test_what_an_article_adds_is_told_rather_than_that_the_story_rises(newsroom: Any, story: int) -> None:
    major = newsroom.publication(None, "main", story=story, level=Level.MAJOR, title="Двенадцать")
    await newsroom.store.publish(replace(major, adds=MORE), NOON + HOUR)
    await newsroom.expand(NOON + HOUR)
    (due,) = await editions(newsroom, NOON + HOUR)
    assert (due.adds, due.story.title) == (MORE, "Двенадцать")


async def test_becoming_notable_is_none(newsroom: Any) -> None:
    await newsroom.reader(1)
    routine = await newsroom.publish(level=Level.ROUTINE)
    await tell(newsroom)
    importance = newsroom.publication(level=Level.NOTABLE).importance
    await newsroom.store.rescore(routine, importance, NOON + HOUR)
    await newsroom.expand(NOON + HOUR)
    assert await editions(newsroom, NOON + HOUR) == ()


async def test_who_read_it_in_a_digest_gets_no_message_of_their_own_later(newsroom: Any) -> None:
    reader = await newsroom.reader(1)
    told = await newsroom.publish(level=Level.NOTABLE)
    await newsroom.expand()
    (due,) = await newsroom.claim()
    await newsroom.settle(due, state=HELD, reason=Reason("quiet"))
    listed = replace(due.notification, state=SENT, reason=Reason("digest"), message_id=9)
    settlement = DigestSettlement(kind=DigestKind.MORNING, subscriber_id=reader.id, next_at=None, told=(listed,))
    await _plan_morning(newsroom, reader.id)
    await newsroom.store.claim_digests("one", 1, NOON, HOUR)
    await newsroom.store.settle_digests("one", [settlement])
    assert await newsroom.told(told, reader) is SENT

    await add(newsroom, told, NOON + MINUTE)
    await correct(newsroom, told, "Иначе", NOON + MINUTE)

    assert await editions(newsroom, NOON + MINUTE) == ()


async def _plan_morning(newsroom: Any, reader_id: int) -> None:
    await newsroom.store.plan_digest(reader_id, DigestPlan(DigestKind.MORNING, time(9)), NOON)


async def test_an_edition_is_expanded_chunk_by_chunk_and_by_two_processes_once(newsroom: Any) -> None:
    for chat in range(1, 6):
        await newsroom.reader(chat)
    told = await newsroom.publish(level=Level.NOTABLE)
    await tell(newsroom)
    await add(newsroom, told, NOON + MINUTE)
    (edition,) = await newsroom.store.open_editions(NOON + MINUTE, 9)

    looked_at = [await newsroom.store.expand_edition(edition, 2, NOON + MINUTE) for _ in range(4)]

    assert looked_at == [2, 2, 1, 0]
    assert len(await newsroom.claim(now=NOON + MINUTE)) == 5


async def test_a_follow_up_that_a_later_one_has_overtaken_is_superseded(newsroom: Any, story: int) -> None:
    await add(newsroom, story, NOON + MINUTE)
    await newsroom.store.expand_edition((await newsroom.store.open_editions(NOON + MINUTE, 1))[0], 99, NOON + MINUTE)
    await add(newsroom, story, NOON + 2 * HOUR)
    later = await newsroom.store.open_editions(NOON + 2 * HOUR, 1)
    await newsroom.store.expand_edition(later[0], 99, NOON + 2 * HOUR)

    (first,) = await newsroom.claim(now=NOON + 2 * HOUR)

    assert (first.notification.edition, first.superseded) == (1, True)


async def test_a_held_follow_up_is_a_line_of_the_digest_told_by_its_article(newsroom: Any, story: int) -> None:
    await add(newsroom, story, NOON + MINUTE, title="Число пострадавших выросло")
    (due,) = await editions(newsroom, NOON + MINUTE)
    await newsroom.settle(due, state=HELD, reason=Reason("quiet"))
    await _plan_morning(newsroom, due.subscriber.id)

    (digest,) = await newsroom.store.claim_digests("one", 1, NOON + HOUR, HOUR)

    (entry,) = digest.entries
    assert isinstance(entry, DigestEntry)
    assert (entry.story.title, entry.superseded) == ("Число пострадавших выросло", False)


async def test_what_was_told_of_a_story_is_read_back_with_headlines(newsroom: Any, story: int) -> None:
    await add(newsroom, story, NOON + MINUTE, title="Второй", lead="Вступление", text="Текст")
    assert await newsroom.store.texts(story) == ("Второй\nВступление\nТекст", "Пожар в порту\n\n")


# --- corrections ---


async def test_a_changed_headline_is_a_correction_for_those_who_were_told(newsroom: Any, story: int) -> None:
    await correct(newsroom, story, "Пожар в речном порту", NOON + MINUTE)

    (due,) = await editions(newsroom, NOON + MINUTE)

    assert (due.notification.kind, due.first_message_id) == (CORRECTION, 101)
    assert (due.story.title, due.story.summary) == ("Пожар в речном порту", "Кратко иначе")
    assert due.story.corrected_at == NOON + MINUTE


async def test_a_correction_reaches_those_whom_the_message_is_on_its_way_to(newsroom: Any) -> None:
    await newsroom.reader(1)
    told = await newsroom.publish(level=Level.NOTABLE)
    await newsroom.expand()
    (on_its_way,) = await newsroom.claim()
    await correct(newsroom, told, "Иначе", NOON + SECOND)

    assert await editions(newsroom, NOON + SECOND) == ()  # while it is under way
    await newsroom.settle(on_its_way, state=SENT, due_at=NOON + 2 * SECOND, message_id=5)
    (due,) = await newsroom.claim(now=NOON + 3 * SECOND)

    assert (due.notification.kind, due.first_message_id) == (CORRECTION, 5)


async def test_the_same_headline_again_is_no_correction(newsroom: Any, story: int) -> None:
    await correct(newsroom, story, "Пожар в порту", NOON + MINUTE)
    assert await editions(newsroom, NOON + MINUTE) == ()


async def test_corrections_that_come_before_the_first_has_begun_are_one(newsroom: Any, story: int) -> None:
    await correct(newsroom, story, "Пожар", NOON + MINUTE)
    await correct(newsroom, story, "Большой пожар", NOON + 2 * MINUTE)
    (due,) = await editions(newsroom, NOON + 3 * MINUTE)
    assert (due.notification.edition, due.story.title) == (1, "Большой пожар")


async def test_a_newsroom_that_tries_out_headlines_is_followed_five_times(newsroom: Any, story: int) -> None:
    made = 0
    for minutes in range(1, 9):
        await correct(newsroom, story, f"Пожар {minutes}", NOON + minutes * MINUTE)
        for due in await editions(newsroom, NOON + minutes * MINUTE):
            made += 1
            await newsroom.settle(due, state=SENT, due_at=NOON + minutes * MINUTE, message_id=101)
    assert made == 5


async def test_corrections_go_behind_every_push(newsroom: Any, story: int) -> None:
    await correct(newsroom, story, "Иначе", NOON + MINUTE)
    opened = await newsroom.store.open_editions(NOON + MINUTE, 1)
    await newsroom.store.expand_edition(opened[0], 99, NOON + MINUTE)
    await newsroom.publish(level=Level.ROUTINE, now=NOON + 2 * MINUTE)
    await newsroom.expand(NOON + 2 * MINUTE)

    (first,) = await newsroom.claim(now=NOON + 2 * MINUTE)

    assert first.notification.kind is NotificationKind.PUSH
    assert await newsroom.store.next_due_at() is not None


async def test_a_correction_is_no_push_of_the_day(newsroom: Any, story: int) -> None:
    reader = await newsroom.store.subscriber(1)
    await newsroom.store.set_preferences(replace(reader, daily_cap=5))
    await correct(newsroom, story, "Иначе", NOON + MINUTE)
    (due,) = await editions(newsroom, NOON + MINUTE)
    await newsroom.settle(due, state=SENT, due_at=NOON + MINUTE, message_id=101)
    await newsroom.publish(level=Level.NOTABLE, now=NOON + 2 * MINUTE)
    await newsroom.expand(NOON + 2 * MINUTE)
    (push,) = await newsroom.claim(now=NOON + 2 * MINUTE)
    assert push.sent_today == 1


async def test_what_its_source_lists_is_read_with_the_title_it_was_listed_under(newsroom: Any) -> None:
    await newsroom.publish("a", title="Заголовок страницы", listed_title="Заголовок ленты")
    await newsroom.publish("old", seen_at=NOON - 72 * HOUR)

    found = await newsroom.store.listed(newsroom.source.id, ["a", "old", "unknown"], NOON - 48 * HOUR)
    await newsroom.store.note_listed(found["a"].article_id, "Иначе")
    again = await newsroom.store.listed(newsroom.source.id, ["a"], NOON - 48 * HOUR)

    assert list(found) == ["a"]
    assert (found["a"].title, found["a"].listed_title) == ("Заголовок страницы", "Заголовок ленты")
    assert again["a"].listed_title == "Иначе"


async def test_what_a_page_shows_is_remembered_beside_what_the_list_shows(newsroom: Any) -> None:
    published = newsroom.publication("a", "main", page_title="Так на странице", listed_title="Так в ленте")
    stored = await newsroom.store.publish(replace(published, read_again_at=NOON), NOON)

    async def shown() -> str:
        (reading,) = await newsroom.store.due_readings(newsroom.source.id, NOON, 5)
        return str(reading.article.page_title)

    assert await shown() == "Так на странице"
    await newsroom.store.note_page_title(stored.id, "Иначе")
    assert await shown() == "Иначе"
    await newsroom.store.correct(Correction(article=replace(stored, page_title="И ещё иначе"), summary=""), NOON)
    assert await shown() == "И ещё иначе"


# --- withdrawals ---


async def article_id(newsroom: Any, key: str) -> int:
    (found,) = (await newsroom.store.listed(newsroom.source.id, [key], NOON - HOUR)).values()
    return int(found.article_id)


async def missing(newsroom: Any, article: int, at: datetime, gone: bool = True) -> bool:
    return bool(await newsroom.store.note_page(article, missing=gone, now=at, patience=10 * MINUTE))


async def test_a_page_gone_twice_withdraws_the_story(newsroom: Any, story: int) -> None:
    article = await article_id(newsroom, "first")

    assert not await missing(newsroom, article, NOON + MINUTE)
    assert not await missing(newsroom, article, NOON + 2 * MINUTE)  # too soon to be sure
    assert await missing(newsroom, article, NOON + 11 * MINUTE)
    (due,) = await editions(newsroom, NOON + 11 * MINUTE)

    assert due.notification.kind is CORRECTION
    assert due.story.withdrawn_at == NOON + 11 * MINUTE
    assert not await missing(newsroom, article, NOON + HOUR)


async def test_neighbours_are_the_sources_latest_articles_before_the_page_was_missed(newsroom: Any) -> None:
    for minutes, key in enumerate(("first", "gone", "second", "missing"), start=-9):
        await newsroom.publish(key, seen_at=NOON + minutes * MINUTE)
    await newsroom.publish("elsewhere", source_id=(await newsroom.second_source()).id)
    ids = {key: await article_id(newsroom, key) for key in ("first", "gone", "missing")}
    assert await newsroom.store.neighbours(ids["first"], 3) == ()

    await missing(newsroom, ids["gone"], NOON - 20 * MINUTE)
    for article in ids.values():
        await missing(newsroom, article, NOON)
    await newsroom.publish("later", seen_at=NOON + MINUTE)

    pages = await newsroom.store.neighbours(ids["first"], 3)
    assert [page.rpartition("/")[2] for page in pages] == ["missing", "second"]
    assert len(await newsroom.store.neighbours(ids["first"], 1)) == 1


async def test_a_page_that_comes_back_is_not_withdrawn(newsroom: Any, story: int) -> None:
    article = await article_id(newsroom, "first")
    await missing(newsroom, article, NOON + MINUTE)
    await missing(newsroom, article, NOON + 5 * MINUTE, gone=False)
    assert not await missing(newsroom, article, NOON + 30 * MINUTE)
    assert await editions(newsroom, NOON + 30 * MINUTE) == ()


async def test_a_story_that_others_carry_is_told_by_the_next(newsroom: Any, story: int) -> None:
    await add(newsroom, story, NOON + MINUTE, adds=None, title="Порт горит")
    article = await article_id(newsroom, "first")
    await missing(newsroom, article, NOON + MINUTE)
    await missing(newsroom, article, NOON + 20 * MINUTE)

    (due,) = await editions(newsroom, NOON + 20 * MINUTE)

    assert (due.story.title, due.story.withdrawn_at) == ("Порт горит", None)
    assert due.story.corrected_at == NOON + 20 * MINUTE


async def test_the_publisher_withdraws_a_story_whoever_carries_it(newsroom: Any, story: int) -> None:
    await add(newsroom, story, NOON + MINUTE, adds=None)

    assert await newsroom.store.withdraw(story, NOON + HOUR)
    assert not await newsroom.store.withdraw(story, NOON + HOUR)
    (due,) = await editions(newsroom, NOON + HOUR)

    assert due.story.withdrawn_at == NOON + HOUR
    assert await newsroom.store.latest([newsroom.topics["main"]], 9) == ()
