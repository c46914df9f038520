"""Authors as sources write them, cleaned of what is no person."""

from __future__ import annotations

import re
from typing import Final

from bot.parsing.text import line

_LIMIT: Final = 200
_CREDIT: Final = re.compile(r"^(?:фото|видео|иллюстраци[яи]|коллаж|источник|photo|image|video|кадр)\b", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"^(?:автор(?:ы)?(?: текста)?|текст|by|подготовил[аи]?|written by)\s*[:\s]\s*(?=\S)", re.IGNORECASE
)
_IN_MAIL: Final = re.compile(r"^\S+@\S+\s*\(([^()]+)\)$")
_ADDRESS: Final = re.compile(r"^\S*@\S+$|^(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-zа-я]{2,}(?:/\S*)?$", re.IGNORECASE)
_NOBODY: Final = frozenset({
    "труд", "trud.ru", "trud", "редакция", "admin", "administrator", "webmaster", "editor", "редактор", "news",
    "новости", "none", "null", "автор", "author",
})  # fmt: skip


def clean_author(written: str, outlet: str = "") -> str | None:
    """The author's name as written, without labels; None for photo credits, addresses and the outlet itself."""
    name = line(written, _LIMIT)
    if in_mail := _IN_MAIL.match(name):
        name = in_mail[1].strip()
    name = _LABEL.sub("", name).strip(" ,;|—–-")
    if not name or _CREDIT.match(name) or _ADDRESS.match(name) or not any(letter.isalpha() for letter in name):
        return None
    return None if name.casefold() in _NOBODY or name.casefold() == outlet.casefold() else name
