"""What deliver may rely on, whichever engine it writes to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.model import Level, NotificationKind, NotificationState, Reason, Settlement, SubscriberState, Topic

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

DUE, SENT, SKIPPED = NotificationState.DUE, NotificationState.SENT, NotificationState.SKIPPED


# --- dispatches and their expansion ---


async def test_open_dispatches_come_highest_level_first_then_oldest(newsroom: Any) -> None:
    late = await newsroom.publish(level=Level.MAJOR, now=NOON + HOUR)
    minor = await newsroom.publish(level=Level.NOTABLE, now=NOON)
    early = await newsroom.publish(level=Level.MAJOR, now=NOON)

    dispatches = await newsroom.store.open_dispatches(10)

    assert [dispatch.story_id for dispatch in dispatches] == [early, late, minor]
    assert [dispatch.created_at for dispatch in dispatches] == [NOON, NOON + HOUR, NOON]
    assert len(await newsroom.store.open_dispatches(2)) == 2


async def test_a_dispatch_makes_due_notifications_for_those_who_follow_from_that_level(newsroom: Any) -> None:
    everything = await newsroom.reader(level=Level.ROUTINE)
    exactly = await newsroom.reader(level=Level.MAJOR)
    only_breaking = await newsroom.reader(level=Level.BREAKING)
    other_topic = await newsroom.reader(0, "syria")
    story = await newsroom.publish(level=Level.MAJOR)

    await newsroom.expand(NOON + MINUTE)

    told = [await newsroom.told(story, reader) for reader in (everything, exactly, only_breaking, other_topic)]
    assert told == [DUE, DUE, None, None]
    notification = (await newsroom.claim(now=NOON + MINUTE))[0].notification
    assert (notification.kind, notification.edition) == (NotificationKind.PUSH, 0)
    assert (notification.created_at, notification.due_at) == (NOON + MINUTE, NOON + MINUTE)


async def test_who_paused_or_muted_is_decided_later_but_who_is_gone_is_left_out(newsroom: Any) -> None:
    paused, gone = await newsroom.reader(), await newsroom.reader()
    await newsroom.store.set_state(paused.id, SubscriberState.PAUSED)
    await newsroom.store.set_state(gone.id, SubscriberState.GONE)
    story = await newsroom.publish()

    await newsroom.expand()

    assert await newsroom.told(story, paused) == DUE
    assert await newsroom.told(story, gone) is None


async def test_a_dispatch_is_expanded_chunk_by_chunk_from_where_it_was_left(newsroom: Any) -> None:
    readers = [await newsroom.reader() for _ in range(5)]
    story = await newsroom.publish()
    (dispatch,) = await newsroom.store.open_dispatches(1)

    looked_at = [await newsroom.store.expand(dispatch, 2, NOON)]
    (left,) = await newsroom.store.open_dispatches(1)
    reached = [await newsroom.told(story, reader) for reader in readers]
    looked_at += [await newsroom.store.expand(dispatch, 2, NOON) for _ in range(3)]

    assert left.cursor == readers[1].id
    assert reached == [DUE, DUE, None, None, None]
    assert looked_at == [2, 2, 1, 0]
    assert await newsroom.store.open_dispatches(1) == ()
    assert [await newsroom.told(story, reader) for reader in readers] == [DUE] * 5


async def test_a_dispatch_nobody_follows_is_done_at_once(newsroom: Any) -> None:
    await newsroom.publish()
    (dispatch,) = await newsroom.store.open_dispatches(1)

    assert await newsroom.store.expand(dispatch, 10, NOON) == 0
    assert await newsroom.store.open_dispatches(1) == ()


async def test_a_chunk_counts_those_it_looked_at_not_those_it_told(newsroom: Any) -> None:
    for _ in range(3):
        await newsroom.reader(level=Level.BREAKING)
    story = await newsroom.publish(level=Level.ROUTINE)
    last = await newsroom.reader(level=Level.ROUTINE)
    (dispatch,) = await newsroom.store.open_dispatches(1)

    assert await newsroom.store.expand(dispatch, 3, NOON) == 3
    assert await newsroom.store.expand(dispatch, 3, NOON) == 1
    assert await newsroom.told(story, last) == DUE


async def test_nobody_is_told_a_story_twice_whatever_topics_and_levels_it_reaches(newsroom: Any) -> None:
    reader = await newsroom.reader(0, "main", "syria")
    story = await newsroom.publish("1", "main", level=Level.NOTABLE)
    await newsroom.send_all()
    await newsroom.publish("2", "main", "syria", story=story, level=Level.BREAKING)

    await newsroom.expand()

    assert await newsroom.claim() == ()
    assert await newsroom.told(story, reader) == SENT


async def test_a_chunk_that_is_cancelled_is_done_again_and_loses_nobody(newsroom: Any) -> None:
    readers = [await newsroom.reader() for _ in range(20)]
    story = await newsroom.publish()
    (dispatch,) = await newsroom.store.open_dispatches(1)

    for turns in range(12):  # cancelled ever later in its course
        chunk = asyncio.create_task(newsroom.store.expand(dispatch, 3, NOON))
        for _ in range(turns):
            await asyncio.sleep(0)
        chunk.cancel()
        await asyncio.gather(chunk, return_exceptions=True)
    await newsroom.expand()

    assert [await newsroom.told(story, reader) for reader in readers] == [DUE] * 20


async def test_two_processes_may_expand_one_dispatch(newsroom: Any) -> None:
    readers = [await newsroom.reader() for _ in range(9)]
    story = await newsroom.publish()
    (dispatch,) = await newsroom.store.open_dispatches(1)

    looked_at = await asyncio.gather(*(newsroom.store.expand(dispatch, 3, NOON) for _ in range(5)))

    assert sum(looked_at) == 9
    assert [await newsroom.told(story, reader) for reader in readers] == [DUE] * 9


# --- claim ---


async def test_a_claimed_notification_brings_all_that_deciding_and_rendering_need(newsroom: Any) -> None:
    tass = await newsroom.second_source()
    reader = await newsroom.reader(77, "syria", level=Level.NOTABLE, thread_id=5)
    await newsroom.store.set_sound(reader.id, newsroom.topics["syria"], sound=False)
    story = await newsroom.publish("1", "syria", level=Level.BREAKING)
    await newsroom.publish("2", "main", story=story, source_id=tass.id)
    await newsroom.expand()

    (due,) = await newsroom.claim()

    assert due.subscriber == reader
    assert due.topic == Topic(id=newsroom.topics["syria"], slug="syria")
    assert due.story == (await newsroom.store.latest([newsroom.topics["syria"]], 1))[0]
    assert due.story.sources == ("Труд", "ТАСС")
    assert due.subscription == (await newsroom.store.subscriptions(reader.id))[0]
    assert due.subscription.sound is False
    assert due.notification.lease_until == NOON + MINUTE
    assert due.notification.state == DUE


async def test_who_stopped_following_comes_without_a_subscription(newsroom: Any) -> None:
    reader = await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand()
    await newsroom.store.unfollow(reader.id, newsroom.topics["main"])

    (due,) = await newsroom.claim()

    assert due.subscription is None


async def test_the_most_important_is_claimed_first_then_the_oldest(newsroom: Any) -> None:
    for _ in range(2):
        await newsroom.reader()
    minor = await newsroom.publish(level=Level.NOTABLE)
    await newsroom.expand(NOON)
    late = await newsroom.publish(level=Level.BREAKING)
    await newsroom.expand(NOON + 2 * MINUTE)
    early = await newsroom.publish(level=Level.BREAKING)
    await newsroom.expand(NOON + MINUTE)

    claims = []
    for _ in range(3):
        claims.append(await newsroom.claim(now=NOON + HOUR))
        for due in claims[-1]:
            await newsroom.settle(due, state=SENT)

    assert [[due.story.id for due in claimed] for claimed in claims] == [[early] * 2, [late] * 2, [minor] * 2]


async def test_one_chats_backlog_never_fills_a_batch(newsroom: Any) -> None:
    backlog = await newsroom.reader()
    for _ in range(6):
        await newsroom.publish()
    await newsroom.expand()
    other = await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand(NOON + MINUTE)

    claimed = await newsroom.claim(limit=2, now=NOON + MINUTE)

    assert [due.subscriber.id for due in claimed] == [backlog.id, other.id]


async def test_nobody_is_told_two_things_at_once(newsroom: Any) -> None:
    await newsroom.reader()
    first, second = await newsroom.publish(), await newsroom.publish()
    await newsroom.expand()
    (due,) = await newsroom.claim("one")

    assert await newsroom.claim("two") == ()
    await newsroom.settle(due, state=SENT)
    assert [each.story.id for each in await newsroom.claim("two")] == [second]
    assert due.story.id == first


async def test_a_long_backlog_hides_nobody_behind_it(newsroom: Any) -> None:
    await newsroom.reader()
    for _ in range(20):
        await newsroom.publish()
    await newsroom.expand()
    others = [await newsroom.reader() for _ in range(3)]
    await newsroom.publish()
    await newsroom.expand(NOON + MINUTE)

    claimed = await newsroom.claim(limit=4, now=NOON + MINUTE)

    assert [due.subscriber.id for due in claimed[1:]] == [other.id for other in others]


async def test_a_backlog_of_any_length_is_worked_off(newsroom: Any) -> None:
    reader = await newsroom.reader()
    stories = [await newsroom.publish() for _ in range(12)]

    await newsroom.send_all()

    assert [await newsroom.told(story, reader) for story in stories] == [SENT] * 12


async def test_nothing_is_claimed_before_it_is_due(newsroom: Any) -> None:
    await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand(NOON + MINUTE)

    assert await newsroom.claim(now=NOON) == ()
    assert len(await newsroom.claim(now=NOON + MINUTE)) == 1


async def test_what_is_leased_is_nobody_elses_until_the_lease_runs_out(newsroom: Any) -> None:
    await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand()

    assert len(await newsroom.claim("one")) == 1
    assert await newsroom.claim("two", now=NOON + MINUTE / 2) == ()
    assert len(await newsroom.claim("two", now=NOON + MINUTE)) == 1


async def test_owners_that_claim_at_once_never_share_a_notification(newsroom: Any) -> None:
    for _ in range(30):
        await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand()

    claims = [newsroom.claim(f"owner {number % 3}", limit=4) for number in range(12)]
    claimed = [due.subscriber.id for batch in await asyncio.gather(*claims) for due in batch]
    while rest := await newsroom.claim("the last", limit=4):
        claimed += [due.subscriber.id for due in rest]

    assert len(claimed) == len(set(claimed)) == 30


async def test_a_released_lease_is_free_at_once(newsroom: Any) -> None:
    await newsroom.reader()
    await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand()
    await newsroom.claim("one", limit=1)
    await newsroom.claim("two", limit=1)

    await newsroom.store.release("one")

    assert len(await newsroom.claim("three")) == 1


async def test_the_next_due_time_is_known(newsroom: Any) -> None:
    next_due_at = newsroom.store.next_due_at
    assert await next_due_at() is None
    await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand()

    assert await next_due_at() == NOON
    (due,) = await newsroom.claim(now=NOON)
    assert await next_due_at() == NOON + MINUTE  # should its owner die
    await newsroom.settle(due, due_at=NOON + HOUR)
    assert await next_due_at() == NOON + HOUR
    (due,) = await newsroom.claim(now=NOON + HOUR)
    await newsroom.settle(due, state=SENT)
    assert await next_due_at() is None


# --- settle ---


async def test_what_became_of_a_notification_is_written_down(newsroom: Any) -> None:
    reader = await newsroom.reader()
    story = await newsroom.publish()
    await newsroom.expand()
    (due,) = await newsroom.claim()

    await newsroom.settle(due, state=SENT, message_id=2**40, unknown_outcomes=1, reason=Reason("silent", {"n": 1}))

    told = (await newsroom.store.explain(reader.id, story)).notification
    assert (told.state, told.message_id, told.unknown_outcomes) == (SENT, 2**40, 1)
    assert told.reason == Reason("silent", {"n": 1})
    assert told.lease_until is None
    assert await newsroom.claim(now=NOON + HOUR) == ()


async def test_what_is_tried_again_is_due_then_and_not_before(newsroom: Any) -> None:
    await newsroom.reader()
    await newsroom.publish()
    await newsroom.expand()
    (due,) = await newsroom.claim()

    await newsroom.settle(due, due_at=NOON + MINUTE / 4)

    assert await newsroom.claim("two", now=NOON) == ()
    assert len(await newsroom.claim("two", now=NOON + MINUTE / 4)) == 1


async def test_settling_writes_nothing_where_the_lease_was_lost(newsroom: Any) -> None:
    reader = await newsroom.reader()
    story = await newsroom.publish()
    await newsroom.expand()
    (late,) = await newsroom.claim("one")
    (due,) = await newsroom.claim("two", now=NOON + HOUR)

    await newsroom.settle(late, owner="one", state=SENT, gone=True, moved_to=-1005)

    assert await newsroom.told(story, reader) == DUE
    assert await newsroom.store.subscriber(reader.chat_id) == reader
    await newsroom.settle(due, owner="two", state=SENT)
    await newsroom.settle(due, owner="two", state=SKIPPED)
    assert await newsroom.told(story, reader) == SENT


async def test_settling_nothing_is_fine(newsroom: Any) -> None:
    await newsroom.store.settle("one", [])


async def test_a_subscriber_who_is_gone_gets_nothing_more(newsroom: Any) -> None:
    gone, other = await newsroom.reader(), await newsroom.reader()
    told, waiting = await newsroom.publish(level=Level.BREAKING), await newsroom.publish()
    await newsroom.expand()
    claimed = await newsroom.claim(limit=1)

    await newsroom.settle(claimed[0], state=SKIPPED, gone=True, reason=Reason("blocked"))
    await newsroom.publish()
    await newsroom.send_all()

    assert (await newsroom.store.subscriber(gone.chat_id)).state == SubscriberState.GONE
    assert (await newsroom.store.explain(gone.id, told)).notification.reason == Reason("blocked")
    skipped = (await newsroom.store.explain(gone.id, waiting)).notification
    assert (skipped.state, skipped.reason) == (SKIPPED, Reason("gone"))
    assert await newsroom.told(waiting, other) == SENT


async def test_what_another_worker_is_sending_to_someone_gone_is_still_settled_by_it(newsroom: Any) -> None:
    gone, other = await newsroom.reader(-5), await newsroom.reader(-1005, "syria")
    first, second = await newsroom.publish("1", "main", level=Level.BREAKING), await newsroom.publish("2", "syria")
    await newsroom.expand()
    (one,), (two,) = await newsroom.claim("one", limit=1), await newsroom.claim("two")
    await newsroom.store.move_chat(gone.chat_id, other.chat_id)  # now the two are one

    await newsroom.settle(one, state=SKIPPED, gone=True)
    assert await newsroom.told(second, gone) == SKIPPED
    due_to_one_of_them = replace(two.notification, subscriber_id=gone.id)
    await newsroom.settle(replace(two, notification=due_to_one_of_them), owner="two", state=SENT, message_id=5)

    assert await newsroom.told(first, gone) == SKIPPED
    assert await newsroom.told(second, gone) == SENT


async def test_a_batch_settles_each_in_its_own_way(newsroom: Any) -> None:
    readers = [await newsroom.reader(chat) for chat in (11, 12, 13)]
    story = await newsroom.publish()
    await newsroom.expand()
    sent, gone, moved = await newsroom.claim()

    await newsroom.store.settle(
        "one",
        [
            Settlement(notification=replace(sent.notification, state=SENT)),
            Settlement(notification=replace(gone.notification, state=SKIPPED), gone=True),
            Settlement(notification=moved.notification, chat_id=-10013),
        ],
    )

    assert [await newsroom.told(story, reader) for reader in readers] == [SENT, SKIPPED, DUE]
    assert (await newsroom.store.subscriber(12)).state == SubscriberState.GONE
    assert await newsroom.store.subscriber(13) is None
    assert (await newsroom.claim())[0].subscriber == await newsroom.store.subscriber(-10013)


async def test_a_moved_chat_that_is_a_subscriber_already_becomes_one_with_it(newsroom: Any) -> None:
    group, supergroup = await newsroom.reader(-5, "main"), await newsroom.reader(-1005, "main", "syria")
    story = await newsroom.publish("1", "main", "syria")
    await newsroom.expand()
    due = next(due for due in await newsroom.claim() if due.subscriber.id == group.id)
    await newsroom.store.release("one")
    (due,) = [due for due in await newsroom.claim() if due.subscriber.id == group.id]

    await newsroom.settle(due, moved_to=-1005)

    joined = await newsroom.store.subscriber(-1005)
    assert joined.id == group.id
    assert await newsroom.store.subscriber(-5) is None
    assert [each.topic.slug for each in await newsroom.store.subscriptions(group.id)] == ["main", "syria"]
    assert await newsroom.store.subscriptions(supergroup.id) == ()
    assert [due.story.id for due in await newsroom.claim("two", now=NOON + HOUR)] == [story]


@pytest.mark.parametrize("state", [NotificationState.SENT, NotificationState.UNKNOWN])
async def test_what_either_of_two_joined_chats_was_told_is_not_told_again(
    newsroom: Any, state: NotificationState
) -> None:
    group, supergroup = await newsroom.reader(-5), await newsroom.reader(-1005)
    story = await newsroom.publish()
    await newsroom.expand()
    ours, theirs = sorted(await newsroom.claim(), key=lambda due: due.subscriber.id)
    await newsroom.settle(theirs, state=state)

    await newsroom.settle(ours, moved_to=supergroup.chat_id)

    assert await newsroom.told(story, group) == state
    assert await newsroom.claim(now=NOON + HOUR) == ()


async def test_what_one_of_two_joined_chats_was_not_told_is_told_if_it_is_due_to_the_other(newsroom: Any) -> None:
    group, supergroup = await newsroom.reader(-5), await newsroom.reader(-1005)
    story = await newsroom.publish()
    await newsroom.expand()
    ours, theirs = sorted(await newsroom.claim(), key=lambda due: due.subscriber.id)
    await newsroom.settle(theirs, state=SKIPPED, gone=True)

    await newsroom.settle(ours, moved_to=supergroup.chat_id)

    assert await newsroom.told(story, group) == DUE
    assert [due.subscriber.chat_id for due in await newsroom.claim(now=NOON + HOUR)] == [-1005]
