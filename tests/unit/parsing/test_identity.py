"""One article is one, whatever becomes of its address; and a new one is new, whatever it's called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Item
from bot.parsing.identity import A_MOVE, Recognised, aliases, asked_aliases, recognise

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://vesti.example/a/1"
SAID = "Росстат сообщил в пятницу, что цены на хлеб за год выросли на треть."


def item(key: str, title: str, guid: str = "", said: str = "", at: datetime | None = None) -> Item:
    return Item(key=key, url=URL, title=title, lead=said, published_at=at, guid=guid)


def after(*known: Item) -> set[str]:
    """The aliases that the store has of articles it knows."""
    return {alias for each in known for alias in aliases(each)}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (item("1?s=a", "Хлеб подорожал", guid="tag:1"), item("1?s=b", "Хлеб подорожал", guid="tag:1")),
        (item("1?s=a", "Хлеб", said=SAID, at=NOON), item("2", "«Хлеб»", said=SAID, at=NOON)),
    ],
)
def test_the_same_article_under_another_key_is_no_news(before: Item, now: Item) -> None:
    assert recognise([now], after(before)).fresh == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (item("1", "Хлеб подорожал", guid="1"), item("2", "Соль подорожала", guid="1")),
        (
            item("1", "Курсы валют", said=SAID, at=NOON),
            item("2", "Курсы валют", said=SAID, at=NOON + timedelta(days=1)),
        ),
        (item("1", "Фото дня", at=NOON), item("2", "Фото дня", at=NOON)),
        (item("1", "Хлеб подорожал"), item("2", "Хлеб подорожал")),
    ],
    ids=["a feed that numbers its items", "a column with standing words", "two photos", "one headline"],
)
def test_another_article_that_looks_alike_is_news(before: Item, now: Item) -> None:
    assert recognise([now], after(before)).fresh == [now]


def test_what_stands_in_two_sections_is_one() -> None:
    twins = [item("politics/1", "Хлеб", said=SAID, at=NOON), item("economy/1", "Хлеб", said=SAID, at=NOON)]
    assert recognise(twins, set()).fresh == twins[:1]


def test_a_site_that_moved_tells_only_what_is_new() -> None:
    before = [item(f"old/{n}", f"Новость номер {n}", at=NOON - timedelta(days=n)) for n in range(50)]
    moved = [item(f"new/{n}", f"Новость номер {n}", at=NOON) for n in range(50)]
    news = item("new/51", "Соль подорожала", at=NOON)
    recognised = recognise([news, *moved], after(*before))
    assert recognised.fresh == [news]
    assert len(recognised.moved) == 50
    assert set(recognised.moved.values()) <= after(*before)


def test_what_has_moved_is_known_when_only_a_few_are_left() -> None:
    before = [item(f"old/{n}", f"Новость номер {n}") for n in range(A_MOVE)]
    moved = [item(f"new/{n}?s=1", f"Новость номер {n}") for n in range(A_MOVE)]
    known = after(*before) | set(recognise(moved, after(*before)).moved)
    left = [item("new/1?s=2", "Новость номер 1")]
    assert set(asked_aliases(left)) & known
    assert recognise(left, known) == Recognised([], {})


def test_a_few_standing_headlines_are_no_move() -> None:
    titles = [f"Рубрика номер {n}" for n in range(A_MOVE - 1)]
    today = [item(f"b/{n}", title) for n, title in enumerate(titles)]
    assert recognise(today, after(*(item(f"a/{n}", title) for n, title in enumerate(titles)))).fresh == today


def test_columns_that_come_together_every_day_are_no_move() -> None:
    signs = [f"Знак {n}" for n in range(12)]
    yesterday = [item(f"a/{sign}", sign, said=f"{sign}: вчера звёзды сулили добрый день") for sign in signs]
    today = [item(f"b/{sign}", sign, said=f"{sign}: сегодня звёзды молчат") for sign in signs]
    assert recognise(today, after(*yesterday)).fresh == today


def test_a_site_that_moves_may_cut_its_leads_shorter() -> None:
    before = [item(f"a/{n}", f"Новость номер {n}", said=f"{n}. {SAID} {SAID}") for n in range(A_MOVE)]
    moved = [item(f"b/{n}", f"Новость номер {n}", said=f"{n}. {SAID}") for n in range(A_MOVE)]
    assert recognise(moved, after(*before)).fresh == []


def test_a_bridge_that_gives_every_post_one_title_loses_none() -> None:
    posts = [item(f"{n}", "Канал Иванова") for n in range(2, 30)]
    assert recognise(posts, after(item("1", "Канал Иванова"))).fresh == posts
