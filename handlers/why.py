"""/why and [Why?]: how important a story is, how it belongs to the topic, what was decided, and who carries it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery, MaybeInaccessibleMessageUnion, Message

from bot.model import MAIN, Explanation, Notification, NotificationState, QuietHours, Reason, Story, Subscriber
from bot.outbox import quiet_until
from bot.subscribers import preferences, reading
from bot.telegram.callbacks import MuteStory, WhyStory
from bot.telegram.text import clean, clip
from bot.words import Words
from handlers import keyboards, split, texts, withdraw
from handlers.buttons import joined
from handlers.flags import COSTLY, SETTINGS
from handlers.replies import change_buttons, send
from handlers.talk import Talk
from handlers.texts import escape, html

_SOURCES: Final = 10
"""Sources named; the rest are counted."""
_LONGEST_NOTICE: Final = 200
"""Characters (Bot API, answerCallbackQuery)."""
_NIGHT: Final = QuietHours(time(23), time(7))
"""When most people sleep; whoever sets no quiet hours may yet have slept then."""

STATES: Final[Mapping[NotificationState, str]] = {
    NotificationState.DUE: "<b>Notification:</b> on its way",
    NotificationState.SENT: "<b>Notification:</b> sent",
    NotificationState.SHOWN: "<b>Notification:</b> not needed",
    NotificationState.HELD: "<b>Notification:</b> held back",
    NotificationState.SKIPPED: "<b>Notification:</b> not sent",
    NotificationState.UNKNOWN: "<b>Notification:</b> it may have arrived",
    NotificationState.PARKED: "<b>Notification:</b> not sent",
}


def create_router() -> Router:
    router = Router(name="why")
    router.message.register(why, Command("why", ignore_case=True), flags=COSTLY)
    router.callback_query.register(why_story, WhyStory.filter(), flags=COSTLY)
    router.callback_query.register(mute_story, MuteStory.filter(), flags=SETTINGS)
    return router


async def why(message: Message, talk: Talk) -> None:
    explanation = await reading.explain(talk.use_cases, talk.subscriber, None)
    if explanation is None:
        await send(message, talk.words("I haven’t told you any news yet."), keyboards.all_topics(talk.words))
        return
    await _answer(message, explanation, talk)


async def why_story(query: CallbackQuery, callback_data: WhyStory, talk: Talk) -> str | None:
    explanation = await reading.explain(talk.use_cases, talk.subscriber, callback_data.story)
    if explanation is None:
        return talk.words("This story is no longer in the archive.")
    if query.message is None:
        return None
    if query.message.chat.type == ChatType.CHANNEL:  # one reader's question is no post for all
        return in_short(explanation, talk.words)
    await _answer(query.message, explanation, talk)
    return None


async def mute_story(query: CallbackQuery, callback_data: MuteStory, talk: Talk) -> str:
    done = await preferences.mute_story(
        talk.use_cases, talk.subscriber, callback_data.story, callback_data.on, talk.now
    )
    if not done:
        return talk.words("This story is no longer in the archive.")
    await change_buttons(query, keyboards.mute_story(talk.words, callback_data.story, callback_data.on))
    if callback_data.on:
        return talk.words("I won’t write about this story any more.")
    return talk.words("I’ll write again when there is news of this story.")


async def _answer(message: MaybeInaccessibleMessageUnion, explanation: Explanation, talk: Talk) -> None:
    text = explained(explanation, talk.words)
    if explanation.continued is not None:
        text += f"\n\n{_goes_on(explanation.continued, talk)}"
    if _woke_them(explanation, talk.subscriber):
        text += f"\n\n{talk.words('It came at night. Would you rather sleep? Quiet hours: /quiet')}"
    buttons = keyboards.mute_story(talk.words, explanation.story.id, explanation.muted)
    if talk.use_cases.publisher_in(talk.subscriber) and explanation.story.withdrawn_at is None:
        buttons = joined(
            buttons, split.offer(talk.words, explanation.story.id), withdraw.offer(talk.words, explanation.story.id)
        )
    await send(message, text, buttons)


def _goes_on(story: Story, talk: Talk) -> str:
    day = talk.words.day(story.published_at, talk.subscriber.time_zone, talk.now)
    return html(talk.words, "<b>Continues the news of {day}:</b> {headline}", day=day, headline=story.title)


def _woke_them(explanation: Explanation, subscriber: Subscriber) -> bool:
    """Whether it was pushed in the night of somebody who has set no quiet hours."""
    notification = explanation.notification
    if notification is None or notification.state is not NotificationState.SENT or subscriber.quiet is not None:
        return False
    return quiet_until(_NIGHT, subscriber.time_zone, notification.due_at) is not None


def in_short(explanation: Explanation, words: Words) -> str:
    """How important a story is and why, as the plain text of a notice that only who asked sees."""
    level = words("Importance: {level}", level=words.level(explanation.story.level))
    return clip("\n".join((level, *(words.reason(reason) for reason in explanation.story.because))), _LONGEST_NOTICE)


def explained(explanation: Explanation, words: Words) -> str:
    """The whole answer, as HTML."""
    story = explanation.story
    return "\n\n".join(
        (
            f"<b>{escape(clean(story.title))}</b>",
            *((words("This news was withdrawn."),) if story.withdrawn_at is not None else ()),
            _paragraph(html(words, "<b>Importance:</b> {level}", level=words.level(story.level)), story.because, words),
            *_topic(explanation, words),
            _notification(explanation, words),
            _sources(story.sources or (story.source,), words),
        )
    )


def _topic(explanation: Explanation, words: Words) -> tuple[str, ...]:
    if explanation.topic is None:
        return ()
    heading = html(words, "<b>Topic:</b> {topic}", topic=words.topic(explanation.topic))
    if explanation.topic.slug == MAIN:
        return (_paragraph(heading, explanation.evidence or (Reason("topic_main"),), words),)
    # A section's name is all that was looked for, and the heading has it.
    return (_paragraph(heading, () if words.is_named(explanation.topic) else explanation.evidence, words),)


def _notification(explanation: Explanation, words: Words) -> str:
    """What was decided, why, and by which setting."""
    lines = [_decided(explanation.notification, words)]
    if explanation.subscription is not None:
        level = texts.threshold(words, explanation.subscription.level)
        lines.append(html(words, "Your setting for this topic: {level}", level=level))
    else:
        lines.append(words("You don’t follow this topic."))
    return "\n".join(lines)


def _decided(notification: Notification | None, words: Words) -> str:
    if notification is None:
        return words("<b>Notification:</b> none")
    reason = Reason("shown") if notification.state is NotificationState.SHOWN else notification.reason
    return _paragraph(words(STATES[notification.state]), (reason,) if reason else (), words)


def _sources(names: tuple[str, ...], words: Words) -> str:
    shown = ", ".join(escape(clean(name)) for name in names[:_SOURCES])
    line = words("<b>Reported by:</b> {sources}", sources=shown)
    more = len(names) - _SOURCES
    return f"{line} {words('and {count} more', count=more)}" if more > 0 else line


def _paragraph(heading: str, reasons: tuple[Reason, ...], words: Words) -> str:
    return "\n".join((heading, *(f"• {escape(words.reason(reason))}" for reason in reasons)))
