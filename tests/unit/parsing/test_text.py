"""Markup becomes clean text."""

from __future__ import annotations

import time

import pytest

from bot.parsing.text import first_picture, line, paragraphs, shorten


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Газета &laquo;Труд&raquo;", "Газета «Труд»"),
        ("Газета &amp;amp;laquo;Труд&amp;amp;raquo;", "Газета «Труд»"),
        ("<b>Срочно</b>: <a href='x>y'>новость</a>", "Срочно: новость"),
        ("&lt;p&gt;Абзац&lt;/p&gt;", "Абзац"),
        ("AT&T & сыновья", "AT&T & сыновья"),
        ("если x<y и y>z, то <3", "если x<y и y>z, то <3"),
        ("сло\u00adво\u200b и \u202eоборот\u202c\ufeff\x00", "слово и оборот"),
        ("и\u0306од", "йод"),
        ("  много \n\t пробелов\u00a0тут ", "много пробелов тут"),
        ("до<script>alert('<b>')</script>после", "допосле"),
        ("до<!-- <b> -->после<script>никогда", "допосле"),
        ("\ud800сирота", "сирота"),
        ("<img src=x alt='a > b'>текст", "текст"),
        ("<yandex:genre>message</yandex:genre>", "message"),
    ],
)
def test_titles_are_one_clean_line(written: str, clean: str) -> None:
    assert line(written) == clean


def test_block_elements_end_lines_and_line_ends_of_markup_do_not() -> None:
    assert paragraphs("<p>Раз\nдва</p><ul><li>три<li>четыре</ul>пять<br>шесть") == "Раз два\nтри\nчетыре\nпять\nшесть"


def test_long_text_is_cut_after_a_word() -> None:
    assert shorten("раз два три", 9) == "раз два…"
    assert len(line("ы" * 5_000)) == 1_000


def test_the_first_picture_is_no_counter() -> None:
    assert first_picture('<img src="/c.gif" width="1" height="1"><img class=x src=/p.jpg>') == "/p.jpg"
    assert first_picture("<p>без картинок</p>") is None


@pytest.mark.parametrize(
    "hostile",
    [
        "<a " * 300_000,
        '<b "' * 200_000,
        "<!--" * 200_000,
        "<script>" * 100_000,
        "&" * 500_000,
        "<i>" * 300_000,
        "&amp;" * 200_000,
    ],
)
def test_hostile_markup_takes_linear_time(hostile: str) -> None:
    started = time.process_time()
    paragraphs(hostile)
    assert time.process_time() - started < 5
