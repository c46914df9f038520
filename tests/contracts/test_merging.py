"""Two stories become one: nothing that is to be told gets lost, nobody is told twice, and old ids go on working."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.model import (
    DigestKind,
    DigestPlan,
    DigestSettlement,
    Evidence,
    Importance,
    Level,
    NotificationKind,
    NotificationState,
    Reason,
    Settlement,
)
from storage import merging
from storage.merging import absorb
from storage.schema import notifications
from tests.contracts.conftest import LEASE, NOON

HOUR = timedelta(hours=1)
DUE, SENT, HELD, SHOWN, SKIPPED = (
    NotificationState.DUE,
    NotificationState.SENT,
    NotificationState.HELD,
    NotificationState.SHOWN,
    NotificationState.SKIPPED,
)
UNTOLD = None


async def merge(newsroom: Any, kept: int, *absorbed: int, now: Any = NOON, **options: Any) -> Any:
    """An article that belongs to `kept` and brings the others along."""
    publication = newsroom.publication(
        f"to {kept} {absorbed} {now}", *options.pop("topics", ("main",)), story=kept, **options
    )
    return await newsroom.store.publish(replace(publication, merges=absorbed), now)


async def two_stories(newsroom: Any, **options: Any) -> tuple[int, int]:
    return await newsroom.publish("1", **options), await newsroom.publish("2", **options)


# --- what becomes one ---


async def test_the_younger_story_becomes_part_of_the_older(newsroom: Any) -> None:
    tass = await newsroom.second_source()
    kept = await newsroom.publish("1", "main", level=Level.NOTABLE, published_at=NOON - HOUR)
    absorbed = await newsroom.publish("2", "syria", level=Level.BREAKING, source_id=tass.id)

    stored = await merge(newsroom, kept, absorbed, level=Level.ROUTINE, now=NOON + HOUR)

    assert stored.story_id == kept
    assert await newsroom.store.merged_into([kept, absorbed]) == {absorbed: kept}
    (story,) = await newsroom.store.latest(list(newsroom.topics.values()), 10)
    assert (story.id, story.title, story.published_at) == (kept, "Статья 1", NOON - HOUR)
    assert (story.level, story.sources) == (Level.BREAKING, ("Труд", "ТАСС"))
    assert {each.article.story_id for each in await newsroom.store.archive(NOON - HOUR, 10)} == {kept}
    assert len(await newsroom.store.coverage(kept)) == 3
    assert await newsroom.store.coverage(absorbed) == await newsroom.store.coverage(kept)


async def test_what_is_published_later_for_the_absorbed_story_lands_in_the_kept_one(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom)
    await merge(newsroom, kept, absorbed)

    assert await newsroom.publish("late", story=absorbed) == kept

    await newsroom.store.rescore(absorbed, Importance(score=99, level=Level.BREAKING, because=()), NOON)
    (story,) = await newsroom.store.latest([newsroom.topics["main"]], 10)
    assert (story.id, story.level) == (kept, Level.BREAKING)


async def test_merging_again_or_what_is_not_there_changes_nothing(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom)
    for _ in range(2):
        await merge(newsroom, kept, absorbed, kept, 10**9)
    await merge(newsroom, absorbed, kept)

    assert await newsroom.store.merged_into([kept, absorbed]) == {absorbed: kept}


async def test_a_chain_of_merges_leads_to_the_last(newsroom: Any) -> None:
    first, second, third = [await newsroom.publish(key) for key in "123"]
    await merge(newsroom, second, third)
    await merge(newsroom, first, second)

    assert await newsroom.store.merged_into([first, second, third]) == {second: first, third: first}
    assert await newsroom.publish("4", story=third) == first


async def test_an_article_that_was_known_merges_nothing(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom)

    again = newsroom.publication("1", "main", story=kept)
    assert await newsroom.store.publish(replace(again, merges=(absorbed,)), NOON) is None

    assert await newsroom.store.merged_into([kept, absorbed]) == {}
    assert len(await newsroom.store.latest([newsroom.topics["main"]], 10)) == 2


async def test_a_story_that_was_withdrawn_stays_one_of_its_own(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom)
    await newsroom.store.withdraw(absorbed, NOON)
    await merge(newsroom, kept, absorbed)

    assert await newsroom.store.merged_into([absorbed]) == {}


async def test_what_readers_have_is_not_touched_however_many_they_are(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom)
    for _ in range(2):
        await newsroom.reader()
    await newsroom.expand()
    before = await rows(newsroom)
    await merge(newsroom, kept, absorbed, silent=True)

    assert await newsroom.store.merged_into([absorbed]) == {absorbed: kept}
    assert await rows(newsroom) == before


# --- topics and fan-outs ---


async def test_topics_come_along_with_the_surer_evidence(newsroom: Any) -> None:
    reader = await newsroom.reader(0, "main", "syria")
    kept = await newsroom.publish("1", "main")
    sure = replace(
        newsroom.publication("2"),
        evidence=tuple(Evidence(id_, 2.0, (Reason("word", {"word": "surer"}),)) for id_ in newsroom.topics.values()),
    )
    absorbed = (await newsroom.store.publish(sure, NOON)).story_id
    await merge(newsroom, kept, absorbed)

    explanation = await newsroom.store.explain(reader.id, kept)

    assert explanation.evidence == (Reason("word", {"word": "surer"}),)
    assert [story.id for story in await newsroom.store.latest([newsroom.topics["syria"]], 5)] == [kept]


async def test_a_fan_out_that_had_begun_goes_on_for_those_behind_it(newsroom: Any) -> None:
    kept = await newsroom.publish("1", level=Level.MAJOR, silent=True)
    absorbed = await newsroom.publish("2", level=Level.MAJOR)
    readers = [await newsroom.reader() for _ in range(4)]
    (dispatch,) = await newsroom.store.open_dispatches(10)
    await newsroom.store.expand(dispatch, 2, NOON)

    await merge(newsroom, kept, absorbed)

    assert await newsroom.store.expand(dispatch, 2, NOON) == 0
    assert [(each.story_id, each.cursor) for each in await newsroom.store.open_dispatches(10)] == [
        (kept, readers[1].id)
    ]
    await newsroom.expand()
    claimed = await newsroom.claim()
    assert sorted(due.subscriber.id for due in claimed) == [reader.id for reader in readers]
    assert {due.story.id for due in claimed} == {kept}


async def test_of_two_that_are_open_the_one_that_is_behind_counts(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom)
    for _ in range(4):
        await newsroom.reader()
    for dispatch in await newsroom.store.open_dispatches(10):
        await newsroom.store.expand(dispatch, 1 if dispatch.story_id == absorbed else 3, NOON)
    await merge(newsroom, kept, absorbed)
    await newsroom.expand()

    claimed = await newsroom.claim()

    assert len(claimed) == 4
    assert {due.story.id for due in claimed} == {kept}
    assert await newsroom.claim(now=NOON + HOUR, owner="after the leases") != ()
    assert await told_in_all(newsroom, NOON + 3 * HOUR) == 4


async def test_who_was_told_one_is_not_told_the_other_at_a_higher_level_either(newsroom: Any) -> None:
    reader, other = await newsroom.reader(0, "main"), await newsroom.reader(0, "syria")
    kept = await newsroom.publish("1", "syria", level=Level.NOTABLE)
    absorbed = await newsroom.publish("2", "main", level=Level.NOTABLE)
    await newsroom.send_all()

    await merge(newsroom, kept, absorbed, topics=("main", "syria"), level=Level.BREAKING)
    await newsroom.expand()

    pushes = [due for due in await newsroom.claim() if due.notification.kind is NotificationKind.PUSH]
    assert pushes == []
    assert await newsroom.told(kept, reader) == await newsroom.told(kept, other) == SENT


# --- what a reader has of both ---


async def put(newsroom: Any, reader: Any, story: int, state: NotificationState | None, **more: Any) -> None:
    """Let that be what became of the story for the reader."""
    if state is UNTOLD:
        return
    await newsroom.store.mark_shown(reader.id, newsroom.topics["main"], story, NOON)
    async with newsroom.store.write() as connection:
        values = {"state": state.value, "message_id": story if state is SENT else None} | more
        where = (notifications.c.story_id == story, notifications.c.subscriber_id == reader.id)
        await connection.execute(notifications.update().where(*where).values(values))


async def rows(newsroom: Any) -> list[tuple[int, str]]:
    async with newsroom.store.read() as connection:
        found = await connection.execute(notifications.select().order_by(notifications.c.story_id))
        return [(row.story_id, row.state) for row in found]


async def told_in_all(newsroom: Any, at: Any = NOON) -> int:
    """How many messages it takes until nothing is due any more."""
    count = 0
    while claimed := await newsroom.claim(now=at):
        for due in claimed:
            count += 1
            await newsroom.settle(due, state=SENT, message_id=7)
    return count


async def folded(newsroom: Any, reader: Any, at: Any = NOON) -> int:
    """How many lines the reader's digest has then; it's sent."""
    await newsroom.store.plan_digest(reader.id, DigestPlan(kind=DigestKind.DAILY, at=NOON.time()), at)
    (digest,) = await newsroom.store.claim_digests("one", 10, at, LEASE)
    told = tuple(replace(each.notification, state=SENT, due_at=at) for each in digest.entries)
    settlement = DigestSettlement(
        subscriber_id=reader.id, kind=DigestKind.DAILY, next_at=at + 24 * HOUR, told=told, unknown_outcomes=0
    )
    await newsroom.store.settle_digests("one", [settlement])
    return len(told)


@pytest.mark.parametrize(
    ("ours", "theirs", "then"),
    [
        (UNTOLD, DUE, DUE),
        (UNTOLD, HELD, HELD),
        (UNTOLD, SENT, SENT),
        (UNTOLD, SHOWN, SHOWN),
        (DUE, DUE, DUE),
        (HELD, HELD, HELD),
        (DUE, HELD, DUE),
        (HELD, DUE, DUE),
        (DUE, SENT, SENT),
        (HELD, SHOWN, SHOWN),
        (SENT, DUE, SENT),
        (SENT, HELD, SENT),
        (SKIPPED, DUE, DUE),
        (SKIPPED, HELD, HELD),
        (DUE, SKIPPED, DUE),
        (SKIPPED, SENT, SENT),
    ],
)
async def test_of_two_notifications_the_one_that_is_further_stays(
    newsroom: Any, ours: NotificationState | None, theirs: NotificationState, then: NotificationState
) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    await put(newsroom, reader, kept, ours)
    await put(newsroom, reader, absorbed, theirs)

    await merge(newsroom, kept, absorbed)

    assert await newsroom.told(kept, reader) == await newsroom.told(absorbed, reader) == then
    assert await told_in_all(newsroom) == (then is DUE)
    assert await folded(newsroom, reader) == (then is HELD)
    alive = [state for _, state in await rows(newsroom) if state != SKIPPED.value]
    assert alive == [SHOWN.value if then is SHOWN else SENT.value]


@pytest.mark.parametrize(
    ("ours", "theirs", "lines"),
    [(HELD, HELD, 1), (HELD, DUE, 0), (DUE, HELD, 0), (HELD, SENT, 0), (SENT, HELD, 0), (HELD, SKIPPED, 1)],
)
async def test_a_digest_folds_it_once_and_never_what_is_told_by_itself(
    newsroom: Any, ours: NotificationState, theirs: NotificationState, lines: int
) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    await put(newsroom, reader, kept, ours)
    await put(newsroom, reader, absorbed, theirs)
    await merge(newsroom, kept, absorbed)

    assert await folded(newsroom, reader) == lines
    assert await told_in_all(newsroom) == (DUE in {ours, theirs})
    assert await folded(newsroom, reader, NOON + 25 * HOUR) == 0


async def test_who_was_told_both_has_both_messages(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    await put(newsroom, reader, kept, SENT)
    await put(newsroom, reader, absorbed, SENT)
    await merge(newsroom, kept, absorbed)

    assert await rows(newsroom) == [(kept, "sent"), (absorbed, "sent")]
    assert (await newsroom.store.explain(reader.id, absorbed)).notification.message_id == kept


async def test_what_was_skipped_does_not_keep_the_other_from_being_told(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True, level=Level.NOTABLE)
    reader = await newsroom.reader()
    await put(newsroom, reader, absorbed, SKIPPED)
    await merge(newsroom, kept, absorbed, level=Level.MAJOR)
    await newsroom.expand()

    assert await newsroom.told(kept, reader) == DUE


@pytest.mark.parametrize("ours", [UNTOLD, DUE, HELD, SKIPPED])
async def test_a_push_that_is_on_its_way_is_written_down_where_it_belongs_now(
    newsroom: Any, ours: NotificationState | None
) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    await put(newsroom, reader, absorbed, DUE)
    (claimed,) = await newsroom.claim()
    await put(newsroom, reader, kept, ours)

    await merge(newsroom, kept, absorbed)
    await newsroom.settle(claimed, state=SENT, message_id=7)

    notification = (await newsroom.store.explain(reader.id, kept)).notification
    assert (notification.state, notification.message_id, notification.lease_until) == (SENT, 7, None)
    assert await newsroom.claim(now=NOON + HOUR) == ()


async def test_if_it_fails_it_is_tried_again_as_the_kept_story(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    await put(newsroom, reader, absorbed, DUE)
    (claimed,) = await newsroom.claim()
    await merge(newsroom, kept, absorbed)
    await newsroom.settle(claimed, due_at=NOON + HOUR)

    (again,) = await newsroom.claim(now=NOON + HOUR)

    assert (again.story.id, again.subscriber.id) == (kept, reader.id)
    assert again.story.title == "Статья 2"  # the words that it was begun in: an earlier try may have arrived


async def test_a_chat_that_is_found_gone_meanwhile_is_gone(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    await put(newsroom, reader, absorbed, DUE)
    (claimed,) = await newsroom.claim()
    await merge(newsroom, kept, absorbed)

    gone = replace(claimed.notification, state=SKIPPED, reason=Reason("gone"))
    await newsroom.store.settle("one", [Settlement(notification=gone, gone=True)])

    assert (await newsroom.store.subscriber(reader.chat_id)).state.value == "gone"


@pytest.mark.parametrize("ours", [UNTOLD, DUE, HELD])
async def test_a_digest_that_is_on_its_way_tells_it_too(newsroom: Any, ours: NotificationState | None) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    await put(newsroom, reader, absorbed, HELD)
    await newsroom.store.plan_digest(reader.id, DigestPlan(kind=DigestKind.DAILY, at=NOON.time()), NOON)
    (digest,) = await newsroom.store.claim_digests("one", 10, NOON, LEASE)
    await put(newsroom, reader, kept, ours)

    await merge(newsroom, kept, absorbed)
    told = tuple(replace(each.notification, state=SENT, due_at=NOON) for each in digest.entries)
    settlement = DigestSettlement(
        subscriber_id=reader.id, kind=DigestKind.DAILY, next_at=NOON + 24 * HOUR, told=told, unknown_outcomes=0
    )
    await newsroom.store.settle_digests("one", [settlement])

    assert len(told) == 1
    assert await newsroom.told(kept, reader) == SENT
    assert await newsroom.claim(now=NOON + HOUR) == ()


async def test_what_is_held_comes_in_the_next_digest_once(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader()
    for story in (kept, absorbed):
        await put(newsroom, reader, story, HELD)
    await merge(newsroom, kept, absorbed)
    await newsroom.store.plan_digest(reader.id, DigestPlan(kind=DigestKind.DAILY, at=NOON.time()), NOON)

    (digest,) = await newsroom.store.claim_digests("one", 10, NOON, LEASE)

    assert [entry.story.id for entry in digest.entries] == [kept]
    assert await newsroom.store.hold_recent(reader.id, NOON - HOUR, 10, NOON) == 0


# --- follow-ups and corrections ---


async def test_follow_ups_are_numbered_on_and_reach_whoever_was_told_either(newsroom: Any) -> None:
    readers = [await newsroom.reader(0, "main"), await newsroom.reader(0, "syria")]
    kept, absorbed = await newsroom.publish("1", "main"), await newsroom.publish("2", "syria")
    await newsroom.send_all()
    for number, story in enumerate((kept, absorbed)):
        adds = replace(newsroom.publication(story=story), adds=Reason("adds", {"words": str(number)}))
        await newsroom.store.publish(adds, NOON + HOUR)

    await merge(newsroom, kept, absorbed, now=NOON + HOUR)
    for edition in await newsroom.store.open_editions(NOON + HOUR, 10):
        await newsroom.store.expand_edition(edition, 100, NOON + HOUR)

    editions = await newsroom.claim(now=NOON + HOUR)
    assert {due.subscriber.id for due in editions} == {reader.id for reader in readers}
    assert {(due.story.id, due.notification.kind) for due in editions} == {(kept, NotificationKind.FOLLOW_UP)}
    assert all(due.first_message_id for due in editions)


# --- buttons ---


async def test_buttons_of_the_absorbed_story_mean_the_kept_one(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    muter, reader = await newsroom.reader(), await newsroom.reader()
    await newsroom.store.mute_story(muter.id, absorbed, NOON)
    await merge(newsroom, kept, absorbed)

    explanation = await newsroom.store.explain(muter.id, absorbed)
    assert (explanation.story.id, explanation.muted) == (kept, True)
    await newsroom.store.unmute_story(muter.id, absorbed)
    assert not (await newsroom.store.explain(muter.id, kept)).muted
    await newsroom.store.mute_story(muter.id, absorbed, NOON)
    assert (await newsroom.store.explain(muter.id, kept)).muted

    await newsroom.store.mark_shown(reader.id, newsroom.topics["main"], absorbed, NOON)
    assert await newsroom.told(kept, reader) == SHOWN
    assert await newsroom.store.withdraw(absorbed, NOON)
    assert (await newsroom.store.explain(reader.id, kept)).story.withdrawn_at == NOON


async def test_evidence_found_after_the_fact_goes_to_the_kept_story(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    await merge(newsroom, kept, absorbed)
    await newsroom.store.label({absorbed: Evidence(newsroom.topics["syria"], 1.0)}, NOON)

    assert [story.id for story in await newsroom.store.latest([newsroom.topics["syria"]], 5)] == [kept]


# --- upkeep ---


async def test_both_go_in_their_time_the_part_before_the_whole(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom)
    reader = await newsroom.reader()
    await put(newsroom, reader, kept, SENT)
    await put(newsroom, reader, absorbed, SENT)
    await merge(newsroom, kept, absorbed)
    await newsroom.send_all()
    later = NOON + timedelta(days=91)

    while await newsroom.store.tidy(later, 1000):
        pass

    assert await rows(newsroom) == []
    assert await newsroom.store.explain(reader.id, absorbed) is None
    assert await newsroom.store.archive(NOON - HOUR, 10) == ()
    assert await newsroom.store.unknown_keys(newsroom.source.id, ["1", "2", "3"]) == {"3"}


# --- crashes ---


async def test_a_merge_that_fails_half_way_has_not_begun(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, absorbed = await two_stories(newsroom)
    reader = await newsroom.reader()
    await newsroom.expand()
    before = await rows(newsroom)

    async def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(merging, "_move_mutes", fail)
    with pytest.raises(RuntimeError):
        await merge(newsroom, kept, absorbed)

    assert await rows(newsroom) == before
    assert await newsroom.store.merged_into([absorbed]) == {}
    assert await newsroom.told(absorbed, reader) == DUE
    assert len(await newsroom.store.latest([newsroom.topics["main"]], 10)) == 2
    async with newsroom.store.write() as connection:
        monkeypatch.undo()
        assert await absorb(connection, absorbed, kept)


# --- many ---


async def test_what_many_have_twice_holds_up_nobody_else(newsroom: Any) -> None:
    kept, absorbed = await two_stories(newsroom, silent=True)
    for _ in range(6):
        reader = await newsroom.reader()
        await put(newsroom, reader, kept, SENT)
        await put(newsroom, reader, absorbed, DUE)
    await merge(newsroom, kept, absorbed)
    other = await newsroom.publish("other", level=Level.ROUTINE)
    await newsroom.expand(NOON)

    (due, *_) = await newsroom.claim(limit=1)

    assert due.story.id == other


# --- several workers ---


async def have_both(newsroom: Any, state: NotificationState) -> tuple[int, int]:
    """A story and a part of it, of which the reader of chat 7 has both."""
    kept, absorbed = await two_stories(newsroom, silent=True)
    reader = await newsroom.reader(7)
    for story in (kept, absorbed):
        await put(newsroom, reader, story, state)
    await merge(newsroom, kept, absorbed)
    return kept, absorbed


def rows_of(story: int) -> Any:
    return notifications.select().where(notifications.c.story_id == story).with_for_update()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_what_another_worker_is_just_writing_is_left_for_the_next_look(newsroom: Any) -> None:
    _, absorbed = await have_both(newsroom, DUE)
    async with newsroom.store.write() as another:
        await another.execute(rows_of(absorbed))
        assert await newsroom.claim() == ()

    assert len(await newsroom.claim()) == 1
    assert await newsroom.claim(owner="two") == ()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_and_no_digest_waits_for_it(newsroom: Any) -> None:
    kept, absorbed = await have_both(newsroom, HELD)
    reader = await newsroom.store.subscriber(7)
    await newsroom.store.plan_digest(reader.id, DigestPlan(kind=DigestKind.DAILY, at=NOON.time()), NOON)
    async with newsroom.store.write() as another:
        await another.execute(rows_of(absorbed))
        (digest,) = await newsroom.store.claim_digests("one", 10, NOON, LEASE)

    assert digest.entries == ()
    assert await newsroom.told(kept, reader) == HELD
