"""Sentence borders."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import sentences

SEED = Path(__file__).parents[3].parent / "shared" / "seed" / "trud-article.txt"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Он ушёл. Она осталась.", ["Он ушёл.", "Она осталась."]),
        ("Как дела? Хорошо! Да…", ["Как дела?", "Хорошо!", "Да…"]),
        ("Ушла «Ан-Нусра» (нет в РФ – прим. Труд), да. Всё.", ["Ушла «Ан-Нусра» (нет в РФ – прим. Труд), да.", "Всё."]),
        ("А. С. Пушкин родился в г. Москва. Потом уехал.", ["А. С. Пушкин родился в г. Москва.", "Потом уехал."]),
        ("Это сделал Ю. Ю. Шевчук. Потом ушёл.", ["Это сделал Ю. Ю. Шевчук.", "Потом ушёл."]),
        ("Завод им. Ленина стоит. Точка.", ["Завод им. Ленина стоит.", "Точка."]),
        ("Живёт на ул. Ленина. Рядом парк.", ["Живёт на ул. Ленина.", "Рядом парк."]),
        ("Потратили 5 млн руб. на дорогу. Много.", ["Потратили 5 млн руб. на дорогу.", "Много."]),
        ("Завод выпустил 5 млн. Потом встал.", ["Завод выпустил 5 млн.", "Потом встал."]),
        ("В 2016 г. Россия ушла.", ["В 2016 г. Россия ушла."]),
        ("Пришёл завтра (т. е. в среду). Ушёл.", ["Пришёл завтра (т. е. в среду).", "Ушёл."]),
        ("Хлеб, соль и т.д. Другие ушли.", ["Хлеб, соль и т.д.", "Другие ушли."]),
        ("«Мы готовы. Мы идём», - сказал он. И ушёл.", ["«Мы готовы. Мы идём», - сказал он.", "И ушёл."]),
        ("«Ура!» — крикнул он. Все ушли.", ["«Ура!» — крикнул он.", "Все ушли."]),
        ("(Он ушёл. Совсем.) Она осталась.", ["(Он ушёл. Совсем.)", "Она осталась."]),
        ('Он сказал: "Иду. Жди". И ушёл.', ['Он сказал: "Иду. Жди".', "И ушёл."]),
        ("Он не закрыл «кавычку. Потом ещё. И ещё.", ["Он не закрыл «кавычку.", "Потом ещё.", "И ещё."]),
        ("The U.S. president met Mr. Putin. They talked.", ["The U.S. president met Mr. Putin.", "They talked."]),
        ("Talks begin on Jan. 5 in Rome. Prof. Brown left.", ["Talks begin on Jan. 5 in Rome.", "Prof. Brown left."]),
        ("He came in Dec. She left.", ["He came in Dec.", "She left."]),
        ("Театр ім. Шевченка у м. Києві. Зачинено.", ["Театр ім. Шевченка у м. Києві.", "Зачинено."]),
        ("Це вул. Хрещатик. Далі 5 м. Потім кінець.", ["Це вул. Хрещатик.", "Далі 5 м.", "Потім кінець."]),
        ("Сплатили 5 млн грн. Це багато.", ["Сплатили 5 млн грн.", "Це багато."]),
        ("Ветер до 14 м/с. Ранее шёл дождь.", ["Ветер до 14 м/с.", "Ранее шёл дождь."]),
        ("Построен в 2020 г. В доме тепло.", ["Построен в 2020 г.", "В доме тепло."]),
        ("Писатель А. В. Иванов ушёл.", ["Писатель А. В. Иванов ушёл."]),
        ("Он сказал: «Это 5 м. В доме тепло», и ушёл.", ["Он сказал: «Это 5 м. В доме тепло», и ушёл."]),
        ("He lives in the U.S. He left.", ["He lives in the U.S.", "He left."]),
        ("Заголовок без точки\nТекст начался.", ["Заголовок без точки", "Текст начался."]),
        ("Строка перенесена\nпосреди слов. Конец.", ["Строка перенесена посреди слов.", "Конец."]),
        ("Абзац.\n\nдругой абзац.", ["Абзац.", "другой абзац."]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_sentences_end(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


@given(st.text(alphabet='аБв .!?«»"()-\n1г', max_size=80))
def test_nothing_but_space_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_lost_quote_does_not_hold_a_whole_article_together() -> None:
    assert len(sentences("Начал «тут. " + "Потом было ещё одно предложение. " * 50)) > 40


@pytest.mark.skipif(not SEED.exists(), reason="the shared data is not beside the checkout")
def test_no_sentence_of_the_seed_article_begins_or_ends_inside_brackets() -> None:
    text = SEED.read_text(encoding="utf-8").split("Экс-премьер РФ")[0]
    for sentence in sentences(text):
        assert sentence.count("(") == sentence.count(")"), sentence
