"""The answer to "do you still read this?": that it was given is noted around every update."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.telegram.callbacks import DigestOnly, StillHere
from handlers import keyboards
from handlers.buttons import button, column
from handlers.flags import SETTINGS
from handlers.replies import change
from handlers.talk import Talk


def create_router() -> Router:
    router = Router(name="presence")
    router.callback_query.register(still_here, StillHere.filter(), flags=SETTINGS)
    return router


async def still_here(query: CallbackQuery, talk: Talk) -> None:
    """Whoever answers late gets nothing but digests already; one tap ends that, and only if they wish."""
    if not talk.subscriber.digest_only:
        await change(query, talk.words("Good! Then everything stays as it is."), keyboards.all_topics(talk.words))
        return
    text = talk.words("Good! So far only breaking news comes at once, and everything else in a digest.")
    at_once = button(talk.words("Everything at once again"), DigestOnly(on=False))
    await change(query, text, column([at_once]))
