"""What the stand-in knows: the bot, its chats, its profile, and what is on its way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.demo.chats import Chat, Json, Message, User, member_json, message_json
from bot.demo.judge import Execute
from bot.demo.refusal import bad_request
from bot.demo.updates import UpdateQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button."""

    id: str
    user: User
    message: Message
    data: str
    answer: Json | None = None
    """The parameters of the bot's answerCallbackQuery; None while it hasn't answered."""


@dataclass(slots=True)
class World:
    bot: User
    judge: Execute | None
    """Telegram's own text parser, or None for ours."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    chats: dict[int, Chat] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    profile: dict[tuple[str, ...], Any] = field(default_factory=dict)
    """Commands, names, descriptions, menu buttons by kind, scope and language."""
    webhook: Json = field(default_factory=dict)
    """The parameters of setWebhook; empty without one."""
    last_message_id: int = 0
    observers: list[Callable[[Message, Message | None], None]] = field(default_factory=list)
    """Called with every message as it is now, and as it was (None: it is new)."""

    def chat(self, given: int | str) -> Chat:
        """By id or @username. Raises RefusalError for a chat that nobody opened."""
        for chat in self.chats.values():
            if chat.id == given or (chat.username and given == f"@{chat.username}"):
                return chat
        raise bad_request("chat not found")

    def open_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def writable(self, parameters: Json) -> Chat:
        """The chat to write to. Raises RefusalError if the bot can't, or if there's no such thread."""
        chat = self.chat(parameters["chat_id"])
        if chat.closed:
            raise chat.closed
        thread = parameters.get("message_thread_id")
        if thread is not None and thread not in chat.threads:
            raise bad_request("message thread not found")
        return chat

    def message(self, chat: Chat, message_id: int | None, action: str) -> Message:
        message = chat.messages.get(message_id or 0)
        if message is None or message.deleted:
            raise bad_request(f"message to {action} not found")
        return message

    def post(self, chat: Chat, **fields: Any) -> Message:
        """Put a message into the chat."""
        self.last_message_id += 1
        message = Message(id=self.last_message_id, chat_id=chat.id, sent_at=self.clock(), **fields)
        self._keep(message, None)
        return message

    def change(self, message: Message, **fields: Any) -> Message:
        changed = replace(message, **fields)
        self._keep(changed, self.chats[message.chat_id].messages[message.id])
        return changed

    def _keep(self, message: Message, before: Message | None) -> None:
        self.chats[message.chat_id].messages[message.id] = message
        for observe in self.observers:
            observe(message, before)

    def tell(self, chat: Chat, message: Message) -> None:
        """Send the bot a message as an update."""
        kind = "channel_post" if chat.kind == "channel" else "message"
        self.updates.add(kind, message_json(message, chat))

    def set_bot_status(self, chat: Chat, by: User, status: str) -> None:
        """The bot's own membership changes; it is told by my_chat_member."""
        _, old = chat.members.get(self.bot.id, (self.bot, "left"))
        chat.members[self.bot.id] = (self.bot, status)
        change = {"chat": chat.as_json(), "from": by.as_json(), "date": int(self.clock().timestamp())}
        change |= {"old_chat_member": member_json(self.bot, old), "new_chat_member": member_json(self.bot, status)}
        self.updates.add("my_chat_member", change)
