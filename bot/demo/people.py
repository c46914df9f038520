"""The people and groups on the other side: what they do becomes updates for the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.demo.chats import Chat, Json, Message, User, message_json
from bot.demo.refusal import RefusalError, forbidden
from bot.demo.world import Press, World

COMMAND: Final = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?!\S)")


def command_entities(text: str) -> tuple[Json, ...]:
    """bot_command entities, in UTF-16 units."""
    return tuple(
        {
            "type": "bot_command",
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": found.end() - found.start(),
        }
        for found in COMMAND.finditer(text)
    )


@dataclass(slots=True)
class Person:
    """Someone with a phone. Their chat with the bot has their id."""

    world: World
    user: User

    @property
    def chat_id(self) -> int:
        return self.user.id

    @property
    def chat(self) -> Chat:
        return self.world.chats[self.user.id]

    @property
    def phone(self) -> tuple[Message, ...]:
        """The chat with the bot as it is shown now, oldest first."""
        return tuple(self.chat.shown())

    @property
    def received(self) -> tuple[Message, ...]:
        """The bot's part of it."""
        return tuple(message for message in self.phone if message.from_bot)

    async def says(self, text: str, *, chat: Group | None = None, thread_id: int | None = None) -> Message:
        """Write to the bot, or into a group (where a bot that isn't admin reads only commands)."""
        place = chat.chat if chat else self.chat
        message = self.world.post(
            place, text=text, sender=self.user, entities=command_entities(text), thread_id=thread_id
        )
        if chat is None or message.entities or chat.bot_status == "administrator":
            self.world.tell(place, message)
        return message

    async def presses(self, message: Message, button: str) -> Press:
        """Press an inline button, found by label or data, on the message as it is now (a stale one keeps its own)."""
        found = message.button(button)
        if found.data is None:
            raise LookupError(f"the button {found.text!r} sends nothing: it opens {found.url}")
        chat = self.world.chats[message.chat_id]
        press = Press(id=str(10_000 + len(self.world.presses)), user=self.user, message=message, data=found.data)
        self.world.presses[press.id] = press
        current = chat.messages.get(message.id, message)
        query = {"id": press.id, "from": self.user.as_json(), "message": message_json(current, chat)}
        self.world.updates.add("callback_query", query | {"chat_instance": str(chat.id), "data": found.data})
        return press

    def answer_to(self, press: Press) -> Json | None:
        """What the bot answered to a press: the parameters of answerCallbackQuery, None so far."""
        return self.world.presses[press.id].answer

    def blocks(self) -> None:
        self.chat.closed = forbidden("bot was blocked by the user")
        self.world.set_bot_status(self.chat, self.user, "kicked")

    def unblocks(self) -> None:
        self.chat.closed = None
        self.world.set_bot_status(self.chat, self.user, "member")

    def deactivates(self) -> None:
        """Deletes the account: the bot isn't told."""
        self.chat.closed = forbidden("user is deactivated")


@dataclass(slots=True)
class Group:
    """A group, a supergroup or a channel, with its members; the bot is one of them until it's removed."""

    world: World
    chat: Chat
    owner: User

    @property
    def chat_id(self) -> int:
        return self.chat.id

    @property
    def phone(self) -> tuple[Message, ...]:
        return tuple(self.chat.shown())

    @property
    def received(self) -> tuple[Message, ...]:
        return tuple(message for message in self.phone if message.from_bot)

    @property
    def bot_status(self) -> str:
        return self.chat.members.get(self.world.bot.id, (self.world.bot, "left"))[1]

    def joins(self, person: Person, status: str = "member") -> None:
        """`status`: creator, administrator or member."""
        self.chat.members[person.user.id] = (person.user, status)

    def adds_bot(self, status: str = "member") -> None:
        self.chat.closed = None
        self.world.set_bot_status(self.chat, self.owner, status)

    def removes_bot(self) -> None:
        kind = "group" if self.chat.kind == "group" else self.chat.kind
        self.chat.closed = forbidden(f"bot was kicked from the {kind} chat")
        self.world.set_bot_status(self.chat, self.owner, "kicked")

    def is_deleted(self) -> None:
        self.chat.closed = forbidden("the group chat was deleted")

    def opens_thread(self, thread_id: int, name: str) -> None:
        self.chat.is_forum = True
        self.chat.threads[thread_id] = name

    def closes_thread(self, thread_id: int) -> None:
        del self.chat.threads[thread_id]

    def becomes_supergroup(self, new_id: int) -> Group:
        """The old id answers 400 with `migrate_to_chat_id` from now on; the bot is told by service messages."""
        old = self.chat
        new = Chat(id=new_id, kind="supergroup", name=old.name, members=dict(old.members), threads=dict(old.threads))
        self.world.open_chat(new)
        self._announce(old, {"migrate_to_chat_id": new_id})
        self._announce(new, {"migrate_from_chat_id": old.id})
        old.closed = RefusalError(
            400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": new_id}
        )
        return Group(self.world, new, self.owner)

    def _announce(self, chat: Chat, service: Json) -> None:
        self.world.tell(chat, self.world.post(chat, text="", sender=self.owner, service=service))
