"""The built-in topics: what they are called, and which of them an article belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from bot.language import Document, fold, tokens
from bot.model import MAIN, Evidence
from bot.topics.judge import judge
from bot.topics.profile import Profile, load

BUILT_IN: Final = (MAIN, "syria", "ukraine", "diplomacy")
"""Slugs, in the order of the menus."""


def label(document: Document, ids: Mapping[str, int]) -> tuple[Evidence, ...]:
    """The built-in topics of an article, among those that `ids` names; «Главное» is every article's."""
    found = [Evidence(ids[MAIN], 1.0)] if MAIN in ids else []
    for slug in BUILT_IN:
        if slug == MAIN or slug not in ids:
            continue
        wanted = profile(slug)
        verdict = judge(wanted, document)
        if verdict.total >= wanted.threshold:
            score = verdict.total / (verdict.total + wanted.threshold)
            found.append(Evidence(ids[slug], round(score, 2), verdict.because))
    return tuple(found)


def names(slug: str, language: str) -> tuple[str, ...]:
    """What a built-in topic is called, the title of the menus first; unknown languages read English."""
    by_language = profile(slug).names
    return by_language.get(language, by_language["en"])


def find_built_in(words: str) -> str | None:
    """The slug of the built-in topic that goes by this name, in any case and form; None if none does."""
    return _slugs().get(_name_key(words)) or _slugs().get(fold(words.strip(" #«»\"'“”„")))


def _name_key(words: str) -> str:
    return " ".join(token.lemma for token in tokens(words.replace("_", " ")))


@cache
def _slugs() -> Mapping[str, str]:
    slugs = {slug: slug for slug in BUILT_IN}
    for slug in BUILT_IN:
        for every in profile(slug).names.values():
            slugs.update((key, slug) for name in every for key in (_name_key(name), fold(name)))
    return slugs


@cache
def profile(slug: str) -> Profile:
    """The profile of a built-in topic, read on first use."""
    return load(_file(slug), slug, _vocabulary())


@cache
def _vocabulary() -> Mapping[str, Any]:
    """Lists of words that several profiles name."""
    return tomllib.loads(_file("vocabulary"))


def _file(name: str) -> str:
    return resources.files("bot.topics").joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8")
