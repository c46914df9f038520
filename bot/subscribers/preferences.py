"""How a subscriber wants to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.model import NEW, Subscriber
from bot.outbox import next_issue
from bot.subscribers.arrivals import stored
from bot.subscribers.use_cases import UseCases


async def keep(use_cases: UseCases, wanted: Subscriber, now: datetime) -> Subscriber:
    """Store the preferences in the value: language, quiet, daily_cap, sound_from, digest_only, catch_up,
    follow_ups.
    """
    known = await stored(use_cases, wanted, now)
    kept = replace(wanted, id=known.id)
    await use_cases.store.set_preferences(kept)
    return kept


async def set_zone(use_cases: UseCases, subscriber: Subscriber, zone: str, now: datetime) -> Subscriber:
    """Their hours stay what they were, by the new clock: planned digests are due at other moments."""
    if subscriber.id != NEW and subscriber.time_zone == zone:
        return subscriber
    moved = await keep(use_cases, replace(subscriber, time_zone=zone), now)
    for plan in moved.digests:
        await use_cases.store.plan_digest(moved.id, plan, next_issue(plan, zone, now))
    return moved


async def mute_story(use_cases: UseCases, subscriber: Subscriber, story_id: int, on: bool, now: datetime) -> bool:
    """Tell nothing more of the story, or tell of it again. False, and nothing done, if there is no such story."""
    if await use_cases.store.explain(subscriber.id, story_id) is None:
        return False
    known = await stored(use_cases, subscriber, now)
    if on:
        await use_cases.store.mute_story(known.id, story_id, now)
    else:
        await use_cases.store.unmute_story(known.id, story_id)
    return True
