"""A store method happens whole or not at all; failures are StorageErrors, after which it works as before."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from bot.errors import StorageError
from bot.model import Importance, Level, NotificationState, Poll, PollKind
from storage import Store
from storage.schema import metadata, notifications, subscribers

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def rows(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    async with store.read() as connection:
        return {
            name: (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one()  # noqa: S608
            for name in metadata.tables
        }


async def refuse(store: Store, table: str) -> None:
    """From now on the table takes no new rows, as if the disk were full at just that statement."""
    if store.url.get_backend_name() == "sqlite":
        statements = [
            f"CREATE TRIGGER refused BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        ]
    else:
        statements = [
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END $$",
            f"CREATE TRIGGER refused BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()",
        ]
    async with store.write() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def accept(store: Store, table: str) -> None:
    sqlite = store.url.get_backend_name() == "sqlite"
    async with store.write() as connection:
        await connection.execute(text("DROP TRIGGER refused" if sqlite else f"DROP TRIGGER refused ON {table}"))
        if not sqlite:
            await connection.execute(text("DROP FUNCTION refuse"))


@pytest.mark.parametrize("table", ["articles", "story_topics", "dispatches"])
async def test_an_article_is_published_whole_or_not_at_all(newsroom: Any, table: str) -> None:
    store, before = newsroom.store, await rows(newsroom.store)
    await refuse(store, table)

    try:
        with pytest.raises(StorageError, match="the disk is full"):
            await newsroom.publish("1", "main", "syria")
        assert await rows(store) == before
    finally:
        await accept(store, table)

    assert await newsroom.publish("1", "main", "syria") > 0


async def test_a_score_and_its_dispatches_are_stored_together(newsroom: Any) -> None:
    store, story = newsroom.store, await newsroom.publish(level=Level.NOTABLE)
    await refuse(store, "dispatches")

    try:
        with pytest.raises(StorageError):
            await store.rescore(story, Importance(score=90.0, level=Level.BREAKING), NOON)
    finally:
        await accept(store, "dispatches")

    assert (await store.latest([newsroom.topics["main"]], 1))[0].level == Level.NOTABLE


async def test_a_chunk_that_fails_leaves_the_cursor_where_it_was(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    story = await newsroom.publish()
    (dispatch,) = await store.open_dispatches(1)
    await refuse(store, "notifications")

    try:
        with pytest.raises(StorageError):
            await store.expand(dispatch, 10, NOON)
    finally:
        await accept(store, "notifications")

    assert await store.open_dispatches(1) == (dispatch,)
    assert await store.expand(dispatch, 10, NOON) == 1
    assert await newsroom.told(story, reader) == NotificationState.DUE


async def test_whatever_is_cancelled_is_stored_whole_or_not_at_all(newsroom: Any) -> None:
    store = newsroom.store

    for turns in range(0, 60, 3):
        task = asyncio.create_task(newsroom.publish(f"cancelled {turns}", "main", "syria"))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(newsroom.publish("last", "main", "syria"), 5)

    counts = await rows(store)
    assert counts["stories"] == counts["articles"] == counts["story_topics"] / 2 == counts["dispatches"] / 2


async def test_a_server_that_drops_its_connections_is_outlived(postgresql_store: Store) -> None:
    async with postgresql_store.write() as connection:
        for _ in range(2):
            await postgresql_store.ping()
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608

    for _ in range(3):
        with suppress(StorageError):
            await postgresql_store.ping()
    await postgresql_store.ping()
    assert set(await postgresql_store.register_topics(["main"])) == {"main"}


async def test_many_writers_and_readers_get_their_turn(newsroom: Any) -> None:
    articles = [newsroom.publish(str(number)) for number in range(40)]
    polls = [
        newsroom.store.save_poll(
            Poll(source_id=newsroom.source.id, kind=PollKind.FEED, url=f"https://{number}", next_at=NOON)
        )
        for number in range(40)
    ]
    reads = [newsroom.store.next_due_at() for _ in range(40)]

    await asyncio.gather(*articles, *polls, *reads)

    counts = await rows(newsroom.store)
    assert (counts["articles"], counts["polls"]) == (40, 40)


async def test_an_error_never_repeats_what_somebody_wrote(newsroom: Any) -> None:
    await refuse(newsroom.store, "articles")

    try:
        with pytest.raises(StorageError) as caught:
            await newsroom.publish("1", title="тайна", text="тайна")
    finally:
        await accept(newsroom.store, "articles")

    assert "тайна" not in f"{caught.value} {caught.value.__cause__}"
    assert "\n" not in str(caught.value)


async def test_times_are_stored_to_the_microsecond_and_come_back_as_aware_utc(newsroom: Any) -> None:
    store, source_id = newsroom.store, newsroom.source.id
    moscow = datetime(2026, 11, 23, 15, 0, 0, 123457, tzinfo=timezone(timedelta(hours=3)))
    years = [datetime(1, 1, 2, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]
    years += [datetime(9999, 12, 30, tzinfo=UTC)]

    for number, at in enumerate([moscow, *years]):
        await store.save_poll(Poll(source_id=source_id, kind=PollKind.FEED, url=str(number), next_at=at))

    found = {poll.url: poll.next_at for poll in await store.polls()}
    assert [found[str(number)] for number in range(4)] == [moscow, *years]
    assert all(at.tzinfo is UTC for at in found.values())


async def test_a_time_without_a_time_zone_is_refused(newsroom: Any) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        await newsroom.publish(now=datetime(2026, 11, 23))  # noqa: DTZ001


async def test_a_lease_is_one_owners_until_it_runs_out_or_is_dropped(store: Store) -> None:
    assert await store.take_lease("collect", "one", NOON, NOON + HOUR) is True
    assert await store.take_lease("collect", "two", NOON, NOON + HOUR) is False
    assert await store.take_lease("other", "two", NOON, NOON + HOUR) is True
    assert await store.take_lease("collect", "one", NOON, NOON + 2 * HOUR) is True
    assert await store.take_lease("collect", "two", NOON + HOUR, NOON + 3 * HOUR) is False
    assert await store.take_lease("collect", "two", NOON + 2 * HOUR, NOON + 3 * HOUR) is True
    await store.drop_lease("collect", "one")
    assert await store.take_lease("collect", "one", NOON, NOON + HOUR) is False
    await store.drop_lease("collect", "two")
    assert await store.take_lease("collect", "one", NOON, NOON + HOUR) is True


async def test_of_many_who_want_a_lease_at_once_one_gets_it(store: Store) -> None:
    wanted = [store.take_lease("collect", str(number), NOON, NOON + HOUR) for number in range(6)]

    assert sorted(await asyncio.gather(*wanted)) == [False] * 5 + [True]


async def test_checking_leaves_nothing_behind(store: Store) -> None:
    before = await rows(store)

    await store.ping()
    await store.write_check()

    assert await rows(store) == before


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_two_that_wait_for_each_other_both_end_well(newsroom: Any) -> None:
    """The reader's chat is found gone while something else holds their row, and then wants the notification's."""
    store, reader = newsroom.store, await newsroom.reader()
    story = await newsroom.publish()
    await newsroom.expand()
    (due,) = await newsroom.claim()
    async with store.write() as connection:
        await connection.execute(text("SET LOCAL deadlock_timeout = '30s'"))  # the other one is to find it out
        await connection.execute(select(subscribers.c.id).where(subscribers.c.id == reader.id).with_for_update())
        settling = asyncio.create_task(newsroom.settle(due, gone=True, state=NotificationState.SKIPPED))
        await _somebody_waits(store)
        of_story = select(notifications.c.story_id).where(notifications.c.story_id == story)
        await connection.execute(of_story.with_for_update())
    await asyncio.wait_for(settling, 10)

    assert await newsroom.told(story, reader) == NotificationState.SKIPPED
    assert (await store.subscriber(reader.chat_id)).state.value == "gone"


async def _somebody_waits(store: Store) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    count = 0
    async with asyncio.timeout(5):
        while not count:
            await asyncio.sleep(0.01)  # the server sets no event
            async with store.read() as connection:
                count = await connection.scalar(text(waiting)) or 0
