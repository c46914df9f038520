"""/search: the latest stories of the archive that match a query, page by page, and a way to follow it."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.errors import QueryError
from bot.subscribers import reading
from bot.subscribers.reading import Found
from bot.telegram.callbacks import AskWords, SearchPage, ShowDraft, TopicCard
from bot.words import Words
from handlers import keyboards, texts
from handlers.buttons import button, keyboard
from handlers.flags import COSTLY, SETTINGS
from handlers.listing import listed
from handlers.replies import change, patiently, send
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="search")
    router.message.register(search, Command("search", ignore_case=True), flags=COSTLY)
    router.callback_query.register(turn_page, SearchPage.filter(), flags={**SETTINGS, **COSTLY})
    return router


async def search(message: Message, command: CommandObject, talk: Talk) -> None:
    words = talk.words
    if not command.args:
        await send(message, words("What shall I look for? For example: <code>/search Geneva talks</code>"))
        return
    try:
        async with patiently(message):
            found = await reading.search(talk.use_cases, talk.subscriber, command.args, talk.now)
    except QueryError as error:
        await send(message, texts.query_error(words, error), keyboards.hints(words))
        return
    await send(message, _text(found, talk), _below(words, found))


async def turn_page(query: CallbackQuery, callback_data: SearchPage, talk: Talk) -> str | None:
    draft, page = callback_data.draft, callback_data.page
    try:
        found = await reading.search_on(talk.use_cases, talk.subscriber, draft, page, talk.now)
    except QueryError as error:
        return talk.words.query_error(error)
    if found is None or not found.stories:
        return talk.words("There is nothing further. Look again: /search")
    await change(query, _text(found, talk), _below(talk.words, found))
    return None


def _text(found: Found, talk: Talk) -> str:
    words, zone, limits = talk.words, talk.subscriber.time_zone, ""
    if found.since is not None:
        when = words.when(found.since, zone, talk.now)
        limits = words("There is more news than I can search: I looked back to {when}.", when=when)
    if found.stories:
        return listed(found.stories, words, zone, talk.now, limits)[0]
    suggestion = words("Perhaps you meant:") if found.hints else ""
    return " ".join(filter(None, (words("I found nothing."), limits, suggestion)))


def _below(words: Words, found: Found) -> InlineKeyboardMarkup:
    hints = [[button(texts.hint(query), ShowDraft(draft=draft))] for draft, query in found.hints]
    turns = _turns(found)
    if found.followed is not None:
        card = button(words("⚙️ How much"), TopicCard(topic=found.followed.topic.id))
        return keyboard(turns, hints, [[card]])
    follow = button(words("➕ Follow this"), ShowDraft(draft=found.draft))
    return keyboard(turns, hints, [[follow], [button(words("✏️ Other words"), AskWords(topic=0))]])


def _turns(found: Found) -> list[list[InlineKeyboardButton]]:
    """How many pages there are nobody knows before they're looked for."""
    before = [(found.page - 1, f"‹ {found.page}")] if found.page else []
    after = [(found.page + 1, f"{found.page + 2} ›")] if found.more else []
    row = [button(label, SearchPage(draft=found.draft, page=page)) for page, label in before + after]
    return [row] if row else []
