"""Everything that can be pressed is pressed: breadth first, twice, when it's stale, by others, and forged.

Every press is answered exactly once and without an apology; every message is one that Telegram takes (judged where it
is sent) and leads on: by a button, or by a command that it names.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.model import Archived, DigestKind, Level, Story, Topic
from bot.telegram.callbacks import DigestOnly, SettingsMenu, StillHere, StopDigest, WhyStory
from tests.fakes.telegram_session import Call
from tests.handlers.conftest import PUBLISHER, Person, World
from tests.handlers.test_topics import of
from tests.unit.telegram.test_callbacks import ALL

COMMANDS: Final = (
    "/start", "/start topic_syria", "/start topic_nonsense_0-9", "/topics", "/follow", "/follow сирия",
    "/follow алеппо", "/follow олеппо", "/follow нефть", "/follow (", "/unfollow", "/unfollow ничего", "/latest",
    "/search", "/search женева", "/search жинева", "/search (", "/sections", "/sources", "/why", "/digest", "/quiet",
    "/quiet 22-8", "/quiet x", "/pause", "/pause 3ч", "/pause x", "/resume", "/settings", "/settings екатиринбурк",
    "/settings яяя", "/cancel", "/privacy", "/forget", "/help", "женева переговоры", "олеппо", "в", "нефть",
)  # fmt: skip
UNDER_MESSAGES: Final = (
    *(StopDigest(kind=kind).pack() for kind in DigestKind),
    *(DigestOnly(on=on).pack() for on in (True, False)),
    SettingsMenu(page="quiet_below").pack(),
    SettingsMenu(page="digest_below").pack(),
    StillHere().pack(),
)
"""Buttons of digests and of the question whether somebody still reads."""
MOST_OF_A_KIND: Final = 6
"""Buttons of one kind that are pressed: hours of a day and cities are alike."""
APOLOGY: Final = re.compile("Извините|Sorry")


@pytest.fixture
def news(world: World) -> tuple[Story, ...]:
    """Enough of everything that there are pages of it."""
    told = [world.story(f"Переговоры в Женеве, день {day}", "diplomacy", hours=1 + day) for day in range(12)]
    told += [world.story(f"Нефть: цены растут, часть {part}", hours=2 + part / 10) for part in range(55)]
    told += [world.story("Кризис в Алеппо <&> боль", "syria", level=Level.BREAKING), world.story("т" * 300, "syria")]
    for number, archived in enumerate(world.store.articles):
        names = {"section": f"Раздел {number % 30} <&>", "author": f"Автор{number % 20} Иванов-Длиннофамильский"}
        world.store.articles[number] = replace(archived, article=replace(archived.article, **names))
    joins(world, told[-2], "Дамаск & Хомс")
    return tuple(told)


def joins(world: World, story: Story, title: str) -> None:
    first = next(one for one in world.store.articles if one.article.story_id == story.id)
    another = replace(first.article, id=first.article.id + 10_000, title=title)
    world.store.articles.insert(0, Archived(article=another, level=story.level))


def kind_of(data: str) -> str:
    return data.partition(":")[0]


def buttons(calls: Iterable[Call]) -> Iterator[str]:
    return (button["callback_data"] for call in calls for button in call.buttons if "callback_data" in button)


def check(calls: list[Call], what: str, *, pressed: bool = True) -> None:
    """What holds of every answer."""
    answers = [call for call in calls if call.method == "answerCallbackQuery"]
    assert len(answers) == pressed, what
    for call in calls:
        assert not APOLOGY.search(call.plain), what
        rows = (call.data.get("reply_markup") or {}).get("inline_keyboard", [])
        assert sum(map(len, rows)) <= 100, what
        for button in call.buttons:
            assert button["text"].strip(), what
            assert len(button.get("callback_data", "").encode()) <= 64, what
        if call.method in {"sendMessage", "editMessageText"}:
            leads_on = call.buttons or re.search(r"/[a-z]+", call.plain) or "force_reply" in str(call.data)
            assert leads_on, f"{what}: a dead end: {call.plain!r}"


async def press(person: Person, data: str) -> list[Call]:
    calls = await person.presses(data)
    check(calls, f"{person.language} {person.chat_kind} {data}")
    return calls


async def crawl(person: Person, *seeds: str) -> list[str]:
    """Say every command, then press every button that appears, twice; all that was pressed, in order."""
    waiting, known, kinds = deque(seeds), set(seeds), Counter[str]()
    pressed: list[str] = []

    def take(calls: list[Call]) -> None:
        for data in buttons(calls):
            if data not in known and kinds[kind_of(data)] < MOST_OF_A_KIND:
                known.add(data)
                kinds[kind_of(data)] += 1
                waiting.append(data)

    for text in (*COMMANDS, *(("/admin",) if person.user_id == PUBLISHER else ())):
        calls = await person.says(text)
        check(calls, text, pressed=False)
        take(calls)
    while waiting:
        data = waiting.popleft()
        pressed.append(data)
        for _ in range(2):
            take(await press(person, data))
    return pressed


async def answer(person: Person, question: Call, **content: Any) -> list[Call]:
    asked = {**person.message(person.world.session._next_message), "text": question.plain}
    return await person.sends(content, reply_to_message=asked)


PEOPLE: Final = {
    "in Russian": {"chat_id": 7, "user_id": 7},
    "in English": {"chat_id": 8, "user_id": 8, "language": "en"},
    "the publisher": {"chat_id": PUBLISHER, "user_id": PUBLISHER},
    "a group's administrator": {"chat_id": -100, "user_id": 9, "chat_kind": "supergroup"},
    "in a forum thread": {"chat_id": -100, "user_id": 9, "chat_kind": "supergroup", "thread_id": 5, "is_forum": True},
}


@pytest.mark.parametrize("who", PEOPLE)
async def test_every_button_is_answered_twice_when_stale_and_to_others(
    world: World, news: tuple[Story, ...], who: str
) -> None:
    world.session.admins.add(9)
    person = Person(world, **PEOPLE[who])  # type: ignore[arg-type]
    seeds = [*UNDER_MESSAGES, *(WhyStory(story=story.id).pack() for story in news[-2:])]
    pressed = await crawl(person, *seeds)
    assert len({kind_of(data) for data in pressed}) >= 25
    followed, drafts = dict(world.store.followed), dict(world.store.drafts)
    stranger = Person(world, chat_id=55, user_id=55)
    for data in pressed:  # by now many of them are stale
        await press(stranger, data)
    assert {key: one for key, one in world.store.followed.items() if key in followed} == followed
    assert {key: one for key, one in world.store.drafts.items() if key in drafts} == drafts
    await person.presses("forget:1")
    for data in pressed:
        await press(person, data)


async def test_a_member_of_a_group_changes_nothing_by_any_button(world: World, news: tuple[Story, ...]) -> None:
    world.session.admins.add(9)
    pressed = await crawl(Person(world, chat_id=-100, user_id=9, chat_kind="supergroup"))
    before = dict(world.store.followed), dict(world.store.subscribers), world.store.muted_stories.copy()
    member = Person(world, chat_id=-100, user_id=10, chat_kind="supergroup")
    for data in pressed:
        await press(member, data)
    seen = {key: replace(one, seen_at=None) for key, one in world.store.subscribers.items()}
    assert seen == {key: replace(one, seen_at=None) for key, one in before[1].items()}
    assert (world.store.followed, world.store.muted_stories) == (before[0], before[2])


def forgeries(data: str) -> Iterator[str]:
    parts = data.split(":")
    yield from (data[:-1], f"{data}:", f"{data}:1", data.upper(), f"\N{NO-BREAK SPACE}{data}", f"{data}\n")
    for at in range(1, len(parts)):
        for wrong in ("", "-1", "x", "٣", str(2**63), str(2**64), "1e3", "0x1", "'; --", "null", "True"):
            yield ":".join((*parts[:at], wrong, *parts[at + 1 :]))


@pytest.mark.parametrize("data", ALL, ids=lambda data: data.__prefix__)
async def test_the_largest_and_the_forged_are_answered(world: World, anna: Person, data: CallbackData) -> None:
    world.story("Алеппо", "syria")
    for forged in (data.pack(), *forgeries(data.pack())):
        if len(forged.encode()) <= 64:
            await press(anna, forged)


# --- what people send in place of words ---

ODD: Final[dict[str, dict[str, Any]]] = {
    "emoji": {"text": "😀👍🏽🇷🇺"},
    "very long": {"text": "слово " * 682},
    "one long word": {"text": "ж" * 4096},
    "HTML": {"text": "<b>женева</b> & <script>alert(1)</script>"},
    "right to left": {"text": "\u202eаверогнеж\u202c جنيف מלחמה"},
    "marks piled up": {"text": "ж" + "\u0301" * 300},
    "nothing to see": {"text": "\u200b\u2060\ufeff"},
    "a command in the middle": {"text": "женева /follow вена"},
    "lines": {"text": "женева\n\nпереговоры\n"},
    "a sticker": {
        "sticker": {
            "file_id": "x",
            "file_unique_id": "x",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    },
    "a forwarded photo": {
        "photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}],
        "caption": "женева",
        "forward_origin": {"type": "hidden_user", "sender_user_name": "Кто-то", "date": 1},
    },
    "a voice": {"voice": {"file_id": "x", "file_unique_id": "x", "duration": 1}},
    "a place": {"location": {"longitude": 1.0, "latitude": 1.0}},
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
@pytest.mark.parametrize("asked", ["words:0", "change", None])
async def test_anything_in_place_of_words_gets_one_answer_that_leads_on(
    anna: Person, world: World, asked: str | None, content: dict[str, Any]
) -> None:
    (said,) = await anna.says("/follow вена")
    changed = said.button("Настроить").replace("card", "words")
    calls = []
    if asked is not None:
        question = (await anna.presses(changed if asked == "change" else asked))[0]
        calls.append(await answer(anna, question, **content))
    calls.append(await anna.sends(content))
    for answers in calls:
        assert len(answers) == 1
        check(answers, str(content), pressed=False)
    assert len(world.store.followed) == 1


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
async def test_in_a_group_only_what_answers_us_is_answered(group_admin: Person, content: dict[str, Any]) -> None:
    (question,) = of(await group_admin.presses("words:0"), "sendMessage")
    assert await group_admin.sends(content) == []
    answers = await answer(group_admin, question, **content)
    assert len(of(answers, "sendMessage")) == 1


async def test_a_command_in_reply_to_a_question_is_a_command(anna: Person) -> None:
    question = (await anna.presses("words:0"))[0]
    (said,) = await answer(anna, question, text="/privacy")
    assert said.plain.startswith("Что я храню")


async def test_words_asked_for_in_place_of_others_need_not_be_a_reply(anna: Person, world: World) -> None:
    (said,) = await anna.says("/follow вена")
    card = said.button("Настроить")
    await anna.presses(card.replace("card", "words"))
    (shown,) = await anna.says("женева")
    assert shown.plain.startswith("вена →\nженева")
    (again,) = await anna.says("осло")  # another subject: the question has been answered
    assert again.plain.startswith("осло")


async def test_cancel_ends_the_question(anna: Person) -> None:
    (said,) = await anna.says("/follow вена")
    await anna.presses(said.button("Настроить").replace("card", "words"))
    (cancelled,) = await anna.says("/cancel")
    assert cancelled.plain == "Хорошо, ничего не изменилось."
    assert (await anna.says("женева"))[0].plain.startswith("женева")


async def test_words_that_were_changed_are_looked_at_anew(anna: Person, world: World) -> None:
    await anna.says("жинева")
    (shown,) = await world.update({"edited_message": {**anna.message(9), "edit_date": 2, "text": "женева"}})
    assert shown.plain.startswith("женева")
    (said,) = await world.update({"edited_message": {**anna.message(9), "edit_date": 2, "text": "/follow вена"}})
    assert "Пришлите её ещё раз" in said.plain
    assert not world.store.followed


async def test_an_anonymous_administrator_is_spoken_to_in_the_groups_language(world: World) -> None:
    group = Person(world, chat_id=-100, user_id=1087968824, chat_kind="supergroup")
    sender = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    for title, word in (("Семья", "Ваши темы"), ("Family", "Your topics")):
        chat = {**group.chat, "title": title}
        (said,) = await group.says("/topics", sender_chat=chat, chat=chat, **{"from": sender})
        assert said.plain.startswith(word)


# --- very many ---


async def test_very_many_topics_of_ones_own_are_all_within_reach(anna: Person, world: World) -> None:
    await anna.says("/start")
    (reader,) = world.store.subscribers.values()
    for number in range(200):
        topic = await world.store.topic(Topic(query=f"слово{number}"))
        await world.store.follow(reader.id, topic.id, Level.ROUTINE, world.now)
    (listed,) = await anna.says("/unfollow")
    check([listed], "/unfollow", pressed=False)
    (menu,) = await anna.says("/topics")
    seen: set[str] = set()
    while True:
        check([menu], "/topics", pressed=False)
        seen |= {button["text"] for button in menu.buttons}
        further = [button for button in menu.buttons if "›" in button["text"]]
        if not further:
            break
        menu = (await anna.presses(further[0]["callback_data"]))[0]
    assert sum("слово" in text for text in seen) == 200


async def test_five_hundred_sections_are_paged(anna: Person, world: World) -> None:
    for number in range(500):
        world.story(f"Новость {number}")
        newest = world.store.articles[0]
        named = replace(newest.article, section=f"Раздел{number} {'длинный ' * 30}<&>")
        world.store.articles[0] = replace(newest, article=named)
    for data in ("shelf:section:0", "shelf:section:24", "orders", "orderpage:41", "orderpage:10000"):
        await press(anna, data)
