"""A later article brings two stories together; the publisher takes one apart; neither is undone by what comes next."""

import gc
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import analyse
from bot.model import Article
from bot.stories import StoryIndex
from tests.unit.stories.articles import (
    FLOOD,
    FLOOD_ELSEWHERE,
    FLOOD_ELSEWHERE_TEXT,
    FLOOD_TEXT,
    HOUR,
    NOON,
    VOTE,
    VOTE_TEXT,
    found,
    index_of,
    remember,
    written,
)

SCHOOL = "Уроки в школе номер семь отменены: там ночуют сорок семей"
SCHOOL_TEXT = (
    "Школа номер семь отменила уроки до конца недели, рассказала директор. В спортзале поставили кровати для сорока"
    " семей, людям привезли воду, одеяла и горячую еду, с детьми занимаются психологи и волонтеры."
)
BOTH = "Прорыв плотины в Саратове: сорок семей Ленинского района ночуют в школе"
BOTH_TEXT = (
    "Плотину на реке Елшанке в Саратове прорвало утром в понедельник, вода подтопила дома в Ленинском районе. Сорок"
    " семей эвакуировали в школу номер семь, людям привезли воду, одеяла и горячую еду, уроки отменили до конца недели."
    " По словам губернатора Романа Бусаргина, угрозы для больницы нет, спасатели МЧС укрепляют берег мешками с песком."
)


def brought_together(index: StoryIndex, article: Article) -> tuple[int, ...]:
    return index.find_all(index.weigh(article, analyse(article)))


def test_an_article_that_belongs_to_two_stories_brings_them_together_the_older_first() -> None:
    index = index_of(written(1, SCHOOL, SCHOOL_TEXT), written(2, FLOOD, FLOOD_TEXT))
    both = written(3, BOTH, BOTH_TEXT)
    assert brought_together(index, both) == (1, 2)
    assert found(index, both) == 1


def test_two_stories_that_have_too_little_in_common_stay_two() -> None:
    """The one article is like either, but all the others are not like each other."""
    school = [written(n, SCHOOL, SCHOOL_TEXT, story_id=1) for n in range(1, 5)]
    flood = [written(n, FLOOD, FLOOD_TEXT, story_id=5) for n in range(5, 9)]
    assert brought_together(index_of(*school, *flood), written(9, BOTH, BOTH_TEXT)) == (5,)


def test_days_of_a_series_are_not_brought_together() -> None:
    text = (
        "Синоптики ожидают облачную погоду, ночью возможен мокрый снег, ветер северный, на дорогах гололедица местами."
    )
    index = index_of(*(written(day, f"Погода в Саратове на {day} ноября", text) for day in (1, 2)))
    assert len(brought_together(index, written(3, "Погода в Саратове", text))) <= 1


def test_an_article_of_the_same_address_brings_nothing_else_along() -> None:
    index = index_of(written(1, SCHOOL, SCHOOL_TEXT), written(2, FLOOD, FLOOD_TEXT))
    assert brought_together(index, written(3, BOTH, BOTH_TEXT, url="https://example.org/2")) == (2,)


def test_what_has_become_one_is_one() -> None:
    index = index_of(written(1, SCHOOL, SCHOOL_TEXT), written(2, FLOOD, FLOOD_TEXT))
    index.merge(2, 1)
    index.merge(2, 1)
    late = written(3, FLOOD, FLOOD_TEXT, story_id=2)
    remember(index, late)
    assert found(index, written(4, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) == 1
    assert brought_together(index, written(5, BOTH, BOTH_TEXT)) == (1,)


def test_a_chain_of_merges_leads_to_the_last() -> None:
    index = index_of(written(1, VOTE, VOTE_TEXT), written(2, SCHOOL, SCHOOL_TEXT), written(3, FLOOD, FLOOD_TEXT))
    index.merge(3, 2)
    index.merge(2, 1)
    late = written(4, FLOOD, FLOOD_TEXT, story_id=3)
    remember(index, late)
    assert found(index, replace(late, id=5)) == 1


def test_a_merged_story_closes_with_its_last_article() -> None:
    index = index_of(
        written(1, SCHOOL, SCHOOL_TEXT), written(2, FLOOD, FLOOD_TEXT, published_at=NOON + timedelta(days=3))
    )
    index.merge(2, 1)
    late = written(3, FLOOD, FLOOD_TEXT, published_at=NOON + timedelta(days=5))
    assert found(index, late) == 1
    assert found(index, replace(late, published_at=NOON + timedelta(days=7, hours=1))) is None


def test_an_article_taken_out_makes_a_story_that_is_never_brought_back() -> None:
    index = index_of(written(1, SCHOOL, SCHOOL_TEXT), written(2, FLOOD, FLOOD_TEXT, story_id=1))
    index.split(2, story=3, from_story=1)
    assert found(index, written(4, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) == 3
    assert brought_together(index, written(5, BOTH, BOTH_TEXT)) == (3,)


def test_nor_is_it_by_way_of_a_third_story() -> None:
    index = index_of(
        written(1, SCHOOL, SCHOOL_TEXT), written(2, FLOOD, FLOOD_TEXT, story_id=1), written(3, VOTE, VOTE_TEXT)
    )
    index.split(2, story=4, from_story=1)
    index.merge(4, 3)
    assert brought_together(index, written(5, BOTH, BOTH_TEXT)) == (1,)


def test_a_split_is_known_again_after_a_restart() -> None:
    index = index_of(written(1, SCHOOL, SCHOOL_TEXT), written(2, FLOOD, FLOOD_TEXT, story_id=3))
    index.split(2, story=3, from_story=1)
    assert brought_together(index, written(5, BOTH, BOTH_TEXT)) == (3,)


def test_an_article_that_is_not_remembered_can_be_taken_out_too() -> None:
    index = index_of(written(1, SCHOOL, SCHOOL_TEXT))
    index.split(99, story=3, from_story=1)
    assert len(index) == 1


TEXTS = st.sampled_from([(FLOOD, FLOOD_TEXT), (SCHOOL, SCHOOL_TEXT), (BOTH, BOTH_TEXT), (VOTE, VOTE_TEXT), ("", "")])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 6), st.integers(1, 6), TEXTS),
        st.tuples(st.just("merge"), st.integers(2, 6), st.just(1)),
        st.tuples(st.just("split"), st.integers(1, 6), st.integers(7, 9), st.integers(1, 6)),
    ),
    max_size=12,
)


def done(steps: list[tuple]) -> StoryIndex:
    index = StoryIndex()
    for what, *values in steps:
        if what == "add":
            number, story, (title, text) = values
            article = written(number, title, text, story_id=story, published_at=NOON - HOUR)
            remember(index, article)
        elif what == "merge":
            index.merge(*values)
        else:
            index.split(*values)
    return index


@settings(max_examples=60, deadline=None)
@given(STEPS, TEXTS)
def test_whatever_was_done_what_it_finds_is_one_story_or_several_that_are_alike(steps: list[tuple], text) -> None:
    index = done(steps)
    article = written(99, *text)
    together = brought_together(index, article)
    assert list(together) == sorted(set(together))
    for absorbed in together[1:]:
        index.merge(absorbed, together[0])
    assert brought_together(index, article) == together[:1]


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_forgetting_leaves_no_trace_of_whatever_was_done(steps: list[tuple]) -> None:
    index = done(steps)
    index.forget_before(NOON)
    assert weight_of(index) == weight_of(StoryIndex())


@settings(max_examples=30, deadline=None)
@given(st.permutations([(FLOOD, FLOOD_TEXT), (FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT), (VOTE, VOTE_TEXT)]))
def test_in_whatever_order_a_storys_articles_were_added_it_finds_the_same(order: list[tuple[str, str]]) -> None:
    index = index_of(
        *(written(n, *text, story_id=2 if text[0] == VOTE else 1) for n, text in enumerate(order, start=1))
    )
    assert found(index, written(9, BOTH, BOTH_TEXT)) == 1


def weight_of(index: StoryIndex) -> int:
    """How many things an index holds, of any depth."""
    seen: set[int] = set()
    waiting = list(vars(index).values())
    while waiting:
        item = waiting.pop()
        if id(item) in seen or isinstance(item, type | str):
            continue
        seen.add(id(item))
        waiting.extend(gc.get_referents(item) if not callable(item) else [])
    return len(seen)
