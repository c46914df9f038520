"""Chats, people and messages as a phone would show them, and how the Bot API writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.demo.refusal import RefusalError

Json = dict[str, Any]
RIGHTS: Final = (
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
    "can_post_messages",
    "can_edit_messages",
    "can_send_welcome_messages",
)
"""Of an administrator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: int
    name: str
    language_code: str = "ru"
    username: str | None = None
    is_bot: bool = False

    def as_json(self) -> Json:
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if not self.is_bot:
            user["language_code"] = self.language_code
        return user | ({"username": self.username} if self.username else {})


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `data` comes back when it's pressed, `url` opens; neither for the other kinds."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: int
    chat_id: int
    text: str
    """Plain, as shown."""
    sent_at: datetime
    sender: User | None
    """None in a channel."""
    entities: tuple[Json, ...] = ()
    """Offsets and lengths in UTF-16 units of `text`."""
    markup: Json | None = None
    """The reply markup as it was sent."""
    thread_id: int | None = None
    reply_to: int | None = None
    silent: bool = False
    link_preview: Json | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    service: Json = field(default_factory=dict)
    """Fields of a service message (members, migration)."""

    @property
    def from_bot(self) -> bool:
        return self.sender is None or self.sender.is_bot

    @property
    def rows(self) -> tuple[tuple[Button, ...], ...]:
        """The inline keyboard."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return tuple(tuple(Button(b["text"], b.get("callback_data"), b.get("url")) for b in row) for row in rows)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The inline keyboard, row after row."""
        return tuple(button for row in self.rows for button in row)

    @property
    def links(self) -> tuple[str, ...]:
        """Where the links in the text lead."""
        return tuple(entity["url"] for entity in self.entities if "url" in entity)

    def button(self, wanted: str) -> Button:
        """The first whose label or data is `wanted`, else whose label contains or data begins with it."""
        exact = [b for b in self.buttons if wanted in {b.text, b.data}]
        near = [b for b in self.buttons if wanted in b.text or (b.data or "").startswith(wanted)]
        for button in exact + near:
            return button
        raise LookupError(f"no button {wanted!r} under {self.text[:60]!r}: {[b.text for b in self.buttons]}")


@dataclass(slots=True, kw_only=True)
class Chat:
    """`kind` as the Bot API names it: private, group, supergroup or channel."""

    id: int
    kind: str
    name: str
    username: str | None = None
    is_forum: bool = False
    members: dict[int, tuple[User, str]] = field(default_factory=dict)
    """User and status (creator, administrator, member, left, kicked), the bot included."""
    threads: dict[int, str] = field(default_factory=dict)
    """Forum threads by id."""
    messages: dict[int, Message] = field(default_factory=dict)
    closed: RefusalError | None = None
    """Why the bot can't write here (blocked, kicked, deactivated, upgraded); None if it can."""

    @property
    def is_group(self) -> bool:
        return self.kind in {"group", "supergroup"}

    def shown(self) -> Iterator[Message]:
        """What the phone shows, oldest first."""
        return (message for message in self.messages.values() if not message.deleted)

    def as_json(self) -> Json:
        chat: Json = {"id": self.id, "type": self.kind}
        chat["first_name" if self.kind == "private" else "title"] = self.name
        if self.username:
            chat["username"] = self.username
        return chat | ({"is_forum": True} if self.is_forum else {})


def message_json(message: Message, chat: Chat) -> Json:
    """The message as updates and answers carry it."""
    result: Json = {"message_id": message.id, "date": int(message.sent_at.timestamp()), "chat": chat.as_json()}
    result |= message.service
    if message.sender is None:
        result["sender_chat"] = chat.as_json()
    else:
        result["from"] = message.sender.as_json()
    if message.text:
        result["text"] = message.text
    if message.thread_id is not None:
        result |= {"message_thread_id": message.thread_id, "is_topic_message": True}
    if message.edited_at:
        result["edit_date"] = int(message.edited_at.timestamp())
    optional: Mapping[str, Any] = {
        "entities": list(message.entities),
        "reply_markup": message.markup if message.rows else None,
        "link_preview_options": message.link_preview,
    }
    result |= {name: value for name, value in optional.items() if value}
    replied = chat.messages.get(message.reply_to or 0)
    return result | ({"reply_to_message": message_json(replied, chat)} if replied else {})


def member_json(user: User, status: str) -> Json:
    """A ChatMember."""
    member: Json = {"status": status, "user": user.as_json()}
    match status:
        case "creator":
            member["is_anonymous"] = False
        case "kicked":
            member["until_date"] = 0
        case "administrator":
            member |= dict.fromkeys(RIGHTS, True) | {"can_be_edited": False, "is_anonymous": False}
    return member
