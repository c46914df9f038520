"""What collect may rely on, whichever engine it writes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.model import (
    Evidence,
    Importance,
    Level,
    Mark,
    NotificationState,
    Poll,
    PollKind,
    Reason,
    Source,
    Topic,
)
from storage import Store

MISSING = 10**9
"""An id that nothing has."""
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

TRUD = Source(name="Труд", url="https://www.trud.ru/rss", language="ru", owner="trud", country="RU")
TASS = Source(name="ТАСС", url="https://tass.ru/rss", language="ru", owner="tass", country="RU")


def important(level: Level, score: float = 50.0) -> Importance:
    return Importance(score=score, level=level, because=(Reason("again", {"n": score}),))


# --- sources, polls, topics ---


async def test_sources_keep_their_ids_by_name_and_come_back_in_the_order_given(store: Store) -> None:
    trud, tass = await store.register_sources([TRUD, TASS], NOON)
    moved = Source(name="Труд", url="https://trud.ru/new", language="ru", owner="trud", country="RU", front_page="f")

    again = await store.register_sources([TASS, moved], NOON + HOUR)

    assert [source.id for source in again] == [tass.id, trud.id]
    assert again[1].front_page == "f"


async def test_polls_are_remembered_by_address(store: Store) -> None:
    (trud,) = await store.register_sources([TRUD], NOON)
    feed = Poll(source_id=trud.id, kind=PollKind.FEED, url=trud.url, next_at=NOON)
    front = Poll(source_id=trud.id, kind=PollKind.FRONT, url="https://www.trud.ru/", next_at=NOON, error="502")
    asked = Poll(
        source_id=trud.id,
        kind=PollKind.FEED,
        url=trud.url,
        next_at=NOON + HOUR,
        asked_at=NOON,
        succeeded_at=NOON,
        first_read_at=NOON - HOUR,
        failures=3,
        etag='W/"x"',
        last_modified="Mon, 23 Nov 2026 12:00:00 GMT",
        body_hash="ab12",
    )

    for poll in (feed, front, asked):
        await store.save_poll(poll)

    assert set(await store.polls()) == {asked, front}


async def test_built_in_topics_keep_their_ids(store: Store) -> None:
    first = await store.register_topics(["main", "syria"])
    second = await store.register_topics(["syria", "main", "ukraine"])

    assert second == {**first, "ukraine": second["ukraine"]}
    assert len(set(second.values())) == 3


async def test_own_topics_are_read_page_by_page(newsroom: Any) -> None:
    store = newsroom.store
    first, second, third = [await store.topic(Topic(query=query)) for query in ("один", "два", "три")]

    assert await store.own_topics(0, 2) == (first, second)
    assert await store.own_topics(second.id, 2) == (third,)
    assert await store.own_topics(third.id, 2) == ()


# --- articles ---


async def test_a_key_is_unknown_until_an_article_of_that_source_has_it(newsroom: Any) -> None:
    tass = await newsroom.second_source()
    await newsroom.publish("1")

    assert await newsroom.store.unknown_keys(newsroom.source.id, ["1", "2", "2"]) == {"2"}
    assert await newsroom.store.unknown_keys(tass.id, ["1"]) == {"1"}
    assert await newsroom.store.unknown_keys(tass.id, []) == frozenset()


async def test_tens_of_thousands_of_keys_can_be_asked_for_at_once(newsroom: Any) -> None:
    await newsroom.publish("49999")
    keys = [str(number) for number in range(50_000)]

    assert len(await newsroom.store.unknown_keys(newsroom.source.id, keys)) == 49_999


async def test_an_article_comes_back_as_it_was(newsroom: Any) -> None:
    publication = newsroom.publication(
        "1",
        "main",
        lead="Вводка",
        text="Тело",
        section="Политика",
        author="Шевцов",
        picture="https://www.trud.ru/1.jpg",
        views=1748,
        marks=(Mark("ИГ", "запрещена в РФ"),),
        language="en",
        published_at=datetime(2016, 12, 3, 17, 40, 1, 5, tzinfo=timezone(timedelta(hours=3))),
    )
    stored = await newsroom.store.publish(publication, NOON)

    (archived,) = await newsroom.store.archive(NOON - HOUR, 10)

    assert archived.level == Level.MAJOR
    assert archived.article.id > 0
    expected = {name: getattr(publication.article, name) for name in publication.article.__slots__}
    found = {name: getattr(archived.article, name) for name in publication.article.__slots__}
    assert found == expected | {"id": stored.id, "story_id": stored.story_id}
    assert archived.article.published_at.tzinfo is UTC


async def test_text_that_an_engine_refuses_is_cleaned_rather_than_lost(newsroom: Any) -> None:
    await newsroom.publish("1", title="Нуль\0 и половина \ud83d пары", text="\0")

    (archived,) = await newsroom.store.archive(NOON - HOUR, 10)

    assert archived.article.title == "Нуль и половина ? пары"


async def test_recent_articles_are_the_newest_seen_since_a_time(newsroom: Any) -> None:
    for hours in range(5):
        await newsroom.publish(str(hours), seen_at=NOON + hours * HOUR)

    found = await newsroom.store.archive(NOON + HOUR, 2)

    assert [archived.article.key for archived in found] == ["4", "3"]
    assert len(await newsroom.store.archive(NOON + HOUR, 10)) == 3
    assert await newsroom.store.archive(NOON + HOUR, 2) == found


async def test_the_archive_is_read_page_by_page_each_article_once(newsroom: Any) -> None:
    for number in range(7):  # three at a time are seen at the same moment
        await newsroom.publish(str(number), seen_at=NOON + number // 3 * HOUR)
    pages, last = [], None
    while page := await newsroom.store.archive(NOON - HOUR, 2, before=last):
        pages.append([archived.article.key for archived in page])
        last = page[-1]
    assert pages == [["6", "5"], ["4", "3"], ["2", "1"], ["0"]]


async def test_coverage_has_one_record_an_article_earliest_first(newsroom: Any) -> None:
    tass = await newsroom.second_source()
    story = await newsroom.publish("1", views=10, seen_at=NOON + HOUR)
    await newsroom.publish("2", story=story, source_id=tass.id, published_at=NOON - HOUR, title="ТАСС: то же")

    earlier, later = await newsroom.store.coverage(story)

    assert (earlier.owner, earlier.country, earlier.published_at) == ("tass", "RU", NOON - HOUR)
    assert (earlier.views, earlier.seen_at, earlier.position) == (None, None, None)
    assert (later.owner, later.views, later.seen_at) == ("trud", 10, NOON + HOUR)
    assert [earlier.title, later.title] == ["ТАСС: то же", "Статья 1"]
    assert await newsroom.store.coverage(story + 1) == ()


# --- publish ---


async def test_an_article_opens_a_story_told_by_it(newsroom: Any) -> None:
    story_id = await newsroom.publish(
        "1", "main", picture="p.jpg", marks=(Mark("ИГ", "запрещена"),), published_at=NOON - HOUR, score=61.5
    )

    (story,) = await newsroom.store.latest([newsroom.topics["main"]], 10)

    assert story.id == story_id
    assert (story.title, story.url) == ("Статья 1", "https://www.trud.ru/article/1")
    assert (story.source, story.sources, story.summary) == ("Труд", ("Труд",), "Кратко 1")
    assert (story.level, story.score, story.because) == (Level.MAJOR, 61.5, (Reason("score", {"n": 61.5}),))
    assert (story.published_at, story.opened_at) == (NOON - HOUR, NOON)
    assert (story.picture, story.marks) == ("p.jpg", (Mark("ИГ", "запрещена"),))


async def test_an_article_that_joins_a_story_leaves_its_headline_and_adds_its_source(newsroom: Any) -> None:
    tass = await newsroom.second_source()
    story_id = await newsroom.publish("1")

    joined = await newsroom.publish("2", story=story_id, source_id=tass.id)
    await newsroom.publish("3", story=story_id, source_id=tass.id)

    (story,) = await newsroom.store.latest([newsroom.topics["main"]], 10)
    assert joined == story_id
    assert story.title == "Статья 1"
    assert story.sources == ("Труд", "ТАСС")


async def test_a_known_article_changes_nothing(newsroom: Any) -> None:
    story = await newsroom.publish("1", "main", level=Level.ROUTINE)
    before = await newsroom.store.latest([newsroom.topics["main"]], 10)

    again = newsroom.publication("1", "main", "syria", level=Level.BREAKING, score=99.0)
    joining = newsroom.publication("1", "syria", story=story, level=Level.BREAKING, score=99.0)

    assert await newsroom.store.publish(again, NOON + HOUR) is None
    assert await newsroom.store.publish(joining, NOON + HOUR) is None
    assert await newsroom.store.latest(list(newsroom.topics.values()), 10) == before
    assert len(await newsroom.store.open_dispatches(10)) == 1


async def test_a_storys_level_never_falls_while_its_score_follows_the_latest(newsroom: Any) -> None:
    story_id = await newsroom.publish("1", level=Level.MAJOR, score=70.0)
    await newsroom.publish("2", story=story_id, level=Level.ROUTINE, score=20.0)

    (story,) = await newsroom.store.latest([newsroom.topics["main"]], 10)

    assert (story.level, story.score, story.because) == (Level.MAJOR, 20.0, (Reason("score", {"n": 20.0}),))


async def test_each_topic_is_dispatched_when_a_level_is_first_reached(newsroom: Any) -> None:
    story_id = await newsroom.publish("1", "main", "syria", level=Level.NOTABLE)
    await newsroom.publish("2", "main", story=story_id, level=Level.NOTABLE)
    await newsroom.publish("3", "main", story=story_id, level=Level.ROUTINE)

    found = {(dispatch.topic_id, dispatch.level) for dispatch in await newsroom.store.open_dispatches(10)}

    assert found == {(newsroom.topics["main"], Level.NOTABLE), (newsroom.topics["syria"], Level.NOTABLE)}


async def test_a_higher_level_is_dispatched_on_old_topics_too(newsroom: Any) -> None:
    story_id = await newsroom.publish("1", "main", level=Level.NOTABLE)
    await newsroom.publish("2", "syria", story=story_id, level=Level.MAJOR)

    found = {(dispatch.topic_id, dispatch.level) for dispatch in await newsroom.store.open_dispatches(10)}

    main, syria = newsroom.topics["main"], newsroom.topics["syria"]
    assert found == {(main, Level.NOTABLE), (main, Level.MAJOR), (syria, Level.MAJOR)}


async def test_a_topic_found_later_is_dispatched_at_the_level_the_story_has(newsroom: Any) -> None:
    story_id = await newsroom.publish("1", "main", level=Level.MAJOR)
    await newsroom.publish("2", "syria", story=story_id, level=Level.ROUTINE)

    found = {(dispatch.topic_id, dispatch.level) for dispatch in await newsroom.store.open_dispatches(10)}

    assert found == {(newsroom.topics["main"], Level.MAJOR), (newsroom.topics["syria"], Level.MAJOR)}


async def test_a_silent_article_tells_nobody_then_or_when_another_joins_it(newsroom: Any) -> None:
    reader = await newsroom.reader()
    story_id = await newsroom.publish("1", silent=True)
    await newsroom.publish("2", story=story_id)

    await newsroom.expand()

    assert await newsroom.claim() == ()
    assert await newsroom.told(story_id, reader) is None


async def test_a_silent_story_is_told_when_it_reaches_a_higher_level(newsroom: Any) -> None:
    reader = await newsroom.reader()
    story_id = await newsroom.publish("1", silent=True, level=Level.NOTABLE)
    await newsroom.publish("2", story=story_id, level=Level.MAJOR)

    await newsroom.expand()

    assert await newsroom.told(story_id, reader) == NotificationState.DUE


async def test_the_surest_evidence_of_a_topic_stays(newsroom: Any) -> None:
    reader = await newsroom.reader()
    main = newsroom.topics["main"]
    story_id = 0
    for key, score in (("1", 0.5), ("2", 0.9), ("3", 0.7)):
        publication = newsroom.publication(key, story=story_id)
        evidence = Evidence(main, score, (Reason("word", {"word": key}),))
        stored = await newsroom.store.publish(
            type(publication)(
                article=publication.article,
                importance=publication.importance,
                evidence=(evidence,),
                summary="",
            ),
            NOON,
        )
        story_id = stored.story_id

    explanation = await newsroom.store.explain(reader.id, story_id)

    assert explanation.evidence == (Reason("word", {"word": "2"}),)


async def test_evidence_for_a_topic_that_was_forgotten_meanwhile_costs_no_news(newsroom: Any) -> None:
    newsroom.topics["gone"] = MISSING

    story_id = await newsroom.publish("1", "main", "gone")

    assert [dispatch.topic_id for dispatch in await newsroom.store.open_dispatches(10)] == [newsroom.topics["main"]]
    assert story_id == await newsroom.publish("2", "gone", story=story_id)


async def test_an_article_without_topics_is_stored_and_dispatched_nowhere(newsroom: Any) -> None:
    stored = await newsroom.store.publish(newsroom.publication("1"), NOON)

    assert (await newsroom.store.archive(NOON - HOUR, 1))[0].article.story_id == stored.story_id
    assert await newsroom.store.open_dispatches(10) == ()


async def test_an_article_whose_story_is_not_there_opens_its_own(newsroom: Any) -> None:
    assert await newsroom.publish("1", story=MISSING) != MISSING


# --- scores and positions ---


async def test_a_new_score_dispatches_a_level_reached_for_the_first_time(newsroom: Any) -> None:
    story_id = await newsroom.publish("1", "main", "syria", level=Level.NOTABLE)

    await newsroom.store.rescore(story_id, important(Level.MAJOR, 80.0), NOON + HOUR)
    await newsroom.store.rescore(story_id, important(Level.MAJOR, 75.0), NOON + HOUR)
    await newsroom.store.rescore(story_id, important(Level.ROUTINE, 5.0), NOON + HOUR)

    (story,) = await newsroom.store.latest([newsroom.topics["main"]], 10)
    levels = [dispatch.level for dispatch in await newsroom.store.open_dispatches(10)]
    assert (story.level, story.score, story.because) == (Level.MAJOR, 5.0, (Reason("again", {"n": 5.0}),))
    assert levels == [Level.MAJOR, Level.MAJOR, Level.NOTABLE, Level.NOTABLE]


async def test_scoring_a_story_that_is_not_there_does_nothing(newsroom: Any) -> None:
    await newsroom.store.rescore(MISSING, important(Level.BREAKING), NOON)

    assert await newsroom.store.open_dispatches(10) == ()


async def test_positions_are_noted_and_the_stories_they_changed_for_are_named(newsroom: Any) -> None:
    first, second, third = [await newsroom.publish(key) for key in "123"]
    note, source_id = newsroom.store.note_positions, newsroom.source.id

    assert await note(source_id, ["0", "1", "2", "1"], NOON) == (first, second)
    assert [each.position for each in await newsroom.store.coverage(first)] == [1]
    assert await note(source_id, ["0", "1", "2"], NOON + HOUR) == ()
    assert await note(source_id, ["3", "1", "2"], NOON + HOUR) == (third,)
    assert await note(source_id, ["3", "2"], NOON + HOUR) == (first, second)
    assert [each.position for each in await newsroom.store.coverage(first)] == [None]
    assert await note(source_id, [], NOON + HOUR) == (second, third)


async def test_positions_are_those_of_one_source_and_of_recent_articles(newsroom: Any) -> None:
    tass = await newsroom.second_source()
    await newsroom.publish("1", source_id=tass.id)
    await newsroom.publish("2", seen_at=NOON - 73 * HOUR)
    recent = await newsroom.publish("3", seen_at=NOON - 71 * HOUR)

    assert await newsroom.store.note_positions(newsroom.source.id, ["1", "2", "3"], NOON) == (recent,)


async def test_the_longest_keys_and_queries_are_stored(newsroom: Any) -> None:
    """An index entry of PostgreSQL holds 2.7 kB; parsing lets 200 characters through, of up to four bytes each."""
    longest = "".join(chr(0x20000 + number) for number in range(200))

    await newsroom.publish(longest)

    assert await newsroom.store.unknown_keys(newsroom.source.id, [longest, "new"]) == {"new"}
    topic = await newsroom.store.topic(Topic(query=longest))
    assert await newsroom.store.topic(Topic(query=longest)) == topic


# --- aliases ---


async def test_an_article_is_known_by_its_aliases_within_its_source(newsroom: Any) -> None:
    store, source = newsroom.store, newsroom.source
    tass = await newsroom.second_source()
    await store.publish(replace(newsroom.publication("1", "main"), aliases=("a", "b", "b")), NOON)
    await store.publish(replace(newsroom.publication("2", "main"), aliases=("b", "c")), NOON)

    assert await store.known_aliases(source.id, ["a", "b", "c", "d"]) == {"a", "b", "c"}
    assert await store.known_aliases(source.id, []) == frozenset()
    assert await store.known_aliases(tass.id, ["a"]) == frozenset()


async def test_an_article_that_moved_has_a_further_alias(newsroom: Any) -> None:
    store, source = newsroom.store, newsroom.source
    await store.publish(replace(newsroom.publication("1", "main"), aliases=("a",)), NOON)

    for _ in range(2):  # as after a crash
        await store.add_aliases(source.id, {"new": "a", "lost": "of nobody"})

    assert await store.known_aliases(source.id, ["a", "new", "lost"]) == {"a", "new"}
    await store.add_aliases(source.id, {})
