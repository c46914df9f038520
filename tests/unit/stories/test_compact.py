"""Weighed articles survive a restart as bytes."""

import zlib
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import analyse
from bot.stories import StoryIndex, Weighed, packed, unpacked
from tests.unit.stories.articles import FLOOD, FLOOD_TEXT, NOON, index_of, written


def weighed(title: str, text: str, **fields: object) -> Weighed:
    article = written(1, title, text, **fields)
    return StoryIndex().weigh(article, analyse(article))


@settings(max_examples=50, deadline=None)
@given(st.text(), st.text(), st.datetimes(timezones=st.just(UTC)))
def test_it_comes_back_as_it_was_whatever_it_holds(title: str, text: str, at: datetime) -> None:
    one = weighed(title, text, published_at=at)
    assert unpacked(packed(one)) == one


def test_a_real_one_does_and_takes_about_a_kilobyte() -> None:
    one = weighed(FLOOD, FLOOD_TEXT * 5)
    assert unpacked(packed(one)) == one
    assert len(packed(one)) < 1024


def test_an_address_of_half_a_surrogate_pair_does_no_harm() -> None:
    one = unpacked(packed(weighed(FLOOD, FLOOD_TEXT, url="https://example.org/\ud83d")))
    assert one is not None
    assert one.article.url == "https://example.org/?"


def changed(**fields: object) -> bytes:
    """That of an article, with these fields changed or (None) missing."""
    content = orjson.loads(zlib.decompress(packed(weighed(FLOOD, FLOOD_TEXT)))) | fields
    return zlib.compress(orjson.dumps({name: value for name, value in content.items() if value is not None}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        packed(weighed(FLOOD, FLOOD_TEXT))[:-20],
        zlib.compress(b"[]"),
        changed(format=0),
        changed(format=None),
        changed(gist=None),
        changed(more=1),
        changed(at="yesterday"),
        changed(counts=[256]),
    ],
)
def test_what_another_version_made_or_what_is_broken_is_nothing(content: bytes) -> None:
    assert unpacked(content) is None


def test_an_index_finds_the_same_by_what_it_was_given_back() -> None:
    known, new = written(1, FLOOD, FLOOD_TEXT), written(2, FLOOD, FLOOD_TEXT[:150])
    index, again = index_of(known), StoryIndex()
    back = unpacked(packed(StoryIndex().weigh(known, analyse(known))))
    assert back is not None
    again.add(1, 1, back)
    assert again.find(again.weigh(new, analyse(new))) == index.find(index.weigh(new, analyse(new))) == 1


def test_the_format_is_raised_when_what_it_holds_changes() -> None:
    """If this fails, raise FORMAT in bot/stories/compact.py and note the content here: stored ones are made anew."""
    article = replace(written(1, "Пенза: мост через Суру рухнул в 5 утра", "Мост рухнул."), published_at=NOON)
    content = orjson.loads(zlib.decompress(packed(StoryIndex().weigh(article, analyse(article)))))
    words = ["пенза", "мост", "через", "сура", "рухнут", "в", "5", "утро"]
    assert content == {
        "format": 1,
        "at": "2026-11-23T12:00:00+00:00",
        "url": "https://example.org/1",
        "title_key": "пенза мост через суру рухнул в 5 утра",
        "words": words,
        "counts": [1, 2, 1, 1, 2, 1, 1, 1],
        "title": words,
        "rubric": 1,
        "names": [["сура"]],
        "numbers": ["5"],
        "headed": True,
        "template": [["в", "мост", "пенза", "рухнуть", "утро", "через"], ["5"], ["сура"]],
        "thin": True,
        "gist": content["gist"],
    }
