"""Settings, read once from the environment and `.env`, checked together, and handed on as small values.

`.env.example` says what each is for; a test holds the two equal. Every mistake is named at once, in one line each.
"""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import sources, topics
from bot.errors import SettingsError
from bot.model import Source

TOKEN: Final = re.compile(r"\d+:[\w-]+")
"""A bot token as @BotFather writes it: the bot's id, a colon, a secret."""


def _http_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ValueError("must be an http:// or https:// address")
    return value.rstrip("/")


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is no time zone; one is called, for example, Europe/Moscow")
    return value


def _token(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("does not look like a token of @BotFather (digits, a colon, letters)")
    return value


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return value


def _ids(value: object) -> object:
    return [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value


HttpUrl = Annotated[str, AfterValidator(_http_url)]


class _TopicSettings(BaseSettings):
    """What a tool that labels articles needs to know; what else is set, right or wrong, is not its business."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    topics_dir: Path | None = None


class Settings(BaseSettings):
    """Everything that can be set. An empty value is the same as none."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    telegram_api_url: HttpUrl = "https://api.telegram.org"
    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite+aiosqlite:///data/glavnoe.db"
    sources_file: Path | None = None
    topics_dir: Path | None = None
    poll_interval: Annotated[float, Field(gt=0, le=86_400)] | None = None
    admin_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_ids)] = ()
    desk_chat_id: int | None = None
    contact_url: HttpUrl | None = None
    send_rate: Annotated[float, Field(gt=0, le=1000)] = 29
    paid_broadcast: bool = False
    paid_daily_limit: Annotated[int, Field(ge=0)] = 100_000
    allow_private_hosts: bool = False
    webhook_url: HttpUrl | None = None
    webhook_secret: SecretStr = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
    ] = "INFO"
    log_format: Literal["console", "json"] = "console"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Moscow"

    @property
    def token(self) -> str:
        """The bot token; empty when there is none and the demo is to be played."""
        return self.bot_token.get_secret_value()

    @property
    def poll_every(self) -> timedelta | None:
        """POLL_INTERVAL as a duration."""
        return None if self.poll_interval is None else timedelta(seconds=self.poll_interval)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def read_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Settings from the environment, then `env_file`, then defaults. Raises SettingsError naming each that is wrong."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsError(
            "; ".join(
                _complaint(detail["loc"], detail["msg"], env_file)
                for detail in error.errors(include_url=False, include_context=False, include_input=False)
            )
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file}: is not UTF-8 text") from None
    except OSError as error:
        raise SettingsError(f"{env_file}: {error.strerror}") from None


def use_topics(folder: Path | None) -> None:
    """Put the topics of TOPICS_DIR beside the built-in ones, from now on in this process; without one, just those.

    Raises SettingsError naming file, entry and field.
    """
    topics.use(())
    if folder is not None:
        try:
            topics.use(topics.load_folder(folder))
        except SettingsError as error:
            raise SettingsError(f"TOPICS_DIR {error}") from error


def use_topics_of_environment() -> None:
    """The same by TOPICS_DIR of the environment or `.env`, for tools that need no other setting."""
    try:
        folder = _TopicSettings().topics_dir
    except UnicodeDecodeError:
        raise SettingsError(".env: is not UTF-8 text") from None
    use_topics(folder)


def _complaint(location: tuple[int | str, ...], message: str, env_file: Path | None) -> str:
    name = str(location[0]) if location else "settings"
    if message.startswith("Extra inputs"):
        near = get_close_matches(name, Settings.model_fields, n=1)
        hint = f"; did you mean {near[0].upper()}?" if near else ""
        return f"{env_file}: {name.upper()} is no setting{hint}"
    said = message.removeprefix("Value error, ")
    return f"{name.upper()}: {said[:1].lower()}{said[1:]}"


def read_sources(path: Path | None) -> tuple[Source, ...]:
    """The sources of SOURCES_FILE, or those that are built in. Raises SettingsError naming file, entry and field."""
    if path is None:
        return sources.load(sources.built_in(), "built-in sources")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"SOURCES_FILE {path}: is not UTF-8 text") from None
    except OSError as error:
        raise SettingsError(f"SOURCES_FILE {path}: {error.strerror}") from None
    return sources.load(text, str(path))
