"""/sections and /sources: sections, authors and sources to follow, and the order of sections in digests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.errors import QueryError
from bot.ports import Carried
from bot.subscribers import shelves
from bot.subscribers.shelves import Order, Shelved
from bot.telegram.callbacks import FollowShelved, SectionOrder, SectionPage, SectionPlace, Shelf, TopicCard, TopicMenu
from bot.telegram.text import clean, clip
from bot.words import Words
from handlers import texts
from handlers.buttons import button, flow, grid, keyboard, pages
from handlers.flags import COSTLY, SETTINGS
from handlers.replies import change, send
from handlers.talk import Talk
from handlers.texts import html

_PAGE: Final = 12
"""Buttons: with those around them they fit a phone's screen."""
_LONGEST_NAME: Final = 24
"""UTF-16 units of a name that has a number after it: so many leave room for it."""
NAMES: Final[Mapping[Carried, str]] = {"section": "🗂 Sections", "author": "✍️ Authors", "source": "📰 Sources"}
"""What the shelves are called (English messages, to be translated)."""


def create_router() -> Router:
    router = Router(name="shelves")
    router.message.register(sections, Command("sections", ignore_case=True), flags=COSTLY)
    router.message.register(sources, Command("sources", ignore_case=True), flags=COSTLY)
    router.callback_query.register(show_shelf, Shelf.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(follow_shelved, FollowShelved.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(show_order, SectionOrder.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(turn_order_page, SectionPage.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(place_section, SectionPlace.filter(), flags={**SETTINGS, **COSTLY})
    return router


async def sections(message: Message, talk: Talk) -> None:
    await send(message, *await _shelf("section", 0, talk))


async def sources(message: Message, talk: Talk) -> None:
    await send(message, *await _shelf("source", 0, talk))


async def show_shelf(query: CallbackQuery, callback_data: Shelf, talk: Talk) -> None:
    await change(query, *await _shelf(callback_data.by, callback_data.page, talk))


async def follow_shelved(query: CallbackQuery, callback_data: FollowShelved, talk: Talk) -> str:
    by = callback_data.by
    try:
        followed = await shelves.follow_shelved(talk.use_cases, talk.subscriber, by, callback_data.digest, talk.now)
    except QueryError as error:
        return talk.words.query_error(error)
    talk = talk if followed is None else talk.with_(followed.subscriber)
    await change(query, *await _shelf(by, callback_data.page, talk))
    if followed is None:
        return talk.words("There is no news of this any more.")
    name = texts.label(talk.words, followed.subscription.topic)
    return talk.words("{topic} — done!" if followed.new else "{topic} — you follow this already.", topic=name)


async def _shelf(by: Carried, page: int, talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    words = talk.words
    there = await shelves.shelf(talk.use_cases, talk.subscriber, by, talk.now)
    title = f"<b>{words(NAMES[by])}</b>"
    if not there:
        return f"{title}\n\n{words('There was no such news in the last 7 days.')}", keyboard(_around(by, words))
    last = (len(there) - 1) // _PAGE
    page = min(page, last)
    shown = there[page * _PAGE : (page + 1) * _PAGE]
    about = words("Tap what you want to follow. The numbers are stories in the last 7 days.")
    turn = pages(page, last, lambda number: Shelf(by=by, page=number))
    return f"{title}\n\n{about}", keyboard(_rows(shown, by, page, words), turn, _around(by, words))


def _rows(shown: Sequence[Shelved], by: Carried, page: int, words: Words) -> list[list[InlineKeyboardButton]]:
    return flow([_shelved(one, by, page, words) for one in shown])


def _shelved(one: Shelved, by: Carried, page: int, words: Words) -> InlineKeyboardButton:
    name = f"{clip(clean(one.name), _LONGEST_NAME) or '…'} · {words.number(one.stories)}"
    if one.followed is not None:
        return button(f"✅ {name}", TopicCard(topic=one.followed))
    return button(f"➕ {name}", FollowShelved(by=by, page=page, digest=one.digest))


def _around(by: Carried, words: Words) -> list[list[InlineKeyboardButton]]:
    """The other shelves, and for sections their order."""
    others = [button(words(name), Shelf(by=other, page=0)) for other, name in NAMES.items() if other != by]
    order = [[button(words("↕️ Order in digests"), SectionOrder())]] if by == "section" else []
    return [*order, others, [button(words("‹ All topics"), TopicMenu())]]


# --- the order of sections ---


async def show_order(query: CallbackQuery, talk: Talk) -> None:
    await change(query, *await _order(talk))


async def turn_order_page(query: CallbackQuery, callback_data: SectionPage, talk: Talk) -> None:
    await change(query, *await _order(talk, callback_data.page))


async def place_section(query: CallbackQuery, callback_data: SectionPlace, talk: Talk) -> str | None:
    changed = await shelves.place_section(
        talk.use_cases, talk.subscriber, callback_data.digest, callback_data.place, talk.now
    )
    await change(query, *await _order(talk if changed is None else talk.with_(changed)))
    return talk.words("There is no such section any more.") if changed is None else None


async def _order(talk: Talk, page: int = 0) -> tuple[str, InlineKeyboardMarkup]:
    words, order = talk.words, await shelves.order(talk.use_cases, talk.subscriber, talk.now)
    lines = [
        html(words, "{place}. {section}", place=place, section=texts.short(name))
        for place, name in enumerate(order.placed, start=1)
    ]
    about = words("In this order digests tell the news; other sections follow by their best story.")
    how = words("⬆️ higher, ✖️ out of the order, ➕ to its end")
    text = "\n\n".join((words("<b>↕️ Order of sections</b>"), about, *(["\n".join(lines)] if lines else []), how))
    back = [[button(words("‹ Back"), Shelf(by="section", page=0))]]
    return text, keyboard(_placed(order), *_unplaced(order, page), back)


def _placed(order: Order) -> list[list[InlineKeyboardButton]]:
    """By their numbers: names don't fit beside each other, and stand above. The first can't go higher."""
    buttons = []
    for place, name in enumerate(order.placed):
        if place > 0:
            buttons.append(button(f"⬆️ {place + 1}", _to(name, place - 1)))
        buttons.append(button(f"✖️ {place + 1}", _to(name, -1)))
    return [buttons[:1], *grid(buttons[1:], 4)] if buttons else []


def _unplaced(order: Order, page: int) -> tuple[list[list[InlineKeyboardButton]], ...]:
    last = max(0, (len(order.others) - 1) // _PAGE)
    page = min(page, last)
    shown = order.others[page * _PAGE : (page + 1) * _PAGE]
    buttons = flow([button(f"➕ {texts.short(name)}", _to(name, len(order.placed))) for name in shown])
    return buttons, pages(page, last, lambda number: SectionPage(page=number))


def _to(name: str, place: int) -> SectionPlace:
    return SectionPlace(digest=shelves.section_digest(name), place=place)
