"""What a careful reader objects to in a summary. Knows nothing of `bot.summaries`: it judges texts, not rules.

Harsher than the cleaning on purpose: what it lists is looked at by eye, not all of it is a mistake.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from razdel import sentenize

from bot.language import tokens
from bot.language.lemmas import analyser

LONGEST = 400

MONTH = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-zа-я]*\.?"
)
AGENCY = r"(?:ТАСС|РИА|РИАМО|ФАН|Reuters|Рейтер|AFP|AP|INTERFAX|Интерфакс|REGNUM|Росбалт|ПРАЙМ|Синьхуа|Xinhua|БЕЛТА)"
PLACE = r"[«\"]?[А-ЯЁA-Zа-яё][\w.-]+(?:[ -][А-ЯЁA-Z][\w-]+)?(?: \([^)]+\))?"
DATELINE = re.compile(
    rf"(?:^|[.!?»\"] ){PLACE}[,.] \d{{1,2}} {MONTH}(?: \d{{4}})?[.,]? ?[—–/(\n-]"
    rf"|(?:^|[.!?] )[А-ЯЁA-Z][\w-]+, \d{{1,2}} {MONTH}\. [А-ЯЁA-Z]"
    rf"|(?:^|[.!?»\"] ){AGENCY}[.\w]*[ ,./]+\d{{1,2}}[ .]|[/(]{AGENCY}[/)]|\b{AGENCY}[.\w]* ?[—–-] ?[А-ЯЁA-Z]"
    rf"|(?:^|[.!?] )\d{{1,2}} {MONTH},? {AGENCY}|{AGENCY}[^.]{{0,12}}, \d{{1,2}}[. ](?:\d\d|{MONTH})",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"https?:|www\.|\w@\w|\b(?:фото|видео|источник|автор|текст|кадр|photo|image|video|source)\s*[:©/]|©|getty images"
    r"|\w+\.(?:com|org|net)/",
    re.IGNORECASE,
)
PROMOTION = re.compile(
    r"подписыва|подпишит|подписаться|читайте|смотрите (?:также|видео)|подробнее"
    r"|наш\w{0,2} (?:канал|telegram|телеграм|групп|сайт)|поддержи(?:те)? (?:нас|проект|наш)|комментари[ий]\W*\("
    r"|\bздесь\.|по ссылке|\bследите за|(?:канал|странич\w+|страниц\w+)\b.{0,40}\b(?:Telegram|телеграм)!"
    r"|subscribe|read more|sign up|click|follow us|newsletter",
    re.IGNORECASE,
)
ATTRIBUTION = re.compile(
    r"(?:об этом|о случившемся|о происшествии|такое мнение|такое заявление|такую информацию|такие данные|такой вывод"
    r"|с так(?:им|ой)|это подтверд|соответствующ\w+ (?:заявлен|указ|сообщен)"
    r"|так\w* (?:прокомментир|заяви|сказа|считает))",
    re.IGNORECASE,
)
SAYING = re.compile(
    r"сообща|сообщи|заяв|пиш|переда|рассказ|говори|сказа|отме|подчерк|утвержд|счита|проком|мнени|вырази|высказ"
    r"|подтверд|обрат|выступ",
    re.IGNORECASE,
)
DANGLING = re.compile(
    r"\W*(?:он|она|оно|они|его|е[её]|их|ему|ей|им|этот|эта|эти|это|этого|об этом|при этом|по (?:его|е[её]|их) |так[ ,]"
    r"|такой|такая|такие|там|тогда|также|однако|но|а|поэтому|кроме того|вместе с тем|в свою очередь|в частности|затем"
    r"|потом|далее|впрочем|в то же время|тем временем|между тем|да,|нет,"
    r"|he|she|they|it|his|her|this|that|these|but|however|also|meanwhile)\b",
    re.IGNORECASE,
)
BACKGROUND = re.compile(
    r"\W*(?:напомн|ранее|как (?:ранее )?сообщалось|как мы (?:уже )?пис|previously|earlier)", re.IGNORECASE
)
GLUED = re.compile(
    r"[а-яёa-z»\")][.!?…]+[«]?[А-ЯЁ][а-яё]|(?<![\w-])[а-яё]{3,}[А-ЯЁ][а-яё]{2}|»[А-Яа-яё]{2}|[а-яё],[а-яё]|[а-яё]n[а-яё]|[а-яё]:[–—А-ЯЁ]"
)
SPACING = re.compile(r"\s{2}|\s[,.;:!?»)](?=\s|$)|[(«]\s|[\t\n\r]|&[a-z]+;|&#|</?[a-z]")
FIRST_PERSON = re.compile(r"(?<!\w)(?:я|мне|меня|мной|I)(?!\w)", re.IGNORECASE)
BROKEN = re.compile(r"(?<=[А-ЯЁа-яё»—–])n(?![a-z])|(?<=[а-яё])(?=[А-ЯЁ])")
"""Where an export lost what parted two words: «пресс-службаСлужбы», «наnсайтеnо», «газетаnLa Razónn»."""
CLOSING = {")": "(", "]": "[", "»": "«", "”": "“"}
MARK_WORDS = re.compile(
    r"запрещ[её]н\w*[^.]{0,40}(?:РФ|Росси)|иноагент|иностранн\w+ агент|нежелательн\w+ организац", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What an editor compares: the source's title and whole text, and what was made of them."""

    title: str
    text: str
    summary: str


def faults(judged: Judged) -> list[str]:
    """The names of what is wrong, in no order; [] for a clean summary."""
    return [name for name, wrong in FAULTS.items() if wrong(judged)]


def split(text: str) -> list[str]:
    return [sentence.text for sentence in sentenize(text)]


def bare(text: str) -> str:
    """Letters and digits, for finding a passage again however its typography was mended."""
    return "".join(char for char in unicodedata.normalize("NFC", text).casefold().replace("ё", "е") if char.isalnum())


def unbalanced(text: str) -> bool:
    stack: list[str] = []
    for char in text.replace("„", "“"):
        if char in "([«":
            stack.append(char)
        elif char in ")]»" and (not stack or stack.pop() != CLOSING[char]):
            return True
    curly = text.count("“") + text.count("”") + text.count("„")
    return bool(stack) or text.count('"') % 2 == 1 or curly % 2 == 1


def title_again(judged: Judged) -> bool:
    title = {token.lemma for token in tokens(judged.title)}
    if len(title) < 3:
        return False
    for sentence in split(judged.summary):
        said = {token.lemma for token in tokens(sentence)}
        if len(title & said) >= 0.8 * len(title | said):
            return True
    return False


def attribution_lost(judged: Judged) -> bool:
    summary = bare(judged.summary)
    text = BROKEN.sub(" ", judged.text)
    return any(
        ATTRIBUTION.match(after)
        and SAYING.search(after)
        and bare(before)[-40:] in summary
        and bare(after)[:20] not in summary
        for before, after in itertools.pairwise(split(text))
        if len(before) > 20
    )


def foreign_words(judged: Judged) -> bool:
    """A word that isn't the source's, be it that it was cut in two."""
    source = words(judged.text) | words(BROKEN.sub(" ", judged.text))
    return any(word not in source and f"{word}n" not in source for word in words(judged.summary))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold().replace("ё", "е")))


def _places(judged: Judged) -> Iterator[tuple[str, int]]:
    """Each sentence of the summary with where it stands among the bare characters of the source."""
    source = bare(judged.text)
    for sentence in split(judged.summary):
        place = source.find(bare(sentence))
        if place >= 0 and bare(sentence):
            yield sentence, place


def inside_a_quote(judged: Judged) -> bool:
    """A sentence taken out of somebody's longer quote, as if the outlet said it."""
    depth, depths = 0, []
    for char in judged.text:
        depth += (char == "«") - (char == "»" and depth > 0)
        if char.isalnum():
            depths.append(depth)
    if judged.text.count("«") != judged.text.count("»"):
        depths = [0] * len(depths)
    shown = re.sub(r"«[^»]*»(?:»)?|\"[^\"]*\"", " ", judged.summary)
    if any(
        place < len(depths) and depths[place] > 0 and sentence in shown and not re.match(r"\W*[«\"„“—–-]", sentence)
        for sentence, place in _places(judged)
    ):
        return True
    return not _says_i(split(judged.text)[0]) and any(_says_i(sentence) for sentence in split(judged.summary))


def _says_i(sentence: str) -> bool:
    return bool(FIRST_PERSON.search(re.sub(r"«[^»]*»|\"[^\"]*\"|“[^”]*”", "", sentence)))


def dangling(judged: Judged) -> bool:
    """It leans on a sentence that was left out."""
    source = bare(judged.text)
    said = split(judged.summary)
    if said and DANGLING.match(said[0]) and not source.startswith(bare(said[0])[:30]):
        return True
    for before, after in itertools.pairwise(said):
        place = source.find(bare(after))
        if DANGLING.match(after) and place > 0 and not source[:place].endswith(bare(before)[-20:]):
            return True
    return bool(said) and bool(
        re.match(r"\W*(?:он|она|они|об этом|по (?:его|е[её]) словам|he|she|they)\b", said[0], re.IGNORECASE)
    )


def fragment(judged: Judged) -> bool:
    """A sentence of a few words that says nothing: no verb in it."""
    for sentence in split(judged.summary):
        words = re.findall(r"[А-Яа-яЁё-]+", sentence)
        told = {analyser().parse(word)[0].tag.POS for word in words}
        if (
            len(sentence) < 70
            and words
            and not told & {"VERB", "PRTS", "ADJS", "PRED", "INFN"}
            and not re.search(r"[—–:]| - |\d (?:лет|год)", sentence)
        ):
            return True
        if len(sentence.split()) < 3 and "." in sentence and not told & {"VERB", "PRTS"}:
            return True
    return False


def cut(judged: Judged) -> bool:
    return any(re.search(r"(?:…|\.{2,})[»\"”)]*$", sentence) for sentence in split(judged.summary))


FAULTS = {
    "too long": lambda judged: len(judged.summary) > LONGEST,
    "dateline": lambda judged: bool(DATELINE.search(judged.summary)),
    "credit": lambda judged: bool(CREDIT.search(judged.summary)),
    "promotion": lambda judged: bool(PROMOTION.search(judged.summary)),
    "unbalanced": lambda judged: unbalanced(judged.summary),
    "unended": lambda judged: not re.search(r"[.!?…][»\"”)\]]*$", judged.summary),
    "cut": cut,
    "glued": lambda judged: bool(GLUED.search(judged.summary)),
    "spacing": lambda judged: bool(SPACING.search(judged.summary)),
    "title again": title_again,
    "attribution lost": attribution_lost,
    "not the source's": foreign_words,
    "lower case": lambda judged: any(sentence[:1].islower() for sentence in split(judged.summary)),
    "fragment": fragment,
    "dash first": lambda judged: bool(re.match(r"\s*[—–•*▪▫-]", judged.summary)),
    "dangling": dangling,
    "out of a quote": inside_a_quote,
    "background": lambda judged: any(BACKGROUND.match(sentence) for sentence in split(judged.summary)),
    "question": lambda judged: any(sentence.endswith("?") for sentence in split(judged.summary)),
    "invisible": lambda judged: any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in judged.summary),
}  # fmt: skip
"""The kinds that count first (dateline, credit, unbalanced, unended, glued, title, attribution), and more."""
