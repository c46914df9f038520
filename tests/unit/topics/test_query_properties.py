"""What holds of every query: one key for all ways to ask for the same. What it costs: tests/fuzz."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.language import Document
from bot.topics import Matcher, Query, parse
from bot.topics.query import All, Any, Node, Not, Within

FORMS = {
    "сирия": ("Сирии", "сирию", "СИРИЯ"),
    "переговоры": ("переговоров", "переговорами"),
    "ёлка": ("ёлки", "елка", "Елками"),
    "женева": ("женеве", "Женевой"),
    "футбол": ("футболом",),
}
words = st.sampled_from(sorted(FORMS)) | st.sampled_from(['"переговоры в женеве"', "=Труд", "-футбол", "title:сирия"])
queries = st.lists(words, min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), " | ".join(parts), f"({' | '.join(parts)}) сирия"])
)


def _rewritten(node: Node, random: Random) -> Node:
    """The same, its parts in another order and some of them twice, its words in other forms."""
    match node:
        case All(parts) | Any(parts):
            again = [_rewritten(part, random) for part in (*parts, *random.sample(parts, random.randrange(len(parts))))]
            random.shuffle(again)
            return type(node)(tuple(again))
        case Not(part):
            return Not(_rewritten(part, random))
        case Within(field, part):
            return Within(field, _rewritten(part, random))
        case _:
            form = random.choice(FORMS.get(str(node), (str(node),)))
            return parse(form).root


@given(text=queries, random=st.randoms(use_true_random=False))
def test_a_query_has_one_key_in_whatever_order_forms_and_repetitions(text: str, random: Random) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    again = Query(_rewritten(query.root, random))
    assert again.key == query.key
    assert again.digest == query.digest


@given(one=queries, other=queries)
def test_queries_of_one_key_match_the_same(one: str, other: str, document: Callable[..., Document]) -> None:
    try:
        pair = parse(one), parse(other)
    except QueryError:
        return
    if pair[0].key != pair[1].key:
        return
    articles = [document(f"{first} и {second}", "Труд") for first in FORMS for second in FORMS]
    assert len({tuple(_matches(query, article) for article in articles) for query in pair}) == 1


def _matches(query: Query, article: Document) -> bool:
    matcher = Matcher()
    matcher.add(1, query)
    return bool(matcher.label(article))


@given(st.text(max_size=60))
def test_a_digest_is_always_of_one_length(text: str) -> None:
    try:
        assert len(parse(text).digest) == 32
    except QueryError:
        return
