"""Articles about one event come into one story; another day, place or person makes another."""

import gc
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
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
    written,
)

PAIRS = Path(__file__).parents[3].parent / "shared/data/story_pairs_dev.jsonl"


def test_another_account_of_the_event_joins_its_story() -> None:
    index = index_of(written(1, FLOOD, FLOOD_TEXT), written(2, VOTE, VOTE_TEXT))
    assert found(index, written(3, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) == 1


def test_another_event_opens_a_story() -> None:
    assert found(index_of(written(1, FLOOD, FLOOD_TEXT)), written(2, VOTE, VOTE_TEXT)) is None
    assert found(StoryIndex(), written(1, FLOOD, FLOOD_TEXT)) is None


def test_the_first_two_articles_ever_are_judged_like_any_others() -> None:
    assert found(index_of(written(1, FLOOD, FLOOD_TEXT)), written(2, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) == 1


def test_finding_adds_nothing() -> None:
    index = StoryIndex()
    assert found(index, written(1, FLOOD, FLOOD_TEXT)) is None
    assert found(index, written(2, FLOOD, FLOOD_TEXT)) is None
    assert len(index) == 0


def test_the_same_address_is_the_same_story_whatever_it_says() -> None:
    known = written(1, FLOOD, FLOOD_TEXT)
    assert found(index_of(known), written(2, VOTE, VOTE_TEXT, url=known.url)) == 1


@pytest.mark.parametrize(
    "reprint",
    [
        "В САРАТОВЕ ПРОРВАЛО ПЛОТИНУ",
        "В Саратове прорвало плотину!",
        "«В Саратове прорвало плотину» (ВИДЕО)",
        "Срочно: В Саратове прорвало плотину",
        "ТАСС: В Саратове прорвало плотину",
        "В Саратове прорвало плотину – СМИ",
    ],
)
def test_a_headline_alone_joins_when_it_is_the_same_headline(reprint: str) -> None:
    assert found(index_of(written(1, FLOOD, FLOOD_TEXT)), written(2, reprint)) == 1


def test_a_reprint_with_yo_dateline_and_a_cut_title_joins() -> None:
    known = written(1, "Самолет совершил экстренную посадку в Перми из-за дыма в салоне", FLOOD_TEXT)
    reprint = written(2, "Самолёт совершил экстренную посадку в Перми", f"ПЕРМЬ, 23 ноября. /ТАСС/. {FLOOD_TEXT}")
    assert found(index_of(known), reprint) == 1


def test_a_short_headline_that_returns_every_day_is_no_story() -> None:
    assert found(index_of(written(1, "Курс валют", FLOOD_TEXT)), written(2, "Курс валют", VOTE_TEXT)) is None
    assert found(index_of(written(1, "Главные новости к этому часу", FLOOD_TEXT)),
                 written(2, "Главные новости к этому часу", VOTE_TEXT)) is None  # fmt: skip


@pytest.mark.parametrize(("known", "new"), [("", ""), (FLOOD, ""), ("", FLOOD_ELSEWHERE)])
def test_a_post_without_a_headline_is_called_by_how_it_begins(known: str, new: str) -> None:
    index = index_of(written(1, known, FLOOD_TEXT))
    assert found(index, written(2, new, FLOOD_ELSEWHERE_TEXT)) == 1
    assert found(index, written(3, new, FLOOD_TEXT + " Подробности позже.")) == 1
    assert found(index, written(4, "", "Срочно! " + FLOOD_ELSEWHERE_TEXT)) == 1
    assert found(index, written(5, "", VOTE_TEXT)) is None


def test_a_few_words_without_a_headline_join_only_as_a_copy() -> None:
    index = index_of(written(1, "", "Взрыв в центре Саратова, подробности уточняются, следите за нашими новостями."))
    assert found(index, written(2, "", "Взрыв в центре Саратова, подробности уточняются, следите за новостями.")) == 1
    assert found(index, written(3, "", "Взрыв в центре Саратова, погибших нет, движение перекрыто.")) is None


def test_articles_that_have_no_address_are_not_one_for_it() -> None:
    assert found(index_of(written(1, FLOOD, FLOOD_TEXT, url="")), written(2, VOTE, VOTE_TEXT, url="")) is None


def test_what_every_article_of_a_site_ends_with_joins_nothing_and_parts_nothing() -> None:
    tail = " Подписывайтесь на наш канал, читайте нас в соцсетях, оставляйте комментарии под статьями редакции." * 20
    index = index_of(written(1, FLOOD, FLOOD_TEXT * 6 + tail))
    assert found(index, written(2, VOTE, VOTE_TEXT * 6 + tail)) is None
    assert found(index, written(3, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT * 7 + tail)) == 1
    assert found(index, written(4, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) == 1


def test_a_story_takes_articles_for_72_hours_after_its_last() -> None:
    index = index_of(written(1, FLOOD, FLOOD_TEXT))
    late = written(2, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT, published_at=NOON + 72 * HOUR)
    assert found(index, late) == 1
    assert found(index, replace(late, published_at=late.published_at + timedelta(seconds=1))) is None


def test_a_story_closes_seven_days_after_its_first_article() -> None:
    days = [written(day + 1, FLOOD, FLOOD_TEXT, story_id=1, published_at=NOON + 24 * day * HOUR) for day in range(7)]
    index = index_of(*days)
    again = written(9, FLOOD, FLOOD_TEXT, published_at=NOON + 24 * 7 * HOUR)
    assert found(index, again) == 1
    assert found(index, replace(again, published_at=again.published_at + HOUR)) is None


def continued(index: StoryIndex, article: Article) -> int | None:
    return index.find_closed(index.weigh(article, analyse(article)))


@pytest.mark.parametrize("later", [timedelta(hours=72), timedelta(days=8)])
def test_what_comes_after_a_story_has_closed_continues_it(later: timedelta) -> None:
    index = index_of(written(1, FLOOD, FLOOD_TEXT), written(2, VOTE, VOTE_TEXT))
    late = written(3, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT, published_at=NOON + later + timedelta(seconds=1))
    assert found(index, late) is None
    assert continued(index, late) == 1


def test_so_does_what_comes_after_seven_days_of_it() -> None:
    days = [written(day + 1, FLOOD, FLOOD_TEXT, story_id=1, published_at=NOON + 24 * day * HOUR) for day in range(7)]
    late = written(9, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT, published_at=NOON + 24 * 7 * HOUR)
    assert continued(index_of(*days), late) is None
    assert continued(index_of(*days), replace(late, published_at=late.published_at + timedelta(seconds=1))) == 1


def test_nothing_else_is_continued() -> None:
    index = index_of(written(1, "Прогноз погоды на 8 ноября", FLOOD_TEXT), written(2, VOTE, VOTE_TEXT))
    week = NOON + timedelta(days=7)
    assert continued(index, written(3, "Прогноз погоды на 15 ноября", FLOOD_TEXT, published_at=week)) is None
    assert continued(index, written(4, "Умер актер Сергей Колесов", FLOOD_TEXT[:40], published_at=week)) is None
    assert continued(index, written(5, VOTE, VOTE_TEXT, published_at=NOON - timedelta(days=7))) is None


def test_of_several_the_latest_is_continued() -> None:
    closed = [written(n, FLOOD, FLOOD_TEXT, published_at=NOON + (n - 1) * timedelta(days=4)) for n in (1, 2)]
    late = written(3, FLOOD, FLOOD_TEXT, published_at=NOON + timedelta(days=8))
    assert continued(index_of(*closed), late) == 2


@pytest.mark.parametrize("then", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_story_at_an_end_of_the_calendar_takes_articles_too(then: datetime) -> None:
    index = index_of(written(1, FLOOD, FLOOD_TEXT, published_at=then))
    assert found(index, written(2, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT, published_at=then)) == 1


def test_a_story_is_judged_by_all_its_articles_not_by_its_nearest() -> None:
    unlike = [written(n, VOTE, VOTE_TEXT, story_id=1) for n in range(2, 6)]
    index = index_of(written(1, FLOOD, FLOOD_TEXT), *unlike)
    assert found(index, written(9, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) is None


def test_adding_an_article_again_replaces_it() -> None:
    index = index_of(written(1, FLOOD, FLOOD_TEXT), written(1, VOTE, VOTE_TEXT))
    assert len(index) == 1
    assert found(index, written(2, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) is None


def test_forgetting_leaves_nothing_of_what_is_forgotten() -> None:
    old = written(1, FLOOD, FLOOD_TEXT, published_at=NOON - HOUR)
    index = index_of(old, written(2, VOTE, VOTE_TEXT))
    index.forget_before(NOON)
    assert len(index) == 1
    assert found(index, written(3, FLOOD_ELSEWHERE, FLOOD_ELSEWHERE_TEXT)) is None
    assert found(index, written(4, VOTE, VOTE_TEXT)) == 2
    index.forget_before(NOON + HOUR)
    empty = StoryIndex()
    assert weight_of(index) == weight_of(empty)


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


def test_english_articles_are_joined_too() -> None:
    one = written(
        1,
        "Dam bursts near Derby, hundreds evacuated",
        "A dam above the town of Duffield burst on Monday morning, flooding forty homes. Hundreds of residents moved"
        " to a school, Derbyshire fire service said. Engineers are pumping water from the reservoir.",
        language="en",
    )
    other = written(
        2,
        "Hundreds moved from homes as Derby dam bursts",
        "Hundreds of people left their homes in Duffield after a dam burst on Monday. Forty homes were flooded, the"
        " Derbyshire fire service said, and engineers started pumping water from the reservoir.",
        language="en",
    )
    assert found(index_of(one), other) == 1


@pytest.mark.timeout(5)
def test_a_headline_of_any_length_is_read() -> None:
    index = index_of(written(1, " " * 20_000, FLOOD_TEXT), written(2, "А" * 20_000), written(3, "слово " * 5_000))
    assert found(index, written(4, "слово " * 5_000)) == 3


words = st.sampled_from([*FLOOD_TEXT.split(), *VOTE_TEXT.split(), "", "…", "8", "<b>", "\n"])
texts = st.lists(words, max_size=40).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=8), texts, texts)
def test_whatever_the_articles_hold_the_answer_is_a_known_story_and_always_the_same(known, title, text) -> None:
    articles = [written(n, *words) for n, words in enumerate(known, 1)]
    answers = {found(index_of(*articles), written(99, title, text)) for _ in range(2)}
    assert len(answers) == 1
    assert answers <= {None, *(article.story_id for article in articles)}


@pytest.mark.skipif(not PAIRS.exists(), reason="the annotated pairs are not beside the checkout")
def test_annotated_pairs_are_found_with_precision_and_recall_above_85_percent() -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    outcomes = []
    for pair in pairs:
        one, other = (written(n, pair[side]["title"], pair[side]["text"]) for n, side in ((1, "first"), (2, "second")))
        outcomes.append((found(index_of(one), other) == 1, pair["same"]))
    both = sum(joined and same for joined, same in outcomes)
    assert both / sum(joined for joined, _ in outcomes) >= 0.85
    assert both / sum(same for _, same in outcomes) >= 0.85
