"""Settings are checked together, and every mistake is named in one line."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Settings, read_settings, read_sources
from bot.errors import SettingsError


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def _written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / ".env"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_any_setting_the_defaults_hold() -> None:
    settings = read_settings(None)
    assert settings.token == ""
    assert settings.send_rate == 29
    assert settings.poll_every is None


def test_empty_values_count_as_none(tmp_path: Path) -> None:
    assert read_settings(_written(tmp_path, "POLL_INTERVAL=\nSOURCES_FILE=\nBOT_TOKEN=\n")) == read_settings(None)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLL_INTERVAL", "5")
    assert read_settings(_written(tmp_path, "POLL_INTERVAL=60")).poll_every == timedelta(seconds=5)


def test_admin_ids_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", "1, 22 333")
    assert read_settings(None).admin_ids == (1, 22, 333)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("SEND_RATE=fast", "SEND_RATE"),
        ("SEND_RATE=0", "SEND_RATE"),
        ("POLL_INTERVAL=0", "POLL_INTERVAL"),
        ("TIME_ZONE=Mars/Olympus", "TIME_ZONE"),
        ("TIME_ZONE=../../etc/passwd", "TIME_ZONE"),
        ("DATABASE_URL=mysql://root@localhost/news", "DATABASE_URL"),
        ("TELEGRAM_API_URL=telegram", "TELEGRAM_API_URL"),
        ("LOG_LEVEL=LOUD", "LOG_LEVEL"),
        ("ADMIN_IDS=me", "ADMIN_IDS"),
        ("ALLOW_PRIVATE_HOSTS=maybe", "ALLOW_PRIVATE_HOSTS"),
        ("BOT_TOKEN=nonsense", "BOT_TOKEN"),
        ("BOT_TOKN=1:a", "BOT_TOKN is no setting; did you mean BOT_TOKEN?"),
    ],
)
def test_each_mistake_is_one_line_that_names_the_setting(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(_written(tmp_path, line))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"SEND_RATE.*TIME_ZONE"):
        read_settings(_written(tmp_path, "SEND_RATE=-1\nTIME_ZONE=Mars"))


def test_a_wrong_token_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(_written(tmp_path, "BOT_TOKEN=very secret"))
    assert "very" not in str(caught.value)


def test_a_settings_file_in_another_encoding_is_said_to_be(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("TIME_ZONE=Москва".encode("cp1251"))
    with pytest.raises(SettingsError, match="UTF-8"):
        read_settings(file)


def test_trud_is_the_source_that_is_built_in() -> None:
    (trud,) = read_sources(None)
    assert trud.name == "Труд"
    assert trud.front_page == "https://www.trud.ru/"


def test_a_missing_sources_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"SOURCES_FILE .*nowhere\.toml: No such file"):
        read_sources(tmp_path / "nowhere.toml")


def test_a_broken_sources_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "sources.toml"
    broken.write_text("[[source]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"sources\.toml"):
        read_sources(broken)
