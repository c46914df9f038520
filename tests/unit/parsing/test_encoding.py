"""Bytes become the text they are, whatever they say of themselves."""

from __future__ import annotations

import codecs

import pytest

from bot.parsing import decode

RUSSIAN = "Президент России провёл в Кремле встречу с послами — говорили о мире и о ценах на хлеб."
PAGE = f"<html><body><p>{RUSSIAN}</p></body></html>"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8", "cp866", "utf-16-le", "utf-16-be"])
def test_a_header_that_tells_the_truth_is_believed(encoding: str) -> None:
    body = PAGE.encode(encoding, "xmlcharrefreplace")
    assert RUSSIAN in decode(body, f"text/html; charset={encoding}").replace("&#8212;", "—")


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="{}"?>',
        '<meta charset="{}">',
        "<meta charset={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
    ],
)
@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8", "CP1251", "win-1251-nonsense"])
def test_a_declaration_in_the_document_is_read(declaration: str, encoding: str) -> None:
    real = encoding if "nonsense" not in encoding else "windows-1251"
    text = declaration.format(encoding) + PAGE
    assert RUSSIAN in decode(text.encode(real, "xmlcharrefreplace"), "text/html").replace("&#8212;", "—")


@pytest.mark.parametrize("real", ["windows-1251", "koi8-r", "utf-8"])
@pytest.mark.parametrize(
    "told", ["windows-1251", "koi8-r", "utf-8", "iso-8859-1", "us-ascii", "nonsense", "hex", "punycode"]
)
def test_a_wrong_declaration_survives(real: str, told: str) -> None:
    body = PAGE.encode(real, "xmlcharrefreplace")
    assert RUSSIAN in decode(body, f"text/html; charset={told}").replace("&#8212;", "—")


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_short_undeclared_russian_is_recognised(encoding: str) -> None:
    text = "<title>Цены на хлеб выросли на треть за год</title>"
    assert decode(text.encode(encoding), None) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_outranks_every_declaration(mark: bytes, encoding: str) -> None:
    assert decode(mark + PAGE.encode(encoding), "text/html; charset=windows-1251") == PAGE


def test_european_letters_are_not_taken_for_russian() -> None:
    text = "<p>Le président a reçu l'ambassadeur à Genève, où l'été fut très chaud.</p>"
    assert decode(text.encode("iso-8859-1"), "text/html; charset=iso-8859-1") == text


def test_a_few_broken_bytes_cost_only_themselves() -> None:
    body = PAGE.encode() + "хвост".encode()[:-1]
    assert RUSSIAN in decode(body, "text/html; charset=utf-8")


def test_controls_and_nuls_are_dropped_and_line_ends_kept() -> None:
    assert decode(b"a\x00b\x08c\nd\te\x7f", None) == "abc\nd\te"


def test_names_in_camel_case_do_not_make_a_declaration_wrong() -> None:
    text = "ВКонтакте, МиГ-29, СберБанк и ЮКассА — всё это названия, и газета пишет их так, как принято."
    assert decode(text.encode("cp1251"), "text/plain; charset=windows-1251") == text
