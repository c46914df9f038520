"""The publisher takes an article out of a story, from under "why?"; nobody else can."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Archived, Story
from bot.telegram.callbacks import SplitArticle, SplitStory
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import PUBLISHER, Person, World


def publisher(world: World) -> Person:
    return Person(world, chat_id=PUBLISHER, user_id=PUBLISHER)


def offered(calls: list[Call]) -> list[str]:
    return [button["text"] for call in calls for button in call.buttons]


def joins(world: World, story: Story, title: str, text: str = "") -> int:
    """Another article of the story, by its id."""
    first = next(one for one in world.store.articles if one.article.story_id == story.id)
    article = replace(first.article, id=first.article.id + 1000 + len(world.store.articles), title=title, text=text)
    world.store.articles.insert(0, Archived(article=article, level=story.level))
    return article.id


def shown(story: Story) -> str:
    return SplitStory(story=story.id).pack()


def taken_out(story: Story, article: int) -> str:
    return SplitArticle(story=story.id, article=article).pack()


async def test_the_publisher_takes_out_the_article_that_tells_of_something_else(world: World) -> None:
    desk = publisher(world)
    await desk.says("/follow сирия")
    story = world.story("Алеппо", "syria", "ukraine")
    article = joins(world, story, "Дамаск & Хомс", "Сирийская армия отвела войска от Хомса")
    await desk.says("/latest")

    why = await desk.says("/why")
    parts = await desk.presses(shown(story))
    done = await desk.presses(taken_out(story, article))

    assert "✂️ Разделить новость" in offered(why)
    assert offered(parts) == ["✂️ 1", "Почему?"]
    assert parts[0].plain.endswith("\n\n1. Труд: Дамаск & Хомс")
    assert "<b>Алеппо</b>" in str(parts)
    own = next(one.article.story_id for one in world.store.articles if one.article.id == article)
    assert own != story.id
    labelled = {world.store.topics[topic].slug for (of, topic) in world.store.labels if of == own}
    assert labelled == {"main", "syria"}
    assert "самостоятельная новость" in str(done[-1].data)
    again = await desk.presses(taken_out(story, article))
    assert "уже нет" in str(again[-1].data)


async def test_a_story_of_one_article_has_nothing_to_take_out(world: World) -> None:
    desk = publisher(world)
    story = world.story("Алеппо", "syria")
    assert "только одна статья" in str((await desk.presses(shown(story)))[-1].data)
    told_by = world.store.articles[0].article.id
    assert "уже нет" in str((await desk.presses(taken_out(story, told_by)))[-1].data)
    assert world.store.articles[0].article.story_id == story.id


async def test_a_story_that_has_gone_is_said_to_have(world: World) -> None:
    said = await publisher(world).presses(SplitStory(story=999).pack())
    assert "архив" in str(said[-1].data)


async def test_others_buttons_stay_for_the_next_article(world: World) -> None:
    desk = publisher(world)
    story = world.story("Алеппо", "syria")
    first, second = joins(world, story, "Первая"), joins(world, story, "", "Вторая, без заголовка")
    done = await desk.presses(taken_out(story, first))
    assert offered(done) == ["✂️ 1", "Почему?"]
    assert done[0].plain.endswith("\n\n1. Труд: Вторая, без заголовка")
    assert second != first


async def test_an_own_topic_comes_along_only_if_the_article_itself_matches(world: World) -> None:
    desk = publisher(world)
    await desk.says("/follow хомс")
    await desk.says("/follow женева")
    own_topics = {topic.query: topic.id for topic in world.store.topics.values() if topic.query}
    story = world.story("Алеппо", "syria")
    for topic_id in own_topics.values():
        world.store.labels[story.id, topic_id] = replace(next(iter(world.store.labels.values())), topic_id=topic_id)
    article = joins(world, story, "Армия отошла от Хомса")
    await desk.presses(taken_out(story, article))
    own = next(one.article.story_id for one in world.store.articles if one.article.id == article)
    queries = {world.store.topics[topic].query for (of, topic) in world.store.labels if of == own}
    assert queries == {None, "хомс"}


async def test_nobody_else_is_offered_it_or_can_do_it(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    story = world.story("Алеппо", "syria")
    article = joins(world, story, "Дамаск")
    await anna.says("/latest")
    assert "✂️ Разделить новость" not in offered(await anna.says("/why"))
    for data in (shown(story), taken_out(story, article)):
        said = await anna.presses(data)
        assert "Эта кнопка больше не" in str(said[-1].data)
    assert world.store.articles[0].article.story_id == story.id
