"""What words are compared by: the beginning of most, the number of «12-й», and all of what carries a number."""

import pytest

from bot.stories.roots import root


@pytest.mark.parametrize(
    ("one", "other"),
    [("закарпатье", "закарпатский"), ("12", "12-й"), ("70-летие", "70"), ("1,5", "1.5"), ("2020-й", "2020")],
)
def test_words_of_one_root_are_one(one: str, other: str) -> None:
    assert root(one) == root(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("boeing-737", "boeing-777"), ("спутник-1", "спутник-2"), ("1а2", "1а3"), ("9f86d081", "9a3c"), ("12-й", "13-й")],
)
def test_what_differs_in_its_number_is_not(one: str, other: str) -> None:
    assert root(one) != root(other)
