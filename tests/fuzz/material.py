"""What the fuzzing is made of: hostile characters and texts, and real feeds with holes torn into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from bot.model import Article, Source

SHARED: Final = Path(__file__).parents[2].parent / "shared"
NOW: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOURCE: Final = Source(
    id=1,
    name="Труд",
    url="https://www.trud.ru/rssfull",
    language="ru",
    owner="trud",
    country="RU",
    articles=r"/article/\d\d-\d\d-\d{4}/(?P<key>\d+)_",
)
OPEN_SOURCE: Final = Source(id=2, name="Вести", url="https://vesti.example/rss", language="ru", owner="v", country="RU")

NASTY: Final = (
    "<b>", "</b>", "<a href='javascript:alert(1)'>", "<tg-spoiler>", "</", "<", ">", "&", "&amp;", "&lt;b&gt;", "&#0;",
    "&#x110000;", "&#xD800;", '"', "'", "\\", "`", "*", "_", "[x](tg://user?id=1)", "@admin", "#тег", "/start",
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x00", "\x1b[31m", "\x07", "\r\n", "\n\n\n",
    "\u2028",
    "\ud800", "\udfff", "\ufffe", "\ufdd0", "e" + "\u0301" * 60, "\u0301" * 9, "👨‍👩‍👧‍👦", "🇷🇺🇷", "👍🏿", "\U0001f3ff",
    "﷽", "ﷺ",
    "Ё", "ß", "İ", "ǅ", "½", "٣", "²", "Ⅷ", "𝟘", "%s", "{0}", "{", "}", "$(id)", "'; DROP TABLE stories; --",
    "А" * 5000, "а " * 2000, "-" * 300, "." * 300, "«" * 50, "(" * 50, "«»", "http://[", "https://a.b/\u202e?#",
    "Сирия", "в Дамаске", "Украине", "посол", "заявил", "– прим. Труд)", "(запрещена в РФ)", "признан иноагентом",
    "МОСКВА, 25 мая. /ТАСС/.", "Об этом сообщает Труд.", "Срочно!", "молния:", "т. е.", "г. ", "1", "25%", "1 000 000",
)  # fmt: skip
"""Each has broken some program that shows or reads news."""

texts: Final = st.lists(st.sampled_from(NASTY) | st.text(max_size=20), max_size=12).map("".join) | st.lists(
    st.sampled_from(NASTY), min_size=1, max_size=12
).map(" ".join)
"""Foreign text, lone surrogates and all."""
urls: Final = texts | st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["http", "https", "HTTPS", "ftp", "javascript", "tg"]),
    st.sampled_from(["trud.ru", "труд.рф", "[::1]", "a.b:99999", "a.b:80", "x@y.z", "-a.b", "a..b", "localhost", ""]),
    texts,
)
times: Final = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [NOW, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
sections: Final = st.none() | st.sampled_from(["Политика", "Спорт"]) | texts
counts: Final = st.none() | st.integers(0, 2**63 - 1)
languages: Final = st.sampled_from(["ru", "en", "uk", "de", ""])


def articles(ids: st.SearchStrategy[int] = st.just(0)) -> st.SearchStrategy[Article]:  # noqa: B008 - a value
    """What `compose` may hand on, and worse: times anywhere in the calendar, texts that nobody cleaned."""
    return st.builds(
        Article,
        source_id=st.just(1),
        key=st.just("1"),
        id=ids,
        url=urls,
        title=texts,
        lead=texts,
        text=texts,
        section=sections,
        author=sections,
        views=counts,
        published_at=times,
        seen_at=times,
        language=languages,
    )


@cache
def real_feeds() -> tuple[bytes, ...]:
    """The beginnings of real feeds, short enough to be read hundreds of times; none where there is no real data."""
    return tuple(file.read_bytes()[:9_000] for file in sorted((SHARED / "data" / "feeds").glob("*.xml")))


@cache
def real_pages() -> tuple[bytes, ...]:
    """A real article's text, and pages as newspapers serve them."""
    folder = Path(__file__).parents[2] / "bot" / "demo" / "newspaper"
    return tuple(
        file.read_bytes()[:9_000]
        for file in (*sorted(folder.glob("*.html")), SHARED / "seed" / "trud-article.txt")
        if file.exists()
    )


_SHREDS: Final = (
    *(shred.encode("utf-8", "surrogatepass") for shred in (
        "", "<", ">", "</", "/>", "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<![CDATA[", "]]>",
        "<!--", "-->", "<?xml", "?>", "&", "&amp;lt;b&gt;", "&xxe;", "&#x110000;", "&#0;", "<!DOCTYPE x [", "]>",
        "<link/>", "<link href='http://['/>", "<guid>1</guid>", "<pubDate>Mon, 01 Jan 0001 00:00:00 +1400</pubDate>",
        "<updated>9999-12-31T23:59:59-23:59</updated>", "<pubDate>99999999999999999999</pubDate>",
        "<content:encoded>", "<media:content url='x' width='1e999'/>", "<enclosure length='-1'/>", "<ttl>∞</ttl>",
        "<div><div><div>", "<script>", "<base href='//x'>", "<h1>", "\ud800", "\x00", "\u202e", "А" * 3000,
    )),
    b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x80" * 40, b"\x1f\x8b\x08", b"\r",
)  # fmt: skip

_Edit = tuple[float, int, int]


def _torn(body: bytes, edits: list[_Edit]) -> bytes:
    damaged = bytearray(body)
    for where, length, shred in edits:
        at = int(where * len(damaged))
        damaged[at : at + length] = _SHREDS[shred]
    return bytes(damaged)


def torn(originals: Callable[[], tuple[bytes, ...]]) -> st.SearchStrategy[bytes]:
    """A document with pieces cut out, replaced, and put where they do not belong."""
    edits = st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True), st.sampled_from([0, 0, 1, 7, 400]), st.integers(0, len(_SHREDS) - 1)
        ),
        max_size=12,
    )
    return st.builds(_torn, st.sampled_from(originals() or (b"<rss><channel><item></item></channel></rss>",)), edits)
