"""What a button carries when it is pressed: always the state wanted, never "toggle", so a stale button does no harm.

A subscriber's client may send anything; numbers outside these ranges do not parse, and no handler sees them.
"""

from __future__ import annotations

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.model import Level

StoredId = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""An id of ours; the largest is what both databases can hold."""
LevelNumber = Annotated[int, Field(ge=min(Level), le=max(Level))]


class FollowTopic(CallbackData, prefix="follow"):
    """Follow the topic, or follow it no more."""

    topic: StoredId
    on: bool


class TopicCard(CallbackData, prefix="card"):
    """Show the topic's card."""

    topic: StoredId


class TopicLevel(CallbackData, prefix="level"):
    """Notify of the topic's stories from this level on."""

    topic: StoredId
    level: LevelNumber


class TopicSound(CallbackData, prefix="sound"):
    """Notify of the topic's stories with sound or without."""

    topic: StoredId
    on: bool


class TopicMenu(CallbackData, prefix="topics"):
    """Show the menu of topics."""


class WhyStory(CallbackData, prefix="why"):
    """Explain why the story was told."""

    story: StoredId


class ForgetMe(CallbackData, prefix="forget"):
    """The answer to "delete everything?"."""

    sure: bool


class Resume(CallbackData, prefix="resume"):
    """End the pause."""
