"""A story that has become part of another: what was begun in its name is ended, what its readers hold stays true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.model import Correction, Due, Evidence, Level, NotificationKind, NotificationState, Reason
from tests.contracts.conftest import LEASE, NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PUSH, FOLLOW_UP, CORRECTION = NotificationKind.PUSH, NotificationKind.FOLLOW_UP, NotificationKind.CORRECTION
SENT = NotificationState.SENT
MORE = Reason("adds", {"words": "12"})


async def merge(newsroom: Any, kept: int, absorbed: int, adds: Reason | None = None, at: Any = NOON + MINUTE) -> None:
    joining = newsroom.publication(None, "main", story=kept, published_at=NOON, level=Level.NOTABLE)
    assert await newsroom.store.publish(replace(joining, merges=(absorbed,), adds=adds), at)


async def expand(newsroom: Any, at: Any) -> None:
    await newsroom.expand(at)
    while editions := await newsroom.store.open_editions(at, 1):
        await newsroom.store.expand_edition(editions[0], 1000, at)


async def deliver(newsroom: Any, at: Any) -> list[Due]:
    """All that is due then is sent; a first message's id is its story's and its reader's chat."""
    await expand(newsroom, at)
    sent: list[Due] = []
    while claimed := await newsroom.claim(now=at):
        for due in claimed:
            new = due.notification.story_id * 1000 + due.subscriber.chat_id
            edited = due.first_message_id if due.notification.kind is CORRECTION else new
            await newsroom.settle(due, state=SENT, due_at=at, message_id=edited, reason=None)
            sent.append(due)
    return sent


def seen(sent: list[Due], kind: NotificationKind) -> list[tuple[int, int | None, str]]:
    """Of that kind: to which chat, about which message, in which words."""
    of_kind = [due for due in sent if due.notification.kind is kind]
    return sorted((due.subscriber.chat_id, due.first_message_id, due.story.title) for due in of_kind)


async def correct(newsroom: Any, key: str, title: str, at: Any) -> None:
    archive = await newsroom.store.archive(NOON - HOUR, 99)
    stored = next(each.article for each in archive if each.article.key == key)
    await newsroom.store.correct(Correction(article=replace(stored, title=title), summary="Кратко"), at)


async def gone(newsroom: Any, key: str, at: Any) -> None:
    archive = await newsroom.store.archive(NOON - HOUR, 99)
    article = next(each.article.id for each in archive if each.article.key == key)
    for _ in range(2):
        await newsroom.store.note_page(article, missing=True, now=at, patience=timedelta(0))


@pytest.fixture
async def told(newsroom: Any) -> tuple[int, int]:
    """Chat 1 was told the older story, chat 2 the younger one, chat 3 both."""
    for chat, topics in ((1, ("main",)), (2, ("syria",)), (3, ("main", "syria"))):
        await newsroom.reader(chat, *topics)
    stories = (
        await newsroom.publish("older", "main", title="Старшая", level=Level.NOTABLE),
        await newsroom.publish("younger", "syria", title="Младшая", level=Level.NOTABLE),
    )
    await deliver(newsroom, NOON)
    return stories


def message(story: int, chat: int) -> int:
    return story * 1000 + chat


# --- in flight during the merge ---


async def add(newsroom: Any, story: int, at: Any) -> None:
    joining = newsroom.publication("more", "syria", story=story, level=Level.NOTABLE, title="Их двенадцать")
    assert await newsroom.store.publish(replace(joining, adds=MORE), at)


@pytest.mark.parametrize("begun", ["made", "expanded", "claimed"])
@pytest.mark.parametrize("end", ["sent", "failed", "killed"])
async def test_a_follow_up_of_the_absorbed_story_is_told_whatever_it_met_the_merge_in(
    newsroom: Any, told: tuple[int, int], begun: str, end: str
) -> None:
    kept, absorbed = told
    await add(newsroom, absorbed, NOON + SECOND)
    claimed: tuple[Due, ...] = ()
    if begun != "made":
        await expand(newsroom, NOON + SECOND)
    if begun == "claimed":
        claimed = await newsroom.claim(now=NOON + SECOND)

    await merge(newsroom, kept, absorbed)
    for due in claimed:
        if end == "sent":
            await newsroom.settle(due, state=SENT, due_at=NOON + MINUTE, message_id=7, reason=None)
        elif end == "failed":
            await newsroom.settle(due, due_at=NOON + MINUTE)
    sent = [*(claimed if end == "sent" else ()), *await deliver(newsroom, NOON + SECOND + LEASE + MINUTE)]

    assert seen(sent, FOLLOW_UP) == [
        (2, message(absorbed, 2), "Их двенадцать"),
        (3, message(absorbed, 3), "Их двенадцать"),
    ]
    assert all(due.adds == MORE for due in sent)


@pytest.mark.parametrize("end", ["sent", "failed", "killed"])
async def test_so_is_a_correction(newsroom: Any, told: tuple[int, int], end: str) -> None:
    kept, absorbed = told
    await correct(newsroom, "younger", "Иначе", NOON + SECOND)
    await expand(newsroom, NOON + SECOND)
    claimed = await newsroom.claim(now=NOON + SECOND)

    await merge(newsroom, kept, absorbed)
    for due in claimed:
        if end == "sent":
            await newsroom.settle(due, state=SENT, due_at=NOON + MINUTE, message_id=due.first_message_id)
        elif end == "failed":
            await newsroom.settle(due, due_at=NOON + MINUTE)
    sent = [*(claimed if end == "sent" else ()), *await deliver(newsroom, NOON + SECOND + LEASE + MINUTE)]

    assert seen(sent, CORRECTION) == [(2, message(absorbed, 2), "Иначе"), (3, message(absorbed, 3), "Иначе")]


@pytest.mark.parametrize("end", ["sent", "failed", "killed"])
async def test_a_first_message_in_flight_is_told_once_and_corrected_where_it_arrived(newsroom: Any, end: str) -> None:
    await newsroom.reader(3, "main", "syria")
    absorbed_first = await newsroom.publish("older", "main", title="Старшая", silent=True)
    absorbed = await newsroom.publish("younger", "syria", title="Младшая", level=Level.NOTABLE)
    await newsroom.expand()
    (due,) = await newsroom.claim()

    await merge(newsroom, absorbed_first, absorbed)
    if end == "sent":
        await newsroom.settle(due, state=SENT, due_at=NOON + MINUTE, message_id=message(absorbed, 3), reason=None)
    elif end == "failed":
        await newsroom.settle(due, due_at=NOON + MINUTE)
    again = await deliver(newsroom, NOON + LEASE + MINUTE)
    pushed = [*([due] if end == "sent" else []), *again]
    assert [(each.subscriber.chat_id, each.notification.kind) for each in pushed] == [(3, PUSH)]

    await newsroom.store.withdraw(absorbed, NOON + HOUR)
    (struck,) = await deliver(newsroom, NOON + HOUR)
    assert struck.first_message_id is not None
    assert struck.story.withdrawn_at == NOON + HOUR


# --- whatever readers hold stays true ---


async def test_a_correction_reaches_every_message_that_says_the_words(newsroom: Any, told: tuple[int, int]) -> None:
    kept, absorbed = told
    await merge(newsroom, kept, absorbed)

    await correct(newsroom, "younger", "Младшая, но иначе", NOON + HOUR)
    younger = await deliver(newsroom, NOON + HOUR)
    await correct(newsroom, "older", "Старшая, но иначе", NOON + 2 * HOUR)
    older = await deliver(newsroom, NOON + 2 * HOUR)

    words = "Младшая, но иначе"
    assert seen(younger, CORRECTION) == [(2, message(absorbed, 2), words), (3, message(absorbed, 3), words)]
    words = "Старшая, но иначе"
    assert seen(older, CORRECTION) == [(1, message(kept, 1), words), (3, message(kept, 3), words)]
    assert {due.story.corrected_at for due in younger} == {NOON + HOUR}
    assert {due.story.id for due in (*younger, *older)} == {kept}


async def test_an_article_that_goes_gives_way_to_the_next_in_every_message(
    newsroom: Any, told: tuple[int, int]
) -> None:
    kept, absorbed = told
    await merge(newsroom, kept, absorbed)

    await gone(newsroom, "younger", NOON + HOUR)
    retold = await deliver(newsroom, NOON + HOUR)
    await correct(newsroom, "older", "Иначе", NOON + 2 * HOUR)
    corrected = await deliver(newsroom, NOON + 2 * HOUR)

    assert seen(retold, CORRECTION) == [(2, message(absorbed, 2), "Старшая"), (3, message(absorbed, 3), "Старшая")]
    everybody = [(chat, message(story, chat), "Иначе") for story, chat in ((kept, 1), (kept, 3), (absorbed, 2))]
    assert seen(corrected, CORRECTION) == sorted([*everybody, (3, message(absorbed, 3), "Иначе")])


async def test_a_withdrawal_reaches_every_message(newsroom: Any, told: tuple[int, int]) -> None:
    kept, absorbed = told
    await merge(newsroom, kept, absorbed)
    assert await newsroom.store.withdraw(absorbed, NOON + HOUR)

    sent = await deliver(newsroom, NOON + HOUR)

    assert [(chat, about) for chat, about, _ in seen(sent, CORRECTION)] == [
        (1, message(kept, 1)),
        (2, message(absorbed, 2)),
        (3, message(kept, 3)),
        (3, message(absorbed, 3)),
    ]
    assert {due.story.withdrawn_at for due in sent} == {NOON + HOUR}


async def test_what_a_later_article_adds_is_told_once_to_whoever_was_told_either(
    newsroom: Any, told: tuple[int, int]
) -> None:
    kept, absorbed = told
    await merge(newsroom, kept, absorbed, adds=MORE)

    sent = await deliver(newsroom, NOON + MINUTE)

    assert [(chat, about) for chat, about, _ in seen(sent, FOLLOW_UP)] == [
        (1, message(kept, 1)),
        (2, message(absorbed, 2)),
        (3, message(kept, 3)),
    ]


async def test_what_was_added_to_the_absorbed_story_alone_reaches_those_who_were_told_both(
    newsroom: Any, told: tuple[int, int]
) -> None:
    kept, absorbed = told
    await add(newsroom, absorbed, NOON + SECOND)
    await merge(newsroom, kept, absorbed)

    sent = await deliver(newsroom, NOON + MINUTE)

    assert [(chat, about) for chat, about, _ in seen(sent, FOLLOW_UP)] == [
        (2, message(absorbed, 2)),
        (3, message(absorbed, 3)),
    ]


async def test_a_chain_of_merges_keeps_every_message_true(newsroom: Any, told: tuple[int, int]) -> None:
    kept, absorbed = told
    oldest = await newsroom.publish("oldest", "main", silent=True)
    await merge(newsroom, kept, absorbed)
    await merge(newsroom, oldest, kept)

    await correct(newsroom, "younger", "Иначе", NOON + HOUR)
    sent = await deliver(newsroom, NOON + HOUR)

    assert seen(sent, CORRECTION) == [(2, message(absorbed, 2), "Иначе"), (3, message(absorbed, 3), "Иначе")]


# --- nobody is told twice ---


async def test_who_was_told_a_part_is_not_told_the_whole_at_any_level(newsroom: Any, told: tuple[int, int]) -> None:
    kept, absorbed = told
    await newsroom.reader(4, "main")
    await merge(newsroom, kept, absorbed)
    risen = newsroom.publication(None, "main", "syria", story=kept, level=Level.BREAKING)
    await newsroom.store.publish(risen, NOON + 2 * MINUTE)

    sent = await deliver(newsroom, NOON + 2 * MINUTE)

    assert [chat for chat, *_ in seen(sent, PUSH)] == [4]


async def test_who_was_told_a_part_finds_it_in_no_first_digest(newsroom: Any, told: tuple[int, int]) -> None:
    kept, absorbed = told
    reader = await newsroom.store.subscriber(2)
    await newsroom.store.follow(reader.id, newsroom.topics["main"], Level.ROUTINE, NOON)
    await merge(newsroom, kept, absorbed)

    assert await newsroom.store.hold_recent(reader.id, NOON - HOUR, 10, NOON) == 0


async def test_why_speaks_of_the_message_that_was_sent(newsroom: Any, told: tuple[int, int]) -> None:
    kept, absorbed = told
    reader = await newsroom.store.subscriber(2)
    await merge(newsroom, kept, absorbed)

    for story in (kept, absorbed, None):
        explanation = await newsroom.store.explain(reader.id, story)
        assert explanation.story.id == kept
        assert explanation.notification.message_id == message(absorbed, 2)


# --- and taken apart again ---


async def split(newsroom: Any, key: str) -> int:
    archive = await newsroom.store.archive(NOON - HOUR, 99)
    article = next(each.article.id for each in archive if each.article.key == key)
    evidence = (Evidence(newsroom.topics["main"], 1.0), Evidence(newsroom.topics["syria"], 1.0))
    own: int = await newsroom.store.split(article, evidence, NOON + HOUR)
    return own


async def test_what_is_taken_out_again_takes_those_along_who_were_told_it(newsroom: Any, told: tuple[int, int]) -> None:
    kept, absorbed = told
    await merge(newsroom, kept, absorbed)
    own = await split(newsroom, "younger")
    await newsroom.publish("even more", "main", "syria", story=own, now=NOON + HOUR, level=Level.NOTABLE)

    sent = await deliver(newsroom, NOON + HOUR)
    await correct(newsroom, "younger", "Иначе", NOON + 2 * HOUR)
    corrected = await deliver(newsroom, NOON + 2 * HOUR)

    assert (1, None, "Младшая") in seen(sent, PUSH)
    assert [push for push in seen(sent, PUSH) if push[2] == "Младшая"] == [(1, None, "Младшая")]
    assert seen(corrected, CORRECTION) == [
        (1, message(own, 1), "Иначе"),
        (2, message(absorbed, 2), "Иначе"),
        (3, message(absorbed, 3), "Иначе"),
    ]


async def test_and_those_it_kept_from_being_told_the_other_are_told_now(newsroom: Any) -> None:
    await newsroom.reader(2, "syria")
    kept = await newsroom.publish("older", "main", "syria", title="Старшая", silent=True)
    absorbed = await newsroom.publish("younger", "syria", title="Младшая", level=Level.NOTABLE)
    await deliver(newsroom, NOON)
    await merge(newsroom, kept, absorbed)
    risen = newsroom.publication(None, "main", "syria", story=kept, level=Level.BREAKING)
    await newsroom.store.publish(risen, NOON + 2 * MINUTE)
    assert seen(await deliver(newsroom, NOON + 2 * MINUTE), PUSH) == []

    await split(newsroom, "younger")

    assert seen(await deliver(newsroom, NOON + HOUR), PUSH) == [(2, None, "Старшая")]
