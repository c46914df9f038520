"""Signals of importance: each is kept with its time, and together they teach what an owner's stories are worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.model import History, OwnerRecord, Reading, Signal, SignalKind, Source
from storage import Store
from storage.schema import signals

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VIEWS, POSITION, FEED, URGENT = SignalKind.VIEWS, SignalKind.POSITION, SignalKind.FEED, SignalKind.URGENT


async def kept(store: Store, kind: SignalKind) -> list[tuple[datetime, int | None]]:
    """Signals of that kind by article, then time."""
    query = select(signals).where(signals.c.kind == kind.value).order_by(signals.c.article_id, signals.c.at)
    async with store.read() as connection:
        return [(row.at, row.value) for row in await connection.execute(query)]


async def publish(newsroom: Any, key: str, *found: Signal, again_at: datetime | None = None, **options: Any) -> int:
    """An article with these signals; its story's id."""
    plain = newsroom.publication(key, "main", **options)
    fields = {name: getattr(plain, name) for name in plain.__slots__}
    stored = await newsroom.store.publish(type(plain)(**fields | {"signals": found, "read_again_at": again_at}), NOON)
    return int(stored.story_id)


async def test_what_an_article_says_at_first_sight_is_kept(newsroom: Any) -> None:
    await publish(newsroom, "1", Signal(kind=FEED, at=NOON, value=3), Signal(kind=URGENT, at=NOON))

    assert await kept(newsroom.store, FEED) == [(NOON, 3)]
    assert await kept(newsroom.store, URGENT) == [(NOON, None)]


async def test_a_known_article_adds_no_signals(newsroom: Any) -> None:
    await publish(newsroom, "1", Signal(kind=FEED, at=NOON, value=3))
    again = newsroom.publication("1", "main")
    assert await newsroom.store.publish(again, NOON + HOUR) is None

    assert await kept(newsroom.store, FEED) == [(NOON, 3)]


# --- view counters ---


async def test_counters_are_due_again_when_the_publication_says_the_longest_waiting_first(newsroom: Any) -> None:
    store, source = newsroom.store, newsroom.source
    await publish(newsroom, "later", views=1, again_at=NOON + HOUR)
    await publish(newsroom, "soon", views=1, again_at=NOON + 30 * MINUTE, published_at=NOON - HOUR)
    await publish(newsroom, "never", views=1)

    assert await store.due_readings(source.id, NOON + 29 * MINUTE, 10) == ()
    (soon,) = await store.due_readings(source.id, NOON + 30 * MINUTE, 10)
    assert soon == Reading(article=soon.article)
    assert (soon.article.key, soon.article.url) == ("soon", "https://www.trud.ru/article/soon")
    assert (soon.article.published_at, soon.article.seen_at) == (NOON - HOUR, NOON)
    assert len(await store.due_readings(source.id, NOON + 2 * HOUR, 10)) == 2
    assert await store.due_readings(source.id, NOON + 2 * HOUR, 1) == (soon,)
    other = await newsroom.second_source()
    assert await store.due_readings(other.id, NOON + 2 * HOUR, 10) == ()


async def test_a_new_reading_is_the_coverages_and_the_old_one_is_kept(newsroom: Any) -> None:
    store = newsroom.store
    story = await publish(newsroom, "1", Signal(kind=VIEWS, at=NOON, value=10), views=10, again_at=NOON + HOUR)
    (due,) = await store.due_readings(newsroom.source.id, NOON + HOUR, 10)

    assert await store.note_views(due.article.id, 500, NOON + HOUR, NOON + 2 * HOUR) == story

    (coverage,) = await store.coverage(story)
    assert (coverage.views, coverage.seen_at) == (500, NOON + HOUR)
    assert await kept(store, VIEWS) == [(NOON, 10), (NOON + HOUR, 500)]
    assert await store.due_readings(newsroom.source.id, NOON + HOUR, 10) == ()
    assert len(await store.due_readings(newsroom.source.id, NOON + 2 * HOUR, 10)) == 1


async def test_a_reading_that_failed_leaves_the_old_one(newsroom: Any) -> None:
    store = newsroom.store
    story = await publish(newsroom, "1", views=10, again_at=NOON + HOUR)
    (due,) = await store.due_readings(newsroom.source.id, NOON + HOUR, 10)

    assert await store.note_views(due.article.id, None, NOON + HOUR, None) is None

    (coverage,) = await store.coverage(story)
    assert (coverage.views, coverage.seen_at) == (10, NOON)
    assert await kept(store, VIEWS) == []
    assert await store.due_readings(newsroom.source.id, NOON + DAY, 10) == ()


async def test_an_article_that_is_gone_meanwhile_is_no_mistake(newsroom: Any) -> None:
    assert await newsroom.store.note_views(10**9, 5, NOON, None) is None


# --- positions ---


async def test_an_article_is_on_the_front_page_since_it_came_there_however_it_moves(newsroom: Any) -> None:
    store, note = newsroom.store, newsroom.store.note_positions
    story = await newsroom.publish("1")

    async def since() -> datetime | None:
        (coverage,) = await store.coverage(story)
        found: datetime | None = coverage.front_since
        return found

    assert await since() is None
    await note(newsroom.source.id, ["1"], NOON)
    await note(newsroom.source.id, ["0", "1"], NOON + HOUR)
    assert await since() == NOON
    await note(newsroom.source.id, ["0"], NOON + 2 * HOUR)
    assert await since() is None
    await note(newsroom.source.id, ["1"], NOON + 3 * HOUR)
    assert await since() == NOON + 3 * HOUR


async def test_places_are_kept_when_an_article_comes_leaves_or_moves_far(newsroom: Any) -> None:
    note, source = newsroom.store.note_positions, newsroom.source.id
    await newsroom.publish("1")

    def page(place: int) -> list[str]:
        return [*(f"other {n}" for n in range(place)), "1"]

    for hours, place in enumerate([5, 6, 9, 10, 0]):
        await note(source, page(place), NOON + hours * HOUR)
    await note(source, [], NOON + 9 * HOUR)

    assert await kept(newsroom.store, POSITION) == [
        (NOON, 5),
        (NOON + 3 * HOUR, 10),
        (NOON + 4 * HOUR, 0),
        (NOON + 9 * HOUR, None),
    ]


# --- what the past teaches ---


async def test_an_empty_store_teaches_nothing(store: Store) -> None:
    assert await store.history(NOON - DAY, NOON) == History()


async def test_owners_are_known_by_how_many_others_carried_their_stories(newsroom: Any) -> None:
    store, trud = newsroom.store, newsroom.source
    more = [
        Source(name=name, url=f"https://{name}", language="ru", owner=owner, country="RU")
        for name, owner in (("ТАСС", "tass"), ("ТАСС Спорт", "tass"), ("РИА", "ria"))
    ]
    _, tass, sport, ria = await store.register_sources([trud, *more], NOON)
    everywhere = await newsroom.publish("1", source_id=trud.id)
    for source in (tass, sport, ria):
        await newsroom.publish("1", story=everywhere, source_id=source.id)
    await newsroom.publish("2", source_id=tass.id)
    await newsroom.publish("4", story=await newsroom.publish("3"))  # it goes on with a story of its own

    found = (await store.history(NOON, NOON + MINUTE)).owners
    assert sorted(found, key=lambda record: record.owner) == [
        OwnerRecord(owner="ria", carried={2: 1}, articles=1, urgent=0),
        OwnerRecord(owner="tass", carried={0: 1, 2: 1}, articles=3, urgent=0),
        OwnerRecord(owner="trud", carried={0: 1, 2: 1}, articles=3, urgent=0),
    ]


async def test_a_story_counts_from_when_it_opened_and_an_article_from_when_it_was_seen(newsroom: Any) -> None:
    store = newsroom.store
    for days, score in ((1, 61.5), (2, 40.0), (9, 99.0), (0, 12.0)):
        await newsroom.publish(str(days), now=NOON - days * DAY, seen_at=NOON - days * DAY, score=score)
    await publish(newsroom, "mark", Signal(kind=URGENT, at=NOON), Signal(kind=FEED, at=NOON, value=0))

    found = await store.history(NOON - 3 * DAY, NOON - HOUR)

    assert sorted(found.peaks) == [40.0, 61.5]
    assert found.since == NOON - 2 * DAY
    assert found.owners == (OwnerRecord(owner="trud", carried={0: 2}, articles=4, urgent=1),)


async def test_signals_go_with_their_article(newsroom: Any) -> None:
    store = newsroom.store
    await publish(newsroom, "1", Signal(kind=FEED, at=NOON, value=3))

    while await store.tidy(NOON + 90 * DAY, 100):
        pass
    assert await kept(store, FEED) == [(NOON, 3)]
    while await store.tidy(NOON + 90 * DAY + HOUR, 100):
        pass
    assert await kept(store, FEED) == []
