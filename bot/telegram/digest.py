"""An issue of a digest as a Telegram message, rich or classic, and the question whether somebody still reads.

One line a story: headline with link, source, and the weightiest reason why it matters. The classic message gets as many
of the best lines as fit it; a rich one holds eight times as much, so there all of them always fit.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputRichBlockList,
    InputRichBlockListItem,
    InputRichBlockParagraph,
    InputRichBlockSectionHeading,
    InputRichBlockUnion,
    InputRichMessage,
    RichTextUnion,
    RichTextUrl,
)
from aiogram.utils.formatting import Bold, Text, TextLink

from bot.model import Digest, DigestEntry, DigestKind, Subscriber
from bot.outbox import by_section
from bot.telegram.callbacks import DigestOnly, SettingsMenu, StillHere, StopDigest
from bot.telegram.marks import annotate
from bot.telegram.text import clean, clip, safe_link, tidy, units
from bot.words import Words, words

LONGEST_MESSAGE: Final = 4096
"""UTF-16 units after the entities are parsed."""
MOST_ENTITIES: Final = 100
"""In a message; Telegram drops what is beyond, and with it the links."""
LONGEST_HEADLINE: Final = 160
LONGEST_SOURCE: Final = 40
LONGEST_WHY: Final = 80
LONGEST_SECTION: Final = 60
LONGEST_LINK: Final = 400
"""Characters; a line with a longer one goes without. Twenty of them stay within what Telegram takes as entities of one
message (about 9,000 bytes, or ENTITIES_TOO_LONG)."""

_NO_REASONS: Final = frozenset({"no_signals"})


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest as text, or rich; both have the same buttons."""

    lines: int
    """How many of the digest's entries are listed in `text`."""
    text: str
    """HTML."""
    rich: InputRichMessage
    keyboard: InlineKeyboardMarkup


@dataclass(frozen=True, slots=True)
class _Line:
    headline: str
    link: str | None
    after: str
    """What follows the headline."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is said, before it is put in Telegram's terms."""

    title: str
    sections: tuple[tuple[str | None, tuple[_Line, ...]], ...]
    more: str
    """What is said of entries without a line; "" if there are none."""


def issue(digest: Digest, reader: Subscriber) -> Issue:
    """The digest in the reader's language."""
    theirs = words(reader.language)
    lines, text = _classic(digest, reader, theirs)
    return Issue(
        lines=lines,
        text=text.as_html(),
        rich=_rich(_layout(digest, len(digest.entries), reader, theirs)),
        keyboard=_keyboard(digest.kind, reader, theirs),
    )


def question(reader: Subscriber) -> tuple[str, InlineKeyboardMarkup]:
    """Whether they still read: the text (HTML) and its one button."""
    return _question(words(reader.language))


def _question(words: Words) -> tuple[str, InlineKeyboardMarkup]:
    text = words(
        "You haven’t pressed or written anything here for a while. Do you still read this?\n"
        "\n"
        "If you don’t answer within a week, I’ll send only a letter with the main news once a week."
    )
    yes = InlineKeyboardButton(text=words("Yes, I do"), callback_data=StillHere().pack())
    return text, InlineKeyboardMarkup(inline_keyboard=[[yes]])


# --- what is said ---


def _layout(digest: Digest, lines: int, reader: Subscriber, words: Words) -> _Layout:
    """With the best `lines` entries."""
    sections = by_section(digest.entries[:lines], reader.sections)
    more = len(digest.entries) - lines + len(digest.beyond)
    return _Layout(
        title=_title(digest.kind, words),
        sections=tuple(
            (_section(name, len(sections), words), tuple(_line(entry, words) for entry in entries))
            for name, entries in sections.items()
        ),
        more=words.plural("and {count} more story", "and {count} more stories", more) if more else "",
    )


def _title(kind: DigestKind, words: Words) -> str:
    match kind:
        case DigestKind.MORNING:
            return words("While it was quiet")
        case DigestKind.DAILY:
            return words("The main news of the day")
        case DigestKind.WEEKLY:
            return words("The main news of the week")


def _section(name: str | None, of: int, words: Words) -> str | None:
    """Its heading; the only section of an issue needs none if it has no name."""
    if name is None:
        return words("Other news") if of > 1 else None
    return clip(clean(name), LONGEST_SECTION) or None


def _line(entry: DigestEntry, words: Words) -> _Line:
    story = entry.story
    source = clip(clean(story.source), LONGEST_SOURCE)
    link = safe_link(story.url)
    headline = clip(clean(story.title) or source or "…", LONGEST_HEADLINE)
    after = " · ".join(part for part in (source, _why(entry, words)) if part)
    return _Line(
        headline=annotate((headline,), story.marks)[0],
        link=link if link is not None and len(link) <= LONGEST_LINK else None,
        after=f" — {after}" if after else "",
    )


def _why(entry: DigestEntry, words: Words) -> str:
    """The weightiest reason of the story's importance; the topic when it has none."""
    reason = next((reason for reason in entry.story.because if reason.kind not in _NO_REASONS), None)
    why = words.topic(entry.topic) if reason is None else words.reason(reason)
    return clip(tidy(why), LONGEST_WHY)


def _keyboard(kind: DigestKind, reader: Subscriber, words: Words) -> InlineKeyboardMarkup:
    """One tap stops it, and one leads to where it can be changed."""
    rows = []
    if reader.digest_only and reader.asked_at is not None:  # told less because of their silence
        rows.append([_button(words("Notify me at once again"), DigestOnly(on=False).pack())])
    stop = _button(words("Don’t send this any more"), StopDigest(kind=kind).pack())
    morning = kind is DigestKind.MORNING
    page, name = ("quiet_below", words("Quiet hours")) if morning else ("digest_below", words("Settings"))
    rows.append([stop, _button(name, SettingsMenu(page=page).pack())])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _button(text: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data)


# --- in Telegram's terms ---


def _classic(digest: Digest, reader: Subscriber, words: Words) -> tuple[int, Text]:
    """The message with as many lines as fit, and how many these are. One alone always fits."""
    for lines in range(len(digest.entries), 0, -1):
        text = Text(*_nodes(_layout(digest, lines, reader, words)))
        plain, entities = text.render()
        if lines == 1 or (units(plain) <= LONGEST_MESSAGE and len(entities) <= MOST_ENTITIES):
            return lines, text
    raise ValueError("a digest without entries")


def _nodes(layout: _Layout) -> Iterator[Text | str]:
    yield Bold(layout.title)
    for heading, lines in layout.sections:
        yield "\n"
        if heading is not None:
            yield from ("\n", Bold(heading))
        for line in lines:
            # aiogram escapes texts, but not addresses.
            linked = line.headline if line.link is None else TextLink(line.headline, url=html.escape(line.link))
            yield from ("\n• ", linked, line.after)
    if layout.more:
        yield f"\n\n{layout.more}"


def _rich(layout: _Layout) -> InputRichMessage:
    blocks: list[InputRichBlockUnion] = [InputRichBlockSectionHeading(text=layout.title, size=2)]
    for heading, lines in layout.sections:
        if heading is not None:
            blocks.append(InputRichBlockSectionHeading(text=heading, size=4))
        blocks.append(InputRichBlockList(items=_items(lines)))
    if layout.more:
        blocks.append(InputRichBlockParagraph(text=layout.more))
    return InputRichMessage(blocks=blocks, skip_entity_detection=True)


def _items(lines: Sequence[_Line]) -> list[InputRichBlockListItem]:
    return [InputRichBlockListItem(blocks=[InputRichBlockParagraph(text=_rich_line(line))]) for line in lines]


def _rich_line(line: _Line) -> RichTextUnion:
    if line.link is None:
        return line.headline + line.after
    return [RichTextUrl(text=line.headline, url=line.link), line.after]
