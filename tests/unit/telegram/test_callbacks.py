"""What buttons carry."""

from __future__ import annotations

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.telegram import callbacks
from bot.telegram.callbacks import (
    FollowTopic,
    ForgetMe,
    Resume,
    TopicCard,
    TopicLevel,
    TopicMenu,
    TopicSound,
    WhyStory,
)

_LARGEST = 2**63 - 1

_ALL: tuple[CallbackData, ...] = (
    FollowTopic(topic=_LARGEST, on=True),
    TopicCard(topic=_LARGEST),
    TopicLevel(topic=_LARGEST, level=3),
    TopicSound(topic=_LARGEST, on=False),
    TopicMenu(),
    WhyStory(story=_LARGEST),
    ForgetMe(sure=True),
    Resume(),
)


@pytest.mark.parametrize("data", _ALL, ids=lambda data: data.__prefix__)
def test_the_largest_value_fits_a_button_and_comes_back(data: CallbackData) -> None:
    packed = data.pack()
    assert len(packed.encode()) <= 64
    assert type(data).unpack(packed) == data


def test_no_two_kinds_share_a_prefix() -> None:
    kinds = [each for each in vars(callbacks).values() if isinstance(each, type) and issubclass(each, CallbackData)]
    prefixes = [kind.__prefix__ for kind in kinds if kind is not CallbackData]
    assert len(prefixes) == len(set(prefixes)) == len(_ALL)


@pytest.mark.parametrize(
    "forged",
    ["level:1:4", "level:1:-1", "level:x:1", "level:1", "level:1:1:1", f"level:{2**63}:1", "level:-1:1", "sound:1:1"],
)
def test_forged_data_does_not_parse(forged: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        TopicLevel.unpack(forged)
