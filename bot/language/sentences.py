"""Sentence borders: razdel's, with what it cuts too early put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

_LONGEST_JOIN: Final = 700
"""Characters: an unclosed quote or bracket holds sentences together up to here, a lost sign not a whole article."""

_LINE: Final = re.compile(r"\s*\n\s*(?![a-zа-яё])|\s*\n\s*\n\s*")
"""A line ends a sentence unless the next goes on in lower case; a blank line always does."""

_OPEN_END: Final = re.compile(
    r"(?:^|[\s(«\"„“\-–—])(?:"
    r"[А-ЯЁA-Z]"  # an initial
    r"|(?:прим|им|ул|пр|просп|пер|пл|корп|стр|рис|табл|см|ср|напр|гл|ст|п|пп|т|тт|г|гг|гор|пос|дер|обл|р|кн"
    r"|млн|млрд|трлн|тыс|кв|куб|руб|коп|долл|св|проф|акад|доц|ген|полк|адм|зам|нач|пред|тов|о|оз|тел|эт|ред|изд|сокр|букв"
    r"|ім|вул|смт|див|м|тис|грн|рр"  # Ukrainian ones that Russian has not
    r"|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sen|Rep|Gov|Prof|Rev|Sgt|Capt|Maj|Adm|vs|Inc|No|U\.S|U\.N|U\.K"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|Ltd|Co|Corp|Jr|Sr)"
    r"|т\.\s?[еднпк]|и\s(?:т\.\s?[дп]|др|пр)"
    r")\.$"
)
"""What ends with a stop without ending a sentence."""
_MAY_END: Final = re.compile(
    r"(?:г|гг|млн|млрд|трлн|тыс|руб|коп|долл|кв|т\.\s?[дп]|др|пр|эт|обл|ст|т|м|тис|грн|рр"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|Ltd|Co|Corp|Jr|Sr)\.$"
)
"""Those of them that may end one after all, if a capital follows."""
_NAME: Final = re.compile(r"(?:г|обл|ст|пр|т|эт|кв|м)\.$")
"""Of those, the ones that a name may follow («г. Москва»): they stand before a word, not after a number."""


_BEGINNING: Final = (
    r"(?:В|На|По|Об|Обо|За|Из|От|До|При|Для|После|Среди|Также|Однако|Кроме|Напомним|Ранее|Как|Это|Если|Он|Она|Они|Его"
    r"|Её|Ее|Их|Но|Всего|Сейчас|Тогда|Так|Поэтому|He|She|It|They|The|This|But|And|In|On|At)\s[«\"“]?[А-ЯЁа-яёA-Za-z\d]"
)
_BEGINS: Final = re.compile(_BEGINNING)
_SURE: Final = re.compile(rf"(?<=[\w)»]\.)\s+(?={_BEGINNING})")
"""Before a small word with a capital a sentence ends, whatever stands before the stop: «… 14 м/с. Ранее …»."""


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, stripped; quotes, brackets, initials and abbreviations are not cut through."""
    found: list[str] = []
    for line in _LINE.split(text):
        found.extend(_joined(part for piece in _sentenize(line) for part in _SURE.split(piece.text)))
    return tuple(found)


def _joined(pieces: Iterable[str]) -> Iterator[str]:
    """Put razdel's pieces together where one of them can't end a sentence."""
    waiting = [piece for piece in pieces if piece.strip()]
    while waiting:
        taken = _length(waiting)
        yield " ".join(" ".join(waiting[:taken]).split())
        del waiting[:taken]


def _length(pieces: list[str]) -> int:
    """How many pieces from the first on make one sentence."""
    taken = 1
    while taken < len(pieces):
        if _cut_short(pieces[taken - 1], pieces[taken]):
            taken += 1
            continue
        closing = _closing(pieces, taken)
        if closing == taken:
            break
        taken = closing
    return taken


def _cut_short(piece: str, following: str) -> bool:
    """Whether the border after `piece` is only an abbreviation's stop, or what follows is a tail of it."""
    first = following.lstrip('«"„“(–—- ')[:1]
    if re.match(r"[–—-]\s+[а-яё]|[,;:)»]|[а-яё]", following):
        return True
    if not _OPEN_END.search(piece) or _BEGINS.match(following):
        return False
    if not _MAY_END.search(piece):
        return True
    after_number = re.search(r"\d[\s\u00a0]*\S+$", piece) is not None
    return first.islower() or first.isdigit() or (bool(_NAME.search(piece)) and not after_number)


def _closing(pieces: list[str], taken: int) -> int:
    """Where the quote or bracket left open by the first `taken` pieces is closed; `taken` if it isn't, or too late."""
    text = " ".join(pieces[:taken])
    if not _is_open(text):
        return taken
    for end in range(taken, len(pieces)):
        text = f"{text} {pieces[end]}"
        if len(text) > _LONGEST_JOIN:
            break
        if not _is_open(text):
            return end + 1
    return taken


def _is_open(text: str) -> bool:
    # Nested guillemets are often closed once for two («… «Ан-Нусры», сказал он): one closing after the last opening
    # is enough.
    quote = text.rfind("«") > text.rfind("»")
    return quote or text.count('"') % 2 == 1 or text.count("(") > text.count(")")


def _sentenize(text: str) -> Iterable[Any]:
    import razdel  # noqa: PLC0415 - nothing is loaded on import

    return razdel.sentenize(text)  # type: ignore[no-any-return]
