"""What people write to follow something, and what of the news it finds: Russian, Ukrainian, English."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.language import Document
from bot.topics import Matcher, parse

RUSSIAN = {
    "syria": (
        "Де Мистура назвал дату переговоров по Сирии",
        "Спецпосланник ООН Стаффан де Мистура заявил в Женеве, что боевики «Джебхат ан-Нусры» покинут восточный "
        "Алеппо. Министр иностранных дел С. В. Лавров обсудил это с Джоном Керри. Башшар Асад согласен. В МИД’е "
        "довольны, в МИДах соседей — нет. Экс-премьер Турции против.",
    ),
    "economy": (
        "ЦБ сохранил ключевую ставку",
        "Курс доллара вырос на 2,5 процента. Санкт-Петербургский завод «Ёлка» увольняет рабочих. Газета «Труд» "
        "пишет о труде шахтёров Ростова-на-Дону. Цены на нефть марки Brent упали из-за COVID-19. Рабочие стали "
        "бастовать 1 мая.",
    ),
    "defence": (
        "Т-90М и Су-35С показали на форуме «Армия-2026»",
        "ВСУ получили F-16. Минобороны сообщило о 3-й танковой бригаде. Военкор «Комсомольской правды» погиб. "
        "«Аль-Каида» взяла ответственность. Российско-украинские переговоры сорваны. Тереза Мэй ушла в отставку.",
    ),
}
UKRAINIAN = {
    "talks": (
        "Зеленський провів переговори у Києві",
        "Президент України обговорив із міністрами переговорами здобуту угоду. Об’єднання громад підтримало "
        "вибори. У ЗСУ заявили про відбиті атаки. Виборами опікується ЦВК. Ціни на хліб зросли в Одесі.",
    ),
}
ENGLISH = {
    "talks": (
        "Syria peace talks resume in Geneva",
        "Russia's foreign minister Sergei Lavrov met Secretary of State John Kerry. The two countries agreed on a"
        " ceasefire. U.N. envoy Staffan de Mistura welcomed it. O’Brien's report on children was published. Wars "
        "ended.",
    ),
}
TEXTS = {
    **{f"ru {name}": (*text, "ru") for name, text in RUSSIAN.items()},
    **{f"uk {name}": (*text, "uk") for name, text in UKRAINIAN.items()},
    **{f"en {name}": (*text, "en") for name, text in ENGLISH.items()},
}

FINDS = {
    "ru syria": """
        сирия | Сирии | СИРИЮ | сирией | алеппо | женева | в Женеве | женеву | де мистура | мистура | Мистуры
        мистуре
        Де Мистурой | стаффан де мистура | "де мистура" | "Стаффана де Мистуры" | переговоры | переговоров дата
        дата переговоры сирия | "переговоры по сирии" | "дата переговоров" | назвать | боевик | боевиками
        восточный
        "восточный алеппо" | "восточного Алеппо" | джебхат | нусра | ан-нусра | Ан-Нусре | "джебхат ан-нусра"
        "Джебхат-ан Нусра" | "джебхат ан нусра" | «Джебхат аль-Нусра» | "джебхат-ан-нусра" | лавров | лаврова
        "Лавров обсудил" | керри | "Джон Керри" | джоном | мид | МИДа | МИДом | "довольны в мид" | оон | асад
        башар асад | "Башар Асад" | "башшара асада" | экс-премьер | экс-премьера | премьер | "экс премьер" | турция
        спецпосланник | "министр иностранных дел" | "министра иностранных дел" | министр дело | сирия -футбол
        сирия -"чемпионат мира" | сирия -title:футбол | title:сирия | заголовок:сирия | title:"де мистура"
        title:(сирия дата) | title:(ирак \\| сирия) | (ирак \\| сирия) переговоры | ирак \\| сирия | ирак OR сирия
        ирак ИЛИ сирия | =Женеве | =Керри | ="Джоном Керри" | =ООН | section:политика | раздел:Политика
        рубрика:политика сирия | author:шевцов | автор:Шевцова | author:"олег шевцов" | source:труд | источник:труд
        source:=Труд | section:политика author:шевцов женева | -футбол сирия | сирия -(футбол \\| хоккей)
        """,
    "ru economy": """
        доллар | доллары | курс доллара | "курс доллара" | 2,5 | "2,5 процента" | цб | ЦБ ставка | ключевая ставка
        "ключевая ставка" | ставкой | елка | ёлка | Ёлки | «Ёлка» | труд | =Труд | =труде | "газета труд" | шахтер
        шахтёры | ростов-на-дону | Ростове-на-Дону | "ростов на дону" | ростов | санкт-петербургский | петербургский
        "цены на нефть" | цена нефть | цены на нефть | "нефть марки brent" | Brent | brent | covid | covid-19
        COVID19
        "covid 19" | сталь | стать | рабочие | рабочий | бастовать | 1 мая | "1 мая" | ="Труд"
        """,
    "ru defence": """
        т-90м | Т-90М | "т 90м" | су-35с | Су-35С | "су 35с" | армия | армия-2026 | "армия 2026" | всу | ВСУ
        f-16 | F-16
        "f 16" | 3-й | "3-й танковой" | минобороны | военкор | военкоры | "комсомольская правда" | аль-каида
        Аль-Каиды | алькаида | "аль каида" | эль-каида | российско-украинский | "российско-украинские переговоры"
        украинский | мэй | Мей | "тереза мей" | Терезы Мэй | "уйти в отставку"
        """,
    "uk talks": """
        зеленський | Зеленського | переговори | переговорів | переговорами | вибори | виборів | виборами
        київ | Києва
        києві | україна | Україні | президент | об'єднання | об’єднання громад | "об'єднання громад" | зсу
        ЗСУ | цвк
        ціни хліб | "ціни на хліб" | одеса | одесою | міністр | атака | title:переговори | угода -футбол
        """,
    "en talks": """
        syria | Syria talk | "peace talk" | talks | geneva | GENEVA | lavrov | "Sergei Lavrov" | russia
        "foreign ministers"
        kerry | country | countries | agree | meet | war | child | children | "staffan de mistura" | o'brien
        O’Brien
        envoy welcome | title:geneva | (iran \\| syria) ceasefire | syria -football | =Geneva | "secretary of state"
        """,
}
MISSES = {
    "ru syria": """
        сирийка | ирак | "сирия переговоры" | "мистура де" | "джебхат лавров" | премьер-лига | вице-премьер | посол
        после посол | title:женева | title:(сирия женева) | title:керри | =женеве | =Женева | ="джоном керри"
        =асад
        section:экономика | section:сирия | author:лавров | source:ведомости | политика | сирия -женева | сирия -де
        сирия -(футбол \\| лавров) | сирия -title:переговоры | сирия -section:политика | сирия -"де мистура"
        "дел иностранных" | (ирак \\| иран) сирия | ирак \\| иран | сир | али | нус | керр | лавровый
        -алеппо сирия
        сирия ирак | =лавров | =Премьер | "алеппо джон"
        """,
    "ru economy": """
        =ТРУД | шахта | долларовый | евро | "нефть на цены" | петербург-сити | москва-на-дону | трудный | ел
        covid-20
        2,6 | 5 | "1 июня" | стальной | =ёлками | ="газета Труд" | title:нефть | донор
        """,
    "ru defence": """
        т-72 | су-34 | f-15 | всуе | каир | мэйл | армия-2025 | правда-матка | 4-й | =всу | украина | россия
        """,
    "uk talks": "зеленка | переговорний | вибух | росія | title:вибори | київський | од | =зеленський | львів",
    "en talks": """
        syrian | talkative | warm | "talks peace" | title:kerry | =geneva | iran | syria -geneva | rus | chile | lavrova
        """,
}


def _cases(table: dict[str, str]) -> list[tuple[str, str]]:
    """(text, query): queries stand a bar or a line apart, `\\|` is the operator."""
    return [
        (name, query.strip().replace("\0", "|"))
        for name, rows in table.items()
        for query in rows.replace("\\|", "\0").replace("\n", "|").split("|")
        if query.strip()
    ]


def _matches(name: str, query: str, document: Callable[..., Document]) -> bool:
    title, text, language = TEXTS[name]
    article = document(title, text, language=language, lead="", section="Политика", author="Олег Шевцов", source="Труд")
    matcher = Matcher()
    matcher.add(1, parse(query))
    return bool(matcher.label(article))


@pytest.mark.parametrize(("name", "query"), _cases(FINDS))
def test_a_query_finds(name: str, query: str, document: Callable[..., Document]) -> None:
    assert _matches(name, query, document)


@pytest.mark.parametrize(("name", "query"), _cases(MISSES))
def test_a_query_does_not_find(name: str, query: str, document: Callable[..., Document]) -> None:
    assert not _matches(name, query, document)
