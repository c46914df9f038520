"""Urgent marks are told from the same words used in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importance import is_urgent


@pytest.mark.parametrize(
    "title",
    [
        "Срочно: в Москве введён режим ЧС",
        "СРОЧНО! Землетрясение в Турции",
        "СРОЧНО Землетрясение в Турции",
        "Срочно. Путин объявил перемирие",
        "[Срочно] Взрыв в метро",
        "«Срочно»: взрыв в метро",
        "#срочно | Взрыв в метро",
        "Срочно — Взрыв в метро",
        "Срочная новость: суд отпустил фигуранта",
        "МОЛНИЯ! Умер Иван Петров",
        "Молния: Россия и США договорились",
        "⚡ Перемирие в Алеппо",
        "⚡️⚡️ Перемирие в Алеппо",
        "❗️⚡ Перемирие в Алеппо",
        "BREAKING: ceasefire agreed in Geneva",
        "Breaking news: ceasefire agreed in Geneva",
        "BREAKING NEWS Ceasefire agreed in Geneva",
        "BREAKING - Ceasefire agreed",
        "СРОЧНО",
    ],
)
def test_a_mark_before_the_headline_is_urgent(title: str) -> None:
    assert is_urgent(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Срочно нужны доноры крови",
        "СРОЧНО НУЖНЫ ДОНОРЫ КРОВИ",
        "Больнице срочно нужны доноры: список",
        "Срочнослужащим: что изменится с осени",
        "Молния ударила в храм под Тулой",
        "Молния: что делать, если гроза застала в поле",
        "Молния — Спартак, 2:1",
        "МОЛНИЯ УБИЛА ТРОИХ РЫБАКОВ",
        "Зеленский срочно вылетел в Берлин — Срочно: подробности",
        "Breaking Bad returns to the screen",
        "Breaking the silence: victims speak",
        "BREAKING THE SILENCE",
        "Россия готова преодолевать кризис в Алеппо вместе с США",
        "Цена на электричество ⚡ выросла",
    ],
)
def test_the_same_words_in_a_sentence_are_not(title: str) -> None:
    assert not is_urgent(title)


@given(st.text(max_size=200))
def test_any_title_gets_an_answer(title: str) -> None:
    assert is_urgent(title) in {True, False}
