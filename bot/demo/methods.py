"""The methods the stand-in plays: each turns checked parameters into a result and changes the world.

Raise RefusalError for what the official server refuses, in its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from bot.demo.api_table import table
from bot.demo.chats import Chat, Json, Message, member_json, message_json
from bot.demo.profile import PROFILE_METHODS
from bot.demo.refusal import RefusalError, bad_request, forbidden
from bot.demo.rules import check_markup, formatted
from bot.demo.world import World

Method = Callable[[World, Json], Any]
ACTIONS: Final = re.compile(
    "typing|choose_sticker|find_location|(?:record|upload)_(?:video|voice|video_note)|upload_(?:photo|document)"
)
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
STALE_QUERY: Final = "query is too old and response timeout expired or query ID is invalid"


def get_me(world: World, _parameters: Json) -> Json:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return world.bot.as_json() | abilities | {"can_connect_to_business": False, "has_main_web_app": False}


async def get_updates(world: World, parameters: Json) -> list[Json]:
    if world.webhook:
        raise RefusalError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook",
        )
    world.updates.allow(parameters.get("allowed_updates"))
    limit = max(1, parameters.get("limit", 100))
    return await world.updates.poll(parameters.get("offset", 0), limit, min(parameters.get("timeout", 0), 50))


def set_webhook(world: World, parameters: Json) -> bool:
    url = parameters["url"]
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.webhook = dict(parameters) if url else {}
    world.updates.allow(parameters.get("allowed_updates"))
    if parameters.get("drop_pending_updates"):
        world.updates.forget()
    return True


def delete_webhook(world: World, parameters: Json) -> bool:
    return set_webhook(world, {"url": ""} | parameters)


def get_webhook_info(world: World, _parameters: Json) -> Json:
    info = {"url": world.webhook.get("url", ""), "has_custom_certificate": False}
    return info | {"pending_update_count": world.updates.pending, "allowed_updates": world.updates.allowed}


def send_message(world: World, parameters: Json) -> Json:
    check_markup(parameters.get("reply_markup"))
    text, entities = formatted(parameters, world.judge)
    chat = world.writable(parameters)
    message = world.post(
        chat,
        text=text,
        entities=entities,
        sender=None if chat.kind == "channel" else world.bot,
        markup=parameters.get("reply_markup"),
        thread_id=parameters.get("message_thread_id"),
        reply_to=_reply_to(chat, parameters.get("reply_parameters")),
        silent=parameters.get("disable_notification", False),
        link_preview=parameters.get("link_preview_options"),
    )
    return message_json(message, chat)


def _reply_to(chat: Chat, reply: Json | None) -> int | None:
    if reply is None:
        return None
    if "message_id" not in reply:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(reply["message_id"])
    if message and not message.deleted:
        return message.id
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _editable(world: World, parameters: Json) -> tuple[Chat, Message]:
    if "inline_message_id" in parameters:
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in parameters or "message_id" not in parameters:
        raise bad_request("message identifier is not specified")
    chat = world.chat(parameters["chat_id"])
    if chat.closed:
        raise chat.closed
    message = world.message(chat, parameters["message_id"], "edit")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(world: World, chat: Chat, message: Message, changed: Message) -> Json:
    if changed == message:
        raise bad_request(NOT_MODIFIED)
    return message_json(world.change(changed, edited_at=world.clock()), chat)


def edit_message_text(world: World, parameters: Json) -> Json:
    if "text" not in parameters:
        raise bad_request("message text is empty")
    check_markup(parameters.get("reply_markup"))
    text, entities = formatted(parameters, world.judge)
    chat, message = _editable(world, parameters)
    preview, markup = parameters.get("link_preview_options"), parameters.get("reply_markup")
    changed = replace(message, text=text, entities=entities, markup=markup, link_preview=preview)
    return _edit(world, chat, message, changed)


def edit_message_reply_markup(world: World, parameters: Json) -> Json:
    check_markup(parameters.get("reply_markup"))
    chat, message = _editable(world, parameters)
    return _edit(world, chat, message, replace(message, markup=parameters.get("reply_markup")))


def delete_message(world: World, parameters: Json) -> bool:
    chat = world.chat(parameters["chat_id"])
    message = world.message(chat, parameters["message_id"], "delete")
    world.change(message, deleted=True)
    return True


def delete_messages(world: World, parameters: Json) -> bool:
    """Those that aren't there are passed over."""
    chat = world.chat(parameters["chat_id"])
    for message_id in parameters["message_ids"]:
        if message_id in chat.messages:
            world.change(chat.messages[message_id], deleted=True)
    return True


def answer_callback_query(world: World, parameters: Json) -> bool:
    press = world.presses.get(parameters["callback_query_id"])
    if press is None:
        raise bad_request(STALE_QUERY)
    world.presses[press.id] = replace(press, answer=dict(parameters))
    return True


def send_chat_action(world: World, parameters: Json) -> bool:
    if not ACTIONS.fullmatch(parameters["action"]):
        raise bad_request("wrong parameter action in request")
    world.writable(parameters)
    return True


def get_chat(world: World, parameters: Json) -> Json:
    chat = world.chat(parameters["chat_id"])
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    accepted = dict.fromkeys(gifts, False)
    return chat.as_json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": accepted}


def get_chat_member(world: World, parameters: Json) -> Json:
    chat = world.chat(parameters["chat_id"])
    if parameters["user_id"] not in chat.members:
        raise bad_request("user not found")
    return member_json(*chat.members[parameters["user_id"]])


def get_chat_administrators(world: World, parameters: Json) -> list[Json]:
    chat = world.chat(parameters["chat_id"])
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    rulers = {"creator", "administrator"}
    return [member_json(user, status) for user, status in chat.members.values() if status in rulers]


def get_chat_member_count(world: World, parameters: Json) -> int:
    chat = world.chat(parameters["chat_id"])
    return sum(1 for _, status in chat.members.values() if status not in {"left", "kicked"})


def leave_chat(world: World, parameters: Json) -> bool:
    chat = world.chat(parameters["chat_id"])
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.set_bot_status(chat, world.bot, "left")
    chat.closed = forbidden(f"bot is not a member of the {chat.kind} chat")
    return True


METHODS: Final[dict[str, Method]] = PROFILE_METHODS | {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}


def play(world: World, method: str, parameters: Json) -> Any:
    """The method's result, or an awaitable of it. A method that isn't played answers True where that's its answer."""
    if method in METHODS:
        return METHODS[method](world, parameters)
    if method not in table().answers_true:
        raise bad_request(f"the stand-in doesn't play {method}")
    if "chat_id" in parameters:
        world.writable(parameters)
    return True
