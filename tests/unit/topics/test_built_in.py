"""Built-in topics: what belongs, what only looks like it, how they are called, and how profiles are checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.language import Document
from bot.model import Reason
from bot.topics import BUILT_IN, find_built_in, label, names
from bot.topics.profile import load

SHARED = Path(__file__).parents[3].parent / "shared"
IDS = {slug: place for place, slug in enumerate(("main", "syria", "ukraine", "diplomacy"), start=1)}
"""Without the topics that overlap with these three; test_profiles.py has those."""

Maker = Callable[..., Document]


def _slugs(document: Document) -> set[str]:
    by_id = {topic_id: slug for slug, topic_id in IDS.items()}
    return {by_id[one.topic_id] for one in label(document, IDS)} - {"main"}


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Сирийские войска освободили Манбидж", {"syria"}),
        ("Боевики «Джебхат-ан Нусры» отступили из Хамы", {"syria"}),
        ("Башар Асад выступил перед парламентом", {"syria"}),
        ("В Идлибе возобновились бои", {"syria"}),
        ("В Сумах прорвало трубу", {"ukraine"}),
        ("Во Львове прошёл митинг", {"ukraine"}),
        ("Верховная рада приняла бюджет", {"ukraine"}),
        ("Бои под Донецком", {"ukraine"}),
        ("Посол Украины вызван в МИД Польши", {"ukraine", "diplomacy"}),
        ("США признали Крым частью Украины", {"ukraine", "diplomacy"}),
        ("Россия выслала двух дипломатов Эстонии", {"diplomacy"}),
        ("Лавров и Блинкен встретились в Женеве", {"diplomacy"}),
        ("Russia and US agree on sanctions relief", {"diplomacy"}),
        ("Syria peace talks resume in Geneva", {"syria", "diplomacy"}),
        ("Ukrainian army leaves Avdiivka", {"ukraine"}),
        ("Закиев выиграл заезд в Казани", set()),
        ("Дамасскую улицу закроют на ремонт до весны", set()),
        ("Сирийские хомяки стали самыми популярными питомцами года", set()),
        ("Улица Киевская в Самаре станет пешеходной", set()),
        ("Украинскую кухню представили на фестивале в Туле", set()),
        ("Харьковский завод остановлен после обстрела", {"ukraine"}),
        ("Рынок в сирийском Идлибе обстреляли", {"syria"}),
        ("Посолите воду и варите пельмени", set()),
        ("Раджендра Прасад рассказал о книге", set()),
        ("«Динамо» Киев обыграло «Шахтёр» в матче чемпионата Украины", set()),
        ("Динамо Киев сыграло вничью в Лиге чемпионов", set()),
        ("Выставка львов открылась в зоопарке", set()),
        ("Хамы в метро мешают пассажирам", set()),
        ("Переговоры о слиянии банков завершены", set()),
        ("Госдума приняла закон о пенсиях", set()),
        ("Украинская правда сообщила о курсе доллара", set()),
        ("В Севастополе открыли детский сад", set()),
        ("После дождя стали видны звёзды", set()),
        ("Лавровый лист помогает от простуды", set()),
        ("ИГ (запрещена в РФ) взяло ответственность за теракт в Кабуле", set()),
        ("Шахтёры Кузбасса начали переговоры с руководством", set()),
        ("", set()),
    ],
)
def test_titles_belong_to_what_they_are_about(title: str, topics: set[str], document: Maker) -> None:
    assert _slugs(document(title)) == topics


def test_a_passing_mention_is_not_the_topic(document: Maker) -> None:
    text = "Завод выпустил первую партию станков для мебельных фабрик. " * 10
    assert (
        _slugs(document("В Рязани открылся новый завод", text + "Директор раньше работал в Киеве и в Сирии. " + text))
        == set()
    )


def test_an_actor_born_in_kiev_is_not_ukraine(document: Maker) -> None:
    text = "Актёр, родившийся в Киеве, снялся в новом фильме. Режиссёр доволен: фильм покажут в мае."
    assert _slugs(document("Иван Иванов сыграл в сериале", text)) == set()


def test_the_main_topic_is_every_article_s(document: Maker) -> None:
    (evidence,) = label(document("Погода в Рязани"), IDS)
    assert (evidence.topic_id, evidence.score) == (IDS["main"], 1.0)


def test_only_topics_with_an_id_are_given(document: Maker) -> None:
    assert [one.topic_id for one in label(document("Бои в Сирии"), {"syria": 5, "unheard": 6})] == [5]


def test_the_evidence_shows_the_words_as_they_stand_in_order_of_place(document: Maker) -> None:
    (_, evidence) = label(document("Бои в Алеппо", "Сирийская армия идёт к Идлибу.", lead="Дамаск ждёт"), IDS)
    assert evidence.because == (
        Reason("topic_title", {"words": "Алеппо"}),
        Reason("topic_lead", {"words": "Дамаск"}),
        Reason("topic_text", {"words": "Сирийская, Идлибу"}),
    )
    assert 0.5 < evidence.score <= 1.0


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not beside the checkout")
def test_the_seed_article_is_syria_and_diplomacy(document: Maker) -> None:
    lines = [
        line for line in (SHARED / "seed" / "trud-article.txt").read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    teasers = next(place for place, line in enumerate(lines) if line.startswith("Экс-премьер РФ"))
    assert _slugs(document(lines[1], "\n".join(lines[4:teasers]), lead=lines[2])) == {"syria", "diplomacy"}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not beside the checkout")
@pytest.mark.parametrize(("title_alone", "floor"), [(False, 0.93), (True, 0.89)])
def test_the_development_items_are_recognised(title_alone: bool, floor: float, document: Maker) -> None:
    """The floors of bench/topics.py for each topic: they only rise."""
    lines = (SHARED / "data" / "topics_dev.jsonl").read_text(encoding="utf-8").splitlines()
    items = [item for item in map(json.loads, lines) if item["title"] or not title_alone]
    found = [_slugs(document(item["title"], "" if title_alone else item["text"])) for item in items]
    for slug in ("syria", "ukraine", "diplomacy"):
        rows = [(item["labels"][slug], slug in one) for item, one in zip(items, found, strict=True)]
        f1 = 2 * sum(a and b for a, b in rows) / (sum(a for a, _ in rows) + sum(b for _, b in rows))
        assert f1 >= floor, slug


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Сирия", "syria"),
        ("сирии", "syria"),
        ("#сирия", "syria"),
        ("СИРИЮ", "syria"),
        ("syria", "syria"),
        ("Syria!", "syria"),
        ("война в сирии", "syria"),
        ("Украиной", "ukraine"),
        ("ukraine", "ukraine"),
        ("війна", None),
        ("Україна", "ukraine"),
        ("дипломатии", "diplomacy"),
        ("Diplomacy", "diplomacy"),
        ("#Международные_отношения", "diplomacy"),
        ("главное", "main"),
        ("«Главное»", "main"),
        ("top news", "main"),
        ("main", "main"),
        ("сирия война", None),
        ("погода", None),
        ("", None),
        ("#", None),
    ],
)
def test_a_built_in_topic_is_found_by_its_names(words: str, slug: str | None) -> None:
    assert find_built_in(words) == slug


@pytest.mark.parametrize("slug", BUILT_IN)
def test_every_name_leads_to_its_topic(slug: str) -> None:
    for language in ("ru", "en"):
        assert all(find_built_in(name) == slug for name in names(slug, language))


def test_the_first_name_is_the_menu_s_and_other_languages_read_english() -> None:
    assert (names("main", "ru")[0], names("main", "en")[0]) == ("Главное", "Top news")
    assert names("syria", "ru")[0] == "Сирия"
    assert names("syria", "de") == names("syria", "en")


@given(text=st.text(max_size=120))
def test_no_text_breaks_the_built_in_topics(text: str, document: Maker) -> None:
    assert label(document(text, text), IDS)
    find_built_in(text)


NAMES = '[names]\nru = ["Тема"]\nen = ["Topic"]\n'


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[names", "profile test: "),
        ('[names]\nru = ["Тема"]', "names.en must be a list of names"),
        (NAMES + "[odd]", "unknown field 'odd'"),
        ("threshold = 0\n" + NAMES, "threshold must be a number over 0, at most 1"),
        (NAMES + "[places]\ntitle = 1.0", "places must have title, lead and body"),
        (NAMES + '[[evidence]]\nweight = 2\nwords = ["а"]', "evidence[0].weight must be a number over 0, at most 1"),
        (NAMES + '[[evidence]]\nweight = 0.5\nwords = "а"', "evidence[0].words must be a list of words"),
        (NAMES + '[[evidence]]\nweight = 0.5\nwords = [" "]', "evidence[0].words has an empty word"),
        (NAMES + '[[evidence]]\nweight = 0.5\nlist = "нет"', "evidence[0].list names no list of the vocabulary"),
        (NAMES + '[[evidence]]\nword = ["а"]', "evidence[0] must have weight and words, or weight and list"),
        (NAMES + '[groups]\ng = "а"', "groups.g must be a list of words or a table of lists"),
        (NAMES + "[[together]]\nweight = 0.5", "together[0] must have weight and needs"),
        (NAMES + '[[phrases]]\ngroup = "g"', "phrases[0] must have group, first and second"),
        (
            NAMES + '[[phrases]]\ngroup = "g"\nfirst = "g"\nsecond = "h"\n[groups]\ng = ["a"]',
            "phrases[0] names the unknown group 'h'",
        ),
        (NAMES + "[[together]]\nweight = 0.5\nneeds = { g = 1 }", "together[0].needs names the unknown group 'g'"),
        (
            NAMES + '[groups]\ng = ["а"]\n[[together]]\nweight = 0.5\nneeds = { g = 0 }',
            "together[0].needs.g must be a whole number",
        ),
        (NAMES + "[[together]]\nweight = 0.5\nneeds = 1", "together[0].needs must be a table"),
        (
            NAMES + '[groups]\ng = ["а"]\n[[together]]\nweight = 0.5\nneeds = { g = 1 }\nwithin = 0',
            "together[0].within must be a whole number",
        ),
    ],
)
def test_a_wrong_profile_is_refused_with_its_field(toml: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(toml, "test", {})
    assert str(refused.value).startswith("profile test: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "notice",
    [
        "{} (террористическая организация, запрещена в Сирии и РФ) открыла счёт.",
        "{}* открыла счёт.\n* Организация запрещена на Украине и признана террористической в РФ",
        "Организация {}, признанная в России террористической, открыла счёт.",
        "Запрещённая в РФ организация {} открыла счёт.",
        "{} открыла счёт. НАСТОЯЩИЙ МАТЕРИАЛ ПРОИЗВЕДЁН ИНОСТРАННЫМ АГЕНТОМ, ДАМАСК, СИРИЯ, КИЕВ",
    ],
)
def test_a_legal_notice_is_no_evidence(document: Maker, notice: str) -> None:
    marked = document(title="Новый счёт", text=notice.format("«Заря»"))
    assert _slugs(marked) == set()
    words = {lemma for token in (*marked.title, *marked.lead, *marked.body) for lemma in token.lemmas}
    assert not words & {"запретить", "запрещенный", "россия", "рф", "признать", "террористический", "агент"}
