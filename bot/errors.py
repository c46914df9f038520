"""One tree of errors. `str(error)` is one line fit for a person; it never holds a token or what a subscriber wrote."""

from __future__ import annotations


class GlavnoeError(Exception):
    """Anything the bot raises on purpose."""


class SettingsError(GlavnoeError):
    """A setting or a sources file is wrong; says which and where. Exit code 2."""


class InputError(GlavnoeError):
    """A tool's input is wrong; names the file, line and field. Exit code 2."""


class SourceError(GlavnoeError):
    """A source can't be read."""


class FetchError(SourceError):
    """An address gave no usable answer: no connection, too slow, too large, too many redirects."""


class AddressRefusedError(FetchError):
    """An address lies where sources may not be (private networks, this machine, a metadata service)."""


class ParseError(SourceError):
    """An answer came, but it's neither a feed nor a page that can be read."""


class QueryError(GlavnoeError):
    """A query is misspelt, empty or too broad."""

    def __init__(
        self, kind: str, position: int = 0, *, narrower: tuple[str, ...] = (), **values: str | int | float
    ) -> None:
        """`kind` names the message in `bot.words`; `position` counts characters from 0; `values` fill the message.

        `narrower`: queries that would do where this one is too broad.
        """
        super().__init__(f"query: {kind} at {position + 1}")
        self.kind = kind
        self.position = position
        self.narrower = narrower
        self.values = values


class StorageError(GlavnoeError):
    """The database can't be opened, read or written."""


class TelegramError(GlavnoeError):
    """Telegram can't be reached or refuses the token."""
