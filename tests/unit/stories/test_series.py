"""What comes again every day in the same words makes a story each time."""

import pytest

from tests.unit.stories.articles import NOON, found, index_of, written

WEATHER = (
    "Синоптики ожидают облачную погоду, ночью возможен мокрый снег, ветер северный, на дорогах гололедица местами."
)
RATES = (
    "Официальный курс доллара США, установленный Банком России, составит {} рубля, курс евро составит {} рубля."
    " Торги на бирже завершились, аналитики ждут колебаний в пределах рубля до конца недели, пишет деловая газета."
)
CASES = (
    "За сутки в Воронежской области лабораторно подтвердили новые случаи гриппа, заболели {} человек. Скончался {}"
    " пациент. Оперативный штаб напоминает о масках и просит пожилых оставаться дома, больницы готовы."
)
HOROSCOPE = (
    "Астролог рассказала, чего ждать знакам зодиака. Овнам звезды советуют беречь силы, Тельцам помогут друзья,"
    " Близнецов ждет неожиданная встреча, Ракам стоит отложить покупки, а Львам пора заняться здоровьем."
)
LOTTERY = (
    "Организаторы подвели итоги тиража, в барабан загрузили девяносто бочонков, ведущий поздравил победителей."
    " Проверить билет можно на сайте и в пунктах продажи, выплата выигрышей начнется на следующий день."
)
FOOTBALL = (
    "Матч прошел на переполненном стадионе, судья показал две желтые карточки, тренеры провели замены после перерыва."
    " Команды набрали очки в турнирной таблице, следующий тур пройдет через неделю."
)
SO_FAR = (
    "Собрали главное к этому часу: заявления политиков, сводки ведомств, мнения экспертов и реакцию зарубежных стран."
    " Редакция следит за развитием событий и дополняет материал."
)

SERIES = [
    ("Прогноз погоды на 8 ноября", "Прогноз погоды на 18 ноября", WEATHER, WEATHER),
    ("Прогноз погоды на 8 ноября", "Прогноз погоды на 8 декабря", WEATHER, WEATHER),
    ("Завтра в Саратове ожидается сильный дождь", "Завтра в Белгороде ожидается сильный дождь", WEATHER, WEATHER),
    ("За сутки в области выявили 56 случаев гриппа", "За сутки в области выявили 61 случай гриппа", WEATHER, WEATHER),
    ("Forecast for 8 November in Leeds", "Forecast for 9 November in Leeds", WEATHER, WEATHER),
    (
        "Курс доллара на 24 ноября составит 92,15 рубля",
        "Курс доллара на 25 ноября составит 93,02 рубля",
        RATES.format("92,15", "99,80"),
        RATES.format("93,02", "100,10"),
    ),
    (
        "В Воронежской области зарегистрирована 11-я смерть от гриппа",
        "В Воронежской области зарегистрирована 12-я смерть от гриппа",
        CASES.format(56, "11-й"),
        CASES.format(61, "12-й"),
    ),
    ("Гороскоп на 24 ноября", "Гороскоп на 25 ноября", HOROSCOPE, HOROSCOPE),
    ("Гороскоп на понедельник для всех знаков", "Гороскоп на вторник для всех знаков", HOROSCOPE, HOROSCOPE),
    ("«Русское лото»: результаты 1540 тиража", "«Русское лото»: результаты 1541 тиража", LOTTERY, LOTTERY),
    ("«Зенит» обыграл «Спартак» со счетом 2:1", "«Локомотив» обыграл «Динамо» со счетом 3:0", FOOTBALL, FOOTBALL),
    (
        "Что известно к этому часу о взрыве в Керчи",
        "Что известно к этому часу о пожаре в Перми",
        SO_FAR,
        SO_FAR,
    ),
]


@pytest.mark.parametrize(("one", "other", "text", "other_text"), SERIES)
def test_another_day_place_or_number_is_another_story(one: str, other: str, text: str, other_text: str) -> None:
    assert found(index_of(written(1, one, text)), written(2, other, other_text)) is None
    assert found(index_of(written(1, one)), written(2, other)) is None


@pytest.mark.parametrize(("one", "other", "text", "other_text"), SERIES)
def test_yet_the_same_one_from_elsewhere_joins(one: str, other: str, text: str, other_text: str) -> None:
    index = index_of(written(1, one, text), written(2, other, other_text))
    assert found(index, written(3, other, f"МОСКВА, 24 ноября. /ТАСС/. {other_text}")) == 2


def test_where_each_headline_has_a_name_of_its_own_it_takes_more_to_be_one_event() -> None:
    """Two volcanoes erupt alike; that one account leaves out a name means little."""
    text = "Вулкан выбросил столб пепла на высоту {} километров, сообщили сейсмологи. Опасности для поселков нет."
    known = written(1, "Вулкан Карымский на Камчатке выбросил пепел", "Карымский проснулся утром. " + text.format(5))
    other = written(2, "На Курилах вулкан Эбеко выбросил столб пепла", "Эбеко виден с моря. " + text.format(3))
    same = written(3, "На Камчатке вулкан выбросил столб пепла", text.format(5))
    assert found(index_of(known), other) is None
    assert found(index_of(known), same) == 1


def test_where_each_headline_has_a_number_of_its_own_it_takes_more_to_be_one_event() -> None:
    text = "Житель Воронежской области скончался от гриппа в больнице, сообщил оперативный штаб региона."
    other_text = (
        "В больнице Воронежа скончался от гриппа пожилой пациент с хроническими болезнями, рассказали в региональном"
        " минздраве. Врачи советуют жителям области сделать прививку."
    )
    known = written(1, "В Воронежской области зарегистрирована 11-я смерть от гриппа", text)
    other = written(2, "Грипп в Воронеже: скончался 12-й пациент", other_text)
    same = written(3, "Грипп в Воронеже: скончался пациент", other_text)
    assert found(index_of(known), other) is None
    assert found(index_of(known), same) == 1


def test_the_days_of_one_series_stay_apart_in_a_stream() -> None:
    days = [written(day, f"Гороскоп на {day} ноября", HOROSCOPE, published_at=NOON) for day in range(1, 11)]
    for day, article in enumerate(days):
        assert found(index_of(*days[:day]), article) is None
