"""How buttons are made and laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

_EMOJI_STYLE: Final = "\N{VARIATION SELECTOR-16}"
"""Takes no room."""


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def choice(text: str, chosen: bool, data: CallbackData) -> InlineKeyboardButton:
    """One of several states; the one that holds is ticked."""
    return button(f"✅ {text}" if chosen else text, data)


def column(buttons: Iterable[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """One below the other."""
    return keyboard(grid(buttons, 1))


def grid(buttons: Iterable[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    """Rows of `width`; the last may be shorter."""
    row = list(buttons)
    return [row[start : start + width] for start in range(0, len(row), width)]


def joined(*keyboards: InlineKeyboardMarkup) -> InlineKeyboardMarkup:
    """One below the other."""
    return keyboard(*(each.inline_keyboard for each in keyboards))


def keyboard(*parts: Iterable[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup:
    """Parts of rows, one below the other."""
    return InlineKeyboardMarkup(inline_keyboard=[row for part in parts for row in part])


_NARROW: Final = 15
"""Characters of a label that half a phone's width shows: 360 points wide, letters of 15 points (looked at)."""


def flow(buttons: Iterable[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Two side by side where both have room, in order; a long one has a row of its own."""
    rows: list[list[InlineKeyboardButton]] = []
    for each in buttons:
        beside = rows and len(rows[-1]) == 1 and _is_narrow(rows[-1][0]) and _is_narrow(each)
        rows[-1:] = [[*rows[-1], each]] if beside else [*rows[-1:], [each]]
    return rows


def _is_narrow(one: InlineKeyboardButton) -> bool:
    return len(one.text.replace(_EMOJI_STYLE, "")) <= _NARROW


def pages(page: int, last: int, to: Callable[[int], CallbackData]) -> list[list[InlineKeyboardButton]]:
    """The way to the pages before and after, numbered from 0; no row if there is one only."""
    turns = [(page - 1, f"‹ {page} / {last + 1}"), (page + 1, f"{page + 2} / {last + 1} ›")]
    row = [button(label, to(number)) for number, label in turns if 0 <= number <= last]
    return [row] if row else []
