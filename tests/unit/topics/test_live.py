"""Queries kept as the store has them, read page by page."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from bot.language import Document, tokens
from bot.model import Topic
from bot.topics import PAGE, LiveQueries

WORDS = ("женева", "вена", "париж", "лондон")
ALL = Document(title=tokens(" ".join(WORDS)), lead=(), body=(), section=None, author=None, source=None)


def stored(ids: set[int]) -> Callable[[int], list[Topic]]:
    """A store with topics of these ids."""
    rows = [Topic(id=number, query=WORDS[number % 4]) for number in sorted(ids)]
    return lambda after: [topic for topic in rows if topic.id > after][:PAGE]


def catch_up(live: LiveQueries, page: Callable[[int], list[Topic]]) -> None:
    while True:
        after = live.after_newest
        found = page(after)
        live.take(found, after)
        if len(found) < PAGE:
            return


def look_through(live: LiveQueries, page: Callable[[int], list[Topic]]) -> None:
    while True:
        after = live.after_looked_through
        live.take(page(after), after)
        if live.after_looked_through == 0:
            return


def matched(live: LiveQueries) -> set[int]:
    return {found.topic_id for found in live.label(ALL)}


def test_what_is_new_is_taken_in_and_the_rest_not_read_again() -> None:
    live = LiveQueries()
    catch_up(live, stored({1, 2, 3}))
    assert matched(live) == {1, 2, 3}
    page = stored({*range(1, 500)})
    catch_up(live, page)
    assert matched(live) == set(range(1, 500))
    assert live.unknown(page(live.after_newest)) == 0
    assert len(page(live.after_newest)) <= 100


def test_more_than_a_page_is_taken_in_page_by_page() -> None:
    live, ids = LiveQueries(), set(range(1, 2 * PAGE + 7))
    catch_up(live, stored(ids))
    assert len(live) == len(ids)


def test_one_that_appears_a_moment_later_than_the_next_is_not_missed() -> None:
    live = LiveQueries()
    catch_up(live, stored({1, 3}))
    catch_up(live, stored({1, 2, 3}))
    assert matched(live) == {1, 2, 3}


def test_what_has_settled_is_not_read_again_and_what_is_new_still_is() -> None:
    live = LiveQueries()
    catch_up(live, stored({1, 3}))
    live.settle()
    catch_up(live, stored({1, 2, 3}))
    live.settle()
    assert stored({1, 2, 3})(live.after_newest) == []
    catch_up(live, stored({1, 2, 3, 4}))
    assert matched(live) == {1, 2, 3, 4}


def test_those_that_have_gone_are_forgotten_when_all_are_looked_through() -> None:
    live = LiveQueries()
    catch_up(live, stored(set(range(1, PAGE + 500))))
    left = set(range(2, PAGE + 500, 2))
    for _ in range(2):  # the first time from where it stands to the end
        look_through(live, stored(left))
    assert len(live) == len(left)
    assert matched(live) == left


def test_words_that_cannot_be_read_stop_nothing() -> None:
    live = LiveQueries()
    live.take([Topic(id=1, query="(женева"), Topic(id=2, query="вена")], 0)
    assert matched(live) == {2}
    assert live.unknown([Topic(id=1, query="(женева")]) == 0


@given(st.lists(st.sets(st.integers(1, 300), max_size=40), min_size=1, max_size=6))
def test_after_looking_through_all_it_is_as_the_store_whatever_came_and_went(states: list[set[int]]) -> None:
    live = LiveQueries()
    for ids in states:
        catch_up(live, stored(ids))
    look_through(live, stored(states[-1]))
    look_through(live, stored(states[-1]))
    assert matched(live) == states[-1]
