"""Foreign text and addresses made fit for a message."""

from __future__ import annotations

import pytest

from bot.telegram.text import clean, clip, safe_link, units

_FAMILY = "👨‍👩‍👧"
_FLAG = "🇷🇺"


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("  Переговоры\r\n\tв\u00a0Женеве\u2028 ", "Переговоры в Женеве"),
        ("a\x00b\x07c\x7fd", "a b c d"),
        ("\u202eабв\u202c \u2066где\u2069 \u200e!", "абв где !"),
        ("не\u200bви\u00adди\ufeffмо", "невидимо"),
        ("пол\ud83dпары\udc00", "полпары"),
        ("\ufdd0a\uffffb", "ab"),
        ("\u3164\u2800 \u115f", ""),
        ("\u0301й\u0306", "й\u0306"),
        (f"Семья {_FAMILY} {_FLAG} 👍🏽", f"Семья {_FAMILY} {_FLAG} 👍🏽"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("слово\u200d \u200cслово", "слово слово"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_what_can_be_seen_stays_and_what_can_not_goes(foreign: str, shown: str) -> None:
    assert clean(foreign) == shown


def test_a_pile_of_combining_marks_is_made_a_heap() -> None:
    assert clean("a" + "\u0301" * 2000 + "b") == "a" + "\u0301" * 8 + "b"


def test_a_text_of_a_megabyte_costs_no_more_than_a_page() -> None:
    assert len(clean("я" * 1_000_000)) == 20_000


def test_a_long_text_is_cut_at_a_word() -> None:
    assert clip("Переговоры в Женеве, похоже, продолжатся", 22) == "Переговоры в Женеве…"
    assert clip("Переговоры", 10) == "Переговоры"


def test_a_word_too_long_is_cut_between_letters() -> None:
    assert clip("я" * 50, 10) == "я" * 9 + "…"


@pytest.mark.parametrize("limit", range(1, 24))
def test_what_is_seen_as_one_character_is_never_cut(limit: int) -> None:
    seen = ("\u1112\u1161\u11ab", _FAMILY, _FLAG, _FLAG, "👍🏽", "й\u0306")
    text = "".join(seen)
    whole = ["".join(seen[:count]) for count in range(len(seen))]
    cut = clip(text, limit)
    assert units(cut) <= max(limit, 1)
    assert cut == text or cut.removesuffix("…") in whole


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.trud.ru/article/03-12-2016/1_x.html", "https://www.trud.ru/article/03-12-2016/1_x.html"),
        ("HTTP://Trud.RU", "http://trud.ru/"),
        ("https://trud.ru?a=1&b=2#c", "https://trud.ru/?a=1&b=2#c"),
        ('https://trud.ru/"><script>', "https://trud.ru/%22%3E%3Cscript%3E"),
        ("https://труд.рф/новости сегодня", "https://xn--d1axff.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8%20%D1%81%D0%B5%D0%B3%D0%BE%D0%B4%D0%BD%D1%8F"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        (" https://trud.ru/a\n", "https://trud.ru/a"),
        ("https://trud.ru/%zz", "https://trud.ru/%zz"),
    ],
)  # fmt: skip
def test_an_address_becomes_a_link_in_ascii(url: str, link: str) -> None:
    assert safe_link(url) == link


@pytest.mark.parametrize(
    "url",
    [
        "",
        "trud.ru/a",
        "javascript:alert(1)",
        "ftp://trud.ru/",
        "tg://user?id=1",
        "http://localhost/",
        "http:///a",
        "http://user:secret@trud.ru/",
        "http://trud.ru:99999/",
        "http://trud.ru:0/",
        "http://trud.ru:8o/",
        "http://trud.ru:/",
        "http://trud..ru/",
        "http://-trud.ru/",
        "http://tr ud.ru/",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://trud.ru/\ud83d",
        "http://" + "a" * 64 + ".ru/",
        "https://trud.ru/" + "a" * 3000,
    ],
)
def test_an_address_telegram_would_refuse_is_no_link(url: str) -> None:
    assert safe_link(url) is None
