"""Every message is accepted by Telegram's own parser and shows what was meant; buttons and settings take anything."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given
from hypothesis import strategies as st

from bot import sources, topics
from bot.config import Settings, read_settings
from bot.demo.judge import parse, telegrams_parser
from bot.errors import QueryError, SettingsError
from bot.model import Level, Mark, Story, Topic
from bot.telegram import callbacks
from bot.telegram.render import story_card
from bot.telegram.text import clean, units
from bot.words import words
from tests.fuzz.material import NOW, texts, urls
from tests.fuzz.profile import fuzzed

marks = st.builds(Mark, texts.map(lambda text: text[:120]), texts.map(lambda text: text[:200]))
times = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - as wanted
"""What an article may be dated."""
stories = st.builds(
    Story,
    id=st.integers(0, 2**63 - 1),
    title=texts,
    url=urls,
    source=texts,
    summary=texts.map(lambda text: text[:400]),
    level=st.sampled_from(Level),
    published_at=times,
    opened_at=times,
    picture=st.none() | urls,
    marks=st.lists(marks, max_size=5).map(tuple),
    sources=st.lists(texts, max_size=3).map(tuple),
)
own_words = texts.map(lambda text: text[:100])


def _own_topic(written: str) -> Topic:
    try:
        return Topic(id=3, query=str(topics.parse(written)))
    except QueryError:
        return Topic(id=2, slug="syria")


@fuzzed(250)
@given(
    stories,
    own_words.map(_own_topic) | st.none(),
    st.sampled_from(["ru", "en"]),
    st.sampled_from(["UTC", "Asia/Tokyo"]),
)
def test_telegram_accepts_every_notification_and_shows_the_headline(
    story: Story, topic: Topic | None, language: str, zone: str
) -> None:
    judge = telegrams_parser()
    assert judge is not None, "Telegram's own parser is among the development dependencies"
    rendered = story_card(story, topic, words(language), zone, NOW)
    shown, entities = parse(rendered.text, "HTML", judge)
    assert 0 < units(shown) <= 4096
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == _as_seen(shown)
    assert Counter(entity["type"] for entity in entities) <= Counter({"bold": 1, "text_link": 1})
    headline = clean(story.title)
    if 0 < len(headline) <= 100 and not story.marks:
        assert shown.startswith(headline)
    for row in rendered.keyboard.inline_keyboard:
        for button in row:
            assert len((button.callback_data or "").encode()) <= 64
            assert (button.url or "http").startswith("http")


def _as_seen(shown: str) -> str:
    """Without what nobody sees; nothing of that kind may have come through."""
    return "\n".join(clean(line) for line in shown.replace("\N{NO-BREAK SPACE}", " ").split("\n"))


buttons = [kind for kind in vars(callbacks).values() if isinstance(kind, type) and issubclass(kind, CallbackData)]
presses = st.lists(
    st.sampled_from(["follow", "card", "level", "why", "forget", ":", "1", "-1", "٣", "9" * 30, "on", "true", "1e9"])
    | st.text(max_size=6),
    max_size=6,
).map("".join)


@fuzzed(400)
@given(presses | st.builds("{}:{}:{}".format, presses, presses, presses))
def test_a_forged_button_is_read_as_a_button_of_ours_or_not_at_all(data: str) -> None:
    for kind in buttons:
        if kind is CallbackData:
            continue
        try:
            read = kind.unpack(data)
        except (TypeError, ValueError):
            continue
        assert kind.unpack(read.pack()) == read


_lines = st.lists(
    st.builds(
        "{}={}".format,
        st.sampled_from([*(name.upper() for name in Settings.model_fields), "FOO", "", "a b", "export TIME_ZONE"]),
        st.text(max_size=12)
        | st.sampled_from(["1:" + "a" * 30, "9" * 5000, "1e309", "nan", "-0", "'", '"', "${HOME", "\x00"]),
    )
    | st.text(max_size=10),
    max_size=5,
)


@fuzzed(150)
@given(_lines.map("\n".join))
def test_any_settings_are_valid_or_one_line_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, written: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.env"
    file.write_text(written, encoding="utf-8", errors="surrogatepass")
    try:
        read_settings(file)
    except SettingsError as error:
        _is_one_line(error)


_values = st.text(max_size=6) | st.sampled_from(
    [
        '"x"', '""', "1", "-1", "1e400", "nan", "true", "[]", "{}", "'('", "'(?P<key>'", "'a{99999999999}'",
        "1979-05-27", '"http://["', '"http://a.b:99999"', '"https://www.trud.ru/rss"', '"\\u0000"', '"ru"', '"Ё"',
        "9" * 5000, "[" * 3000,
    ]
)  # fmt: skip
_toml = st.lists(
    st.sampled_from(["[[source]]", "[source]", "[[source", "source = 1", "source = []", "[[x]]", "\ufeff", "\x00"])
    | st.builds("{} = {}".format, st.sampled_from([*sources.files.KEYS, "naem", "a.b"]), _values)
    | st.text(max_size=8),
    max_size=10,
)
_ENTRY = '[[source]]\nname = "Труд"\nurl = "http://a.b/"\n'


@fuzzed(400)
@given(_toml.map("\n".join) | _toml.map(lambda rest: _ENTRY + "\n".join(rest)))
def test_any_sources_file_is_valid_or_one_line_says_why_not(written: str) -> None:
    try:
        assert sources.load(written, "mine.toml")
    except SettingsError as error:
        _is_one_line(error)


def _is_one_line(error: Exception) -> None:
    assert str(error).strip()
    assert len(str(error).splitlines()) == 1
    assert len(str(error)) < 4000
