"""Groups, forum threads and channels; coming and going; what goes wrong."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from bot.model import Level, SubscriberState
from handlers import COMMANDS, create_dispatcher
from tests.fakes.memory_store import MemoryStore
from tests.handlers.conftest import Person, World

MEMBER = {"status": "member"}
KICKED = {"status": "kicked", "until_date": 0}
LEFT = {"status": "left"}
RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def administrator(**rights: bool) -> dict[str, Any]:
    return {"status": "administrator", **dict.fromkeys(RIGHTS, False), **rights}


# --- a group's settings are its administrators' ---


SETTINGS = [
    "/start",
    "/follow сирия",
    "/unfollow сирия",
    "/pause",
    "/pause 3ч",
    "/resume",
    "/quiet",
    "/quiet 22-8",
    "/digest",
    "/settings",
    "/settings Берлин",
    "/forget",
]
READING = ["/topics", "/latest", "/why", "/help", "/privacy"]
BUTTONS = [
    "follow:2:1",
    "follow:2:0",
    "topics",
    "card:2",
    "level:2:1",
    "sound:2:0",
    "mutetopic:2:24",
    "mute:1:1",
    "pause:1",
    "morning",
    "resume",
    "quiet:1320:480:1",
    "digest:daily:9:-1",
    "digestonly:1",
    "stopd:daily",
    "settings:main",
    "cap:3",
    "soundfrom:3",
    "zone:Europe/Berlin",
    "lang:en",
    "here",
    "forget:1",
]


@pytest.mark.parametrize("text", SETTINGS)
async def test_only_administrators_set(group_member: Person, group_admin: Person, world: World, text: str) -> None:
    said = (await group_member.says(text))[-1]
    assert said.plain == "Здесь настройки меняют только администраторы."
    assert not world.store.subscribers
    assert "администраторы" not in (await group_admin.says(text))[-1].plain


@pytest.mark.parametrize("data", BUTTONS)
async def test_nor_do_others_by_buttons(group_member: Person, group_admin: Person, world: World, data: str) -> None:
    await group_admin.says("/follow сирия")
    before = dict(world.store.followed)
    said = (await group_member.presses(data))[-1]
    assert (said.method, said.plain) == ("answerCallbackQuery", "Здесь настройки меняют только администраторы.")
    assert world.store.followed == before


@pytest.mark.parametrize("text", READING)
async def test_everybody_reads(group_member: Person, text: str) -> None:
    (said,) = await group_member.says(text)
    assert "администраторы" not in said.plain


async def test_an_anonymous_administrator_speaks_as_the_group(group_member: Person, world: World) -> None:
    await group_member.says("/follow сирия", sender_chat={"id": -100, "type": "supergroup", "title": "…"})
    assert len(world.store.followed) == 1
    await group_member.says("/follow украина", sender_chat={"id": -777, "type": "channel", "title": "…"})
    assert len(world.store.followed) == 1


async def test_who_cannot_be_looked_up_sets_nothing(group_admin: Person, world: World) -> None:
    world.session.fail("getChatMember", 400, "Bad Request: CHAT_ADMIN_REQUIRED")
    await group_admin.says("/follow сирия")
    assert not world.store.followed


async def test_a_group_keeps_its_language_whoever_starts(group_admin: Person, world: World) -> None:
    await group_admin.says("/start")
    group_admin.language = "en"
    assert (await group_admin.says("/start"))[-1].plain.startswith("Я читаю")


async def test_commands_for_other_bots_are_not_ours(group_admin: Person, anna: Person) -> None:
    for text in ("/start@other_bot", "/follow@other_bot сирия", "/nonsense@other_bot"):
        assert not [call for call in await group_admin.says(text) if call.method == "sendMessage"]
    assert (await group_admin.says("/topics@GLAVNOE_bot"))[-1].buttons


async def test_the_talk_of_a_group_is_not_answered(group_member: Person, world: World) -> None:
    for text in ("сирия", "всем привет", "/nonsense"):
        assert not await group_member.says(text)
    assert not await group_member.sends({"sticker": None, "caption": "x"})
    assert (await group_member.says("/nonsense@glavnoe_bot"))[-1].method == "sendMessage"


async def test_a_forum_thread_is_a_subscriber_of_its_own(world: World) -> None:
    world.session.admins.add(9)
    thread = Person(world, chat_id=-100, user_id=9, chat_kind="supergroup", thread_id=33, is_forum=True)
    calls = await thread.says("/follow сирия")
    assert calls[-1].data["message_thread_id"] == 33
    assert [(one.chat_id, one.thread_id) for one in world.store.subscribers.values()] == [(-100, 33)]
    await thread.presses(f"level:{world.store.topic_ids['syria']}:3")
    assert [one.level for one in world.store.followed.values()] == [Level.BREAKING]


async def test_a_reply_thread_outside_forums_is_not_a_forum_thread(group_admin: Person, world: World) -> None:
    await group_admin.says("/follow сирия", message_thread_id=77)
    assert [one.thread_id for one in world.store.subscribers.values()] == [0]


# --- coming and going ---


async def test_blocking_is_noticed_at_once_and_unblocking_too(anna: Person, world: World) -> None:
    await anna.says("/start")
    (subscriber,) = world.store.subscribers
    await anna.membership(MEMBER, KICKED)
    assert world.store.subscribers[subscriber].state is SubscriberState.GONE
    await anna.membership(KICKED, MEMBER)
    assert world.store.subscribers[subscriber].state is SubscriberState.ACTIVE


async def test_who_writes_to_us_can_be_reached_again(anna: Person, world: World) -> None:
    await anna.says("/start")
    await anna.membership(MEMBER, KICKED)
    await anna.says("/topics")
    assert [one.state for one in world.store.subscribers.values()] == [SubscriberState.ACTIVE]


async def test_a_group_that_adds_the_bot_is_welcomed_with_the_topics(group_admin: Person, world: World) -> None:
    (said,) = await group_admin.membership(LEFT, MEMBER)
    assert said.plain.startswith("Я читаю")
    assert said.buttons
    assert [one.chat_kind for one in world.store.subscribers.values()] == ["supergroup"]
    assert not await group_admin.membership(MEMBER, administrator())
    await group_admin.membership(administrator(), LEFT)
    assert [one.state for one in world.store.subscribers.values()] == [SubscriberState.GONE]
    await group_admin.membership(LEFT, MEMBER)
    assert [one.state for one in world.store.subscribers.values()] == [SubscriberState.ACTIVE]


async def test_a_channel_gets_the_top_news_once_the_bot_may_post(world: World) -> None:
    channel = Person(world, chat_id=-200, user_id=9, chat_kind="channel")
    assert not await channel.membership(LEFT, administrator(can_post_messages=False))
    assert not world.store.followed
    (said,) = await channel.membership(administrator(), administrator(can_post_messages=True))
    assert said.plain == "Здесь будут появляться самые важные новости."
    (subscription,) = world.store.followed.values()
    assert (subscription.topic.slug, subscription.level) == ("main", Level.MAJOR)
    assert not await channel.membership(administrator(), administrator(can_post_messages=True))


async def test_a_channels_posts_are_not_ours(world: World) -> None:
    chat = {"id": -200, "type": "channel", "title": "…"}
    assert not await world.update({"channel_post": {"message_id": 1, "date": 1, "chat": chat, "text": "/start"}})
    assert not world.store.subscribers


@pytest.mark.parametrize("side", ["migrate_to_chat_id", "migrate_from_chat_id"])
async def test_a_group_that_becomes_a_supergroup_takes_its_topics_along(world: World, side: str) -> None:
    world.session.admins.add(9)
    old = Person(world, chat_id=-5, user_id=9, chat_kind="group")
    new = Person(world, chat_id=-1005, user_id=9, chat_kind="supergroup")
    await old.says("/follow сирия")
    await (old.sends({side: -1005}) if side == "migrate_to_chat_id" else new.sends({side: -5}))
    assert [one.chat_id for one in world.store.subscribers.values()] == [-1005]
    assert "✅ Сирия" in [button["text"] for button in (await new.says("/topics"))[0].buttons]


# --- pause, forget, help ---


async def test_pause_and_resume(anna: Person, world: World) -> None:
    (said,) = await anna.says("/pause")
    assert [one.state for one in world.store.subscribers.values()] == [SubscriberState.PAUSED]
    for _ in range(2):
        await anna.presses(said.button("Возобновить"))
        assert [one.state for one in world.store.subscribers.values()] == [SubscriberState.ACTIVE]
    await anna.says("/pause")
    assert (await anna.says("/resume"))[0].plain.startswith("Уведомления включены")
    assert [one.state for one in world.store.subscribers.values()] == [SubscriberState.ACTIVE]


async def test_forget_asks_once_and_deletes_everything(anna: Person, world: World) -> None:
    world.story("Алеппо", "syria")
    await anna.says("/follow сирия")
    (asked,) = await anna.says("/forget")
    kept = await anna.presses(asked.button("Нет"))
    assert kept[0].plain.startswith("Ничего не")
    assert world.store.followed
    for _ in range(2):
        gone = await anna.presses(asked.button("Да"))
        assert "Извините" not in gone[-1].plain
    assert gone[-1].method == "answerCallbackQuery"
    assert not world.store.subscribers
    assert not world.store.followed
    assert not world.store.notifications
    assert not [button for button in (await anna.says("/start"))[0].buttons if "✅" in button["text"]]


async def test_help_lists_every_command_in_both_languages(anna: Person, john: Person) -> None:
    (russian,) = await anna.says("/help")
    (english,) = await john.says("/help")
    for command in ("topics", "latest", "follow", "unfollow", "why", "pause", "resume", "privacy", "forget", "help"):
        assert f"/{command} — " in russian.plain
        assert f"/{command} — " in english.plain


async def test_every_command_of_the_list_is_known(anna: Person) -> None:
    for command in COMMANDS:
        assert "не знаю" not in (await anna.says(f"/{command}"))[0].plain


async def test_privacy_says_what_is_kept(john: Person) -> None:
    (said,) = await john.says("/privacy")
    assert "/forget deletes everything" in said.plain


# --- what nobody understood ---


async def test_plain_words_are_offered_as_a_topic(anna: Person) -> None:
    (said,) = await anna.says("женева переговоры")
    assert said.plain.startswith("женева переговоры")
    assert said.button("Следить")
    (said,) = await anna.says("Сирия")
    assert said.button("➕ Сирия").startswith("follow:")


async def test_everything_else_is_answered_kindly(anna: Person) -> None:
    (said,) = await anna.sends({"location": {"latitude": 55.7, "longitude": 37.6}})
    assert said.plain.startswith("Я понимаю только слова")
    (said,) = await anna.says("/nonsense")
    assert "/help" in said.plain
    (said,) = await anna.says("/")
    assert "/help" in said.plain


# --- what goes wrong ---


class BrokenStore(MemoryStore):
    """Loses its database once the chat is known."""

    async def subscriptions(self, subscriber_id: int) -> Any:
        raise RuntimeError("no such table: secret words of a reader")


@pytest.fixture
def broken(world: World) -> World:
    world.store.__class__ = BrokenStore
    return world


async def test_a_failure_is_one_log_line_without_words_and_an_apology(anna: Person, broken: World) -> None:
    with structlog.testing.capture_logs() as logs:
        (said,) = await anna.says("/unfollow секрет")
    assert said.plain.startswith("Извините")
    (line,) = logs
    assert (line["event"], line["log_level"], line["error"]) == ("conversation.failed", "error", "RuntimeError")
    assert "test_chats.py" in line["where"]
    assert "секрет" not in str(line)
    assert "secret" not in str(line)


async def test_a_button_that_fails_is_answered_too(john: Person, broken: World) -> None:
    (answer,) = await john.presses("topics")
    assert (answer.method, answer.plain) == (
        "answerCallbackQuery",
        "Sorry, something went wrong. Please try again a little later.",
    )


async def test_a_failed_apology_is_only_logged(anna: Person, broken: World) -> None:
    broken.session.fail("sendMessage", 500, "Internal Server Error: restart")
    with structlog.testing.capture_logs() as logs:
        assert not await anna.says("/topics")
    assert [line["event"] for line in logs] == ["conversation.failed", "conversation.no_apology"]


async def test_who_blocked_us_meanwhile_gets_no_apology(anna: Person, world: World) -> None:
    world.session.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
    with structlog.testing.capture_logs() as logs:
        assert not await anna.says("/topics")
    assert [(line["event"], line["log_level"]) for line in logs] == [("conversation.reply_refused", "info")]


async def test_other_refusals_are_mistakes_of_ours(anna: Person, world: World) -> None:
    world.session.fail("editMessageText", 400, "Bad Request: can't parse entities")
    with structlog.testing.capture_logs() as logs:
        (answer,) = await anna.presses("topics")
    assert answer.plain.startswith("Извините")
    assert [line["error"] for line in logs] == ["TelegramBadRequest"]


async def test_a_dialogue_goes_on_after_a_restart(anna: Person, world: World) -> None:
    await anna.says("/follow сирия")
    (asked,) = await anna.says("/forget")
    world.dispatcher = create_dispatcher(world.use_cases)
    assert (await anna.presses(asked.button("Да")))[0].plain.startswith("Всё удалено")


async def test_two_dispatchers_can_live_side_by_side() -> None:
    first, second = World(), World()
    assert first.dispatcher is not second.dispatcher
    wanted = {"message", "edited_message", "callback_query", "my_chat_member"}
    assert set(first.dispatcher.resolve_used_update_types()) == wanted
