"""[Split] under "why?": the publisher takes articles out of a story that they don't belong to."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.model import Part, Parts
from bot.subscribers import splitting
from bot.telegram.callbacks import SplitArticle, SplitStory, WhyStory
from bot.telegram.text import clean, clip
from bot.words import Words
from handlers import texts
from handlers.buttons import button, grid, keyboard
from handlers.replies import change, send
from handlers.talk import Talk

_MOST: Final = 20
"""Articles listed, the latest: it's those that were put there by mistake that nobody has seen yet."""
_LONGEST: Final = 120
"""UTF-16 units of an article's line: twenty of them fit a message."""


def create_router() -> Router:
    router = Router(name="split")
    router.callback_query.register(show_parts, SplitStory.filter())
    router.callback_query.register(take_out, SplitArticle.filter())
    return router


def offer(words: Words, story_id: int) -> InlineKeyboardMarkup:
    return keyboard([[button(words("✂️ Split this story"), SplitStory(story=story_id))]])


async def show_parts(query: CallbackQuery, callback_data: SplitStory, talk: Talk) -> str | None:
    publisher = talk.use_cases.publisher_in(talk.subscriber)
    if publisher is None or query.message is None:
        return talk.words("This button no longer works. Open /topics again.")
    parts = await publisher.store.parts(callback_data.story)
    if parts is None:
        return talk.words("This story is no longer in the archive.")
    if not _separable(parts):
        return talk.words("This story has one article only.")
    await send(query.message, *_page(parts, callback_data.story, talk.words))
    return None


async def take_out(query: CallbackQuery, callback_data: SplitArticle, talk: Talk) -> str:
    publisher = talk.use_cases.publisher_in(talk.subscriber)
    if publisher is None:
        return talk.words("This button no longer works. Open /topics again.")
    done = await splitting.split(publisher, callback_data.story, callback_data.article, talk.now)
    parts = await publisher.store.parts(callback_data.story)
    if parts is not None:
        await change(query, *_page(parts, callback_data.story, talk.words))
    if done:
        return talk.words("Taken out. It’s a story of its own now.")
    return talk.words("This article is no longer in the story.")


def _separable(parts: Parts) -> tuple[Part, ...]:
    """All but the one that the story is told by."""
    return tuple(part for part in parts.articles if not part.tells)[-_MOST:]


def _page(parts: Parts, story_id: int, words: Words) -> tuple[str, InlineKeyboardMarkup]:
    """The articles with their numbers (a button is too narrow for a headline), and a button for each."""
    told = next((part.article.title or part.article.text for part in parts.articles if part.tells), "…")
    there = _separable(parts)
    question = words(
        "Which of its articles tells of something else? It will have a story of its own; nobody is told of that until"
        " there is more."
    )
    lines = [f"{number}. {texts.escape(_named(part))}" for number, part in enumerate(there, start=1)]
    text = "\n\n".join(
        (f"<b>{texts.escape(clip(clean(told), _LONGEST))}</b>", *((question, "\n".join(lines)) if there else ()))
    )
    buttons = [
        button(f"✂️ {number}", SplitArticle(story=story_id, article=part.article.id))
        for number, part in enumerate(there, start=1)
    ]
    return text, keyboard(grid(buttons, 4), [[button(words("Why?"), WhyStory(story=story_id))]])


def _named(part: Part) -> str:
    return clip(clean(f"{part.source}: {part.article.title or part.article.text}"), _LONGEST)
