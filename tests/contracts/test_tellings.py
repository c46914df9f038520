"""Which article tells a story, and what another one adds, whichever engine it is stored by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import NEW, Correction, Details, Mark, Members, Story, Telling

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MARKS = (Mark("Луч", "признан иноагентом"),)


async def join(newsroom: Any, story: int, telling: Telling | None, key: str = "2", **options: Any) -> int:
    """An article of another source that joins the story; its id."""
    tass = await newsroom.second_source()
    publication = newsroom.publication(key, "main", story=story, source_id=tass.id, **options)
    stored = await newsroom.store.publish(replace(publication, telling=telling), NOON)
    return int(stored.id)


async def told(newsroom: Any) -> Story:
    (story,) = await newsroom.store.latest([newsroom.topics["main"]], 10)
    return story  # type: ignore[no-any-return]


async def test_a_story_is_told_by_the_article_that_was_chosen(newsroom: Any) -> None:
    story = await newsroom.publish("1", section="Политика")
    await join(newsroom, story, Telling(headline_id=NEW), title="Лучше", published_at=NOON + timedelta(minutes=5))

    now = await told(newsroom)

    assert (now.title, now.source, now.summary) == ("Лучше", "ТАСС", "Кратко 2")
    assert now.published_at == NOON + timedelta(minutes=5)
    assert now.sources == ("Труд", "ТАСС")
    assert now.details is None


async def test_what_another_article_adds_is_told_with_its_source_and_marks(newsroom: Any) -> None:
    story = await newsroom.publish("1")
    first = (await newsroom.store.members(story)).articles[0][0].id
    await join(newsroom, story, Telling(first, NEW, "Подтоплено 46 домов"), marks=MARKS)
    assert (await told(newsroom)).details == Details("Подтоплено 46 домов", "ТАСС", MARKS)

    await join(newsroom, story, Telling(first), "3")
    assert (await told(newsroom)).details is None


async def test_once_somebody_was_told_the_headline_stays_and_only_the_details_change(newsroom: Any) -> None:
    await newsroom.reader()
    story = await newsroom.publish("1")
    await newsroom.send_all()
    await join(newsroom, story, Telling(NEW, None, ""), title="Лучше")
    assert (await told(newsroom)).title == "Статья 1"

    first = (await newsroom.store.members(story)).told_by
    await join(newsroom, story, Telling(first, NEW, "Подтоплено 46 домов"), "3")
    now = await told(newsroom)
    assert (now.title, now.details) == ("Статья 1", Details("Подтоплено 46 домов", "ТАСС"))


async def test_what_a_story_carries_is_what_stands_earliest_first(newsroom: Any) -> None:
    story = await newsroom.publish("1", lead="Первая", text="Текст")
    second = await join(newsroom, story, None)
    carried = await newsroom.store.members(story)
    assert [(article.key, *rest) for article, *rest in carried.articles] == [
        ("1", "Труд", "trud"),
        ("2", "ТАСС", "tass"),
    ]
    assert (carried.articles[0][0].lead, carried.articles[0][0].text) == ("Первая", "Текст")
    assert carried.told_by is None

    await newsroom.store.note_page(second, missing=True, now=NOON, patience=timedelta(0))
    await newsroom.store.note_page(second, missing=True, now=NOON, patience=timedelta(0))
    assert [article.key for article, *_ in (await newsroom.store.members(story)).articles] == ["1"]
    assert await newsroom.store.members(story + 1) == Members(articles=(), told_by=None)


async def test_a_headline_that_is_withdrawn_gives_way_and_its_details_go(newsroom: Any) -> None:
    story = await newsroom.publish("1")
    first = (await newsroom.store.members(story)).articles[0][0].id
    chosen = await join(newsroom, story, Telling(NEW, first, "Подтоплено 46 домов"), title="Лучше")
    assert (await told(newsroom)).details == Details("Подтоплено 46 домов", "Труд")

    for _ in range(2):
        await newsroom.store.note_page(chosen, missing=True, now=NOON, patience=timedelta(0))
    now = await told(newsroom)
    assert (now.title, now.details, now.corrected_at) == ("Статья 1", None, NOON)


async def test_a_correction_of_the_chosen_headline_corrects_the_story(newsroom: Any) -> None:
    story = await newsroom.publish("1")
    chosen = await join(newsroom, story, Telling(NEW), title="Лучше")
    article = next(each for each, *_ in (await newsroom.store.members(story)).articles if each.id == chosen)
    await newsroom.store.correct(Correction(article=replace(article, title="Ещё лучше"), summary="Кратко"), NOON)
    now = await told(newsroom)
    assert (now.title, now.corrected_at) == ("Ещё лучше", NOON)


async def test_details_from_an_article_that_is_corrected_are_told_no_more(newsroom: Any) -> None:
    story = await newsroom.publish("1")
    first = (await newsroom.store.members(story)).articles[0][0].id
    adding = await join(newsroom, story, Telling(first, NEW, "Подтоплено 46 домов"))
    article = next(each for each, *_ in (await newsroom.store.members(story)).articles if each.id == adding)
    await newsroom.store.correct(Correction(article=replace(article, title="Иначе"), summary="Кратко"), NOON)
    now = await told(newsroom)
    assert (now.title, now.details, now.corrected_at) == ("Статья 1", None, None)
