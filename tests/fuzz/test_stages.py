"""No article, however made, stops a stage: language, stories, topics, importance, summaries."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot import importance, language, summaries, topics
from bot.errors import QueryError
from bot.model import Article, Coverage, Level
from bot.stories import StoryIndex
from bot.topics.query import Field, Node, Not, Query, Term, Within, all_of, any_of
from tests.fuzz.material import articles, counts, languages, texts, times
from tests.fuzz.profile import fuzzed

IDS = {slug: number for number, slug in enumerate(topics.BUILT_IN, start=1)}
SIGNS = ("(", ")", "|", "-", "=", '"', "«", "»", "“", ":", "OR", "ИЛИ", "title:", "раздел:", "http://", " ", "- ", "—")
WORDS = ("сирия", "Ёлка", "дамаск", "C++", "и", "25", "экс-премьер", "аль-Асад", "x", "ИЛИ", "OR", "title")

queries = st.lists(st.sampled_from(SIGNS) | st.sampled_from(WORDS) | st.text(max_size=4), max_size=25).map("".join)
terms = st.builds(
    Term, st.lists(st.sampled_from(WORDS[:2] + WORDS[5:7]), min_size=1, max_size=3).map(tuple), st.booleans()
)


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3)
    return several.map(all_of) | several.map(any_of) | inner.map(Not) | st.builds(Within, st.sampled_from(Field), inner)


trees = st.recursive(terms, _grown, max_leaves=8)


@fuzzed(400)
@given(queries)
def test_a_query_is_read_or_refused_and_what_it_says_is_read_the_same(written: str) -> None:
    try:
        query = topics.parse(written)
    except QueryError:
        return
    assert topics.parse(str(query)) == query
    assert str(topics.parse(str(query))) == str(query)


@fuzzed(300)
@given(trees)
def test_a_tree_written_out_means_the_same_when_it_is_read(tree: Node) -> None:
    try:
        once = topics.parse(str(Query(tree)))
    except QueryError:
        return
    assert topics.parse(str(once)) == once


@fuzzed(150)
@given(queries | trees.map(str), articles())
def test_matching_never_fails(written: str, article: Article) -> None:
    matcher = topics.Matcher()
    try:
        matcher.add(1, topics.parse(written))
    except QueryError:
        return
    document = language.analyse(article, article.author)
    for found in matcher.label(document):
        assert found.topic_id == 1
        assert found.because
    matcher.remove(1)
    assert matcher.label(document) == ()


@fuzzed(150)
@given(articles())
def test_topics_give_a_score_and_a_reason(article: Article) -> None:
    found = topics.label(language.analyse(article, article.section), IDS)
    assert IDS["main"] in {one.topic_id for one in found}
    assert all(0 < one.score <= 1 for one in found)


@fuzzed(150)
@given(articles(), texts)
def test_a_summary_fits_and_is_the_articles_own(article: Article, source: str) -> None:
    summary = summaries.write(article, source)
    assert len(summary) <= 400
    words = set(_letters(f"{article.lead} {article.text}"))
    assert set(_letters(summary)) <= words


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


@fuzzed(150)
@given(texts, languages)
def test_any_text_has_words_lemmas_and_sentences(text: str, code: str) -> None:
    for token in language.tokens(text, code):
        assert text[token.start : token.end] == token.text
        assert token.lemma in token.lemmas
    assert language.fold(language.fold(text)) == language.fold(text)
    assert sum(map(len, language.sentences(text))) <= len(text)


@fuzzed(80)
@given(st.lists(articles(), max_size=6), times)
def test_every_article_finds_a_story_or_opens_one(some: Sequence[Article], at: datetime) -> None:
    index = StoryIndex()
    for number, plain in enumerate(some, start=1):
        weighed = index.weigh(plain, language.analyse(plain))
        story = index.find(weighed)
        assert story is None or story < number
        index.add(number, story or number, weighed)
    index.forget_before(at)
    for plain in some:
        index.find(index.weigh(plain, language.analyse(plain)))


coverages = st.builds(
    Coverage,
    title=texts,
    owner=texts,
    country=st.sampled_from(["RU", "", "GB"]) | texts,
    published_at=times,
    views=counts,
    seen_at=st.none() | times,
    position=counts,
)


@fuzzed(150)
@given(st.lists(coverages, min_size=1, max_size=6), times)
def test_any_coverage_has_a_score_a_level_and_reasons(some: list[Coverage], now: datetime) -> None:
    judged = importance.score(some, now)
    assert 0 <= judged.score <= 100
    assert judged.level in Level


@fuzzed(20)
@given(st.lists(coverages, min_size=1, max_size=4), times)
def test_the_order_in_which_coverage_is_read_changes_nothing(some: list[Coverage], now: datetime) -> None:
    scores = {round(importance.score(order, now).score, 6) for order in itertools.permutations(some)}
    assert len(scores) == 1
