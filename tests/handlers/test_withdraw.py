"""The publisher takes a story back, from under "why?"; nobody else can."""

from __future__ import annotations

from bot.telegram.callbacks import WithdrawStory
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import PUBLISHER, Person, World


def publisher(world: World, **changes: object) -> Person:
    return Person(world, chat_id=PUBLISHER, user_id=PUBLISHER, **changes)  # type: ignore[arg-type]


def offered(calls: list[Call]) -> list[str]:
    return [button["text"] for call in calls for button in call.buttons]


def data(story: int, answer: str) -> str:
    return WithdrawStory(story=story, answer=answer).pack()  # type: ignore[arg-type]


async def test_the_publisher_is_asked_once_and_the_story_is_withdrawn(world: World) -> None:
    desk = publisher(world)
    await desk.says("/follow сирия")
    story = world.story("Алеппо", "syria").id
    await desk.says("/latest")

    why = await desk.says("/why")
    asked = await desk.presses(data(story, "ask"))
    done = await desk.presses(data(story, "yes"))
    again = await desk.presses(data(story, "yes"))

    assert "🗑 Отозвать новость" in offered(why)
    assert offered(asked) == ["Да, отозвать", "Нет, оставить"]
    assert world.store.stories[story].withdrawn_at == world.now
    assert done[0].plain.startswith("Новость отозвана.")
    assert "уже отозвана" in again[0].plain
    assert "🗑 Отозвать новость" not in offered(await desk.says("/why"))


async def test_the_publisher_may_change_their_mind(world: World) -> None:
    desk = publisher(world)
    story = world.story("Алеппо", "syria").id
    said = await desk.presses(data(story, "no"))
    assert world.store.stories[story].withdrawn_at is None
    assert said[0].plain == "Новость остаётся."


async def test_nobody_else_is_offered_it_or_can_do_it(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    story = world.story("Алеппо", "syria").id
    await anna.says("/latest")
    assert "🗑 Отозвать новость" not in offered(await anna.says("/why"))
    for answer in ("ask", "yes"):
        said = await anna.presses(data(story, answer))
        assert "Эта кнопка больше не" in str(said[-1].data)
    assert world.store.stories[story].withdrawn_at is None


async def test_not_even_the_publisher_in_a_group(world: World) -> None:
    group = Person(world, chat_id=-100, user_id=PUBLISHER, chat_kind="supergroup")
    story = world.story("Алеппо", "syria").id
    await group.presses(data(story, "yes"))
    assert world.store.stories[story].withdrawn_at is None


async def test_follow_ups_are_turned_off_and_on_in_the_settings(anna: Person, world: World) -> None:
    await anna.says("/start")
    await anna.presses("settings:follow_ups")
    await anna.presses("followups:0")
    assert [one.follow_ups for one in world.store.subscribers.values()] == [False]
    await anna.presses("followups:1")
    assert [one.follow_ups for one in world.store.subscribers.values()] == [True]
