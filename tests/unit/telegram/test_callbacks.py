"""What buttons carry."""

from __future__ import annotations

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.model import DigestKind
from bot.telegram import callbacks
from bot.telegram.callbacks import (
    AskWords,
    Cancel,
    DigestOnly,
    DigestSet,
    FollowDraft,
    FollowShelved,
    FollowTopic,
    ForgetMe,
    MuteStory,
    MuteTopic,
    PauseFor,
    PauseTillMorning,
    QuietHoursSet,
    Resume,
    SearchPage,
    SectionOrder,
    SectionPage,
    SectionPlace,
    SetCap,
    SetFollowUps,
    SetLanguage,
    SetSoundFrom,
    SettingsMenu,
    SetZone,
    Shelf,
    ShowDraft,
    ShowStatus,
    SplitArticle,
    SplitStory,
    StillHere,
    StopDigest,
    TopicCard,
    TopicLevel,
    TopicMenu,
    TopicPage,
    TopicSound,
    WhyStory,
    WithdrawStory,
)

_LARGEST = 2**63 - 1

ALL: tuple[CallbackData, ...] = (
    FollowTopic(topic=_LARGEST, on=True),
    TopicCard(topic=_LARGEST),
    TopicLevel(topic=_LARGEST, level=3),
    TopicSound(topic=_LARGEST, on=False),
    TopicMenu(),
    TopicPage(page=10_000),
    AskWords(topic=_LARGEST),
    ShowDraft(draft=_LARGEST),
    FollowDraft(draft=_LARGEST, anew=True),
    Cancel(),
    Shelf(by="section", page=10_000),
    FollowShelved(by="section", page=10_000, digest="0" * 16),
    SectionOrder(),
    SectionPage(page=10_000),
    SearchPage(draft=2**63 - 1, page=100),
    SectionPlace(digest="0" * 16, place=1000),
    WhyStory(story=_LARGEST),
    WithdrawStory(story=_LARGEST, answer="ask"),
    ShowStatus(),
    SplitStory(story=_LARGEST),
    SplitArticle(story=_LARGEST, article=_LARGEST),
    SetFollowUps(on=False),
    ForgetMe(sure=True),
    Resume(),
    MuteStory(story=_LARGEST, on=True),
    PauseFor(hours=366 * 24),
    PauseTillMorning(),
    MuteTopic(topic=_LARGEST, hours=366 * 24),
    DigestOnly(on=True),
    StillHere(),
    StopDigest(kind=DigestKind.MORNING),
    DigestSet(kind=DigestKind.WEEKLY, hour=23, weekday=6),
    QuietHoursSet(start=1439, end=1439, breaking=False),
    SettingsMenu(page="a" * 20),
    SetCap(cap=1000),
    SetSoundFrom(level=3),
    SetZone(zone="America/Argentina/ComodRivadavia"),
    SetLanguage(code="ru"),
)


@pytest.mark.parametrize("data", ALL, ids=lambda data: data.__prefix__)
def test_the_largest_value_fits_a_button_and_comes_back(data: CallbackData) -> None:
    packed = data.pack()
    assert len(packed.encode()) <= 64
    assert type(data).unpack(packed) == data


def test_no_two_kinds_share_a_prefix() -> None:
    kinds = [each for each in vars(callbacks).values() if isinstance(each, type) and issubclass(each, CallbackData)]
    prefixes = [kind.__prefix__ for kind in kinds if kind is not CallbackData]
    assert len(prefixes) == len(set(prefixes)) == len(ALL)


@pytest.mark.parametrize(
    "forged",
    ["level:1:4", "level:1:-1", "level:x:1", "level:1", "level:1:1:1", f"level:{2**63}:1", "level:-1:1", "sound:1:1"],
)
def test_forged_data_does_not_parse(forged: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        TopicLevel.unpack(forged)


@pytest.mark.parametrize(
    ("kind", "forged"),
    [
        (StopDigest, "stopd:hourly"),
        (DigestSet, "digest:daily:24:-1"),
        (DigestSet, "digest:weekly:9:7"),
        (QuietHoursSet, "quiet:1440:0:1"),
        (QuietHoursSet, "quiet:-2:0:1"),
        (PauseFor, "pause:-1"),
        (PauseFor, "pause:99999999"),
        (SetCap, "cap:-1"),
        (SetSoundFrom, "soundfrom:4"),
        (SetZone, "zone:../../etc/passwd"),
        (SetLanguage, "lang:RU"),
        (SettingsMenu, "settings:"),
    ],
)
def test_forged_settings_do_not_parse(kind: type[CallbackData], forged: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        kind.unpack(forged)
