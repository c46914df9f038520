"""Reasons, levels, topics and times in Russian and English: the one place where the engine's values become sentences.

Messages are written in English and translated by `locales/<language>/LC_MESSAGES/glavnoe.po`, read when first needed.
Sentences here are plain text; whoever puts them into HTML escapes them there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot import topics
from bot.errors import QueryError
from bot.model import Level, Reason, Topic

LANGUAGES: Final = ("en", "ru")
"""English is what the messages are written in; each of the others has a catalogue."""

LEVELS: Final[Mapping[Level, str]] = {
    Level.BREAKING: "breaking",
    Level.MAJOR: "major",
    Level.NOTABLE: "notable",
    Level.ROUTINE: "routine",
}

_Sentence = str | tuple[str, str]
"""A message, or its singular and plural by the value `count`."""

REASONS: Final[Mapping[str, _Sentence]] = {
    # of importance
    "owners": (
        "{count} newsroom wrote about it within {span}",
        "{count} newsrooms wrote about it within {span}",
    ),
    "owners_at_once": (
        "{count} newsroom wrote about it",
        "{count} newsrooms wrote about it at once",
    ),
    "countries": ("It is written about in {count} country", "It is written about in {count} countries"),
    "authority": "It is in a newspaper whose news others often take up",
    "front_page": "Place {place} on the source’s front page",
    "front_page_stay": "Place {place} on the source’s front page, there for {span} already",
    "views_per_hour": ("{count} view an hour", "{count} views an hour"),
    "urgent": "The source marked it as urgent",
    "follow_ups": ("{count} later article continues it", "{count} later articles continue it"),
    "no_signals": "Nothing sets it apart from other news yet",
    # of what follows
    "adds": "New: {words}",
    "risen_major": "Major news now",
    "risen_breaking": "Breaking news now",
    # of topics
    "topic_title": "In the headline: {words}",
    "topic_lead": "In the lead: {words}",
    "topic_text": "In the text: {words}",
    "topic_words": "Your words occur: {words}",
    "topic_main": "“Top news” looks at every story",
    # of decisions
    "paused": "You had paused notifications",
    "gone": "The chat could not be reached",
    "unfollowed": "You were no longer following the topic",
    "muted": "The topic was muted",
    "below_level": "It was less important than you asked for on this topic",
    "late": "It became known {span} after it was published: too late for a notification",
    "stale": "It could not be sent for {span} and was out of date by then",
    "silent_first": "It was there before the bot first read this source",
    "shown": "You saw it here in the chat",
    "muted_story": "You had muted the story",
    "withdrawn": "It was withdrawn",
    "superseded": "A later message says more",
    "not_told": "You had not been told of the story",
    "no_follow_ups": "You don’t want to be told what a story adds later",
    "message_gone": "The message was no longer there",
    "first_issue": "It was chosen for your first digest",
    "digest_only": "You get everything but breaking news in digests",
    "quiet": "These were your quiet hours: they end at {until}",
    "cap": (
        "You had got {count} notification that day, which is as many as you want",
        "You had got {count} notifications that day, which is as many as you want",
    ),
    # of digests
    "digest": "It was in a digest",
    "crowded_out": (
        "There was no room for it in the digest: {count} story was more important",
        "There was no room for it in the digest: {count} stories were more important",
    ),
    "outdated": "It was {span} old when the next digest came",
    # of what Telegram answered
    "flood": "Telegram asked the bot to slow down",
    "unreachable": "Telegram could not be reached",
    "unauthorized": "Telegram did not accept the bot’s token",
    "blocked": "The bot was blocked",
    "deactivated": "The account was deleted",
    "kicked": "The bot was removed from the chat",
    "no_chat": "Telegram doesn’t know this chat any more",
    "moved": "The group got a new address in Telegram",
    "refused": "Telegram refused the message: {text}",
    "answer_lost": "Telegram’s answer was lost: the message may or may not have arrived",
    "too_slow": "There was no free slot for sending in time",
    "bug": "A mistake in the bot: its publisher can see it",
}

QUERY_ERRORS: Final[Mapping[str, str]] = {
    "empty": "There is no word to look for here (character {position})",
    "too_long": "Too long: {length} characters, at most {limit} are allowed",
    "too_many_words": "Too many words: {count}, at most {limit} are allowed",
    "unclosed_quote": "The quotation mark {quote} is never closed (character {position})",
    "unclosed_parenthesis": "The parenthesis is never closed (character {position})",
    "unopened_parenthesis": "The parenthesis was never opened (character {position})",
    "too_deep": "Too many parentheses within each other (character {position}): at most {limit} are allowed",
    "dangling_operator": "There are no words for {operator} to refer to (character {position})",
    "unknown_field": "There is no field {field} (character {position}); there are {fields}",
    "only_exclusions": "Say what to look for, too, not only what to leave out",
    "too_broad": "This would be {share}% of all news: add a word that narrows it down",
    "busy": "Many are looking for something just now. Please ask again in a moment",
    "too_many": "You already follow {limit} topics of your own: before adding one, drop another with /unfollow",
}

FIELDS: Final = ("title", "section", "source", "author")
"""Of queries, as they may be written in each language."""

NO_WORDS: Final = "I see no word here that I could look for. For example: Geneva talks"
"""Said of a query in which there is nothing at all to look for."""

TROUBLES: Final = frozenset(
    {
        "there are no articles in it",
        "not a feed",
        "not a page",
        "no links to articles",
        "no article in the page",
        "no connection",
        "no TLS connection",
        "its name can not be resolved",
        "its certificate can not be trusted",
        "the connection broke off",
        "the answer broke off or can not be decompressed",
        "the answer can not be read as HTTP",
    }
)
"""What may be wrong with a source, as the log has it."""

UNREADABLE: Final = "I can’t read this query (character {position})"
"""Said of an error that this version has no sentence for."""

NAMED: Final[Mapping[str, str]] = {"section": "Section: {name}", "author": "Author: {name}", "source": "Source: {name}"}
"""Queries for nothing but a name, as topics."""
_NAMED: Final = re.compile(r'(section|author|source):("[^"]+"|[^\s"|()=]+)')
_EXCLUDED: Final = re.compile(r'(?<!\S)-(?:"[^"]*"|\([^)]*\)|\S+)')
_OPERATOR: Final = re.compile(r"\b(?:title|section|source|author):|\b(?:OR|ИЛИ)\b")
_HASHTAG_LENGTH: Final = 64
"""Characters; longer ones are hard to read in a message and of no use for searching it."""


@dataclass(frozen=True, slots=True)
class Words:
    """Everything said to people in one language."""

    language: str
    _catalogue: NullTranslations = field(repr=False, compare=False)

    def __call__(self, message: str, /, **values: object) -> str:
        """The message in this language, its fields filled in."""
        return self._catalogue.gettext(message).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form of the message that goes with `n`; `{count}` is `n`, its thousands set apart."""
        filled = {"count": self.number(n), **values}
        return self._catalogue.ngettext(one, many, n).format(**filled)

    def number(self, n: float) -> str:
        """A whole number with its thousands set apart."""
        return format_decimal(round(n), locale=self.language)

    def topic(self, topic: Topic) -> str:
        """A built-in topic's title, the section, author or source that a query asks for, or the query itself."""
        if topic.slug:
            return topics.names(topic.slug, self.language)[0]
        named = _NAMED.fullmatch(topic.query or "")
        if named is None:
            return topic.query or ""
        name = named[2].strip('"')  # a query is in lower case
        return self(NAMED[named[1]], name=name.title() if named[1] == "author" else name[:1].upper() + name[1:])

    def is_named(self, topic: Topic) -> bool:
        """Whether it's a section, an author or a source."""
        return _NAMED.fullmatch(topic.query or "") is not None

    def hashtag(self, topic: Topic) -> str:
        """The topic as one hashtag of letters, digits and underscores; "" when it has no letter at all."""
        title = self.topic(topic) if topic.slug else topic.query or ""
        wanted = _OPERATOR.sub(" ", _EXCLUDED.sub(" ", title))
        tag = re.sub(r"\W+", "_", wanted).strip("_")
        if len(tag) > _HASHTAG_LENGTH:
            tag = (tag[:_HASHTAG_LENGTH].rpartition("_")[0] or tag[:_HASHTAG_LENGTH]).strip("_")
        return f"#{tag}" if re.search(r"[^\W\d_]", tag) else ""

    def level(self, level: Level) -> str:
        return self(LEVELS[level])

    def reason(self, reason: Reason) -> str:
        """The reason as one sentence without a full stop; its bare kind when this version has no sentence for it."""
        sentence = REASONS.get(reason.kind)
        return reason.kind if sentence is None else self._sentence(sentence, reason.values) or reason.kind

    def trouble(self, error: str) -> str:
        """Why a source can't be read, in its words for a log ("trud.ru: no connection"); what isn't known stays so."""
        place, colon, what = error.rpartition(": ")
        return f"{place}{colon}{self(what)}" if what in TROUBLES else error

    def query_error(self, error: QueryError) -> str:
        """What is wrong with a query, and where (characters are counted from 1)."""
        values = {"position": error.position + 1, **error.values}
        if error.kind == "empty" and error.position == 0:
            return self(NO_WORDS)
        if "fields" in values:
            values["fields"] = ", ".join(map(self, FIELDS))
        sentence = QUERY_ERRORS.get(error.kind, UNREADABLE)
        return self._sentence(sentence, values) or self(UNREADABLE, **values)

    def span(self, duration: timedelta) -> str:
        """A duration as people say it, in the accusative: minutes under an hour, hours under two days, then days."""
        minutes = max(1, round(duration.total_seconds() / 60))
        if minutes < 60:
            return self.plural("{count} minute", "{count} minutes", minutes)
        hours = round(minutes / 60)
        if hours < 48:
            return self.plural("{count} hour", "{count} hours", hours)
        return self.plural("{count} day", "{count} days", round(hours / 24))

    def when(self, at: datetime, time_zone: str, now: datetime) -> str:
        """A time by the reader's clock: "17:40", "tomorrow, 17:40", "3 December, 17:40", with the year if another."""
        zone = ZoneInfo(time_zone)
        local, today = at.astimezone(zone), now.astimezone(zone).date()
        clock = f"{local:%H:%M}"
        if local.date() == today:
            return clock
        if local.date() == today - timedelta(days=1):
            return self("yesterday, {time}", time=clock)
        if local.date() == today + timedelta(days=1):
            return self("tomorrow, {time}", time=clock)
        return f"{self.day(at, time_zone, now)}, {clock}"

    def day(self, at: datetime, time_zone: str, now: datetime) -> str:
        """A day of the reader's calendar: "3 December", with the year if another."""
        local, today = (each.astimezone(ZoneInfo(time_zone)).date() for each in (at, now))
        pattern = "d\N{NO-BREAK SPACE}MMMM" if local.year == today.year else "d\N{NO-BREAK SPACE}MMMM y"
        return format_date(local, pattern, locale=self.language)

    def _sentence(self, sentence: _Sentence, values: Mapping[str, str | int | float]) -> str | None:
        """None when a value is missing or no usable number: stored reasons outlive the version that wrote them."""
        try:
            said = self._said(values)
            if isinstance(sentence, str):
                return self(sentence, **said)
            return self.plural(*sentence, round(float(values["count"])), **said)
        except (KeyError, ValueError, ArithmeticError):
            return None

    def _said(self, values: Mapping[str, str | int | float]) -> dict[str, str]:
        said = {name: value if isinstance(value, str) else self.number(value) for name, value in values.items()}
        for unit in ("minutes", "hours"):
            if unit in values:
                said["span"] = self.span(timedelta(**{unit: float(values[unit])}))
        return said


def words(language: str) -> Words:
    """What is said in that language ("ru", also "ru-RU"); in English when there is no catalogue for it."""
    known = language.split("-", maxsplit=1)[0].lower()
    return _words(known if known in LANGUAGES else "en")


@cache
def _words(language: str) -> Words:
    return Words(language, NullTranslations() if language == "en" else _compiled(catalogue(language)))


def catalogue(language: str) -> Catalog:
    """The translations of a language as its .po file has them. Raises FileNotFoundError where there are none."""
    path = files("bot") / "locales" / language / "LC_MESSAGES" / "glavnoe.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _compiled(translations: Catalog) -> GNUTranslations:
    for message in translations:
        if message.id:
            forms = message.string or ""
            message.string = typeset(forms) if isinstance(forms, str) else tuple(typeset(form) for form in forms)
    file = BytesIO()
    write_mo(file, translations)
    file.seek(0)
    return GNUTranslations(file)


_SHORT_WORD: Final = re.compile(r"(?<![\w{])((?:[вксуоаи]|во|ко|со|об|от|до|из|за|на|по|не|ни|но) )", re.IGNORECASE)
_DASH: Final = re.compile(r" (?=—)")
_NUMBER: Final = re.compile(r"(\d|\{(?:count|place|hours|limit)\}) (?=[^\W\d_])")
_ORDINAL: Final = re.compile(r"(?<=\})-(?=[а-я])")
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def typeset(text: str) -> str:
    """Russian text with its spaces unbreakable after short words and numbers and before a dash; so is «1-е».

    Done here once, for translators can't see such spaces, and nobody can proof-read what can't be seen.
    """
    text = _SHORT_WORD.sub(lambda found: found[1][:-1] + _NO_BREAK, text)
    text = _ORDINAL.sub("\N{NON-BREAKING HYPHEN}", text)
    return _NUMBER.sub(rf"\1{_NO_BREAK}", _DASH.sub(_NO_BREAK, text))
