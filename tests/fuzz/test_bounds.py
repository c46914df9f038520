"""No article, however made, keeps the bot busy for long: every stage is bounded in what it reads."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot import importance, language, summaries, topics
from bot.model import Article, Coverage
from bot.stories import StoryIndex
from tests.fuzz.material import NOW

LENGTH = 100_000
"""Characters: the longest body that parsing lets through."""
SECONDS = 20
"""Of CPU, on a machine that is busy with other tests."""
IDS = {slug: number for number, slug in enumerate(topics.BUILT_IN, start=1)}
HOSTILE = {
    "one word": "а",
    "words": "слово ",
    "unknown words": "".join(f"абвг{n}дежз клмн{n}опрс " for n in range(5_000)),
    "names of a topic": "Сирия Дамаск Асад Алеппо Идлиб ",
    "capitals": "СРОЧНО МОЛНИЯ ",
    "hyphens": "аль-Асад-ан-Нусра-",
    "open quotes": "«",
    "quotes": '"а" ',
    "brackets": "((()",
    "stops": ". ",
    "initials": "А. Б. В. ",
    "abbreviations": "г. т. е. им. ул. ",
    "attributions": "Об этом сообщает агентство, сказал он, заявил он. ",
    "marks": "«Имя» (запрещена в РФ – прим. Труд) ",
    "numbers": "1 000 000,5% ",
    "line ends": "\n",
    "lines": "а\n",
    "combining": "е\u0301\u0308",
    "emoji": "👨‍👩‍👧‍👦🇷🇺",
    "tags": "<b><a href='x'>",
    "entities": "&amp;&lt;",
    "addresses": "http://a.b/c?d=e ",
    "English": "Mr. Smith's U.S. ",
    "Ukrainian": "Її ґанок є їжак ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_article_of_the_greatest_length_is_soon_judged(piece: str) -> None:
    text = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
    article = Article(
        source_id=1,
        key="1",
        url="https://a.b/1",
        title=text[:1_000],
        lead=text[:2_000],
        text=text,
        published_at=NOW,
        seen_at=NOW,
    )
    own = topics.Matcher()
    for number, query in enumerate(("сирия дамаск", '"слово слово"', "аль-асад | -а title:срочно", "=Имя"), start=100):
        own.add(number, topics.parse(query))
    began = time.process_time()
    document = language.analyse(article, "Труд")
    topics.label(document, IDS)
    own.label(document)
    index = StoryIndex()
    for number in (1, 2, 3):
        known = replace(article, id=number, story_id=1, url=f"https://a.b/{number}")
        weighed = index.weigh(known, document)
        index.find(weighed)
        index.add(known.id, known.story_id, weighed)
    importance.score([Coverage(title=article.title, owner="a", country="RU", published_at=NOW)], NOW)
    assert len(summaries.write(article, "Труд")) <= 400
    assert time.process_time() - began < SECONDS
