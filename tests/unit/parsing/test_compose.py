"""An item and its page make one article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import NEW, Item, Mark, Page, Source
from bot.parsing import compose

ITEM = Item(
    key="7",
    url="https://vesti.example/a/7?utm_source=rss",
    title="Хлеб подорожал",
    lead="Начало из ленты",
    published_at=datetime(2026, 11, 20, 11, 0, tzinfo=UTC),
    section="Общество",
    author="Анна Львова",
)
PAGE = Page(
    url="https://vesti.example/a/7",
    title="Хлеб подорожал на треть",
    lead="Подзаголовок страницы",
    text="Первый абзац.\nВторой абзац.",
    section="Экономика",
    views=12,
)


def test_the_page_wins_where_it_says_something(source: Source, now: datetime) -> None:
    article = compose(ITEM, PAGE, replace(source, id=3), now)
    assert (article.source_id, article.id, article.story_id, article.key) == (3, NEW, NEW, "7")
    assert (article.lead, article.text) == ("Подзаголовок страницы", "Первый абзац.\nВторой абзац.")
    assert (article.section, article.author, article.views) == ("Экономика", "Анна Львова", 12)
    assert (article.url, article.seen_at) == ("https://vesti.example/a/7", now)
    assert article.published_at == ITEM.published_at


def test_an_item_alone_is_an_article_too(source: Source, now: datetime) -> None:
    article = compose(ITEM, None, source, now)
    assert (article.title, article.lead, article.text) == ("Хлеб подорожал", "Начало из ленты", "")


@pytest.mark.parametrize("title", ["Вести", "vesti.example", "Хлеб подорожал :: Вести, новости дня", ""])
def test_a_site_title_does_not_replace_the_headline(title: str, source: Source, now: datetime) -> None:
    assert compose(ITEM, replace(PAGE, title=title), source, now).title == "Хлеб подорожал"


def test_a_headline_that_the_list_cut_is_taken_whole_from_the_page(source: Source, now: datetime) -> None:
    item = replace(ITEM, title="Хлеб подорожал…")
    assert compose(item, PAGE, source, now).title == "Хлеб подорожал на треть"


@pytest.mark.parametrize("text", ["Начало. Дальше.", "Начало.\nДальше."])
def test_the_lead_is_not_repeated_in_the_body(text: str, source: Source, now: datetime) -> None:
    article = compose(ITEM, replace(PAGE, lead="Начало.", text=text), source, now)
    assert (article.lead, article.text) == ("Начало.", "Дальше.")


def test_impossible_dates_become_the_time_first_seen(source: Source, trud: Source, now: datetime) -> None:
    for at in (None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), now + timedelta(hours=1)):
        assert compose(replace(ITEM, published_at=at), None, source, now).published_at == now
    placeholder = datetime(2026, 11, 19, 22, 1, tzinfo=UTC)
    assert compose(replace(ITEM, published_at=placeholder), None, trud, now).published_at == now
    assert compose(replace(ITEM, published_at=placeholder), None, source, now).published_at == placeholder


def test_an_impossible_date_of_the_page_gives_way_to_the_feeds(source: Source, now: datetime) -> None:
    page = replace(PAGE, published_at=now + timedelta(days=400))
    assert compose(ITEM, page, source, now).published_at == ITEM.published_at


def test_marks_come_from_title_lead_and_text(source: Source, now: datetime) -> None:
    item = replace(ITEM, lead="О хлебе пишет «Заря» (признана иноагентом)")
    assert compose(item, None, source, now).marks == (Mark("Заря", "признана иноагентом"),)


@pytest.mark.parametrize(
    ("text", "told", "language"),
    [
        ("Bread prices rose by a third within a year, the statistics office said.", "ru", "en"),
        ("Ціни на хліб за рік зросли на третину, повідомили у відомстві сьогодні.", "ru", "uk"),
        ("Цены на хлеб за год выросли на треть, сообщили в ведомстве сегодня.", "en", "ru"),
        ("Цены на хлеб за год выросли на треть, сообщили в ведомстве сегодня.", "ru", "ru"),
        ("OPEC", "ru", "ru"),
        ("Les prix du pain ont augmenté d'un tiers en un an, selon l'office.", "fr", "fr"),
    ],
)
def test_the_language_follows_the_text(text: str, told: str, language: str, source: Source, now: datetime) -> None:
    item = replace(ITEM, title=text, lead="")
    assert compose(item, None, replace(source, language=told), now).language == language


@pytest.mark.parametrize(
    ("link", "led_to", "address"),
    [
        ("https://sho.rt/x", "https://vesti.example/a/1", "https://vesti.example/a/1"),
        ("https://vesti.example/a/1", "https://vesti.example/b/2", "https://vesti.example/a/1"),
        ("https://vesti.example/a/1", "https://consent.example/?to=a", "https://vesti.example/a/1"),
        ("https://other.example/a/1", "https://m.other.example/a/1", "https://other.example/a/1"),
    ],
)
def test_an_address_is_the_articles_own_not_the_one_that_leads_there(
    link: str, led_to: str, address: str, source: Source, now: datetime
) -> None:
    page = Page(url=led_to, title="Хлеб подорожал", text="Текст")
    assert compose(Item(key="1", url=link, title="Хлеб подорожал"), page, source, now).url == address
