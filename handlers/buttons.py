"""How buttons are made and laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup


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


_NARROW: Final = 19
"""Characters of a label that half a phone's width shows."""


def flow(buttons: Iterable[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Two side by side where both have room, in order; a long one has a row of its own."""
    rows: list[list[InlineKeyboardButton]] = []
    for each in buttons:
        beside = rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= _NARROW and len(each.text) <= _NARROW
        rows[-1:] = [[*rows[-1], each]] if beside else [*rows[-1:], [each]]
    return rows


def pages(page: int, last: int, to: Callable[[int], CallbackData]) -> list[list[InlineKeyboardButton]]:
    """The way to the pages before and after, numbered from 0; no row if there is one only."""
    turns = [(page - 1, f"‹ {page}"), (page + 1, f"{page + 2} ›")]
    row = [button(f"{label} / {last + 1}", to(number)) for number, label in turns if 0 <= number <= last]
    return [row] if row else []
