"""Looking before following: what a query would have brought last week, and following or changing it by a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import topics
from bot.model import Draft, Level, Story, Subscriber, Subscription
from bot.subscribers.archive import add_topic, try_out
from bot.subscribers.following import (
    Followed,
    follow_tried,
    latest_story,
    refuse_too_many,
    same_query,
    starting_level,
)
from bot.subscribers.survey import Trial
from bot.subscribers.use_cases import UseCases

_MOMENT: Final = timedelta(minutes=10)
_SHOWN: Final = 3
"""Stories: enough to see whether it's what was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a query would bring, with drafts of it and of better ones for the buttons below."""

    trial: Trial
    level: Level
    """From which it would notify."""
    latest: tuple[Story, ...]
    draft: int
    """Its id."""
    hints: tuple[tuple[int, str], ...]
    """Drafts of better queries."""
    replaced: Subscription | None = None
    """What it would take the place of."""
    before: Trial | None = None
    """What that has brought."""
    followed: Subscription | None = None
    """They follow it already."""


async def preview(
    use_cases: UseCases, subscriber: Subscriber, text: str, now: datetime, replaces: int | None = None
) -> Preview:
    """What the words would bring, in place of the topic with the id `replaces` if they follow it. Raises QueryError."""
    query = topics.parse(text)
    store = use_cases.store
    already = await store.subscriptions(subscriber.id)
    replaced = next((one for one in already if one.topic.id == replaces and one.topic.query), None)
    if replaced is None and same_query(already, query) is None:
        refuse_too_many(already)
    compared = [] if replaced is None or replaced.topic.query is None else [topics.parse(replaced.topic.query)]
    trial, *before = await try_out(use_cases, [query, *compared], now)
    target = None if replaced is None else replaced.topic.id
    written = [str(query), *map(str, trial.hints)]
    drafts = await add_drafts(use_cases, subscriber, written, now, target)
    return Preview(
        trial=trial,
        level=starting_level(trial.levels) if replaced is None else replaced.level,
        latest=await store.stories_by_id(list(trial.evidence)[:_SHOWN]),
        draft=drafts[0],
        hints=tuple(zip(drafts[1:], written[1:], strict=True)),
        replaced=replaced,
        before=next(iter(before), None),
        followed=same_query(already, query),
    )


async def add_drafts(
    use_cases: UseCases, subscriber: Subscriber, queries: Sequence[str], now: datetime, replaces: int | None = None
) -> tuple[int, ...]:
    """Keep queries for buttons, which are too small for them; their ids."""
    chat, thread = subscriber.chat_id, subscriber.thread_id
    drafts = [Draft(chat_id=chat, thread_id=thread, query=query, replaces=replaces) for query in queries]
    return await use_cases.store.add_drafts(drafts, now) if drafts else ()


async def note_question(
    use_cases: UseCases, subscriber: Subscriber, question: int, replaces: int | None, now: datetime
) -> None:
    """That the message asks for words; the answer is known by it even after a restart."""
    chat, thread = subscriber.chat_id, subscriber.thread_id
    draft = Draft(chat_id=chat, thread_id=thread, question=question, replaces=replaces)
    await use_cases.store.add_drafts([draft], now)


async def asked_last(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> Draft | None:
    """What was asked for a moment ago, where nothing has been looked at since: words that are no reply answer it."""
    return await use_cases.store.asked_last(subscriber.chat_id, subscriber.thread_id, now - _MOMENT)


async def ask_no_more(use_cases: UseCases, subscriber: Subscriber, now: datetime) -> None:
    """Words that come next answer no question."""
    await use_cases.store.add_drafts([Draft(chat_id=subscriber.chat_id, thread_id=subscriber.thread_id)], now)


async def follow_draft(
    use_cases: UseCases, subscriber: Subscriber, draft_id: int, now: datetime, *, anew: bool = False
) -> Followed | None:
    """Follow a draft's query, in place of the topic it was written for. None if there is no such draft of theirs.

    A topic that takes another's place keeps its level; `anew` chooses it as for a new one. Raises QueryError.
    """
    draft = await use_cases.store.draft(subscriber.chat_id, subscriber.thread_id, draft_id)
    if draft is None or draft.query is None:
        return None
    query, store = topics.parse(draft.query), use_cases.store
    already = await store.subscriptions(subscriber.id)
    if (known := same_query(already, query)) is not None and known.topic.id != draft.replaces:
        return Followed(subscriber=subscriber, subscription=known, new=False)
    replaced = next((one for one in already if one.topic.id == draft.replaces), None)
    if replaced is None:
        refuse_too_many(already)
    (trial,) = await try_out(use_cases, [query], now)
    if replaced is None:
        return await follow_tried(use_cases, subscriber, trial, now)
    topic = await add_topic(use_cases, trial, now)
    level = starting_level(trial.levels) if anew else replaced.level
    await store.refollow(subscriber.id, replaced.topic.id, topic.id, level)
    changed = next((one for one in await store.subscriptions(subscriber.id) if one.topic.id == topic.id), None)
    if changed is None:
        return None
    return Followed(
        subscriber=subscriber,
        subscription=changed,
        new=True,
        latest=await latest_story(store, topic, changed.level),
    )


async def drafted(use_cases: UseCases, subscriber: Subscriber, draft_id: int) -> Draft | None:
    """A draft with a query; None if there is no such of theirs."""
    draft = await use_cases.store.draft(subscriber.chat_id, subscriber.thread_id, draft_id)
    return draft if draft is not None and draft.query is not None else None


async def own_topic(use_cases: UseCases, subscriber: Subscriber, topic_id: int) -> Subscription | None:
    """A topic of their own words; None if they don't follow it."""
    theirs = await use_cases.store.subscriptions(subscriber.id)
    return next((one for one in theirs if one.topic.id == topic_id and one.topic.query), None)
