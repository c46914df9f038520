"""The Russian catalogue says everything the code says, and says it as it should be printed."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.catalog import Message

from bot.words import LANGUAGES, catalogue, typeset, words

TRANSLATED = [language for language in LANGUAGES if language != "en"]
TAG = re.compile(r"</?(?:b|code)>")


def entries(language: str = "ru") -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def msgids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translates_every_message_of_the_code_and_no_other(language: str, messages: set[str | tuple[str, str]]) -> None:
    translated = {message.id for message in entries(language)}
    assert messages - translated == set()
    assert translated - messages == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_holds_nothing_fuzzy_obsolete_or_empty(language: str) -> None:
    assert not catalogue(language).obsolete
    for message in entries(language):
        assert not message.fuzzy, message.id
        assert all(form.strip() for form in forms(message)), message.id


def test_has_three_plural_forms_in_russian() -> None:
    plurals = [message for message in entries() if message.pluralizable]
    assert catalogue("ru").num_plurals == 3
    assert plurals
    assert all(len(forms(message)) == 3 for message in plurals)


@pytest.mark.parametrize("language", TRANSLATED)
def test_keeps_the_fields_tags_and_lines_of_each_message(language: str) -> None:
    for message in entries(language):
        for form in forms(message):
            original = msgids(message)[-1]
            assert fields(form) == fields(original), form
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(original)), form
            assert form.count("\n") == original.count("\n"), form


def test_knows_no_html_but_bold_and_code() -> None:
    for message in entries():
        for text in (*forms(message), *msgids(message)):
            assert "<" not in TAG.sub("", text), text
            assert "&" not in text, text


def test_is_typographically_correct() -> None:
    for message in entries():
        for form in forms(message):
            assert '"' not in form, form
            assert "“" not in form, form
            assert " - " not in form, form
            assert " – " not in form, form
            assert "..." not in form, form
            assert "  " not in form, form
            assert "\u00a0" not in form, f"leave unbreakable spaces to typeset(): {form}"


def test_english_is_typographically_correct_too() -> None:
    for message in entries():
        for text in msgids(message):
            assert not re.search(r"[\"']|\.\.\.| [-–] ", text), text


def test_sets_unbreakable_spaces() -> None:
    assert typeset("Это — я") == "Это\u00a0— я"
    assert typeset("и в чате, и по почте") == "и\u00a0в\u00a0чате, и\u00a0по\u00a0почте"
    assert typeset("{count} просмотр, 5 раз") == "{count}\u00a0просмотр, 5\u00a0раз"
    assert typeset("{topic} здесь") == "{topic} здесь"
    assert typeset("Нина Ивановна") == "Нина Ивановна"


def test_unbreakable_spaces_reach_the_reader() -> None:
    said = words("ru")("I tell you only the most important news on your topics, each story once.")
    assert "каждую\u00a0— один" in said
    assert "по\u00a0вашим" in said
