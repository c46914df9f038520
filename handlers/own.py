"""A topic in one's own words: asked for, looked at before it is followed, and changed later.

Words are asked for by a message that is answered by a reply; which message asked for what is in the store. A query that
is looked at is a draft there, for a button is too small for it.
"""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import BaseFilter, Command
from aiogram.types import CallbackQuery, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, Message, User

from bot.errors import QueryError
from bot.model import Draft, Topic
from bot.subscribers import menu, preview
from bot.subscribers.archive import too_broad
from bot.subscribers.following import Followed
from bot.subscribers.preview import Preview
from bot.subscribers.survey import Trial
from bot.telegram.callbacks import AskWords, Cancel, FollowDraft, ShowDraft, TopicCard
from bot.topics import find_built_in
from bot.words import Words
from handlers import keyboards, texts
from handlers.buttons import button, keyboard
from handlers.flags import COSTLY, SETTINGS
from handlers.follow import done
from handlers.listing import headlines
from handlers.replies import ask, change, patiently, send
from handlers.talk import Talk
from handlers.texts import html


class AnswersQuestion(BaseFilter):
    """A reply, but for commands, to a message in which we asked for words; hands on what was asked for."""

    async def __call__(self, message: Message, talk: Talk) -> bool | dict[str, Any]:
        question = message.reply_to_message
        if question is None or (message.text or "").startswith("/"):
            return False
        here = talk.subscriber
        asked = await talk.use_cases.store.asked_for(here.chat_id, here.thread_id, question.message_id)
        return False if asked is None else {"asked": asked}


def create_router() -> Router:
    router = Router(name="own")
    for observer in (router.message, router.edited_message):
        observer.register(answer, AnswersQuestion(), flags={**SETTINGS, **COSTLY})
    router.message.register(cancel_all, Command("cancel", ignore_case=True), flags=SETTINGS)
    router.callback_query.register(ask_for_words, AskWords.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(show_draft, ShowDraft.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(follow_draft, FollowDraft.filter(), flags={**SETTINGS, **COSTLY})
    router.callback_query.register(cancel, Cancel.filter(), flags=SETTINGS)
    return router


async def ask_for_words(query: CallbackQuery, callback_data: AskWords, talk: Talk) -> str | None:
    """Ask below the message; what is answered is taken as the words."""
    if query.message is None:
        return talk.words("This button no longer works. Open /topics again.")
    text = talk.words(
        "What shall I follow? Answer this message with words, for example:\n<code>Geneva talks</code>\n\n"
        "both words, in any form; how to say more: /follow"
    )
    if callback_data.topic:
        changed = await preview.own_topic(talk.use_cases, talk.subscriber, callback_data.topic)
        if changed is None:
            return talk.words("You don’t follow this topic any more.")
        text = html(
            talk.words,
            "Now: <code>{query}</code>\n\nAnswer this message with the new words.",
            query=changed.topic.query or "",
        )
    in_group = query.message.chat.type != ChatType.PRIVATE
    text = f"{_mention(query.from_user)}\n{text}" if in_group else text
    reply = ForceReply(selective=in_group or None, input_field_placeholder=talk.words("Geneva talks"))
    question = await ask(query.message, text, reply)
    replaces = callback_data.topic or None
    await preview.note_question(talk.use_cases, talk.subscriber, question, replaces, talk.now)
    return None


def _mention(user: User) -> str:
    """Only whoever is mentioned is led to answer in a group."""
    return f'<a href="tg://user?id={user.id}">{texts.escape(user.first_name)}</a>,'


async def answer(message: Message, asked: Draft, talk: Talk) -> None:
    if message.text:
        await show(message, message.text, talk, asked.replaces)
    else:
        await no_words(message, talk)


async def no_words(message: Message, talk: Talk) -> None:
    """A picture, a voice, a sticker."""
    text = talk.words("I understand words only. Tell me what to follow, or choose topics:")
    await send(message, text, keyboards.all_topics(talk.words))


async def show(message: Message, text: str, talk: Talk, replaces: int | None = None) -> None:
    """Answer words with what they would bring; a ready topic's name with that topic."""
    slug = find_built_in(text)
    if replaces is None and slug is not None and slug in talk.use_cases.topic_ids:
        topic = Topic(id=talk.use_cases.topic_ids[slug], slug=slug)
        await send(message, talk.words("Would you like to follow this topic?"), keyboards.follow(talk.words, topic))
        return
    try:
        async with patiently(message):
            found = await preview.preview(talk.use_cases, talk.subscriber, text, talk.now, replaces)
    except QueryError as error:
        await send(message, texts.query_error(talk.words, error), keyboard([_ways_out(talk.words, replaces)]))
        return
    await send(message, preview_text(talk, found), preview_buttons(talk.words, found))


async def show_draft(query: CallbackQuery, callback_data: ShowDraft, talk: Talk) -> str | None:
    """A suggested query in place of the one that was looked at."""
    draft = await preview.drafted(talk.use_cases, talk.subscriber, callback_data.draft)
    if draft is None:
        return talk.words("This button no longer works. Open /topics again.")
    try:
        found = await preview.preview(talk.use_cases, talk.subscriber, draft.query or "", talk.now, draft.replaces)
    except QueryError as error:
        return talk.words.query_error(error)
    await change(query, preview_text(talk, found), preview_buttons(talk.words, found))
    return None


async def follow_draft(query: CallbackQuery, callback_data: FollowDraft, talk: Talk) -> str | None:
    try:
        followed = await preview.follow_draft(
            talk.use_cases, talk.subscriber, callback_data.draft, talk.now, anew=callback_data.anew
        )
    except QueryError as error:
        return talk.words.query_error(error)
    if followed is None:
        return talk.words("This button no longer works. Open /topics again.")
    await change(query, *await _confirmation(followed, talk))
    return None


async def cancel(query: CallbackQuery, talk: Talk) -> None:
    await change(query, talk.words("All right, nothing has changed."), keyboards.all_topics(talk.words))


async def cancel_all(message: Message, talk: Talk) -> None:
    """There is nothing that goes on but a question, and that needs no answer."""
    await preview.ask_no_more(talk.use_cases, talk.subscriber, talk.now)
    await send(message, talk.words("All right, nothing has changed."), keyboards.all_topics(talk.words))


async def _confirmation(followed: Followed, talk: Talk) -> tuple[str, InlineKeyboardMarkup]:
    said = await done(followed, talk, with_latest=False)
    return said, keyboards.followed(talk.words, followed.subscription.topic)


# --- what a preview looks like ---


def preview_text(talk: Talk, found: Preview) -> str:
    """What the words would bring, HTML."""
    words, trial = talk.words, found.trial
    parts = [_heading(words, found), _amount(words, found)]
    if found.latest:
        listed = headlines(found.latest, words, talk.subscriber.time_zone, talk.now)
        parts.append(f"{words('The latest:')}\n{listed}")
    if trial.too_broad:
        parts[1:] = [texts.query_error(words, too_broad(trial))]
    if found.hints:
        parts.append(_why_hints(words, found))
    return "\n\n".join(parts)


def _heading(words: Words, found: Preview) -> str:
    new = _bold(words.topic(Topic(query=str(found.trial.query))))
    return new if found.replaced is None else f"{_bold(words.topic(found.replaced.topic))} →\n{new}"


def _bold(text: str) -> str:
    return f"<b>{texts.escape(text)}</b>"


def _amount(words: Words, found: Preview) -> str:
    """How much there was of it, and what would be told."""
    trial = found.trial
    if found.followed is not None:
        return words("You follow this already.")
    if not trial.stories:
        none = words("No such news in the last 7 days.")
        if trial.sampled:  # nobody knows of those there was no time for
            none = words("I found no such news, but could not look at all of the last 7 days.")
        return none if found.hints or found.replaced else f"{none} {words('You can follow it all the same.')}"
    setting = texts.setting(words, found.level, menu.weekly(trial.levels))
    said = _stories(words, trial)
    if found.before is None:
        return html(words, "{amount}. I would notify of: {setting}.", amount=said, setting=setting)
    difference = _difference(words, trial.stories - found.before.stories)
    return html(
        words,
        "{amount}: {difference}.\nLevel, sound and silence stay as they are: {setting}.",
        amount=said,
        difference=difference,
        setting=setting,
    )


def _stories(words: Words, trial: Trial) -> str:
    if trial.sampled:
        return words("About {count} stories in the last 7 days", count=words.number(_round(trial.stories)))
    return words.plural("{count} story in the last 7 days", "{count} stories in the last 7 days", trial.stories)


def _round(number: int) -> int:
    """An estimate with the two figures that it's good for."""
    return round(number, 2 - len(str(number))) if number > 0 else 0


def _difference(words: Words, more: int) -> str:
    if more == 0:
        return words("as many as now")
    return words("{count} more than now", count=more) if more > 0 else words("{count} fewer than now", count=-more)


def _why_hints(words: Words, found: Preview) -> str:
    if not found.trial.stories:
        return words("Perhaps you meant:")
    return words("That is a lot. Narrower:") if not found.trial.too_broad else words("For example:")


def preview_buttons(words: Words, found: Preview) -> InlineKeyboardMarkup:
    """Follow it (where it may be followed), look at better words, write others, or leave it."""
    replaces = None if found.replaced is None else found.replaced.topic.id
    rows = []
    if found.followed is not None:
        rows.append([button(words("⚙️ How much"), TopicCard(topic=found.followed.topic.id))])
    elif not found.trial.too_broad:
        text = words("✅ Follow") if replaces is None else words("✅ Change it")
        rows.append([button(text, FollowDraft(draft=found.draft, anew=False))])
    hints = [[button(texts.hint(query), ShowDraft(draft=draft))] for draft, query in found.hints]
    parts = (rows, hints) if found.trial.stories else (hints, rows)  # what is misspelt is rather mended than followed
    return keyboard(*parts, [_ways_out(words, replaces)])


def _ways_out(words: Words, replaces: int | None) -> list[InlineKeyboardButton]:
    return [
        button(words("✏️ Other words"), AskWords(topic=replaces or 0)),
        button(words("✖️ Cancel"), Cancel()),
    ]
