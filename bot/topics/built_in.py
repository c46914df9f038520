"""The topics the bot comes with, and those a publisher puts beside them or in their place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from bot.errors import SettingsError
from bot.language import Document
from bot.model import MAIN, Evidence
from bot.topics.catalogue import Catalogue
from bot.topics.profile import Profile, load

BUILT_IN: Final = (
    MAIN, "syria", "ukraine", "diplomacy", "usa", "europe", "middle_east", "china", "security", "economy", "labour",
    "health", "culture",
)  # fmt: skip
"""Slugs, in the order of the menus."""

_VOCABULARY: Final = "vocabulary"
"""Name of the file with the lists of words that several profiles name."""
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""Fits a deep link, `?start=topic_<slug>`, which Telegram limits to 64 characters."""


def slugs() -> tuple[str, ...]:
    """Of every topic there is now, in the order of the menus."""
    return _in_use().slugs


def label(document: Document, ids: Mapping[str, int]) -> tuple[Evidence, ...]:
    """The topics of an article, among those that `ids` names; «Главное» is every article's."""
    return _in_use().label(document, ids)


def names(slug: str, language: str) -> tuple[str, ...]:
    """What a topic is called, the title of the menus first; unknown languages read English."""
    return _in_use().names(slug, language)


def find_built_in(words: str) -> str | None:
    """The slug of the topic that goes by this name, in any case and form; None if none does."""
    return _in_use().find(words)


def load_folder(folder: Path) -> tuple[Profile, ...]:
    """A publisher's profiles: each `<slug>.toml` of the folder, by name; `vocabulary.toml` adds lists of words.

    Raises SettingsError that names the file, the entry and the field.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror or error}") from error
    vocabulary = dict(_vocabulary())
    for path in paths:
        if path.stem == _VOCABULARY:
            vocabulary |= _lists(_text(path), str(path))
    return tuple(_own(path, vocabulary) for path in paths if path.stem != _VOCABULARY)


def use(profiles: tuple[Profile, ...]) -> None:
    """Put a publisher's profiles beside the built-in ones, or in place of those of the same slug. Once, at start.

    The whole process speaks of the same topics, as of the same translations. `use(())` goes back to the built-in ones.
    Raises SettingsError when a profile includes a topic that isn't there.
    """
    _chosen[:] = [built_in().changed(profiles)] if profiles else []


_chosen: Final[list[Catalogue]] = []


def _in_use() -> Catalogue:
    return _chosen[0] if _chosen else built_in()


@cache
def built_in() -> Catalogue:
    """The topics the bot comes with, read on first use."""
    return Catalogue(load(_shipped(slug), slug, _vocabulary()) for slug in BUILT_IN)


@cache
def _vocabulary() -> Mapping[str, Any]:
    return _lists(_shipped(_VOCABULARY), _VOCABULARY)


def _shipped(name: str) -> str:
    return resources.files("bot.topics").joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8")


def _own(path: Path, vocabulary: Mapping[str, Any]) -> Profile:
    if not _SLUG.fullmatch(path.stem):
        raise SettingsError(f"{path}: a profile's file is called by 1 to 40 of a-z, 0-9 and _, from a letter on")
    if path.stem == MAIN:
        raise SettingsError(f"{path}: «{MAIN}» is every article's topic and has no profile")
    return load(_text(path), path.stem, vocabulary, str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _lists(text: str, where: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: {error}") from error
