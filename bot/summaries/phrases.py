"""Phrases that tell what a sentence is for: background, promotion, a credit, somebody's name behind a claim."""

from __future__ import annotations

import re
from typing import Final


def _any(phrases: str) -> str:
    """An alternative of the phrases, one or several (with |) a line."""
    return "|".join(line.strip() for line in phrases.strip().splitlines())


def _begins(phrases: str, then: str = r"\b") -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{_any(phrases)}){then}", re.IGNORECASE)


BACKGROUND: Final = _begins(
    r"""
    напомним|напоминаем|ранее|прежде|до этого|(?:как )?сообщалось ранее|накануне стало известно
    как (?:уже |ранее )*(?:сообщал|писал|информировал|передавал|отмечал)\w*
    (?:отметим|стоит отметить),? (?:что )?ранее|для справки|справка|справочно
    earlier|previously|as (?:previously |earlier )?reported|recall that|background
    """
)

PROMOTION: Final = re.compile(
    _any(
        r"""
        подпи(?:сывай|шись|шитесь)|чтобы подписаться|подписаться\b.{0,5}\|
        \bчитай(?:те)? (?:также|нас|ещ|подробн|в |во |на |и |по )|\bчитать (?:также|далее|подробн|ещ)
        подробн\w+ (?:читайте|на сайте|по ссылке|об этом|о |об |в материале|в публикации)|смотри(?:те)? также
        следите за (?:наш|новост|событ|обновлен)
        оперативные новости|самые важные новости|самая важная информация
        (?:новости|материалы?|статьи|ещ[её]|читайте) по теме
        ^\W*(?:по теме|тэги|теги|метки|ключевые слова|реклама|комментарии)\b|комментарии \(\d
        все права защищены|при (?:использовании|перепечатке|цитировании) (?:материал|ссылк)
        нашли (?:ошибку|опечатку)|ctrl\s?\+
        поддержи(?:те)? (?:нас|наш|проект|редакц|zn)|присылайте|пишите нам|будь(?:те)? в курсе
        жми(?:те)?\b.{0,20}чтобы|добавьте .{0,30}в избранн|хотите получать|не пропустить
        наш\w{0,3} (?:telegram|телеграм|instagram|инстаграм|viber|вайбер|youtube|facebook|паблик|групп)
        установите .{0,20}приложение|скачайте|проголосовав .{0,30}по ссылке|перейдите по
        \bread (?:more|also|next)\b|sign up|subscribe|follow us|newsletter|all rights reserved|click here
        download our|advertisement|share this|see also|terms of (?:use|service)|cookies?\b.{0,30}(?:policy|accept)
        ©|\#\w
        """
    ),
    re.IGNORECASE,
)

CREDIT: Final = _begins(
    r"""
    фото(?:граф(?:ия|ии|ы)?)?|видео|кадр|скриншот|иллюстрация
    источник|автор|текст|перевод|по материалам|по информации
    photo(?:graph)?s?|image|video|picture|source|author|credit|by
    """,
    then=r"(?:\s*[:©—–-]|(?:\s+[\w.«»\"-]+){0,4}\s*[.]?$)",
)
"""The label and a name; a longer sentence that happens to begin so is none."""

DANGLING: Final = _begins(
    r"""
    он|она|оно|они|его|ее|их|ему|ей|им|ею|ими|сам|сама|сами|оба|обе|обоих
    это|этот|эта|эти|этого|эту|этим|этой|этих|этому|этом
    тот|та|те|того|тем|такой|такая|такие|такое|таким|такого|так|последний|последняя|последние
    там|тогда|затем|потом|позже|также|тоже|вместо|однако|но|а|и|зато|впрочем|поэтому
    отмечается|уточняется|сообщается|добавляется|подчеркивается
    (?:об|при|после|до|из-за|для|кроме|помимо|в|на|с|по|к|у|от|о|за|благодаря|несмотря на|наряду с) (?:эт|т)\w{1,3}
    (?:вместе с|в связи с) (?:эт|т)\w{1,3}|(?:в|на|с|по|к|у|от|о|за|для) (?:него|нее|них|ним|ней|нем|ними)
    по (?:его|ее|их)|(?:с|по|в) (?:такой|таким|такое|такого|данным сми)
    в свою очередь|в частности|напротив|наоборот|с другой стороны|более того|к тому же|между тем
    в то же время|тем временем|кроме прочего|например|к слову|кстати
    he|she|it|they|his|her|its|their|him|them|this|that|these|those|both
    but|and|however|also|then|there|meanwhile|instead|so|in addition|for example|by contrast
    on the other hand|at the same time|as a result
    """
)
"""Of folded text (ё as е)."""

LEANING: Final = re.compile(r"\b(?:тоже|также|also|too)\b", re.IGNORECASE)
"""Words that add to something said before."""

_SAYING: Final = _any(
    r"""
    сообщ|заяв|пиш[еу]т|писал|написа|переда[еювл]|рассказ|говор|сказа|отмет|отмеч|подчерк|уточн|утвержд|счита
    привод|цитир|объяв|информир|указа|указыв|поясн|добав|призна|известно|предупре|следует из|свидетельств|подтверд
    высказ|выразил|выступил|прокоммент|упомян|напомн|обрати|опублик|предложил
    according|\bsaid|\bsays?\b|\btold|report|announc|\bstat(?:ed|es)|\bwrote|\bwrit|claim|confirm
    """
)
SAYS: Final = re.compile(_SAYING, re.IGNORECASE)
SAYS_BEHIND: Final = re.compile(
    rf"[,»\"”]\s*[-–—]?\s*(?:как |по (?:словам|данным|информации|мнению)|as |{_SAYING})", re.IGNORECASE
)
"""The speaker named after the words: «…, сообщил министр»."""

SUPPORTING: Final = _begins(
    r"""
    об этом|обо вс[её]м этом|о (?:случившемся|произошедшем|происшествии|происходящем|инциденте|ч[её]м|том)\b
    это\b|так\b|эт[иу]\w? (?:информаци|данн|сведени|слов)
    так(?:ое|ие|ую|ой|им|ая)? (?:мнение|заявлени|данн|вывод|цифр|информаци|оценк|прогноз|точк|позици)
    так(?:ое|ие|ую|ой|им|ая)? (?:сведени|решени|инициатив|предложени|просьб)
    с так(?:им|ой|ими)|к таким?у? вывод|соответствующ|информаци[юя]\b
    that(?:’s|'s| is) according|this (?:was|is|has been)
    the (?:news|report|information|announcement) (?:was|came)
    """,
    then="",
)

_OF_AN_OUTLET: Final = (
    "о об этот это с со в во на и наш сообщать сообщить писать написать передавать передать информировать рассказать"
    " корреспондент корр издание газета портал агентство сайт журнал телеканал редакция новость сегодня вчера"
    " понедельник вторник среда четверг пятница суббота воскресенье январь февраль март апрель май июнь июль август"
    " сентябрь октябрь ноябрь декабрь год this be was report by the news"
)
OF_AN_OUTLET: Final = frozenset(_OF_AN_OUTLET.split())
"""Lemmas an attribution consists of beside the name of the outlet."""
