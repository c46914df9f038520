"""Words that nearly every text holds: nobody can follow them alone, and no index needs them."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS: Final = _words(
    """
    а без более бы был быть в вдоль ведь весь вместо вне во вот все всего вы где да даже для до его ее если есть еще же
    за здесь и из или им их к как какой ко когда который кто ли либо между меня мой мочь мы на над надо наш не него нее
    нет ни никто но ну о об один однако он она они оно от перед по под после потом потому почти при про ради раз с сам
    самый свой себя сквозь со так также такой там то тоже только тот ту тут ты у уже хотя чего чей чем через что чтобы
    чуть эта это этот я тогда теперь этого другой каждый именно всегда никогда ничто нибудь
    або але без би бо був бути в вже від він вона вони воно все всі де для до є ж за з зі і й його її їх із коли ми на
    над нас не немає ні але о об один під після по при про та так також такий там те тебе ти то тому у усі хто це цей ця
    через чи чому що щоб щодо я як який якщо
    a about after all also an and any are as at be because been before being but by can could did do does for from had
    has have he her here him his how i if in into is it its just may me more most my no nor not of off on one only or
    other our out over own s she should so some such t than that the their them then there these they this those through
    to too under until up us very was we were what when where which while who whom why will with would you your
    """
)
"""Lemmas without a subject of their own, in Russian, Ukrainian and English, folded."""

_FREQUENT: Final = _words(
    """
    россия российский рф москва московский путин президент правительство страна государство государственный власть
    министр министерство глава руководитель председатель депутат закон суд дело решение работа работать человек люди
    год день месяц неделя час время первый новый большой сообщать сообщить сообщение заявить заявлять сказать
    говорить рассказать отметить считать стать мир мировой сша украина украинский европа европейский район область
    город военный война сила армия оборона вопрос проблема компания организация рубль доллар миллион миллиард тысяча
    процент цена рост рынок экономика экономический политический политика международный союз совет партия выборы
    место часть число слово данные информация агентство источник ситуация случай результат программа проект система
    помощь поддержка безопасность гражданин житель ребенок женщина мужчина школа полиция полицейский уголовный
    произойти находиться получить принять провести начать начало конец последний общий высокий україна український
    росія російський рік влада країна війна russia russian president government country state people year day time
    new first say said tell minister official us war world percent million company report январь февраль март апрель
    май июнь июль август сентябрь октябрь ноябрь декабрь понедельник вторник среда четверг пятница суббота
    воскресенье владимир сергей александр против бывший отношение также около
    """
)
"""Lemmas that many news texts hold, folded: in three of a hundred or more."""

FREQUENT_SHARE: Final = 0.03
"""Of news texts: what a lemma of that list has at least."""


def expected_share(lemma: str) -> float:
    """In which share of news texts a lemma is expected before any has been seen, from 0 to 1."""
    if lemma in STOP_WORDS or len(lemma) < 2:
        return 0.5
    return FREQUENT_SHARE if lemma in _FREQUENT else 0.001
