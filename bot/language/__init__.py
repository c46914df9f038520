"""Text to words: tokens, lemmas and sentences of Russian, English and Ukrainian. Dictionaries load on first use."""

from bot.language.detect import detect
from bot.language.document import Document, analyse
from bot.language.grammar import has_predicate, is_verb
from bot.language.lemmas import asked, is_noun, lemma, lemmas
from bot.language.sentences import sentences
from bot.language.tokens import Token, tokens, words
from bot.language.writing import fold, unify, without_marks

__all__ = [
    "Document",
    "Token",
    "analyse",
    "asked",
    "detect",
    "fold",
    "has_predicate",
    "is_noun",
    "is_verb",
    "lemma",
    "lemmas",
    "sentences",
    "tokens",
    "unify",
    "without_marks",
    "words",
]
