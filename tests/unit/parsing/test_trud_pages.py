"""trud.ru's article pages: everything of the article, nothing of what stands around it."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import ParseError
from bot.model import Mark, Page, Response, Source
from bot.parsing import read_page

URL = "https://www.trud.ru/article/03-12-2016/1344790_rossija_gotova.html"
ELSEWHERE = "http://127.0.0.1:8081/article/03-12-2016/1344790_rossija_gotova.html"

HEADER = "Главная Экономика 09:05 14 Марта 2024 20 317"
TITLE = "Вклады населения выросли за месяц на два процента"
LEAD = "Центральный банк опубликовал обзор, и в нём есть чему удивиться"
BODY = (
    "Средства населения на счетах банков прибавили за февраль два процента, следует из обзора регулятора.",
    "Больше всего выросли короткие вклады. «Люди ждут, что будет дальше», - пояснил аналитик Пётр Громов.",
    "Что это значит для вкладчика",
    "Ставки начнут снижаться не раньше осени, считают опрошенные «Трудом» экономисты. Спешить незачем.",
)
FOOTER = (
    "Подписаться",
    "Еженедельная рассылка самых важных и интересных новостей от Труда. Без спама.",
    "Подписаться",
    "Спасибо!",
    "Вы подписались на еженедельную рассылку от Труда. Мы пришлем Вам первый выпуск сегодня.",
    "Порядок разделов",
    "Сохранить",
    "Спроси у юриста",
    "Хотите получать уведомления о самых важных новостях от Труда?",
)
CUT = "Очередной раунд консультаций завершился поздно вечером в среду, {n} сентября. Участники разошлись молча, а..."
SIGNED_TEASERS = tuple(
    (
        f"Участники встречи под номером {n} разошлись без заявлений",
        "Фото: пресс-служба, globallookpress.com",
        CUT.format(n=n),
    )
    for n in range(1, 12)
)
BYLINE_TEASERS = (
    ("Почему молчит министр и чего ждать рынку?", "Олег Шевцов, политический обозреватель «Труда»", "Труд",
     "Министр думает. Фото: Иван Иванов/news.ru", CUT.format(n=21)),
    ("Кадры решают всё, и это не поговорка", "Евгений Акатов", "Труд", CUT.format(n=22)),
    ("Военкоры показали, как это было", "Кадр видео из Telegram-канала «Вести»", CUT.format(n=23)),
)  # fmt: skip


def as_paragraphs(rows: Sequence[str]) -> str:
    return "".join(f"<p>{html.escape(row)}</p>\n" for row in rows)


def as_breaks(rows: Sequence[str]) -> str:
    return "<div class='text'>" + "<br /><br />\n".join(html.escape(row) for row in rows) + "</div>"


def as_nested_divs(rows: Sequence[str]) -> str:
    cells = "".join(f"<div class='c'>\n  <div><span>{html.escape(row)}</span>\n</div></div>" for row in rows)
    return f"<div id='main'>\n{cells}</div>"


def as_table(rows: Sequence[str]) -> str:
    return "<table>" + "".join(f"<tr><td>{html.escape(row)}</td></tr>" for row in rows) + "</table>"


def as_crumbs_and_heading(rows: Sequence[str]) -> str:
    crumbs, rest = rows[0].split(" "), rows[2:]
    section, clock, views = crumbs[1], " ".join(crumbs[2:6]), " ".join(crumbs[6:])
    return (
        "<nav><a href='/'>Главная</a><a href='/politics/'>Политика</a><a href='/economics/'>Экономика</a>"
        "<a href='/life/'>Жизнь</a><a href='/incidents/'>Происшествия</a><a href='/sport/'>Спорт</a></nav>"
        f"<div class='crumbs'><a href='/'>Главная</a> <a href='/s/'>{section}</a>"
        f" <time>{clock}</time> <span class='views'>{views}</span></div>"
        f"<article><h1>{html.escape(rows[1])}</h1>{as_paragraphs(rest)}</article>"
    )


def as_split_header(rows: Sequence[str]) -> str:
    crumbs = rows[0].split(" ")
    cells = ["Главная", crumbs[1], crumbs[2], " ".join(crumbs[3:6]), " ".join(crumbs[6:])]
    items = "".join(f"<li>{cell}</li>" for cell in cells)
    return f"<h1>{html.escape(rows[1])}</h1><ul>{items}</ul>{as_nested_divs(rows[2:])}"


def as_poured_text(rows: Sequence[str]) -> str:
    return "<div>" + html.escape("\n\n".join(rows)) + "</div>"


def as_preformatted(rows: Sequence[str]) -> str:
    return "<pre>" + html.escape("\n".join(rows)) + "</pre>"


MARKUPS = (
    as_paragraphs,
    as_breaks,
    as_nested_divs,
    as_table,
    as_crumbs_and_heading,
    as_split_header,
    as_poured_text,
    as_preformatted,
)


def page_of(rows: Sequence[str], markup: Callable[[Sequence[str]], str] = as_paragraphs, url: str = URL) -> Response:
    """As trud.ru serves it: windows-1251, declared in a meta tag only."""
    head = (
        '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
        f"<title>{html.escape(rows[1] if len(rows) > 1 else '')} | Труд</title>"
        "<script>var menu = '<p>Главная Спорт 10:00 01 Января 2020 5</p>';</script></head><body>"
    )
    return Response(
        url=url,
        status=200,
        headers={"content-type": "text/html"},
        body=(head + markup(rows) + "</body></html>").encode("cp1251", "xmlcharrefreplace"),
    )


def flat(teasers: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(row for teaser in teasers for row in teaser)


def body_of(page: Page) -> tuple[str, ...]:
    return tuple(page.text.split("\n"))


@pytest.mark.parametrize("url", [URL, ELSEWHERE])
@pytest.mark.parametrize("markup", MARKUPS)
def test_the_real_article_is_read_whole_and_alone(
    markup: Callable[[Sequence[str]], str], url: str, trud: Source, shared: Path
) -> None:
    rows = [row.strip() for row in (shared / "seed" / "trud-article.txt").read_text().splitlines() if row.strip()]
    page = read_page(page_of(rows, markup, url), trud)
    assert page.title == "Россия готова преодолевать кризис в Алеппо вместе с США"
    assert page.lead == rows[2]
    assert page.section == "Политика"
    assert page.published_at == datetime(2016, 12, 3, 14, 40, tzinfo=UTC)
    assert page.views == 1748
    assert page.author is None
    assert body_of(page) == tuple(rows[4:12])
    assert page.marks == (Mark("Джебхат ан-Нусра", "запрещена в РФ"),)


def test_the_real_article_is_read_from_its_bare_text_too(trud: Source, shared: Path) -> None:
    text = (shared / "seed" / "trud-article.txt").read_bytes()
    page = read_page(Response(url="file:///trud-article.txt", status=200, body=text), trud)
    assert page.text.startswith("Министр иностранных дел")
    assert page.text.endswith("заявил глава МИД.")


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    "teasers", [SIGNED_TEASERS, BYLINE_TEASERS, BYLINE_TEASERS + SIGNED_TEASERS, SIGNED_TEASERS[:1], ()]
)
@pytest.mark.parametrize("footer", [FOOTER, FOOTER[4:], ()])
def test_the_body_ends_where_teasers_or_footer_begin(
    markup: Callable[[Sequence[str]], str], teasers: Sequence[Sequence[str]], footer: Sequence[str], trud: Source
) -> None:
    rows = (HEADER, TITLE, LEAD, "trud.ru", "Фото: Анна Львова, globallookpress.com", *BODY, *flat(teasers), *footer)
    page = read_page(page_of(rows, markup), trud)
    assert (page.title, page.lead, page.section, page.views) == (TITLE, LEAD, "Экономика", 20317)
    assert page.published_at == datetime(2024, 3, 14, 6, 5, tzinfo=UTC)
    assert body_of(page) == BODY


@pytest.mark.parametrize(
    "last",
    [
        "Чем кончится эта история, не знает, кажется, никто из тех, кто её начинал, и это пугает больше всего...",
        "«Мы ещё посмотрим, кто будет смеяться последним, и смех этот будет совсем не весёлым…»",
        "Фото есть у всех, а памяти нет ни у кого, и это, пожалуй, главный вывод из всей этой истории.",
        "Пётр Громов, экономист",
    ],
)
def test_the_articles_own_last_words_are_kept_whatever_they_look_like(last: str, trud: Source) -> None:
    rows = (HEADER, TITLE, LEAD, "trud.ru", *BODY, last, *flat(SIGNED_TEASERS), *FOOTER)
    assert body_of(read_page(page_of(rows), trud)) == (*BODY, last)


def test_a_body_of_one_paragraph_that_trails_off_is_kept(trud: Source) -> None:
    only = "Больше о вчерашнем вечере рассказать нечего: пришли, посидели, разошлись, и осталось странное чувство..."
    rows = (HEADER, TITLE, LEAD, "Евгений Акатов", "Труд", "Фото: архив", only, *flat(BYLINE_TEASERS), *FOOTER)
    page = read_page(page_of(rows), trud)
    assert page.text == only
    assert page.author == "Евгений Акатов"


def test_teasers_with_titles_of_their_own_are_learned_from_their_repetition(trud: Source) -> None:
    titled = tuple((f"Заголовок другой заметки номер {n}", *teaser) for n, teaser in enumerate(SIGNED_TEASERS))
    rows = (HEADER, TITLE, LEAD, "trud.ru", *BODY, *flat(titled), *FOOTER)
    assert body_of(read_page(page_of(rows), trud)) == BODY


def test_lines_that_only_link_to_other_articles_are_teasers(trud: Source) -> None:
    def markup(rows: Sequence[str]) -> str:
        links = "".join(
            f"<div><a href='/article/0{n}-09-2024/15550{n}_x.html'><b>Другая заметка под номером {n}.</b></a></div>"
            for n in range(1, 9)
        )
        return as_paragraphs(rows) + "<h3>Читайте также</h3>" + links

    rows = (HEADER, TITLE, LEAD, "trud.ru", *BODY)
    assert body_of(read_page(page_of(rows, markup), trud)) == BODY


def test_headings_and_buttons_between_body_and_teasers_are_dropped(trud: Source) -> None:
    between = ("Поделиться", "Теги: вклады, банки", "Читайте также", "12 Декабря 2025 1204")
    rows = (HEADER, TITLE, LEAD, "trud.ru", *BODY, *between, *flat(SIGNED_TEASERS), *FOOTER)
    assert body_of(read_page(page_of(rows), trud)) == BODY


def test_credits_of_pictures_inside_the_body_are_no_text_and_do_not_end_it(trud: Source) -> None:
    inside = (*BODY[:2], "Фото: Анна Львова, globallookpress.com", *BODY[2:])
    rows = (HEADER, TITLE, LEAD, "trud.ru", *inside, *flat(SIGNED_TEASERS), *FOOTER)
    assert body_of(read_page(page_of(rows), trud)) == BODY


@pytest.mark.parametrize(
    ("signature", "author"),
    [
        (("trud.ru",), None),
        (("Труд",), None),
        (("Олег Шевцов, политический обозреватель «Труда»", "Труд"), "Олег Шевцов, политический обозреватель «Труда»"),
        (("Шевцов Олег",), "Шевцов Олег"),
        (("Иван Петров", "Фото автора. Фото: Иван Петров"), "Иван Петров"),
    ],
)
def test_the_author_is_a_person_or_nobody(signature: tuple[str, ...], author: str | None, trud: Source) -> None:
    rows = (HEADER, TITLE, LEAD, *signature, *BODY, *flat(SIGNED_TEASERS), *FOOTER)
    page = read_page(page_of(rows), trud)
    assert (page.author, page.lead, body_of(page)) == (author, LEAD, BODY)


def test_an_article_without_a_lead_has_none(trud: Source) -> None:
    rows = (HEADER, TITLE, "Шевцов Олег", *BODY, *flat(SIGNED_TEASERS), *FOOTER)
    page = read_page(page_of(rows), trud)
    assert (page.lead, page.author, body_of(page)) == ("", "Шевцов Олег", BODY)


def test_a_placeholder_is_no_time(trud: Source) -> None:
    rows = ("Главная Жизнь 01:01 12 Марта 2007 93", TITLE.upper(), LEAD, "Шевцов Олег", *BODY)
    page = read_page(page_of(rows), trud)
    assert (page.published_at, page.section, page.views) == (None, "Жизнь", 93)


@pytest.mark.parametrize(
    ("header", "section", "views"),
    [
        ("Главная Наука и технологии 23:59 31 Декабря 2019 7", "Наука и технологии", 7),
        ("Главная / Политика / 17:40, 3 декабря 2016 / 1748", "Политика", 1748),
        ("Главная Труд-советы 10:10 01 Мая 2013", "Труд-советы", None),
    ],
)
def test_the_header_line_gives_section_and_views(header: str, section: str, views: int | None, trud: Source) -> None:
    page = read_page(page_of((header, TITLE, LEAD, "trud.ru", *BODY, *FOOTER)), trud)
    assert (page.section, page.views, page.title) == (section, views, TITLE)


def test_the_pages_own_tags_are_used_where_there_are_any(trud: Source) -> None:
    def markup(rows: Sequence[str]) -> str:
        return (
            '<meta property="og:image" content="/img/1344790.jpg">'
            '<link rel="canonical" href="http://trud.ru/article/03-12-2016/1344790_rossija_gotova/print/">'
            + as_paragraphs(rows)
        )

    page = read_page(page_of((HEADER, TITLE, LEAD, "trud.ru", *BODY), markup), trud)
    assert page.picture == "https://www.trud.ru/img/1344790.jpg"
    assert page.url == URL


def test_another_sites_page_is_not_read_as_truds(source: Source) -> None:
    rows = ("Главная Экономика 09:05 14 Марта 2024", TITLE, *BODY)
    page = read_page(page_of(rows, url="https://vesti.example/a/1"), source)
    assert page.section is None


def test_a_page_of_trud_without_an_article_is_refused(trud: Source) -> None:
    with pytest.raises(ParseError):
        read_page(page_of(("Ошибка 404", "Страница не найдена"), url="https://www.trud.ru/nothing/"), trud)


@pytest.mark.parametrize("heading", ["Труд", "Происшествия", "Газета «Труд»"])
def test_a_heading_with_the_papers_or_the_sections_name_is_no_headline(heading: str, trud: Source) -> None:
    def markup(rows: Sequence[str]) -> str:
        return f"<h1>{heading}</h1>" + as_paragraphs(rows)

    page = read_page(page_of((HEADER, TITLE, LEAD, "trud.ru", *BODY), markup), trud)
    assert (page.title, page.lead) == (TITLE, LEAD)


def test_a_lead_without_an_author_below_it_is_known_by_having_no_full_stop(trud: Source) -> None:
    page = read_page(page_of((HEADER, TITLE, LEAD, *BODY, *flat(SIGNED_TEASERS), *FOOTER)), trud)
    assert (page.lead, body_of(page)) == (LEAD, BODY)
    page = read_page(page_of((HEADER, TITLE, *BODY, *flat(SIGNED_TEASERS), *FOOTER)), trud)
    assert (page.lead, body_of(page)) == ("", BODY)


def test_a_footer_nobody_knows_does_not_bring_the_teasers_back(trud: Source) -> None:
    unknown = ("О газете", "Реклама в газете", "Контакты", "Архив", "Телефон: +7 495 000-00-00", "18+", "Вакансии")
    rows = (HEADER, TITLE, LEAD, "trud.ru", *BODY, *flat(SIGNED_TEASERS), *unknown)
    assert body_of(read_page(page_of(rows), trud)) == BODY


def test_an_interview_whose_answers_trail_off_is_kept_whole(trud: Source) -> None:
    talk = tuple(
        row
        for n in range(5)
        for row in (
            f"И что же было потом, в год {n}?",
            "Потом было долгое молчание, и никто не знал, чем оно кончится...",
        )
    )
    for tail in ((), (*flat(SIGNED_TEASERS), *FOOTER)):
        rows = (HEADER, TITLE, LEAD, "trud.ru", *BODY, *talk, "Так мы и живём с тех пор, не жалуемся.", *tail)
        page = read_page(page_of(rows), trud)
        assert body_of(page) == (*BODY, *talk, "Так мы и живём с тех пор, не жалуемся.")
