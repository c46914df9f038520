"""Article pages as sites really lay them out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.model import Page, Response, Source
from bot.parsing import read_page

Answer = Callable[..., Response]
Read = Callable[..., Page]
TITLE = "Хлеб подорожал на треть за год"
BODY = (
    "Цены на хлеб за год выросли на треть, сообщил в пятницу Росстат. Аналитики ждали роста вдвое меньше.",
    "По словам экономиста Анны Львовой, дело в засухе и в подорожавшем топливе. Осенью рост замедлится, считает она.",
    "Правительство обещало не вводить предельных цен, но попросило торговые сети воздержаться от наценок до весны.",
)


@pytest.fixture
def read(source: Source, answer: Answer) -> Read:
    def page(body: str, head: str = "", title: str = TITLE, url: str = "https://vesti.example/a/1") -> Page:
        markup = (
            f"<html lang='ru'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body></html>"
        )
        return read_page(answer(markup, url), source)

    return page


def article(*inside: str, heading: str = TITLE) -> str:
    return f"<article><h1>{heading}</h1>{''.join(inside or paragraphs())}</article>"


def paragraphs(*lines: str) -> list[str]:
    return [f"<p>{line}</p>" for line in (*BODY, *lines)]


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} :: Экономика :: Газета «Вестник»",
        f"{TITLE}: Рынки: Экономика: Vesti.ru",
        f"{TITLE} - Вести, 20.11.2026",
        f"Вести | {TITLE}",
        f"{TITLE} | vesti.example",
    ],
)
def test_nothing_of_the_site_is_left_in_a_headline(title: str, read: Read) -> None:
    assert read(article(), title=title).title == TITLE


def test_a_part_of_the_site_is_no_headline_either(read: Read) -> None:
    site = '<meta property="og:site_name" content="Вести">'
    assert read(article(heading="Хлеб"), site, f"{TITLE} | Вести Экономика").title == TITLE


def test_a_page_in_one_table_gives_its_body_alone(read: Read) -> None:
    page = read(
        f"<table><tr><td><a href='/'>На главную</a><br><a href='/n'>Новости</a></td><td><h1>{TITLE}</h1>"
        f"<font size=1>20 ноября 2026, 14:00</font><br><br>{'<br><br>'.join(BODY)}<br><br>Просмотров: 1 345</td>"
        "<td>Погода: +15<br>Курс: 90</td></tr></table><center>(c) Вестник. При перепечатке ссылка обязательна</center>"
    )
    assert page.text.split("\n") == list(BODY)
    assert page.views == 1345
    assert page.published_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def test_a_table_in_an_article_is_left_as_it_is(read: Read) -> None:
    table = "<table><tr><th>Год</th><th>Цена</th></tr><tr><td>2025</td><td>40</td></tr></table>"
    assert "2025 | 40" in read(article(*paragraphs(), table)).text


@pytest.mark.parametrize(
    "line",
    [
        "Фото: Иван Петров / Вести",
        "Читайте «Вести» в Telegram.",
        "Подписывайтесь на наш канал",
        "Этот материал доступен только подписчикам. Оформите подписку, чтобы читать дальше.",
        "Материалы по теме:",
        "20 ноября 2026, 14:00",
        "Просмотров: 345",
        "Read more: bread around the world",
        TITLE,
    ],
)
def test_what_stands_around_a_body_is_no_part_of_it(line: str, read: Read) -> None:
    inside = paragraphs()
    page = read(article(inside[0], f"<p>{line}</p>", *inside[1:]))
    assert page.text.split("\n") == list(BODY)


@pytest.mark.parametrize(
    "line",
    [
        "Подписаться под обращением успели двадцать депутатов.",
        "Читать в школе стали меньше, сказала Анна Львова.",
        "Реклама хлеба останется без ограничений.",
        "В 14:00 20 ноября Росстат обещал новые цифры.",
    ],
)
def test_a_paragraph_that_begins_as_a_promotion_does_is_kept(line: str, read: Read) -> None:
    assert line in read(article(*paragraphs(line, *BODY))).text.split("\n")


@pytest.mark.parametrize(
    "description",
    ["Свежие публикации, погода, объявления, доставка издания на дом", "Вести", TITLE, BODY[1][:60] + "..."],
)
def test_a_lead_is_about_the_article_and_says_something_new(description: str, read: Read) -> None:
    assert read(article(), f'<meta name="description" content="{description}">').lead == ""


def test_of_several_descriptions_the_one_about_the_article_is_its_lead(read: Read) -> None:
    said = "Росстат подвёл итоги года и объяснил, отчего выросли цены.По словам экономиста, виновата засуха"
    head = f'<meta property="og:description" content="Подробнее на сайте"><meta name="description" content="{said}">'
    assert read(article(), head).lead == said.replace("цены.По", "цены. По")


def test_an_organization_is_no_author(read: Read) -> None:
    people = [{"@type": "NewsMediaOrganization", "name": "Вестник"}, {"@type": "Person", "name": "Анна Львова"}]
    data = {"@type": "NewsArticle", "headline": TITLE, "author": people}
    assert read(article(), f'<script type="application/ld+json">{json.dumps(data)}</script>').author == "Анна Львова"


def test_a_breadcrumb_that_leads_to_the_front_page_is_no_section(read: Read) -> None:
    crumbs = [("Лента новостей", "https://vesti.example/"), ("Экономика", "https://vesti.example/rubric/6")]
    items = [{"@type": "ListItem", "item": {"@id": address, "name": name}} for name, address in crumbs]
    data = {"@type": "BreadcrumbList", "itemListElement": items}
    assert read(article(), f'<script type="application/ld+json">{json.dumps(data)}</script>').section == "Экономика"


def test_the_only_text_of_a_page_may_be_its_description(read: Read) -> None:
    lead = "Очевидцы засняли аварию на мосту."
    page = read(f"<h1>{TITLE}</h1><video src='v.mp4'></video>", f'<meta property="og:description" content="{lead}">')
    assert (page.title, page.lead, page.text) == (TITLE, lead, "")


@pytest.mark.parametrize(
    "crumbs",
    [["Главная", "Экономика", TITLE], ["Экономика"], ["Главная", "Экономика", "Цены"]],
)
def test_breadcrumbs_tell_the_section(crumbs: list[str], read: Read) -> None:
    items = [
        {"@type": "ListItem", "position": n, "item": {"@id": f"/{n}", "name": name}} for n, name in enumerate(crumbs)
    ]
    data = [{"@type": "BreadcrumbList", "itemListElement": items}, {"@type": "NewsArticle", "headline": TITLE}]
    assert read(article(), f'<script type="application/ld+json">{json.dumps(data)}</script>').section == "Экономика"


@pytest.mark.parametrize(
    "dated",
    [
        '<meta name="pubdate" content="2026-11-20T11:00:00Z">',
        '<meta property="og:article:published_time" content="2026-11-20T14:00:00+03:00">',
        '<meta name="sailthru.date" content="2026-11-20 14:00">',
    ],
)
def test_many_tags_tell_the_time(dated: str, read: Read) -> None:
    assert read(article(), dated).published_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def test_the_articles_own_time_is_not_taken_from_a_teaser(read: Read) -> None:
    teaser = "<aside><time datetime='2020-01-01T00:00:00Z'>1 января 2020, 10:00</time> Другая новость</aside>"
    assert read(teaser + article()).published_at is None
    own = "<time datetime='2026-11-20T11:00:00Z'>сегодня</time>"
    assert read(teaser + article(own, *paragraphs())).published_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def test_counters_of_teasers_are_not_the_articles(read: Read) -> None:
    teasers = "".join(f"<div>Другая новость</div><div>{n} просмотров</div>" for n in (10, 20))
    assert read(article() + f"<aside>{teasers}</aside>").views is None
