"""The invented outlets and their articles, read from the TOML files in `newspaper/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

FILES: Final = ("trud.toml", "vestnik.toml", "linia.toml", "harbour.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsArticle:
    id: int
    minute: int
    """When it appears, in minutes after the start; before 0 it has been there already."""
    title: str
    lead: str
    author: str
    section: str
    views: int
    """In the end."""
    paragraphs: tuple[str, ...]
    story: str | None = None
    """What articles of several outlets on one event have in common; the bot never sees it."""
    place: int | None = None
    """On the front page, the lower the higher up; None: the front page hasn't got it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    name: str
    path: str
    """Its part of every URL: `/{path}/…`."""
    feed: str
    format: str
    """rss or atom."""
    page: str
    """The rest of an article's URL, with {id}, {date} and {slug}."""
    encoding: str
    full_text: bool
    """Whether the feed carries whole articles."""
    language: str
    owner: str
    country: str
    articles: str
    """The pattern of article URLs, as a sources file gives it."""
    items: tuple[NewsArticle, ...]

    def address(self, article: NewsArticle, published_at: datetime) -> str:
        """The path of its page."""
        slug = article.story or "news"
        return f"/{self.path}/" + self.page.format(id=article.id, date=f"{published_at:%d-%m-%Y}", slug=slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An article that has appeared."""

    outlet: Outlet
    article: NewsArticle
    published_at: datetime
    url: str


def bundled() -> tuple[Outlet, ...]:
    folder = files("bot.demo").joinpath("newspaper")
    return tuple(_outlet(tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))) for name in FILES)


def _outlet(data: dict[str, Any]) -> Outlet:
    items = tuple(sorted((_article(item) for item in data.pop("article")), key=lambda item: (item.minute, item.id)))
    return Outlet(items=items, **data)


def _article(data: dict[str, Any]) -> NewsArticle:
    paragraphs = tuple(paragraph.strip() for paragraph in data.pop("body").strip().split("\n\n"))
    return NewsArticle(paragraphs=paragraphs, **data)
