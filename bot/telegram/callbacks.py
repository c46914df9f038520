"""What a button carries when it is pressed: always the state wanted, never "toggle", so a stale button does no harm.

A subscriber's client may send anything; numbers outside these ranges do not parse, and no handler sees them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.model import DigestKind, Level

StoredId = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""An id of ours; the largest is what both databases can hold."""
PageNumber = Annotated[int, Field(ge=0, le=10_000)]
ShelfName = Literal["section", "author", "source"]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""Of a name that may be too long for a button: half of its 128 bits."""
LevelNumber = Annotated[int, Field(ge=min(Level), le=max(Level))]
MinuteOfDay = Annotated[int, Field(ge=-1, lt=24 * 60)]
"""Minutes since local midnight; -1: none."""


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


class TopicPage(CallbackData, prefix="page"):
    """Show a page of the menu of topics; the first is 0."""

    page: PageNumber


class AskWords(CallbackData, prefix="words"):
    """Ask for words to follow, in place of the topic; 0: besides those there are."""

    topic: StoredId


class SearchPage(CallbackData, prefix="found"):
    """Show another page of what the drafted query finds."""

    draft: StoredId
    page: Annotated[int, Field(ge=0, le=100)]


class ShowDraft(CallbackData, prefix="draft"):
    """Show what the drafted query would bring."""

    draft: StoredId


class FollowDraft(CallbackData, prefix="own"):
    """Follow the drafted query, in place of the topic it was drafted for."""

    draft: StoredId
    anew: bool
    """Choose the level as for a new topic, instead of keeping that of the one whose place it takes."""


class Cancel(CallbackData, prefix="cancel"):
    """Follow or change nothing."""


class Shelf(CallbackData, prefix="shelf"):
    """Show a page of the sections, authors or sources there are."""

    by: ShelfName
    page: PageNumber


class FollowShelved(CallbackData, prefix="shelved"):
    """Follow a section, author or source of that page."""

    by: ShelfName
    page: PageNumber
    digest: Digest


class SectionOrder(CallbackData, prefix="orders"):
    """Show the order of sections in digests."""


class SectionPage(CallbackData, prefix="orderpage"):
    """Show that page of the sections that have no place in the order."""

    page: PageNumber


class SectionPlace(CallbackData, prefix="order"):
    """Put the section at this place of the digests' order, from 0; -1: into none, then it stands where its news do."""

    digest: Digest
    place: Annotated[int, Field(ge=-1, le=1000)]


class WhyStory(CallbackData, prefix="why"):
    """Explain why the story was told."""

    story: StoredId


class ForgetMe(CallbackData, prefix="forget"):
    """The answer to "delete everything?"."""

    sure: bool


class Resume(CallbackData, prefix="resume"):
    """End the pause."""


class MuteStory(CallbackData, prefix="mute"):
    """Tell nothing more of the story, or tell of it again."""

    story: StoredId
    on: bool


class PauseFor(CallbackData, prefix="pause"):
    """Tell nothing for so many hours; 0: until they resume it themselves."""

    hours: Annotated[int, Field(ge=0, le=366 * 24)]


class PauseTillMorning(CallbackData, prefix="morning"):
    """Tell nothing until the next morning of theirs."""


class MuteTopic(CallbackData, prefix="mutetopic"):
    """Tell nothing of the topic for so many hours; 0: tell of it again."""

    topic: StoredId
    hours: Annotated[int, Field(ge=0, le=366 * 24)]


class StillHere(CallbackData, prefix="here"):
    """The answer to "do you still read this?"."""


class StopDigest(CallbackData, prefix="stopd"):
    """Send no digest of this kind any more; under every issue."""

    kind: DigestKind


class DigestSet(CallbackData, prefix="digest"):
    """Send a digest of this kind at this local hour (-1: none), a weekly one on this weekday (0 is Monday)."""

    kind: DigestKind
    hour: Annotated[int, Field(ge=-1, le=23)]
    weekday: Annotated[int, Field(ge=-1, le=6)] = -1
    """-1 where there is none to say."""


class DigestOnly(CallbackData, prefix="digestonly"):
    """Push nothing but breaking stories, and tell the rest in digests; or push as before."""

    on: bool


class QuietHoursSet(CallbackData, prefix="quiet"):
    """Push nothing between these local times, or (-1) at no time."""

    start: MinuteOfDay
    end: MinuteOfDay
    breaking: bool
    """Whether breaking stories pass."""


class SettingsMenu(CallbackData, prefix="settings"):
    """Show a page of the settings ("main", "quiet", "digest", …) in place of the message; "quiet_below": below it."""

    page: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]


class SetCap(CallbackData, prefix="cap"):
    """Push at most so many a local day; 0: any number."""

    cap: Annotated[int, Field(ge=0, le=1000)]


class SetSoundFrom(CallbackData, prefix="soundfrom"):
    """Push with sound from this level on."""

    level: LevelNumber


class SetFollowUps(CallbackData, prefix="followups"):
    """Tell what a story adds later, or not."""

    on: bool


class ShowStatus(CallbackData, prefix="status"):
    """Show the publisher anew how the bot is doing."""


class WithdrawStory(CallbackData, prefix="withdraw"):
    """The publisher takes a story back, and is asked first."""

    story: StoredId
    answer: Literal["ask", "yes", "no"]


class SplitStory(CallbackData, prefix="split"):
    """Show the publisher what a story is made of."""

    story: StoredId


class SplitArticle(CallbackData, prefix="takeout"):
    """Take the article out of the story."""

    story: StoredId
    article: StoredId


class SetZone(CallbackData, prefix="zone"):
    """Tell times as in this zone, by its name in the IANA database: a name outlives any list of ours."""

    zone: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+/-]{1,40}$")]


class SetLanguage(CallbackData, prefix="lang"):
    """Speak this language."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
