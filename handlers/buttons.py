"""How buttons are made and laid out."""

from __future__ import annotations

from collections.abc import Iterable

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
