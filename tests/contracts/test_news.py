"""What the conversation may rely on when it reads news back: /latest, the menus' counts, archive and /why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.model import Evidence, Level, NotificationState, Reason, Topic

MISSING = 10**9
"""An id that nothing has."""
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE, SENT, SHOWN = NotificationState.DUE, NotificationState.SENT, NotificationState.SHOWN


async def merge(newsroom: Any, story: int, into: int) -> None:
    async with newsroom.store.write() as connection:
        await connection.execute(
            text("UPDATE stories SET merged_into = :into WHERE id = :story"), {"into": into, "story": story}
        )


# --- latest and counts ---


async def test_the_latest_are_the_newest_published_of_the_topics_each_once(newsroom: Any) -> None:
    main, syria = newsroom.topics["main"], newsroom.topics["syria"]
    old = await newsroom.publish("1", "main", published_at=NOON - 2 * HOUR, now=NOON + HOUR)
    new = await newsroom.publish("2", "main", "syria", published_at=NOON)
    mid = await newsroom.publish("3", "syria", published_at=NOON - HOUR)

    async def latest(*topic_ids: int, limit: int = 10) -> list[int]:
        return [story.id for story in await newsroom.store.latest(topic_ids, limit)]

    assert await latest(main) == [new, old]
    assert await latest(main, syria) == [new, mid, old]
    assert await latest(main, syria, limit=2) == [new, mid]
    assert await latest() == []


async def test_the_latest_can_be_those_from_a_level_on(newsroom: Any) -> None:
    for level in Level:
        await newsroom.publish(level=level)

    found = await newsroom.store.latest([newsroom.topics["main"]], 10, Level.MAJOR)

    assert {story.level for story in found} == {Level.MAJOR, Level.BREAKING}


async def test_stories_are_counted_by_the_level_they_reached(newsroom: Any) -> None:
    main = newsroom.topics["main"]
    await newsroom.publish(level=Level.BREAKING, now=NOON - HOUR)
    await newsroom.publish(level=Level.MAJOR)
    risen = await newsroom.publish(level=Level.ROUTINE)
    await newsroom.publish(story=risen, level=Level.MAJOR)
    await newsroom.publish("s", "syria")

    assert await newsroom.store.level_counts(main, NOON) == {
        Level.ROUTINE: 0,
        Level.NOTABLE: 0,
        Level.MAJOR: 2,
        Level.BREAKING: 0,
    }


async def test_a_story_merged_into_another_is_neither_shown_nor_counted(newsroom: Any) -> None:
    main = newsroom.topics["main"]
    kept, merged = await newsroom.publish(), await newsroom.publish()
    await merge(newsroom, merged, kept)

    assert [story.id for story in await newsroom.store.latest([main], 10)] == [kept]
    assert sum((await newsroom.store.level_counts(main, NOON)).values()) == 1


async def test_an_article_for_a_merged_story_joins_the_one_it_was_merged_into(newsroom: Any) -> None:
    kept, merged = await newsroom.publish(level=Level.ROUTINE), await newsroom.publish()
    await merge(newsroom, merged, kept)

    assert await newsroom.publish(story=merged, level=Level.MAJOR) == kept
    assert (await newsroom.store.latest([newsroom.topics["main"]], 10))[0].level == Level.MAJOR


# --- labels after the fact ---


async def test_stories_labelled_after_the_fact_are_shown_but_told_to_nobody(newsroom: Any) -> None:
    store = newsroom.store
    words = await store.topic(Topic(query="женева"))
    newsroom.topics["words"] = words.id
    story = await newsroom.publish(level=Level.MAJOR)
    reader = await newsroom.reader(0, "words")

    await store.label({story: Evidence(words.id, 0.8, (Reason("word", {"word": "женева"}),))}, NOON)
    await newsroom.publish(story=story, level=Level.MAJOR)
    await newsroom.expand()

    assert [each.id for each in await store.latest([words.id], 10)] == [story]
    assert await newsroom.claim() == ()
    explanation = await store.explain(reader.id, story)
    assert explanation.evidence == (Reason("word", {"word": "женева"}),)


async def test_a_labelled_story_is_told_once_it_reaches_a_higher_level(newsroom: Any) -> None:
    words = await newsroom.store.topic(Topic(query="женева"))
    newsroom.topics["words"] = words.id
    story = await newsroom.publish(level=Level.NOTABLE)
    reader = await newsroom.reader(0, "words")
    await newsroom.store.label({story: Evidence(words.id, 0.8)}, NOON)

    await newsroom.publish(story=story, level=Level.BREAKING)
    await newsroom.expand()

    assert await newsroom.told(story, reader) == DUE


async def test_labelling_again_or_what_is_gone_does_no_harm(newsroom: Any) -> None:
    main = newsroom.topics["main"]
    story = await newsroom.publish()

    await newsroom.store.label({story: Evidence(main, 0.1), MISSING: Evidence(main, 1.0)}, NOON)
    await newsroom.store.label({story: Evidence(MISSING, 1.0)}, NOON)
    await newsroom.store.label({}, NOON)

    assert len(await newsroom.store.open_dispatches(10)) == 1


# --- shown ---


async def test_what_was_shown_is_not_pushed(newsroom: Any) -> None:
    store, main = newsroom.store, newsroom.topics["main"]
    reader = await newsroom.reader()
    before, due = await newsroom.publish(level=Level.BREAKING), await newsroom.publish()
    await store.mark_shown(reader.id, main, before, NOON)
    await newsroom.expand()
    await store.mark_shown(reader.id, main, due, NOON)

    assert await newsroom.claim() == ()
    assert [await newsroom.told(story, reader) for story in (before, due)] == [SHOWN, SHOWN]


async def test_what_was_held_counts_as_told_once_shown(newsroom: Any) -> None:
    reader = await newsroom.reader()
    story = await newsroom.publish()
    await newsroom.expand()
    (due,) = await newsroom.claim()
    await newsroom.settle(due, state=NotificationState.HELD, reason=Reason("late"))

    await newsroom.store.mark_shown(reader.id, newsroom.topics["main"], story, NOON)

    assert await newsroom.told(story, reader) == SHOWN


async def test_showing_does_not_undo_that_a_push_was_sent_or_is_on_its_way(newsroom: Any) -> None:
    reader, main = await newsroom.reader(), newsroom.topics["main"]
    sent = await newsroom.publish()
    await newsroom.send_all()
    await newsroom.store.mark_shown(reader.id, main, sent, NOON)
    on_its_way = await newsroom.publish()
    await newsroom.expand()
    (due,) = await newsroom.claim()
    await newsroom.store.mark_shown(reader.id, main, on_its_way, NOON)
    await newsroom.settle(due, state=SENT, message_id=9)

    assert [await newsroom.told(story, reader) for story in (sent, on_its_way)] == [SENT, SENT]


# --- why ---


async def test_why_has_the_story_its_topic_evidence_subscription_and_notification(newsroom: Any) -> None:
    reader = await newsroom.reader(0, "syria", level=Level.NOTABLE)
    story = await newsroom.publish("1", "main", "syria")
    await newsroom.send_all()

    explanation = await newsroom.store.explain(reader.id, story)

    assert explanation.story == (await newsroom.store.latest([newsroom.topics["main"]], 1))[0]
    assert explanation.topic == Topic(id=newsroom.topics["syria"], slug="syria")
    assert explanation.evidence == (Reason("word", {"word": "syria"}),)
    assert explanation.subscription == (await newsroom.store.subscriptions(reader.id))[0]
    assert explanation.notification.state == SENT


async def test_why_names_the_story_that_this_one_continues(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    earlier = await newsroom.publish("1")
    later = await newsroom.publish("2", continues=earlier)

    continued = (await store.explain(reader.id, later)).continued
    assert continued is not None
    assert (continued.id, continued.title) == (earlier, "Статья 1")
    assert (await store.explain(reader.id, earlier)).continued is None


async def test_why_names_what_the_continued_story_is_part_of_now_and_never_itself(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    whole, part = await newsroom.publish(), await newsroom.publish()
    later = await newsroom.publish(continues=part)
    await merge(newsroom, part, whole)
    await newsroom.publish(story=whole)
    assert (await store.explain(reader.id, later)).continued.id == whole

    await merge(newsroom, whole, later)
    await merge(newsroom, part, later)
    assert (await store.explain(reader.id, later)).continued is None


async def test_why_names_no_story_that_was_withdrawn_or_is_gone(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    earlier = await newsroom.publish()
    later, orphan = await newsroom.publish(continues=earlier), await newsroom.publish(continues=MISSING)
    await store.withdraw(earlier, NOON)
    assert (await store.explain(reader.id, later)).continued is None
    assert (await store.explain(reader.id, orphan)).continued is None


async def test_a_story_that_continues_another_is_told_on_its_own(newsroom: Any) -> None:
    reader = await newsroom.reader()
    earlier = await newsroom.publish()
    await newsroom.send_all()
    later = await newsroom.publish(continues=earlier)
    await newsroom.send_all()
    assert [await newsroom.told(story, reader) for story in (earlier, later)] == [SENT, SENT]


async def test_why_without_a_story_is_about_the_one_told_last(newsroom: Any) -> None:
    store, reader = newsroom.store, await newsroom.reader()
    assert await store.explain(reader.id, None) is None
    first = await newsroom.publish()
    await newsroom.expand(NOON)
    second = await newsroom.publish()
    await newsroom.expand(NOON + HOUR)
    assert await store.explain(reader.id, None) is None
    for _ in range(2):
        (due,) = await newsroom.claim(now=NOON + HOUR)
        await newsroom.settle(due, state=SENT)

    assert (await store.explain(reader.id, None)).story.id == second
    await store.mark_shown(reader.id, newsroom.topics["main"], await newsroom.publish(), NOON + 2 * HOUR)
    assert (await store.explain(reader.id, None)).story.id not in {first, second}


async def test_why_of_a_story_not_told_names_the_topic_it_would_have_come_under(newsroom: Any) -> None:
    reader = await newsroom.reader(0, "main", level=Level.BREAKING)
    await newsroom.store.follow(reader.id, newsroom.topics["syria"], Level.NOTABLE, NOON)
    story = await newsroom.publish("1", "main", "syria", level=Level.ROUTINE)

    explanation = await newsroom.store.explain(reader.id, story)

    assert explanation.topic.slug == "syria"
    assert explanation.subscription.level == Level.NOTABLE
    assert explanation.notification is None


async def test_why_of_a_story_outside_all_they_follow_has_no_topic(newsroom: Any) -> None:
    reader = await newsroom.reader(0, "syria")
    story = await newsroom.publish("1", "main")

    explanation = await newsroom.store.explain(reader.id, story)

    assert (explanation.topic, explanation.subscription, explanation.evidence) == (None, None, ())


async def test_why_after_unfollowing_still_names_the_topic_it_was_told_under(newsroom: Any) -> None:
    reader = await newsroom.reader()
    story = await newsroom.publish()
    await newsroom.send_all()
    await newsroom.store.unfollow(reader.id, newsroom.topics["main"])

    explanation = await newsroom.store.explain(reader.id, story)

    assert (explanation.topic.slug, explanation.subscription) == ("main", None)


async def test_why_of_a_story_that_is_not_there_is_nothing(newsroom: Any) -> None:
    assert await newsroom.store.explain((await newsroom.reader()).id, MISSING) is None
