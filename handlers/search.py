"""/search: the latest stories of the archive that match a query, and a way to follow it."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import InlineKeyboardMarkup, Message

from bot.errors import QueryError
from bot.subscribers import reading
from bot.subscribers.reading import Found
from bot.telegram.callbacks import AskWords, ShowDraft, TopicCard
from bot.words import Words
from handlers import texts
from handlers.buttons import button, column
from handlers.flags import COSTLY
from handlers.listing import listed
from handlers.replies import send
from handlers.talk import Talk

_STORIES: Final = 5


def create_router() -> Router:
    router = Router(name="search")
    router.message.register(search, Command("search", ignore_case=True), flags=COSTLY)
    return router


async def search(message: Message, command: CommandObject, talk: Talk) -> None:
    words = talk.words
    if not command.args:
        await send(message, words("What shall I look for? For example: <code>/search Geneva talks</code>"))
        return
    try:
        found = await reading.search(talk.use_cases, talk.subscriber, command.args, _STORIES, talk.now)
    except QueryError as error:
        await send(message, texts.query_error(words, error))
        return
    if found.stories:
        text, _ = listed(found.stories, words, talk.subscriber.time_zone, talk.now)
    else:
        nothing = words("I found nothing.")
        text = f"{nothing} {words('Perhaps you meant:')}" if found.hints else nothing
    await send(message, text, _below(words, found))


def _below(words: Words, found: Found) -> InlineKeyboardMarkup:
    hints = [button(texts.hint(query), ShowDraft(draft=draft)) for draft, query in found.hints]
    if found.followed is not None:
        return column([*hints, button(words("⚙️ How much"), TopicCard(topic=found.followed.topic.id))])
    follow = button(words("➕ Follow this"), ShowDraft(draft=found.draft))
    return column([*hints, follow, button(words("✏️ Other words"), AskWords(topic=0))])
