"""An issue of a digest is a valid message whatever its stories contain, and fits whatever there is of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import SendMessage, SendRichMessage
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.api_table import check_call
from bot.demo.judge import parse, telegrams_parser
from bot.model import (
    Delivered,
    Digest,
    DigestEntry,
    DigestKind,
    Gone,
    Level,
    Mark,
    Notification,
    OutcomeUnknown,
    Reason,
    Refused,
    RetryAfter,
    Story,
    Subscriber,
    Topic,
)
from bot.telegram.budget import SendBudget
from bot.telegram.callbacks import DigestOnly, SettingsMenu, StillHere, StopDigest
from bot.telegram.digest import LONGEST_MESSAGE, MOST_ENTITIES, issue, question
from bot.telegram.letters import Letters
from bot.telegram.text import units

AT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
READER = Subscriber(id=1, chat_id=42)
NOTICE = "СМИ и (или) материал созданы иностранным агентом " * 4


def entry(number: int = 1, section: str | None = "Политика", **story: Any) -> DigestEntry:
    known: dict[str, Any] = {
        "title": f"Переговоры в Женеве продолжатся, день {number}",
        "url": f"https://www.trud.ru/article/23-11-2026/{number}_peregovory.html",
        "source": "Труд",
        "because": (Reason("owners", {"count": 5, "minutes": 130}),),
    }
    return DigestEntry(
        notification=Notification(story_id=number, subscriber_id=1, topic_id=2, created_at=AT, due_at=AT),
        topic=Topic(id=2, slug="syria"),
        story=Story(id=number, summary="", level=Level.MAJOR, published_at=AT, opened_at=AT, **{**known, **story}),
        section=section,
    )


def digest(*entries: DigestEntry, kind: DigestKind = DigestKind.DAILY, beyond: int = 0) -> Digest:
    return Digest(kind=kind, entries=entries, beyond=tuple(entry(1000 + more) for more in range(beyond)))


def read(html: str) -> tuple[str, list[dict[str, Any]]]:
    """As Telegram's own parser reads it."""
    plain, entities = parse(html, "HTML", telegrams_parser())
    return plain.replace("\N{NO-BREAK SPACE}", " "), entities


def buttons(digest: Digest, reader: Subscriber = READER) -> list[str | None]:
    return [button.callback_data for row in issue(digest, reader).keyboard.inline_keyboard for button in row]


def test_each_story_is_one_line_with_link_source_and_reason_under_its_section() -> None:
    politics, economy = entry(1), entry(2, "Экономика", because=(Reason("no_signals"),))
    plain, entities = read(issue(digest(politics, economy, entry(3, None)), READER).text)
    assert plain == (
        "Главное за день\n"
        "\n"
        "Политика\n"
        "• Переговоры в Женеве продолжатся, день 1 — Труд · За 2 часа об этом написали 5 редакций\n"
        "\n"
        "Экономика\n"
        "• Переговоры в Женеве продолжатся, день 2 — Труд · Сирия\n"
        "\n"
        "Другие новости\n"
        "• Переговоры в Женеве продолжатся, день 3 — Труд · За 2 часа об этом написали 5 редакций"
    )
    links = [each["url"] for each in entities if each["type"] == "text_link"]
    assert links == [each.story.url for each in (politics, economy, entry(3))]


def test_a_digest_without_sections_needs_no_headings() -> None:
    plain, entities = read(issue(digest(entry(1, None), entry(2, None)), READER).text)
    assert plain.splitlines()[:3] == [
        "Главное за день",
        "",
        "• Переговоры в Женеве продолжатся, день 1 — Труд · За 2 часа об этом написали 5 редакций",
    ]
    assert [each["type"] for each in entities].count("bold") == 1


@pytest.mark.parametrize(
    ("kind", "russian", "english"),
    [
        (DigestKind.MORNING, "Пока было тихо", "While it was quiet"),
        (DigestKind.DAILY, "Главное за день", "The main news of the day"),
        (DigestKind.WEEKLY, "Главное за неделю", "The main news of the week"),
    ],
)
def test_it_is_called_by_its_kind_in_the_readers_language(kind: DigestKind, russian: str, english: str) -> None:
    for language, title in (("ru", russian), ("en", english)):
        text = issue(digest(entry(), kind=kind), replace(READER, language=language)).text
        assert read(text)[0].splitlines()[0] == title


def test_what_has_no_line_is_counted() -> None:
    assert read(issue(digest(entry(), beyond=5), READER).text)[0].endswith("\n\nи ещё 5 новостей")
    assert "ещё" not in read(issue(digest(entry()), READER).text)[0]


@pytest.mark.parametrize("kind", DigestKind)
def test_every_issue_can_be_stopped_with_one_tap(kind: DigestKind) -> None:
    page = "quiet_below" if kind is DigestKind.MORNING else "digest_below"
    assert buttons(digest(entry(), kind=kind)) == [StopDigest(kind=kind).pack(), SettingsMenu(page=page).pack()]


def test_whoever_was_told_less_for_their_silence_can_end_that_with_one_tap() -> None:
    slowed = replace(READER, digest_only=True, asked_at=AT)
    assert buttons(digest(entry(), kind=DigestKind.WEEKLY), slowed)[0] == DigestOnly(on=False).pack()


def test_as_many_of_the_best_lines_are_listed_as_fit_and_the_rest_is_counted() -> None:
    long = [entry(number, f"Раздел {number}", title="Слово " * 60, source="Газета " * 9) for number in range(20)]
    written = issue(digest(*long, beyond=3), READER)
    plain, entities = read(written.text)
    assert units(plain) <= LONGEST_MESSAGE
    assert 10 <= written.lines < 20
    assert plain.count("•") == written.lines == [each["type"] for each in entities].count("text_link")
    assert f"и ещё {23 - written.lines} нов" in plain


def test_a_mark_stands_after_the_name_in_a_headline_however_long_the_issue_gets() -> None:
    marked = [entry(number, title="ИГИЛ отступает", marks=(Mark("ИГИЛ", NOTICE),)) for number in range(20)]
    written = issue(digest(*marked), READER)
    plain = read(written.text)[0]
    assert units(plain) <= LONGEST_MESSAGE
    assert plain.count("ИГИЛ (СМИ и (или) материал") == written.lines > 5


def test_a_link_that_telegram_would_refuse_or_choke_on_is_left_out() -> None:
    bad = [entry(1, url="javascript:alert(1)"), entry(2, url=""), entry(3, url="https://example.org/" + "a" * 500)]
    plain, entities = read(issue(digest(*bad), READER).text)
    assert plain.count("•") == 3
    assert not [each for each in entities if each["type"] == "text_link"]


def test_markup_in_foreign_text_is_text() -> None:
    plain, _ = read(issue(digest(entry(title="<b>1 < 2 & «3»</b>", source="<a>", section="<i>")), READER).text)
    assert "• <b>1 < 2 & «3»</b> — <a>" in plain
    assert "\n<i>\n" in plain


ANYTHING = st.text(max_size=300)


@settings(deadline=None, max_examples=50)  # the first mark loads a dictionary
@given(
    st.lists(
        st.builds(
            entry,
            number=st.integers(0, 2**63 - 1),
            section=st.none() | ANYTHING,
            title=ANYTHING,
            source=ANYTHING,
            url=ANYTHING | st.just("https://example.org/"),
            marks=st.lists(st.builds(Mark, ANYTHING, ANYTHING), max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(DigestKind),
    st.sampled_from(["ru", "en", "xx"]),
)
def test_telegram_takes_every_issue(entries: list[DigestEntry], kind: DigestKind, language: str) -> None:
    written = issue(digest(*entries, kind=kind), replace(READER, language=language))
    plain, entities = parse(written.text, "HTML", telegrams_parser())
    assert units(plain) <= LONGEST_MESSAGE
    assert len(entities) <= MOST_ENTITIES
    assert 1 <= written.lines <= len(entries)


def _form(method: SendMessage | SendRichMessage, bot: Bot) -> dict[str, str]:
    fields = method.model_dump(warnings=False).items()
    prepared = {name: bot.session.prepare_value(value, bot, {}) for name, value in fields}
    return {name: value for name, value in prepared.items() if value is not None}


def test_a_rich_issue_is_as_the_bot_api_has_it_and_lists_everything(api: Any) -> None:
    written = issue(digest(*(entry(number, title="Слово " * 60) for number in range(20)), beyond=1), READER)
    form = _form(SendRichMessage(chat_id=42, rich_message=written.rich), api.bot)
    blocks = check_call("sendRichMessage", form)["rich_message"]["blocks"]
    assert [block["type"] for block in blocks] == ["heading", "heading", "list", "paragraph"]
    assert len(blocks[2]["items"]) == 20
    link, after = blocks[2]["items"][0]["blocks"][0]["text"]
    assert (link["type"], link["url"]) == ("url", "https://www.trud.ru/article/23-11-2026/0_peregovory.html")
    assert "Труд" in after
    assert blocks[3]["text"].replace("\N{NO-BREAK SPACE}", " ") == "и ещё 1 новость"
    assert len(json.dumps(blocks, ensure_ascii=False)) < 32_768


def test_the_question_has_one_button() -> None:
    text, keyboard = question(READER)
    assert "Вы ещё читаете" in read(text)[0]
    assert [[button.callback_data for button in row] for row in keyboard.inline_keyboard] == [[StillHere().pack()]]


# --- out to Telegram ---

LONG = digest(*(entry(number, title="Слово " * 60) for number in range(20)))


@pytest.fixture
def letters(api: Any) -> Letters:
    return Letters(api.bot, SendBudget(10_000))


async def test_a_rich_message_lists_every_entry(api: Any, letters: Letters) -> None:
    api.session.answer = lambda method: api.taken()
    assert await letters.push_digest(replace(READER, thread_id=5), LONG, silent=True) == Delivered(7)
    (call,) = api.session.calls
    assert isinstance(call, SendRichMessage)
    assert (call.chat_id, call.message_thread_id, call.disable_notification) == (42, 5, True)


@pytest.mark.parametrize(("status", "text"), [(404, "Not Found"), (400, "Bad Request: rich messages are too new")])
async def test_a_server_that_takes_no_rich_messages_gets_classic_ones_from_then_on(
    api: Any, letters: Letters, status: int, text: str
) -> None:
    api.session.answer = lambda method: api.failed(status, text) if isinstance(method, SendRichMessage) else api.taken()
    again = await letters.push_digest(READER, LONG, silent=False)
    assert isinstance(again, RetryAfter)
    assert again.wait.total_seconds() <= 1
    for _ in range(2):
        outcome = await letters.push_digest(replace(READER, chat_id=43), LONG, silent=False)
        assert isinstance(outcome, Delivered)
        assert outcome.lines is not None
        assert outcome.lines < 20
    assert [type(call) for call in api.session.calls] == [SendRichMessage, SendMessage, SendMessage]


async def test_a_refusal_that_is_about_the_chat_says_nothing_against_rich_messages(api: Any, letters: Letters) -> None:
    api.session.answer = lambda method: api.failed(403, "Forbidden: bot was blocked by the user")
    assert isinstance(await letters.push_digest(READER, LONG, silent=False), Gone)
    api.session.answer = lambda method: api.failed(500, "Internal Server Error: restart")
    assert isinstance(await letters.push_digest(READER, LONG, silent=False), OutcomeUnknown)
    assert all(isinstance(call, SendRichMessage) for call in api.session.calls)


async def test_a_classic_issue_that_is_refused_too_is_refused(api: Any, letters: Letters) -> None:
    api.session.answer = lambda method: api.failed(400, "Bad Request: no")
    await letters.push_digest(READER, LONG, silent=False)
    assert isinstance(await letters.push_digest(READER, LONG, silent=False), Refused)


async def test_the_question_comes_without_sound(api: Any, letters: Letters) -> None:
    api.session.answer = lambda method: api.taken()
    assert await letters.ask(READER) == Delivered(7)
    (call,) = api.session.sent()
    assert call.disable_notification is True
    assert call.link_preview_options.is_disabled is True


async def test_a_letter_waits_for_its_chat_as_pushes_do(api: Any) -> None:
    budget = SendBudget(29)
    budget.pause(timedelta(seconds=30), READER.chat_id)
    outcome = await Letters(api.bot, budget).push_digest(READER, LONG, silent=False)
    assert isinstance(outcome, RetryAfter)
    assert 29 < outcome.wait.total_seconds() <= 30
    assert api.session.calls == []
