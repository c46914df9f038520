"""Article pages of any site."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.errors import ParseError
from bot.model import Item, Response, Source
from bot.parsing import needs_page, read_page

Answer = Callable[..., Response]
URL = "https://vesti.example/economy/2026/11/20/hleb.html"
PARAGRAPHS = (
    "Цены на хлеб за год выросли на треть, сообщил в пятницу Росстат. Аналитики ждали роста вдвое меньше.",
    "По словам экономиста Анны Львовой, дело в засухе и в подорожавшем топливе. Осенью рост замедлится, считает она.",
    "Правительство обещало не вводить предельных цен, но попросило торговые сети воздержаться от наценок до весны.",
    "Годом раньше хлеб подорожал на семь процентов, и тогда это называли потолком, который не будет пробит.",
)
JSON_LD = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Вести"},
        {
            "@type": ["NewsArticle"],
            "headline": "Хлеб подорожал на треть",
            "datePublished": "2026-11-20T14:00:00+03:00",
            "articleSection": ["Экономика"],
            "author": [{"@type": "Person", "name": "Анна Львова"}, {"name": "Фото: ТАСС"}],
            "image": {"@type": "ImageObject", "url": "/i/hleb.jpg"},
            "articleBody": "\n".join(PARAGRAPHS),
        },
    ],
}


def article(head: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='ru'><head><meta charset='utf-8'><title>Хлеб подорожал на треть | Вести</title>"
        f"{head}"
        "</head><body><nav><a href='/'>Главная</a> <a href='/s'>Спорт</a></nav><main><article>"
        f"<h1>Хлеб подорожал на треть</h1>{text}</article></main>"
        "<aside><ul><li><a href='/1'>Другая новость о других делах</a></li></ul></aside>"
        "<footer>© Вести, все права защищены. Редакция не отвечает за комментарии читателей.</footer></body></html>"
    )


META = (
    '<meta property="og:site_name" content="Вести"><meta property="og:title" content="Хлеб подорожал на треть — Вести">'
    '<meta property="og:description" content="Росстат подвёл итоги года, и они никого не обрадовали">'
    '<meta property="og:image" content="/i/hleb.jpg"><meta property="article:section" content="Экономика">'
    '<meta property="article:author" content="Анна Львова">'
    '<meta property="article:published_time" content="2026-11-20T14:00:00+0300">'
    '<link rel="canonical" href="/economy/2026/11/20/hleb.html?utm_source=x">'
)


@pytest.mark.parametrize("head", [META, f'<script type="application/ld+json">{json.dumps(JSON_LD)}</script>'])
def test_title_body_and_metadata_are_read(head: str, source: Source, answer: Answer) -> None:
    page = read_page(answer(article(head), URL + "?utm_medium=rss"), source)
    assert page.title == "Хлеб подорожал на треть"
    assert page.text.split("\n") == list(PARAGRAPHS)
    assert (page.section, page.author) == ("Экономика", "Анна Львова")
    assert page.picture == "https://vesti.example/i/hleb.jpg"
    assert page.published_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    assert page.url == URL


def test_the_description_is_the_lead_unless_the_body_starts_with_it(source: Source, answer: Answer) -> None:
    assert read_page(answer(article(META), URL), source).lead.startswith("Росстат подвёл итоги")
    opening = f'<meta property="og:description" content="{PARAGRAPHS[0][:60]}...">'
    assert read_page(answer(article(opening), URL), source).lead == ""


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_the_pages_encoding_does_not_matter(encoding: str, source: Source, answer: Answer) -> None:
    markup = article().replace("charset='utf-8'", f"charset='{encoding}'")
    page = read_page(answer(markup.encode(encoding, "xmlcharrefreplace"), URL, "text/html"), source)
    assert page.text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[]",
        "null",
        '{"@graph": 5}',
        '{"@type": "NewsArticle", "author": 7, "image": [[]]}',
        "[" * 100_000,
        '{"a": NaN}',
    ],
)
def test_broken_json_ld_costs_nothing_else(broken: str, source: Source, answer: Answer) -> None:
    page = read_page(answer(article(f'<script type="application/ld+json">{broken}</script>{META}'), URL), source)
    assert page.text.split("\n") == list(PARAGRAPHS)


def test_a_canonical_link_to_another_site_is_not_followed(source: Source, answer: Answer) -> None:
    head = '<link rel="canonical" href="https://thief.example/economy/hleb.html">'
    assert read_page(answer(article(head), URL), source).url == URL


def test_marks_are_recognised(source: Source, answer: Answer) -> None:
    marked = (*PARAGRAPHS, "Об этом пишет «Вестник» (признан в РФ иностранным агентом), ссылаясь на своих читателей.")
    (mark,) = read_page(answer(article(paragraphs=marked), URL), source).marks
    assert mark.name == "Вестник"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\x00\x01",
        "<html></html>",
        "<p>Мало слов.</p>",
        "%PDF-1.7 \x00",
        "{}",
        "<html><body><nav><a href=/>Главная</a></nav></body></html>",
    ],
)
def test_a_page_without_an_article_is_refused(body: str, source: Source, answer: Answer) -> None:
    with pytest.raises(ParseError):
        read_page(answer(body, URL), source)


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 100_000 + "x" * 500,
        "<p>" + "<b>" * 100_000 + "x" * 500,
        "<table><tr><td>" * 50_000,
        "<title>" + "т" * 2_000_000 + "</title><p>" + "слово " * 100,
        "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">текст",
        "<p>абв где\n" * 100_000,
        "<h1>" + "заголовок " * 300_000,
        "<script>" * 100_000,
        article() + "\x00" * 1_000_000,
        "Главная " * 100_000 + "17:40 03 Декабря 2016 5",
        "<p>Главная Политика 17:40 03 Декабря 2016 1748<p>trud.ru" + "<p>Фото: кто-то<p>Заголовок без точки" * 20_000,
        "<p>Главная Политика 17:40 03 Декабря 2016 1748<p>trud.ru"
        + "<p>Заголовок<p>Текст, который обрывается на самом интересном месте, и никто не знает..." * 14_000
        + "<p>Конец." * 9,
    ],
    ids=range(12),
)
def test_pages_built_to_hurt_take_bounded_time(hostile: str, trud: Source, answer: Answer) -> None:
    started = time.process_time()
    for url in (URL, "https://www.trud.ru/article/03-12-2016/1344790_x.html"):
        try:
            page = read_page(answer(hostile, url), trud)
        except ParseError:
            continue
        assert len(page.title) <= 1_000
        assert len(page.text) <= 100_000
    assert time.process_time() - started < 30


def test_pages_are_asked_for_where_they_add_something(source: Source, trud: Source) -> None:
    full = Item(key="1", url="https://vesti.example/1", title="А", text="Полный текст")
    assert not needs_page(full, source)
    assert needs_page(Item(key="1", url="https://vesti.example/1", title="А", lead="Начало"), source)
    assert needs_page(full, trud)
