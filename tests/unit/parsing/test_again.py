"""An article's page read again: a changed headline is one, an error page or the front page is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model import Article, Mark, Page, Source
from bot.parsing import is_page_of, retold

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCE = Source(name="Труд", url="https://www.trud.ru/rss", language="ru", owner="trud", country="RU")
URL = "https://www.trud.ru/article/23-11-2026/1_port.html"
TEXT = (
    "Портовики Новороссийска остановили работу утром в понедельник. Они требуют вернуть надбавки, отменённые осенью, "
    "и пересмотреть график ночных смен. Переговоры с администрацией порта продолжаются третий день."
)
ARTICLE = Article(
    source_id=1,
    key="1",
    url=URL,
    title="Портовики бастуют",
    listed_title="Портовики бастуют",
    page_title="Портовики бастуют",
    lead="Работа в порту остановлена.",
    text=TEXT,
    published_at=NOON,
    seen_at=NOON,
)
PAGE = Page(url=URL, title="Портовики бастуют", lead="Работа в порту остановлена.", text=TEXT)
NOTHING_HERE = Page(
    url=URL,
    title="Страница не найдена",
    text="Возможно, она была удалена или перенесена на другой адрес. Попробуйте начать с главной страницы или "
    "воспользуйтесь поиском по сайту, чтобы найти материал, который вас интересует. Приносим извинения.",
)
FRONT_PAGE = Page(
    url="https://www.trud.ru/",
    title="Труд: новости дня",
    text="Портовики Новороссийска остановили работу. Правительство обсудило бюджет на будущий год. В Самаре открылась "
    "выставка кошек. Учёные измерили толщину льда на Байкале. Сборная сыграла вничью с командой Сербии. Цены на хлеб "
    "выросли в десяти регионах страны. Метеорологи обещают первый снег на выходных.",
)


def test_the_same_headline_changes_nothing() -> None:
    assert retold(ARTICLE, PAGE, SOURCE) is None
    assert retold(ARTICLE, replace(PAGE, title="«Портовики» бастуют!"), SOURCE) is None


def test_a_headline_changed_on_the_page_alone_is_the_articles() -> None:
    changed = retold(ARTICLE, replace(PAGE, title="Портовики не бастуют", text=f"Уточнение. {TEXT}"), SOURCE)
    assert changed == replace(
        ARTICLE, title="Портовики не бастуют", page_title="Портовики не бастуют", text=f"Уточнение. {TEXT}"
    )


def test_marks_come_with_the_new_text() -> None:
    marks = (Mark("Луч", "признан иноагентом"),)
    changed = retold(ARTICLE, replace(PAGE, title="Порт не бастует", marks=marks), SOURCE)
    assert changed is not None
    assert changed.marks == marks


def test_what_only_stands_beside_the_lists_headline_is_no_change() -> None:
    assert retold(ARTICLE, replace(PAGE, title="Портовики бастуют: онлайн"), SOURCE) is None


def test_a_page_that_differed_from_the_list_from_the_start_or_was_never_read_changed_nothing() -> None:
    longer = replace(ARTICLE, page_title="В Новороссийске остановлен порт", title="В Новороссийске остановлен порт")
    assert retold(longer, replace(PAGE, title="В Новороссийске остановлен порт"), SOURCE) is None
    assert (
        retold(replace(ARTICLE, page_title=""), replace(PAGE, title="В Новороссийске остановлен порт"), SOURCE) is None
    )


@pytest.mark.parametrize("shown", [NOTHING_HERE, FRONT_PAGE, Page(url=URL, title="Труд"), Page(url=URL, title="")])
def test_an_error_page_or_the_front_page_says_nothing_of_the_article(shown: Page) -> None:
    assert not is_page_of(ARTICLE, shown)
    assert retold(ARTICLE, shown, SOURCE) is None


def test_a_page_with_its_headline_is_the_articles_however_short() -> None:
    assert is_page_of(replace(ARTICLE, text="", lead=""), replace(PAGE, text="", lead=""))
    assert is_page_of(replace(ARTICLE, page_title=""), PAGE)
