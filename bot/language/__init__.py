"""Text to words: tokens, lemmas and sentences of Russian, English and Ukrainian. Dictionaries load on first use."""

from bot.language.detect import detect
from bot.language.document import Document, analyse
from bot.language.grammar import has_predicate, is_common_noun, is_person, is_thing, is_verb
from bot.language.lemmas import asked, beginnings, is_known, is_noun, lemma, lemmas
from bot.language.notices import Notice, Where, about_itself, legal, notices, without_marks, without_notices
from bot.language.sentences import sentences
from bot.language.tokens import Token, beginning_with, tokens, words
from bot.language.writing import fold, unify

__all__ = [
    "Document",
    "Notice",
    "Token",
    "Where",
    "about_itself",
    "analyse",
    "asked",
    "beginning_with",
    "beginnings",
    "detect",
    "fold",
    "has_predicate",
    "is_common_noun",
    "is_known",
    "is_noun",
    "is_person",
    "is_thing",
    "is_verb",
    "legal",
    "lemma",
    "lemmas",
    "notices",
    "sentences",
    "tokens",
    "unify",
    "without_marks",
    "without_notices",
    "words",
]
