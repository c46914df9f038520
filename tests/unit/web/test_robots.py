import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.robots import SIZE_LIMIT, parse


def allowed(text: str | bytes, path: str) -> bool:
    return parse(text if isinstance(text, bytes) else text.encode()).allow(path)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /print", "/article/1/print/", True),
        ("User-agent: *\nDisallow: /*/print/", "/article/1/print/", False),
        ("User-agent: *\nDisallow: /*?", "/article/1.html?utm=1", False),
        ("User-agent: *\nDisallow: /*?", "/article/1.html", True),
        ("User-agent: *\nDisallow: /*.php$", "/a.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/a.php5", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /*a*b$", "/xaxbxb", False),
        ("User-agent: *\nDisallow: /ab*b$", "/ab", True),
        # the longest pattern decides, not the first; Allow between equals
        ("User-agent: *\nDisallow: /\nAllow: /article/", "/article/1", True),
        ("User-agent: *\nAllow: /\nDisallow: /article/", "/article/1", False),
        ("User-agent: *\nDisallow: /article\nAllow: /article", "/article/1", True),
        # our own group counts alone, all of its parts together
        ("User-agent: *\nDisallow: /\n\nUser-agent: Glavnoe\nDisallow: /x", "/a", True),
        (
            "User-agent: glavnoe/1.0\nDisallow: /x\nUser-agent: a\nDisallow:\nUser-agent: GLAVNOE\nDisallow: /y",
            "/y",
            False,
        ),
        ("User-agent: glavnoe\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: Yandex\nUser-agent: Glavnoe\nDisallow: /a", "/a", False),
        ("User-agent: Yandex\nDisallow: /a", "/a", True),
        ("User-agent: GlavnoeOther\nDisallow: /a", "/a", True),
        # lines that are none of ours change nothing, blank ones neither
        ("User-agent: *\nCrawl-delay: 5\n\nHost: x\nDisallow: /a\nSitemap: /s", "/a", False),
        ("Disallow: /a", "/a", True),
        ("  user-AGENT :  *  # all\n\tDISALLOW:/a # not this", "/a", False),
        ("<html><body>Not: found</body></html>", "/a", True),
        # one path in several spellings
        ("User-agent: *\nDisallow: /%7euser", "/~user/x", False),
        ("User-agent: *\nDisallow: /новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", False),
        ("User-agent: *\nDisallow: /%d0%bd", "/%D0%BD", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
    ],
)
def test_a_path_is_allowed_as_the_standard_says(text: str, path: str, expected: bool):
    assert allowed(text, path) is expected


@pytest.mark.parametrize(
    "encode", [str.encode, lambda text: text.encode("utf-8-sig"), lambda text: text.encode("cp1251")]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_of_any_machine_are_read(encode, line_end: str):
    body = encode(f"User-agent: *{line_end}Disallow: /новости{line_end}")
    assert not allowed(body, "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8")


def test_a_file_that_is_too_long_counts_up_to_its_limit():
    start = b"User-agent: *\nDisallow: /a\n#"
    body = start + "ж".encode() * SIZE_LIMIT + b"\nDisallow: /b"
    assert not allowed(body, "/a")
    assert allowed(body, "/b")


def test_a_file_full_of_stars_costs_no_time():
    rules = b"User-agent: *\nDisallow: /" + b"*a" * 1000 + b"b\n"
    started = time.process_time()
    assert allowed(rules, "/" + "a" * 2000)
    assert time.process_time() - started < 1


@given(
    st.binary() | st.lists(st.sampled_from(["User-agent: *\n", "Disallow: /*$\n", "Allow: $*\n", "Disallow: *", "\r"])),
    st.text(),
)
def test_no_file_is_too_strange(body, path: str):
    if isinstance(body, list):
        body = "".join(body).encode()
    assert parse(body).allow("/" + path) in (True, False)
