"""What an article adds to its story: new numbers and names, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.language import analyse
from bot.model import Article
from bot.stories import adds

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = (
    "В порту Самары горит склад",
    "Пожар начался ночью, погибли 5 человек. Огонь тушат 40 пожарных, сообщил губернатор Вячеслав Федорищев.",
)


def article(title: str, text: str = "", lead: str = "") -> Article:
    return Article(
        id=1,
        story_id=1,
        source_id=1,
        key=title,
        url=f"https://example.org/{title}",
        title=title,
        lead=lead,
        text=text,
        published_at=NOON,
        seen_at=NOON,
    )


def added(title: str, text: str = "", *, source: str = "Волжские вести", lead: str = "") -> tuple[str, ...]:
    """By a later article of the story that FIRST opened."""
    later = article(title, text, lead)
    return adds(later, analyse(later, source), ["\n".join(FIRST)])


def test_a_new_number_in_the_headline_or_the_opening_is_news() -> None:
    assert added("Число погибших в порту Самары выросло до 12") == ("12",)
    assert added("Пожар в порту Самары", "Погибших уже 12, тушат 40 пожарных.") == ("12",)
    assert added("Пожар в порту Самары", lead="Погибших уже 12.") == ("12",)


def test_a_new_name_is_news_in_the_headline_and_two_are_below_it() -> None:
    assert added("На пожар в порту вылетел министр Куренков") == ("Куренков",)
    assert added("Пожар в порту Самары", "На место прибыл министр Александр Куренков.") == ("Александр", "Куренков")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        FIRST,
        ("Склад в порту Самары загорелся ночью", "Погибли 5 человек, сообщил Вячеслав Федорищев."),
        ("Пожар в порту Самары", "Огонь тушат. Сообщение пришло в 14:35 24 ноября 2026 года."),
        ("Пожар в порту Самары", "Об этом сообщает РИА Новости со ссылкой на МЧС."),
        ("Пожар в порту Самары", "Погиб 59-летний сторож."),
        ("ПОЖАР В ПОРТУ: НОЧНОЙ СТОРОЖ СПАЛ", "Огонь тушат."),
        ("Пожар в порту Самары", "Как узнали Волжские вести, тушат."),
        ("Пожар в порту Самары", "Склад горит. Ущерб считают. Полиция ищет."),
        ("", ""),
    ],
    ids=["again", "told otherwise", "dates", "agencies", "ages", "capitals", "itself", "sentence starts", "nothing"],
)
def test_the_same_in_other_words_is_none(title: str, text: str) -> None:
    assert added(title, text) == ()


def test_what_stands_far_below_the_headline_is_none() -> None:
    assert added("Пожар в порту Самары", f"{'Огонь тушат. ' * 40} В 1998 году сгорели 77 складов.") == ()


def test_a_name_is_known_in_any_form_and_wherever_it_was_said() -> None:
    told = [f"{FIRST[1]} {'Огонь тушат. ' * 300} На место вылетел Александр Куренков."]
    later = article("Пожар в порту: за тушением следит Куренков", "Министр Александр Куренков доложил Федорищеву.")
    assert adds(later, analyse(later), told) == ()
