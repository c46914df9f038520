"""/latest, /why and [Why?]."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Level, Mark, Notification, NotificationState, Reason
from tests.handlers.conftest import Person, World


async def test_the_latest_stories_come_in_one_message_with_summaries_that_unfold(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    for number in range(7):
        world.story(f"Алеппо {number}", "syria", hours=number + 1)
    (said,) = await anna.says("/latest")
    assert said.plain.startswith("Алеппо 0\nТруд · 16:40\nГлава МИД")
    assert said.data["text"].count("<blockquote expandable>") == 5
    assert said.data["link_preview_options"] == {"is_disabled": True}


async def test_what_was_shown_is_not_pushed_again(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    world.story("Алеппо", "syria")
    await anna.says("/latest")
    assert [one.state for one in world.store.notifications.values()] == [NotificationState.SHOWN]


async def test_what_could_not_be_sent_does_not_count_as_shown(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    world.story("Алеппо", "syria")
    world.session.fail("sendMessage", 500, "Internal Server Error: restart")
    await anna.says("/latest")
    assert not world.store.notifications


async def test_without_topics_the_latest_are_the_top_news(john: Person, world: World) -> None:
    world.story("Важное", level=Level.MAJOR)
    world.story("Мелочь", level=Level.ROUTINE)
    (said,) = await john.says("/latest")
    assert said.plain.startswith("Важное")
    assert "Мелочь" not in said.plain


async def test_no_news_is_said_kindly(anna: Person) -> None:
    (said,) = await anna.says("/latest")
    assert said.plain == "Новостей по вашим темам пока нет."
    assert said.buttons


async def test_the_longest_stories_still_fit_one_message(anna: Person, world: World) -> None:
    marks = tuple(Mark(f"Имя{number}", "признан в РФ иноагентом " * 20) for number in range(10))
    names = " ".join(mark.name for mark in marks)
    for number in range(5):
        title = f"{number} <&> {names} " + "очень длинный заголовок " * 300
        world.story(title, summary="слово & <слово> 🇷🇺 " * 200, marks=marks)
    (said,) = await anna.says("/latest")
    assert len(said.plain.encode("utf-16-le")) // 2 <= 4096
    assert said.data["text"].count("<blockquote") >= 1


async def test_a_story_without_a_usable_address_is_still_told(anna: Person, world: World) -> None:
    world.story("Без ссылки", url="javascript:alert(1)", summary="")
    (said,) = await anna.says("/latest")
    assert "href" not in said.data["text"]


async def test_why_tells_importance_topic_decision_and_sources(anna: Person, world: World) -> None:
    story = world.story("Кризис в Алеппо", "syria", sources=("Труд", "ТАСС"))
    await anna.says("/follow сирия")
    (said,) = await anna.says("/why")
    assert said.plain == (
        "Кризис в Алеппо\n\n"
        "Важность: важное\n• На главной странице источника — 1‑е место\n\n"
        "Тема: Сирия\n• В заголовке: Кризис в Алеппо\n\n"
        "Уведомление: не понадобилось\n• Вы уже видели её здесь, в чате\n"
        "Для этой темы вы выбрали: всё подряд\n\n"
        "Об этом пишут: Труд, ТАСС"
    )
    button = await anna.presses(f"why:{story.id}")
    assert button[0].plain == said.plain
    assert button[-1].method == "answerCallbackQuery"


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        (NotificationState.DUE, None, "Notification: on its way"),
        (NotificationState.SENT, None, "Notification: sent"),
        (
            NotificationState.HELD,
            Reason("late", {"hours": 7}),
            "Notification: held back\n• It became known 7 hours after",
        ),
        (NotificationState.SKIPPED, Reason("paused"), "Notification: not sent\n• You had paused notifications"),
        (NotificationState.UNKNOWN, Reason("answer_lost"), "Notification: it may have arrived\n• Telegram’s answer"),
        (NotificationState.PARKED, Reason("refused", {"text": "<x>"}), "not sent\n• Telegram refused the message: <x>"),
        (NotificationState.SKIPPED, Reason("of_a_later_version"), "not sent\n• of_a_later_version"),
    ],
)
async def test_why_tells_what_became_of_the_notification(
    john: Person, world: World, state: NotificationState, reason: Reason | None, said: str
) -> None:
    await john.says("/follow syria")
    story = world.story("Aleppo", "syria")
    (subscriber,) = world.store.subscribers.values()
    world.store.notify(
        Notification(
            story_id=story.id,
            subscriber_id=subscriber.id,
            topic_id=world.store.topic_ids["syria"],
            created_at=world.now,
            due_at=world.now,
            state=state,
            reason=reason,
        )
    )
    assert said in (await john.says("/why"))[0].plain


async def test_why_of_top_news_says_that_they_look_at_every_story(john: Person, world: World) -> None:
    world.story("Aleppo", level=Level.BREAKING)
    await john.says("/follow top news")
    said = (await john.says("/why"))[0].plain
    assert "Topic: Top news\n• “Top news” looks at every story" in said
    assert "Your setting for this topic: major" in said


async def test_why_of_a_story_one_was_not_told(john: Person, world: World) -> None:
    story = world.story("Aleppo", "syria")
    said = (await john.presses(f"why:{story.id}"))[0].plain
    assert "Notification: none\nYou don’t follow this topic." in said


async def test_why_names_the_story_that_this_one_continues(anna: Person, world: World) -> None:
    story = world.story("Кризис в Алеппо", "syria")
    earlier = world.story("Бои <у> Алеппо", "syria", hours=12 * 24)
    world.store.continues[story.id] = earlier.id
    said = (await anna.presses(f"why:{story.id}"))[0].plain
    assert said.endswith("Продолжение истории от 11 ноября: Бои <у> Алеппо")


async def test_why_before_anything_was_told(anna: Person) -> None:
    assert (await anna.says("/why"))[0].plain == "Я ещё не присылал вам новостей."


async def test_why_of_a_story_that_is_gone(anna: Person) -> None:
    (answer,) = await anna.presses("why:123456")
    assert answer.plain == "Этой новости больше нет в архиве."


async def test_why_stays_within_one_message(anna: Person, world: World) -> None:
    story = world.story("длинный <заголовок> " * 500, sources=tuple(f"Источник {n} & " * 30 for n in range(40)))
    because = tuple(Reason("topic_title", {"words": "слово <&> " * 300}) for _ in range(6))
    world.store.stories[story.id] = replace(story, because=because)
    (said, _) = await anna.presses(f"why:{story.id}")
    assert said.plain.endswith("и ещё 30")


async def test_times_are_those_of_the_subscriber(anna: Person, world: World) -> None:
    world.story("Важное")
    world.now += timedelta(days=1)
    (said,) = await anna.says("/latest")
    assert "Труд · вчера, 16:40" in said.plain
