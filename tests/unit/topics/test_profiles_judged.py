"""Syria, Ukraine and diplomacy by headlines alone, in three languages: what each profile must tell apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.language import Document
from bot.topics import label

IDS = {slug: place for place, slug in enumerate(("syria", "ukraine", "diplomacy"), start=1)}
SLUGS = {place: slug for slug, place in IDS.items()}

Maker = Callable[..., Document]


def _slugs(document: Document) -> set[str]:
    return {SLUGS[one.topic_id] for one in label(document, IDS)}


SYRIA = [
    "Повстанцы заняли Серакиб и идут на Хомс",
    "Над Хмеймимом сбили беспилотники",
    "Курды оставили Африн",
    "В Сувейде схлестнулись друзы и бедуины",
    "Эксперты ОЗХО закончили работу в Думе",
    "Алавиты бегут с побережья",
    "«Хайят Тахрир аш-Шам» объявила о роспуске",
    "В провинции Хама упал вертолёт",
    "Rebels advance on Homs as army pulls back",
    "Airstrikes hit Idlib market",
    "Повстанці увійшли в Алеппо",
]
UKRAINE = [
    "Мэр Кривого Рога рассказал об отоплении",
    "Тариф поднимут на три гривны",
    "Расход составил 4 млн грн",
    "ТЦК получит доступ к реестру",
    "Нардепы перешли на удалённую работу",
    "На Крещатике зажгли ёлку",
    "Верующим УПЦ вернули храм",
    "Полк «Азов» сменил командира",
    "Ночью над Курском сбили 20 беспилотников",
    "Жителей Шебекино вывозят из-под обстрела",
    "Референдум о статусе Крыма назначили на март",
    "Kharkiv without power after drone strikes",
    "Parliament in Kyiv passes budget",
    "У Харкові пролунали вибухи",
    "Верховна Рада ухвалила бюджет",
]
DIPLOMACY = [
    "Лукашенко поздравил Токаева",
    "Макрон позвонил Си Цзиньпину",
    "Осло выслало двух россиян, Москва обещает ответ",
    "Дания обиделась на Трампа из-за Гренландии",
    "Словения признала Палестину",
    "ШОС приняла декларацию и призвала к диалогу",
    "Россия вышла из ДРСМД",
    "Великобритания запретила въезд российским чиновникам",
    "Йеллен прилетела в Пекин: США и Китай обсудят пошлины",
    "Анкара отзывает посла из Тель-Авива",
    "Песков: Кремль ждёт ответа Вашингтона",
    "Venezuela expels EU ambassador",
    "Norway recognises Palestine",
    "India and Pakistan resume talks",
    "Польща вислала російського дипломата",
    "Байден закликав Китай до діалогу",
]
BOTH = [
    ("Путин и Эрдоган обсудили Идлиб", {"syria", "diplomacy"}),
    ("ООН созывает переговоры по Сирии в Женеве", {"syria", "diplomacy"}),
    ("Зеленский попросил у Шольца ракеты", {"ukraine", "diplomacy"}),
    ("ЕС продлил санкции против Крыма", {"ukraine", "diplomacy"}),
    ("Лавров: минские соглашения надо выполнять", {"ukraine", "diplomacy"}),
    ("Zelensky meets Macron to discuss weapons", {"ukraine", "diplomacy"}),
    ("МЗС України викликало посла Угорщини", {"ukraine", "diplomacy"}),
]
NEITHER = [
    # fighters, refugees and names elsewhere
    "Дизайнер флагов ИГИЛ арестован в Индии",
    "Суд в Гамбурге приговорил сирийского беженца",
    "Сирийский салат: рецепт",
    "Полковник Захарченко получил новый срок",
    "В Днепродзержинской улице",
    # Crimea by its daily life
    "В Крыму открыли три санатория для крымчан",
    "Крымские виноделы ждут большого урожая",
    "В Крыму туристам вернули деньги за путёвки",
    "Крымские татары отметили Навруз",
    # sport and show business
    "«Зенит» сыграет с «Динамо» в Киеве",
    "В Харькове прошёл кубок по кикбоксингу",
    "Украинское шоу талантов: названы финалисты и певица года",
    "Kyiv-born boxer retains title",
    # what states do at home, and what is no state's
    "Секретарь Совета безопасности России сменил заместителя",
    "Трамп назвал расследование мошенничеством",
    "Прокат автомобилей: китайские кроссоверы идут в Европу",
    "Посольство: среди пострадавших в ДТП есть туристы",
    "Рейс из Минска в Ереван отменили",
    "Немецкий концерн отзывает машины из Китая",
    "ХАМАС и Израиль обменялись ударами",
    "Пас вратаря решил игру",
    "Диалог культур: новая выставка картин",
    "Chelsea agree deal for Brazilian striker",
    "Police in London arrest three over robbery",
    "Поліція Лондона затримала грабіжника",
    "Рада безпеки дорожнього руху",
]


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        *((title, {"syria"}) for title in SYRIA),
        *((title, {"ukraine"}) for title in UKRAINE),
        *((title, {"diplomacy"}) for title in DIPLOMACY),
        *BOTH,
        *((title, set[str]()) for title in NEITHER),
    ],
)
def test_a_headline_alone_tells_its_topics(title: str, topics: set[str], document: Maker) -> None:
    assert _slugs(document(title)) == topics


def test_hand_written_headlines_are_recognised(document: Maker) -> None:
    """The floor of bench/topics.py for each topic: it only rises."""
    lines = (Path(__file__).parent / "headlines.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if not line.startswith("#")]
    found = [_slugs(document(title, " ".join(text))) for _, title, *text in rows]
    for slug in IDS:
        both = [(slug[0].upper() in letters, slug in one) for (letters, *_), one in zip(rows, found, strict=True)]
        f1 = 2 * sum(a and b for a, b in both) / (sum(a for a, _ in both) + sum(b for _, b in both))
        assert f1 >= 0.96, slug


def test_isis_under_three_names_is_still_one_thing(document: Maker) -> None:
    text = "«Исламское государство» (ИГ, ИГИЛ) взяло на себя ответственность за взрыв в мечети Кветты."
    assert _slugs(document("ИГИЛ взяло ответственность за взрыв", text)) == set()


@pytest.mark.parametrize(
    "mark",
    [
        "«Азов» (террористическая организация, запрещена в РФ)",
        "ХТШ (запрещённая в России террористическая организация)",
        "Meta* (* признана экстремистской организацией, сирийское отделение запрещено в РФ)",
    ],
)
def test_what_a_legal_mark_says_is_no_evidence(mark: str, document: Maker) -> None:
    assert "diplomacy" not in _slugs(document(f"Суд оштрафовал магазин за символику {mark}"))


@pytest.mark.parametrize(
    "dateline", ["МОСКВА, 10 авг — РИА Новости. ", "Москва. 12 ноября. INTERFAX.RU - ", "ВАШИНГТОН, 5 мая /ТАСС/. "]
)
def test_where_an_agency_wrote_is_no_party_to_what_it_tells(dateline: str, document: Maker) -> None:
    text = "Власти Йемена призвали жителей не покидать дома и пообещали открыть две больницы."
    assert _slugs(document("Больницы откроют к осени", dateline + text)) == set()


def test_where_an_agency_wrote_still_tells_of_the_country(document: Maker) -> None:
    text = "ДОНЕЦК, 3 июл — РИА Новости. Два дома разрушены, сообщили в мэрии, пострадавших нет."
    assert _slugs(document("Два дома разрушены", text)) == {"ukraine"}


def test_a_ban_in_russia_is_nothing_between_states(document: Maker) -> None:
    text = "Йемен обвинил запрещённую в России группировку в поджоге рынка."
    assert _slugs(document("", text)) == set()


def test_a_section_can_speak_against_a_topic_but_not_for_it(document: Maker) -> None:
    assert _slugs(document("Киевляне вышли вперёд", section="Спорт")) == set()
    assert _slugs(document("Киевляне вышли на митинг", section="Политика")) == {"ukraine"}
    assert _slugs(document("Погода на неделю", section="Дипломатия")) == set()


OTHERS = "Соавторами документа были представители четырёх стран, среди них Беларусь, КНДР и Сирия. "
MORE = "Голосование прошло в среду вечером, итоги объявил секретариат."


@pytest.mark.parametrize(
    ("title", "text", "belongs"),
    [
        ("Проект резолюции отклонили", OTHERS + MORE, False),
        ("Проект резолюции отклонили", "Сирия была среди авторов документа. " + MORE, True),
        ("Проект резолюции по Сирии отклонили", OTHERS + MORE, True),
        ("Проект резолюции отклонили", OTHERS + "Сирийский дипломат назвал это ударом. " + MORE, True),
    ],
)
def test_one_word_far_into_a_lead_is_a_passing_mention(title: str, text: str, belongs: bool, document: Maker) -> None:
    assert ("syria" in _slugs(document(title, text))) is belongs


@pytest.mark.parametrize(
    ("title", "belongs"),
    [
        ("Финский президент едет к Путину", True),
        ("Германский канцлер позвонил в Кремль", True),
        ("Белорусская сторона отвергла обвинения Варшавы", True),
        ("Киргизия закрыла американскую базу", True),
        ("Немецкий концерн построит завод в Калуге", False),
        ("Финский суд приговорил россиянина к сроку", False),
        ("Посольство сообщило о россиянах на борту", False),
    ],
)
def test_an_adjective_is_a_party_by_its_office_or_what_it_owns(title: str, belongs: bool, document: Maker) -> None:
    assert ("diplomacy" in _slugs(document(title))) is belongs


@pytest.mark.parametrize(
    "title",
    [
        "Усик победил Чисору в Лондоне, украинец удержал пояс",
        "Свитолина вышла во второй круг «Ролан Гаррос», украинка отыгралась",
        "Пугачева опровергла развод: муж уехал сниматься на Украину",
        "На станции метро «Киевская» закроют вестибюль",
    ],
)
def test_athletes_stars_and_stations_are_not_ukraine(title: str, document: Maker) -> None:
    assert "ukraine" not in _slugs(document(title))


@pytest.mark.parametrize(
    ("text", "belongs"),
    [
        ("Министр иностранных дел Бельгии сломал ногу на лыжах", False),
        ("Лавров попал в больницу с простудой", False),
        ("Посольство России в Таиланде призвало россиян соблюдать осторожность", False),
        ("Министр иностранных дел Бельгии поговорил с коллегой из Марокко", True),
        ("Лавров потребовал объяснений", True),
        ("Госсекретарь США ушёл в отставку", True),
    ],
)
def test_an_official_alone_is_no_diplomacy_until_states_have_to_do_with_each_other(
    text: str, belongs: bool, document: Maker
) -> None:
    assert ("diplomacy" in _slugs(document(text=text))) is belongs


def test_two_states_far_apart_in_a_lead_need_not_have_to_do_with_each_other(document: Maker) -> None:
    between = "что летом в городе откроют школу, две библиотеки, большой парк, новый мост, вокзал и рынок"
    assert _slugs(document(text="Дания напомнила об этом Турции")) == {"diplomacy"}
    assert _slugs(document(text=f"Мэр приехал домой и напомнил, {between}, как это уже было в Дании и Турции")) == set()


def test_a_word_within_a_name_of_the_topic_does_not_speak_against_it(document: Maker) -> None:
    assert _slugs(document("Суд в Гааге выдал ордер на арест Нетаньяху")) == {"diplomacy"}
