"""A story as a message, judged by Telegram's own parser (tdjson's parseTextEntities)."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
import tdjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Details, Due, Level, Mark, Story, Topic
from bot.telegram.callbacks import WhyStory
from bot.telegram.render import Rendered, notification, story_card
from bot.telegram.text import clean, clip, safe_link, units
from bot.words import words

_MOSCOW = "Europe/Moscow"
_SYRIA = Topic(id=2, slug="syria")


@dataclass(frozen=True, slots=True)
class Shown:
    """What Telegram shows of a message."""

    text: str
    entities: tuple[tuple[str, str, str], ...]
    """Kind, the text it covers, its address if it is a link."""


def _td(request: dict[str, Any]) -> dict[str, Any]:
    answer = tdjson.td_execute(json.dumps(request).encode())
    assert answer is not None
    parsed: dict[str, Any] = json.loads(answer)
    return parsed


_td({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def _shown(rendered: Rendered) -> Shown:
    parsed = _td({"@type": "parseTextEntities", "text": rendered.text, "parse_mode": {"@type": "textParseModeHTML"}})
    assert parsed["@type"] == "formattedText", parsed
    text: str = parsed["text"]
    wide = text.encode("utf-16-le")
    entities = (
        (
            each["type"]["@type"].removeprefix("textEntityType"),
            wide[each["offset"] * 2 : (each["offset"] + each["length"]) * 2].decode("utf-16-le"),
            each["type"].get("url", ""),
        )
        for each in parsed["entities"]
    )
    return Shown(text, tuple(sorted(entities)))


def _card(story: Story, now: datetime, topic: Topic | None = _SYRIA, language: str = "ru") -> Rendered:
    return story_card(story, topic, words(language), _MOSCOW, now)


def test_a_notification_has_headline_source_and_time_summary_and_topic(due: Due, now: datetime) -> None:
    shown = _shown(notification(due, now))
    assert shown.text == (
        "Чуркин: переговоры в Женеве продолжатся\n"
        "Труд · 17:40\n\n"
        "Постоянный представитель России при ООН рассказал о переговорах. Они пройдут в Женеве.\n\n"
        "#Сирия"
    )
    assert shown.entities == (
        ("Bold", due.story.title, ""),
        ("TextUrl", due.story.title, due.story.url),
    )


def test_what_another_source_adds_is_one_line_under_its_name(story: Story, now: datetime) -> None:
    details = Details("По данным МЧС, «Луч» лишился 46 домов", "Коммерсантъ", (Mark("Луч", "признан иноагентом"),))
    shown = _shown(_card(replace(story, details=details), now)).text
    line = "\n\nПодробности: По данным МЧС, «Луч» (признан иноагентом) лишился 46 домов\u00a0— Коммерсантъ\n\n#Сирия"
    assert shown.endswith(line)
    assert "Details: " in _shown(_card(replace(story, details=details), now, language="en")).text


def test_its_buttons_open_the_article_and_ask_why(due: Due, now: datetime) -> None:
    [[read, why]] = notification(due, now).keyboard.inline_keyboard
    assert (read.text, read.url) == ("Читать", due.story.url)
    assert why.text == "Почему?"
    assert WhyStory.unpack(why.callback_data or "") == WhyStory(story=17)


def test_it_speaks_the_subscribers_language_in_their_time_zone(due: Due, now: datetime) -> None:
    reader = replace(due.subscriber, language="en", time_zone="Europe/London")
    rendered = notification(replace(due, subscriber=reader), now)
    assert "Труд · 14:40\n" in rendered.text
    assert rendered.text.endswith("#Syria")
    assert [button.text for button in rendered.keyboard.inline_keyboard[0]] == ["Read", "Why?"]


def test_the_number_of_sources_is_told_when_there_are_several(story: Story, now: datetime) -> None:
    several = replace(story, sources=("Труд", "ТАСС", "РБК"))
    assert "Труд · 17:40 · 3\u00a0источника\n" in _card(several, now).text
    assert "Труд · 17:40 · 3 sources\n" in _card(several, now, language="en").text


def test_the_articles_picture_stands_above_the_text(story: Story, now: datetime) -> None:
    preview = _card(story, now).preview
    assert preview.url == story.url
    assert preview.show_above_text
    assert preview.prefer_large_media
    assert preview.is_disabled is False


def test_without_a_picture_there_is_no_preview(story: Story, now: datetime) -> None:
    preview = _card(replace(story, picture=None), now).preview
    assert preview.is_disabled
    assert preview.url is None


def test_without_a_usable_address_there_is_no_link_but_still_a_message(story: Story, now: datetime) -> None:
    rendered = _card(replace(story, url="http://localhost/1"), now)
    assert _shown(rendered).entities == (("Bold", story.title, ""),)
    assert rendered.preview.is_disabled
    assert [button.url for button in rendered.keyboard.inline_keyboard[0]] == [None]


def test_an_address_can_not_break_out_of_its_link(story: Story, now: datetime) -> None:
    url = "https://trud.ru/?a=1&lt=2&b='\"><b>"
    [_, link] = _shown(_card(replace(story, url=url), now)).entities
    assert link == ("TextUrl", story.title, "https://trud.ru/?a=1&lt=2&b='%22%3E%3Cb%3E")


def test_markup_in_the_news_is_text(story: Story, now: datetime) -> None:
    title = "<b>5 < 6 & 7 > 6</b> &amp; <a href='x'>"
    assert _shown(_card(replace(story, title=title, summary="&lt;i&gt; </b>"), now)).text.startswith(f"{title}\n")


def test_a_title_of_5000_characters_is_cut_at_a_word(story: Story, now: datetime) -> None:
    headline = _shown(_card(replace(story, title="Переговоры " * 450), now)).text.split("\n")[0]
    assert headline.endswith("Переговоры…")
    assert 280 < units(headline) <= 300


def test_a_summary_of_400_characters_stays_whole_even_if_it_is_emoji(story: Story, now: datetime) -> None:
    summary = "😀" * 399 + "!"
    assert summary in _shown(_card(replace(story, summary=summary), now)).text


def test_a_summary_that_repeats_the_headline_is_left_out(story: Story, now: datetime) -> None:
    text = _shown(_card(replace(story, summary=f"{story.title}."), now)).text
    assert text == f"{story.title}\nТруд · 17:40\n\n#Сирия"


def test_a_story_told_under_no_topic_has_no_hashtag(story: Story, now: datetime) -> None:
    assert "#" not in _shown(_card(story, now, topic=None)).text


def test_a_title_that_shows_nothing_gives_way_to_the_source(story: Story, now: datetime) -> None:
    assert _shown(_card(replace(story, title="\u200b\u3164\n"), now)).text.startswith("Труд\nТруд · 17:40")


# --- marks ---


def test_a_mark_follows_the_first_mention_of_its_name_in_any_form(story: Story, now: datetime) -> None:
    marked = replace(
        story,
        title="Удар по позициям «Исламского государства»",
        summary="«Исламское государство» отступило. Джебхат-ан-Нусра осталась.",
        marks=(
            Mark("Исламское государство", "запрещена в РФ"),
            Mark("Джебхат ан-Нусра", "(террористическая организация)"),
            Mark("Аль-Каида", "запрещена в РФ"),
        ),
    )
    text = _shown(_card(marked, now)).text
    assert text.startswith("Удар по позициям «Исламского государства» (запрещена в РФ)\n")
    assert text.count("запрещена в РФ") == 1
    assert "«Исламское государство» отступило." in text


def test_marks_take_nothing_from_the_400_characters(story: Story, now: datetime) -> None:
    summary = "ИГИЛ. " + "Слово. " * 56
    marked = replace(story, summary=summary.strip(), marks=(Mark("ИГИЛ", "организация, запрещённая в России"),))
    shown = _shown(_card(marked, now)).text
    assert f"ИГИЛ (организация, запрещённая в России). {summary[6:].strip()}" in shown


def test_a_notice_that_stands_there_already_is_not_repeated(story: Story, now: datetime) -> None:
    marked = replace(story, title="ИГИЛ (запрещена в РФ) отступает", marks=(Mark("ИГИЛ", "запрещена в РФ"),))
    assert _shown(_card(marked, now)).text.count("запрещена") == 1


def test_a_name_within_another_word_is_no_mention(story: Story, now: datetime) -> None:
    marked = replace(story, title="Игильский дневник", summary="", marks=(Mark("ИГ", "запрещена в РФ"),))
    assert "запрещена" not in _shown(_card(marked, now)).text


def test_a_mark_beside_one_mention_does_not_stand_for_the_first(story: Story, now: datetime) -> None:
    summary = f"Вода пришла. {'Дождь лил весь день. ' * 12}Боевики ИГИЛ (запрещена в РФ) ушли."
    marked = replace(story, title="ИГИЛ отступает", summary=summary, marks=(Mark("ИГИЛ", "запрещена в РФ"),))
    assert _shown(_card(marked, now)).text.startswith("ИГИЛ (запрещена в РФ) отступает")


def test_a_running_notice_before_the_name_is_not_repeated(story: Story, now: datetime) -> None:
    summary = "Запрещённая в РФ группировка «Исламское государство» отступила."
    marked = replace(story, title="Бои", summary=summary, marks=(Mark("Исламское государство", "Запрещённая в РФ"),))
    assert summary in _shown(_card(marked, now)).text


@pytest.mark.parametrize(
    ("title", "mentioned"),
    [
        ("Дождь залил Москву", False),
        ("В Москве дождь", False),
        ("«Дождь» вышел в эфир", True),
        ("Телеканал Дождь вышел в эфир", True),
        ("Эфир «Дождя» прервали", True),
    ],
)
def test_a_common_word_is_no_mention_of_the_name_that_is_one(
    story: Story, now: datetime, title: str, mentioned: bool
) -> None:
    marked = replace(story, title=title, summary="", marks=(Mark("Дождь", "признан иноагентом"),))
    assert ("признан иноагентом" in _shown(_card(marked, now)).text) is mentioned


def test_no_number_of_marks_makes_a_message_too_long(story: Story, now: datetime) -> None:
    names = [f"имя{number}" for number in range(60)]
    marked = replace(
        story,
        title=" ".join(names),
        summary="😀" * 400,
        source="ё" * 500,
        marks=tuple(Mark(name, "запрещена " * 1000) for name in names),
        sources=("а",) * 5000,
        details=Details("слово " * 100, "ё" * 500, (Mark("слово", "запрещена " * 1000),) * 20),
    )
    assert units(_shown(_card(marked, now, Topic(id=9, query="слово " * 100))).text) <= 4096


# --- whatever comes in ---

_ODD = st.sampled_from(
    [
        *"<>&\"'/\\\x00\x0b\r\n\t\ud83d\udc00\u200b\u200d\u202e\u2066\ufeff\u0301\u0489\ufe0f\u3164\ufffe«»…#@",
        "👨‍👩‍👧",
        "🇷🇺",
        "👍🏽",
        "שלום",
        "مرحبا",
        "<b>",
        "</a>",
        "&amp;",
        "&#0;",
        "ИГИЛ ",
        "слово ",
        "a" * 300,
        "\u0301" * 50,
        " \u0301",
    ]
)
_TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=400),
    st.lists(st.one_of(_ODD, st.characters(codec=None)), max_size=600).map("".join),
)
_URL = st.one_of(
    _TEXT,
    st.builds("{}://{}{}".format, st.sampled_from(["http", "https", "ftp"]), _TEXT, _TEXT),
    st.builds("https://trud.ru/{}".format, _TEXT),
    st.builds("https://{}/a".format, st.from_regex(r"[a-zя_.:@\-0-9\[\]%]{1,30}", fullmatch=True)),
)


@settings(deadline=None)  # the first example loads a dictionary
@given(
    title=_TEXT,
    summary=_TEXT,
    source=_TEXT,
    url=_URL,
    marks=st.lists(st.builds(Mark, _TEXT, _TEXT), max_size=3),
    query=_TEXT,
)
def test_whatever_the_article_contains_telegram_takes_the_message_and_shows_what_was_meant(
    title: str, summary: str, source: str, url: str, marks: list[Mark], query: str
) -> None:
    at = datetime.fromisoformat("2016-12-03T14:40:00+00:00")
    story = Story(
        id=17,
        title=title,
        url=url,
        source=source,
        summary=summary,
        level=Level.MAJOR,
        published_at=at,
        opened_at=at,
        marks=(Mark("ИГИЛ", "запрещена в РФ"), *marks),
        picture="x",
    )
    rendered = _card(story, at, Topic(id=2, query=query))
    shown = _shown(rendered)

    assert 0 < units(shown.text) <= 4096
    assert shown.text == shown.text.strip()
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in shown.text.replace("\n", ""))
    assert not any("\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" for char in shown.text)

    headline, _, rest = shown.text.partition("\n")
    if not story.marks[1:] and "ИГИЛ" not in headline:
        assert headline == (clip(clean(title), 300) or clip(clean(source), 300) or "…")
        assert rest.startswith(f"{clip(clean(source), 80)} · 17:40" if clean(source) else "17:40")
    link = safe_link(url)
    assert [kind for kind, _, _ in shown.entities] == (["Bold"] if link is None else ["Bold", "TextUrl"])
    assert {covered for _, covered, _ in shown.entities} == {headline}
    buttons = rendered.keyboard.inline_keyboard[0]
    assert [button.url for button in buttons if button.url] == ([] if link is None else [link])


@pytest.mark.parametrize("level", list(Level))
def test_every_level_can_be_told(story: Story, now: datetime, level: Level) -> None:
    assert _shown(_card(replace(story, level=level), now)).text
