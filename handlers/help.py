"""/help and /privacy."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from handlers import keyboards
from handlers.replies import send
from handlers.talk import Talk
from handlers.texts import COMMANDS, PUBLISHERS


def create_router() -> Router:
    router = Router(name="help")
    router.message.register(show_help, Command("help", ignore_case=True))
    router.message.register(privacy, Command("privacy", ignore_case=True))
    return router


async def show_help(message: Message, talk: Talk) -> None:
    known = {**COMMANDS, **(PUBLISHERS if talk.use_cases.publisher_in(talk.subscriber) else {})}
    lines = (f"/{name} — {talk.words(description)}" for name, description in known.items())
    intro = talk.words("I tell you only the most important news on your topics, each story once.")
    outro = talk.words(
        "How much comes is up to you: open a topic in /topics and choose a level.\n"
        "Below each story, “Why?” says why it came to you."
    )
    await send(message, "\n".join((intro, "", *lines, "", outro)), keyboards.all_topics(talk.words))


async def privacy(message: Message, talk: Talk) -> None:
    text = talk.words(
        "<b>What I keep</b>\n"
        "• the number of this chat (and of the forum thread), without names or phone numbers\n"
        "• its language and time zone, quiet hours, digests and other settings\n"
        "• your topics, those in your own words too, and their settings; words you only tried out go after a day\n"
        "• which stories you were told, so that none comes twice, and which you want to hear no more of\n"
        "• when you last wrote or pressed a button, to the hour: if you are silent for long, I write less\n\n"
        "I don’t keep what you write or which buttons you press, and I pass nothing on to anyone.\n"
        "/forget deletes everything at once."
    )
    await send(message, text)
