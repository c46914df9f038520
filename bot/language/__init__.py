"""Text to words: tokens, lemmas and sentences of Russian, English and Ukrainian. Dictionaries load on first use."""

from bot.language.document import Document, analyse
from bot.language.lemmas import lemma, lemmas
from bot.language.sentences import sentences
from bot.language.tokens import Token, tokens
from bot.language.writing import fold, without_marks

__all__ = ["Document", "Token", "analyse", "fold", "lemma", "lemmas", "sentences", "tokens", "without_marks"]
