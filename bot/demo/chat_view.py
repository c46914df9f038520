"""A conversation on the terminal, as a phone would show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.align import Align
from rich.box import ROUNDED
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.demo.chats import Json, Message
from bot.demo.world import World

WIDTH: Final = 78
STYLES: Final = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "code": "cyan",
    "pre": "cyan",
    "blockquote": "dim",
    "expandable_blockquote": "dim",
}


def styled(text: str, entities: tuple[Json, ...]) -> Text:
    """The text with what its entities make of it."""
    units, result = text.encode("utf-16-le"), Text(text)
    for entity in entities:
        begin, end = (
            len(units[: 2 * place].decode("utf-16-le"))
            for place in (entity["offset"], entity["offset"] + entity["length"])
        )
        style = f"underline link {entity['url']}" if "url" in entity else STYLES.get(entity["type"], "")
        result.stylize(style, begin, end)
    return result


def keyboard(message: Message) -> Text:
    """`[Читать] [Почему?]`, a line a row."""
    rows = (" ".join(f"[{button.text}]" for button in row) for row in message.rows)
    return Text("\n".join(rows), style="bold blue")


@dataclass(slots=True)
class ChatView:
    """Prints every message of a world when it comes or changes. Put `show` among the world's observers."""

    world: World
    console: Console

    def show(self, message: Message, before: Message | None) -> None:
        if message.deleted or not message.text:
            return
        if message.from_bot:
            self._bot(message, before)
        else:
            self._person(message)

    def _person(self, message: Message) -> None:
        self.says(self._place(message), message.text)

    def says(self, name: str, text: str) -> None:
        """Something a person wrote or did, on the right."""
        time = f"{self.world.clock().astimezone():%H:%M:%S}"
        line = Text.assemble((text, "bold green"), f"  {name}, {time}")
        self.console.print(Align.right(line, width=min(WIDTH, self.console.width)))

    def _bot(self, message: Message, before: Message | None) -> None:
        shown = [keyboard(message)] if before and before.text == message.text else self._whole(message)
        time = (message.edited_at or message.sent_at).astimezone()
        mark = " (changed)" if before else " (silent)" if message.silent else ""
        title = f"{self.world.bot.name} → {self._place(message)}, {time:%H:%M:%S}{mark}"
        width = min(WIDTH, self.console.width)
        self.console.print(
            Panel(Group(*shown), title=title, title_align="left", width=width, box=ROUNDED, border_style="blue")
        )

    @staticmethod
    def _whole(message: Message) -> list[Text]:
        text = styled(message.text, message.entities)
        return [text, Text(), keyboard(message)] if message.buttons else [text]

    def _place(self, message: Message) -> str:
        return self.world.chats[message.chat_id].name
