"""Our parser of Telegram's HTML gives the verdicts of Telegram's own."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.demo.html import HtmlError, parse_html
from bot.demo.judge import parse, telegrams_parser
from bot.demo.refusal import RefusalError

CASES = [
    "",
    "  ",
    "plain",
    "<b>x</b>",
    "<b>x",
    "<b>x</i>",
    "x</b>",
    "<p>x</p>",
    "<b x=1>y</b>",
    "<a href='http://x.y/?a=1&amp;b=2'>z</a>",
    '<a href="ya.ru">z</a>',
    "<a href='foo bar'>z</a>",
    "<a>http://ya.ru</a>",
    "<a href='javascript:alert(1)'>z</a>",
    "<a href='http://localhost/x'>z</a>",
    "<a href='http://127.0.0.1:80/x'>z</a>",
    "<a href='tg://user?id=12'>z</a>",
    "a & b &lt; &nbsp; &copy; &#39; &#x41 &amp b",
    "a < b",
    "<",
    "<b",
    "<b ",
    "<b a",
    "<b a=",
    "<b a='",
    "<b a=''",
    "<b a='1'>",
    "<b a=a_b>x</b>",
    "<blockquote expandable>t</blockquote>",
    "<span class='tg-spoiler'>x</span>",
    "<span>x</span>",
    "<tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji>",
    "<tg-emoji emoji-id='x'>👍</tg-emoji>",
    "<tg-emoji emoji-id='x'></tg-emoji>",
    "<tg-time unix='1700000000' format='wDT'>x</tg-time>",
    "<tg-time unix='17' format='zz'>x</tg-time>",
    "<pre><code class='language-python'>x</code></pre>",
    "<code class='language-python'>x</code>",
    "<b></b>",
    "<B>x</b>",
    "<b>x</>",
    "<b>x</b x>",
    "<br/>",
    "<u><i>x</u></i>",
    "<!-- c -->",
    "x\x00<b>y",
    "<b>😀</b>ж<i>y</i>",
    "&#55296;",
    "&#1114111;",
    "&#0000000065;",
    "<i>a</i><s>b</s><tg-spoiler>c</tg-spoiler><ins>d</ins>",
]
# fmt: off
PIECES = st.sampled_from([
    '<b>', '</b>', '<i>', '</i>', "<a href='", 'http://a.b', "'>", '">', '<a href="', '</a>', '&amp;', '&lt',
    '&#', '&', '&#x41;', '&#55296;', '<', '>', '=', "'", '"', 'x', 'ж', '😀', ' ', '\n', '/',
    '<code class="language-py">', '</code>', '<pre>', '</pre>', "<tg-time unix='1700000000' format='", 'r',
    '</tg-time>', '<blockquote expandable>', '</blockquote>', "<span class='tg-spoiler'>", '</span>', '</', '</>',
    "<tg-emoji emoji-id='5'>", '</tg-emoji>', '<br>', '\t', '\x00', '-', '0', '<B>', '&#1114111;', '&quot;',
    'localhost'
])
# fmt: on


def verdict(text: str, *, ours: bool) -> object:
    """The plain text with the places of its entities, or the refusal."""
    judge = None if ours else telegrams_parser()
    try:
        plain, entities = parse(text, "HTML", judge)
    except RefusalError as refusal:
        return refusal.description
    return plain, sorted((entity["type"], entity["offset"], entity["length"]) for entity in entities)


needs_tdjson = pytest.mark.skipif(telegrams_parser() is None, reason="tdjson isn't installed")


@needs_tdjson
@pytest.mark.parametrize("text", CASES)
def test_both_parsers_agree_on_known_cases(text: str) -> None:
    assert verdict(text, ours=True) == verdict(text, ours=False)


@needs_tdjson
@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=9).map("".join))
@example("<b><b>x</b></b>")
def test_both_parsers_agree_on_generated_texts(text: str) -> None:
    ours, theirs = verdict(text, ours=True), verdict(text, ours=False)
    if isinstance(ours, str) or isinstance(theirs, str):
        assert ours == theirs
    else:
        assert ours[0] == theirs[0]


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with suppress(HtmlError):
        parse_html(text)


def test_an_entity_says_where_it_leads_and_how_it_looks() -> None:
    text, entities = parse_html(
        "<a href='http://a.b/c'>x</a><blockquote expandable>y</blockquote>"
        "<tg-time unix='1700000000' format='r'>z</tg-time><pre><code class='language-c'>w</code></pre>"
    )
    assert text == "xyzw"
    assert entities == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "http://a.b/c"},
        {"type": "expandable_blockquote", "offset": 1, "length": 1},
        {"type": "date_time", "offset": 2, "length": 1, "unix_time": 1_700_000_000, "date_time_format": "r"},
        {"type": "pre", "offset": 3, "length": 1, "language": "c"},
    ]


def test_offsets_are_counted_in_utf16_units() -> None:
    assert parse_html("😀<b>😀</b>")[1] == [{"type": "bold", "offset": 2, "length": 2}]


@needs_tdjson
def test_markdown_is_judged_where_telegrams_parser_is_installed() -> None:
    assert parse("*b*", "MarkdownV2", telegrams_parser())[0] == "b"


def test_markdown_is_honestly_refused_without_telegrams_parser() -> None:
    with pytest.raises(RefusalError, match="tdjson"):
        parse("*b*", "MarkdownV2", None)


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(RefusalError, match="unsupported parse_mode"):
        parse("x", "BBCode", None)
